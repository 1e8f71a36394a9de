//! The whole main job without a mouse.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    given,
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
    page.press("ArrowRight").await;
    page.focus_is_on("tab", "Your app").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn one_escape_does_what_is_meant_whatever_tooltip_is_open() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.has("region", "Ada Lovelace").await;
    page.tab_to("button", "Close").await;
    page.until("document.querySelector('.tooltip')", "a tooltip").await;
    page.press("Escape").await;
    page.lacks("region", "Ada Lovelace").await;
    page.until("document.querySelector('.tooltip') === null", "no tooltip").await;

    page.click_row(&["Ada Lovelace"]).await;
    page.choose_in_menu("region", "Ada Lovelace", "Select").await;
    page.has("toolbar", "").await;
    page.press("Escape").await;
    page.lacks("toolbar", "").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_of_any_kind_are_compared_from_the_keyboard() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    okta.look_up("grace@example.com").await;
    page.click("tab", "Requests").await;
    page.shows_row(&["Okta checked whether"]).await;
    page.press("j").await;
    page.press("Enter").await;
    page.focus_is_on("region", "Request").await;
    page.press("c").await;
    page.until("find('option', '')?.querySelector('[aria-label=\"Marked to compare\"]')", "the mark").await;
    page.press("j").await;
    page.shows("Okta created Ada Lovelace").await;
    page.until("find('region', 'Request').innerText.includes('201 Created')", "the other request").await;
    page.press("c").await;
    page.has("tab", "Compare").await;
    page.until("find('region', 'Request').innerText.includes('Request and outcome')", "what differs").await;
    page.lacks("option", "Marked").await;
    // Whoever marks one twice has thought better of it.
    page.press("c").await;
    page.press("c").await;
    page.until("!document.querySelector('[aria-label=\"Marked to compare\"]')", "no mark").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_keys_that_work_here_are_offered() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    let is_window = !App::HAS_ADDRESS_BAR;
    page.press("Shift+?").await;
    page.has("dialog", "Keyboard shortcuts").await;
    page.shows("Ctrl K").await;
    let is_listed = page.value_of("hasText('New directory')").await;
    assert_eq!(is_listed, is_window, "browsers keep Ctrl+N");
    page.press("Escape").await;
    page.press("Control+2").await;
    let tab = page.value_of("find('tab', 'Groups').ariaSelected === 'true'").await;
    assert_eq!(tab, is_window, "in browsers it is their own tab");
    page.press("Control+k").await;
    page.write("new directory").await;
    page.has("option", "New directory").await;
    let has_keys = page.value_of("find('option', 'New directory').innerText.includes('Ctrl')").await;
    assert_eq!(has_keys, is_window);
    app.close(&folder).await;
}
