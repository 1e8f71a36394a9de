//! A person shows requests to somebody else: exports them with other names, and opens what somebody exported.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::control::Control;
use crate::folder::Folder;
use crate::given;
use crate::okta::{Okta, Person};

/// Chooses a file of these contents, as a person does in the dialog of the system.
async fn choose_file(app: &App, name: &str, text: &str) {
    let script = format!(
        "const files = new DataTransfer();
         files.items.add(new File([{}], {}, {{ type: 'application/json' }}));
         const input = document.querySelector('input[type=file]');
         input.files = files.files;
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));
         arguments[0]()",
        json!(text),
        json!(name)
    );
    app.page.run(&script).await;
}

async fn refused_twice(okta: &Okta) {
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.create(&ada).await;
    let again = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ADA@example.com"});
    okta.send(Method::POST, "/Users", Some(again)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_exported_with_other_names_and_opened_read_only() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    refused_twice(&okta).await;
    page.click("tab", "Requests").await;
    page.click_row(&["could not create", "409"]).await;
    page.has("region", "Request").await;
    page.choose_in_menu("region", "Request", "Export case…").await;
    page.has("dialog", "Export requests").await;
    let replaced = "find('dialog', 'Export requests').querySelector('table')?.innerText.includes('ADA@example.com')";
    page.until(replaced, "what is replaced").await;
    page.click("checkbox", "Replace names and addresses").await;
    page.shows("Names and addresses stay as they are").await;
    page.until(&format!("!({replaced})"), "nothing to be replaced").await;
    page.click("radio", "All that the list shows").await;
    page.shows("2 requests").await;
    page.click("radio", "HTTP archive").await;
    page.lacks("textbox", "Title").await;
    page.click("radio", "Case for SCIM Setup").await;
    page.click("button", "Cancel").await;
    page.lacks("dialog", "Export requests").await;

    // What such a file has in it, for somebody else's program.
    let control = Control::of(&folder).await;
    let id = okta.base_url().rsplit_once('/').expect("a base URL").1.to_owned();
    let path = format!("/api/directories/{id}/case?anonymize=true&title=Taken%20twice");
    let case = control.ask(Method::GET, &path, Value::Null).await.to_string();
    assert!(!case.contains("Lovelace"), "{case}");
    page.press("Control+k").await;
    page.write("open a case").await;
    page.press("Enter").await;
    page.has("dialog", "Open a case").await;
    choose_file(&app, "notes.json", "{}").await;
    page.shows("This is not a case").await;
    choose_file(&app, "scim-case.json", &case).await;
    page.has("heading", "Taken twice").await;
    page.shows("Names and addresses are made up.").await;
    page.click_row(&["could not create", "409"]).await;
    page.shows("What Okta shows").await;
    page.lacks("button", "Replay").await;
    page.lacks("button", "Show the user").await;
    page.reload().await;
    page.has("heading", "Taken twice").await;
    page.has("region", "Request").await;
    page.click("button", "Close case").await;
    page.lacks("heading", "Taken twice").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_and_the_guide_are_copied_as_markdown() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    refused_twice(&okta).await;
    page.click("tab", "Requests").await;
    page.click_row(&["could not create", "409"]).await;
    page.choose_in_menu("region", "Request", "Copy as Markdown").await;
    page.shows("Request as Markdown copied").await;
    let copied = app.clipboard().await;
    assert!(copied.starts_with("### `POST /Users` → 409 Conflict\n"), "{copied}");
    assert!(copied.contains("ADA@example.com") && !copied.contains(okta.token()), "{copied}");

    page.click("tab", "Setup guide").await;
    page.click("button", "Guide actions").await;
    page.click("menuitem", "Copy guide as Markdown").await;
    page.shows("Guide as Markdown copied").await;
    let copied = app.clipboard().await;
    assert!(copied.contains(okta.base_url()) && !copied.contains(okta.token()), "{copied}");
    app.close(&folder).await;
}
