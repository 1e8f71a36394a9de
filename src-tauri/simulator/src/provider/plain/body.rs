//! Bodies that hold to the RFCs.

use serde_json::{Value, json};

use super::Variant;
use crate::people::Person;

/// A user (fixtures `jumpcloud-01-…`, `google-02-…`, `onelogin-02-…`).
pub(in crate::provider) fn user(variant: &Variant, person: &Person, active: bool) -> Value {
    let address = variant.address.into_iter().map(|name| {
        let value = match name {
            "value" => person.email.as_str().into(),
            "type" => "work".into(),
            _ => Value::Bool(true),
        };
        (name.to_owned(), value)
    });
    json!({
        "schemas": variant.user_schemas,
        "userName": person.user_name,
        "name": { "givenName": person.given, "familyName": person.family },
        "emails": [Value::Object(address.collect())],
        "displayName": person.display_name(),
        "title": person.title,
        "active": active,
    })
}

/// Operations that set everything.
pub(in crate::provider) fn all_operations(person: &Person) -> Value {
    let mut operations: Vec<Value> = attributes(person).into_iter().map(operation).collect();
    operations.push(operation(("active", true.into())));
    operations.into()
}

/// Operations that set what differs, one per attribute (fixture `jumpcloud-03-patch-one-op-per-attribute`).
pub(in crate::provider) fn changed_operations(before: &Person, after: &Person) -> Value {
    let pairs = attributes(before).into_iter().zip(attributes(after));
    pairs.filter(|((_, old), (_, new))| old != new).map(|(_, changed)| operation(changed)).collect()
}

/// The operation that activates or deactivates.
pub(in crate::provider) fn activation(active: bool) -> Value {
    json!([operation(("active", active.into()))])
}

fn attributes(person: &Person) -> [(&'static str, Value); 6] {
    [
        ("userName", person.user_name.as_str().into()),
        ("name.givenName", person.given.as_str().into()),
        ("name.familyName", person.family.as_str().into()),
        ("displayName", person.display_name().into()),
        ("emails", json!([{ "value": person.email, "type": "work", "primary": true }])),
        ("title", person.title.as_str().into()),
    ]
}

fn operation((path, value): (&str, Value)) -> Value {
    json!({ "op": "replace", "path": path, "value": value })
}
