//! How long requests are kept: by their number, which `recording` shows, and by their age.

use std::time::Duration;

use serde_json::json;
use server::{Options, Server};

use crate::harness::{Hands, Running, options, user};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_when_they_are_too_old_and_users_stay() {
    let (hands, data) = (Hands::new(), tempfile::tempdir().expect("a folder"));
    let options = Options { clock: hands.clock(), heartbeat: Duration::from_millis(10), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    for name in ["ada", "grace"] {
        directory.idp("POST", "/Users", Some(user(name))).await;
    }
    directory.newest_exchange(&running, 2).await;
    hands.advance(20 * DAY);
    directory.idp("GET", "/Users", None).await;
    let newest = directory.newest_exchange(&running, 3).await;

    let saved = running.person("PATCH", "/api/settings", Some(json!({"keepDays": 30}))).await;
    assert_eq!(saved["keepDays"], 30);
    hands.advance(15 * DAY);
    let path = format!("/api/directories/{}", directory.id);
    let left = running.eventually(&path, "forgetting", |directory| directory["counts"]["exchanges"] == 1).await;
    assert_eq!((&left["counts"]["users"], &left["counts"]["writes"]), (&json!(2), &json!(0)), "{left}");
    let exchanges = running.person("GET", &format!("{path}/exchanges"), None).await;
    assert_eq!(exchanges["items"][0]["id"], newest["row"]["id"], "{exchanges}");

    let any = running.person("PATCH", "/api/settings", Some(json!({"keepDays": null}))).await;
    assert_eq!(any["keepDays"], json!(null));
    for days in [0, 4_000] {
        let (status, error) = running.person_refused("PATCH", "/api/settings", Some(json!({"keepDays": days}))).await;
        assert_eq!((status, &error["field"]), (422, &json!("keepDays")), "{error}");
    }
    let status = running.person("GET", "/api/status", None).await;
    assert!(status["dataBytes"].as_u64().is_some_and(|bytes| bytes > 4_096), "{status}");
}
