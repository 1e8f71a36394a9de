//! The live feed tells what was committed.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;

use crate::harness::{Running, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_sees_a_created_user_its_request_and_the_new_count() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut watch = pin!(running.control.watch());
    let first = serde_json::to_value(watch.next().await).expect("events are JSON");
    assert_eq!(first, serde_json::json!([{"type": "resync"}]), "subscribe first, read then");
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    let mut seen: Vec<Value> = Vec::new();
    let all = |seen: &[Value]| {
        let has = |kind: &str| seen.iter().any(|event| event["type"] == kind);
        has("change") && has("exchange") && has("directory")
    };
    while !all(&seen) {
        let batch = tokio::time::timeout(Duration::from_secs(30), watch.next()).await;
        let batch = batch.unwrap_or_else(|_| panic!("the feed fell silent after {seen:?}")).expect("the feed goes on");
        seen.extend(batch.iter().map(|event| serde_json::to_value(event).expect("events are JSON")));
    }
    let find = |kind: &str| seen.iter().rev().find(|event| event["type"] == kind).expect("seen");
    assert_eq!(find("change")["change"]["resourceName"], "ada Example");
    assert_eq!(find("exchange")["exchange"]["status"], 201);
    assert_eq!(find("directory")["directory"]["counts"]["users"], 1);
}
