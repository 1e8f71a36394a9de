//! What a request meant, in a sentence: "Okta checked whether ada@example.com exists → no match".

use idp::IdpId;

use crate::facts::{BulkTally, Discovery, Facts, Match, Operation, Refusal};
use crate::insight::count;
use crate::model::{Actor, AuthVerdict, Change, ChangeKind, MembersChange, ResourceKind, Sentence};

/// A request that has been answered, and what is known of it.
pub(crate) struct Answered<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) method: &'a str,
    /// Path and query below the base URL as they are shown.
    pub(crate) path: &'a str,
    pub(crate) verdict: AuthVerdict,
    pub(crate) changes: &'a [Change],
    pub(crate) facts: &'a Facts,
}

/// The sentence for a request.
pub(crate) fn summary(answered: &Answered<'_>) -> Sentence {
    let facts = answered.facts;
    if facts.is_visit {
        return visited(answered);
    }
    if let Some(reason) = &facts.nearly_right {
        let text = format!("{} called a wrong address", answered.actor);
        return Sentence { text, subject: None, outcome: Some(reason.clone()) };
    }
    match &facts.refusal {
        Some(Refusal { status: 401, .. }) if facts.is_their_answer() => {
            return plain(format!("Rejected by your server: {}", short_verdict_there(answered.verdict)));
        }
        Some(Refusal { status: 401, .. }) => return plain(format!("Rejected: {}", short_verdict(answered.verdict))),
        // What the method works on instead is no reason to name.
        Some(Refusal { status: 405, .. }) => return sent(answered),
        Some(refusal) => return failed(answered, refusal),
        None => {}
    }
    if let Some(tally) = facts.bulk {
        return bulk(answered.actor, tally);
    }
    // Reading finds what has become otherwise at a server that requests are passed on to; whoever reads has not done it.
    let is_reading = ["GET", "HEAD"].contains(&answered.method);
    match answered.changes.iter().rev().find(|change| !is_reading && is_main(answered, change)) {
        Some(change) => changed(answered.actor, change),
        None => looked(answered),
    }
}

fn visited(answered: &Answered<'_>) -> Sentence {
    let facts = answered.facts;
    let what = match facts.operation {
        Operation::List(None) if !facts.leads_nowhere => "the base URL",
        _ => answered.path,
    };
    Sentence {
        text: format!("{} opened {what}", IdpId::Browser.name()),
        subject: None,
        outcome: facts.nearly_right.clone(),
    }
}

fn bulk(actor: &Actor, BulkTally { worked, failed }: BulkTally) -> Sentence {
    let text = format!("{actor} sent {} in one request", count(worked + failed, "operation"));
    let outcome = if failed == 0 { "all worked".to_owned() } else { format!("{failed} failed") };
    Sentence { text, subject: None, outcome: Some(outcome) }
}

/// Why a token was refused, in a few words.
pub(crate) fn short_verdict(verdict: AuthVerdict) -> &'static str {
    match verdict {
        AuthVerdict::Missing => "there is no bearer token",
        AuthVerdict::Malformed => "the token is not sent as Bearer and a token",
        AuthVerdict::Retired => "the bearer token was replaced",
        AuthVerdict::OtherDirectory => "the bearer token is that of another directory",
        AuthVerdict::NoTokenYet => "this directory has no bearer token yet",
        _ => "the bearer token does not match",
    }
}

/// The same of a token that another server has refused.
fn short_verdict_there(verdict: AuthVerdict) -> &'static str {
    match verdict {
        AuthVerdict::Missing => "there is no bearer token",
        _ => "it refused the token",
    }
}

fn failed(answered: &Answered<'_>, refusal: &Refusal) -> Sentence {
    let Answered { actor, method, path, facts, .. } = *answered;
    let name = facts.resource.name.as_deref();
    let could_not = |what: &str, kind: ResourceKind| {
        let whom = name.map_or_else(|| format!("a {}", kind.noun()), str::to_owned);
        Sentence { text: format!("{actor} could not {what} {whom}"), subject: name.map(str::to_owned), outcome: None }
    };
    if let (404, "GET", Some(sought)) = (refusal.status, method, facts.sought()) {
        let text = format!("{actor} checked whether {sought} exists");
        return Sentence { text, subject: None, outcome: Some("404 instead of an empty list".to_owned()) };
    }
    let intent = match (method, facts.resource.kind) {
        ("POST", Some(kind)) => could_not("create", kind),
        ("PUT" | "PATCH", Some(kind)) if facts.deactivates => could_not("deactivate", kind),
        ("PUT" | "PATCH", Some(kind)) => could_not("update", kind),
        ("DELETE", Some(kind)) => could_not("delete", kind),
        ("GET", Some(kind)) if refusal.status == 404 => {
            let place = if facts.forwarded.is_some() { "there" } else { "here" };
            plain(format!("{actor} asked for a {} that is not {place}", kind.noun()))
        }
        _ => plain(format!("{actor} sent {method} {path}")),
    };
    match &refusal.detail {
        Some(detail) if refusal.status != 404 => Sentence { text: format!("{}: {detail}", intent.text), ..intent },
        _ => intent,
    }
}

