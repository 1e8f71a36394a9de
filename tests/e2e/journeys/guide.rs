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

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_done_is_to_be_done_again_when_the_token_is_refused() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.look_up("ada@example.com").await;
    okta.test_connection().await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    okta.create_group("Engineering").await;
    page.click("tab", "Setup guide").await;
    page.shows("All steps are done").await;

    let renewed = given::new_token(&folder, &okta).await;
    assert_eq!(okta.test_connection().await, StatusCode::UNAUTHORIZED);
    page.shows("5 of 6 done").await;
    page.hides("All steps are done").await;
    let end = |token: &str| token[token.len() - 4..].to_owned();
    page.shows(&format!("Okta still uses the token ending …{}", end(okta.token()))).await;
    page.shows(&format!("paste the token ending …{}", end(renewed.token()))).await;
    page.lacks("button", "Rotate token…").await;
    page.click("button", "done ").await;
    page.has("heading", "Rejected: the bearer token was replaced").await;

    page.click("tab", "Setup guide").await;
    assert_eq!(renewed.test_connection().await, StatusCode::OK);
    page.shows("All steps are done").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_looks_at_another_guide_before_taking_it_over() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("tab", "Setup guide").await;
    page.click("radio", "Entra ID").await;
    page.click("button", "Step 2: Fill in the connection").await;
    page.shows("New configuration").await;
    page.shows("You are looking at another guide: Okta is set up for Okta.").await;
    page.lacks("button", "Mark as done").await;
    page.reload().await;
    page.shows("New configuration").await;
    page.click("tab", "Users").await;
    page.shows("Waiting for the first request from Okta").await;

    page.click("tab", "Setup guide").await;
    page.shows("Turn on SCIM for your Okta app").await;
    page.click("radio", "Entra ID").await;
    page.click("button", "Use this guide for this directory").await;
    page.hides("You are looking at another guide").await;
    page.click("tab", "Users").await;
    page.shows("Waiting for the first request from Entra ID").await;
    page.click("button", "Edit").await;
    let chosen = "[...document.querySelectorAll('select')].find((one) => nameOf(one) === 'Identity provider')";
    page.until(chosen, "the provider can be chosen").await;
    let choose = "(list.value = 'onelogin', list.dispatchEvent(new Event('change', { bubbles: true })))";
    page.value_of(&format!("((list) => {choose})({chosen})")).await;
    page.click("button", "Save").await;
    page.shows("Waiting for the first request from OneLogin").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_has_an_address_and_all_of_them_can_be_open() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("tab", "Setup guide").await;
    page.click("button", "Step 5: Assign people").await;
    page.shows("Not arriving?").await;
    page.shows("Force Sync under To App").await;
    page.hides("SCIM connector base URL").await;
    page.reload().await;
    page.shows("Not arriving?").await;
    page.click("button", "Expand all").await;
    page.shows("SCIM connector base URL").await;
    page.shows("Not arriving?").await;
    page.click("button", "Step 5: Assign people").await;
    page.hides("Not arriving?").await;
    page.shows("SCIM connector base URL").await;
    page.has("button", "Collapse all").await;
    app.close(&folder).await;
}
