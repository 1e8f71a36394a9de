//! The simulator over the control API, as the window uses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::faulty::{Fault, Faulty, Reply};
use crate::harness::{Directory, Running};

impl Running {
    /// Starts a run for a directory and waits until it is over; returns the page with its first steps or checks.
    pub(super) async fn simulate(&self, directory: &Directory, mut new: Value) -> Value {
        new["directoryId"] = directory.id.as_str().into();
        let begun = self.person("POST", "/api/simulations", Some(new)).await;
        let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
        self.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await
    }
}

pub(super) fn scenario(scenario: &str) -> Value {
    json!({ "what": { "kind": "scenario", "provider": "okta-aiw", "scenario": scenario } })
}

/// A directory that has no token at all.
pub(super) async fn untouched(running: &Running) -> Directory {
    let directory = running.directory("Acme").await;
    let path = format!("/api/directories/{}", directory.id);
    assert_eq!(running.person("GET", &path, None).await["lastRequest"], Value::Null);
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_okta_is_recorded_as_simulated() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let page = running.simulate(&directory, scenario("lifecycle")).await;
    let run = &page["simulation"];
    assert_eq!(
        (&run["title"], &run["failed"], &run["targetKind"]),
        (&json!("Full lifecycle as Okta"), &json!(0), &json!("local"))
    );
    let steps = page["steps"].as_array().expect("steps");
    assert_eq!(run["total"], steps.len());
    assert!(steps.iter().all(|step| step["exchange"].is_null()), "a list has no exchanges");
    let id = run["id"].as_str().expect("an id");
    let step = running.person("GET", &format!("/api/simulations/{id}/steps/3"), None).await;
    assert_eq!((&step["title"], &step["exchange"]["status"]), (&json!("Create Ada Lovelace"), &json!(201)));
    let exchanges = directory.exchanges(&running, steps.len()).await;
    assert!(exchanges.iter().all(|exchange| exchange["row"]["isSimulated"] == true), "{exchanges:?}");
    let create = exchanges.iter().find(|exchange| exchange["row"]["method"] == "POST").expect("a POST");
    assert_eq!(
        (&create["row"]["actor"]["idp"], &create["row"]["summary"]["text"]),
        (&json!("okta"), &json!("Okta created Ada Lovelace"))
    );
    assert_eq!(create["changes"][0]["actor"]["name"], "Simulator");
    let users = running.person("GET", &format!("/api/directories/{}/users", directory.id), None).await;
    assert_eq!(users["items"][0]["source"]["name"], "Simulator");
    // Nobody should think that the identity provider is set up.
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!((&read["lastRequest"], &read["rejected"]), (&Value::Null, &Value::Null));
    let guide = running.person("GET", &format!("/api/directories/{}/guide", directory.id), None).await;
    let is_seen = |step: &Value| step["state"]["is"] == "seen";
    assert!(!guide["steps"].as_array().expect("steps").iter().any(is_seen), "{guide}");
    running.server.shutdown().await;
    let again = Running::start_in(running.data).await;
    let guide = again.person("GET", &format!("/api/directories/{}/guide", directory.id), None).await;
    assert!(!guide["steps"].as_array().expect("steps").iter().any(is_seen), "nor after a start: {guide}");
    again.server.shutdown().await;
}

