//! What an administrator sees of whom no words are known.

use idp::admin::{Job, Shown};
use idp::evidence::inferred;

use crate::provider::dialect::Trouble;

/// What is known: that it failed, and with what.
pub(in crate::provider) fn shown(job: &Job, trouble: &Trouble<'_>) -> Shown {
    let what = match job {
        Job::Connect => "The test of the connection failed".to_owned(),
        Job::Import => "The import failed".to_owned(),
        Job::Verify(who) => format!("Looking for {} failed", who.user_name),
        Job::Read(who) => format!("Reading {} failed", who.user_name),
        Job::Create(who) => format!("Creating {} failed", who.user_name),
        Job::Update(who) => format!("Updating {} failed", who.user_name),
        Job::Deactivate(who) => format!("Deactivating {} failed", who.user_name),
        Job::Reactivate(who) => format!("Reactivating {} failed", who.user_name),
        Job::Delete(who) => format!("Deleting {} failed", who.user_name),
        Job::PushGroup(name) => format!("Sending the group {name} failed"),
    };
    let why = match trouble {
        Trouble::NoAnswer(error) => error.to_string(),
        Trouble::Answer(_, findings) => findings.first().map(|finding| finding.because.clone()).unwrap_or_default(),
    };
    Shown {
        place: "The provisioning log",
        text: format!("{what}: {why}"),
        then: "What it does next is not documented.",
        evidence: inferred(""),
    }
}
