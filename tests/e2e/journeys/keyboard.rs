//! The whole main job without a mouse.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    okta::{Okta, Person},
    programs::until,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_does_the_main_job_on_the_keyboard() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;

    page.focus_is_on("textbox", "Tunnel URL").await;
    page.tab_to("button", "Skip for now").await;
    page.press("Enter").await;
    page.focus_is_on("textbox", "Organization").await;
    page.write("Acme Corp").await;
    page.press("Enter").await;
    page.shows("Directory Okta created").await;
    page.tab_to("button", "Copy base URL").await;
    page.press("Enter").await;
    until("the base URL is in the clipboard", async || app.clipboard().await.contains("/scim/v2/")).await;
    let base_url = app.clipboard().await;

    page.tab_to("button", "Generate token").await;
    page.press("Enter").await;
    page.shows("Copy this token now").await;
    page.tab_to("button", "Copy token").await;
    page.press("Enter").await;
    page.focus_is_on("button", "Done").await;
    let token = app.clipboard().await;
    page.press("Enter").await;
    page.lacks("dialog", "Copy this token now").await;

    let okta = Okta::new(&base_url, &token);
    assert_eq!(okta.test_connection().await, StatusCode::OK);
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    let id = okta.create(&ada).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    look_at_people(&app).await;
    page.shows_row_live(&["Ada Lovelace", "Deactivated"], okta.replace(&id, &Person { active: false, ..ada })).await;
    look_at_requests(&app).await;
    app.close(&folder).await;
}

async fn look_at_people(app: &App) {
    let page = &app.page;
    page.tab_to("tab", "Setup guide").await;
    page.press("ArrowRight").await;
    page.focus_is_on("tab", "Simulator").await;
    // The first tab comes after the last.
    page.press("ArrowRight").await;
    page.shows_row(&["Grace Hopper"]).await;
    page.press("j").await;
    page.until("document.activeElement === findRow(['Grace Hopper'])", "the focus on the first row").await;
    page.press("ArrowDown").await;
    page.until("document.activeElement === findRow(['Ada Lovelace'])", "the focus on the second row").await;
    page.press("Enter").await;
    page.focus_is_on("region", "Ada Lovelace").await;
    page.press("k").await;
    page.has("region", "Grace Hopper").await;
    page.press("Escape").await;
    page.lacks("region", "Grace Hopper").await;
    page.until("document.activeElement === findRow(['Grace Hopper'])", "the focus back on the row").await;
}

async fn look_at_requests(app: &App) {
    let page = &app.page;
    page.press("]").await;
    page.press("]").await;
    page.shows_row(&["Okta tested the connection"]).await;
    page.press("/").await;
    page.focus_is_on("textbox", "Search requests").await;
    page.write("grace").await;
    page.lacks_row(&["Okta tested the connection"]).await;
    page.press("Escape").await;
    page.shows_row(&["Okta tested the connection"]).await;
    page.press("Control+Shift+c").await;
    until("the base URL is in the clipboard again", async || app.clipboard().await.contains("/scim/v2/")).await;
    page.press("Control+,").await;
    page.has("heading", "Settings").await;
}
