//! What the identity provider has, and what is here, are not the same any more.

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_whom_okta_could_not_deactivate() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    let id = okta.create(&ada).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    let gone = Person { active: false, ..ada };
    let renewed = given::new_token(&folder, &okta).await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.lacks("button", "Out of sync").await;

    assert_eq!(okta.try_to_replace(&id, &gone).await, 401);
    page.click("button", "Out of sync").await;
    page.lacks_row(&["Grace Hopper"]).await;
    page.click_row(&["Ada Lovelace", "Active"]).await;
    page.shows("Okta could not deactivate this person").await;
    page.shows("Okta does not retry a deactivation").await;
    page.click("button", "View request").await;
    page.has("heading", "Rejected: the bearer token was replaced").await;
    page.shows("if this person is active here, they stay so until somebody deactivates them by hand").await;

    page.click("tab", "Users").await;
    page.has("button", "Out of sync").await;
    renewed.replace(&id, &gone).await;
    page.shows_row(&["Ada Lovelace", "Deactivated"]).await;
    page.lacks("button", "Out of sync").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_does_by_hand_what_okta_could_not() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    let id = okta.create(&ada).await;
    given::new_token(&folder, &okta).await;
    assert_eq!(okta.try_to_replace(&id, &Person { active: false, ..ada }).await, 401);
    page.click_row(&["Ada Lovelace", "Active"]).await;
    page.shows("Okta could not deactivate this person").await;
    page.click("button", "Deactivate").await;
    page.shows_row(&["Ada Lovelace", "Deactivated"]).await;
    page.hides("Okta could not deactivate this person").await;
    page.lacks("button", "Out of sync").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_which_members_of_a_group_nobody_knows() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    let stranger = "2819c223-7f76-453a-919d-413861904646";
    let group = okta.create_group_of("Engineering", &[&ada, stranger]).await;

    page.click("tab", "Groups").await;
    page.click("button", "Unknown members").await;
    page.click_row(&["Engineering", "2"]).await;
    page.shows("1 member is not known here.").await;
    page.click("button", "Show them").await;
    page.shows(stranger).await;
    page.shows("Not known here").await;
    okta.replace_group(&group, "Engineering", &[&ada]).await;
    page.hides("1 member is not known here.").await;
    app.close(&folder).await;
}
