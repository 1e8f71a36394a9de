//! Two windows on one data folder: the second one says whose it is, and takes over when the first one is closed.

use crate::{app::App, folder::Folder};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_names_the_folder_that_is_in_use() {
    let folder = Folder::new();
    let first = App::open(&folder).await;
    first.page.shows("Listening on 127.0.0.1:").await;

    let second = App::open(&folder).await;
    second.page.shows("SCIM Setup could not start").await;
    second.page.shows(&folder.data().display().to_string()).await;
    second.page.lacks("textbox", "Organization").await;

    first.close(&folder).await;
    second.page.click("button", "Try again").await;
    second.page.shows("Listening on 127.0.0.1:").await;
}
