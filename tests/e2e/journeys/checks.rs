//! Checking a server of one's own: without a directory, and with an answer to what to fix first.

use crate::{app::App, folder::Folder, given, naive::Naive};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_their_server_checked_before_anything_else() {
    let (folder, server) = (Folder::new(), Naive::start().await);
    let app = App::open(&folder).await;
    let page = &app.page;
    page.click("button", "Check my SCIM server").await;
    page.has("heading", "Check my SCIM server").await;
    page.click("checkbox", "RFC 7643 and 7644").await;
    page.click("button", "Run checks").await;
    page.shows("Enter the base URL of the server").await;
    page.type_into("Base URL", server.base_url()).await;
    page.type_into("Bearer token", "theirs").await;
    page.click("button", "Run checks").await;
    page.shows("whose names begin with “sim-”").await;
    page.click("button", "Send").await;

    page.shows("Fix these first").await;
    page.shows("These could not be removed from the other server. Delete them there: group sim-").await;
    page.lacks("button", "Run again").await;
    page.click("button", "Next failure").await;
    page.has("button", "Run again").await;
    page.shows("Expected").await;
    page.click("button", "Apply filter: a list has others than those who meet it").await;
    page.hides("A group is created with its members").await;
    page.reload().await;
    page.shows("Fix these first").await;

    page.click("button", "Back").await;
    page.shows("Bring Okta to your machine").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_the_check_of_their_server_in_the_palette() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.press("Control+k").await;
    page.write("check my").await;
    page.has("option", "Check my SCIM server").await;
    page.press("Enter").await;
    page.has("heading", "Check my SCIM server").await;
    page.shows("Nothing checked yet").await;
    app.close(&folder).await;
}
