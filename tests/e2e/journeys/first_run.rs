//! The first run: from a tunnel's address to the first person who comes through it.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    okta::{Okta, Person},
    steps::{copy_base_url, generate_token},
    tunnel::Tunnel,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_pastes_a_tunnel_and_the_first_user_comes_through_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    page.shows("Bring Okta to your machine").await;
    let tunnel = Tunnel::to(page.listening_port().await).await;

    page.type_into("Tunnel URL", &format!("{}/scim/v2/", tunnel.url())).await;
    page.click("button", "Test").await;
    page.shows("https").await;
    page.click("checkbox", "This machine only").await;
    page.click("button", "Test").await;
    page.shows("reached this app").await;

    page.type_into("Organization", "Acme Corp").await;
    page.click("button", "Create directory").await;
    page.shows("Directory Okta created").await;
    let base_url = copy_base_url(&app).await;
    assert!(base_url.starts_with(&format!("{}/scim/v2/", tunnel.url())), "{base_url} goes through the tunnel");
    let token = generate_token(&app).await;
    let okta = Okta::new(&base_url, &token);
    assert_eq!(okta.test_connection().await, StatusCode::OK, "the connection through the tunnel");
    page.shows("3 of 6 done").await;

    page.click("tab", "Users").await;
    page.shows("Okta tested the connection").await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    page.shows_row_live(&["Ada Lovelace", "ada@example.com", "Active"], okta.create(&ada)).await;
    page.shows("Reachable").await;
    app.close(&folder).await;
}
