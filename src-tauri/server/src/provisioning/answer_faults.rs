//! What of another server's answer the identity provider will trip over, by the rules of the simulator's checks.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use scim::shortened;
use serde_json::Value;
use simulator::Weight;
use simulator::live::{self, Asked, Fault};
use wire::Answer;

use super::query::Parameters;
use crate::facts::{Facts, shown};
use crate::model::{Actor, AnswerFault, FaultWeight};

/// Characters of what came and should have come that are kept.
const SHOWN: usize = 300;

/// What of a request is held against its answer.
pub(super) struct Question<'a> {
    pub(super) actor: &'a Actor,
    pub(super) facts: &'a Facts,
    /// The `id` that the path names.
    pub(super) id: Option<&'a str>,
    pub(super) parameters: &'a Parameters,
    pub(super) body: Option<&'a Value>,
}

/// The rules that an answer breaks.
pub(super) fn find(question: &Question<'_>, status: u16, headers: &HeaderMap, body: &[u8]) -> Vec<AnswerFault> {
    let Question { actor, facts, id, parameters, body: asked } = *question;
    let sought = facts.query.as_ref().and_then(|query| query.sought.as_ref());
    let asked = Asked {
        idp: actor.idp(),
        operation: facts.operation,
        id,
        sought: sought.map(|sought| (sought.attribute.as_str(), sought.value.as_str())),
        body: asked,
        is_projected: parameters.is_projected(),
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Unknown");
    let answer = Answer {
        status,
        reason: reason.to_owned(),
        headers: headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
        duration: Duration::ZERO,
    };
    live::faults(&asked, answer).into_iter().map(told).collect()
}

fn told(Fault { check, finding }: Fault) -> AnswerFault {
    let json = |value: &Value| shortened(&value.to_string(), SHOWN);
    AnswerFault {
        rule: check.id.to_owned(),
        title: check.title.to_owned(),
        weight: match finding.weight {
            Weight::Fails => FaultWeight::Fails,
            Weight::Warns => FaultWeight::Warns,
        },
        text: shown(&finding.because),
        expected: json(&finding.expected),
        actual: json(&finding.actual),
        section: if finding.section.is_empty() { check.section } else { finding.section }.to_owned(),
        fix: check.fix.to_owned(),
    }
}
