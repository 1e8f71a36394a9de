//! How large may be what is stored. Names are in indexes, lists and every change, and a user is copied by each version of it.

use std::io::Write;

use scim::{Member, Resource, ScimError};
use serde::Serialize;
use serde_json::Value;

use crate::model::ResourceKind;

/// Characters of a name. The longest that an identity provider has is a distinguished name of a directory, of which few have 300.
const MOST_CHARACTERS: usize = 1_000;

/// Bytes of a user as stored, 256 KiB: with every attribute of RFC 7643 and a hundred addresses it has 20.
const MOST_BYTES: usize = 256 << 10;

/// What a resource is known by, and shown with.
const NAMES: [&str; 3] = ["userName", "displayName", "externalId"];

/// Refuses a resource that is too large. What it has been before, `before`, may stay: an earlier version took it in.
///
/// # Errors
/// 400 `invalidValue`, with the attribute, its length and the limit.
pub(super) fn check(kind: ResourceKind, body: &Resource, before: &Resource) -> Result<(), ScimError> {
    for name in NAMES {
        check_text(name, body.get(name), |text| before.get(name).is_some_and(|old| old == text))?;
    }
    if kind == ResourceKind::Group {
        return Ok(());
    }
    let of_name = |body: &Resource, part: &str| body.get("name").and_then(|name| name.get(part)).cloned();
    for part in body.get("name").and_then(Value::as_object).into_iter().flat_map(|name| name.keys()) {
        let old = of_name(before, part);
        check_text(&format!("name.{part}"), of_name(body, part).as_ref(), |text| old.as_ref() == Some(text))?;
    }
    let old = emails(before);
    for (index, email) in emails(body).iter().enumerate() {
        let was_there = |text: &Value| old.iter().any(|old| old.get("value") == Some(text));
        check_text(&format!("emails[{index}].value"), email.get("value"), was_there)?;
    }
    let bytes = length(body);
    if bytes <= MOST_BYTES || bytes <= length(before) {
        return Ok(());
    }
    let Some((of_it, name)) = body.iter().map(|(name, value)| (length(value), name)).max() else { return Ok(()) };
    Err(ScimError::invalid_value(format!(
        "The user has {bytes} bytes as stored, {of_it} of them in `{name}`; the limit is 262,144. Send fewer or shorter values."
    )))
}

/// Refuses a member that is too large.
///
/// # Errors
/// As for [`check`].
pub(super) fn check_member(member: &Member) -> Result<(), ScimError> {
    let Member { value, display, kind } = member;
    let parts = [("value", Some(value)), ("display", display.as_ref()), ("type", kind.as_ref())];
    parts.into_iter().try_for_each(|(part, text)| check_length(&format!("members.{part}"), text.map_or("", |t| t)))
}

fn check_text(name: &str, value: Option<&Value>, was_there: impl FnOnce(&Value) -> bool) -> Result<(), ScimError> {
    match value {
        Some(value @ Value::String(text)) if text.len() > MOST_CHARACTERS && !was_there(value) => {
            check_length(name, text)
        }
        _ => Ok(()),
    }
}

fn check_length(name: &str, text: &str) -> Result<(), ScimError> {
    // No text has more characters than bytes.
    let count = if text.len() > MOST_CHARACTERS { text.chars().count() } else { 0 };
    if count <= MOST_CHARACTERS {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!("`{name}` has {count} characters; the limit is 1,000. Send a shorter value.")))
}

/// The bytes of something as JSON text.
fn length(value: &impl Serialize) -> usize {
    struct Count(usize);

    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // What was read as JSON can be written, and counting does not fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

fn emails(body: &Resource) -> &[Value] {
    body.get("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: Value) -> Resource {
        let Value::Object(body) = value else { panic!("{value} is not an object") };
        body
    }

    #[test]
    fn what_an_earlier_version_took_in_may_stay_and_grows_no_further() {
        let long = "x".repeat(MOST_CHARACTERS + 1);
        let other = "y".repeat(MOST_CHARACTERS + 1);
        let before = body(json!({
            "userName": long, "displayName": long, "externalId": long, "name": {"familyName": long},
            "emails": [{"value": long}], "x": "x".repeat(2 * MOST_BYTES),
        }));
        let check = |after: &Resource| check(ResourceKind::User, after, &before);
        check(&before).expect("nothing has changed");
        for (name, value) in [
            ("title", json!("Lead")),
            ("userName", json!(other)),
            ("displayName", json!(other)),
            ("externalId", json!(other)),
            ("name", json!({"familyName": other})),
            ("emails", json!([{"value": long}, {"value": other}])),
        ] {
            let mut after = before.clone();
            after.insert(name.to_owned(), value);
            let refused = check(&after).expect_err("it is larger than it was").detail;
            let named = if name == "title" { "`x`".to_owned() } else { name.to_owned() };
            assert!(refused.contains(&named), "{name}: {refused}");
        }
        let mut shorter = before.clone();
        shorter.insert("x".to_owned(), json!("x".repeat(2 * MOST_BYTES - 100)));
        shorter.insert("title".to_owned(), json!("Lead"));
        check(&shorter).expect("it is smaller than it was");
    }
}
