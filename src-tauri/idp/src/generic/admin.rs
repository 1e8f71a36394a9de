//! What an administrator sees of whom no words are known.

use crate::admin::{Failure, Job, Shown};
use crate::evidence::inferred;

/// What is known: that it failed, and with what.
pub(crate) fn shown(job: &Job, failure: &Failure<'_>) -> Shown {
    let user = job.who().map_or("", |who| &who.user_name);
    let what = match job {
        Job::Connect => "The test of the connection failed".to_owned(),
        Job::Import => "The import failed".to_owned(),
        Job::Verify(_) => format!("Looking for {user} failed"),
        Job::Read(_) => format!("Reading {user} failed"),
        Job::Create(_) => format!("Creating {user} failed"),
        Job::Update(_) => format!("Updating {user} failed"),
        Job::Deactivate(_) => format!("Deactivating {user} failed"),
        Job::Reactivate(_) => format!("Reactivating {user} failed"),
        Job::Delete(_) => format!("Deleting {user} failed"),
        Job::PushGroup(name) => format!("Sending the group {name} failed"),
    };
    let why = match failure {
        Failure::NoAnswer(_, words) => words,
        Failure::Response(answer) => answer.because,
    };
    Shown {
        place: "The provisioning log",
        text: format!("{what}: {why}"),
        then: "What it does next is not documented.",
        evidence: inferred(""),
        known_from: "The words are not known.",
    }
}
