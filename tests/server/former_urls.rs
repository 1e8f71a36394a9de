//! A base URL that changed: what the provider still has is said until it uses the new one, or a person says that it was told.

use serde_json::{Value, json};
use server::{Options, Server};

use crate::harness::{Directory, Running, ask, options, user};

const OLD: &str = "https://old.ngrok.app";
const NEW: &str = "https://new.ngrok.app";

async fn set_public_url(running: &Running, url: Value) {
    let tree = running.person("GET", "/api/tree", None).await;
    let environment = tree["environments"][0]["id"].as_str().expect("an id").to_owned();
    running.person("PATCH", &format!("/api/environments/{environment}"), Some(json!({"publicUrl": url}))).await;
}

async fn former_url(running: &Running, directory: &Directory) -> Value {
    running.person("GET", &format!("/api/directories/{}", directory.id), None).await["formerUrl"].clone()
}

/// Okta lists its users through a tunnel, and the request is written down.
async fn okta_calls_through(running: &Running, directory: &Directory, host: &str) {
    let before = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    let answer = directory.with_header("GET", "/Users", None, ("X-Forwarded-Host", host)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let count = before["counts"]["exchanges"].as_u64().expect("a count") + 1;
    directory.newest_exchange(running, count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_keeps_the_old_url_until_it_uses_the_new_one() {
    let running = Running::start().await;
    let (used, unused) = (running.directory("Acme Corp").await, running.directory("Globex").await);
    set_public_url(&running, json!(OLD)).await;
    okta_calls_through(&running, &used, "old.ngrok.app").await;

    set_public_url(&running, json!(NEW)).await;
    let former = former_url(&running, &used).await;
    assert_eq!(former["baseUrl"], format!("{OLD}/scim/v2/{}", used.id), "{former}");
    assert!(former["since"].is_string(), "{former}");
    assert_eq!(former_url(&running, &unused).await, Value::Null, "nobody was told of this one");

    okta_calls_through(&running, &used, "old.ngrok.app").await;
    assert_eq!(former_url(&running, &used).await, former, "it still uses the old one");
    let refused = used.with_authorization("GET", "/Users", None, Some("Bearer wrong".into())).await;
    assert_eq!(refused.status, 401);

    let running = {
        running.server.shutdown().await;
        Running::start_in(running.data).await
    };
    let tree = running.person("GET", "/api/tree", None).await;
    let base_url = format!("{}/scim/v2/{}", running.server.scim_url(), used.id);
    let used = Directory { base_url, ..used };
    let of_tree = tree["directories"].as_array().expect("directories").iter().find(|other| other["id"] == used.id);
    assert_eq!(of_tree.expect("the directory")["formerUrl"], former, "a restart does not tell Okta");

    okta_calls_through(&running, &used, "new.ngrok.app").await;
    assert_eq!(former_url(&running, &used).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_can_say_that_it_was_told() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    set_public_url(&running, json!(OLD)).await;
    okta_calls_through(&running, &directory, "old.ngrok.app").await;
    set_public_url(&running, json!(NEW)).await;
    let path = format!("/api/directories/{}/former-url", directory.id);
    running.person("DELETE", &path, None).await;
    assert_eq!(former_url(&running, &directory).await, Value::Null);
    running.person("DELETE", &path, None).await;
    let (status, _) = running.person_refused("DELETE", "/api/directories/nobody/former-url", None).await;
    assert_eq!(status, 404);

    set_public_url(&running, json!("https://third.ngrok.app")).await;
    let former = former_url(&running, &directory).await;
    // The tunnel of this test does not say that it was https.
    assert_eq!(former["baseUrl"], format!("http://old.ngrok.app/scim/v2/{}", directory.id), "what Okta used last");
    set_public_url(&running, json!(OLD)).await;
    assert_eq!(former_url(&running, &directory).await, Value::Null, "Okta has that one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_tried_it_with_curl_need_not_be_told() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    set_public_url(&running, json!(OLD)).await;
    let answer = directory.with_header("GET", "/Users", None, ("User-Agent", "curl/8.5.0")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    directory.newest_exchange(&running, 1).await;
    set_public_url(&running, json!(NEW)).await;
    assert_eq!(former_url(&running, &directory).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_moves_takes_local_base_urls_along() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    directory.newest_exchange(&running, 1).await;
    let old = directory.base_url.clone();
    running.person("POST", "/api/listener", Some(json!({"port": 0}))).await;
    assert_eq!(former_url(&running, &directory).await["baseUrl"], old);
    running.server.shutdown().await;

    let port = old.split(['/', ':']).nth(4).and_then(|port| port.parse().ok()).expect("a port");
    let server = Server::start(Options { port: Some(port), ..options(running.data.path()) }).await.expect("it starts");
    let path = format!("/api/directories/{}", directory.id);
    let (_, read) = ask(&server.control(), "GET", &path, None).await;
    assert_eq!((&read["baseUrl"], &read["formerUrl"]), (&json!(old), &Value::Null), "it is back where it was");
    server.shutdown().await;
}
