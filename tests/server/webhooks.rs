//! Webhooks: what the software under test is told without asking, and what becomes of it when it does not listen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use serde_json::{Value, json};
use server::model::{Event, NoticeKind};
use server::{Options, Server, WebhookOptions};
use standardwebhooks::Webhook;
use tokio_stream::StreamExt;

use crate::client;
use crate::harness::{Directory, Hands, Running, blocking, options, user};
use crate::receiver::{Received, Receiver, Reply};

/// As in production, but much sooner.
fn soon() -> WebhookOptions {
    let schedule = [0, 5, 10, 20, 40, 80, 160, 320, 640, 1_280].map(Duration::from_millis).into();
    WebhookOptions { schedule, ..WebhookOptions::default() }
}

async fn start(webhooks: WebhookOptions) -> Running {
    start_in(tempfile::tempdir().expect("a folder"), webhooks).await
}

async fn start_in(data: tempfile::TempDir, webhooks: WebhookOptions) -> Running {
    let server = Server::start(Options { webhooks, ..options(data.path()) }).await.expect("the server starts");
    Running { control: server.control(), server, data }
}

async fn restart(running: Running, webhooks: WebhookOptions) -> Running {
    running.server.shutdown().await;
    start_in(running.data, webhooks).await
}

async fn environment(running: &Running) -> String {
    running.person("GET", "/api/tree", None).await["environments"][0]["id"].as_str().expect("an id").to_owned()
}

/// The path of the webhooks of the environment.
async fn webhooks(running: &Running) -> String {
    format!("/api/environments/{}/webhooks", environment(running).await)
}

/// Adds one and returns its path and its secret.
async fn add(running: &Running, new: Value) -> (String, String) {
    let created = running.person("POST", &webhooks(running).await, Some(new)).await;
    let text = |pointer: &str| created.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
    (format!("/api/webhooks/{}", text("/webhook/id")), text("/secret"))
}

async fn add_to(running: &Running, receiver: &Receiver) -> (String, String) {
    add(running, json!({"url": receiver.url()})).await
}

/// The first webhook as soon as it is as wanted.
async fn webhook(running: &Running, what: &str, is_met: impl Fn(&Value) -> bool) -> Value {
    running.eventually(&webhooks(running).await, what, |all| is_met(&all[0])).await[0].clone()
}

/// The newest delivery of a webhook as soon as it is as wanted.
async fn newest(running: &Running, path: &str, what: &str, is_met: impl Fn(&Value) -> bool) -> Value {
    let path = format!("{path}/deliveries");
    running.eventually(&path, what, |page| is_met(&page["items"][0])).await["items"][0].clone()
}

async fn received(receiver: &Receiver, count: usize) -> Vec<Received> {
    let receiver = receiver.clone();
    blocking(move || receiver.wait_for(count)).await
}

/// What was answered with 2xx, each event once, in the order in which that first happened.
fn accepted(received: &[Received]) -> Vec<Received> {
    let mut seen = BTreeSet::new();
    received.iter().filter(|it| it.is_accepted && seen.insert(it.id().to_owned())).cloned().collect()
}

fn verifies(received: &Received, secret: &str) -> bool {
    let mut headers = http::HeaderMap::new();
    for (name, value) in &received.headers {
        let name: http::HeaderName = name.parse().expect("a name");
        headers.insert(name, value.parse().expect("a value"));
    }
    Webhook::new(secret).expect("a secret").verify(received.body.as_bytes(), &headers).is_ok()
}

/// What the integration API tells, which is asked.
async fn events(running: &Running) -> Vec<Value> {
    let path = format!("/api/environments/{}/api-keys", environment(running).await);
    let created = running.person("POST", &path, Some(json!({"name": "Backend"}))).await;
    let key = format!("Bearer {}", created["key"].as_str().expect("a key"));
    let url = format!("{}/v1/events?limit=1000", running.server.integration_url().await.expect("it is open"));
    let page = blocking(move || client::send("GET", &url, &[("Authorization", &key)], None).expect("an answer")).await;
    page.json()["events"].as_array().expect("events").clone()
}

