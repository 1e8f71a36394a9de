//! The main job: a directory is made, Okta's traffic arrives, the person watches.

use reqwest::{StatusCode, Url};
use tempfile::TempDir;

use crate::{
    okta::{Okta, Person},
    page::Page,
    window::{Window, clipboard, files_with, until},
};

const ADA: Person = Person { email: "ada@example.com", given_name: "Ada", family_name: "Byron", active: true };

const COLLEAGUES: [Person; 4] = [
    Person { email: "grace@example.com", given_name: "Grace", family_name: "Hopper", active: true },
    Person { email: "alan@example.com", given_name: "Alan", family_name: "Turing", active: true },
    Person { email: "katherine@example.com", given_name: "Katherine", family_name: "Johnson", active: true },
    Person { email: "edsger@example.com", given_name: "Edsger", family_name: "Dijkstra", active: true },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_person_connects_okta_and_watches() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    let window = Window::open(&data, 0).await;
    let page = &window.page;
    page.mark().await;

    create_directory(page).await;
    let base_url = copy_base_url(page).await;
    let token = generate_token(page).await;
    let okta = Okta::new(&base_url, &token);
    push_people_and_groups(page, &okta).await;
    let second_token = rotate_token(page, &token).await;
    refuse_the_old_token(page, &okta).await;
    assert_eq!(Okta::new(&base_url, &second_token).test_connection().await, StatusCode::OK, "the new token works");
    page.assert_not_reloaded().await;

    let said = window.close(port_of(&base_url)).await;
    assert!(said.contains("SCIM Setup opens its window"), "the log is the program's own:\n{said}");
    let second = Window::open(&data, 0).await;
    find_everything_again(&second.page).await;
    let base_url = copy_base_url(&second.page).await;
    assert_eq!(Okta::new(&base_url, &second_token).test_connection().await, StatusCode::OK, "the token still works");
    let said_later = second.close(port_of(&base_url)).await;

    for token in [&token, &second_token] {
        assert_eq!(files_with(&data, token), Vec::<std::path::PathBuf>::new(), "a file of the data folder has a token");
        assert!(!said.contains(token.as_str()) && !said_later.contains(token.as_str()), "the program said a token");
    }
    assert!(!files_with(&data, ADA.email).is_empty(), "the search looks where data is");
}

async fn create_directory(page: &Page) {
    page.click("button", "Skip for now").await;
    page.type_into("Organization", "Acme Corp").await;
    page.click("button", "Create directory").await;
    page.click("button", "Open directory").await;
    page.shows("Acme Corp").await;
    page.shows("Base URL").await;
    page.shows("Turn on SCIM for your Okta app").await;
    page.click("tab", "Users").await;
}

async fn copy_base_url(page: &Page) -> String {
    page.click("button", "Copy base URL").await;
    until("the base URL is in the clipboard", || clipboard().contains("/scim/v2/")).await;
    clipboard()
}

async fn generate_token(page: &Page) -> String {
    page.click("button", "Generate token").await;
    take_token(page).await
}

/// Copies the token out of the dialog that shows it once, and closes the dialog.
async fn take_token(page: &Page) -> String {
    page.shows("Copy this token now").await;
    let before = clipboard();
    page.click("button", "Copy token").await;
    until("the token is in the clipboard", || clipboard().starts_with("scimsetup-") && clipboard() != before).await;
    page.click("button", "Done").await;
    page.lacks("dialog", "Copy this token now").await;
    clipboard()
}

async fn push_people_and_groups(page: &Page, okta: &Okta) {
    assert_eq!(okta.test_connection().await, StatusCode::OK);
    assert_eq!(okta.look_up(ADA.email).await, 0, "nobody is there yet");
    let ada = page.shows_row_live(&["Ada Byron", ADA.email, "Active"], okta.create(&ADA)).await;
    let married = Person { family_name: "Lovelace", ..ADA };
    page.shows_row_live(&["Ada Lovelace", ADA.email, "Active"], okta.replace(&ada, &married)).await;
    let gone = Person { active: false, ..married };
    page.shows_row_live(&["Ada Lovelace", "Deactivated"], okta.replace(&ada, &gone)).await;

    for colleague in &COLLEAGUES {
        page.shows_row_live(&[colleague.family_name, colleague.email, "Active"], okta.create(colleague)).await;
    }
    page.picture("users").await;

    page.click("tab", "Groups").await;
    page.shows("No groups yet").await;
    let group = page.shows_row_live(&["Engineering", "0"], okta.create_group("Engineering")).await;
    page.shows_row_live(&["Engineering", "1"], okta.add_member(&group, &ada)).await;
}

async fn rotate_token(page: &Page, former: &str) -> String {
    page.click("button", "Rotate").await;
    page.shows("Rotate the bearer token?").await;
    page.click("button", "Rotate token").await;
    let token = take_token(page).await;
    assert_ne!(token, former, "a new token is another one");
    token
}

async fn refuse_the_old_token(page: &Page, okta: &Okta) {
    page.click("tab", "Requests").await;
    page.shows_row(&["Okta created Ada Byron"]).await;
    let refused = page.shows_row_live(&["Rejected", "401"], okta.test_connection()).await;
    assert_eq!(refused, StatusCode::UNAUTHORIZED, "the token that was replaced");
}

async fn find_everything_again(page: &Page) {
    page.shows("Acme Corp").await;
    page.click("tab", "Users").await;
    page.shows_row(&["Ada Lovelace", ADA.email, "Deactivated"]).await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "1"]).await;
    page.click("tab", "Requests").await;
    page.shows_row(&["Rejected", "401"]).await;
}

fn port_of(base_url: &str) -> u16 {
    Url::parse(base_url).ok().and_then(|url| url.port()).expect("a local base URL has a port")
}
