//! Everything is recorded: requests with their sentences, changes with what was before and after, and no secrets.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::{Directory, Running, user};

async fn sentences(running: &Running, directory: &Directory, count: usize) -> Vec<String> {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let page = running.eventually(&path, "recording", |page| page["total"] == count as u64).await;
    let rows = page["items"].as_array().expect("rows").iter().rev();
    rows.map(|row| {
        let summary = &row["summary"];
        let outcome = summary["outcome"].as_str().map(|outcome| format!(" → {outcome}")).unwrap_or_default();
        format!("{}{outcome}", summary["text"].as_str().expect("a sentence"))
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_what_okta_did() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let lookup = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100";
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    directory.idp("GET", lookup, None).await;
    let created = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
    let id = created["id"].as_str().expect("an id");
    let mut body = created.clone();
    body["title"] = "Lead".into();
    directory.idp("PUT", &format!("/Users/{id}"), Some(body.clone())).await;
    directory.idp("PUT", &format!("/Users/{id}"), Some(body.clone())).await;
    body["active"] = false.into();
    directory.idp("PUT", &format!("/Users/{id}"), Some(body)).await;
    let group = json!({"displayName": "Engineering", "members": [{"value": id, "display": "ada@example.com"}]});
    let group = directory.idp("POST", "/Groups", Some(group)).await.json();
    let path = format!("/Groups/{}", group["id"].as_str().expect("an id"));
    let remove = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "remove", "path": format!("members[value eq \"{id}\"]")}],
    });
    directory.idp("PATCH", &path, Some(remove)).await;
    directory.idp("DELETE", &path, None).await;
    assert_eq!(
        sentences(&running, &directory, 9).await,
        [
            "Okta tested the connection",
            "Okta checked whether ada@example.com exists → no match",
            "Okta created ada Example",
            "Okta updated ada Example, 1 attribute",
            "Okta updated ada Example → nothing changed",
            "Okta deactivated ada Example",
            "Okta created Engineering",
            "Okta removed 1 member from Engineering",
            "Okta deleted Engineering",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_what_was_before_and_after_and_which_request_did_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut body = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
    body["title"] = "Lead".into();
    body["name"]["familyName"] = "Lovelace".into();
    let id = body["id"].as_str().expect("an id").to_owned();
    directory.idp("PUT", &format!("/Users/{id}"), Some(body)).await;
    let path = format!("/api/directories/{}/users/{id}", directory.id);
    let detail = running.person("GET", &path, None).await;
    let change = &detail["history"]["items"][0]["change"];
    assert_eq!(change["kind"], "updated");
    let field = |path: &str| {
        let fields = change["fields"].as_array().expect("fields");
        fields.iter().find(|field| field["path"] == path).cloned().unwrap_or_else(|| panic!("no {path} in {change}"))
    };
    assert_eq!(field("title"), json!({"path": "title", "after": "Lead"}));
    assert_eq!(field("name.familyName"), json!({"path": "name.familyName", "before": "Example", "after": "Lovelace"}));
    assert_eq!(detail["history"]["items"][1]["change"]["kind"], "created");
    running
        .eventually(&format!("/api/directories/{}", directory.id), "recording", |d| d["counts"]["exchanges"] == 2)
        .await;
    let exchange = running.person("GET", &format!("/api/exchanges/{}", change["exchangeId"]), None).await;
    assert_eq!(exchange["row"]["method"], "PUT");
    assert_eq!(exchange["changes"][0]["seq"], change["seq"]);
    assert!(!exchange.to_string().contains("k3Jd92xQ"), "a password is recorded: {exchange}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_requests_are_kept() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    running.person("PATCH", "/api/settings", Some(json!({"keepExchanges": 100}))).await;
    for _ in 0..130 {
        assert_eq!(directory.idp("GET", "/Users?count=1", None).await.status, 200);
    }
    assert_eq!(directory.idp("GET", "/Users?count=7", None).await.status, 200);
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let is_last = |page: &Value| page["items"][0]["path"] == "/Users?count=7";
    let page = running.eventually(&path, "recording", is_last).await;
    assert_eq!(page["total"], 100);
    let counted = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(counted["counts"]["exchanges"], 100, "the sidebar counts the same");

    // More at once than are kept, and nothing after them.
    join_all((0..220).map(|_| directory.idp("GET", "/Users?count=1", None))).await;
    let is_last = |page: &Value| page["items"][0]["id"] == 131 + 220;
    let page = running.eventually(&path, "recording", is_last).await;
    assert_eq!(page["total"], 100);
}

/// Identity providers wait for a while and then hang up. What they asked for is done all the same, and a person sees it.
#[tokio::test(flavor = "multi_thread")]
async fn requests_of_clients_that_hang_up_are_recorded() {
    const REQUESTS: usize = 100;
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = directory.base_url.strip_prefix("http://").and_then(|url| url.split_once('/')).expect("a URL");
    for number in 0..REQUESTS {
        let body = user(&format!("person{number}")).to_string();
        let request = format!(
            "POST /{path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: application/scim+json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            directory.token,
            body.len()
        );
        let mut stream = TcpStream::connect(host).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        // Hung up without a look at the answer.
        drop(stream);
    }
    let path = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&path, "every request", |page| page["total"] == REQUESTS).await;
    let path = format!("/api/directories/{}/users", directory.id);
    running.eventually(&path, "every person", |page| page["total"] == REQUESTS).await;
}
