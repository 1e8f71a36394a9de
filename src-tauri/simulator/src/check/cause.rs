//! What many failed checks have in common: a server that ignores filters fails two dozen of them.

use scim::ResourceKind;
use serde_json::Value;

use super::CheckOutcome;
use crate::exchange::Exchange;
use crate::response::Finding;

/// What to mend so that a failed check can pass, in a sentence that others with the same cause share; `None`: nothing but what the check says
/// itself.
pub(super) fn of(outcome: &CheckOutcome) -> Option<String> {
    let finding = outcome.findings.first()?;
    let last = outcome.exchanges.last()?;
    let Some(status) = last.status else { return Some("Answer every request: one was not answered.".to_owned()) };
    if let (Some(due), Some(came)) = (finding.expected["status"].as_u64(), finding.actual["status"].as_u64()) {
        if matches!(came, 401 | 403) {
            return Some(format!("Accept the token: requests are refused with {came}."));
        }
        return Some(format!("Answer {} {} with {due}, not with {came}.", last.method, shape(last)));
    }
    if !finding.actual["Content-Type"].is_null() {
        return Some("Send Content-Type: application/scim+json.".to_owned());
    }
    if status >= 400 && is_about(finding, &["schemas", "status", "detail", "scimType"]) {
        return Some("Answer errors with a SCIM error: schemas, status as a text, detail.".to_owned());
    }
    let query = last.url.split_once('?').map_or("", |(_, query)| query);
    let has = |name: &str| query.split('&').any(|parameter| parameter.starts_with(name));
    if has("attributes=") || has("excludedAttributes=") {
        return Some("Apply attributes and excludedAttributes to what is returned.".to_owned());
    }
    if has("filter=") && is_about(finding, &["totalResults", "ids", "Resources"]) {
        return Some("Apply filter: a list has others than those who meet it.".to_owned());
    }
    let is_patched =
        |exchange: &&Exchange| exchange.method == "PATCH" && exchange.status.is_some_and(|status| status < 300);
    outcome
        .exchanges
        .iter()
        .find(is_patched)
        .map(|_| "Carry out PATCH: it succeeds and does not change what it should.".to_owned())
}

/// Whether a finding is about one of these attributes.
fn is_about(finding: &Finding, attributes: &[&str]) -> bool {
    attributes.iter().any(|attribute| {
        finding.expected.get(attribute).is_some_and(|expected: &Value| *expected != finding.actual[attribute])
    })
}

/// Where a request went, whoever it was about: `/Users/{id}`.
fn shape(exchange: &Exchange) -> String {
    let path = exchange.url.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.rsplit('/');
    let (last, before) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    match ResourceKind::of_endpoint(before) {
        Some(kind) if last != ".search" => format!("/{}/{{id}}", kind.endpoint()),
        Some(kind) => format!("/{}/.search", kind.endpoint()),
        None => format!("/{last}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::report::sample;

    fn cause(method: &str, url: &str, status: Option<u16>, expected: Value, actual: Value) -> Option<String> {
        let template = sample().outcomes.remove(1);
        let url = format!("https://scim.example.com/scim/v2{url}");
        let exchange = Exchange { method: method.into(), url, status, ..template.exchanges[0].clone() };
        let finding = Finding { expected, actual, ..template.findings[0].clone() };
        of(&CheckOutcome { exchanges: vec![exchange], findings: vec![finding], ..template })
    }

    #[test]
    fn what_fails_for_one_reason_has_one_cause() {
        let one = json!({ "totalResults": 1, "ids": ["a"] });
        let (filter, other) =
            ("/Users?filter=userName%20eq%20%22a%22", "/Groups?startIndex=1&filter=displayName%20co%20%22b%22");
        let many = json!({ "totalResults": 3, "ids": ["a", "b", "c"] });
        let ignored = cause("GET", filter, Some(200), one.clone(), many.clone());
        assert!(ignored.is_some() && ignored == cause("GET", other, Some(200), one, many), "{ignored:?}");
        let status = |method, url, due, came: u16| {
            cause(method, url, Some(came), json!({ "status": due }), json!({ "status": came })).expect("a cause")
        };
        assert_eq!(status("GET", "/Schemas", 200, 404), "Answer GET /Schemas with 200, not with 404.");
        assert_eq!(status("PUT", "/Users/4711", 404, 200), status("PUT", "/Users/0815?attributes=id", 404, 200));
        assert_ne!(status("PUT", "/Users/4711", 404, 200), status("PATCH", "/Users/4711", 404, 200));
        assert_eq!(status("POST", "/Users/.search", 200, 201), "Answer POST /Users/.search with 200, not with 201.");
        assert_eq!(status("GET", "/Users", 200, 401), status("POST", "/Groups", 201, 401), "the token is one cause");
        let patched = cause("PATCH", "/Users/1", Some(200), json!({ "title": "a" }), json!({ "title": null }));
        assert!(patched.is_some_and(|cause| cause.starts_with("Carry out PATCH")));
        assert_eq!(cause("GET", "/Users/1", Some(200), json!({ "meta": 1 }), json!({ "meta": null })), None);
        let unanswered = cause("GET", "/Users", None, json!({ "answer": "any" }), json!({ "answer": null }));
        assert!(unanswered.is_some_and(|cause| cause.starts_with("Answer every request")));
    }
}
