//! A browser without the key, or with an old one.

use serde_json::json;

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_the_key_is_asked_for_it_and_gets_where_they_wanted() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.click("tab", "Requests").await;
    page.click_row(&["POST", "201"]).await;
    page.has("region", "Request").await;

    app.browser.devtools.run("Network.clearBrowserCookies", json!({})).await;
    page.reload().await;
    page.has("heading", "SCIM Setup needs its key").await;
    page.click("button", "Open").await;
    page.shows("Paste the key, or the whole address.").await;
    page.type_into("Key or address", "an-old-one").await;
    page.press("Enter").await;
    page.shows("This is not the current key. SCIM Setup makes a new one each time it starts.").await;
    let printed = format!("{}/?key={}", app.control.url, app.control.key);
    page.type_into("Key or address", &printed).await;
    page.press("Enter").await;
    page.has("region", "Request").await;
    page.until("location.search === ''", "an address without the key").await;
    app.close(&folder).await;
}