/// The simulator says what it sent and got; the inspector has nothing but the recorded request.
#[tokio::test(flavor = "multi_thread")]
async fn the_inspector_says_of_a_failure_what_the_simulator_says() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let mut compared = 0;
    for provider in ["okta-aiw", "okta-template", "entra", "entra-flag"] {
        let simulator = running
            .person("GET", &format!("/api/directories/{}/simulator?provider={provider}", directory.id), None)
            .await;
        let all = simulator["scenarios"].as_array().expect("scenarios").iter();
        for mistake in
            all.filter(|scenario| scenario["kind"] == "mistake").map(|scenario| scenario["id"].as_str().expect("an id"))
        {
            let directory = running.directory(&format!("{provider}, {mistake}")).await;
            let what = json!({ "kind": "scenario", "provider": provider, "scenario": mistake });
            let page = running.simulate(&directory, json!({ "what": what })).await;
            let steps: Vec<_> =
                page["steps"].as_array().expect("steps").iter().filter(|it| it["status"].is_u64()).collect();
            let exchanges = directory.exchanges(&running, steps.len()).await;
            for (step, exchange) in steps.iter().zip(&exchanges).filter(|(step, _)| step["admin"].is_object()) {
                let shown = step["admin"]["text"]
                    .as_str()
                    .expect("a text")
                    .replace("to app SCIM Setup failed", "to app … failed");
                assert_eq!(exchange["explanation"]["adminSees"]["text"], shown, "{provider}, {mistake}: {step}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 8, "a wrong token for each, and what only some can meet");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_follow_one_another_in_one_tenant_until_all_is_removed() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    running.simulate(&directory, scenario("assign-user")).await;
    let simulator = format!("/api/directories/{}/simulator?provider=okta-aiw", directory.id);
    let known = running.person("GET", &simulator, None).await;
    let steps = |known: &Value, id: &str| {
        let all = known["scenarios"].as_array().expect("scenarios").iter();
        all.clone().find(|scenario| scenario["id"] == id).map(|scenario| scenario["steps"].clone())
    };
    assert_eq!(steps(&known, "deactivate"), Some(json!(2)), "Ada is there already");
    assert_eq!((&known["usersMade"], &known["latest"]["state"]), (&json!(1), &json!("finished")));
    let page = running.simulate(&directory, scenario("deactivate")).await;
    let titles: Vec<&str> =
        page["steps"].as_array().expect("steps").iter().filter_map(|step| step["title"].as_str()).collect();
    assert_eq!(titles, ["Read Ada Lovelace", "Deactivate Ada Lovelace"]);
    let page = running.simulate(&directory, json!({ "what": { "kind": "cleanUp" } })).await;
    assert_eq!(page["simulation"]["passed"], 1, "{page}");
    let known = running.person("GET", &simulator, None).await;
    assert_eq!((&known["usersMade"], steps(&known, "deactivate")), (&json!(0), Some(json!(4))));
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_wrong_on_purpose_alarms_nobody() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let page = running.simulate(&directory, scenario("wrong-token")).await;
    assert_eq!((&page["simulation"]["failed"], &page["steps"][0]["status"]), (&json!(0), &json!(401)));
    let exchange = directory.newest_exchange(&running, 1).await;
    assert_eq!((&exchange["row"]["isSimulated"], &exchange["row"]["status"]), (&json!(true), &json!(401)));
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(read["rejected"], Value::Null, "no banner tells to rotate the token");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_is_written_to_only_after_consent_and_left_as_it_was() {
    let (running, other) = (Running::start().await, Running::start().await);
    let (directory, foreign) = (untouched(&running).await, other.directory("Foreign").await);
    let target = json!({ "kind": "foreign", "baseUrl": foreign.base_url, "token": foreign.token });
    let mut new = scenario("lifecycle");
    new["target"] = target;
    new["directoryId"] = directory.id.as_str().into();
    let (status, refusal) = running.person_refused("POST", "/api/simulations", Some(new.clone())).await;
    assert_eq!((status, &refusal["field"]), (422, &json!("confirmed")), "{refusal}");
    assert!(refusal["message"].as_str().is_some_and(|text| text.contains("\"sim-\"")), "{refusal}");
    new["confirmed"] = true.into();
    let page = running.simulate(&directory, new).await;
    assert_eq!(
        (&page["simulation"]["failed"], &page["simulation"]["targetKind"]),
        (&json!(0), &json!("foreign")),
        "{page}"
    );
    let exchanges = foreign.idp("GET", "/Users", None).await.json();
    assert_eq!(exchanges["totalResults"], 0, "everything was removed");
    let id = page["simulation"]["id"].as_str().expect("an id");
    let report = running.person("GET", &format!("/api/simulations/{id}/report?format=json"), None).await;
    for told in [page.to_string(), report.to_string()] {
        assert!(!told.contains(&foreign.token), "the token is kept nowhere");
    }
    for server in [running, other] {
        server.server.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_checked_one_check_again_and_exported() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let page = running.simulate(&directory, json!({ "what": { "kind": "checks", "suites": ["okta"] } })).await;
    let run = &page["simulation"];
    assert_eq!((&run["score"]["percent"], &run["suites"][0]["suite"]), (&json!(100), &json!("okta")), "{run}");
    assert_eq!(run["total"], page["outcomes"].as_array().expect("checks").len());
    let id = run["id"].as_str().expect("an id");
    let check = running.person("GET", &format!("/api/simulations/{id}/checks/okta-lookup-capitals"), None).await;
    assert!(check["exchanges"].as_array().is_some_and(|exchanges| exchanges.len() >= 2), "{check}");
    for (format, begins) in [("json", "{"), ("junit", "<?xml"), ("html", "<!DOCTYPE html>")] {
        let file = running.download(&format!("/api/simulations/{id}/report?format={format}")).await;
        assert!(file.expect("a file").starts_with(begins.as_bytes()), "{format}");
    }
    let refused = running.download("/api/simulations/nobody/report?format=html").await;
    assert!(refused.is_err_and(|why| why.contains("There is no run nobody")));
    let only = json!({ "what": { "kind": "checks", "suites": ["okta"], "only": ["okta-rename"] } });
    let again = running.simulate(&directory, only.clone()).await;
    assert_ne!(again["simulation"]["id"], run["id"]);
    for same in ["what", "title", "total", "passed", "warnings", "score", "suites"] {
        assert_eq!(again["simulation"][same], run[same], "{same}: what came of the others stays");
    }
    let other = json!({ "what": { "kind": "checks", "suites": ["rfc"], "only": ["rfc-delete"] } });
    let alone = running.simulate(&directory, other).await;
    assert_eq!((&alone["simulation"]["total"], &alone["simulation"]["title"]), (&json!(1), &json!("One check")));
    assert_eq!(running.simulate(&directory, only).await["simulation"]["passed"], 1, "there is nothing to go on with");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_without_a_token_or_with_a_wrong_one_alarm_nobody() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let page = running.simulate(&directory, json!({ "what": { "kind": "checks", "suites": ["okta", "rfc"] } })).await;
    assert_eq!(page["simulation"]["failed"], 0, "{}", page["simulation"]);
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!((&read["rejected"], &read["lastRequest"]), (&Value::Null, &Value::Null));
    let path = format!("/api/directories/{}/exchanges?limit=200&search=status:401", directory.id);
    let refused = running.eventually(&path, "refusals", |page| page["total"].as_u64() > Some(1)).await;
    for row in refused["items"].as_array().expect("requests") {
        assert_eq!(row["isSimulated"], true, "{row}");
        let exchange = running.person("GET", &format!("/api/exchanges/{}", row["id"]), None).await;
        assert!(!exchange["request"]["headers"].to_string().contains("guest"), "{exchange}");
    }
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_at_a_time_and_it_can_be_stopped() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let mut new = scenario("import-1000");
    new["directoryId"] = directory.id.as_str().into();
    let begun = running.person("POST", "/api/simulations", Some(new.clone())).await;
    let (status, refusal) = running.person_refused("POST", "/api/simulations", Some(new)).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("conflict")));
    let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
    running.eventually(&path, "some steps", |page| page["simulation"]["passed"].as_u64() > Some(10)).await;
    running.person("POST", &format!("{path}/stop"), None).await;
    let page = running.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await;
    assert_eq!(page["simulation"]["stopped"], "Stopped.");
    assert!(page["simulation"]["passed"].as_u64() < Some(2_000));
    let after = page["steps"].as_array().expect("steps").len();
    let rest = running.person("GET", &format!("{path}?after={after}"), None).await;
    assert_eq!(rest["steps"], json!([]), "nothing is told twice");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_with_its_directory() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let mut new = scenario("import-1000");
    new["directoryId"] = directory.id.as_str().into();
    let begun = running.person("POST", "/api/simulations", Some(new)).await;
    let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
    running.eventually(&path, "some steps", |page| page["simulation"]["passed"].as_u64() > Some(10)).await;
    let confirmation = json!({ "name": "Okta" });
    running.person("DELETE", &format!("/api/directories/{}", directory.id), Some(confirmation)).await;
    let page = running.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await;
    assert_eq!(page["simulation"]["stopped"], "Stopped.");
    running.server.shutdown().await;
}

/// What was known of the people before is no measure of those who come now.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_run_is_left_in_a_directory_that_begins_anew() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    running.simulate(&directory, scenario("assign-user")).await;
    let mut new = scenario("import-1000");
    new["directoryId"] = directory.id.as_str().into();
    let begun = running.person("POST", "/api/simulations", Some(new)).await;
    let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
    running.eventually(&path, "some steps", |page| page["simulation"]["passed"].as_u64() > Some(10)).await;
    let reset = running.person("POST", &format!("/api/directories/{}/reset", directory.id), None).await;
    assert_eq!(reset["counts"]["exchanges"], 0, "what went on there was over before");
    assert_eq!(running.person("GET", "/api/tree", None).await["unattributed"]["exchanges"], 0, "and nobody has it");
    let simulator = format!("/api/directories/{}/simulator?provider=okta-aiw", directory.id);
    assert_eq!(running.person("GET", &simulator, None).await["usersMade"], 0);
    let page = running.simulate(&directory, scenario("lifecycle")).await;
    assert_eq!((&page["simulation"]["failed"], &page["simulation"]["warnings"]), (&json!(0), &json!(0)), "{page}");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_run_says_why() {
    let running = Running::start().await;
    let directory = untouched(&running).await;
    let foreign = |base_url: &str, token: &str| json!({ "kind": "foreign", "baseUrl": base_url, "token": token });
    let with = |what: Value, target: Value| json!({ "directoryId": directory.id, "what": what, "target": target, "confirmed": true });
    let lifecycle = json!({ "kind": "scenario", "provider": "okta-aiw", "scenario": "lifecycle" });
    let local = json!({ "kind": "local" });
    for (new, expected, field) in [
        (with(lifecycle.clone(), json!({ "kind": "tunnel" })), 422, "target"),
        (with(lifecycle.clone(), foreign("ftp://x", "secret")), 422, "baseUrl"),
        (with(lifecycle.clone(), foreign("https://x.example.com", " ")), 422, "token"),
        (
            with(json!({ "kind": "scenario", "provider": "google", "scenario": "push-group" }), local.clone()),
            422,
            "scenario",
        ),
        (
            with(
                json!({ "kind": "scenario", "provider": "entra", "scenario": "assign-user", "people": 0 }),
                local.clone(),
            ),
            422,
            "people",
        ),
        (with(json!({ "kind": "checks", "suites": [] }), local.clone()), 422, "suites"),
        (with(json!({ "kind": "checks", "suites": ["okta"], "only": ["rfc-delete"] }), local.clone()), 422, "suites"),
        (with(json!({ "kind": "cleanUp" }), foreign("https://x.example.com", "secret")), 422, "target"),
    ] {
        let (status, refusal) = running.person_refused("POST", "/api/simulations", Some(new.clone())).await;
        assert_eq!((status, &refusal["field"]), (expected, &json!(field)), "{new} {refusal}");
    }
    let nobody = json!({ "directoryId": "nobody", "what": lifecycle });
    assert_eq!(running.person_refused("POST", "/api/simulations", Some(nobody)).await.0, 404);
    let nonsense =
        json!({ "directoryId": directory.id, "what": { "kind": "scenario", "provider": "okta", "scenario": "x" } });
    assert_eq!(running.person_refused("POST", "/api/simulations", Some(nonsense)).await.0, 422);
    assert_eq!(running.person_refused("GET", "/api/simulations/nobody", None).await.0, 404);
    running.server.shutdown().await;
}

/// A second run has people of its own: it neither stumbles over those of the first one nor takes them for its own, even if nobody remembers it.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_lifecycle_acts_on_people_of_its_own() {
    let mut running = Running::start().await;
    let directory = untouched(&running).await;
    let mut before: Vec<String> = Vec::new();
    for (provider, is_restarted) in [
        ("okta-aiw", false),
        ("okta-aiw", false),
        ("okta-aiw", true),
        ("entra", false),
        ("entra", true),
        ("onelogin", false),
    ] {
        if is_restarted {
            running.server.shutdown().await;
            running = Running::start_in(running.data).await;
        }
        let what = json!({ "kind": "scenario", "provider": provider, "scenario": "lifecycle" });
        let page = running.simulate(&directory, json!({ "what": what })).await;
        assert_eq!(page["simulation"]["failed"], 0, "{provider}: {page}");
        let steps = page["steps"].as_array().expect("steps").iter();
        let titles: Vec<&str> = steps.map(|step| step["title"].as_str().expect("a title")).collect();
        for name in &before {
            assert!(titles.iter().all(|title| !title.contains(name)), "{provider} has to do with {name}: {titles:?}");
        }
        let created =
            titles.iter().filter_map(|title| title.strip_prefix("Create ")).filter(|it| !it.starts_with("the "));
        let created: Vec<String> = created.map(str::to_owned).collect();
        assert_eq!(created.len(), 2, "{titles:?}");
        before.extend(created);
    }
    running.server.shutdown().await;
}

/// Whoever has a server of their own needs no directory here to have it checked.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_checked_without_a_directory() {
    let (running, other) = (Running::start().await, Running::start().await);
    let foreign = other.directory("Foreign").await;
    let what = json!({ "kind": "checks", "suites": ["okta", "rfc"], "only": ["rfc-delete"] });
    for target in ["local", "tunnel"] {
        let new = json!({ "what": what, "target": { "kind": target } });
        let (status, refusal) = running.person_refused("POST", "/api/simulations", Some(new)).await;
        assert_eq!((status, &refusal["field"]), (422, &json!("directoryId")), "{refusal}");
    }
    let target = json!({ "kind": "foreign", "baseUrl": foreign.base_url, "token": foreign.token });
    let new = json!({ "what": what, "target": target, "confirmed": true });
    let begun = running.person("POST", "/api/simulations", Some(new)).await;
    assert_eq!(begun["directoryId"], Value::Null);
    let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
    let page = running.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await;
    assert_eq!(page["simulation"]["passed"], 1, "{page}");
    let checker = running.person("GET", "/api/simulator", None).await;
    assert_eq!((&checker["latest"]["id"], &checker["usersMade"]), (&begun["id"], &json!(0)));
    assert_eq!(checker["suites"].as_array().map(Vec::len), Some(3));
    // It is none of a directory's business, and stays when one goes.
    let directory = untouched(&running).await;
    let simulator = running.person("GET", &format!("/api/directories/{}/simulator", directory.id), None).await;
    assert_eq!(simulator["latest"], Value::Null);
    running.person("DELETE", &format!("/api/directories/{}", directory.id), Some(json!({ "name": "Okta" }))).await;
    running.person("GET", &path, None).await;
    running.server.shutdown().await;
}

/// What a run left is told only as long as it is there, and removed as soon as it can be.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_run_left_is_forgotten_once_it_is_gone() {
    let (running, other) = (Running::start().await, Running::start().await);
    let foreign = other.directory("Foreign").await;
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = is_mended.clone();
    let fault = Fault::instead(move |sent| {
        let is_refused = sent.method == "DELETE" && !mended.load(Ordering::Relaxed);
        is_refused.then(|| Reply::new(500, ""))
    });
    let server = Faulty::start(&foreign, fault).await;
    let target = json!({ "kind": "foreign", "baseUrl": server.base_url, "token": foreign.token });
    let what = json!({ "kind": "checks", "suites": ["rfc"], "only": ["rfc-delete"] });
    let new = json!({ "what": what, "target": target, "confirmed": true });
    let left = async || -> Vec<String> {
        let begun = running.person("POST", "/api/simulations", Some(new.clone())).await;
        let path = format!("/api/simulations/{}", begun["id"].as_str().expect("an id"));
        let page = running.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await;
        let left = page["simulation"]["usersLeft"].as_array().expect("a list").iter();
        left.map(|left| left["id"].as_str().expect("an id").to_owned()).collect()
    };
    let first = left().await;
    assert_eq!(first.len(), 1);
    foreign.idp("DELETE", &format!("/Users/{}", first[0]), None).await;
    let second = left().await;
    assert_eq!(second.len(), 1, "{second:?}");
    assert_ne!(first, second, "who is gone is not named");
    let third = left().await;
    assert!(third.len() == 2 && third.contains(&second[0]), "who is still there is named: {third:?}");
    is_mended.store(true, Ordering::Relaxed);
    assert_eq!(left().await, [""; 0]);
    assert_eq!(foreign.idp("GET", "/Users", None).await.json()["totalResults"], 0);
    for server in [running, other] {
        server.server.shutdown().await;
    }
}
