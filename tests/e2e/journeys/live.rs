//! Watching, and not being disturbed while reading.

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_pauses_what_is_live_and_resumes_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    page.shows_row(&["Ada Lovelace"]).await;

    page.click("heading", "Okta").await;
    page.press("Space").await;
    page.has("button", "Live updates paused").await;
    for (email, given_name, family_name) in
        [("grace@example.com", "Grace", "Hopper"), ("alan@example.com", "Alan", "Turing")]
    {
        okta.create(&Person::new(email, given_name, family_name)).await;
    }
    page.has("button", "Live updates paused, 2 new. Resume").await;
    page.shows_row(&["Ada Lovelace"]).await;
    let shown = page.value_of("hasRow(['Grace Hopper']) || hasRow(['Alan Turing'])").await;
    assert_eq!(shown, false, "nothing arrives while it is paused");
    page.click("button", "Live updates paused").await;
    page.shows_row(&["Grace Hopper"]).await;
    page.shows_row(&["Alan Turing"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_has_scrolled_away_keeps_their_place() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    for number in 100..140 {
        okta.create(&Person::new(&format!("person-{number}@example.com"), "Person", &number.to_string())).await;
    }
    page.shows_row(&["Person 139"]).await;
    page.reload().await;
    page.shows_row(&["Person 139"]).await;
    page.value_of("scroller('Users').scrollTo(0, 460)").await;
    page.until("scroller('Users').scrollTop === 460 && hasRow(['Person 129'])", "the tenth row on top").await;
    let top = "(() => { const row = findRow(['Person 129']).getBoundingClientRect(); return Math.round(row.top) })()";
    let before = page.value_of(top).await;

    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    page.has("button", "1 new").await;
    assert_eq!(page.value_of(top).await, before, "the rows have not moved");
    page.click("button", "1 new").await;
    page.shows_row(&["Grace Hopper"]).await;
    app.close(&folder).await;
}