async fn rename(directory: &Directory, id: &str, title: &str) {
    let body = json!({"Operations": [{"op": "replace", "path": "title", "value": title}]});
    assert_eq!(directory.idp("PATCH", &format!("/Users/{id}"), Some(body)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_sent_signed_and_in_order() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["before"]).await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let (path, secret) = add_to(&running, &receiver).await;
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    rename(&directory, &ada, "Director").await;
    let active = |value: bool| json!({"Operations": [{"op": "replace", "path": "active", "value": value}]});
    for value in [false, true] {
        directory.idp("PATCH", &format!("/Users/{ada}"), Some(active(value))).await;
    }
    let group = directory.group("Team", &[&ada, &grace]).await;
    let leave = json!({"Operations": [{"op": "remove", "path": format!("members[value eq \"{grace}\"]")}]});
    directory.idp("PATCH", &format!("/Groups/{group}"), Some(leave)).await;
    directory.idp("DELETE", &format!("/Groups/{group}"), None).await;
    directory.idp("DELETE", &format!("/Users/{grace}"), None).await;

    let all = received(&receiver, 11).await;
    let kinds: Vec<_> = all.iter().map(Received::kind).collect();
    assert_eq!(
        kinds,
        [
            "user.created",
            "user.created",
            "user.updated",
            "user.deactivated",
            "user.reactivated",
            "group.created",
            "group.member_added",
            "group.member_added",
            "group.member_removed",
            "group.deleted",
            "user.deleted"
        ]
    );
    let asked = events(&running).await;
    let sent: Vec<_> = all.iter().map(Received::json).collect();
    assert_eq!(sent, asked[1..], "the same as it is when it is asked for, without what happened before");
    assert_eq!(sent[2]["changes"][0]["path"], "title", "{}", sent[2]);
    let (_, other) = add(&running, json!({"url": receiver.url(), "types": ["user.created"]})).await;
    for (it, event) in all.iter().zip(&asked[1..]) {
        assert_eq!(it.line, "POST /webhooks HTTP/1.1");
        assert_eq!((it.id(), it.header("content-type")), (event["id"].as_str().expect("an id"), "application/json"));
        assert!(verifies(it, &secret), "{it:?}");
        assert!(!verifies(it, &other), "with the secret of another webhook");
        let changed = Received { body: it.body.replace("Acme", "Evil"), ..it.clone() };
        assert!(!verifies(&changed, &secret), "of another body");
    }

    let are_all = |page: &Value| page["items"].as_array().is_some_and(|items| items.len() == 11);
    let page = running.eventually(&format!("{path}/deliveries?limit=200"), "the log", are_all).await;
    let rows = page["items"].as_array().expect("rows");
    let row = |row: &Value| (row["type"].clone(), row["state"].clone(), row["status"].clone(), row["attempts"].clone());
    assert!(rows.iter().rev().map(row).eq(kinds.iter().map(|kind| (
        json!(kind),
        json!("delivered"),
        json!(200),
        json!(1)
    ))));
    assert_eq!(rows[10]["resource"], json!({"id": ada, "kind": "user", "name": "ada@example.com"}));
    let of_two = running.person("GET", &format!("{path}/deliveries?limit=2&before={}", rows[3]["id"]), None).await;
    assert_eq!((&of_two["items"], &of_two["hasMore"]), (&json!(rows[4..6]), &json!(true)));
    let detail = format!("{path}/deliveries/{}", all[0].id());
    let detail = running.person("GET", &detail, None).await;
    assert_eq!(detail["body"].as_str().expect("a body"), all[0].body);
    let attempt = &detail["attempts"][0];
    assert_eq!((&attempt["responseBody"], &attempt["isTruncated"]), (&json!("ok"), &json!(false)));
    let signature = json!(["webhook-signature", all[0].header("webhook-signature")]);
    assert!(attempt["requestHeaders"].as_array().expect("headers").contains(&signature), "{attempt}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_types_that_are_wanted_are_sent() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(204));
    let types = json!(["user.deleted", "user.deactivated"]);
    let (path, _) = add(&running, json!({"url": receiver.url(), "types": types})).await;
    let [ada] = directory.people(["ada"]).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    assert_eq!(received(&receiver, 1).await[0].kind(), "user.deleted");
    running.person("PATCH", &path, Some(json!({"types": null}))).await;
    directory.people(["grace"]).await;
    let kinds: Vec<_> = received(&receiver, 2).await.iter().map(Received::kind).collect();
    assert_eq!(kinds, ["user.deleted", "user.created"]);
    let (status, answer) = running.person_refused("PATCH", &path, Some(json!({"types": []}))).await;
    assert_eq!((status, &answer["field"]), (422, &json!("types")), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_to_the_internet_unless_a_person_has_confirmed_it() {
    let running = start(soon()).await;
    let path = webhooks(&running).await;
    let new = json!({"url": "https://app.example.com/webhooks"});
    let (status, answer) = running.person_refused("POST", &path, Some(new.clone())).await;
    assert_eq!((status, &answer["field"]), (422, &json!("confirmed")), "{answer}");
    assert!(answer["message"].as_str().expect("a sentence").starts_with("app.example.com is neither this machine"));
    let (hook, _) = add(&running, json!({"url": "http://192.168.1.20/webhooks"})).await;
    running.person_refused("PATCH", &hook, Some(new.clone())).await;
    let confirmed = json!({"url": new["url"], "confirmed": true});
    assert_eq!(running.person("PATCH", &hook, Some(confirmed)).await["url"], new["url"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_leads_to_the_internet_only_once_that_is_confirmed() {
    // As if this machine were the internet.
    let running = start(WebhookOptions { is_near: |address| !address.is_loopback(), ..soon() }).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let url = receiver.url().replace("127.0.0.1", "localhost");
    let (path, _) = add(&running, json!({"url": url})).await;
    directory.people(["ada"]).await;
    let failed = |row: &Value| row["state"] == "failed";
    let row = newest(&running, &path, "it is given up", failed).await;
    let error = row["error"].as_str().expect("a sentence");
    assert!(error.starts_with("Nothing was sent: localhost leads to "), "{error}");
    assert!(error.ends_with("Check the URL, or allow the internet for this webhook."), "{error}");
    let test = running.person("POST", &format!("{path}/test"), None).await;
    assert_eq!(test["state"], "failed", "{test}");
    assert!(receiver.received().is_empty(), "nothing was sent");

    let confirmed = running.person("PATCH", &path, Some(json!({"confirmed": true}))).await;
    assert_eq!(confirmed["isConfirmed"], true);
    directory.people(["grace"]).await;
    received(&receiver, 1).await;
    // It stays confirmed whatever else changes, and another address is another question.
    running.person("PATCH", &path, Some(json!({"url": url, "types": null}))).await;
    assert_eq!(running.person("POST", &format!("{path}/test"), None).await["state"], "delivered");
    running.person("PATCH", &path, Some(json!({"url": format!("{url}/other")}))).await;
    assert_eq!(running.person("POST", &format!("{path}/test"), None).await["state"], "failed");
    assert_eq!(receiver.received().len(), 2);
}

/// Which events each resource was told of, in order.
fn by_resource(events: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for event in events {
        let resource = event["data"]["user"]["id"].as_str().or(event["data"]["group"]["id"].as_str());
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        found.entry(resource.expect("an id").to_owned()).or_default().push(text(&event["id"]));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_arrives_in_order_though_every_third_attempt_fails() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|number, _| Reply::Status(if number % 3 == 0 { 500 } else { 200 }));
    let (path, secret) = add_to(&running, &receiver).await;
    let people = directory.people(["ada", "grace", "alan", "joan", "barbara", "edsger", "lise", "emmy"]).await;
    let mut changing = tokio::task::JoinSet::new();
    for id in people {
        let directory = directory.clone();
        changing.spawn(async move {
            for round in 0..124 {
                rename(&directory, &id, &format!("Title {round}")).await;
            }
        });
    }
    changing.join_all().await;
    let expected = events(&running).await;
    assert_eq!(expected.len(), 1_000, "so much happened");
    let waiting = receiver.clone();
    let all =
        blocking(move || waiting.wait("every event", |all| all.iter().filter(|it| it.is_accepted).count() >= 1_000))
            .await;
    let arrived: Vec<_> = accepted(&all).iter().map(Received::json).collect();
    assert_eq!(by_resource(&arrived), by_resource(&expected));
    assert!(all.iter().all(|it| verifies(it, &secret)));
    assert!(all.len() > 1_490, "a third failed: {}", all.len());
    // Nothing that was accepted is sent again.
    let accepted = all.iter().filter(|it| it.is_accepted).count();
    assert_eq!(accepted, 1_000);
    webhook(&running, "everything is settled", |webhook| webhook["waiting"] == 0).await;
    let page = running.person("GET", &format!("{path}/deliveries?limit=200"), None).await;
    assert!(page["items"].as_array().expect("rows").iter().all(|row| row["state"] == "delivered"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_holds_back_nobody_else() {
    let options =
        WebhookOptions { schedule: [0, 3_600, 3_600].map(Duration::from_secs).into(), ..WebhookOptions::default() };
    let running = start(options.clone()).await;
    let directory = running.directory("Acme Corp").await;
    let fails = |_, it: &Received| Reply::Status(if it.body.contains("ada@example.com") { 503 } else { 200 });
    let receiver = Receiver::start(fails);
    let (path, _) = add_to(&running, &receiver).await;
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    for id in [&ada, &grace] {
        rename(&directory, id, "Director").await;
    }
    let kinds = |all: &[Received]| all.iter().map(|it| (it.kind(), it.is_accepted)).collect::<Vec<_>>();
    let expected = [("user.created", false), ("user.created", true), ("user.updated", true)];
    let expected = expected.map(|(kind, is_accepted)| (kind.to_owned(), is_accepted));
    assert_eq!(kinds(&received(&receiver, 3).await), expected, "ada's second waits for her first");
    let held = webhook(&running, "both wait", |webhook| webhook["waiting"] == 2).await;
    assert_eq!(held["error"], Value::Null, "others arrive: {held}");
    assert!(held["nextTryAt"].is_string() && held["lastDeliveredAt"].is_string(), "{held}");
    let rows = running.person("GET", &format!("{path}/deliveries"), None).await["items"].clone();
    let row = |row: &Value| json!([row["type"], row["state"], row["attempts"], row["status"], row["error"]]);
    let rows: Vec<_> = rows.as_array().expect("rows").iter().map(row).collect();
    assert!(rows.contains(&json!(["user.created", "waiting", 1, 503, "Your app answered 503 Service Unavailable."])));
    assert!(rows.contains(&json!(["user.updated", "waiting", 0, null, null])), "{rows:?}");

    // They wait over a restart, too, and nothing else is sent again.
    let running = restart(running, options).await;
    receiver.answer(|_, _| Reply::Status(200));
    let held = webhook(&running, "both wait", |webhook| webhook["waiting"] == 2).await;
    let first = receiver.received()[0].id().to_owned();
    let again = running.person("POST", &format!("{path}/deliveries/{first}/attempts"), None).await;
    assert_eq!((&again["state"], &again["attempts"]), (&json!("delivered"), &json!(2)), "{again}");
    let all = received(&receiver, 5).await;
    assert_eq!(all[3].id(), first, "a person wanted it: {held}");
    assert_eq!((all[4].kind().as_str(), &all[4].json()["data"]["user"]["id"]), ("user.updated", &json!(ada)));
    webhook(&running, "nothing waits", |webhook| webhook["waiting"] == 0).await;
    assert_eq!(receiver.received().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_endpoint_does_is_bounded_and_logged() {
    let options = WebhookOptions { timeout: Duration::from_millis(300), ..soon() };
    let running = start(options).await;
    let directory = running.directory("Acme Corp").await;
    let other = Receiver::start(|_, _| Reply::Status(200));
    let to = other.url();
    let receiver = Receiver::start(move |number, _| match number {
        0 => Reply::Status(500),
        1 => Reply::With(301, "Location", to.clone()),
        2 => Reply::Silence,
        3 => Reply::With(429, "Retry-After", "0".to_owned()),
        _ => Reply::Endless,
    });
    let (path, _) = add_to(&running, &receiver).await;
    let before = std::time::Instant::now();
    directory.people(["ada"]).await;
    let row = newest(&running, &path, "it is delivered", |row| row["state"] == "delivered").await;
    assert_eq!(row["attempts"], 5, "{row}");
    let event = row["eventId"].as_str().expect("an id");
    assert!(receiver.received().iter().all(|it| it.id() == event), "each attempt has the same id");
    let detail = running.person("GET", &format!("{path}/deliveries/{event}"), None).await;
    let attempts = detail["attempts"].as_array().expect("attempts");
    let errors: Vec<_> = attempts.iter().map(|attempt| attempt["error"].as_str().unwrap_or("")).collect();
    assert_eq!(errors[0], "Your app answered 500 Internal Server Error.");
    let redirect = format!(
        "Your app redirects to {}. Redirects are not followed: change the URL to where it should go.",
        other.url()
    );
    assert_eq!(errors[1], redirect);
    assert!(errors[2].starts_with("Your app did not answer within"), "{}", errors[2]);
    assert_eq!(&errors[3..], ["Your app answered 429 Too Many Requests.", ""]);
    let body = attempts[4]["responseBody"].as_str().expect("a body");
    assert_eq!(
        (body.len(), &attempts[4]["isTruncated"]),
        (4 << 10, &json!(true)),
        "no more of an endless body is read"
    );
    assert!(before.elapsed() < Duration::from_secs(30), "nobody waited for its end");
    assert!(other.received().is_empty(), "no redirect is followed");

    // Nobody is there.
    let gone = json!({"url": "http://127.0.0.1:1/webhooks"});
    running.person("PATCH", &path, Some(gone)).await;
    directory.people(["grace"]).await;
    let row = newest(&running, &path, "it is given up", |row| row["state"] == "failed").await;
    assert_eq!(row["attempts"], 10, "{row}");
    let error = "Nothing accepts connections at 127.0.0.1:1. Start your app, or change the URL.";
    assert_eq!((&row["error"], &row["status"], &row["nextTryAt"]), (&json!(error), &Value::Null, &Value::Null));
    let failing = webhook(&running, "it is failing", |webhook| webhook["failingSince"].is_string()).await;
    assert_eq!(failing["error"], error);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_took_is_sent_as_soon_as_somebody_is_there() {
    let schedule = [0, 3_600, 3_600].map(Duration::from_secs).into();
    let running = start(WebhookOptions { schedule, ..WebhookOptions::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let (path, _) = add(&running, json!({"url": format!("http://127.0.0.1:{port}/webhooks")})).await;
    directory.people(["ada", "grace"]).await;
    webhook(&running, "both wait", |webhook| webhook["waiting"] == 2).await;
    let receiver = Receiver::start_on(port, |_, _| Reply::Status(200));
    running.person("POST", &format!("{path}/test"), None).await;
    let kinds: Vec<_> = received(&receiver, 3).await.iter().map(Received::kind).collect();
    assert_eq!(kinds, ["webhook.test", "user.created", "user.created"], "without an hour in between");
    webhook(&running, "it works", |webhook| webhook["waiting"] == 0 && webhook["failingSince"].is_null()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn off_and_on_again_sends_at_once_what_waits() {
    let schedule = [0, 3_600, 3_600].map(Duration::from_secs).into();
    let running = start(WebhookOptions { schedule, ..WebhookOptions::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|number, _| Reply::Status(if number == 0 { 500 } else { 200 }));
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    webhook(&running, "she waits", |webhook| webhook["waiting"] == 1).await;
    // One directly after the other.
    for is_enabled in [false, true] {
        running.person("PATCH", &path, Some(json!({"isEnabled": is_enabled}))).await;
    }
    assert!(received(&receiver, 2).await[1].is_accepted, "without an hour in between");
    directory.people(["grace"]).await;
    received(&receiver, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_endpoint_delays_no_other() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let slow = Receiver::start(|_, _| Reply::Silence);
    let fast = Receiver::start(|_, _| Reply::Status(200));
    add_to(&running, &slow).await;
    add_to(&running, &fast).await;
    directory.people(["ada", "grace", "alan"]).await;
    received(&fast, 3).await;
    assert_eq!(received(&slow, 1).await.len(), 1, "it has not answered");
    // Nor does it hold up the end.
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gone_disables_at_once_and_a_person_enables_again() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(410));
    let mut live = Box::pin(running.control.watch());
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    let disabled = webhook(&running, "it is disabled", |webhook| webhook["disabled"].is_object()).await;
    assert_eq!(disabled["disabled"]["because"], "gone", "{disabled}");
    let notice = loop {
        let batch = live.next().await.expect("the feed goes on");
        let notice = batch.into_iter().find_map(|event| match event {
            Event::Notice { notice } if notice.kind == NoticeKind::Webhook => Some(notice),
            _ => None,
        });
        if let Some(notice) = notice {
            break serde_json::to_value(notice).expect("JSON");
        }
    };
    assert_eq!(notice["text"], "It answered 410 Gone.", "{notice}");
    assert_eq!(notice["place"], json!({"screen": "directory", "id": directory.id, "tab": "app", "open": null}));
    directory.people(["grace"]).await;
    // A test is sent whether it is enabled or not, and what happened meanwhile was not.
    let test = running.person("POST", &format!("{path}/test"), None).await;
    assert_eq!((&test["type"], &test["status"]), (&json!("webhook.test"), &json!(410)), "{test}");
    assert_eq!(receiver.received().len(), 2);

    receiver.answer(|_, _| Reply::Status(200));
    running.person("PATCH", &path, Some(json!({"isEnabled": true}))).await;
    let all = received(&receiver, 4).await;
    let users: Vec<_> = all[2..].iter().map(|it| it.json()["data"]["user"]["email"].clone()).collect();
    assert_eq!(users, ["ada@example.com", "grace@example.com"], "it goes on where it stopped");
    webhook(&running, "it works", |webhook| webhook["disabled"].is_null() && webhook["failingSince"].is_null()).await;
}

async fn start_with(data: tempfile::TempDir, hands: &Hands, webhooks: WebhookOptions) -> Running {
    let options = Options { clock: hands.clock(), webhooks, ..options(data.path()) };
    let server = Server::start(options).await.expect("it starts");
    Running { control: server.control(), server, data }
}

async fn restart_with(running: Running, hands: &Hands, webhooks: WebhookOptions) -> Running {
    running.server.shutdown().await;
    start_with(running.data, hands, webhooks).await
}

#[tokio::test(flavor = "multi_thread")]
async fn time_in_which_nothing_is_tried_disables_nothing() {
    let hands = Hands::new();
    let options = WebhookOptions::default;
    let mut running = start_with(tempfile::tempdir().expect("a folder"), &hands, options()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(500));
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    for attempts in 1..4 {
        newest(&running, &path, "another attempt", |row| row["attempts"] == attempts).await;
        // Asleep.
        hands.advance(7 * 24 * 3_600);
    }
    for attempts in 4..9 {
        newest(&running, &path, "another attempt", |row| row["attempts"] == attempts).await;
        // Closed.
        running.server.shutdown().await;
        hands.advance(25 * 3_600);
        running = start_with(running.data, &hands, options()).await;
    }
    newest(&running, &path, "the ninth attempt", |row| row["attempts"] == 9).await;
    let failing = running.person("GET", &webhooks(&running).await, None).await[0].clone();
    assert_eq!((&failing["disabled"], &failing["waiting"]), (&Value::Null, &json!(1)), "{failing}");
    assert!(failing["failingSince"].as_str().expect("it is failing").starts_with("2026-06-07"), "{failing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_holds_nothing_up() {
    let hands = Hands::new();
    let running = start_with(tempfile::tempdir().expect("a folder"), &hands, WebhookOptions::default()).await;
    let directory = running.directory("Acme Corp").await;
    let asks = |number, _: &Received| match number {
        0 => Reply::Status(500),
        1 => Reply::With(503, "Retry-After", "7200".to_owned()),
        _ => Reply::Status(200),
    };
    let receiver = Receiver::start(asks);
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    for attempts in [1, 2] {
        newest(&running, &path, "it failed", |row| row["attempts"] == attempts).await;
        hands.advance(-400 * 24 * 3_600);
    }
    newest(&running, &path, "it arrived", |row| row["state"] == "delivered").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_to_be_left_alone_is_left_alone() {
    let hands = Hands::new();
    let running = start_with(tempfile::tempdir().expect("a folder"), &hands, soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|number, _| {
        let status = if number == 0 { 429 } else { 503 };
        Reply::With(status, "Retry-After", "3600".to_owned())
    });
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    let held = webhook(&running, "she waits", |webhook| webhook["waiting"] == 1).await;
    assert_eq!(held["nextTryAt"], "2026-06-07T13:03:11.000Z", "an hour later: {held}");
    directory.people(["grace", "alan", "joan", "lise"]).await;
    let test = format!("{path}/test");
    running.person("POST", &test, None).await;
    assert_eq!(received(&receiver, 2).await[1].kind(), "webhook.test", "a person may, nobody else");

    // Over a restart, too.
    let running = restart_with(running, &hands, soon()).await;
    let directory = running.known(&directory.id, &directory.token);
    directory.people(["emmy"]).await;
    running.person("POST", &test, None).await;
    assert_eq!(received(&receiver, 3).await[2].kind(), "webhook.test");

    // After a person has changed something it is tried once.
    for is_enabled in [false, true] {
        running.person("PATCH", &path, Some(json!({"isEnabled": is_enabled}))).await;
    }
    newest(&running, &path, "the second attempt", |_| receiver.received().len() == 4).await;
    webhook(&running, "it pauses again", |webhook| webhook["nextTryAt"] == held["nextTryAt"]).await;
    running.person("POST", &test, None).await;
    let kinds: Vec<_> = received(&receiver, 5).await.iter().map(Received::kind).collect();
    assert_eq!(kinds[3..], ["user.created", "webhook.test"]);

    receiver.answer(|_, _| Reply::Status(200));
    hands.advance(3_601);
    let users: Vec<_> =
        received(&receiver, 11).await[5..].iter().map(|it| it.json()["data"]["user"]["email"].clone()).collect();
    assert_eq!(users, ["ada", "grace", "alan", "joan", "lise", "emmy"].map(|name| format!("{name}@example.com")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_the_environment_is_not_sent_any_more() {
    for (way, logged) in [("delete", 1), ("reset", 1), ("move", 2)] {
        let running = start(soon()).await;
        let directory = running.directory("Acme Corp").await;
        let other = running.directory("Globex").await;
        let barrier = Arc::new(Barrier::new(2));
        let held = barrier.clone();
        let receiver = Receiver::start(move |number, _| match number {
            0 => Reply::Held(held.clone(), 200),
            _ => Reply::Status(200),
        });
        let (path, _) = add_to(&running, &receiver).await;
        // Read at once, so that the others wait in memory while the first is under way.
        running.person("PATCH", &path, Some(json!({"isEnabled": false}))).await;
        directory.people(["ada", "alan", "joan", "lise"]).await;
        other.people(["grace"]).await;
        running.person("PATCH", &path, Some(json!({"isEnabled": true}))).await;
        received(&receiver, 1).await;
        let of_directory = format!("/api/directories/{}", directory.id);
        match way {
            "delete" => running.person("DELETE", &of_directory, Some(json!({"name": "Okta"}))).await,
            "reset" => running.person("POST", &format!("{of_directory}/reset"), None).await,
            _ => {
                let environment = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await;
                let new = json!({"environmentId": environment["id"], "name": "Acme Corp"});
                let organization = running.person("POST", "/api/organizations", Some(new)).await;
                running.person("PATCH", &of_directory, Some(json!({"organizationId": organization["id"]}))).await
            }
        };
        blocking(move || barrier.wait()).await;
        let users: Vec<_> =
            received(&receiver, 2).await.iter().map(|it| it.json()["data"]["user"]["email"].clone()).collect();
        assert_eq!(users, ["ada@example.com", "grace@example.com"], "{way}");
        let is_hers = |row: &Value| row["resource"]["name"] == "grace@example.com" && row["state"] == "delivered";
        newest(&running, &path, "hers is logged", is_hers).await;
        let page = running.person("GET", &format!("{path}/deliveries"), None).await;
        assert_eq!(page["items"].as_array().expect("rows").len(), logged, "{way}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gone_disables_only_where_it_was_sent() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let there = Receiver::start(|_, _| Reply::Status(200));
    for by_person in [true, false] {
        let barrier = Arc::new(Barrier::new(2));
        let held = barrier.clone();
        let former = Receiver::start(move |_, _| Reply::Held(held.clone(), 410));
        let (path, _) = add_to(&running, &former).await;
        let test = format!("{path}/test");
        let change = async {
            received(&former, 1).await;
            running.person("PATCH", &path, Some(json!({"url": there.url()}))).await;
            blocking(move || barrier.wait()).await;
        };
        if by_person {
            tokio::join!(running.person("POST", &test, None), change);
        } else {
            directory.people(["ada"]).await;
            change.await;
        }
        let count = there.received().len();
        let name = if by_person { "grace" } else { "alan" };
        directory.people([name]).await;
        received(&there, count + 1).await;
        let all = running.person("GET", &webhooks(&running).await, None).await;
        assert!(all.as_array().expect("webhooks").iter().all(|webhook| webhook["disabled"].is_null()), "{all}");
        running.person("DELETE", &path, None).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_wanted_any_more_is_given_up() {
    let schedule = [0, 3_600, 3_600].map(Duration::from_secs).into();
    let running = start(WebhookOptions { schedule, ..WebhookOptions::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|number, _| Reply::Status(if number == 0 { 500 } else { 200 }));
    let (path, _) = add_to(&running, &receiver).await;
    let [ada] = directory.people(["ada"]).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    webhook(&running, "both wait", |webhook| webhook["waiting"] == 2).await;
    running.person("PATCH", &path, Some(json!({"types": ["user.deleted"]}))).await;
    assert_eq!(received(&receiver, 2).await[1].kind(), "user.deleted");
    webhook(&running, "nothing waits", |webhook| webhook["waiting"] == 0).await;
    let rows = running.person("GET", &format!("{path}/deliveries"), None).await["items"].clone();
    let row = |row: &Value| json!([row["type"], row["state"], row["error"]]);
    let rows: Vec<_> = rows.as_array().expect("rows").iter().map(row).collect();
    let given_up = json!(["user.created", "failed", "The webhook no longer sends events of this type."]);
    assert_eq!(rows, [json!(["user.deleted", "delivered", null]), given_up]);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_one_that_is_slow_silences_no_other() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let slow = Receiver::start(|_, _| Reply::Silence);
    let fast = Receiver::start(|_, _| Reply::Status(200));
    let (changed, _) = add_to(&running, &slow).await;
    let (path, _) = add_to(&running, &fast).await;
    directory.people(["ada"]).await;
    received(&fast, 1).await;
    received(&slow, 1).await;
    // While its sender is being ended, which takes as long as it may.
    running.person("PATCH", &changed, Some(json!({"types": ["user.created"]}))).await;
    running.person("PATCH", &path, Some(json!({"isEnabled": false}))).await;
    directory.people(["grace"]).await;
    running.person("PATCH", &path, Some(json!({"isEnabled": true}))).await;
    directory.people(["alan"]).await;
    let users: Vec<_> = received(&fast, 3).await.iter().map(|it| it.json()["data"]["user"]["email"].clone()).collect();
    assert_eq!(users, ["ada", "grace", "alan"].map(|name| format!("{name}@example.com")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_when_a_body_is_not_what_was_sent() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    let row = newest(&running, &path, "it is delivered", |row| row["state"] == "delivered").await;
    let delivery = format!("{path}/deliveries/{}", row["eventId"].as_str().expect("an id"));
    let detail = running.person("GET", &delivery, None).await;
    assert_eq!((&detail["body"], &detail["isBodyAsSent"]), (&json!(receiver.received()[0].body), &json!(true)));
    running.person("PATCH", &format!("/api/directories/{}", directory.id), Some(json!({"name": "Entra"}))).await;
    let detail = running.person("GET", &delivery, None).await;
    assert!(detail["body"] != json!(receiver.received()[0].body) && detail["isBodyAsSent"] == false, "{detail}");
    // As it is now for one attempt, and as it was for another.
    running.person("POST", &format!("{delivery}/attempts"), None).await;
    let detail = running.person("GET", &delivery, None).await;
    assert_eq!((&detail["body"], &detail["isBodyAsSent"]), (&json!(receiver.received()[1].body), &json!(false)));
}

/// How long it takes to shut down while so many endpoints do not answer.
async fn time_to_shut_down(slow: usize) -> Duration {
    let running = start(WebhookOptions::default()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Silence);
    for _ in 0..slow {
        add_to(&running, &receiver).await;
    }
    directory.people(["ada"]).await;
    received(&receiver, slow).await;
    let before = std::time::Instant::now();
    running.server.shutdown().await;
    before.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_slow_endpoints_hold_up_the_end_no_longer_than_one() {
    let one = time_to_shut_down(1).await;
    let many = time_to_shut_down(8).await;
    assert!(many < 4 * one, "{many:?} instead of {one:?}");
}

/// Fails, with as many long headers as an answer may have.
fn fails_at_length() -> Reply {
    let header = |number| format!("X-{number}-{}: {}", "n".repeat(800), "v".repeat(700));
    let headers: Vec<_> = (0..40).map(header).collect();
    Reply::With(500, "X-First", format!("1\r\n{}", headers.join("\r\n")))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_answers_has_a_bound() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| fails_at_length());
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    let row = newest(&running, &path, "it is given up", |row| row["state"] == "failed").await;
    let event = row["eventId"].as_str().expect("an id");
    let attempts = running.person("GET", &format!("{path}/deliveries/{event}"), None).await["attempts"].clone();
    assert!(attempts.to_string().len() <= 64 << 10, "{}", attempts.to_string().len());
    let attempts = attempts.as_array().expect("attempts");
    assert_eq!(attempts.len(), 10, "each is named");
    let headers = |attempt: &Value| attempt["responseHeaders"].as_array().expect("headers").clone();
    assert!(headers(&attempts[0]).is_empty() && attempts[0]["isTruncated"] == true, "the oldest answer is let go of");
    let newest = headers(&attempts[9]);
    assert_eq!(newest.len(), 40, "the newest is kept");
    let is_short = |text: &Value| text.as_str().is_some_and(|text| text.len() <= 512);
    assert!(newest.iter().flat_map(|header| header.as_array().expect("a pair")).all(is_short), "{newest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_what_waits_has_a_bound() {
    let schedule = [0, 3_600].map(Duration::from_secs).into();
    let running = start(WebhookOptions { schedule, ..WebhookOptions::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| fails_at_length());
    let (path, _) = add_to(&running, &receiver).await;
    for number in 0..460 {
        assert_eq!(directory.idp("POST", "/Users", Some(user(&format!("user{number}")))).await.status, 201);
    }
    webhook(&running, "all wait", |webhook| webhook["waiting"] == 460).await;
    let page = running.person("GET", &format!("{path}/deliveries?limit=1"), None).await;
    let event = page["items"][0]["eventId"].as_str().expect("an id");
    let detail = running.person("GET", &format!("{path}/deliveries/{event}"), None).await;
    let size = detail["attempts"].to_string().len();
    assert!(460 * size > 16 << 20, "that would be too much: {size} each");
    running.server.shutdown().await;
    let connection = rusqlite::Connection::open(running.data.path().join("requests.sqlite3")).expect("a database");
    let kept = "SELECT sum(length(detail)) FROM deliveries";
    let kept: i64 = connection.query_row(kept, [], |row| row.get(0)).expect("a sum");
    assert!((8 << 20..=(16 << 20) + 460 * 2).contains(&kept), "{kept} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_nothing_but_failures_disable() {
    let hands = Hands::new();
    let running = start_with(tempfile::tempdir().expect("a folder"), &hands, WebhookOptions::default()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(500));
    let (path, _) = add_to(&running, &receiver).await;
    directory.people(["ada"]).await;
    for attempts in 1..=10 {
        newest(&running, &path, "another attempt", |row| row["attempts"] == attempts).await;
        // Longer than the next wait.
        hands.advance(22 * 3_600);
        let (webhooks, is_disabled) = (webhooks(&running).await, |webhook: &Value| webhook["disabled"].is_object());
        let state = running.person("GET", &webhooks, None).await[0].clone();
        assert!(!is_disabled(&state) || attempts >= 7, "five days are not over: {state}");
        if attempts == 7 {
            break;
        }
    }
    let disabled = webhook(&running, "it is disabled", |webhook| webhook["disabled"].is_object()).await;
    assert_eq!(disabled["disabled"]["because"], "failing", "{disabled}");
    assert_eq!(disabled["waiting"], 1, "nothing is lost: {disabled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_kept_any_more_is_said_and_not_made_up() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let (path, _) = add_to(&running, &receiver).await;
    running.person("PATCH", &path, Some(json!({"isEnabled": false}))).await;
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    for round in 0..30 {
        rename(&directory, &ada, &format!("Title {round}")).await;
    }
    rename(&directory, &grace, "Director").await;
    running.person("PATCH", "/api/settings", Some(json!({"keepChanges": 10}))).await;
    let kept = events(&running).await;
    assert!(kept.len() < 20, "the rest was let go: {}", kept.len());
    assert!(receiver.received().is_empty(), "it was disabled");
    running.person("PATCH", &path, Some(json!({"isEnabled": true}))).await;
    let all = received(&receiver, kept.len()).await;
    assert_eq!(all.iter().map(Received::json).collect::<Vec<_>>(), kept);
    webhook(&running, "it is said", |webhook| webhook["missedAt"].is_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_can_be_replaced() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let (path, first) = add_to(&running, &receiver).await;
    assert!(first.starts_with("whsec_") && first.len() == 50, "{first}");
    let rotated = running.person("POST", &format!("{path}/secret"), None).await;
    let second = rotated["secret"].as_str().expect("a secret").to_owned();
    assert_ne!(first, second);
    let answers = first.clone();
    receiver.answer(move |_, _| Reply::With(200, "X-Debug", answers.clone()));
    directory.people(["ada"]).await;
    let sent = received(&receiver, 1).await;
    assert!(verifies(&sent[0], &second) && !verifies(&sent[0], &first));
    let row = newest(&running, &path, "it is delivered", |row| row["state"] == "delivered").await;
    let event = row["eventId"].as_str().expect("an id");
    let told = [
        running.person("GET", &webhooks(&running).await, None).await,
        running.person("GET", &format!("{path}/deliveries"), None).await,
        running.person("GET", &format!("{path}/deliveries/{event}"), None).await,
    ];
    for secret in [&first, &second] {
        assert!(told.iter().all(|told| !told.to_string().contains(secret.as_str())), "{told:?}");
    }
    let headers = &told[2]["attempts"][0]["responseHeaders"];
    assert!(headers.to_string().contains("whsec_••••"), "what an answer repeats is masked: {headers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_takes_its_log_along() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    let (path, _) = add_to(&running, &receiver).await;
    let (temporary, _) = add(&running, json!({"url": receiver.url(), "isTemporary": true})).await;
    directory.people(["ada"]).await;
    let is_logged = |row: &Value| row["state"] == "delivered";
    newest(&running, &path, "it is logged", is_logged).await;
    newest(&running, &temporary, "it is logged", is_logged).await;
    running.person("DELETE", &format!("/api/directories/{}", directory.id), Some(json!({"name": "Okta"}))).await;
    let page = running.person("GET", &format!("{path}/deliveries"), None).await;
    assert_eq!(page["items"], json!([]), "the directory is gone: {page}");

    let running = restart(running, soon()).await;
    assert_eq!(running.person("GET", &webhooks(&running).await, None).await.as_array().expect("webhooks").len(), 1);
    running.person("POST", &format!("{path}/test"), None).await;
    running.person("DELETE", &path, None).await;
    running.person_refused("GET", &format!("{path}/deliveries"), None).await;
    running.server.shutdown().await;
    let connection = rusqlite::Connection::open(running.data.path().join("requests.sqlite3")).expect("a database");
    for table in ["deliveries", "webhook_progress"] {
        let count = connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        assert_eq!(count.expect("a count"), 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_sends_nothing_twice_and_loses_nothing() {
    let running = start(soon()).await;
    let directory = running.directory("Acme Corp").await;
    let receiver = Receiver::start(|_, _| Reply::Status(200));
    add_to(&running, &receiver).await;
    directory.people(["ada", "grace", "alan"]).await;
    received(&receiver, 3).await;
    let running = restart(running, soon()).await;
    let directory = running.known(&directory.id, &directory.token);
    assert_eq!(directory.idp("POST", "/Users", Some(user("joan"))).await.status, 201);
    let all = received(&receiver, 4).await;
    let users: Vec<_> = all.iter().map(|it| it.json()["data"]["user"]["email"].clone()).collect();
    assert_eq!(users, ["ada", "grace", "alan", "joan"].map(|name| format!("{name}@example.com")));
}
