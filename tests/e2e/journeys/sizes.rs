//! Every screen in small windows, and zoomed.

use std::sync::Mutex;

use serde_json::Value;

use crate::{page::Page, sample::Extent, stage::Look, tour};

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
