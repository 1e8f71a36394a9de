//! A person keeps requests apart, and notes why.

use reqwest::Method;
use serde_json::json;

use crate::control::Control;
use crate::{app::App, folder::Folder, given, okta::Person};

/// Whether the row about somebody shows a pin.
fn pinned(name: &str) -> String {
    format!("findRow(['Okta created {name}'])?.querySelector('[aria-label=Pinned]')")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_pinned_and_annotated_and_stays_when_the_others_go() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    for (email, given_name) in
        [("ada@example.com", "Ada"), ("grace@example.com", "Grace"), ("alan@example.com", "Alan")]
    {
        okta.create(&Person::new(email, given_name, "Example")).await;
    }
    page.click("tab", "Requests").await;
    page.click_row(&["Okta created Ada Example"]).await;
    page.has("region", "Request").await;
    page.press("p").await;
    page.until(&pinned("Ada"), "the mark of the pin").await;
    page.until("find('button', 'Unpin')?.ariaPressed === 'true'", "the pin in the toolbar").await;
    page.press("e").await;
    page.focus_is_on("textbox", "Your note").await;
    page.write("Ask Müller why p").await;
    page.press("Control+Enter").await;
    page.has("region", "Your note").await;
    page.shows_row(&["Okta created Ada Example", "Ask Müller why p"]).await;
    page.press("e").await;
    page.focus_is_on("textbox", "Your note").await;
    page.write("!").await;
    page.press("Escape").await;
    page.shows_row(&["Ask Müller why p!"]).await;
    page.has("region", "Request").await;

    // A note pins its request, and what somebody does elsewhere is seen here.
    page.context_menu(&["Okta created Grace Example"]).await;
    page.click("menuitem", "Add a note").await;
    page.focus_is_on("textbox", "Your note").await;
    page.write("Twice").await;
    page.click("button", "Save").await;
    page.shows_row(&["Okta created Grace Example", "Twice"]).await;
    page.until(&pinned("Grace"), "the mark of the pin").await;
    let control = Control::of(&folder).await;
    let directory = okta.base_url().rsplit_once('/').expect("a base URL").1.to_owned();
    let requests = format!("/api/directories/{directory}/exchanges");
    let found = control.ask(Method::GET, &format!("{requests}?search=note:twice"), json!(null)).await;
    let id = found["items"][0]["id"].clone();
    let marks = json!({"annotation": "Three times", "isPinned": false});
    control.ask(Method::PATCH, &format!("/api/exchanges/{id}"), marks).await;
    page.shows_row(&["Okta created Grace Example", "Three times"]).await;
    page.until(&format!("!({})", pinned("Grace")), "no mark of a pin").await;

    page.press("/").await;
    page.write("has:note muller").await;
    page.lacks_row(&["Grace"]).await;
    page.shows_row(&["Okta created Ada Example"]).await;
    // The details first, then the search.
    page.press("Escape").await;
    page.lacks("region", "Request").await;
    page.press("Escape").await;
    page.shows_row(&["Grace"]).await;
    page.click("button", "Pinned").await;
    page.lacks_row(&["Grace"]).await;
    page.shows_row(&["Okta created Ada Example"]).await;
    page.click("button", "All").await;
    page.shows_row(&["Grace"]).await;

    page.click("button", "Delete recorded requests…").await;
    page.has("dialog", "Delete 2 recorded requests?").await;
    page.click("button", "Delete requests").await;
    page.lacks_row(&["Grace"]).await;
    page.shows_row(&["Okta created Ada Example", "Ask Müller why p!"]).await;
    page.click("button", "Delete recorded requests…").await;
    page.click("checkbox", "Delete 1 pinned request, too").await;
    page.click("button", "Delete requests").await;
    page.shows("No requests yet").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_goes_along_with_a_case_after_the_person_has_seen_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.click("tab", "Requests").await;
    page.click_row(&["Okta created Ada Lovelace"]).await;
    page.click("button", "Add a note").await;
    page.focus_is_on("textbox", "Your note").await;
    page.write("Ask Wilhelmina about Ada").await;
    page.press("Control+Enter").await;
    page.has("region", "Your note").await;
    page.choose_in_menu("region", "Request", "Export case…").await;
    page.shows("1 note of yours, as it will read.").await;
    let shown = "find('region', '1 note of yours')?.innerText";
    page.until(&format!("{shown}.includes('Ask ') && !/Wilhelmina|Ada/.test({shown})"), "other names in the note")
        .await;
    page.click("checkbox", "Replace names and addresses").await;
    page.until(&format!("{shown}.includes('Ask Wilhelmina about Ada')"), "the note as it is").await;
    page.click("button", "Cancel").await;

    let control = Control::of(&folder).await;
    let id = okta.base_url().rsplit_once('/').expect("a base URL").1.to_owned();
    let case = control.ask(Method::GET, &format!("/api/directories/{id}/case"), json!(null)).await;
    let opened = control.ask(Method::POST, "/api/cases", case).await;
    let address = format!("/cases/{}/{}", opened["id"].as_str().expect("an id"), opened["exchanges"][0]["id"]);
    page.run(&format!("location.hash = {address:?}; arguments[0]()")).await;
    page.has("button", "Close case").await;
    page.until("find('region', 'Note')?.innerText.includes('Wilhelmina')", "the note of the case").await;
    page.lacks("button", "Edit the note").await;
    page.lacks("button", "Pin").await;
    app.close(&folder).await;
}
