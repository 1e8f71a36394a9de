//! The control API in the window is for the program's own page.

use serde_json::{Value, json};

use crate::{app::App, folder::Folder};

/// Whether the page that is open gets an answer that it may read.
async fn is_answered(app: &App) -> Value {
    let script = "const done = arguments[0];
        fetch('control://localhost/api/tree').then((answer) => done(answer.ok), () => done(false));";
    app.page.client().execute_async(script, Vec::new()).await.expect("the script runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_in_the_window_is_refused() {
    const REFUSED: &str = "something other than the window's page asked for the control API";
    let folder = Folder::new();
    let app = App::open(&folder).await;
    app.page.shows("Listening on 127.0.0.1:").await;
    assert_eq!(is_answered(&app).await, json!(true), "the program's own page");
    assert!(!app.said().contains(REFUSED), "{}", app.said());

    app.page.client().goto("data:text/html,<title>Elsewhere</title>").await.expect("another page opens");
    assert_eq!(is_answered(&app).await, json!(false), "a page from elsewhere");
    let said = app.close(&folder).await;
    assert!(said.contains(REFUSED), "it was asked, and refused: {said}");
}
