//! A browser loses the server, and finds it again.

use serde_json::json;

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_nothing_is_live_and_sees_what_was_missed() {
    let folder = Folder::new();
    let (app, tunnel) = App::open_behind_a_tunnel(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.mark().await;

    tunnel.cut(true);
    page.shows("The connection to SCIM Setup is lost.").await;
    page.shows("Not live").await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.shows_row(&["Ada Lovelace"]).await;
    let is_there = page.value_of("hasRow(['Grace Hopper'])").await;
    assert_eq!(is_there, json!(false), "nobody told the page");

    tunnel.cut(false);
    page.shows_row(&["Grace Hopper"]).await;
    page.hides("The connection to SCIM Setup is lost.").await;
    page.has("button", "Live updates on").await;
    page.assert_not_reloaded().await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_a_restarted_server_no_longer_lets_the_page_in() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    app.page.shows_row(&["Ada Lovelace"]).await;

    let app = app.restart_server(&folder).await;
    app.page.shows("SCIM Setup was restarted.").await;
    app.page.shows("Open the new address from the terminal").await;
    app.close(&folder).await;
}
