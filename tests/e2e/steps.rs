//! What people do in several journeys.

use crate::{app::App, page::Page, programs::until};

/// Goes through the first run without a tunnel, to the page of the new directory.
pub(crate) async fn create_directory(page: &Page) {
    page.click("button", "Skip for now").await;
    page.type_into("Organization", "Acme Corp").await;
    page.click("button", "Create directory").await;
    page.click("button", "Open directory").await;
    page.shows("Acme Corp").await;
    page.shows("Base URL").await;
    page.shows("Turn on SCIM for your Okta app").await;
    page.click("tab", "Users").await;
}

/// Copies the base URL of the directory on screen.
pub(crate) async fn copy_base_url(app: &App) -> String {
    app.page.click("button", "Copy base URL").await;
    until("the base URL is in the clipboard", async || app.clipboard().await.contains("/scim/v2/")).await;
    app.clipboard().await
}

/// Generates the first token of the directory on screen.
pub(crate) async fn generate_token(app: &App) -> String {
    app.page.click("button", "Generate token").await;
    take_token(app).await
}

/// Copies the token out of the dialog that shows it once, and closes the dialog.
pub(crate) async fn take_token(app: &App) -> String {
    app.page.shows("Copy this token now").await;
    let before = app.clipboard().await;
    app.page.click("button", "Copy token").await;
    let is_new = |text: &str| text.starts_with("scimsetup-") && text != before;
    until("the token is in the clipboard", async || is_new(&app.clipboard().await)).await;
    app.page.click("button", "Done").await;
    app.page.lacks("dialog", "Copy this token now").await;
    app.clipboard().await
}

/// Does what the palette calls `command`, from anywhere.
pub(crate) async fn choose_in_palette(page: &Page, command: &str) {
    page.press("Control+k").await;
    page.write(command).await;
    page.until(&format!("find('option', {command:?})?.ariaSelected === 'true'"), command).await;
    page.press("Enter").await;
    page.lacks("dialog", "Search or jump to").await;
}
