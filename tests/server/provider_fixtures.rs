//! Every fixture, over a real port against a real database file, each from an empty directory.

use serde_json::json;

use crate::fixtures::{self, Mode};
use crate::harness::{Running, blocking};

/// The folders of `tests/data/fixtures` and how many of their fixtures say something of each mode, at the least: a folder that is not
/// found, or a reason to skip that catches too much, must not look green.
const PROVIDERS: [(&str, usize, usize); 10] = [
    ("okta", 32, 32),
    ("entra", 35, 28),
    ("authentik", 2, 2),
    ("bitwarden", 1, 0),
    ("google", 1, 1),
    ("jumpcloud", 4, 4),
    ("keycloak", 4, 4),
    ("onelogin", 3, 1),
    ("ping", 1, 1),
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
            let (name, target) = (fixture.name.clone(), directory.target());
            let failed = blocking(move || fixture.play(&target, mode)).await;
            failures.extend(failed.into_iter().map(|failure| format!("{name}: {failure}")));
            played += 1;
        }
        let least = if mode == Mode::Strict { in_strict } else { in_tolerant };
        assert!(played >= least, "only {played} fixtures of {provider} were played");
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_passes_in_a_tolerant_directory() {
    play_all(Mode::Tolerant).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_passes_in_a_strict_directory() {
    play_all(Mode::Strict).await;
}
