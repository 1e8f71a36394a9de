//! From anywhere to anything.

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_jumps_to_somebody_and_to_a_screen_from_the_keyboard() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.shows_row(&["Grace Hopper"]).await;
    page.press("Control+,").await;
    page.has("heading", "Settings").await;

    page.press("Control+k").await;
    page.write("hopp").await;
    page.until("find('option', 'Grace Hopper')?.ariaSelected === 'true'", "Grace Hopper, ready to be opened").await;
    page.press("Enter").await;
    page.has("region", "Grace Hopper").await;
    page.has("heading", "Okta").await;

    page.press("Control+k").await;
    page.write("settings").await;
    page.has("option", "Settings").await;
    page.press("Enter").await;
    page.has("heading", "Settings").await;
    page.press("Control+k").await;
    page.press("Escape").await;
    page.lacks("dialog", "").await;
    page.press("Shift+?").await;
    page.has("dialog", "Keyboard shortcuts").await;
    app.close(&folder).await;
}
