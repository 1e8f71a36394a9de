//! Under load, too, everything that was answered is recorded.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::role::Role;
use crate::serve::serve;

/// Connections that send at the same time.
const CONNECTIONS: usize = 16;

/// Requests of each.
const REQUESTS: usize = 320;

/// Longer than the recorder ever takes to catch up.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn every_request_of_a_burst_is_recorded() {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = serve(data.path(), &["--new-directory", "Burst"]);
    let (retired, base_url) = (serving.text("bearerToken"), serving.text("scimBaseUrl"));
    let directory = base_url.rsplit('/').next().expect("an id").to_owned();
    let mut person = Role::person(&serving);
    person.ask("PATCH", "/api/settings", Some(&json!({"keepExchanges": 100_000})));
    // Of requests that show no token of ours, most are only counted.
    let generated = person.ask("POST", &format!("/api/directories/{directory}/token"), None);
    let token = generated["token"].as_str().expect("a token");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sending: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let [idp, refused] = [token, &retired].map(|token| Role::idp(&serving, &directory, token));
                scope.spawn(move || send(connection, idp, refused))
            })
            .collect();
        sending.into_iter().flat_map(|sending| sending.join().expect("no panic")).collect()
    });
    assert_eq!(statuses.len(), CONNECTIONS * REQUESTS, "all were answered");
    let errors = statuses.iter().filter(|status| **status >= 400).count();

    let deadline = Instant::now() + PATIENCE;
    while count(&mut person, &directory, "exchanges") < statuses.len() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    for is_restarted in [false, true] {
        if is_restarted {
            serving.child.kill().expect("the program ends");
            serving.child.wait().expect("the end");
            serving = serve(data.path(), &[]);
            person = Role::person(&serving);
        }
        assert_eq!(count(&mut person, &directory, "exchanges"), statuses.len(), "restarted: {is_restarted}");
        assert_eq!(count(&mut person, &directory, "errors"), errors, "restarted: {is_restarted}");
        let paths = paths(&mut person, &directory);
        assert_eq!(paths.len(), statuses.len(), "each once; restarted: {is_restarted}");
        assert_eq!(person.get("/api/status")["recordingProblem"], Value::Null);
    }
}

/// Sends what identity providers send, and returns the statuses.
fn send(connection: usize, mut idp: Role, mut refused: Role) -> Vec<u16> {
    let mut id = String::new();
    let mut statuses = Vec::with_capacity(REQUESTS);
    for number in 0..REQUESTS {
        let mark = format!("mark={connection}-{number}");
        let name = format!("user-{connection}-{number}@example.com");
        let replace = json!([{"op": "replace", "path": "title", "value": mark}]);
        let patch = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": replace});
        let answer = match number % 8 {
            0 => idp.send("POST", &format!("/Users?{mark}"), Some(&json!({ "userName": name }))),
            1 => idp.send("PATCH", &format!("/Users/{id}?{mark}"), Some(&patch)),
            2 => idp.send("GET", &format!("/Users/none?{mark}"), None),
            3 => refused.send("GET", &format!("/Users?{mark}"), None),
            4 => idp.send("GET", &format!("/Users/{id}?{mark}"), None),
            _ => idp.send("GET", &format!("/Users?filter=userName%20eq%20%22{name}%22&{mark}"), None),
        };
        let answer = answer.expect("an answer");
        if number % 8 == 0 {
            id = answer.id();
        }
        statuses.push(answer.status);
    }
    statuses
}

fn count(person: &mut Role, directory: &str, what: &str) -> usize {
    let directory = person.get(&format!("/api/directories/{directory}"));
    directory["counts"][what].as_u64().expect("a count") as usize
}

/// The path of each recorded request, once.
fn paths(person: &mut Role, directory: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut before = String::new();
    loop {
        let page = person.get(&format!("/api/directories/{directory}/exchanges?limit=200{before}"));
        let rows = page["items"].as_array().expect("rows");
        let Some(last) = rows.last() else { return paths };
        before = format!("&before={}", last["id"]);
        for row in rows {
            let path = row["path"].as_str().expect("a path").to_owned();
            assert!(paths.insert(path), "recorded twice: {row}");
        }
    }
}
