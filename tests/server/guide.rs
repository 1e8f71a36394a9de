//! The setup guide: Okta's requests tick its steps, a person ticks the rest, a refused token is named.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use server::{Clock, Options, Server};

use crate::harness::{Directory, Running, options, user};

const LOOKUP: &str = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100";

fn path(directory: &Directory) -> String {
    format!("/api/directories/{}/guide", directory.id)
}

/// `enable=seen connect=open test=notYet`
fn told(guide: &Value) -> String {
    let steps = guide["steps"].as_array().expect("steps").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    steps.map(|step| format!("{}={}", text(&step["id"]), text(&step["state"]["is"]))).collect::<Vec<_>>().join(" ")
}

/// Waits until the guide's current step is this one.
async fn current(running: &Running, directory: &Directory, step: Value) -> Value {
    running.eventually(&path(directory), "the step", |guide| guide["current"] == step).await
}

#[tokio::test(flavor = "multi_thread")]
async fn oktas_requests_tick_the_steps_in_order() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let guide = running.person("GET", &path(&directory), None).await;
    assert_eq!(guide["track"], "okta-aiw");
    assert_eq!(guide["isChosen"], false);
    assert_eq!(told(&guide), "enable=open connect=notYet test=notYet to-app=notYet assign=notYet groups=notYet");
    let fields = &guide["steps"][1]["fields"];
    assert_eq!(fields[0]["name"], "SCIM connector base URL");
    assert_eq!(fields[0]["value"], json!({"kind": "baseUrl"}));
    assert!(!guide.to_string().contains(&directory.token), "a guide carries a token");

    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let guide = current(&running, &directory, "to-app".into()).await;
    let tested = &guide["steps"][2]["state"];
    assert_eq!((&tested["is"], &tested["path"]), (&"seen".into(), &"/Users?startIndex=1&count=2".into()));
    let exchange = running.person("GET", &format!("/api/exchanges/{}", tested["exchangeId"]), None).await;
    assert_eq!(exchange["row"]["at"], tested["at"], "the request that ticked it");

    directory.idp("GET", LOOKUP, None).await;
    current(&running, &directory, "assign".into()).await;
    let mut ada = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
    let guide = current(&running, &directory, "groups".into()).await;
    assert_eq!(guide["seenApp"], Value::Null);
    ada["title"] = "Lead".into();
    directory.idp("PUT", &format!("/Users/{}", ada["id"].as_str().expect("an id")), Some(ada.clone())).await;
    directory.group("Engineering", &[]).await;
    let guide = current(&running, &directory, Value::Null).await;
    assert_eq!(told(&guide), "enable=seen connect=seen test=seen to-app=seen assign=seen groups=seen");
    assert_eq!(guide["seenApp"]["track"], "okta-aiw", "PUT: a custom app");
    assert_eq!(guide["causes"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_named_at_once() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let probe = "/Users?startIndex=1&count=2";
    let cause = |id: &'static str| move |guide: &Value| guide["causes"][0]["id"] == id;
    let wrong = Some("Bearer not-the-token".to_owned());
    assert_eq!(directory.with_authorization("GET", probe, None, wrong).await.status, 401);
    let guide = running.eventually(&path(&directory), "the cause", cause("token-unknown")).await;
    assert_eq!(guide["current"], "connect", "Okta can ask: SCIM is on");
    assert_eq!(guide["causes"][0]["action"], "token");
    assert!(guide["causes"][0]["exchangeId"].is_number());

    directory.with_authorization("GET", probe, None, None).await;
    running.eventually(&path(&directory), "the cause", cause("token-missing")).await;
    running.new_token(&directory.id).await;
    directory.idp("GET", probe, None).await;
    running.eventually(&path(&directory), "the cause", cause("token-retired")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_chooses_a_track_and_ticks_steps_of_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = path(&directory);
    let patch = |body: Value| running.person("PATCH", &path, Some(body));
    let guide = patch(json!({"steps": {"enable": true}})).await;
    assert!(told(&guide).starts_with("enable=byHand connect=open"), "{guide}");
    assert_eq!(guide["isChosen"], true, "who ticks a step follows the track");
    let guide = patch(json!({"track": "entra", "steps": {"create": true}})).await;
    assert_eq!((&guide["track"], &guide["isChosen"]), (&"entra".into(), &true.into()));
    assert!(told(&guide).starts_with("create=byHand connect=open"), "{guide}");
    let guide = patch(json!({"steps": {"create": false}})).await;
    assert!(told(&guide).starts_with("create=open connect=notYet"), "{guide}");
    let guide = patch(json!({"track": "okta-aiw"})).await;
    assert!(told(&guide).starts_with("enable=byHand"), "each track keeps its ticks: {guide}");

    let refused = |body: Value| running.person_refused("PATCH", &path, Some(body));
    let (status, answer) = refused(json!({"track": "entra", "steps": {"enable": true}})).await;
    assert_eq!((status, &answer["field"]), (422, &"steps".into()), "a step of another track");
    assert_eq!(running.person("GET", &path, None).await["track"], "okta-aiw", "nothing of it was kept");
    assert_eq!(refused(json!({"track": "myspace"})).await.0, 422);
    assert_eq!(refused(json!({"done": true})).await.0, 422);
    let nobody = running.person_refused("GET", "/api/directories/nothere/guide", None).await;
    assert_eq!(nobody.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_has_causes_after_five_minutes() {
    let now = Arc::new(AtomicI64::new(1_780_833_600_000));
    let reading = now.clone();
    let data = tempfile::tempdir().expect("a folder for the data");
    let clock = Clock::from_fn(move || reading.load(Ordering::Relaxed));
    let server = Server::start(Options { clock, ..options(data.path()) }).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let guide = current(&running, &directory, "to-app".into()).await;
    assert_eq!(guide["causes"], json!([]));
    assert_eq!(guide["lookAgainAt"], "2026-06-07T12:05:00.000Z");
    now.fetch_add(300_000, Ordering::Relaxed);
    let guide = running.person("GET", &path(&directory), None).await;
    let causes: Vec<_> = guide["causes"].as_array().expect("causes").iter().map(|cause| &cause["id"]).collect();
    assert_eq!(causes, ["assigned-before", "nobody-assigned", "to-app-off"]);
    assert!(guide["causes"][0]["remedy"].as_str().is_some_and(|remedy| remedy.contains("Provision User")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_stays_seen() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    running.person("PATCH", "/api/settings", Some(json!({"keepExchanges": 100}))).await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    for _ in 0..110 {
        directory.idp("GET", LOOKUP, None).await;
    }
    let guide = current(&running, &directory, "assign".into()).await;
    // All have been recorded: 100 are there on the way up, too.
    let list = format!("/api/directories/{}/exchanges?limit=1", directory.id);
    running.eventually(&list, "recording", |page| page["items"][0]["id"] == 111 && page["total"] == 100).await;
    let tested = &guide["steps"][2]["state"];
    assert_eq!(tested["is"], "seen");
    let gone = format!("/api/exchanges/{}", tested["exchangeId"]);
    assert_eq!(running.person_refused("GET", &gone, None).await.0, 404, "the request itself is no longer kept");
    running.server.shutdown().await;

    let again = Running::start_in(running.data).await;
    let guide = again.person("GET", &path(&directory), None).await;
    assert!(told(&guide).starts_with("enable=seen connect=seen test=seen to-app=seen assign=open"), "{guide}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_from_before_there_was_a_guide_count() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    let before = current(&running, &directory, "groups".into()).await;
    running.server.shutdown().await;
    let database = rusqlite::Connection::open(running.data.path().join("requests.sqlite3")).expect("a database");
    let gone = database.execute("DELETE FROM sightings", []).expect("the table of what was seen");
    assert_eq!(gone, 2);
    // Nor were there facts.
    database.execute("UPDATE exchanges SET facts = NULL", []).expect("the requests");
    drop(database);

    let again = Running::start_in(running.data).await;
    let after = again.person("GET", &path(&directory), None).await;
    assert_eq!(after["steps"].as_array().map(|steps| &steps[2..]), before["steps"].as_array().map(|steps| &steps[2..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_identity_provider_with_a_guide_is_listed_with_who_plays_it() {
    let running = Running::start().await;
    let listed = running.person("GET", "/api/identity-providers", None).await;
    let listed: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|one| {
            let tracks = one["tracks"].as_array().expect("tracks").iter();
            tracks.map(|track| {
                [&one["id"], &track["id"], &track["simulated"]].map(|text| text.as_str().unwrap_or_default())
            })
        })
        .collect();
    let expected = [
        ["okta", "okta-aiw", "okta-aiw"],
        ["okta", "okta-template", "okta-template"],
        ["entra", "entra", "entra"],
        ["onelogin", "onelogin", "onelogin"],
        ["jumpcloud", "jumpcloud", "jumpcloud"],
        ["generic", "other", "generic"],
    ];
    assert_eq!(listed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_says_whose_it_is() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path_of_it = format!("/api/directories/{}", directory.id);
    let before = running.person("GET", &path_of_it, None).await;
    let okta = json!({
        "id": "okta",
        "track": "okta-aiw",
        "name": "Okta",
        "baseUrlField": "SCIM connector base URL",
        "tokenPlace": "In Okta: Provisioning › Integration › Edit, Authentication Mode HTTP Header, field Authorization",
        "testPlace": "Provisioning → Integration → Test Connector Configuration",
        "groupsHint": "Push one from Okta: Push Groups → Find groups by name.",
        "preset": "oktaFriendly",
    });
    assert_eq!(before["provider"], okta, "that is what its name says");

    let new =
        |name: &str, guide: Value| json!({"organizationId": before["organizationId"], "name": name, "guide": guide});
    for (name, guide, provider) in [
        ("Staging", json!("entra"), "Entra ID"),
        ("Entra too", Value::Null, "Entra ID"),
        ("OneLogin", json!("other"), "your provider"),
    ] {
        let created = running.person("POST", "/api/directories", Some(new(name, guide))).await;
        assert_eq!(created["provider"]["name"], provider, "{name}");
    }
    let refused = running.person_refused("POST", "/api/directories", Some(new("Mine", json!("myspace")))).await;
    assert_eq!(refused.0, 422);

    directory.with_header("GET", "/Users", None, ("ADSCIMVersion", "6.0")).await;
    running.eventually(&path_of_it, "Entra ID's name", |it| it["provider"]["name"] == "Entra ID").await;
    running.person("PATCH", &path(&directory), Some(json!({"track": "jumpcloud"}))).await;
    let chosen = running.person("GET", &path_of_it, None).await;
    assert_eq!(chosen["provider"]["name"], "JumpCloud", "a person knows better");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_another_guide_changes_nothing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let provider = format!("/api/directories/{}", directory.id);
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let own = current(&running, &directory, "to-app".into()).await;
    assert_eq!((&own["isInForce"], &own["isChosen"]), (&true.into(), &false.into()));
    let shown = running.person("GET", &format!("{}?track=entra", path(&directory)), None).await;
    assert_eq!(
        (&shown["track"], &shown["isInForce"], &shown["isChosen"]),
        (&"entra".into(), &false.into(), &false.into())
    );
    assert!(told(&shown).starts_with("create=open"), "what Okta sent ticks nothing there: {}", told(&shown));
    assert_eq!(running.person("GET", &path(&directory), None).await, own, "nothing has changed");
    assert_eq!(running.person("GET", &provider, None).await["provider"]["id"], "okta");

    let changed = running.person("PATCH", &provider, Some(json!({ "guide": "entra" }))).await;
    assert_eq!(changed["provider"]["id"], "entra");
    let chosen = running.person("GET", &path(&directory), None).await;
    assert_eq!(
        (&chosen["track"], &chosen["isInForce"], &chosen["isChosen"]),
        (&"entra".into(), &true.into(), &true.into())
    );
}
