//! A time in which nobody was there to answer: said at the next start, or after sleep, when a provider can have noticed.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use server::{Options, Server};

use crate::harness::{Directory, Hands, Running, blocking, options, user};

const MINUTE: i64 = 60;

async fn start_in(data: tempfile::TempDir, hands: &Hands, heartbeat: Duration) -> Running {
    let options = Options { clock: hands.clock(), heartbeat, ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    Running { control: server.control(), server, data }
}

/// No heartbeat while a test runs.
const NEVER: Duration = Duration::from_secs(3_600);

async fn absence(running: &Running) -> Value {
    running.person("GET", "/api/status", None).await["absence"].clone()
}

async fn connected(running: &Running) -> Directory {
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    directory.newest_exchange(running, 1).await;
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_says_since_when_it_was_closed() {
    let hands = Hands::new();
    let running = start_in(tempfile::tempdir().expect("a folder"), &hands, NEVER).await;
    assert_eq!(absence(&running).await, Value::Null, "a first start has missed nothing");
    let directory = connected(&running).await;
    hands.advance(7 * MINUTE);
    running.server.shutdown().await;

    hands.advance(4 * MINUTE);
    let running = start_in(running.data, &hands, NEVER).await;
    assert_eq!(absence(&running).await, Value::Null, "a restart is not an absence");
    running.server.shutdown().await;

    hands.advance(14 * 60 * MINUTE);
    let running = start_in(running.data, &hands, NEVER).await;
    let missed = absence(&running).await;
    assert_eq!(missed["cause"], "closed", "{missed}");
    assert_eq!(missed["since"], "2026-06-07T12:14:11.000Z", "{missed}");
    assert_eq!(missed["until"], "2026-06-08T02:14:11.000Z", "{missed}");
    assert_eq!(missed["providers"][0]["provider"], "Okta", "{missed}");
    assert_eq!(missed["providers"][0]["directoryIds"], json!([directory.id]), "{missed}");
    assert!(
        missed["providers"][0]["advice"]
            .as_str()
            .is_some_and(|advice| advice.contains("does not retry a deactivation")),
        "{missed}"
    );

    running.person("DELETE", "/api/status/absence", None).await;
    assert_eq!(absence(&running).await, Value::Null, "it is said once");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_the_last_heartbeat_counts() {
    let hands = Hands::new();
    let running = start_in(tempfile::tempdir().expect("a folder"), &hands, Duration::from_millis(10)).await;
    connected(&running).await;
    hands.advance(3 * MINUTE);
    let crashed = tempfile::tempdir().expect("a folder");
    let (from, to) = (running.data.path().to_owned(), crashed.path().to_owned());
    blocking(move || {
        // What a crash would leave behind, once the heartbeat has noted the new time.
        while noted_as_running(&from) != Some(Hands::START + 3 * MINUTE * 1_000) {
            std::thread::yield_now();
        }
        for name in ["scim-setup.sqlite3", "requests.sqlite3"] {
            let copy = to.join(name).display().to_string();
            let connection = rusqlite::Connection::open(from.join(name));
            connection.and_then(|connection| connection.execute("VACUUM INTO ?1", [copy])).expect("a copy");
        }
    })
    .await;

    hands.advance(60 * MINUTE);
    let running = start_in(crashed, &hands, NEVER).await;
    assert_eq!(absence(&running).await["since"], "2026-06-07T12:06:11.000Z");
}

fn open(folder: &Path) -> rusqlite::Result<rusqlite::Connection> {
    rusqlite::Connection::open(folder.join("scim-setup.sqlite3"))
}

fn noted_as_running(folder: &Path) -> Option<i64> {
    let sql = "SELECT value FROM settings WHERE name = 'runningAt'";
    open(folder).ok()?.query_row(sql, [], |row| row.get::<_, String>(0)).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn waking_up_is_noticed() {
    let hands = Hands::new();
    let running = start_in(tempfile::tempdir().expect("a folder"), &hands, Duration::from_millis(10)).await;
    connected(&running).await;
    hands.advance(2 * 60 * MINUTE);
    let status = running.eventually("/api/status", "waking up", |status| !status["absence"].is_null()).await;
    assert_eq!(status["absence"]["cause"], "slept", "{status}");
    assert_eq!(status["absence"]["since"], "2026-06-07T12:03:11.000Z", "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_who_was_not_connected() {
    let hands = Hands::new();
    let running = start_in(tempfile::tempdir().expect("a folder"), &hands, NEVER).await;
    let directory = running.directory("Acme Corp").await;
    let refused = directory.with_authorization("GET", "/Users", None, Some("Bearer wrong".into())).await;
    assert_eq!(refused.status, 401);
    directory.newest_exchange(&running, 1).await;
    running.server.shutdown().await;
    hands.advance(14 * 60 * MINUTE);
    let running = start_in(running.data, &hands, NEVER).await;
    assert_eq!(absence(&running).await, Value::Null);
}