/// Whether a change is the one asked for, and not a membership that went with a deleted resource.
fn is_main(answered: &Answered<'_>, change: &Change) -> bool {
    answered.method != "DELETE" || change.kind == ChangeKind::Deleted
}

fn changed(actor: &Actor, change: &Change) -> Sentence {
    let name = &change.resource_name;
    let text = match change.kind {
        ChangeKind::Created => format!("{actor} created {name}"),
        ChangeKind::Deleted => format!("{actor} deleted {name}"),
        ChangeKind::Deactivated => format!("{actor} deactivated {name}"),
        ChangeKind::Reactivated => format!("{actor} reactivated {name}"),
        ChangeKind::Updated => format!("{actor} updated {name}, {}", count(change.fields.len() as u64, "attribute")),
        ChangeKind::MembersChanged => membership(actor, name, change.members.as_ref()),
    };
    Sentence { text, subject: Some(name.clone()), outcome: None }
}

fn membership(actor: &Actor, name: &str, members: Option<&MembersChange>) -> String {
    let (added, removed) = members.map_or((0, 0), |members| (members.added_count, members.removed_count));
    match (added, removed) {
        (added, 0) => format!("{actor} added {} to {name}", count(added, "member")),
        (0, removed) => format!("{actor} removed {} from {name}", count(removed, "member")),
        (added, removed) => format!("{actor} added {} to {name} and removed {removed}", count(added, "member")),
    }
}

fn looked(answered: &Answered<'_>) -> Sentence {
    let Answered { actor, method, facts, .. } = *answered;
    match (method, &facts.resource.name, facts.total()) {
        ("GET" | "POST", _, Some(found)) => queried(answered, found),
        ("GET", Some(name), _) => named(format!("{actor} read {name}"), name),
        ("PUT" | "PATCH", Some(name), _) if facts.is_their_answer() => {
            let verb = if facts.deactivates { "deactivated" } else { "updated" };
            named(format!("{actor} {verb} {name}"), name)
        }
        ("PUT" | "PATCH", Some(name), _) => {
            Sentence { outcome: Some("nothing changed".into()), ..named(format!("{actor} updated {name}"), name) }
        }
        _ => match facts.operation {
            Operation::Discover(Discovery::ServiceProviderConfig) => {
                plain(format!("{actor} read what this server can do"))
            }
            Operation::Discover(Discovery::Schemas) => plain(format!("{actor} read the schemas")),
            Operation::Discover(Discovery::ResourceTypes) => plain(format!("{actor} read the resource types")),
            _ => sent(answered),
        },
    }
}

fn sent(answered: &Answered<'_>) -> Sentence {
    plain(format!("{} sent {} {}", answered.actor, answered.method, answered.path))
}

fn queried(answered: &Answered<'_>, found: u64) -> Sentence {
    let Answered { actor, facts, .. } = *answered;
    let query = facts.query.as_ref();
    if let Some(sought) = facts.sought() {
        let outcome = match query.and_then(|query| query.matched.as_ref()) {
            Some(Match { attribute, .. }) => format!("{} by {attribute}", matches(found)),
            None => matches(found),
        };
        let text = format!("{actor} checked whether {sought} exists");
        return Sentence { text, subject: None, outcome: Some(outcome) };
    }
    if facts.operation == Operation::TestConnection {
        return plain(format!("{actor} tested the connection"));
    }
    let kind = facts.operation.kind().map_or("resource", ResourceKind::noun);
    let is_filtered = query.is_some_and(|query| query.is_filtered);
    let text = if is_filtered { format!("{actor} searched {kind}s") } else { format!("{actor} listed {kind}s") };
    Sentence { text, subject: None, outcome: Some(if is_filtered { matches(found) } else { found.to_string() }) }
}

fn matches(found: u64) -> String {
    match found {
        0 => "no match".to_owned(),
        1 => "1 match".to_owned(),
        more => format!("{more} matches"),
    }
}

fn plain(text: String) -> Sentence {
    Sentence { text, subject: None, outcome: None }
}

fn named(text: String, name: &str) -> Sentence {
    Sentence { text, subject: Some(name.to_owned()), outcome: None }
}
