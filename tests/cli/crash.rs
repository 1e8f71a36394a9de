//! An acknowledged write survives whatever happens next.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::client;
use crate::serve::serve;

/// Connections that create users at the same time.
const CONNECTIONS: usize = 8;

/// Acknowledged users after which the process is killed.
const ENOUGH: usize = 200;

/// Users that each connection tries to create at the most: the test is bounded even if the kill came late.
const MOST_EACH: usize = 500;

#[test]
fn every_acknowledged_user_is_there_after_a_kill() {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = serve(data.path(), &["--new-directory", "Burst"]);
    let authorization = format!("Bearer {}", serving.text("bearerToken"));
    let base_url = serving.text("scimBaseUrl");
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let creators: Vec<_> = (0..CONNECTIONS)
        .map(|connection| {
            let (url, authorization, acknowledged) =
                (format!("{base_url}/Users"), authorization.clone(), acknowledged.clone());
            std::thread::spawn(move || {
                let mut ids = Vec::new();
                for number in 0..MOST_EACH {
                    let body = json!({"userName": format!("user-{connection}-{number}@example.com")}).to_string();
                    let headers =
                        [("Authorization", authorization.as_str()), ("Content-Type", "application/scim+json")];
                    match client::send("POST", &url, &headers, Some(&body)) {
                        Ok(answer) if answer.status == 201 => {
                            ids.push(answer.json()["id"].as_str().expect("an id").to_owned());
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                        }
                        // The process is gone.
                        _ => break,
                    }
                }
                ids
            })
        })
        .collect();
    while acknowledged.load(Ordering::Relaxed) < ENOUGH && creators.iter().any(|creator| !creator.is_finished()) {
        std::thread::yield_now();
    }
    serving.child.kill().expect("SIGKILL, or its like");
    serving.child.wait().expect("the end");
    let ids: Vec<String> = creators.into_iter().flat_map(|creator| creator.join().expect("no panic")).collect();
    assert!(ids.len() >= ENOUGH, "only {} users were acknowledged", ids.len());

    let serving = serve(data.path(), &[]);
    let directory = base_url.rsplit('/').next().expect("an id");
    let base_url = format!("{}/{directory}", serving.text("scimBaseUrl"));
    let headers = [("Authorization", authorization.as_str())];
    for id in &ids {
        let answer = client::send("GET", &format!("{base_url}/Users/{id}"), &headers, None).expect("an answer");
        assert_eq!(answer.status, 200, "user {id} was acknowledged and is gone");
    }
}
