//! What may have been missed: while the program was closed, and since the public address changed.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    given,
    okta::{Okta, Person},
    sample::Sample,
    stage::{Look, Stage},
    tunnel::Tunnel,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_learns_what_okta_may_have_tried_while_the_program_was_closed() {
    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), 0).await;
    let directory = sample.connect_nobody().await;
    sample.at("2026-06-06 21:30:00");
    directory.okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    sample.end().await;

    let sample = Sample::empty(&folder.data(), 0).await;
    let stage = Stage::at(&sample, Look::LIGHT).await;
    let page = stage.fresh().await;
    page.shows("SCIM Setup was closed for 14 h").await;
    page.shows("Okta does not retry a deactivation").await;
    page.click("button", "Dismiss").await;
    page.hides("SCIM Setup was closed").await;
    stage.fresh().await.shows_row(&["Ada Lovelace"]).await;
    page.hides("SCIM Setup was closed").await;
    stage.browser.close().await;
    sample.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_reminded_of_the_old_base_url_until_okta_has_the_new_one() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let port = page.listening_port().await;
    let (former, new) = (Tunnel::to(port).await, Tunnel::to(port).await);
    change_tunnel(&app, &former).await;
    let (_, place) = okta.base_url().split_once("/scim/").expect("a base URL");
    let through = |tunnel: &Tunnel| Okta::new(&format!("{}/scim/{place}", tunnel.url()), okta.token());
    assert_eq!(through(&former).test_connection().await, StatusCode::OK);

    change_tunnel(&app, &new).await;
    page.click("treeitem", "Okta").await;
    page.shows("The base URL changed.").await;
    page.shows(former.url().trim_start_matches("http://")).await;
    page.click("button", "Copy base URL").await;
    assert_eq!(app.clipboard().await, format!("{}/scim/{place}", new.url()));

    assert_eq!(through(&new).test_connection().await, StatusCode::OK);
    page.hides("The base URL changed.").await;
    app.close(&folder).await;
}

async fn change_tunnel(app: &App, tunnel: &Tunnel) {
    let page = &app.page;
    page.press("Control+,").await;
    page.retype("Tunnel URL", &tunnel.url()).await;
    if page.value_of("find('checkbox', 'This machine only').checked").await == false {
        page.click("checkbox", "This machine only").await;
    }
    page.press("Enter").await;
    page.shows("The tunnel works").await;
    page.shows(&tunnel.url()).await;
}
