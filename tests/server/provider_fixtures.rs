//! Every fixture, over a real port against a real database file, each from an empty directory.

use std::sync::Arc;

use regex::Regex;
use serde_json::{Value, json};

use crate::fixtures::{self, Fixture, Mode};
use crate::harness::{Directory, Running, blocking};

/// The folders of `tests/data/fixtures` and how many of their fixtures say something of each mode, at the least: a folder that is not
/// found, or a reason to skip that catches too much, must not look green.
const PROVIDERS: [(&str, usize, usize); 11] = [
    ("okta", 32, 32),
    ("entra", 35, 28),
    ("authentik", 2, 2),
    ("bitwarden", 1, 0),
    ("google", 1, 1),
    ("jumpcloud", 4, 4),
    ("keycloak", 4, 4),
    ("onelogin", 3, 1),
    ("ping", 1, 1),
    ("reports", 10, 10),
    ("rfc", 24, 23),
];

async fn play_all(mode: Mode) {
    let running = Running::start().await;
    let mut failures = Vec::new();
    for (provider, in_tolerant, in_strict) in PROVIDERS {
        let mut played = 0;
        for (number, fixture) in fixtures::load(provider).into_iter().enumerate() {
            if fixture.skip_reason(mode).is_some() {
                continue;
            }
            let directory = running.directory(&format!("{provider} {number}")).await;
            if mode == Mode::Strict {
                let path = format!("/api/directories/{}", directory.id);
                running.person("PATCH", &path, Some(json!({"policy": {"mode": "strict"}}))).await;
            }
            let (fixture, target) = (Arc::new(fixture), directory.target());
            let played_fixture = fixture.clone();
            let mut failed = blocking(move || played_fixture.play(&target, mode)).await;
            failed.extend(unsaid(&running, &directory, &fixture, mode).await);
            failures.extend(failed.into_iter().map(|failure| format!("{}: {failure}", fixture.name)));
            played += 1;
        }
        let least = if mode == Mode::Strict { in_strict } else { in_tolerant };
        assert!(played >= least, "only {played} fixtures of {provider} were played");
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    running.server.shutdown().await;
}

/// What a fixture wants to be said of its request and is not: in the explanation and the notes, not in what was sent.
async fn unsaid(running: &Running, directory: &Directory, fixture: &Fixture, mode: Mode) -> Vec<String> {
    let Some((patterns, behind)) = fixture.says(mode) else { return Vec::new() };
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let is_recorded = |page: &Value| page["items"][behind]["method"] == fixture.method();
    let page = running.eventually(&path, "recording", is_recorded).await;
    let exchange = running.person("GET", &format!("/api/exchanges/{}", page["items"][behind]["id"]), None).await;
    let said = json!([exchange["explanation"], exchange["notes"]]).to_string();
    let is_unsaid = |pattern: &&&str| !Regex::new(pattern).expect(pattern).is_match(&said);
    patterns.iter().filter(is_unsaid).map(|pattern| format!("nothing says {pattern:?}: {said}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_passes_in_a_tolerant_directory() {
    play_all(Mode::Tolerant).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_passes_in_a_strict_directory() {
    play_all(Mode::Strict).await;
}
