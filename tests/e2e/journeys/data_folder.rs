//! The data folder, as a person looks after it in Settings: backups are restored, what was set aside is deleted, lists are repaired.

use rusqlite::Connection;

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_restores_a_backup_and_deletes_what_it_replaced() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.press("Control+,").await;
    page.click("button", "Back up").await;
    page.has("list", "Backups").await;
    page.lacks("list", "Set aside").await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;

    restore(&app).await;
    page.click("button", "Cancel restore").await;
    page.hides("will be restored at the next start").await;
    restore(&app).await;
    app.close(&folder).await;

    let app = App::open(&folder).await;
    let page = &app.page;
    page.click("treeitem", "Okta").await;
    page.click("tab", "Users").await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.lacks_row(&["Grace Hopper"]).await;
    page.press("Control+,").await;
    page.has("list", "Set aside").await;
    page.shows("Replaced by a restore").await;
    page.hides("will be restored at the next start").await;
    page.click("button", "Delete before-restore-").await;
    page.has("dialog", "Delete what was set aside?").await;
    page.click("button", "Delete").await;
    page.lacks("list", "Set aside").await;
    let left = std::fs::read_dir(folder.data()).expect("a folder").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(left.iter().all(|name| !name.starts_with("before-restore") && !name.starts_with("restore")), "{left:?}");
    app.close(&folder).await;
}

async fn restore(app: &App) {
    let page = &app.page;
    page.click("button", "Restore scim-setup-").await;
    page.has("dialog", "Restore this backup?").await;
    page.shows("everything in it is replaced by the backup of").await;
    page.focus_is_on("button", "Cancel").await;
    page.click("button", "Restore").await;
    page.shows("will be restored at the next start").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_repairs_lists_that_differ_from_what_is_stored() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.shows_row(&["Grace Hopper"]).await;
    let other = Connection::open(folder.data().join("requests.sqlite3")).expect("a database");
    other.execute_batch("DELETE FROM listing WHERE search LIKE 'grace%'").expect("it is damaged");
    page.reload().await;
    page.shows_row(&["Ada Lovelace"]).await;
    page.lacks_row(&["Grace Hopper"]).await;

    page.press("Control+,").await;
    page.click("button", "Check").await;
    page.shows("1 user or group is missing. It can be repaired.").await;
    page.click("button", "Repair").await;
    page.shows("1 user or group is missing. Repaired.").await;
    page.shows("All data is in order").await;
    page.click("treeitem", "Okta").await;
    page.shows_row(&["Grace Hopper"]).await;
    app.close(&folder).await;
}
