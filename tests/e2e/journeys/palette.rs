//! From anywhere to anything.

use serde_json::Value;

use crate::{app::App, folder::Folder, given, okta::Person, page::Page};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_jumps_to_somebody_and_to_a_screen_from_the_keyboard() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.shows_row(&["Grace Hopper"]).await;
    page.press("Control+,").await;
    page.has("heading", "Settings").await;

    page.press("Control+k").await;
    page.write("hopp").await;
    page.until("find('option', 'Grace Hopper')?.ariaSelected === 'true'", "Grace Hopper, ready to be opened").await;
    page.press("Enter").await;
    page.has("region", "Grace Hopper").await;
    page.has("heading", "Okta").await;

    page.press("Control+k").await;
    page.write("settings").await;
    page.has("option", "Settings").await;
    page.press("Enter").await;
    page.has("heading", "Settings").await;
    page.press("Control+k").await;
    page.press("Escape").await;
    page.lacks("dialog", "").await;
    page.press("Shift+?").await;
    page.has("dialog", "Keyboard shortcuts").await;
    app.close(&folder).await;
}

/// The lines of the menu that is open, what is in force already aside.
const LINES: &str =
    "[...document.querySelectorAll('[role=menuitem], [role=menuitemradio]:not([aria-checked=true])')].map((one) =>
     tidy(one.querySelector('.grow').innerText))";

/// What every menu on the page has in it, as it stands there.
async fn menus(page: &Page) -> Vec<String> {
    const BUTTONS: &str = "[...document.querySelectorAll('[aria-haspopup=menu]')].filter(isVisible)";
    let mut lines = Vec::new();
    for number in 0..page.value_of(&format!("{BUTTONS}.length")).await.as_u64().expect("a number") {
        page.run(&format!("{BUTTONS}[{number}].focus(); arguments[0]()")).await;
        page.press("Enter").await;
        page.until("document.querySelector('[role=menu]')", "an open menu").await;
        lines.extend(texts(page.value_of(LINES).await));
        page.press("Escape").await;
        page.until("document.querySelector('[role=menu]') === null", "no open menu").await;
    }
    assert!(lines.len() > 3, "{lines:?}");
    lines
}

fn texts(found: Value) -> impl Iterator<Item = String> {
    let found = found.as_array().expect("texts").clone();
    found.into_iter().map(|text| text.as_str().expect("a text").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_menus_and_buttons_do_is_in_the_palette() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    let id = okta.base_url().rsplit_once('/').expect("a base URL").1.to_owned();
    let buttons: [(&str, &str, &[&str]); 5] = [
        ("users", "Ada Lovelace", &[]),
        (
            "requests",
            "Okta created Ada Lovelace",
            &["Copy as cURL", "Replay", "Export requests…", "Delete recorded requests…"],
        ),
        ("guide", "Turn on SCIM", &[]),
        ("simulator", "Simulator", &["Back up all data", "Check the data", "About SCIM Setup", "Settings"]),
        ("", "Create SCIM directory", &["Edit organization…"]),
    ];
    for (tab, shown, further) in buttons {
        let leave = "document.querySelector('nav')?.focus(); ";
        page.run(&format!(
            "{leave} location.hash = '/directories/{id}/{}'; arguments[0]()",
            if tab.is_empty() { "users" } else { tab }
        ))
        .await;
        match tab {
            "users" | "requests" => page.click_row(&[shown]).await,
            "" => page.click("button", "Acme Corp").await,
            _ => {}
        }
        page.shows(shown).await;
        let mut lines = menus(page).await;
        if tab == "users" || tab == "requests" {
            page.context_menu(&[shown]).await;
            page.has("menuitem", "").await;
            lines.extend(texts(page.value_of(LINES).await));
            page.press("Escape").await;
        }
        lines.extend(further.iter().map(|line| (*line).to_owned()));
        page.press("Control+k").await;
        page.has("option", "Settings").await;
        let offered: Vec<String> = texts(
            page.value_of("[...document.querySelectorAll('[role=option]')].map((one) => tidy(one.innerText))").await,
        )
        .collect();
        for line in lines {
            let name = line.trim_end_matches('…');
            assert!(offered.iter().any(|one| one.starts_with(name)), "{tab}: “{line}” is not among {offered:#?}");
        }
        page.press("Escape").await;
        page.lacks("dialog", "").await;
    }
    page.press("Control+k").await;
    page.write("back up").await;
    page.press("Enter").await;
    page.shows("Saved as").await;
    app.close(&folder).await;
}
