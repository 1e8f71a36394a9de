//! The first minute: no tunnel, no Okta, and yet somebody arrives.

use crate::{app::App, folder::Folder};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_tries_it_without_okta() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    page.shows("Bring Okta to your machine").await;

    page.click("button", "Try it without Okta").await;
    page.has("heading", "Okta").await;
    page.shows("A simulated Okta is at work").await;
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

    page.click("button", "Remove the demo").await;
    page.shows("Bring Okta to your machine").await;
    page.lacks("treeitem", "Okta").await;
    app.close(&folder).await;
}
