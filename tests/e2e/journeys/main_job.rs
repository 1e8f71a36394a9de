//! The main job: a directory is made, Okta's traffic arrives, the person watches.

use reqwest::StatusCode;

use crate::{
    app::App,
    folder::Folder,
    okta::{Okta, Person},
    page::Page,
    steps::{copy_base_url, create_directory, generate_token, take_token},
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
    assert!(!folder.files_with(ADA.email).is_empty(), "the search looks where data is");
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
    page.shows_row(&["Ada Lovelace", ADA.email, "Deactivated"]).await;
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "1"]).await;
    page.click("tab", "Requests").await;
    page.shows_row(&["Rejected", "401"]).await;
}
