//! The first minute: no tunnel, no Okta, and yet somebody arrives.

use crate::{
    app::App,
    folder::Folder,
    okta::{Okta, Person},
    steps::{copy_base_url, generate_token},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_tries_it_without_okta() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    page.shows("Bring Okta to your machine").await;

    page.click("button", "Try it without Okta").await;
    page.has("heading", "Okta").await;
    page.shows("Demo running").await;
    page.shows("Not needed").await;
    page.hides("needs a token").await;
    page.mark().await;
    for person in ["Ada Lovelace", "Grace Hopper", "Alan Turing"] {
        page.shows_row(&[person, "Active", "Simulator"]).await;
    }
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering", "3 members"]).await;
    page.click("tab", "Users").await;
    page.shows_row(&["Ada Marek", "Active"]).await;
    page.shows_row(&["Ada Marek", "Deactivated"]).await;
    page.shows("That is what Okta sends").await;
    page.assert_not_reloaded().await;

    page.click("tab", "Requests").await;
    page.shows_row(&["Okta deactivated Ada Marek", "200"]).await;
    page.click_row(&["Okta deactivated Ada Marek"]).await;
    page.shows("Sent by the simulator").await;
    page.click("tab", "Setup guide").await;
    page.shows("0 of 6 done").await;
    page.shows("This is a demo: the simulated Okta needs none of these steps").await;

    page.click("button", "Connect your own").await;
    page.type_into("Organization name", "Acme Corp").await;
    page.type_into("Name", "Okta").await;
    page.click("button", "Create directory").await;
    page.shows("Turn on SCIM for your Okta app").await;
    page.shows("Acme Corp").await;
    page.lacks("button", "Remove the demo").await;

    page.click("treeitem", "Okta, 3 users").await;
    page.click("button", "Remove the demo").await;
    page.lacks("treeitem", "Demo").await;
    page.has("treeitem", "Acme Corp").await;
    app.close(&folder).await;
}

/// A real Okta connects to the demo, as whoever looks around tries next.
async fn connect(app: &App) -> Okta {
    app.page.click("button", "Try it without Okta").await;
    app.page.shows("That is what Okta sends").await;
    let token = generate_token(app).await;
    let okta = Okta::new(&copy_base_url(app).await, &token);
    okta.create(&Person::new("real.person@acme.com", "Real", "Person")).await;
    app.page.shows_row(&["Real Person", "Okta"]).await;
    okta
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_keeps_the_demo_that_a_real_okta_was_connected_to() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = connect(&app).await;

    page.click("button", "Remove the demo").await;
    page.shows("1 user, 1 recorded request and a bearer token").await;
    page.click("button", "Cancel").await;
    page.shows_row(&["Real Person", "Okta"]).await;
    page.click("button", "Remove the demo").await;
    page.click("button", "Keep as my directory").await;
    page.shows("Turn on SCIM for your Okta app").await;
    page.lacks("button", "Remove the demo").await;
    page.has("treeitem", "My organization").await;
    page.click("tab", "Users").await;
    page.shows_row(&["Real Person", "Okta"]).await;
    page.shows_row(&["Grace Hopper", "Simulator"]).await;
    okta.create(&Person::new("second.person@acme.com", "Second", "Person")).await;
    page.shows_row(&["Second Person", "Okta"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_removes_the_simulated_people_alone_and_then_all() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = connect(&app).await;
    page.click("button", "Remove the demo").await;
    page.click("radio", "Remove only the simulated people").await;
    page.click("button", "Remove only the simulated people").await;
    page.until("location.hash.includes('/simulator')", "the run that removes them").await;
    page.click("tab", "Users").await;
    page.lacks("row", "Grace Hopper").await;
    page.shows_row(&["Real Person", "Okta"]).await;
    page.lacks("button", "Remove the demo").await;
    okta.create(&Person::new("second.person@acme.com", "Second", "Person")).await;
    page.shows_row(&["Second Person", "Okta"]).await;
    app.close(&folder).await;

    let folder = Folder::new();
    let app = App::open(&folder).await;
    connect(&app).await;
    app.page.click("button", "Remove the demo").await;
    app.page.click("radio", "Remove all").await;
    app.page.click("button", "Remove all").await;
    app.page.shows("Bring Okta to your machine").await;
    app.close(&folder).await;
}
