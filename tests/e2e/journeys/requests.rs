//! Every request is there to be read.

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_what_was_sent_and_what_was_answered() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.look_up(&ada.email).await;
    okta.create(&ada).await;

    page.click("tab", "Requests").await;
    page.shows_row(&["Okta checked whether ada@example.com exists", "no match", "200"]).await;
    page.click_row(&["Okta created Ada Lovelace", "201"]).await;
    page.has("region", "Request").await;
    page.shows("201 Created").await;
    page.shows("Okta SCIM Client 1.0.0").await;
    page.click("tab", "Request").await;
    page.shows("\"userName\": \"ada@example.com\"").await;
    page.shows("application/scim+json; charset=utf-8").await;
    page.click("tab", "Response").await;
    page.until(r#"/"id":\s+"[0-9a-f-]{36}"/.test(document.body.innerText)"#, "the id that was given").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_one_request_among_others() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    for (email, given_name, family_name) in
        [("ada@example.com", "Ada", "Lovelace"), ("grace@example.com", "Grace", "Hopper")]
    {
        okta.look_up(email).await;
        okta.create(&Person::new(email, given_name, family_name)).await;
    }
    page.click("tab", "Requests").await;
    page.shows_row(&["Okta created Grace Hopper"]).await;

    page.click("button", "Writes").await;
    page.lacks_row(&["Okta checked"]).await;
    page.shows_row(&["Okta created Ada Lovelace"]).await;
    page.click("button", "All").await;
    page.shows_row(&["Okta checked"]).await;
    page.press("/").await;
    page.write("grace").await;
    page.lacks_row(&["ada@example.com"]).await;
    page.shows_row(&["Okta created Grace Hopper"]).await;
    page.press("Escape").await;
    page.shows_row(&["Okta created Ada Lovelace"]).await;
    app.close(&folder).await;
}
