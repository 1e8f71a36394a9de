//! Every fixture of Okta, over a real port against a real database file, each from an empty directory.

use serde_json::json;

use crate::fixtures::{self, Mode};
use crate::harness::{Running, blocking};

async fn play_all(mode: Mode, least_played: usize) {
    let running = Running::start().await;
    let (mut played, mut failures) = (0, Vec::new());
    for (number, fixture) in fixtures::load("okta").into_iter().enumerate() {
        if fixture.skip_reason(mode).is_some() {
            continue;
        }
        let directory = running.directory(&format!("Organization {number}")).await;
        if mode == Mode::Strict {
            let path = format!("/api/directories/{}", directory.id);
            running.person("PATCH", &path, Some(json!({"policy": {"mode": "strict"}}))).await;
        }
        let (name, target) = (fixture.name.clone(), directory.target());
        let failed = blocking(move || fixture.play(&target, mode)).await;
        failures.extend(failed.into_iter().map(|failure| format!("{name}: {failure}")));
        played += 1;
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(played >= least_played, "only {played} fixtures were played");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_okta_fixture_passes_in_a_tolerant_directory() {
    play_all(Mode::Tolerant, 32).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_okta_fixture_passes_in_a_strict_directory() {
    play_all(Mode::Strict, 32).await;
}
