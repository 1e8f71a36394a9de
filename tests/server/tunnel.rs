//! The way from the internet back to the app, here from loopback to loopback: whoever stands in it is recognized.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use server::{Options, Server, TunnelOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::client;
use crate::harness::{Running, ask, blocking, options};

/// For who never answers; nothing else has to happen within it.
const SOON: Duration = Duration::from_millis(1_500);

/// A server which asks no real tunnel program, and whose checks wait as long as a busy machine takes.
async fn start() -> Running {
    start_waiting(Duration::from_secs(30)).await
}

async fn start_waiting(timeout: Duration) -> Running {
    start_with(TunnelOptions { timeout, ngrok: Vec::new(), cloudflared: Vec::new(), ..TunnelOptions::default() }).await
}

async fn start_with(tunnel: TunnelOptions) -> Running {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options { tunnel, ..options(data.path()) }).await.expect("the server starts");
    Running { control: server.control(), server, data }
}

async fn environment(running: &Running) -> String {
    let tree = running.person("GET", "/api/tree", None).await;
    tree["environments"][0]["id"].as_str().expect("an id").to_owned()
}

/// Saves a URL on this machine as the public one and checks it.
async fn check(running: &Running, url: &str) -> Value {
    let environment = environment(running).await;
    let patch = json!({"publicUrl": url, "localOnly": true});
    running.person("PATCH", &format!("/api/environments/{environment}"), Some(patch)).await;
    running.person("POST", &format!("/api/environments/{environment}/tunnel-check"), None).await
}

/// Listens on loopback and answers every connection with the same bytes, or with none and silence.
async fn fake(answer: Option<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                read_head(&mut stream).await;
                match answer {
                    Some(answer) => stream.write_all(answer.as_bytes()).await.expect("written"),
                    None => std::future::pending().await,
                }
            });
        }
    });
    address
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn response(status: &str, headers: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"))
}

/// What a tunnel on loopback does to the requests that it passes on.
#[derive(Clone, Copy)]
enum Way {
    /// It changes every path.
    Rewriting,
    /// It changes every path, and drops every header.
    RewritingBare,
    /// It drops the `Authorization` header.
    Unauthorized,
}

