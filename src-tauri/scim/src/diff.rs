//! What changed between two versions of a resource, for people.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::shape::MOST_VALUES;
use crate::{Resource, ResourceSchema, shortened};

/// Letters of a value that serve as its name at the most.
const LONGEST_LABEL: usize = 40;

/// One attribute, or one part of it, before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// `title`, `name.familyName`, `emails[work].value`; attributes of extensions have their short name where that is clear.
    pub path: String,
    /// `None`: it had no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// `None`: it has no value any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What changed, attribute by attribute in the order of the schema. Values that only changed places did not change, and `schemas`
/// follows from the rest: the list is empty exactly if [`is_same`] says so.
pub fn diff(before: &Resource, after: &Resource, schema: &ResourceSchema) -> Vec<FieldChange> {
    let mut changes = Changes(Vec::new());
    for name in names(before, after).filter(|name| *name != "schemas") {
        let (before, after) = (before.get(name), after.get(name));
        let listed = changes.0.len();
        if name.contains(':') && [before, after].into_iter().flatten().all(Value::is_object) {
            changes.extension(name, before, after, schema);
        } else {
            changes.attribute(name, before, after);
        }
        // An object or a list that has nothing in it has no part to name.
        if changes.0.len() == listed && !same(before, after) {
            changes.push(name, before, after);
        }
    }
    changes.0
}

/// Whether two versions of a resource say the same: the values of a multi-valued attribute have no order (RFC 7643 §2.4), and `schemas`
/// follows from the rest. A PUT or PATCH that leads here changes neither `meta.lastModified` nor `meta.version`.
pub fn is_same(before: &Resource, after: &Resource) -> bool {
    names(before, after).filter(|name| *name != "schemas").all(|name| same(before.get(name), after.get(name)))
}

/// Whether two values are the same in whatever order.
fn same(before: Option<&Value>, after: Option<&Value>) -> bool {
    before == after
        || match (before, after) {
            (Some(before), Some(after)) => sorted(before) == sorted(after),
            _ => false,
        }
}

/// A value whose lists, at any depth, are in an order that depends on nothing but their elements.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(elements) => {
            let mut elements: Vec<_> = elements.iter().map(sorted).collect();
            elements.sort_by_cached_key(Value::to_string);
            Value::Array(elements)
        }
        Value::Object(object) => {
            let mut object: Map<_, _> = object.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            object.sort_keys();
            Value::Object(object)
        }
        scalar => scalar.clone(),
    }
}

struct Changes(Vec<FieldChange>);

impl Changes {
    fn extension(&mut self, urn: &str, before: Option<&Value>, after: Option<&Value>, schema: &ResourceSchema) {
        let empty = Map::new();
        let (before, after) = (as_object(before, &empty), as_object(after, &empty));
        for name in names(before, after) {
            let has_it = |other: &&crate::Schema| other.attribute(name).is_some();
            let is_clear = schema.attribute(name).is_none() && schema.extensions().iter().filter(has_it).count() == 1;
            let path =
                if is_clear && schema.extension(urn).is_some() { name.to_owned() } else { format!("{urn}:{name}") };
            self.attribute(&path, before.get(name), after.get(name));
        }
    }

    fn attribute(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        if same(before, after) {
            return;
        }
        let is_list = |value: Option<&Value>| value.is_none_or(Value::is_array);
        let is_object = |value: Option<&Value>| value.is_none_or(Value::is_object);
        if is_list(before) && is_list(after) {
            self.list(path, before, after);
        } else if is_object(before) && is_object(after) {
            self.parts(path, before, after);
        } else {
            self.push(path, before, after);
        }
    }

    /// Pairs the values that differ by what they are called, and compares each pair.
    fn list(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        let (gone, mut come) = without_common(elements(before), elements(after));
        if gone.len().max(come.len()) > MOST_VALUES {
            // Nobody reads that many pairs, and finding them takes the square of their number.
            return self.push(path, before, after);
        }
        for old in &gone {
            let partner = come.iter().position(|new| is_same_slot(old, new));
            let new = partner.map(|index| come.remove(index));
            self.element(path, Some(old), new);
        }
        for new in come {
            self.element(path, None, Some(new));
        }
    }

    fn element(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        let named = after.or(before);
        let label = named.and_then(label).map_or_else(|| path.to_owned(), |label| format!("{path}[{label}]"));
        if [before, after].into_iter().flatten().all(Value::is_object) {
            self.parts(&label, before, after);
        } else {
            self.push(path, before, after);
        }
    }

    fn parts(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        let empty = Map::new();
        // The path of a value of several that came or went says its type already.
        let says_type = path.ends_with(']') && (before.is_none() || after.is_none());
        let (before, after) = (as_object(before, &empty), as_object(after, &empty));
        let is_said = |name: &str| says_type && name == "type" && before.len().max(after.len()) > 1;
        for name in names(before, after).filter(|name| !is_said(name)) {
            let (before, after) = (before.get(name), after.get(name));
            if !same(before, after) {
                self.push(&format!("{path}.{name}"), before, after);
            }
        }
    }

