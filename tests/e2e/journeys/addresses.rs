//! Every place has an address: a person finds it again, goes back to it, and gives it on.

use reqwest::Method;
use serde_json::Value;

use crate::{
    app::App,
    control::Control,
    folder::Folder,
    given,
    okta::{Okta, Person},
    programs::until,
};

/// Ada, who is deactivated and was sent twice, and Grace.
async fn with_people(app: &App, folder: &Folder) -> Okta {
    let okta = given::directory(app, folder).await;
    let gone = Person { active: false, ..Person::new("ada@example.com", "Ada", "Lovelace") };
    let ada = okta.create(&gone).await;
    okta.replace(&ada, &gone).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    app.page.shows_row(&["Grace Hopper"]).await;
    okta
}

/// What is open, in its filter and part, as a person left it.
async fn ada_is_open(app: &App) {
    app.page.has("region", "Ada Lovelace").await;
    app.page.shows("\"userName\": \"ada@example.com\"").await;
    app.page.lacks_row(&["Grace Hopper"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_the_place_again() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    with_people(&app, &folder).await;
    page.click("button", "Deactivated").await;
    page.lacks_row(&["Grace Hopper"]).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.click("tab", "JSON").await;
    ada_is_open(&app).await;

    page.reload().await;
    ada_is_open(&app).await;

    // From a request to the person whom it changed, and back again.
    page.click("tab", "Requests").await;
    page.click_row(&["PUT", "200"]).await;
    page.has("region", "Request").await;
    page.press("Control+,").await;
    page.has("heading", "Settings").await;
    back(&app).await;
    page.until("/requests\\/\\d+$/.test(location.hash)", "the request in the address").await;
    page.has("region", "Request").await;
    back(&app).await;
    page.lacks("region", "Request").await;
    back(&app).await;
    ada_is_open(&app).await;
    back(&app).await;
    page.lacks("region", "Ada Lovelace").await;
    page.lacks_row(&["Grace Hopper"]).await;
    page.run("history.forward(); arguments[0]()").await;
    page.has("region", "Ada Lovelace").await;
    app.close(&folder).await;

    // The browser of a journey forgets everything; a window that is closed and opened again stands where it was left.
    if !App::HAS_ADDRESS_BAR {
        let app = App::open(&folder).await;
        ada_is_open(&app).await;
        app.close(&folder).await;
    }
}

/// A browser has its own keys, which a driver does not press.
async fn back(app: &App) {
    app.page.press("Alt+ArrowLeft").await;
    if App::HAS_ADDRESS_BAR {
        app.page.run("history.back(); arguments[0]()").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gives_a_link_on() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    with_people(&app, &folder).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.has("region", "Ada Lovelace").await;
    // The page has such a menu, too: the one of the drawer comes last.
    page.run(
        "[...document.querySelectorAll('[data-drawer] [aria-label=\"More actions\"]')].at(-1).focus(); arguments[0]()",
    )
    .await;
    page.press("Enter").await;
    page.click("menuitem", "Copy link").await;
    let control = Control::of(&folder).await;
    let begins = format!("{}/#/directories/", control.url);
    until("a link is in the clipboard", async || app.clipboard().await.starts_with(&begins)).await;
    let link = app.clipboard().await;
    let tree = control.ask(Method::GET, "/api/tree", Value::Null).await;
    let directory = tree["directories"][0]["id"].as_str().expect("an id");
    assert!(link.starts_with(&format!("{begins}{directory}/users/")), "{link}");

    page.run("location.hash = '#/directories/gone/users'; arguments[0]()").await;
    page.has("heading", "Nothing at this link").await;
    let hash = link.split_once('#').expect("a hash").1;
    page.run(&format!("location.hash = {hash:?}; arguments[0]()")).await;
    page.has("region", "Ada Lovelace").await;
    page.run("location.hash = '#/nothing'; arguments[0]()").await;
    page.click("button", "Go to directories").await;
    page.shows_row(&["Grace Hopper"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_opens_a_request_in_a_window_of_its_own() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = with_people(&app, &folder).await;
    page.click("tab", "Requests").await;
    page.click_row(&["PUT", "200"]).await;
    page.has("region", "Request").await;
    page.choose_in_menu("region", "Request", "Open in a new window").await;

    let client = page.client();
    let first = client.window().await.expect("the window");
    until("a second window is open", async || client.windows().await.expect("the windows").len() == 2).await;
    let windows = client.windows().await.expect("the windows");
    let second = windows.into_iter().find(|window| *window != first).expect("the second one");
    client.switch_to_window(second).await.expect("it is driven");
    page.has("region", "Request").await;
    page.lacks("tab", "Requests").await;
    page.until("document.title.startsWith('PUT /Users/')", "the request in the title").await;
    page.shows("Related requests").await;
    // It follows what happens, as the first one does.
    let directory = okta.base_url().rsplit('/').next().expect("an id");
    let requests = format!("/api/directories/{directory}/exchanges");
    Control::of(&folder).await.ask(Method::DELETE, &requests, Value::Null).await;
    page.hides("Related requests").await;
    client.close_window().await.expect("it closes");
    client.switch_to_window(first).await.expect("the first window");
    page.has("tab", "Requests").await;
    app.close(&folder).await;
}
