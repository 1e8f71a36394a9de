//! A token is shown once, and a request with another one is refused and explained.

use reqwest::StatusCode;

use crate::{app::App, folder::Folder, given, okta::Okta, programs::until, steps::take_token};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_shown_a_token_once() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;

    page.click("button", "Rotate…").await;
    page.shows("Rotate the bearer token?").await;
    page.focus_is_on("button", "Cancel").await;
    page.press("Escape").await;
    page.lacks("dialog", "Rotate the bearer token?").await;
    page.focus_is_on("button", "Rotate…").await;

    page.click("button", "Rotate…").await;
    page.click("button", "Rotate token").await;
    page.shows("It is shown only this once").await;
    let shown = page.value_of("document.querySelector('[role=dialog] code').textContent").await;
    let shown = shown.as_str().expect("the token is a text").to_owned();
    page.press("Escape").await;
    page.until("find('button', 'Done').disabled", "a Done that cannot be pressed yet").await;
    page.has("dialog", "Copy this token now").await;

    let token = take_token(&app).await;
    assert_eq!(token, shown, "what is copied is what was shown");
    let kept = page.value_of(&format!("document.documentElement.outerHTML.includes({token:?})")).await;
    assert_eq!(kept, false, "the page forgets the token");
    let stored = "JSON.stringify({ ...localStorage, ...sessionStorage }).includes('scimsetup-')";
    assert_eq!(page.value_of(stored).await, false, "and stores it nowhere");
    page.focus_is_on("button", "Rotate…").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_why_okta_is_refused() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    assert_eq!(okta.test_connection().await, StatusCode::OK);
    page.click("button", "Rotate…").await;
    page.click("button", "Rotate token").await;
    let token = take_token(&app).await;

    for _ in 0..3 {
        assert_eq!(okta.test_connection().await, StatusCode::UNAUTHORIZED);
    }
    page.shows("3 requests were rejected").await;
    page.shows("3 rejected since").await;
    page.lacks("button", "Rotate token…").await;
    page.click("button", "View requests").await;
    // The newest of them is open, among those that failed.
    page.has("heading", "Rejected: the bearer token was replaced").await;
    page.lacks_row(&["Okta tested the connection"]).await;
    page.shows("Authorization").await;
    page.until("/replaced|rotated|former/i.test(find('region', 'Request').innerText)", "that the token was replaced")
        .await;

    let renewed = Okta::new(okta.base_url(), &token);
    assert_eq!(renewed.test_connection().await, StatusCode::OK);
    page.hides("3 requests were rejected").await;
    until("nothing is left in the clipboard but the token", async || app.clipboard().await == token).await;
    app.close(&folder).await;
}
