//! What the body of a refused request says, where no handler has read it: it came with a wrong token, or was not what it should be.
//!
//! This is the one place where a body is read a second time, or for the first time after the answer has been decided. What was carried
//! out has been read by its handler.

use serde_json::Value;

use super::active::{is_deactivation_in, is_inactive, member};
use super::push::Push;
use super::{Facts, NamedResource, Operation, Whom, shown};
use crate::model::{DriftKind, ResourceKind};

/// Takes in what a body says that nobody has read. `is_authorized`: whom it names is told.
pub(crate) fn read_refused_body(facts: &mut Facts, method: &str, body: &[u8], is_authorized: bool) {
    let is_telling = match facts.operation {
        Operation::Create(_) | Operation::Bulk => true,
        Operation::Replace(kind) | Operation::Modify(kind) => kind == ResourceKind::User,
        _ => false,
    };
    // A byte order mark is not part of JSON, but Windows tools write one.
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if is_telling && let Ok(body) = serde_json::from_slice(body) {
        read_refused_value(facts, method, &body, is_authorized);
    }
}

/// The same of a body that is JSON already.
pub(crate) fn read_refused_value(facts: &mut Facts, method: &str, body: &Value, is_authorized: bool) {
    let Value::Object(body) = body else { return };
    match facts.operation {
        Operation::Create(kind) => {
            let user_name = member(body, "userName").and_then(Value::as_str).filter(|name| !name.is_empty());
            if let Some(user_name) = user_name.filter(|_| kind == ResourceKind::User) {
                let whom = Whom::UserName(shown(user_name));
                facts.pushes = vec![Push::to(whom, DriftKind::NotLinked, facts, method)];
            }
            if is_authorized {
                facts.resource = std::mem::take(&mut facts.resource).or(NamedResource::described(kind, body));
            }
        }
        Operation::Replace(ResourceKind::User) => facts.deactivates = is_inactive(body),
        Operation::Modify(ResourceKind::User) => facts.deactivates = is_deactivation_in(body),
        Operation::Bulk => {
            let operations = member(body, "Operations").and_then(Value::as_array).into_iter().flatten();
            facts.pushes = operations.filter_map(|operation| one_of_bulk(facts, operation)).collect();
        }
        _ => {}
    }
}

/// The push in an operation of a bulk request that was refused as a whole.
fn one_of_bulk(bulk: &Facts, operation: &Value) -> Option<Push> {
    let Value::Object(operation) = operation else { return None };
    let text = |name: &str| member(operation, name).and_then(Value::as_str);
    let method = text("method")?.to_ascii_uppercase();
    let path = text("path")?.split('?').next()?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut facts = Facts::of(&method, &segments, &[]);
    facts.refusal.clone_from(&bulk.refusal);
    if facts.operation != Operation::Bulk {
        read_refused_value(&mut facts, &method, member(operation, "data").unwrap_or(&Value::Null), false);
    }
    facts.note_push(&method);
    facts.pushes.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, segments: &[&str], body: &str, is_authorized: bool) -> Facts {
        let mut facts = Facts::of(method, segments, &[]);
        read_refused_body(&mut facts, method, body.as_bytes(), is_authorized);
        facts
    }

    #[test]
    fn a_refused_request_is_about_what_it_would_have_created() {
        let body = r#"{"userName":"ada@example.com","emails":"x"}"#;
        let facts = read("POST", &["Users"], body, true);
        let (kind, user_name) = (facts.resource.kind, facts.resource.user_name.as_deref());
        assert_eq!((kind, user_name), (Some(ResourceKind::User), Some("ada@example.com")));
        let stranger = read("POST", &["Users"], body, false);
        assert_eq!(stranger.resource, NamedResource::addressed(&["Users"]), "what a stranger sends is not told");
        assert_eq!(stranger.pushes.len(), 1, "but it is known whom a provider fails to push");
        assert_eq!(read("POST", &["Users"], "not json", true), Facts::of("POST", &["Users"], &[]));
    }

    #[test]
    fn a_refused_change_says_whether_it_would_have_deactivated() {
        for (method, body, expected) in [
            ("PUT", r#"{"userName":7,"active":"false"}"#, true),
            ("PUT", r#"{"displayName":"\"active\":false"}"#, false),
            // The first operation cannot be read by anybody.
            (
                "PATCH",
                r#"{"Operations":[{"op":"replace","path":"a[","value":1},{"op":"replace","path":"active","value":false}]}"#,
                true,
            ),
        ] {
            assert_eq!(read(method, &["Users", "1"], body, false).deactivates, expected, "{method} {body}");
        }
        assert!(!read("PUT", &["Groups", "1"], r#"{"active":false}"#, true).deactivates, "a group is not active");
    }
}
