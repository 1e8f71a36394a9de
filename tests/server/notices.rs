//! What the desktop is told of while nobody looks: once, together, and only what a person wants to hear.

use std::pin::Pin;

use serde_json::{Value, json};
use server::model::Event;
use server::{Options, Server};
use tokio_stream::{Stream, StreamExt};

use crate::harness::{Directory, Hands, Running, options, user};

struct Watched {
    running: Running,
    hands: Hands,
    events: Pin<Box<dyn Stream<Item = Vec<Event>> + Send>>,
    told: Vec<Value>,
}

impl Watched {
    async fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let hands = Hands::new();
        let options = Options { clock: hands.clock(), ..options(data.path()) };
        let server = Server::start(options).await.expect("the server starts");
        let control = server.control();
        let events = Box::pin(control.watch());
        Self { running: Running { control, server, data }, hands, events, told: Vec::new() }
    }

    fn advance(&self, seconds: i64) {
        self.hands.advance(seconds);
    }

    /// The next notice; those of a batch one by one.
    async fn notice(&mut self) -> Value {
        loop {
            if !self.told.is_empty() {
                return self.told.remove(0);
            }
            let batch = tokio::time::timeout(std::time::Duration::from_secs(30), self.events.next());
            let batch = batch.await.expect("a notice").expect("the feed goes on");
            for event in batch {
                if let Event::Notice { notice } = event {
                    self.told.push(serde_json::to_value(notice).expect("JSON"));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_connection_and_the_first_user_are_told_once() {
    let mut watched = Watched::start().await;
    let directory = watched.running.directory("Acme Corp").await;
    let curl = directory.with_header("GET", "/Users", None, ("User-Agent", "curl/8.5.0")).await;
    assert_eq!(curl.status, 200);
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let connected = watched.notice().await;
    assert_eq!(connected["kind"], "connected", "curl was told nothing: {connected}");
    assert_eq!(connected["title"], "Okta is connected", "the directory's name: {connected}");
    assert_eq!(connected["text"], "Okta tested the connection.");

    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let ada = directory.idp("POST", "/Users", Some(user("ada"))).await.id();
    let first = watched.notice().await;
    assert_eq!((&first["kind"], &first["title"]), (&json!("firstUser"), &json!("First user in Okta")), "{first}");
    assert_eq!(first["place"], json!({"screen": "directory", "id": directory.id, "tab": "users", "open": ada}));

    directory.people(["grace", "alan"]).await;
    let refused = directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert_eq!(refused.status, 409);
    let refused = directory.newest_exchange(&watched.running, 7).await;
    let replay = format!("/api/exchanges/{}/replay", refused["row"]["id"]);
    watched.running.person("POST", &replay, None).await;
    directory.newest_exchange(&watched.running, 8).await;
    watched.advance(10);
    let conflict = watched.notice().await;
    assert_eq!(conflict["kind"], "refused", "the second and the third user are no news: {conflict}");
    assert_eq!(conflict["title"], "1 request was refused: Okta", "whoever replays it sees it");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_are_told_together_and_their_end_too() {
    let mut watched = Watched::start().await;
    let mut directory = watched.running.directory("Acme Corp").await;
    let retired = format!("Bearer {}", directory.token);
    let generated = watched.running.person("POST", &format!("/api/directories/{}/token", directory.id), None).await;
    directory.token = generated["token"].as_str().expect("a token").to_owned();
    // Nobody is told of who shows no token of ours.
    for authorization in [Some("Bearer scimsetup-wrong".to_owned()), None] {
        directory.with_authorization("POST", "/Users", Some(user("ada")), authorization).await;
    }
    directory.newest_exchange(&watched.running, 2).await;
    for _ in 0..3 {
        directory.with_authorization("GET", "/Users", None, Some(retired.clone())).await;
        watched.advance(2);
    }
    let newest = directory.newest_exchange(&watched.running, 5).await;
    watched.advance(10);
    let told = watched.notice().await;
    assert_eq!(told["title"], "3 requests were refused: Okta", "{told}");
    assert_eq!(told["text"], "Rejected: the bearer token was replaced.");
    assert_eq!(told["place"]["open"], newest["row"]["id"].to_string());
    assert!(!told.to_string().contains(&retired["Bearer ".len()..]), "no secret: {told}");

    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let again = watched.notice().await;
    assert_eq!(again["title"], "Okta is connected", "nothing was accepted before: {again}");
    directory.with_authorization("GET", "/Users", None, None).await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    directory.with_authorization("GET", "/Users", None, Some(retired)).await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    assert_eq!(watched.notice().await["title"], "Okta is connected again");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_stray_request_with_a_former_token_is_not_told() {
    let mut watched = Watched::start().await;
    let former = watched.running.directory("Acme Corp").await;
    let directory = Directory { token: watched.running.new_token(&former.id).await, ..former.clone() };
    // A person with curl is told nothing of anyway.
    let script = ("User-Agent", "python-requests/2.32");
    assert_eq!(former.with_header("GET", "/Users", None, script).await.status, 401);
    directory.newest_exchange(&watched.running, 1).await;
    watched.advance(20);
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    assert_eq!(watched.notice().await["title"], "Okta is connected", "the first that is told");
    for recorded in 3..=5 {
        assert_eq!(former.with_header("GET", "/Users", None, script).await.status, 401);
        directory.newest_exchange(&watched.running, recorded).await;
        watched.advance(2);
    }
    watched.advance(10);
    assert_eq!(watched.notice().await["title"], "2 requests were refused: Okta", "those that repeated it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_wants_to_hear_is_not_told() {
    let mut watched = Watched::start().await;
    let settings = watched.running.person("GET", "/api/settings", None).await;
    assert_eq!(settings["notify"]["enabled"], true, "at first all are on: {settings}");
    let notify = json!({"enabled": true, "firstUser": true, "connected": false, "refused": true, "tunnel": true, "webhook": true});
    watched.running.person("PATCH", "/api/settings", Some(json!({"notify": notify}))).await;
    let directory = watched.running.directory("Acme Corp").await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert_eq!(watched.notice().await["kind"], "firstUser", "that it is connected is not told");

    let off = json!({"enabled": false, "firstUser": true, "connected": true, "refused": true, "tunnel": true, "webhook": true});
    let saved = watched.running.person("PATCH", "/api/settings", Some(json!({"notify": off}))).await;
    assert_eq!(saved["notify"], off);
    let other = watched.running.directory("Globex").await;
    other.idp("POST", "/Users", Some(user("ada"))).await;
    other.newest_exchange(&watched.running, 1).await;
    let on = json!({"notify": {"enabled": true}});
    watched.running.person("PATCH", "/api/settings", Some(on)).await;
    let third = watched.running.directory("Initech").await;
    third.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let told = watched.notice().await;
    assert_eq!(told["place"]["id"], third.id, "nothing of the second directory was told: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_is_lost_and_comes_back_is_told() {
    let mut watched = Watched::start().await;
    let tree = watched.running.person("GET", "/api/tree", None).await;
    let environment = tree["environments"][0]["id"].as_str().expect("an id").to_owned();
    let check = format!("/api/environments/{environment}/tunnel-check");
    let listening = watched.running.server.scim_url();
    let patch = json!({"publicUrl": listening, "localOnly": true});
    watched.running.person("PATCH", &format!("/api/environments/{environment}"), Some(patch)).await;
    assert_eq!(watched.running.person("POST", &check, None).await["outcome"], "works");
    // The listener moves away from under the tunnel.
    watched.running.person("POST", "/api/listener", Some(json!({"port": 0}))).await;
    watched.advance(60);
    assert_eq!(watched.running.person("POST", &check, None).await["outcome"], "problem");
    let lost = watched.notice().await;
    assert_eq!((&lost["kind"], &lost["place"]), (&json!("tunnel"), &json!({"screen": "settings"})), "{lost}");
    let port: u16 = listening.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    watched.running.person("POST", "/api/listener", Some(json!({"port": port}))).await;
    watched.advance(60);
    assert_eq!(watched.running.person("POST", &check, None).await["outcome"], "works");
    assert!(watched.notice().await["title"].as_str().is_some_and(|title| title.contains("again")));
}