    fn push(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        self.0.push(FieldChange { path: path.to_owned(), before: before.cloned(), after: after.cloned() });
    }
}

/// The names in both, those of `before` first. Both are in the order of the schema.
fn names<'a>(before: &'a Map<String, Value>, after: &'a Map<String, Value>) -> impl Iterator<Item = &'a str> {
    let added = after.keys().filter(|name| !before.contains_key(*name));
    before.keys().chain(added).map(String::as_str)
}

/// The elements that only one of two lists has.
fn without_common<'a>(before: Vec<&'a Value>, after: Vec<&'a Value>) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let only_in = |list: Vec<&'a Value>, other: &[&Value]| {
        let mut counts: HashMap<Value, usize> = HashMap::new();
        for element in other {
            *counts.entry(sorted(element)).or_default() += 1;
        }
        let mut is_common = |element: &Value| match counts.get_mut(&sorted(element)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        list.into_iter().filter(|element| !is_common(element)).collect::<Vec<_>>()
    };
    (only_in(before.clone(), &after), only_in(after, &before))
}

/// Whether two values are the same thing before and after: both the work email, or both the role of that name.
fn is_same_slot(old: &Value, new: &Value) -> bool {
    match (old.get("type"), new.get("type")) {
        (Some(old), Some(new)) => old == new,
        (old_type, new_type) => old.get("value") == new.get("value") || (old.is_object() && old_type == new_type),
    }
}

/// What a value is called: its type, otherwise what it says.
fn label(element: &Value) -> Option<String> {
    let name = ["type", "display", "value"].into_iter().find_map(|part| element.get(part)?.as_str())?;
    Some(shortened(name, LONGEST_LABEL))
}

fn elements(value: Option<&Value>) -> Vec<&Value> {
    value.and_then(Value::as_array).map(|elements| elements.iter().collect()).unwrap_or_default()
}

fn as_object<'a>(value: Option<&'a Value>, empty: &'a Map<String, Value>) -> &'a Map<String, Value> {
    value.and_then(Value::as_object).unwrap_or(empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ENTERPRISE_USER;

    #[test]
    fn differences_are_named() {
        for (before, after, expected) in [
            (json!({"title": "A"}), json!({"title": "A"}), vec![]),
            (json!({"title": "A"}), json!({"title": "B"}), vec![r#"title: "A" → "B""#]),
            (json!({}), json!({"title": "B", "schemas": []}), vec![r#"title: – → "B""#]),
            (json!({"active": true}), json!({}), vec!["active: true → –"]),
            (
                json!({"name": {"givenName": "A", "familyName": "L"}}),
                json!({"name": {"givenName": "A", "familyName": "B"}}),
                vec![r#"name.familyName: "L" → "B""#],
            ),
            (
                json!({"emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}]}),
                json!({"emails": [{"value": "b", "type": "home"}, {"value": "a", "type": "work"}]}),
                vec![],
            ),
            (
                json!({"emails": [{"value": "a", "type": "work"}]}),
                json!({"emails": [{"value": "c", "type": "work"}, {"value": "b", "type": "home"}]}),
                vec![r#"emails[work].value: "a" → "c""#, r#"emails[home].value: – → "b""#],
            ),
            (
                json!({"emails": [{"value": "a@example.com"}]}),
                json!({"emails": [{"value": "a@example.com", "primary": true}]}),
                vec!["emails[a@example.com].primary: – → true"],
            ),
            (
                json!({"emails": [{"value": "a"}]}),
                json!({"emails": [{"value": "a", "type": "work"}]}),
                vec![r#"emails[work].type: – → "work""#],
            ),
            (json!({"x": [{"y": [1, 2]}]}), json!({"x": [{"y": [2, 1]}]}), vec![]),
            (json!({"roles": [{"value": "Admin"}]}), json!({}), vec![r#"roles[Admin].value: "Admin" → –"#]),
            (
                json!({ENTERPRISE_USER: {"department": "A", "manager": {"value": "1"}}}),
                json!({ENTERPRISE_USER: {"department": "B"}}),
                vec![r#"department: "A" → "B""#, r#"manager.value: "1" → –"#],
            ),
            (
                json!({}),
                json!({ENTERPRISE_USER: {"title2": 1}}),
                vec!["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:title2: – → 1"],
            ),
            (json!({"x": [1, 2]}), json!({"x": [2, 3]}), vec!["x: 1 → 3"]),
        ] {
            let (Value::Object(before), Value::Object(after)) = (before, after) else { panic!("objects") };
            let text = |value: Option<Value>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
            let found: Vec<_> = diff(&before, &after, crate::user())
                .into_iter()
                .map(|change| format!("{}: {} → {}", change.path, text(change.before), text(change.after)))
                .collect();
            assert_eq!(found, expected);
            assert_eq!(is_same(&before, &after), expected.is_empty(), "{expected:?}");
        }
    }
}
