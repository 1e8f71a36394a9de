//! A browser loses the server, and finds it again.

use serde_json::json;

use crate::{app::App, folder::Folder, given, okta::Person, page::Page};

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

/// What a browser says of a server that is gone, each in words of its own.
const OF_BROWSERS: &str = "/Failed to fetch|NetworkError|Load failed/i.test(document.body.innerText)";

async fn says_that_nobody_answers(page: &Page) {
    page.shows("SCIM Setup does not answer.").await;
    assert_eq!(page.value_of(OF_BROWSERS).await, json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_while_the_server_is_away_says_so_and_goes_on_when_it_is_back() {
    let folder = Folder::new();
    let (app, tunnel) = App::open_behind_a_tunnel(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    let id = okta.base_url().rsplit_once('/').expect("a base URL").1.to_owned();
    let go = async |address: &str| {
        page.run(&format!("location.hash = {address:?}; arguments[0]()")).await;
    };
    let is_lost = async || page.shows("The connection to SCIM Setup is lost.").await;
    let is_back = async || {
        tunnel.cut(false);
        page.hides("The connection to SCIM Setup is lost.").await;
        page.hides("SCIM Setup does not answer.").await;
    };
    page.mark().await;

    // Lists and what is open beside them.
    for (address, back) in [
        (format!("/directories/{id}/groups"), "No groups yet"),
        (format!("/directories/{id}/requests/1"), "Okta created Ada Lovelace"),
        (format!("/directories/{id}/simulator"), "No run yet"),
        ("/settings".to_owned(), "Back up"),
    ] {
        go(&format!("/directories/{id}/users")).await;
        page.shows_row(&["Ada Lovelace"]).await;
        tunnel.cut(true);
        is_lost().await;
        go(&address).await;
        says_that_nobody_answers(page).await;
        is_back().await;
        page.shows(back).await;
    }

    // What a person wants done, and what a dialog shows.
    tunnel.cut(true);
    is_lost().await;
    page.click("button", "Back up").await;
    says_that_nobody_answers(page).await;
    go(&format!("/directories/{id}/requests")).await;
    page.click("button", "New organization").await;
    page.type_into("Name", "Globex").await;
    page.click("button", "Create organization").await;
    says_that_nobody_answers(page).await;
    page.until("find('textbox', 'Name').value === 'Globex'", "what was typed").await;
    tunnel.cut(false);
    page.hides("The connection to SCIM Setup is lost.").await;
    page.click("button", "Create organization").await;
    page.has("treeitem", "Globex").await;
    page.press("F1").await;
    page.has("dialog", "SCIM Setup").await;
    tunnel.cut(true);
    page.click("button", "Save the OpenAPI document").await;
    says_that_nobody_answers(page).await;
    tunnel.cut(false);
    page.press("Escape").await;

    go(&format!("/directories/{id}/requests")).await;
    page.shows_row(&["Okta created Ada Lovelace"]).await;
    tunnel.cut(true);
    is_lost().await;
    page.click("button", "Export…").await;
    says_that_nobody_answers(page).await;
    is_back().await;
    page.shows("1 request").await;
    page.press("Escape").await;
    page.click("button", "Delete recorded requests…").await;
    tunnel.cut(true);
    page.click("button", "Delete requests").await;
    says_that_nobody_answers(page).await;
    tunnel.cut(false);
    page.click("button", "Cancel").await;
    page.assert_not_reloaded().await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_is_told_apart_from_one_that_was_started_anew() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    app.page.shows_row(&["Ada Lovelace"]).await;
    let said = std::fs::read(folder.data().join("control.json")).expect("where its control API is");
    let pid = serde_json::from_slice::<serde_json::Value>(&said).expect("JSON")["pid"].to_string();
    let killed = std::process::Command::new("kill").args(["-KILL", &pid]).status().expect("it is killed");
    assert!(killed.success());
    app.page.shows("The connection to SCIM Setup is lost.").await;
    app.page.click("tab", "Groups").await;
    says_that_nobody_answers(&app.page).await;

    let app = app.restart_server(&folder).await;
    app.page.shows("SCIM Setup was restarted.").await;
    assert_eq!(app.page.value_of(OF_BROWSERS).await, json!(false));
    app.close(&folder).await;
}
