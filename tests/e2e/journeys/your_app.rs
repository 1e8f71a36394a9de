//! The software under test gets a key, reads who arrived, and a person sees what it asked for.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::{app::App, control::Control, folder::Folder, given, okta::Person, programs::until};

/// Asks the integration API as a program does.
async fn ask(control: &Control, target: &str, key: &str) -> Response {
    let status = control.ask(Method::GET, "/api/status", Value::Null).await;
    let address = status["integrationListener"]["address"].as_str().expect("it is open");
    let client = Client::builder().no_proxy().build().expect("a plain client can be built");
    let request = client.get(format!("http://{address}{target}")).bearer_auth(key).header("User-Agent", "acme/1.2");
    request.send().await.expect("it answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gives_the_app_a_key_sees_what_it_reads_and_takes_the_key_away() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    let control = Control::of(&folder).await;
    let directory = okta.base_url().rsplit('/').next().expect("an id");
    let users = format!("/v1/scim/users?scimDirectoryId={directory}");

    page.click("tab", "Your app").await;
    page.shows("No API key yet. Your app needs one.").await;
    page.shows("This is the Primary directory of Acme Corp").await;
    page.click("button", "Create API key…").await;
    page.type_into("Name", "Backend").await;
    page.press("Enter").await;
    page.shows("It is shown only this once").await;
    page.click("button", "Copy API key").await;
    let key = app.clipboard().await;
    assert!(key.starts_with("scim-setup-key-"), "{key}");
    page.click("button", "Done").await;
    page.shows("never used").await;
    let kept = page.value_of(&format!("document.documentElement.outerHTML.includes({key:?})")).await;
    assert_eq!(kept, false, "the page forgets the key");

    let read = page.shows_live(&format!("GET {users}"), ask(&control, &users, &key)).await;
    let read: Value = read.json().await.expect("JSON");
    assert_eq!(read["scimUsers"][0]["email"], "ada@example.com");
    page.hides("never used").await;
    page.click("button", &format!("200 GET {users} Backend")).await;
    page.shows("acme/1.2").await;
    page.shows("ada@example.com").await;

    page.click("radio", "Python").await;
    page.shows("app.scim.list_scim_users(").await;
    page.shows(directory).await;

    page.click("button", "Revoke Backend…").await;
    page.focus_is_on("button", "Cancel").await;
    page.click("button", "Revoke key").await;
    page.lacks("button", "Revoke Backend…").await;
    page.shows_live("The API key is missing or not accepted.", ask(&control, &users, &key)).await;
    assert!(folder.files_with(&key).is_empty(), "the key is stored nowhere");
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_which_directory_the_app_reads_and_makes_it_another() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let control = Control::of(&folder).await;
    let directory = okta.base_url().rsplit('/').next().expect("an id");
    let path = format!("/api/directories/{directory}");
    let organization = control.ask(Method::GET, &path, Value::Null).await["organizationId"].clone();
    control.ask(Method::POST, "/api/directories", json!({"organizationId": organization, "name": "Entra ID"})).await;

    page.click("treeitem", "Entra ID").await;
    page.click("tab", "Your app").await;
    page.shows("An app that asks by organization reads Okta, the Primary directory of Acme Corp.").await;
    page.click("button", "Make this one Primary").await;
    page.shows("This is the Primary directory of Acme Corp").await;
    page.click("treeitem", "Okta").await;
    page.click("tab", "Your app").await;
    page.shows("An app that asks by organization reads Entra ID").await;

    page.click("button", "Settings").await;
    page.click("switch", "Say that they are deleted, as SSOReady does").await;
    let settings = || control.ask(Method::GET, "/api/settings", Value::Null);
    until("it is saved", async || settings().await["deactivatedIsDeleted"] == true).await;
    app.close(&folder).await;
}
