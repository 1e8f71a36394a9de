//! One program for each data folder.

use server::{Options, Server};

use crate::{app::App, folder::Folder, programs::until};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_shows_the_window_that_is_open() {
    let folder = Folder::new();
    let first = App::open(&folder).await;
    first.page.shows("Listening on 127.0.0.1:").await;
    first.page.mark().await;

    let said = App::start_once_more(&folder).await;
    assert!(said.contains("its window is shown"), "the second one ends by itself: {said}");
    until("the first one is asked for its window", async || first.said().contains("somebody asks for the window"))
        .await;
    first.page.assert_not_reloaded().await;
    first.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_a_server_without_a_window_has_the_folder() {
    let folder = Folder::new();
    let options = Options {
        data: Some(folder.data()),
        port: Some(0),
        control_port: Some(0),
        integration_port: Some(0),
        ..Options::default()
    };
    let owner = Server::start(options).await.expect("the server starts");

    let app = App::open(&folder).await;
    app.page.shows("SCIM Setup could not start").await;
    app.page.shows(&folder.data().display().to_string()).await;
    app.page.lacks("textbox", "Organization").await;

    owner.shutdown().await;
    app.page.click("button", "Try again").await;
    app.page.shows("Listening on 127.0.0.1:").await;
    app.close(&folder).await;
}
