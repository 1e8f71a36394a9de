//! The guide ticks itself from what the identity provider sends.

use reqwest::StatusCode;

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_follows_the_guide_and_it_ticks_itself() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    page.click("tab", "Setup guide").await;
    page.shows("0 of 6 done").await;
    page.click("button", "Mark as done").await;
    page.shows("1 of 6 done").await;
    page.shows("SCIM connector base URL").await;

    assert_eq!(okta.test_connection().await, StatusCode::OK);
    page.shows("3 of 6 done").await;
    page.shows("GET /Users?startIndex=1&count=2").await;
    page.click("button", "Mark as done").await;
    okta.look_up("ada@example.com").await;
    let ada = okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.shows("5 of 6 done").await;
    let group = okta.create_group("Engineering").await;
    okta.replace_group(&group, "Engineering", &[&ada]).await;
    page.shows("All steps are done").await;
    app.close(&folder).await;
}
