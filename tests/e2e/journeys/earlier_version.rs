//! A folder that the version before left opens, and a person goes on where they were.

use reqwest::Method;
use serde_json::Value;

use crate::{
    app::App,
    control::Control,
    databases,
    folder::Folder,
    okta::{Okta, Person},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_everything_after_an_update() {
    let folder = Folder::new();
    databases::leave(databases::ANSWERED, &folder.data());
    let app = App::open(&folder).await;
    let page = &app.page;

    page.click("treeitem", "Okta").await;
    page.click("tab", "Users").await;
    page.shows_row(&["Ada Lovelace", "ada@example.com", "Active"]).await;
    page.shows_row(&["Alan Turing", "Deactivated"]).await;
    page.shows_row(&["Søren O'Brien"]).await;
    page.lacks_row(&["Edsger Dijkstra"]).await;
    page.click("button", "Out of sync").await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.shows_row(&["Grace Hopper"]).await;
    page.click("button", "Deleted").await;
    page.shows_row(&["Edsger Dijkstra", "Deleted"]).await;
    page.click("button", "All").await;

    page.click_row(&["Ada Lovelace"]).await;
    page.click("tab", "History").await;
    page.until(
        "/Profile updated.*ada\\.byron@example\\.com.*ada@example\\.com.*Created/s.test(find('region', 'Ada Lovelace').innerText)",
        "what her userName was before and after",
    )
    .await;
    page.click("button", "Created by Okta").await;
    page.shows("As of").await;
    page.click("tab", "JSON").await;
    page.shows("\"title\": \"Account Executive\"").await;
    page.press("Escape").await;

    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "2"]).await;
    page.click_row(&["All staff", "2"]).await;
    page.has("region", "All staff").await;
    page.shows("Søren O'Brien").await;
    page.press("Escape").await;

    page.click("tab", "Requests").await;
    page.shows_row(&["Rejected: the bearer token was replaced", "401"]).await;
    page.click_row(&["Okta created Ada Byron", "201"]).await;
    page.shows("Okta SCIM Client 1.0.0").await;
    page.click("tab", "Request").await;
    page.shows("\"userName\": \"ada.byron@example.com\"").await;

    page.click("treeitem", "Entra").await;
    page.click("tab", "Setup guide").await;
    page.shows("2 of 6 done").await;

    let status = Control::of(&folder).await.ask(Method::GET, "/api/status", Value::Null).await;
    let base_url = format!("http://127.0.0.1:{}/scim/v2/{}", status["listener"]["port"], databases::OKTA);
    let okta = Okta::new(&base_url, databases::TOKEN);
    page.click("treeitem", "Okta").await;
    page.click("tab", "Users").await;
    let barbara = Person::new("barbara@example.com", "Barbara", "Liskov");
    page.shows_row_live(&["Barbara Liskov", "Active", "Created"], okta.create(&barbara)).await;
    app.close(&folder).await;

    let app = App::open(&folder).await;
    app.page.click("treeitem", "Okta").await;
    app.page.click("tab", "Users").await;
    app.page.shows_row(&["Barbara Liskov"]).await;
    app.page.shows_row(&["Ada Lovelace"]).await;
    app.close(&folder).await;
}
