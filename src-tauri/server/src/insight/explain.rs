//! What a request meant, in a sentence: "Okta checked whether ada@example.com exists → no match".

use crate::insight::client;
use crate::insight::subject::{Match, Subject, Tally};
use crate::model::{AuthVerdict, Authorization, Change, ChangeKind, MembersChange, Sentence};

/// What is known of a request that has been answered.
pub(crate) struct Facts<'a> {
    pub(crate) actor: &'a str,
    pub(crate) method: &'a str,
    /// Below the base URL, decoded.
    pub(crate) path: &'a str,
    /// As it arrived.
    pub(crate) query: Option<&'a str>,
    pub(crate) status: u16,
    /// The `detail` of the error that was answered.
    pub(crate) error: Option<&'a str>,
    pub(crate) authorization: &'a Authorization,
    pub(crate) changes: &'a [Change],
    pub(crate) subject: &'a Subject,
    /// Somebody opened the address in a browser.
    pub(crate) is_visit: bool,
    /// What is nearly right about an address that leads nowhere.
    pub(crate) misaddressed: Option<&'a str>,
}

/// The sentence for a request.
pub(crate) fn summary(facts: &Facts<'_>) -> Sentence {
    if facts.is_visit {
        return visited(facts);
    }
    if let Some(reason) = facts.misaddressed {
        let text = format!("{} used an address that is nearly right", facts.actor);
        return Sentence { text, subject: None, outcome: Some(reason.to_owned()) };
    }
    if facts.status == 401 {
        return plain(format!("Rejected: {}", short_verdict(facts.authorization.verdict)));
    }
    if let Some(error) = facts.error {
        return failed(facts, error);
    }
    if let Some(tally) = facts.subject.tally {
        return bulk(facts.actor, tally);
    }
    match facts.changes.iter().rev().find(|change| is_main(facts, change)) {
        Some(change) => changed(facts.actor, change),
        None => looked(facts),
    }
}

fn visited(facts: &Facts<'_>) -> Sentence {
    let what = match (facts.path, facts.misaddressed) {
        ("/", None) => "the base URL",
        (path, _) => path,
    };
    let outcome = facts.misaddressed.map(str::to_owned);
    Sentence { text: format!("{} opened {what}", client::BROWSER), subject: None, outcome }
}

fn bulk(actor: &str, Tally { worked, failed }: Tally) -> Sentence {
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

fn failed(facts: &Facts<'_>, error: &str) -> Sentence {
    let (actor, subject) = (facts.actor, facts.subject);
    let named = subject.name.as_deref().or(subject.sought.as_deref());
    let whom = |kind: &str| named.map_or_else(|| format!("a {kind}"), str::to_owned);
    let intent = match (facts.method, kind(facts.path)) {
        ("POST", Some(kind)) => format!("{actor} could not create {}", whom(kind)),
        ("PUT" | "PATCH", Some(kind)) => format!("{actor} could not update {}", whom(kind)),
        ("DELETE", Some(kind)) => format!("{actor} could not delete {}", whom(kind)),
        ("GET", Some(kind)) if facts.status == 404 => format!("{actor} asked for a {kind} that is not here"),
        (method, _) => format!("{actor} sent {method} {}", facts.path),
    };
    let text = if facts.status == 404 { intent } else { format!("{intent}: {error}") };
    Sentence { subject: named.filter(|name| text.contains(name)).map(str::to_owned), text, outcome: None }
}

fn kind(path: &str) -> Option<&'static str> {
    match path.trim_start_matches('/').split(['/', '?']).next() {
        Some("Users") => Some("user"),
        Some("Groups") => Some("group"),
        _ => None,
    }
}

/// Whether a change is the one asked for, and not a membership that went with a deleted resource.
fn is_main(facts: &Facts<'_>, change: &Change) -> bool {
    facts.method != "DELETE" || change.kind == ChangeKind::Deleted
}

fn changed(actor: &str, change: &Change) -> Sentence {
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

fn membership(actor: &str, name: &str, members: Option<&MembersChange>) -> String {
    let (added, removed) = members.map_or((0, 0), |members| (members.added_count, members.removed_count));
    match (added, removed) {
        (added, 0) => format!("{actor} added {} to {name}", count(added, "member")),
        (0, removed) => format!("{actor} removed {} from {name}", count(removed, "member")),
        (added, removed) => format!("{actor} added {} to {name} and removed {removed}", count(added, "member")),
    }
}

fn looked(facts: &Facts<'_>) -> Sentence {
    let actor = facts.actor;
    match (facts.method, &facts.subject.name, facts.subject.found) {
        ("GET" | "POST", _, Some(found)) => queried(facts, found),
        ("GET", Some(name), _) => named(format!("{actor} read {name}"), name),
        ("PUT" | "PATCH", Some(name), _) => {
            Sentence { outcome: Some("nothing changed".into()), ..named(format!("{actor} updated {name}"), name) }
        }
        (method, _, _) => match facts.path.trim_start_matches('/') {
            "ServiceProviderConfig" => plain(format!("{actor} read what this server can do")),
            path if path.starts_with("Schemas") => plain(format!("{actor} read the schemas")),
            path if path.starts_with("ResourceTypes") => plain(format!("{actor} read the resource types")),
            _ => plain(format!("{actor} sent {method} {}", facts.path)),
        },
    }
}

fn queried(facts: &Facts<'_>, found: u64) -> Sentence {
    let actor = facts.actor;
    let kind = kind(facts.path).unwrap_or("resource");
    if let Some(sought) = &facts.subject.sought {
        let outcome = match &facts.subject.matched {
            Some(Match { attribute, .. }) => format!("{} by {attribute}", matches(found)),
            None => matches(found),
        };
        let text = format!("{actor} checked whether {sought} exists");
        return Sentence { text, subject: None, outcome: Some(outcome) };
    }
    // okta-01-test-connection: exactly this, from "Test Connector Configuration" and on saving.
    if facts.path == "/Users?startIndex=1&count=2" {
        return plain(format!("{actor} tested the connection"));
    }
    let is_filtered = facts.query.is_some_and(|query| query.to_ascii_lowercase().contains("filter="));
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

fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn plain(text: String) -> Sentence {
    Sentence { text, subject: None, outcome: None }
}

fn named(text: String, name: &str) -> Sentence {
    Sentence { text, subject: Some(name.to_owned()), outcome: None }
}
