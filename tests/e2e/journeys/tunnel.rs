//! Whether anybody can get in from outside.

use crate::{app::App, folder::Folder, given, page::Page, tunnel::Tunnel};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_okta_cannot_get_in_and_what_to_do() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    let tunnel = Tunnel::to(page.listening_port().await).await;
    page.press("Control+,").await;
    page.retype("Tunnel URL", &tunnel.url()).await;
    page.click("checkbox", "This machine only").await;
    page.press("Enter").await;
    page.shows("The tunnel works").await;

    tunnel.cut(true);
    page.click("button", "Check now").await;
    page.hides("The tunnel works").await;
    page.click("treeitem", "Okta").await;
    page.shows("Okta cannot reach this machine.").await;
    page.click("button", "See what failed").await;
    page.has("heading", "Settings").await;

    tunnel.cut(false);
    page.click("treeitem", "Okta").await;
    page.click("button", "Check again").await;
    page.hides("Okta cannot reach this machine.").await;
    page.shows("Reachable").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_pastes_an_address_that_okta_refuses_is_told_at_once() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.press("Control+,").await;
    refused(page, "http://ada.example.com", "https").await;
    refused(page, "https://my_tunnel.example.com", "underscore").await;
    refused(page, "https://192.168.1.7", "").await;
    app.close(&folder).await;
}

async fn refused(page: &Page, url: &str, why: &str) {
    page.retype("Tunnel URL", url).await;
    page.press("Enter").await;
    page.until("find('textbox', 'Tunnel URL').ariaInvalid === 'true'", &format!("{url} is refused")).await;
    page.shows(why).await;
}
