//! `control.json`: a script that knows the data folder finds the running program, and nobody else does.

use serde_json::{Value, json};
use server::{ControlFile, FindError, Options, Server};

use crate::client;
use crate::harness::{blocking, options};

/// A port that the system has just given back: nobody answers there.
fn closed_port() -> u16 {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    taken.local_addr().expect("an address").port()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_leads_to_the_running_program_and_goes_with_it() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options { control_port: Some(0), ..options(data.path()) }).await.expect("it starts");
    let path = data.path().join("control.json");
    let text: Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
    let url = server.control_url().expect("a control listener");
    assert_eq!(text, json!({"url": url, "key": server.control_key(), "pid": std::process::id()}));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).expect("a file").permissions());
        assert_eq!(mode & 0o777, 0o600, "the key is its owner's alone");
    }

    let folder = data.path().to_owned();
    let found = blocking(move || ControlFile::find(&folder)).await.expect("the program runs");
    assert!(!format!("{found:?}").contains(&found.key), "a log does not get the key");
    let status = blocking(move || {
        let authorization = format!("Bearer {}", found.key);
        client::send("GET", &format!("{}/api/status", found.url), &[("Authorization", &authorization)], None)
    });
    assert_eq!(status.await.expect("an answer").json()["controlUrl"], url.as_str());

    server.shutdown().await;
    assert!(!path.exists(), "it ends with the program");
    assert!(matches!(ControlFile::find(data.path()), Err(FindError::NotRunning(named)) if named == data.path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_behind_is_nobody_and_is_replaced() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("control.json");
    let stale = json!({"url": format!("http://127.0.0.1:{}", closed_port()), "key": "old", "pid": 1}).to_string();
    std::fs::write(&path, &stale).expect("written");
    std::fs::write(data.path().join("control.json.new"), "half of a").expect("written");
    let error = ControlFile::find(data.path()).expect_err("nobody answers");
    assert!(matches!(error, FindError::NotRunning(_)), "{error}");

    let server = Server::start(Options { control_port: Some(0), ..options(data.path()) }).await.expect("it starts");
    let found = ControlFile::find(data.path()).expect("the program runs");
    assert_eq!(found.key, server.control_key());
    assert!(!data.path().join("control.json.new").exists());
    server.shutdown().await;

    std::fs::write(&path, &stale).expect("written");
    let server = Server::start(options(data.path())).await.expect("it starts without a control listener");
    assert!(!path.exists(), "what leads nowhere is taken away");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_the_next_program_stays() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options { control_port: Some(0), ..options(data.path()) }).await.expect("it starts");
    let next = r#"{"url":"http://127.0.0.1:1","key":"next","pid":2}"#;
    std::fs::write(data.path().join("control.json"), next).expect("written");
    server.shutdown().await;
    assert_eq!(std::fs::read_to_string(data.path().join("control.json")).expect("still there"), next);
}

#[test]
fn what_is_no_control_file_is_named() {
    let data = tempfile::tempdir().expect("a folder");
    for text in ["", "{}", "[1]", r#"{"url":"https://evil.example","key":"k","pid":1}"#] {
        std::fs::write(data.path().join("control.json"), text).expect("written");
        let error = ControlFile::find(data.path()).expect_err("it cannot be used").to_string();
        assert!(error.contains(&data.path().join("control.json").display().to_string()), "{text:?}: {error}");
    }
}
