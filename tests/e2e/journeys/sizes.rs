//! Every screen in small windows, and zoomed.

use std::sync::Mutex;

use serde_json::Value;

use crate::{app::App, folder::Folder, given, okta::Person, page::Page, sample::Extent, stage::Look, tour};

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_fits_the_smallest_window() {
    look_at_everything(Look::SMALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_can_be_used_at_200_percent() {
    look_at_everything(Look::ZOOMED).await;
}

async fn look_at_everything(look: Look) {
    let found = Mutex::new(Vec::new());
    tour::everything(look, Extent::SMALL, &async |stage, screen| {
        let outside = outside(stage.page()).await;
        found.lock().expect("nobody panicked").extend(outside.iter().map(|what| format!("{screen}: {what}")));
    })
    .await;
    let found = found.into_inner().expect("nobody panicked");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What nobody can reach: controls outside of the page with nothing that scrolls there.
async fn outside(page: &Page) -> Vec<String> {
    let found = page.value_of("outside()").await;
    let Value::Array(found) = found else { panic!("the page answered {found}") };
    found.into_iter().map(|what| what.as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_in_a_small_window_leaves_in_sight_what_can_be_done_with_the_selection() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    for (email, name) in [("ada@example.com", "Ada"), ("grace@example.com", "Grace")] {
        okta.create(&Person::new(email, name, "Example")).await;
    }
    app.browser.resize(900, 600, 100).await;
    page.context_menu(&["Ada Example"]).await;
    page.click("menuitem", "Select").await;
    page.shows("1 user selected").await;
    page.click_row(&["Grace Example"]).await;
    page.shows("2 users selected").await;
    page.lacks("region", "Grace Example").await;
    page.click_row(&["Grace Example"]).await;
    page.shows("1 user selected").await;
    page.press("Escape").await;
    page.lacks("toolbar", "").await;
    page.click_row(&["Grace Example"]).await;
    page.has("region", "Grace Example").await;
    app.close(&folder).await;
}
