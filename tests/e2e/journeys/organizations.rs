//! Customers, and their directories.

use reqwest::Method;
use serde_json::Value;

use crate::{app::App, control::Control, folder::Folder, given, okta::Person, programs::until, steps};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_adds_a_customer_with_a_directory() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;

    page.click("button", "New organization").await;
    page.type_into("Name", "Globex").await;
    page.click("button", "Create organization").await;
    page.shows("No directories yet").await;
    page.click("button", "Create SCIM directory").await;
    page.type_into("Name", "Entra ID").await;
    page.click("button", "Create directory").await;
    page.has("treeitem", "Entra ID").await;
    page.shows("Base URL").await;

    steps::choose_in_palette(page, "New directory").await;
    page.type_into("Name", "Entra ID").await;
    page.click("button", "Create directory").await;
    page.shows("already has a directory with this name").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_presses_escape_is_asked_before_what_was_typed_is_lost() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    steps::choose_in_palette(page, "New directory").await;
    page.type_into("Name", "Entra ID").await;

    page.press("Escape").await;
    page.shows("Discard your changes?").await;
    page.focus_is_on("button", "Keep editing").await;
    page.press("Enter").await;
    page.hides("Discard your changes?").await;
    page.until("find('textbox', 'Name').value === 'Entra ID'", "what was typed").await;

    page.press("Escape").await;
    page.click("button", "Discard").await;
    page.lacks("dialog", "New directory").await;
    page.lacks("treeitem", "Entra ID").await;
    steps::choose_in_palette(page, "New directory").await;
    page.until("find('textbox', 'Name').value !== 'Entra ID'", "nothing of what was thrown away").await;
    page.press("Escape").await;
    page.lacks("dialog", "New directory").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_deletes_a_directory_by_its_name() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    given::directory_of(&app.control, "Globex").await;
    page.has("treeitem", "Globex").await;

    page.click("button", "More actions").await;
    page.click("menuitem", "Delete…").await;
    page.shows("This cannot be undone").await;
    page.type_into("Type Okta to confirm", "okta").await;
    page.click("button", "Delete directory").await;
    page.shows("exactly as it is written").await;
    page.retype("Type Okta to confirm", "Okta").await;
    page.click("button", "Delete directory").await;
    page.lacks("dialog", "Delete Okta?").await;
    page.has("heading", "Okta").await;
    let tree = app.control.ask(Method::GET, "/api/tree", Value::Null).await;
    assert_eq!(tree["directories"].as_array().map(Vec::len), Some(1), "one of two is left: {tree}");
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_renames_a_directory() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("button", "Edit").await;
    page.retype("Name", "Okta Preview").await;
    page.press("Enter").await;
    page.has("treeitem", "Okta Preview").await;
    page.has("heading", "Okta Preview").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_keeps_two_environments_apart() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("button", "Environment").await;
    page.click("menuitem", "New environment").await;
    page.type_into("Name", "Staging").await;
    page.press("Enter").await;
    page.lacks("dialog", "New environment").await;
    page.lacks("treeitem", "Acme Corp").await;
    page.has("button", "New organization").await;

    page.click("button", "Environment").await;
    page.click("menuitem", "Local").await;
    page.has("treeitem", "Acme Corp").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_lets_a_directory_begin_anew_copies_it_and_moves_the_copy() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    given::directory_of(&Control::of(&folder).await, "Globex").await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.create(&ada).await;
    page.shows_row(&["Ada Lovelace"]).await;

    from_menu(&app, "Reset…").await;
    page.has("dialog", "Reset Okta?").await;
    page.shows("1 user, 1 request and your checkmarks in the setup guide").await;
    page.click("button", "Reset").await;
    page.lacks("dialog", "Reset Okta?").await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.shows_row_live(&["Ada Lovelace"], okta.create(&ada)).await;

    from_menu(&app, "Duplicate…").await;
    page.focus_is_on("textbox", "Name").await;
    page.write("Okta Preview").await;
    page.click("button", "Duplicate").await;
    page.has("treeitem", "Okta Preview").await;
    page.has("button", "Generate token").await;

    from_menu(&app, "Move…").await;
    page.has("dialog", "Move Okta Preview").await;
    page.click("button", "Move").await;
    page.lacks("dialog", "Move Okta Preview").await;
    let control = Control::of(&folder).await;
    until("the copy is at Globex", async || {
        let tree = control.ask(Method::GET, "/api/tree", Value::Null).await;
        let of = |list: &str, name: &str| {
            let all = tree[list].as_array().expect("a list").iter();
            all.clone().find(|one| one["name"] == name).cloned().unwrap_or_else(|| panic!("{name} in {tree}"))
        };
        of("directories", "Okta Preview")["organizationId"] == of("organizations", "Globex")["id"]
    })
    .await;
    app.close(&folder).await;
}

/// Chooses from the menu of the page.
async fn from_menu(app: &App, item: &str) {
    app.page.click("button", "More actions").await;
    app.page.click("menuitem", item).await;
}
