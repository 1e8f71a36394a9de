//! One token at a time, shown once.

use serde_json::Value;

use crate::harness::{Running, sentence};

const LIST: &str = "/Users?startIndex=1&count=2";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_kills_the_old_one_at_once() {
    let running = Running::start().await;
    let mut directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("GET", LIST, None).await.status, 200);
    let old = directory.token.clone();
    directory.token = running.new_token(&directory.id).await;
    let refused = directory.with_authorization("GET", LIST, None, Some(format!("Bearer {old}"))).await;
    assert_eq!(refused.status, 401);
    assert!(refused.header("WWW-Authenticate").is_some_and(|value| value.starts_with("Bearer")));
    assert_eq!(refused.json()["status"], "401");
    assert_eq!(directory.idp("GET", LIST, None).await.status, 200, "the new one works");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_recorded_with_its_reason() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let other = running.directory("Globex").await;
    let old = directory.token.clone();
    let current = running.new_token(&directory.id).await;
    let cases = [
        (None, "missing", "no Authorization header"),
        (Some(format!("Bearer {old}")), "retired", "was replaced"),
        (Some(format!("Bearer {}", other.token)), "otherDirectory", "directory \u{201c}Okta\u{201d}"),
        (Some("Bearer not-the-token".to_owned()), "unknown", "not one of this program"),
        (Some(format!("Bearer {current}{current}")), "malformed", "twice in a row"),
        (Some("Basic dXNlcjpwYXNz".to_owned()), "missing", "Basic"),
        (Some("Bearer".to_owned()), "missing", "no token after it"),
    ];
    let path = format!("/api/directories/{}/exchanges?show=errors", directory.id);
    for (number, (authorization, verdict, text)) in cases.into_iter().enumerate() {
        let answer = directory.with_authorization("GET", LIST, None, authorization.clone()).await;
        assert_eq!(answer.status, 401, "{authorization:?}");
        assert!(
            !answer.body.contains("replaced") && !answer.body.contains("\u{201c}Okta"),
            "the client learns nothing: {}",
            answer.body
        );
        let count = number as u64 + 1;
        let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
        let id = page["items"][0]["id"].as_i64().expect("an id");
        let exchange = running.person("GET", &format!("/api/exchanges/{id}"), None).await;
        assert_eq!(exchange["authorization"]["verdict"], verdict, "{authorization:?}");
        let words = sentence(&exchange["authorization"]["text"]);
        assert!(words.contains(text), "{authorization:?}: {words}");
    }
    let directory = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(directory["rejected"]["count"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_token_is_nowhere_on_disk() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("GET", LIST, None).await.status, 200);
    assert_eq!(directory.idp("GET", &format!("/Users?token={}", directory.token), None).await.status, 200);
    assert_eq!(directory.idp("DELETE", &format!("/Users/{}", directory.token), None).await.status, 404);
    let lookup = format!("/Users?filter=userName%20eq%20%22{}%22", directory.token);
    assert_eq!(directory.idp("GET", &lookup, None).await.status, 200);
    let secret = format!("/Users?filter=userName%20eq%20%22{}%22%20and%20(", directory.token);
    assert_eq!(directory.idp("GET", &secret, None).await.status, 400);
    running
        .eventually(&format!("/api/directories/{}", directory.id), "recording", |directory: &Value| {
            directory["counts"]["exchanges"] == 5
        })
        .await;
    running.server.shutdown().await;
    let mut searched = 0;
    for entry in std::fs::read_dir(running.data.path()).expect("the data folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        searched += bytes.len();
        let secret = directory.token.as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} has the token", path.display());
    }
    assert!(searched > 10_000, "the database was searched");
}
