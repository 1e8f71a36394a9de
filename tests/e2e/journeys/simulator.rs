//! Playing an identity provider, and checking servers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{app::App, control::Control, folder::Folder, given, programs::until};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_plays_a_day_at_okta_and_removes_its_traces() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("tab", "Simulator").await;
    page.shows("No run yet").await;
    page.click("radio", "Full lifecycle").await;
    page.click("button", "Run").await;
    page.shows("Create Ada Lovelace").await;
    page.has("button", "Export").await;
    page.shows("31 passed").await;

    page.click("button", "Create Ada Lovelace").await;
    page.shows("Captured from Okta").await;
    page.click("button", "Request and response").await;
    page.shows("Bearer $SCIM_TOKEN").await;
    page.shows("201 Created").await;
    page.click("tab", "Setup guide").await;
    page.shows("0 of 6 done").await;
    page.click("button", "Run these steps in the simulator").await;
    page.shows("31 passed").await;

    page.click("button", "Remove 2 test users").await;
    page.shows("Remove what the simulator made").await;
    page.lacks("button", "Remove 2 test users").await;
    page.click("tab", "Users").await;
    page.shows("No users.").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sends_a_test_user_before_anything_is_connected() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("tab", "Users").await;
    page.shows("Waiting for the first request from Okta").await;
    page.click("button", "Send a test user").await;
    page.shows_row(&["Ada Lovelace", "Active", "Simulator"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_checks_their_own_server_after_they_agreed() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let control = Control::of(&folder).await;
    let (other_id, other) = given::directory_of(&control, "Their own server").await;
    given::directory(&app, &folder).await;
    page.click("tab", "Simulator").await;
    page.click("radio", "Check").await;
    page.click("checkbox", "RFC 7643 and 7644").await;
    page.click("radio", "Another SCIM server").await;
    page.click("button", "Run checks").await;
    page.shows("Enter the base URL of the server").await;
    page.type_into("Base URL", other.base_url()).await;
    page.click("button", "Run checks").await;
    page.shows("Enter the bearer token of the server").await;
    page.type_into("Bearer token", other.token()).await;

    page.click("button", "Run checks").await;
    page.shows("whose names begin with “sim-”").await;
    page.click("button", "Cancel").await;
    page.shows("Nothing checked yet").await;
    page.click("button", "Run checks").await;
    page.click("button", "Send").await;
    page.shows("Okta: 100 %").await;
    page.shows("40 passed").await;
    let path = format!("/api/directories/{other_id}/exchanges");

    let requests = async || control.ask(Method::GET, &path, Value::Null).await["total"].as_u64();
    let before = requests().await;
    page.click("button", "A group is found by its name").await;
    page.click("button", "Run again").await;
    until("their server is asked again", async || requests().await > before).await;
    page.has("button", "Export").await;
    page.shows("40 passed").await;
    let left = control.ask(Method::GET, &format!("/api/directories/{other_id}/users"), Value::Null).await;
    assert_eq!(left["total"], json!(0), "everything was removed");
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_where_a_server_that_refuses_goes_wrong() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    let control = Control::of(&folder).await;
    let (_, other) = given::directory_of(&control, "Their own server").await;
    page.click("tab", "Simulator").await;
    page.click("radio", "Assign user").await;
    page.click("radio", "Another SCIM server").await;
    page.type_into("Base URL", other.base_url()).await;
    page.type_into("Bearer token", "not-the-token").await;
    page.press("Control+Enter").await;
    page.click("button", "Send").await;
    page.shows("1 failed").await;
    page.shows("Expected").await;
    page.shows("What Okta’s administrator sees").await;
    app.close(&folder).await;
}
