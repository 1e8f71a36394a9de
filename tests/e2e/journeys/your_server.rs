//! A directory that forwards to a server of the person's own: another directory is that server here.

use reqwest::Method;
use serde_json::Value;

use crate::{
    app::App,
    control::Control,
    folder::Folder,
    given,
    okta::{Okta, Person},
    steps,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_puts_scim_setup_between_okta_and_their_server() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let theirs = given::directory(&app, &folder).await;

    steps::choose_in_palette(page, "New directory").await;
    page.type_into("Name", "Staging").await;
    page.click("radio", "Forward to your SCIM server").await;
    page.type_into("SCIM base URL of your server", "http://127.0.0.1:9").await;
    page.click("button", "Test connection").await;
    page.shows("could not be reached").await;
    page.retype("SCIM base URL of your server", theirs.base_url()).await;
    page.click("button", "Test connection").await;
    page.shows("answers.").await;
    page.click("button", "Create directory").await;
    page.has("heading", "Staging").await;
    page.shows(theirs.base_url()).await;
    page.shows("Users and groups are shown as your server answered.").await;

    let tree = Control::of(&folder).await.ask(Method::GET, "/api/tree", Value::Null).await;
    let directories = tree["directories"].as_array().cloned().unwrap_or_default();
    let staging = directories.iter().find(|directory| directory["name"] == "Staging").expect("the directory");
    let okta = Okta::new(staging["baseUrl"].as_str().expect("a base URL"), theirs.token());
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.look_up(&ada.email).await;
    okta.create(&ada).await;
    page.click("tab", "Users").await;
    page.shows("ada@example.com").await;
    page.click("tab", "Requests").await;
    page.click_row(&["Okta created Ada Lovelace", "201"]).await;
    page.shows("Answered by").await;
    page.shows("Your server took").await;

    page.click("button", "Edit").await;
    page.retype("SCIM base URL of your server", "http://127.0.0.1:9").await;
    page.click("button", "Save").await;
    page.lacks("dialog", "Edit directory").await;
    assert_eq!(okta.test_connection().await, 502);
    page.click_row(&["could not be reached", "502"]).await;
    page.shows("SCIM Setup, because your server gave no answer").await;
    page.shows("Start your server, or correct its address or token").await;
    app.close(&folder).await;
}
