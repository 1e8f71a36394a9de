//! A person imports, exports and changes many users and groups at once.

use crate::{app::App, folder::Folder, given, okta::Okta, okta::Person};

const FILE: &str = "First name,Last name,Email,Shoe size,Groups\n\
    Ada,Lovelace,ada@example.com,38,Engineering\n\
    Grace,Hopper,grace@example.com,37,Engineering;Navy\n\
    Grace,Again,grace@example.com,37,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_imports_a_file_and_sees_before_what_will_happen() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.shows_row(&["Ada Lovelace"]).await;

    page.click("button", "More actions").await;
    page.click("menuitem", "Import…").await;
    page.has("dialog", "Import into Okta").await;
    paste(&app, FILE).await;
    page.click("button", "Preview").await;
    page.shows("3 to create, 1 to skip and 1 that cannot be imported").await;
    page.shows("This column is left out: Shoe size.").await;
    page.shows("Line 3 has the same userName.").await;
    page.click("checkbox", "Import nothing if a row cannot be imported, and stop at the first failure").await;
    page.until("find('button', 'Import 3').disabled", "a button that waits for the row").await;
    page.click("checkbox", "Import nothing if a row cannot be imported, and stop at the first failure").await;
    page.click("radio", "Update").await;
    page.click("button", "Import 4").await;
    page.lacks("dialog", "Import into Okta").await;
    page.shows_row(&["Grace Hopper", "2"]).await;
    page.shows("3 created, 1 changed and 1 failed.").await;
    page.click("button", "1 problem").await;
    page.shows("4: grace@example.com").await;
    page.click("button", "Dismiss").await;
    page.lacks("region", "Progress").await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "2"]).await;
    page.click("tab", "Requests").await;
    page.shows_row(&["You sent", "operations"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_has_nobody_adds_sample_people() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.click("button", "Add sample people…").await;
    page.has("dialog", "Add sample people").await;
    page.retype("How many (1–1,000)", "1001").await;
    page.press("Enter").await;
    page.shows("From 1 to 1,000.").await;
    page.retype("How many (1–1,000)", "30").await;
    page.type_into("Group (optional)", "Everybody").await;
    page.click("button", "Add 30 people").await;
    page.shows("31 created.").await;
    page.shows("30 users").await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Everybody", "30"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_selects_some_and_deactivates_and_deletes_them() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    for (given, family) in [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Alan", "Turing"), ("Mary", "Jackson")] {
        okta.create(&Person::new(&format!("{}@example.com", given.to_lowercase()), given, family)).await;
    }
    page.shows_row(&["Mary Jackson"]).await;
    let name = |name: &str| format!("findRow([{name:?}]).getAttribute('aria-selected') === 'true'");

    // With the mouse.
    with_key(&app, "Grace Hopper", "ctrlKey").await;
    page.shows("1 user selected").await;
    with_key(&app, "Mary Jackson", "shiftKey").await;
    page.shows("3 users selected").await;
    page.until(&name("Alan Turing"), "the one between them").await;
    page.click("button", "Deactivate").await;
    page.shows("3 deactivated.").await;
    page.shows_row(&["Alan Turing", "Deactivated"]).await;
    page.shows_row(&["Ada Lovelace", "Active"]).await;
    page.lacks("toolbar", "Selection").await;

    // With the keyboard.
    page.run("document.querySelector('[role=row][tabindex=\"0\"]').focus(); arguments[0]()").await;
    page.press("Home").await;
    page.press("Control+Space").await;
    page.press("Shift+ArrowDown").await;
    page.shows("2 users selected").await;
    page.press("Shift+ArrowUp").await;
    page.shows("1 user selected").await;
    page.press("Escape").await;
    page.lacks("toolbar", "Selection").await;
    page.press("Control+a").await;
    page.shows("4 users selected").await;

    // One menu for all of them.
    page.context_menu(&["Ada Lovelace"]).await;
    page.click("menuitem", "Reactivate").await;
    page.shows("3 reactivated and 1 skipped.").await;
    page.shows_row(&["Alan Turing", "Active"]).await;
    page.press("Control+a").await;
    with_key(&app, "Ada Lovelace", "ctrlKey").await;
    page.shows("3 users selected").await;
    page.click("button", "Delete…").await;
    page.has("dialog", "Delete 3 users?").await;
    page.click("button", "Delete 3").await;
    page.shows("3 deleted.").await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.lacks_row(&["Grace Hopper"]).await;

    // Whoever arrives while the question is open is not deleted without having been asked about.
    page.press("Control+a").await;
    page.click("button", "Delete…").await;
    page.has("dialog", "Delete 1 user?").await;
    okta.create(&Person::new("late@example.com", "Late", "Comer")).await;
    page.click("button", "Delete 1").await;
    page.has("dialog", "Delete 2 users?").await;
    page.click("button", "Cancel").await;
    page.shows_row(&["Late Comer"]).await;
    page.shows_row(&["Ada Lovelace"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_puts_those_whom_a_search_finds_into_a_group() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ids = people(&okta).await;
    okta.create_group("Engineering").await;
    page.shows_row(&["Grace Hopper"]).await;
    page.press("/").await;
    page.write("lovelace").await;
    page.lacks_row(&["Grace Hopper"]).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.press("Control+a").await;
    page.shows("2 users selected").await;
    page.press("Control+k").await;
    page.write("add to group").await;
    page.click("option", "Selection: Add to group…").await;
    page.has("dialog", "Add 2 users to a group").await;
    page.click("radio", "Engineering").await;
    page.click("button", "Add").await;
    page.shows("2 added.").await;
    assert_eq!(ids.len(), 3);
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "2"]).await;
    app.close(&folder).await;
}

/// Two Lovelaces and another.
pub(crate) async fn people(okta: &Okta) -> Vec<String> {
    let mut ids = Vec::new();
    for (given, family) in [("Ada", "Lovelace"), ("Anne", "Lovelace"), ("Grace", "Hopper")] {
        ids.push(okta.create(&Person::new(&format!("{}@example.com", given.to_lowercase()), given, family)).await);
    }
    ids
}

/// Puts a text into the field for a file.
pub(crate) async fn paste(app: &App, text: &str) {
    let set = format!(
        "const it = find('textbox', 'Or paste the file'); it.value = {text:?};
         it.dispatchEvent(new Event('input', {{ bubbles: true }})); arguments[0]()"
    );
    app.page.run(&set).await;
}

/// Clicks a row while a key is held.
pub(crate) async fn with_key(app: &App, row: &str, key: &str) {
    app.page.shows_row(&[row]).await;
    let click = format!(
        "findRow([{row:?}]).dispatchEvent(new MouseEvent('click', {{ {key}: true, bubbles: true, cancelable: true }}));
         arguments[0]()"
    );
    app.page.run(&click).await;
}
