//! Two programs on one data folder: a second window is the first one; where there is none, it says whose the folder is, and takes over.

use std::process::Command;

use server::{Options, Server};

use crate::{app::App, folder::Folder, programs::PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_shows_the_window_that_is_open() {
    let folder = Folder::new();
    let first = App::open(&folder).await;
    first.page.shows("Listening on 127.0.0.1:").await;

    let mut second = Command::new(env!("CARGO_BIN_EXE_scim-setup-desktop"));
    second.arg("--data").arg(folder.data());
    let ended = tokio::task::spawn_blocking(move || second.output());
    let ended = tokio::time::timeout(PATIENCE, ended).await.expect("it ends by itself");
    let output = ended.expect("no panic").expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("runs already; its window is shown"), "{said}");

    first.page.shows("Listening on 127.0.0.1:").await;
    first.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_names_the_folder_that_is_in_use_without_one() {
    let folder = Folder::new();
    let options = Options { data: Some(folder.data()), port: Some(0), ..Options::default() };
    let owner = Server::start(options).await.expect("a server without a window");

    let window = App::open(&folder).await;
    window.page.shows("SCIM Setup could not start").await;
    window.page.shows(&folder.data().display().to_string()).await;
    window.page.lacks("textbox", "Organization").await;

    owner.shutdown().await;
    window.page.click("button", "Try again").await;
    window.page.shows("Listening on 127.0.0.1:").await;
    window.close(&folder).await;
}
