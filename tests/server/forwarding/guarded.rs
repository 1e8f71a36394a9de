//! What a directory that forwards is guarded against: strangers, servers that misbehave, and tokens that go where they should not.

use serde_json::json;

use super::target::{Target, json_answer};
use super::{forwarding, header, raw};
use crate::client;
use crate::harness::Running;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_the_base_url() {
    let running = Running::start().await;
    let target = Target::start("/scim/v2", |_, _| json_answer("200 OK", &json!({"id": "77"})));
    let directory = forwarding(&running, &target.base_url()).await;
    let paths = [
        "/../../admin",
        "/%2e%2e/%2E./admin",
        "/%252e%252e/admin",
        "/Users%2f..%2f..%2fadmin",
        "/Users/..%5c..%5cadmin",
        "/..;x/admin",
    ];
    for path in paths {
        let request = format!("GET {{base}}{path} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n");
        let (head, body) = raw(&directory, request).await;
        let body = String::from_utf8(body).expect("text");
        assert_eq!(head[0], "HTTP/1.1 400 Bad Request", "{path}: {body}");
        assert!(body.contains("invalidPath") && body.contains("Nothing was passed on"), "{path}: {body}");
    }
    assert_eq!(target.requests().len(), 0);
    let exchange = directory.newest_exchange(&running, paths.len() as u64).await;
    assert_eq!((&exchange["row"]["status"], &exchange["forwarded"]["answeredBy"]), (&json!(400), &json!("us")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_id_leads_to_the_same_resource() {
    let running = Running::start().await;
    let target = Target::start("/scim/v2", |_, _| json_answer("200 OK", &json!({"id": "77"})));
    let directory = forwarding(&running, &target.base_url()).await;
    let (_, path) = client::split(&directory.base_url);
    let encoded: String = directory.id.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = path.replace(&directory.id, &encoded);
    for (method, below) in [("DELETE", "/Users/77"), ("GET", "/Users/a%2Fb?attributes=a%20b"), ("GET", "//Users/")] {
        let request = format!("{method} {path}{below} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n");
        raw(&directory, request).await;
        let line = target.requests().pop().expect("a request").line;
        assert_eq!(line, format!("{method} /scim/v2{below} HTTP/1.1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_and_a_body_where_none_may_be_go_no_further() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| match request.line.starts_with("GET") {
        true => b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".to_vec(),
        false => json_answer("205 Reset Content", &json!({"a": 1})),
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let ask = |method: &str| {
        format!(
            "{method} {{base}}/Users HTTP/1.1\r\nHost: {{host}}\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
    };
    let (head, body) = raw(&directory, ask("GET")).await;
    assert_eq!((head[0].as_str(), header(&head, "Upgrade")), ("HTTP/1.1 502 Bad Gateway", None));
    assert!(String::from_utf8_lossy(&body).contains("switched to another protocol"), "{body:?}");
    let (head, body) = raw(&directory, ask("DELETE")).await;
    assert_eq!((head[0].as_str(), header(&head, "Content-Length")), ("HTTP/1.1 205 Reset Content", Some("0")));
    assert_eq!(body, b"");
}
