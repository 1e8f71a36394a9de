//! Requests that an earlier version recorded: what it kept for people to read, turned into facts.
//!
//! This is the only place that reads a shown path, a sentence or a kept body to learn what happened.

use scim::{Filter, Notes, Policy};
use serde_json::Value;

use super::{BulkTally, Facts, NamedResource, Operation, Refusal, Sought, leads_nowhere, read_refused_body, shown};
use crate::model::{AuthVerdict, Change, ChangeKind, DatedText, Sentence};

/// The sentence before the time at which a token was replaced.
const REPLACED: &str = "This token was replaced on ";

/// `2026-06-07T12:02:00.000Z`
const TIMESTAMP: usize = 24;

/// What an earlier version kept of a request.
pub(crate) struct Earlier<'a> {
    pub(crate) method: &'a str,
    /// Path and query below the base URL, decoded for reading.
    pub(crate) path: &'a str,
    /// Path and query as they arrived.
    pub(crate) target: &'a str,
    pub(crate) status: u16,
    pub(crate) has_directory: bool,
    pub(crate) verdict: AuthVerdict,
    pub(crate) summary: &'a Sentence,
    /// What it noted of the resource, in columns of their own.
    pub(crate) resource: NamedResource,
    /// The same of what a query compared with, or what a refused POST would have named.
    pub(crate) sought: Option<String>,
    /// The same of how many a query found.
    pub(crate) found: Option<u64>,
    pub(crate) changes: &'a [Change],
    /// The bodies, as far as they were kept.
    pub(crate) request_body: Option<&'a str>,
    pub(crate) response_body: Option<&'a str>,
}

#[cfg(test)]
impl<'a> Earlier<'a> {
    /// A request that was let in, of which nothing but its address is known.
    pub(crate) fn of(method: &'a str, target: &'a str, status: u16) -> Self {
        static NOTHING: Sentence = Sentence { text: String::new(), subject: None, outcome: None };
        Self {
            method,
            path: target,
            target,
            status,
            has_directory: true,
            verdict: AuthVerdict::Matched,
            summary: &NOTHING,
            resource: NamedResource::default(),
            sought: None,
            found: None,
            changes: &[],
            request_body: None,
            response_body: None,
        }
    }
}

/// What is known of a request that an earlier version recorded.
pub(crate) fn facts(earlier: Earlier<'_>) -> Facts {
    let query = earlier.target.split_once('?').map(|(_, query)| query);
    let segments = segments(earlier.path);
    let parameters = parameters(query.unwrap_or_default());
    let mut facts = Facts::of(earlier.method, &segments, &parameters);
    facts.refusal = (earlier.status >= 400).then(|| refusal(earlier.status, earlier.response_body));
    facts.leads_nowhere = earlier.status == 404 && (!earlier.has_directory || leads_nowhere(&segments));
    facts.nearly_right = earlier.summary.outcome.as_deref().filter(|_| facts.leads_nowhere).map(shown);
    facts.is_visit = earlier.summary.text.starts_with("A browser opened ");
    let named = NamedResource { name: earlier.summary.subject.as_deref().map(shown), ..NamedResource::default() };
    facts.resource = earlier.resource.or(std::mem::take(&mut facts.resource)).or(named);
    if let Some(change) = told_by(earlier.changes, &facts.resource) {
        facts.resource.id.get_or_insert_with(|| change.resource_id.clone());
        facts.resource.name.get_or_insert_with(|| shown(&change.resource_name));
    }
    if let Some(query) = &mut facts.query {
        let filter = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("filter"));
        let filter = filter.and_then(|(_, text)| Filter::parse(text, &Policy::tolerant(), &mut Notes::new()).ok());
        query.sought = filter.as_ref().and_then(Sought::of);
        query.total =
            earlier.found.or_else(|| total(earlier.summary.outcome.as_deref()?)).filter(|_| earlier.status < 400);
    } else if matches!(facts.operation, Operation::Create(_)) && facts.resource.user_name.is_none() {
        facts.resource.user_name = earlier.sought;
    }
    if facts.operation == Operation::Bulk {
        facts.bulk = earlier.response_body.and_then(tally).filter(|_| earlier.status < 400);
    }
    if let Some(body) = earlier.request_body {
        let is_authorized = earlier.verdict == AuthVerdict::Matched && earlier.status >= 400;
        read_refused_body(&mut facts, earlier.method, body.as_bytes(), is_authorized);
    }
    facts.note_push(earlier.method);
    facts
}

/// What a request asked for, by what is shown of it: `/Users?startIndex=1&count=2`.
#[cfg(test)]
pub(crate) fn asked(method: &str, path: &str) -> Facts {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Facts::of(method, &segments(path), &parameters(query))
}

/// A text of an earlier version with the time that it names.
pub(crate) fn dated(text: &DatedText) -> Option<DatedText> {
    let plain = text.to_string();
    let (before, rest) = plain.split_once(REPLACED)?;
    let (at, rest) = (rest.get(..TIMESTAMP)?, rest.get(TIMESTAMP..)?);
    let before = format!("{before}{}", REPLACED.trim_end_matches("on "));
    at.ends_with('Z').then(|| DatedText::from(before).at(at.to_owned()).and(rest))
}

fn segments(path: &str) -> Vec<&str> {
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

fn parameters(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The change that says what a request was about that addressed nothing, or that deleted what it addressed.
fn told_by<'a>(changes: &'a [Change], resource: &NamedResource) -> Option<&'a Change> {
    changes.iter().find(|change| resource.id.is_none() || change.kind == ChangeKind::Deleted)
}

/// `no match`, `1 match by userName`, `128`.
fn total(outcome: &str) -> Option<u64> {
    match outcome.split(' ').next()? {
        "no" => Some(0),
        number => number.parse().ok(),
    }
}

fn refusal(status: u16, answer: Option<&str>) -> Refusal {
    let mut answer: Value = answer.and_then(|answer| serde_json::from_str(answer).ok()).unwrap_or_default();
    Refusal {
        status,
        scim_type: serde_json::from_value(answer["scimType"].take()).ok(),
        detail: answer["detail"].as_str().map(shown),
        taken_by: None,
    }
}

fn tally(answer: &str) -> Option<BulkTally> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let mut tally = BulkTally::default();
    for result in answer["Operations"].as_array()? {
        let status: u16 = result["status"].as_str()?.parse().ok()?;
        if status < 400 { tally.worked += 1 } else { tally.failed += 1 }
    }
    Some(tally)
}

#[cfg(test)]
mod tests;
