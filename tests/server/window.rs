//! What a window needs of the server: who asks for it, and how the program is doing in a line.

use serde_json::json;
use server::{Options, Server};
use tokio_stream::StreamExt;

use crate::harness::{Running, ask, options};

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_asked_for_and_told_where_to_go() {
    let running = Running::start().await;
    let (status, error) = running.person_refused("POST", "/api/window/show", Some(json!({}))).await;
    assert_eq!((status, &error["code"]), (409, &json!("conflict")), "there is no window: {error}");

    let mut requests = std::pin::pin!(running.control.window_requests());
    running.person("POST", "/api/window/show", Some(json!({}))).await;
    assert_eq!(requests.next().await, Some(None), "what was asked before there was a window is forgotten");
    let place = json!({"screen": "directory", "id": "k3v9tq2mxa", "tab": "requests", "open": "7"});
    running.person("POST", "/api/window/show", Some(json!({ "place": place }))).await;
    let asked = requests.next().await.flatten().expect("a place");
    assert_eq!(serde_json::to_value(asked).expect("JSON"), place);
    let (status, _) = running.person_refused("POST", "/api/window/show", Some(json!({"place": "nowhere"}))).await;
    assert_eq!(status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_how_the_program_is_doing() {
    let running = Running::start().await;
    let summary = running.person("GET", "/api/summary", None).await;
    assert_eq!((&summary["state"], &summary["recent"]), (&json!("listening"), &json!([])), "{summary}");
    let address = running.server.scim_url().replace("http://", "");
    assert_eq!(summary["text"], format!("Listening on {address}"));

    let mut directories = Vec::new();
    for name in ["Acme Corp", "Globex", "Initech", "Hooli", "Umbrella", "Wayne"] {
        directories.push(running.directory(name).await);
    }
    directories[1].idp("GET", "/Users", None).await;
    directories[1].newest_exchange(&running, 1).await;
    let summary = running.person("GET", "/api/summary", None).await;
    let recent = summary["recent"].as_array().expect("directories");
    assert_eq!(recent.len(), 5, "{summary}");
    assert_eq!(recent[0]["name"], "Okta · Globex", "the one that was used comes first");
    assert_eq!(recent[0]["baseUrl"], directories[1].base_url);

    directories[0].with_authorization("GET", "/Users", None, Some("Bearer wrong".into())).await;
    directories[0].newest_exchange(&running, 1).await;
    let refused = running.person("GET", "/api/summary", None).await;
    assert_eq!(refused["state"], "refused", "{refused}");
    assert_eq!(refused["text"], "Okta refuses requests: the bearer token does not match");
    directories[0].with_authorization("GET", "/Users", None, None).await;
    directories[0].newest_exchange(&running, 2).await;
    let refused = running.person("GET", "/api/summary", None).await;
    assert_eq!(refused["text"], "Okta refuses requests: there is no bearer token", "as the newest was");
    directories[2].with_authorization("GET", "/Users", None, None).await;
    directories[2].newest_exchange(&running, 1).await;
    assert_eq!(running.person("GET", "/api/summary", None).await["text"], "2 directories refuse requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_what_the_line_is_about() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let data = tempfile::tempdir().expect("a folder");
    let options = Options { port: Some(port), keep_running_without_port: true, ..options(data.path()) };
    let server = Server::start(options).await.expect("the window starts");
    let (_, summary) = ask(&server.control(), "GET", "/api/summary", None).await;
    assert_eq!(summary["state"], "notListening", "{summary}");
    assert_eq!(summary["text"], format!("Not listening on port {port}"));
    server.shutdown().await;
}
