//! The screens, one after the other.

use super::Camera;
use crate::sample::Acme;

/// Before there is anything.
pub(super) async fn first_run(camera: &Camera) {
    camera.fresh().await.shows("Bring Okta to your machine").await;
    camera.take("first-run").await;
}

/// A directory that nobody has used.
pub(super) async fn nobody_yet(camera: &Camera) {
    let page = camera.fresh().await;
    page.click("tab", "Users").await;
    page.shows("Waiting for the first request").await;
    camera.take("users-empty").await;
    page.click("tab", "Groups").await;
    page.shows("No groups yet").await;
    camera.take("groups-empty").await;
    page.click("tab", "Requests").await;
    page.shows("No requests yet").await;
    camera.take("requests-empty").await;
    page.click("tab", "Guide").await;
    page.shows("Fill in").await;
    camera.take("guide-empty").await;
}

/// After the story.
pub(super) async fn all(camera: &Camera, _acme: &Acme) {
    let page = camera.fresh().await;
    page.click("treeitem", "Okta Preview").await;
    page.click("tab", "Users").await;
    page.shows_row(&["Grace Hopper"]).await;
    camera.take("users").await;
    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Account Executive").await;
    camera.take("user-drawer").await;
    page.click("tab", "History").await;
    camera.take("user-drawer-history").await;
    page.click("tab", "JSON").await;
    camera.take("user-drawer-json").await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering"]).await;
    camera.take("groups").await;
    page.click("tab", "Requests").await;
    page.shows_row(&["Okta created Grace Hopper"]).await;
    camera.take("requests").await;
    page.click("tab", "Guide").await;
    camera.take("guide").await;
    page.click("button", "Settings").await;
    page.shows("Listen on").await;
    camera.take("settings").await;
}