async fn way(upstream: String, way: Way) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let upstream = upstream.trim_start_matches("http://").to_owned();
            let head = read_head(&mut stream).await;
            let (line, headers) = head.split_once("\r\n").expect("a request line");
            let (line, kept) = match way {
                Way::Rewriting => ("GET /behind/the/proxy HTTP/1.1", headers.to_owned()),
                Way::RewritingBare => ("GET /behind/the/proxy HTTP/1.1", format!("Host: {upstream}\r\n\r\n")),
                Way::Unauthorized => {
                    let is_kept = |header: &&str| !header.to_ascii_lowercase().starts_with("authorization:");
                    (line, headers.split("\r\n").filter(is_kept).collect::<Vec<_>>().join("\r\n"))
                }
            };
            let mut behind = TcpStream::connect(&upstream).await.expect("the app listens");
            let sent = format!("{line}\r\nConnection: close\r\n{kept}");
            behind.write_all(sent.as_bytes()).await.expect("written");
            let mut answer = Vec::new();
            behind.read_to_end(&mut answer).await.expect("an answer");
            stream.write_all(&answer).await.expect("written");
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_to_this_app_works() {
    let running = start().await;
    let checked = check(&running, &running.server.scim_url()).await;
    assert_eq!((&checked["code"], &checked["outcome"]), (&json!("works"), &json!("works")), "{checked}");
    assert!(checked["roundTripMs"].is_u64() && checked["advice"].is_null(), "{checked}");
    let states: Vec<&str> =
        checked["steps"].as_array().expect("steps").iter().filter_map(|step| step["state"].as_str()).collect();
    assert_eq!(states, ["passed", "notChecked", "passed", "passed", "passed"], "no TLS on loopback: {checked}");

    let status = running.person("GET", "/api/status", None).await;
    assert_eq!(status["tunnels"], json!([checked]), "the newest result is kept");
    let environment = environment(&running).await;
    let patch = json!({"publicUrl": "http://127.0.0.1:9"});
    running.person("PATCH", &format!("/api/environments/{environment}"), Some(patch)).await;
    let status = running.person("GET", "/api/status", None).await;
    assert_eq!(status["tunnels"], json!([]), "what was found about another URL is forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_in_the_way_is_recognized() {
    let running = start().await;
    let html = "Content-Type: text/html\r\n";
    for (answer, code, words) in [
        (response("200 OK", "Content-Type: application/json\r\n", r#"{"hello":"world"}"#), "anotherProgram", "hello"),
        (response("200 OK", html, "<!doctype html><p>You are about to visit"), "htmlPage", "web page"),
        (response("502 Bad Gateway", html, "<html>"), "nothingOnPort", "502"),
        (response("404 Not Found", "Ngrok-Error-Code: ERR_NGROK_3200\r\n", ""), "tunnelOffline", "ERR_NGROK_3200"),
        (response("530 ", "Server: cloudflare\r\n", "error code: 1033"), "tunnelOffline", "1033"),
        (response("302 Found", "Location: https://login.example.com/\r\n", ""), "redirected", "login.example.com"),
        (Some("SSH-2.0-OpenSSH_9.6\r\n".to_owned()), "noAnswer", "without an answer"),
        (Some(String::new()), "noAnswer", "without an answer"),
    ] {
        let address = fake(answer.clone()).await;
        let checked = check(&running, &format!("http://{address}")).await;
        assert_eq!(checked["code"], code, "{answer:?}: {checked}");
        assert_eq!(checked["outcome"], "problem", "{checked}");
        assert!(checked["text"].as_str().is_some_and(|text| text.contains(words)), "{answer:?}: {checked}");
        assert!(checked["advice"].is_string() && checked["roundTripMs"].is_null(), "{checked}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let checked = check(&running, &format!("http://{closed}")).await;
    assert_eq!(checked["code"], "noAnswer", "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_answers_is_not_waited_for_for_ever() {
    let running = start_waiting(SOON).await;
    let checked = check(&running, &format!("http://{}", fake(None).await)).await;
    assert_eq!((&checked["code"], &checked["outcome"]), (&json!("timedOut"), &json!("problem")), "{checked}");
    assert!(checked["text"].as_str().is_some_and(|text| text.contains("after 1 s")), "{checked}");
    assert!(checked["advice"].is_string() && checked["roundTripMs"].is_null(), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_speak_https_is_said_so() {
    let running = start().await;
    let checked = check(&running, &running.server.scim_url().replace("http://", "https://")).await;
    assert_eq!(checked["code"], "tlsBad", "{checked}");
    assert!(checked["text"].as_str().is_some_and(|text| text.contains("does not speak https")), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_is_cut_off() {
    let running = start().await;
    let endless = response("200 OK", "", &"a".repeat(4 << 20));
    let checked = check(&running, &format!("http://{}", fake(endless).await)).await;
    assert_eq!(checked["code"], "anotherProgram", "{}", checked["code"]);
    assert!(checked.to_string().len() < 4_096, "only the beginning is quoted");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_copy_of_the_app_is_not_this_one() {
    let (running, other) = (start().await, start().await);
    let checked = check(&running, &other.server.scim_url()).await;
    assert_eq!(checked["code"], "anotherCopy", "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_changes_paths_is_found_out() {
    let running = start().await;
    for (kind, keeps_headers) in [(Way::Rewriting, true), (Way::RewritingBare, false)] {
        let address = way(running.server.scim_url(), kind).await;
        let checked = check(&running, &format!("http://{address}")).await;
        assert_eq!(checked["code"], "pathChanged", "{checked}");
        let is_path_told = checked["text"].as_str().is_some_and(|text| text.contains("/behind/the/proxy"));
        assert_eq!(is_path_told, keeps_headers, "{checked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_drops_the_token_is_found_out() {
    let running = start().await;
    let address = way(running.server.scim_url(), Way::Unauthorized).await;
    let checked = check(&running, &format!("http://{address}")).await;
    assert_eq!((&checked["code"], &checked["outcome"]), (&json!("authorizationLost"), &json!("problem")), "{checked}");
    assert_eq!(checked["steps"][4]["state"], "failed", "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_nothing_to_check_without_a_url() {
    let running = start().await;
    let environment = environment(&running).await;
    let (status, error) =
        running.person_refused("POST", &format!("/api/environments/{environment}/tunnel-check"), None).await;
    assert_eq!((status, &error["field"]), (422, &json!("publicUrl")), "{error}");
    let (status, _) = running.person_refused("POST", "/api/environments/nobody/tunnel-check", None).await;
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_proves_itself_to_anybody_and_records_nothing() {
    let running = start().await;
    let directory = running.directory("Acme Corp").await;
    let url = running.server.scim_url();
    let get = |path: String| {
        let url = format!("{url}{path}");
        blocking(move || client::send("GET", &url, &[], None).expect("an answer"))
    };
    let nonce = "abcdefghijklmnop";
    let answer = get(format!("/.well-known/scim-setup/{nonce}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.json()["product"], "SCIM Setup");
    assert_eq!(answer.json()["proof"].as_str().map(str::len), Some(43), "{answer:?}");
    let again = get(format!("/.well-known/scim-setup/{nonce}")).await;
    assert_eq!(again.json(), answer.json(), "the proof depends on the nonce alone");
    let long = "a".repeat(65);
    for bad in ["", "short", "abcdefghijklmno", "abcdefghijklmnop/x", "abcdefghijklmno%20", long.as_str()] {
        let answer = get(format!("/.well-known/scim-setup/{bad}")).await;
        assert_eq!(answer.status, 404, "{bad:?}: {answer:?}");
        assert_eq!(answer.json()["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{bad:?}");
    }
    // An exchange that is recorded after them would come after theirs.
    directory.idp("GET", "/Users", None).await;
    let newest = directory.newest_exchange(&running, 1).await;
    assert_eq!(newest["row"]["id"], 1, "self-checks take no id and leave no record: {newest}");
}

/// The header of the app's question to itself says that something changes paths on the way. Whoever makes one up is recorded like anybody.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_nonce_that_was_issued_hides_a_request() {
    let running = start().await;
    let directory = running.directory("Acme Corp").await;
    let url = format!("{}/Users", directory.base_url);
    let made_up = ("Scim-Setup-Check", "abcdefghijklmnopqrstuvwx");
    let answer = blocking(move || client::send("GET", &url, &[made_up], None).expect("an answer")).await;
    assert_eq!(answer.status, 401, "it is answered like any other: {answer:?}");
    assert_eq!(directory.newest_exchange(&running, 1).await["row"]["status"], 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn tunnels_of_this_machine_are_offered() {
    let ours = start().await;
    let nowhere = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let found = ours.person("POST", "/api/tunnels/detect", None).await;
    assert_eq!((&found["offers"], &found["elsewhere"]), (&json!([]), &json!([])), "{found}");
    assert!(found["text"].as_str().is_some_and(|text| text.contains("Start one")), "{found}");

    // The port is chosen first: the agents have to know it.
    let port = nowhere.port();
    let tunnels = json!({"tunnels": [
        {"public_url": "https://ada.ngrok.app", "proto": "https", "config": {"addr": format!("http://localhost:{port}")}},
        {"public_url": "https://other.ngrok.app", "proto": "https", "config": {"addr": "http://localhost:3000"}},
    ]});
    let json = "Content-Type: application/json\r\n";
    let ngrok = fake(response("200 OK", json, &tunnels.to_string())).await;
    // It answers /config with the same, as one without that path would: with nothing useful.
    let cloudflared = fake(response("200 OK", json, r#"{"hostname":"calm-sea.trycloudflare.com"}"#)).await;
    let (page, silent) = (fake(response("200 OK", "", "<html>")).await, fake(None).await);
    let tunnel = TunnelOptions {
        // The others have as long to answer as the silent one is waited for.
        agent_timeout: Duration::from_secs(3),
        ngrok: vec![nowhere, page, silent, ngrok],
        cloudflared: vec![page, cloudflared, silent],
        ..TunnelOptions::default()
    };
    let data = tempfile::tempdir().expect("a folder");
    let options = Options { tunnel, port: Some(port), ..options(data.path()) };
    let running = Server::start(options).await.expect("the server starts");
    let (_, found) = ask(&running.control(), "POST", "/api/tunnels/detect", None).await;
    assert_eq!(found["offers"][0]["url"], "https://ada.ngrok.app", "what surely leads here comes first: {found}");
    assert_eq!(found["offers"][1]["url"], "https://calm-sea.trycloudflare.com", "{found}");
    assert_eq!(found["offers"][1]["upstream"], Value::Null, "{found}");
    assert_eq!(found["elsewhere"][0]["url"], "https://other.ngrok.app", "{found}");
}
