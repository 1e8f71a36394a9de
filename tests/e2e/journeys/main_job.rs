//! The main job: a directory is made, Okta's traffic arrives, the person watches.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    okta::{Okta, Person},
    page::Page,
    steps::{copy_base_url, create_directory, generate_token, take_token},
};

const COLLEAGUES: [(&str, &str, &str); 4] = [
    ("grace@example.com", "Grace", "Hopper"),
    ("alan@example.com", "Alan", "Turing"),
    ("katherine@example.com", "Katherine", "Johnson"),
    ("edsger@example.com", "Edsger", "Dijkstra"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_person_connects_okta_and_watches() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    page.mark().await;

    create_directory(page).await;
    let base_url = copy_base_url(&app).await;
    let token = generate_token(&app).await;
    let okta = Okta::new(&base_url, &token);
    push_people_and_groups(page, &okta).await;
    let second_token = rotate_token(&app, &token).await;
    refuse_the_old_token(page, &okta).await;
    assert_eq!(Okta::new(&base_url, &second_token).test_connection().await, StatusCode::OK, "the new token works");
    page.assert_not_reloaded().await;

    let said = app.close(&folder).await;
    assert!(said.contains(App::SAYS), "the log is the program's own:\n{said}");
    let app = App::open(&folder).await;
    find_everything_again(&app.page).await;
    let base_url = copy_base_url(&app).await;
    assert_eq!(Okta::new(&base_url, &second_token).test_connection().await, StatusCode::OK, "the token still works");
    let said_later = app.close(&folder).await;

    for token in [&token, &second_token] {
        let files = folder.files_with(token);
        assert!(files.is_empty(), "files of the data folder have a token: {files:?}");
        assert!(!said.contains(token.as_str()) && !said_later.contains(token.as_str()), "the program said a token");
    }
    assert!(!folder.files_with("ada@example.com").is_empty(), "the search looks where data is");
}

async fn push_people_and_groups(page: &Page, okta: &Okta) {
    assert_eq!(okta.test_connection().await, StatusCode::OK);
    let ada = Person::new("ada@example.com", "Ada", "Byron");
    assert_eq!(okta.look_up(&ada.email).await, 0, "nobody is there yet");
    let id = page.shows_row_live(&["Ada Byron", &ada.email, "Active"], okta.create(&ada)).await;
    let married = Person { family_name: "Lovelace".to_owned(), ..ada };
    page.shows_row_live(&["Ada Lovelace", &married.email, "Active"], okta.replace(&id, &married)).await;
    let gone = Person { active: false, ..married };
    page.shows_row_live(&["Ada Lovelace", "Deactivated"], okta.replace(&id, &gone)).await;

    for (email, given_name, family_name) in COLLEAGUES {
        let colleague = Person::new(email, given_name, family_name);
        page.shows_row_live(&[family_name, email, "Active"], okta.create(&colleague)).await;
    }
    page.picture("users").await;

    page.click("tab", "Groups").await;
    page.shows("No groups yet").await;
    let group = page.shows_row_live(&["Engineering", "0"], okta.create_group("Engineering")).await;
    page.shows_row_live(&["Engineering", "1"], okta.replace_group(&group, "Engineering", &[&id])).await;
}

async fn rotate_token(app: &App, former: &str) -> String {
    app.page.click("button", "Rotate").await;
    app.page.shows("Rotate the bearer token?").await;
    app.page.click("button", "Rotate token").await;
    let token = take_token(app).await;
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
    page.shows_row(&["Ada Lovelace", "ada@example.com", "Deactivated"]).await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "1"]).await;
    page.click("tab", "Requests").await;
    page.shows_row(&["Rejected", "401"]).await;
}
