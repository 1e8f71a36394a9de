//! Who has fallen out of step: users whose last push failed, so that what is here is no longer what the identity provider has.

use serde_json::{Map, Value};

use crate::model::DriftKind;

/// A request that was answered, as far as the rules care.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a str,
    /// Below the base URL: `["Users", "2819c223"]`.
    pub(crate) path: &'a [String],
    pub(crate) body: &'a [u8],
    pub(crate) status: u16,
    /// The `detail` of the error that was answered.
    pub(crate) error: Option<&'a str>,
    /// The body of the answer.
    pub(crate) answer: &'a [u8],
}

/// What an identity provider did, or failed to do, to one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Push {
    pub(crate) whom: Whom,
    /// `None`: it worked.
    pub(crate) failure: Option<Failure>,
}

/// Whom a push is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The SCIM `id`.
    Id(String),
    /// The `userName` that a POST sends.
    UserName(String),
}

/// How a push failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: DriftKind,
    pub(crate) method: String,
    pub(crate) status: u16,
    pub(crate) reason: String,
}

/// The pushes in a request: one for a user's own, several for a bulk request, none for what changes no user.
///
/// A PUT, PATCH or DELETE is about the user it addresses, a POST about the one who has the `userName` already; both count whatever the
/// reason for a failure, a refused token included: the identity provider does not care why.
pub(crate) fn pushes(request: &Answered<'_>) -> Vec<Push> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    if path == ["Bulk"] && request.method == "POST" {
        return bulk(request);
    }
    let reason = request.error.unwrap_or_default();
    // A body that is not looked at is not read.
    let is_read = request.method == "POST" || request.status >= 400;
    let body = if is_read { serde_json::from_slice(request.body).unwrap_or(Value::Null) } else { Value::Null };
    push(request.method, &path, &body, request.status, reason).into_iter().collect()
}

fn push(method: &str, path: &[&str], body: &Value, status: u16, reason: &str) -> Option<Push> {
    let (whom, kind) = match (method, path) {
        ("POST", ["Users"]) => (Whom::UserName(text(body, "userName")?), DriftKind::NotLinked),
        ("PUT", ["Users", id]) => (Whom::Id((*id).to_owned()), put_kind(body)),
        ("PATCH", ["Users", id]) => (Whom::Id((*id).to_owned()), patch_kind(body)),
        ("DELETE", ["Users", id]) => (Whom::Id((*id).to_owned()), DriftKind::NotDeactivated),
        _ => return None,
    };
    let failure =
        (status >= 400).then(|| Failure { kind, method: method.to_owned(), status, reason: reason.to_owned() });
    Some(Push { whom, failure })
}

/// The operations of a bulk request with what became of each. Both name an operation by its `bulkId`; what has none is found by its path.
fn bulk(request: &Answered<'_>) -> Vec<Push> {
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
    let (asked, answered) = (parse(request.body), parse(request.answer));
    let asked: Vec<&Value> = operations(&asked).collect();
    let is_refused = request.status >= 400;
    let results = operations(&answered).filter_map(|result| {
        let operation = asked.iter().find(|operation| is_about(operation, result))?;
        let status = member(result, "status").and_then(to_status)?;
        let reason = member(result, "response").and_then(|error| text(error, "detail")).unwrap_or_default();
        one_of_bulk(operation, status, &reason)
    });
    if is_refused {
        let reason = request.error.unwrap_or_default();
        return asked.iter().filter_map(|operation| one_of_bulk(operation, request.status, reason)).collect();
    }
    results.collect()
}

fn one_of_bulk(operation: &Value, status: u16, reason: &str) -> Option<Push> {
    let method = text(operation, "method")?.to_ascii_uppercase();
    let path = text(operation, "path")?;
    let path: Vec<&str> = path.split('?').next()?.split('/').filter(|segment| !segment.is_empty()).collect();
    push(&method, &path, member(operation, "data").unwrap_or(&Value::Null), status, reason)
}

fn is_about(operation: &Value, result: &Value) -> bool {
    let is_same_method = text(operation, "method")
        .is_some_and(|method| text(result, "method").is_some_and(|other| method.eq_ignore_ascii_case(&other)));
    match (text(operation, "bulkId"), text(result, "bulkId")) {
        (None, None) => {
            let path = text(operation, "path").unwrap_or_default();
            is_same_method && text(result, "location").is_some_and(|location| location.ends_with(&path))
        }
        (asked, answered) => asked == answered,
    }
}

fn operations(message: &Value) -> impl Iterator<Item = &Value> {
    member(message, "Operations").and_then(Value::as_array).into_iter().flatten()
}

/// RFC 7644 §3.7 has it as a string; a number is as clear.
fn to_status(status: &Value) -> Option<u16> {
    match status {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|status| u16::try_from(status).ok()),
    }
}

/// okta-17-put-deactivate
fn put_kind(body: &Value) -> DriftKind {
    kind(member(body, "active").is_some_and(is_false))
}

/// okta-23-template-patch-deactivate, entra-13-patch-active-string-False
fn patch_kind(body: &Value) -> DriftKind {
    kind(operations(body).any(|operation| {
        let value = member(operation, "value");
        match text(operation, "path") {
            Some(path) => is_active(&path) && value.is_some_and(is_false),
            None => value
                .and_then(Value::as_object)
                .is_some_and(|value| value.iter().any(|(name, value)| is_active(name) && is_false(value))),
        }
    }))
}

fn kind(is_deactivation: bool) -> DriftKind {
    if is_deactivation { DriftKind::NotDeactivated } else { DriftKind::NotUpdated }
}

fn is_active(path: &str) -> bool {
    path.rsplit(':').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("active"))
}

