//! People arrive, change and leave while the person watches; each of them has a history.

use reqwest::Method;

use crate::{
    app::App,
    folder::Folder,
    given,
    okta::{Okta, Person},
};

fn ada() -> Person {
    Person::new("ada@example.com", "Ada", "Lovelace").with_job("Account Executive", "Sales")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_follows_what_happened_to_somebody() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let id = page.shows_row_live(&["Ada Lovelace", "Active", "Created"], okta.create(&ada())).await;

    page.click_row(&["Ada Lovelace"]).await;
    page.has("region", "Ada Lovelace").await;
    page.shows("Account Executive").await;
    let promoted = Person::new("ada@example.com", "Ada", "Lovelace").with_job("Campaign Lead", "Marketing");
    page.shows_live("Campaign Lead", okta.replace(&id, &promoted)).await;
    page.until(
        "/department.*Sales.*Marketing/s.test(find('region', 'Ada Lovelace').innerText)",
        "the department before and after",
    )
    .await;

    page.shows_row_live(&["Ada Lovelace", "Deactivated"], okta.replace(&id, &Person { active: false, ..promoted }))
        .await;
    page.click("tab", "History").await;
    page.until(
        "/Deactivated.*Profile updated.*Created/s.test(find('region', 'Ada Lovelace').innerText)",
        "the whole history, newest first",
    )
    .await;
    page.click("tab", "JSON").await;
    page.shows("\"active\": false").await;

    page.press("Escape").await;
    page.lacks("region", "Ada Lovelace").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_goes_from_a_change_to_the_request_that_made_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let id = okta.create(&ada()).await;
    let gone = Person { active: false, ..ada() };
    page.shows_row_live(&["Ada Lovelace", "Deactivated"], okta.replace(&id, &gone)).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Deactivated").await;
    page.click("button", "PUT").await;
    page.has("region", "Request").await;
    page.shows("Okta deactivated Ada Lovelace").await;
    page.shows("200 OK").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_deleted_while_their_drawer_is_open_stays_readable() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let id = okta.create(&ada()).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Account Executive").await;
    page.shows_live("This user was deleted", delete(&okta, &id)).await;
    page.shows("Account Executive").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_looks_at_somebody_as_they_were() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let id = okta.create(&ada()).await;
    okta.replace(&id, &Person::new("ada@example.com", "Ada", "Lovelace").with_job("Campaign Lead", "Marketing")).await;

    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Campaign Lead").await;
    page.click("tab", "History").await;
    page.click("button", "Created by Okta").await;
    page.shows("As of").await;
    page.shows("Changed since then").await;
    page.click("tab", "JSON").await;
    page.shows("\"title\": \"Account Executive\"").await;
    page.click("button", "Later version").await;
    page.shows("\"title\": \"Campaign Lead\"").await;
    page.click("button", "Back to now").await;
    page.hides("As of").await;

    // Two moments, neither of which is now.
    okta.replace(&id, &Person::new("ada@example.com", "Ada", "Lovelace").with_job("Director", "Marketing")).await;
    page.click("tab", "History").await;
    page.click("button", "Created by Okta").await;
    page.shows("title changed from Account Executive to Director").await;
    page.run(
        "const select = [...document.querySelectorAll('select')].find((one) => nameOf(one) === 'Compared with'); select.value = select.options[2].value;
         select.dispatchEvent(new Event('change', { bubbles: true })); arguments[0]()",
    )
    .await;
    page.shows("title changed from Account Executive to Campaign Lead").await;
    page.until("/at=[0-9]+&with=[0-9]+/.test(location.hash)", "an address").await;
    page.reload().await;
    page.shows("title changed from Account Executive to Campaign Lead").await;
    page.click("button", "Back to now").await;
    page.until("!location.hash.includes('with=')", "now is compared with nothing").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_whom_okta_deleted_apart_from_whom_it_deactivated() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let id = okta.create(&ada()).await;
    let alan = Person::new("alan@example.com", "Alan", "Turing");
    let left = okta.create(&alan).await;
    okta.replace(&left, &Person { active: false, ..alan }).await;
    delete(&okta, &id).await;

    page.shows_row(&["Alan Turing", "Deactivated"]).await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.click("button", "Deleted").await;
    page.lacks_row(&["Alan Turing"]).await;
    page.click_row(&["Ada Lovelace", "Deleted"]).await;
    page.shows("This user was deleted at").await;
    page.shows("Account Executive").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_somebody_among_many() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&ada()).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    let alan = okta.create(&Person::new("alan@example.com", "Alan", "Turing")).await;
    okta.replace(&alan, &Person { active: false, ..Person::new("alan@example.com", "Alan", "Turing") }).await;
    page.shows_row(&["Alan Turing", "Deactivated"]).await;

    page.press("/").await;
    page.focus_is_on("textbox", "Search users").await;
    page.write("hopp").await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.shows_row(&["Grace Hopper"]).await;
    page.write("xyz").await;
    page.shows("No users match “hoppxyz”.").await;
    page.press("Escape").await;
    page.shows_row(&["Ada Lovelace"]).await;

    page.click("button", "Deactivated").await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.shows_row(&["Alan Turing", "Deactivated"]).await;
    page.click("button", "Active").await;
    page.lacks_row(&["Alan Turing"]).await;
    app.close(&folder).await;
}

async fn delete(okta: &Okta, id: &str) {
    let answer = okta.send(Method::DELETE, &format!("/Users/{id}"), None).await;
    assert!(answer.status().is_success(), "deleting: {}", answer.status());
}
