//! A person takes users and groups out as a file, in a browser, which saves it.

use super::many::{people, with_key};
use crate::{app::App, folder::Folder, given};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_exports_what_is_selected_what_a_search_finds_and_everything() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    people(&okta).await;
    page.shows_row(&["Grace Hopper"]).await;
    // What the browser would save.
    page.run("HTMLAnchorElement.prototype.click = function () { window.saved = this }; arguments[0]()").await;

    with_key(&app, "Grace Hopper", "ctrlKey").await;
    page.choose_in_menu("toolbar", "Selection", "Export…").await;
    page.has("radio", "The 1 selected").await;
    let text = saved(&app, "users.csv").await;
    assert!(text.contains("grace@example.com") && !text.contains("ada@example.com"), "{text}");
    page.press("Escape").await;
    page.press("Escape").await;
    page.lacks("toolbar", "Selection").await;

    page.press("/").await;
    page.write("lovelace").await;
    page.lacks_row(&["Grace Hopper"]).await;
    menu(&app).await;
    page.has("radio", "The 2 that the list shows").await;
    page.click("radio", "SCIM JSON").await;
    let text = saved(&app, "users.json").await;
    assert!(text.contains("ada@example.com") && !text.contains("grace@example.com"), "{text}");

    menu(&app).await;
    page.click("radio", "Users and groups").await;
    let text = saved(&app, "directory.json").await;
    assert!(text.contains("\"totalResults\":3"), "{text}");
    app.close(&folder).await;
}

async fn menu(app: &App) {
    app.page.click("button", "More actions").await;
    app.page.click("menuitem", "Export…").await;
    app.page.has("dialog", "Export").await;
}

/// Presses *Export*, and reads the file that is saved then.
async fn saved(app: &App, name: &str) -> String {
    let page = &app.page;
    page.run("window.saved = null; arguments[0]()").await;
    page.click("button", "Export").await;
    page.lacks("dialog", "Export").await;
    page.until(&format!("window.saved?.download === {name:?}"), "a file to save").await;
    let text = page.run("fetch(window.saved.href).then((answer) => answer.text()).then(arguments[0])").await;
    text.as_str().expect("a text").to_owned()
}