fn is_false(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::String(text) => text.eq_ignore_ascii_case("false"),
        Value::Array(elements) => elements.first().is_some_and(is_false),
        Value::Object(object) => object.get("value").is_some_and(is_false),
        _ => false,
    }
}

/// A member by its name, whatever the letter case (RFC 7643 §2.1).
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object: &Map<String, Value> = value.as_object()?;
    object
        .get(name)
        .or_else(|| object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn text(value: &Value, name: &str) -> Option<String> {
    member(value, name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A request of tests/data/fixtures, as if it had been answered with `status`.
    fn fixture(provider: &str, name: &str, status: u16) -> Vec<Push> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fixtures");
        let text = std::fs::read_to_string(folder.join(provider).join(format!("{name}.json"))).expect("a fixture");
        let fixture: Value = serde_json::from_str(&text.replace("{{userA.id}}", "u1")).expect("a fixture is JSON");
        let request = &fixture["request"];
        let target = request["target"].as_str().expect("a target");
        let path = target.split('?').next().unwrap_or_default();
        answered(request["method"].as_str().expect("a method"), path, &request["body"], status, "", &Value::Null)
    }

    fn answered(method: &str, path: &str, body: &Value, status: u16, error: &str, answer: &Value) -> Vec<Push> {
        let path: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let (body, answer) = (body.to_string(), answer.to_string());
        let (body, answer) = (body.as_bytes(), answer.as_bytes());
        pushes(&Answered { method, path: &path, body, status, error: Some(error), answer })
    }

    fn kinds(pushes: &[Push]) -> Vec<(Whom, Option<DriftKind>)> {
        let kind = |push: &Push| push.failure.as_ref().map(|failure| failure.kind);
        pushes.iter().map(|push| (push.whom.clone(), kind(push))).collect()
    }

    #[test]
    fn a_failed_push_is_told_by_what_it_would_have_done() {
        use DriftKind::{NotDeactivated, NotLinked, NotUpdated};
        let id = || Whom::Id("u1".into());
        for (provider, name, status, expected) in [
            ("okta", "okta-16-put-profile-echoes-readonly", 500, Some((id(), Some(NotUpdated)))),
            ("okta", "okta-16-put-profile-echoes-readonly", 200, Some((id(), None))),
            ("okta", "okta-17-put-deactivate", 401, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-20-put-rename-userName", 409, Some((id(), Some(NotUpdated)))),
            ("okta", "okta-23-template-patch-deactivate", 503, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-23-template-patch-deactivate", 204, Some((id(), None))),
            ("okta", "okta-25-template-patch-password", 400, Some((id(), Some(NotUpdated)))),
            ("entra", "entra-13-patch-active-string-False", 400, Some((id(), Some(NotDeactivated)))),
            ("entra", "entra-15-flag-patch-active-boolean", 400, Some((id(), Some(NotDeactivated)))),
            ("entra", "entra-16-patch-multi-replace", 400, Some((id(), Some(NotUpdated)))),
            ("entra", "entra-41-hard-delete-user", 500, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-01-test-connection", 401, None),
            ("okta", "okta-15-get-user-by-id", 500, None),
            ("okta", "okta-32-group-put-full-list", 500, None),
        ] {
            let found = kinds(&fixture(provider, name, status));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{name} {status}");
        }
        let conflict = fixture("okta", "okta-14-create-conflict-409", 409);
        assert!(
            matches!(&kinds(&conflict)[..], [(Whom::UserName(name), Some(NotLinked))] if name.contains('@')),
            "{conflict:?}"
        );
    }

    #[test]
    fn each_operation_of_a_bulk_request_is_a_push_of_its_own() {
        let asked = json!({"Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ada@example.com"}},
            {"method": "PATCH", "path": "/Users/u2", "data": {"Operations": [{"op": "replace", "path": "active", "value": false}]}},
            {"method": "DELETE", "path": "/Users/u3"},
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Engineering"}},
        ]});
        let answer = json!({"Operations": [
            {"method": "PATCH", "location": "https://x/scim/v2/d/Users/u2", "status": "500", "response": {"detail": "broken"}},
            {"method": "POST", "bulkId": "a", "location": "https://x/scim/v2/d/Users/u1", "status": "201"},
            {"method": "DELETE", "location": "https://x/scim/v2/d/Users/u3", "status": "204"},
        ]});
        let found = answered("POST", "/Bulk", &asked, 200, "", &answer);
        let failed =
            Failure { kind: DriftKind::NotDeactivated, method: "PATCH".into(), status: 500, reason: "broken".into() };
        assert_eq!(
            found,
            [
                Push { whom: Whom::Id("u2".into()), failure: Some(failed) },
                Push { whom: Whom::UserName("ada@example.com".into()), failure: None },
                Push { whom: Whom::Id("u3".into()), failure: None },
            ]
        );
        let refused = answered("POST", "/Bulk", &asked, 401, "no", &json!({}));
        assert_eq!(refused.len(), 3, "a refused bulk request is three failed pushes");
        assert!(refused.iter().all(|push| push.failure.as_ref().is_some_and(|failure| failure.reason == "no")));
    }

    #[test]
    fn nonsense_is_nobodys_push() {
        for (method, path, body) in [
            ("POST", "/Users", json!("x")),
            ("POST", "/Users", json!({"userName": 7})),
            ("POST", "/Users/.search", json!({"userName": "ada"})),
            ("POST", "/Bulk", json!([])),
            ("PUT", "/Users", json!({})),
            ("PUT", "/", json!({})),
        ] {
            assert_eq!(answered(method, path, &body, 400, "", &Value::Null), [], "{method} {path}");
        }
    }
}
