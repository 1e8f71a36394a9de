//! Whether a body deactivates a user: sets `active` (RFC 7643 §4.1.1) to false.
//!
//! What a client means is read as a tolerant policy reads it, whatever the directory's: a strict one that refuses `"False"` has kept
//! somebody active who should not be. Sources: okta-17-put-deactivate, okta-23-template-patch-deactivate,
//! entra-13-patch-active-string-False.

use scim::{AttrPath, Op, PatchRequest};
use serde_json::{Map, Value};

/// The attribute.
const ACTIVE: &str = "active";

/// Whether the operations of a PATCH leave `active` false.
pub(crate) fn is_deactivation(patch: &PatchRequest) -> bool {
    let operations = patch.operations.iter().filter(|operation| operation.op != Op::Remove);
    let last = operations.rev().find_map(|operation| {
        let path = operation.path.as_ref();
        let is_filtered = path.is_some_and(|path| path.filter.is_some());
        if is_filtered { None } else { set_by(path.map(|path| &path.path), operation.value.as_ref()?) }
    });
    last == Some(false)
}

/// The same of a PATCH body that could not be read as a whole.
pub(super) fn is_deactivation_in(body: &Map<String, Value>) -> bool {
    let operations = match member(body, "Operations") {
        Some(Value::Array(operations)) => operations.as_slice(),
        Some(single @ Value::Object(_)) => std::slice::from_ref(single),
        _ => return false,
    };
    let last = operations.iter().filter_map(Value::as_object).rev().find_map(|operation| {
        let is_removal = member(operation, "op").and_then(Value::as_str)?.eq_ignore_ascii_case("remove");
        let value = member(operation, "value").filter(|_| !is_removal)?;
        match member(operation, "path").and_then(Value::as_str).map(str::trim).filter(|path| !path.is_empty()) {
            Some(path) => set_by(Some(&AttrPath::parse(path)?), value),
            None => set_by(None, value),
        }
    });
    last == Some(false)
}

/// Whether a POST or PUT body says that a user is not active.
pub(crate) fn is_inactive(body: &Map<String, Value>) -> bool {
    set_in(body) == Some(false)
}

/// What an operation sets `active` to; `None`: it does not.
fn set_by(path: Option<&AttrPath>, value: &Value) -> Option<bool> {
    match path {
        Some(path) if is_active(path) => to_boolean(value),
        Some(path) if !path.to_string().eq_ignore_ascii_case(scim::USER) => None,
        _ => match value {
            Value::Object(object) => set_in(object),
            Value::Array(elements) => match elements.as_slice() {
                [Value::Object(object)] => set_in(object),
                _ => None,
            },
            _ => None,
        },
    }
}

/// What the members of a user's object set `active` to.
fn set_in(object: &Map<String, Value>) -> Option<bool> {
    object.iter().rev().find_map(|(name, value)| match value {
        Value::Object(core) if name.eq_ignore_ascii_case(scim::USER) => set_in(core),
        _ => to_boolean(value).filter(|_| AttrPath::parse(name.trim()).is_some_and(|path| is_active(&path))),
    })
}

fn is_active(path: &AttrPath) -> bool {
    path.sub.is_none()
        && path.attribute.eq_ignore_ascii_case(ACTIVE)
        && path.schema.as_ref().is_none_or(|schema| schema.eq_ignore_ascii_case(scim::USER))
}

fn to_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Array(elements) => match elements.as_slice() {
            [only] => to_boolean(only),
            _ => None,
        },
        Value::Object(object) => to_boolean(member(object, "value")?),
        scalar => scim::loose_boolean(scalar),
    }
}

/// A member by its name, whatever the letter case (RFC 7643 §2.1).
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use scim::{Notes, Policy};
    use serde_json::json;

    use super::*;

    /// What a PATCH means, as the handler has read it and as it is read where no handler did.
    fn patch(body: &str) -> [bool; 2] {
        let parsed = PatchRequest::parse(body.as_bytes(), &Policy::tolerant(), &mut Notes::new()).expect("a PATCH");
        let object: Map<String, Value> = serde_json::from_str(body).expect("an object");
        [is_deactivation(&parsed), is_deactivation_in(&object)]
    }

    #[test]
    fn a_patch_deactivates_by_what_it_sets() {
        for (operations, expected) in [
            (r#"[{"op":"replace","path":"active","value":false}]"#, true),
            (r#"[ { "op" : "Replace" , "path" : " active " , "value" :  false } ]"#, true),
            (r#"[{"op":"Add","path":"ACTIVE","value":"False"}]"#, true),
            (r#"[{"op":"replace","path":"active","value":"0"}]"#, true),
            (r#"[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}]"#, true),
            (r#"[{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User:active":false}}]"#, true),
            (r#"[{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"Active":false}}}]"#, true),
            (
                r#"[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User","value":{"active":false}}]"#,
                true,
            ),
            (r#"[{"op":"replace","path":"","value":[{"active":[false]}]}]"#, true),
            (r#"[{"op":"replace","path":"title","value":"x"},{"op":"replace","path":"active","value":false}]"#, true),
            // It merely looks like one.
            (r#"[{"op":"replace","path":"title","value":"\"active\":false"}]"#, false),
            (r#"[{"op":"replace","path":"nickName","value":"false"}]"#, false),
            (r#"[{"op":"replace","value":{"manager":{"active":false}}}]"#, false),
            (r#"[{"op":"replace","path":"urn:example:2.0:Badge:active","value":false}]"#, false),
            (r#"[{"op":"replace","value":{"urn:example:2.0:Badge":{"active":false}}}]"#, false),
            (r#"[{"op":"add","path":"emails[type eq \"work\"].active","value":false}]"#, false),
            (r#"[{"op":"remove","path":"active","value":false}]"#, false),
            (r#"[{"op":"replace","path":"active","value":true}]"#, false),
            (
                r#"[{"op":"replace","path":"active","value":false},{"op":"replace","path":"active","value":true}]"#,
                false,
            ),
        ] {
            let body = format!(r#"{{"schemas":["{}"],"Operations":{operations}}}"#, scim::PATCH_OP);
            assert_eq!(patch(&body), [expected; 2], "{operations}");
        }
    }

    #[test]
    fn a_body_says_of_whom_it_is_that_they_left() {
        for (body, expected) in [
            (json!({"active": false}), true),
            (json!({"Active": "FALSE"}), true),
            (json!({"urn:ietf:params:scim:schemas:core:2.0:User": {"active": 0}}), true),
            (json!({"active": true, "title": "\"active\": false"}), false),
            (json!({"manager": {"active": false}}), false),
            (json!({"emails": [{"active": false}]}), false),
            (json!({"active": null}), false),
            (json!({"active": "no"}), false),
        ] {
            assert_eq!(is_inactive(body.as_object().expect("an object")), expected, "{body}");
        }
    }
}
