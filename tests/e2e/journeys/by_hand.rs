//! A person makes, changes and removes users and groups without an identity provider; the history has them as theirs.

use crate::{
    app::App,
    folder::Folder,
    given,
    okta::{Okta, Person},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_creates_a_user_edits_it_and_deletes_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.shows_row(&["Grace Hopper"]).await;

    page.click("button", "New user…").await;
    page.has("dialog", "New user").await;
    page.focus_is_on("textbox", "userName").await;
    page.write("grace@example.com").await;
    page.type_into("Given name", "Ada").await;
    page.type_into("Family name", "Lovelace").await;
    page.press("Enter").await;
    page.shows("already exists").await;
    page.retype("userName", "ada@example.com").await;
    page.press("Enter").await;
    page.has("region", "Ada Lovelace").await;
    page.lacks("dialog", "New user").await;
    page.shows("Created by You").await;

    page.choose_in_menu("region", "Ada Lovelace", "Edit…").await;
    page.has("dialog", "Edit Ada Lovelace").await;
    page.type_into("Title", "Countess").await;
    page.click("radio", "JSON").await;
    page.until("/\"title\": \"Countess\"/.test(find('textbox', 'JSON').value)", "the title in the JSON").await;
    page.click("button", "Save").await;
    page.lacks("dialog", "Edit Ada Lovelace").await;
    page.shows("Countess").await;
    page.choose_in_menu("region", "Ada Lovelace", "Deactivate").await;
    page.shows_row(&["Ada Lovelace", "Deactivated"]).await;
    page.choose_in_menu("region", "Ada Lovelace", "Reactivate").await;
    page.shows_row(&["Ada Lovelace", "Active"]).await;
    page.click("button", "Close (Esc)").await;
    page.lacks("region", "Ada Lovelace").await;

    page.context_menu(&["Ada Lovelace"]).await;
    page.click("menuitem", "Delete…").await;
    page.has("dialog", "Delete Ada Lovelace?").await;
    page.click("button", "Delete").await;
    page.lacks_row(&["Ada Lovelace"]).await;
    page.shows_row(&["Grace Hopper"]).await;
    page.click("tab", "Requests").await;
    page.shows_row(&["You deleted Ada Lovelace"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_makes_a_group_and_says_who_is_in_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.click("tab", "Groups").await;
    page.click("button", "New group…").await;
    page.focus_is_on("textbox", "Name").await;
    page.write("Engineering").await;
    page.press("Enter").await;
    page.has("region", "Engineering").await;

    page.choose_in_menu("region", "Engineering", "Add members…").await;
    page.type_into("Search users", "grace").await;
    page.lacks("checkbox", "Ada Lovelace").await;
    page.click("checkbox", "Grace Hopper").await;
    page.retype("Search users", "ada").await;
    page.click("checkbox", "Ada Lovelace").await;
    page.click("button", "Add 2 members").await;
    page.shows_row(&["Engineering", "2"]).await;
    page.click("button", "Remove Ada Lovelace from the group").await;
    page.shows_row(&["Engineering", "1"]).await;
    page.click("tab", "History").await;
    page.shows("You").await;
    app.close(&folder).await;
}

/// The advice of a conflict can be followed where it stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_deletes_the_user_who_is_in_the_way() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = serde_json::json!({ "userName": "ada@example.com", "displayName": "Ada" });
    for status in [201, 409] {
        let answer = okta.send(reqwest::Method::POST, "/Users", Some(ada.clone())).await;
        assert_eq!(answer.status(), status);
    }
    page.click("tab", "Requests").await;
    page.click_row(&["409"]).await;
    page.shows("or delete the user here").await;
    page.click("button", "Delete the user…").await;
    page.has("dialog", "Delete Ada?").await;
    page.click("button", "Delete").await;
    page.lacks("dialog", "Delete Ada?").await;
    let again = okta.send(reqwest::Method::POST, "/Users", Some(ada)).await;
    assert_eq!(again.status(), 201, "nobody is in the way any more");
    app.close(&folder).await;
}

/// What somebody else has changed meanwhile is written over only if the person says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_somebody_else_was_faster() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let grace = Person::new("grace@example.com", "Grace", "Hopper");
    let id = okta.create(&grace).await;
    page.click_row(&["Grace Hopper"]).await;
    page.choose_in_menu("region", "Grace Hopper", "Edit…").await;
    page.type_into("Title", "Captain").await;
    promote(&okta, &id).await;
    page.click("button", "Save").await;
    page.shows("Somebody changed title after you opened this").await;
    page.click("button", "Save").await;
    page.lacks("dialog", "Edit Grace Hopper").await;
    page.shows("Captain").await;
    page.shows("Navy").await;
    app.close(&folder).await;
}

async fn promote(okta: &Okta, id: &str) {
    okta.replace(id, &Person::new("grace@example.com", "Grace", "Hopper").with_job("Admiral", "Navy")).await;
}
