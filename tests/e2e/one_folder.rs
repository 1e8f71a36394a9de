//! Two windows on one data folder: the second one says whose it is, and takes over when the first one is closed.

use tempfile::TempDir;

use crate::window::Window;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_names_the_folder_that_is_in_use() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    let first = Window::open(&data, 0).await;
    first.page.shows("Listening on 127.0.0.1:").await;
    let port = first.page.listening_port().await;

    let second = Window::open(&data, 0).await;
    second.page.shows("SCIM Setup could not start").await;
    second.page.shows(&data.display().to_string()).await;
    second.page.lacks("textbox", "Organization").await;

    first.close(port).await;
    second.page.click("button", "Try again").await;
    second.page.shows("Listening on 127.0.0.1:").await;
}
