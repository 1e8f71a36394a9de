//! Starting, and not being able to start: a sentence, and nothing is overwritten.

use serde_json::json;
use server::{Options, Server};

use crate::harness::{Running, options, user};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    running.server.shutdown().await;
    let running = Running::start_in(running.data).await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(tree["directories"][0]["counts"]["users"], 1);
    assert_eq!(tree["directories"][0]["counts"]["exchanges"], 1, "the last request was written down before the end");
    let base_url = tree["directories"][0]["baseUrl"].as_str().expect("a base URL").to_owned();
    let again = crate::harness::Directory { base_url, ..directory };
    assert_eq!(again.idp("GET", "/Users", None).await.json()["totalResults"], 1, "the token still works");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_owns_a_data_folder() {
    let running = Running::start().await;
    let error = Server::start(options(running.data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains(&running.data.path().display().to_string()), "{error}");
    assert!(error.contains("in use"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_a_sentence_with_another_port() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let data = tempfile::tempdir().expect("a folder");
    let with_port = Options { port: Some(port), ..options(data.path()) };
    let error = Server::start(with_port.clone()).await.err().expect("a refusal").to_string();
    assert!(error.contains(&port.to_string()), "{error}");

    let server =
        Server::start(Options { keep_running_without_port: true, ..with_port }).await.expect("the window starts");
    let control = server.control();
    let (_, status) = control.request("GET", "/api/status", None).await;
    assert_eq!(status["listener"]["state"], "failed", "{status}");
    assert_eq!(status["listener"]["port"], port);
    let suggested = status["listener"]["suggestedPort"].as_u64().expect("another port");
    let (code, status) = control.request("POST", "/api/listener", Some(json!({"port": suggested}))).await;
    assert_eq!((code, &status["listener"]["state"]), (200, &json!("listening")), "{status}");
    assert_eq!(server.scim_url(), format!("http://127.0.0.1:{suggested}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_used_is_named_and_left_alone() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("scim-setup.sqlite3");
    let not_a_database = "this is no database ".repeat(100);
    std::fs::write(&path, &not_a_database).expect("written");
    let error = Server::start(options(data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), not_a_database);

    let data = Running::start().await;
    data.server.shutdown().await;
    let path = data.data.path().join("scim-setup.sqlite3");
    // SQLite's file format: bytes 60 to 63 are the `user_version`, big-endian.
    let mut bytes = std::fs::read(&path).expect("a database");
    bytes[60..64].copy_from_slice(&999u32.to_be_bytes());
    std::fs::write(&path, &bytes).expect("written");
    let error = Server::start(options(data.data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains("newer") && error.contains("999"), "{error}");
    assert_eq!(std::fs::read(&path).expect("still there"), bytes);
}
