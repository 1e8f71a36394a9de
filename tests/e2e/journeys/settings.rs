//! Settings: how it looks, where it listens, how much it keeps.

use std::net::{Ipv4Addr, TcpListener};

use crate::{app::App, folder::Folder, given, okta::Okta, programs::until};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_chooses_a_theme_and_it_stays() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.press("Control+,").await;
    page.shows("Follows your system unless you choose").await;
    page.click("radio", "Dark").await;
    page.until("document.documentElement.dataset.theme === 'dark'", "the dark theme").await;
    app.close(&folder).await;

    let app = App::open(&folder).await;
    app.page.until("document.documentElement.dataset.theme === 'dark'", "the dark theme after a restart").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_moves_the_server_to_another_port() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("a bound listener has an address").port();

    page.press("Control+,").await;
    page.retype("Port", "80").await;
    page.press("Enter").await;
    page.shows("Port must be between 1024 and 65535.").await;
    page.retype("Port", &port.to_string()).await;
    page.press("Enter").await;
    page.shows(&format!("{port} is already in use")).await;
    drop(taken);
    page.press("Enter").await;
    page.shows(&format!("Listening on 127.0.0.1:{port}")).await;

    let (_, directory) = okta.base_url().split_once("/scim/").expect("a base URL");
    let moved = Okta::new(&format!("http://127.0.0.1:{port}/scim/{directory}"), okta.token());
    assert_eq!(moved.test_connection().await, reqwest::StatusCode::OK, "it answers there");
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_once_before_what_was_typed_is_lost() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.press("Control+,").await;
    page.retype("Port", "7999").await;
    page.click("treeitem", "Okta").await;
    page.has("dialog", "Leave without saving?").await;
    page.focus_is_on("button", "Keep editing").await;
    page.press("Enter").await;
    page.until("find('textbox', 'Port').value === '7999'", "what was typed").await;
    page.click("treeitem", "Okta").await;
    page.click("button", "Leave").await;
    page.has("heading", "Okta").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_turns_notifications_off_and_they_stay_off() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    page.press("Control+,").await;
    page.click("checkbox", "Requests are refused").await;
    page.until("!find('checkbox', 'Requests are refused').checked", "one kind switched off").await;
    page.click("switch", "Show notifications").await;
    page.lacks("checkbox", "The first user arrives").await;
    page.reload().await;
    page.has("heading", "Settings").await;
    page.until("find('switch', 'Show notifications')?.checked === false", "the switch, still off").await;
    page.click("switch", "Show notifications").await;
    page.until("find('checkbox', 'The first user arrives')?.checked", "the other kinds, as they were").await;
    page.until("find('checkbox', 'Requests are refused').checked === false", "the kind that is off").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_what_a_script_needs_and_copies_diagnostics_that_name_nobody() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.test_connection().await;
    page.press("F1").await;
    page.has("dialog", "SCIM Setup").await;
    page.shows("Scripts on this computer can do everything you can do here.").await;
    page.shows("Authorization: Bearer $SCIM_SETUP_KEY").await;
    page.click("button", "Diagnostics").await;
    page.shows("Directories: 1").await;
    page.shows("Requests kept: 5000 per directory").await;
    page.click("button", "Copy diagnostics").await;
    page.has("button", "Copied").await;
    let copied = app.clipboard().await;
    assert!(copied.contains("Directories: 1") && copied.contains("SCIM Setup: "), "{copied}");
    let data = folder.data().display().to_string();
    for secret in ["Okta", "Acme", okta.token(), data.as_str(), "127.0.0.1"] {
        assert!(!copied.contains(secret), "{secret}: {copied}");
    }
    page.press("Escape").await;
    page.lacks("dialog", "SCIM Setup").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_the_log_and_copies_diagnostics() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    given::directory(&app, &folder).await;
    let logs = folder.data().join("logs").display().to_string();
    page.press("Control+,").await;
    page.has("heading", "Log").await;
    page.shows(&logs).await;
    assert_eq!(page.value_of("find('button', 'Show logs') !== null").await, !App::HAS_ADDRESS_BAR);
    page.press("F1").await;
    page.shows(&logs).await;
    page.shows("Version").await;
    page.click("button", "Copy diagnostics").await;
    until("the diagnostics are copied", async || app.clipboard().await.contains("Recent warnings:")).await;
    let copied = app.clipboard().await;
    assert!(copied.starts_with("SCIM Setup: ") && copied.contains("(debug build)"), "{copied}");
    app.close(&folder).await;
}
