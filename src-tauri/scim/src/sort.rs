//! Sorting, RFC 7644 §3.4.2.3.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::member;
use crate::near_miss;
use crate::schema::{Kind, Resolved};
use crate::target::note_dot;
use crate::{AttrPath, Notes, Policy, Resource, ResourceSchema, Result, ScimError, comparison_key, datetime};

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    path: AttrPath,
    kind: Kind,
    case_exact: bool,
    descending: bool,
}

/// A resource's place in a sorted list. Compared by [`Sort::compare`]; values of different types under one attribute are in the order in
/// which the types stand here.
#[derive(Clone, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SortKey {
    /// `false` comes first.
    Bool(bool),
    /// Integers and decimals.
    Number(f64),
    /// Nanoseconds since 1970 in UTC.
    Instant(i128),
    /// In lower case unless letter case counts.
    Text(String),
    /// The resource has no value.
    #[default]
    Missing,
}

impl Sort {
    /// Reads `sortBy` and `sortOrder`; `None`: the order does not matter.
    ///
    /// # Errors
    /// 400 `invalidPath` for what is not an attribute, `invalidValue` for another order than `ascending` and `descending`, both only where the
    /// policy is strict: else the list is left unsorted, with a note.
    pub fn parse(
        by: Option<&str>,
        order: Option<&str>,
        schema: &ResourceSchema,
        policy: &Policy,
        notes: &mut Notes,
    ) -> Result<Option<Self>> {
        let Some(by) = by.map(str::trim).filter(|by| !by.is_empty()) else { return Ok(None) };
        let path = AttrPath::parse(by).or_else(|| AttrPath::parse_with_colon(by));
        let mut found = path.as_ref().and_then(|path| schema.locate(path).or_else(|| schema.locate_bare(path)));
        if let Some(path) = path.filter(|_| found.is_none())
            && let Some(meant) = schema.with_colon(&path)
        {
            note_dot(&path, &meant, policy, notes, ScimError::invalid_path)?;
            found = schema.locate(&meant);
        }
        let Some(found) = found else {
            let text = format!("sortBy {by:?} is not an attribute of {}.", schema.name());
            let question = near_miss::question(by, schema);
            policy.tolerate(|| ScimError::invalid_path(format!("{text}{question}")))?;
            notes.add("unknown-sort", "RFC 7644 §3.4.2.3", format!("{text} The list was not sorted.{question}"));
            return Ok(None);
        };
        let found = Resolved { sub: found.sub.or_else(|| found.attribute.sub("value")), ..found };
        Ok(Some(Self {
            path: found.path(),
            kind: found.leaf().kind,
            case_exact: found.leaf().is_case_exact(),
            descending: is_descending(order, policy, notes)?,
        }))
    }

    /// The attribute, without a sub-attribute or URN.
    pub fn attribute(&self) -> &str {
        &self.path.attribute
    }

    /// What decides on a resource's place: of several values the primary one, else the first.
    pub fn key(&self, resource: &Resource) -> SortKey {
        let holder = match &self.path.schema {
            Some(urn) => member(resource, urn).and_then(Value::as_object),
            None => Some(resource),
        };
        let value = holder.and_then(|holder| member(holder, &self.path.attribute)).and_then(main_value);
        let value = match (&self.path.sub, value) {
            (Some(sub), Some(Value::Object(object))) => member(object, sub),
            (_, value) => value,
        };
        value.map_or(SortKey::Missing, |value| self.key_of(value))
    }

    /// How two places follow each other. What has no value comes last, or first if the order is descending.
    pub fn compare(&self, a: &SortKey, b: &SortKey) -> Ordering {
        // JSON has no number without an order.
        let order = a.partial_cmp(b).unwrap_or(Ordering::Equal);
        if self.descending { order.reverse() } else { order }
    }

    fn key_of(&self, value: &Value) -> SortKey {
        match value {
            Value::String(text) => match datetime::parse(text).filter(|_| self.kind == Kind::DateTime) {
                Some(at) => SortKey::Instant(at),
                None if self.case_exact => SortKey::Text(text.clone()),
                None => SortKey::Text(comparison_key(text)),
            },
            Value::Number(number) => number.as_f64().map_or(SortKey::Missing, SortKey::Number),
            Value::Bool(value) => SortKey::Bool(*value),
            _ => SortKey::Missing,
        }
    }
}

fn is_descending(order: Option<&str>, policy: &Policy, notes: &mut Notes) -> Result<bool> {
    let order = order.map(str::trim).unwrap_or_default();
    if order.is_empty() || order.eq_ignore_ascii_case("ascending") {
        return Ok(false);
    }
    if order.eq_ignore_ascii_case("descending") {
        return Ok(true);
    }
    let text = format!("sortOrder has to be ascending or descending, not {order:?}.");
    policy.tolerate(|| ScimError::invalid_value(text.as_str()))?;
    notes.add("unknown-sort", "RFC 7644 §3.4.2.3", format!("{text} The list was sorted ascending."));
    Ok(false)
}

fn main_value(value: &Value) -> Option<&Value> {
    let Value::Array(elements) = value else { return Some(value) };
    let is_primary = |element: &&Value| {
        element.as_object().and_then(|object| member(object, "primary")).and_then(Value::as_bool) == Some(true)
    };
    elements.iter().find(is_primary).or_else(|| elements.first())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The ids of four resources in order.
    fn sorted(by: &str, order: &str) -> String {
        let resources = [
            json!({"id": "a", "userName": "bob", "active": true, "meta": {"lastModified": "2026-01-01T01:30:00+02:00"},
                   "emails": [{"value": "z@example.com"}, {"value": "B@example.com", "primary": true}]}),
            json!({"id": "b", "userName": "Alice", "active": false, "meta": {"lastModified": "2025-12-31T23:45:00Z"},
                   "emails": [{"value": "c@example.com"}],
                   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tools"}}),
            json!({"id": "c", "userName": "carol", "meta": {"lastModified": "2025-12-31T23:00:00Z"},
                   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "art"}}),
        ];
        let sort = Sort::parse(Some(by), Some(order), crate::user(), &Policy::strict(), &mut Notes::new())
            .expect(by)
            .expect("an order");
        let mut keyed: Vec<_> = resources
            .iter()
            .map(|resource| {
                let resource = resource.as_object().expect("an object");
                (sort.key(resource), resource["id"].as_str().expect("an id"))
            })
            .collect();
        keyed.sort_by(|a, b| sort.compare(&a.0, &b.0));
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    #[test]
    fn resources_are_sorted() {
        for (by, order, expected) in [
            ("userName", "ascending", "bac"),
            ("USERNAME", "Descending", "cab"),
            ("emails", "ascending", "abc"),
            ("emails.value", "descending", "cba"),
            ("meta.lastModified", "ascending", "cab"),
            ("active", "", "bac"),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "", "cba"),
            ("department", "descending", "abc"),
        ] {
            assert_eq!(sorted(by, order), expected, "{by} {order}");
        }
    }

    #[test]
    fn what_cannot_be_sorted_by_is_refused_or_noted() {
        let parse = |by, order, policy: &Policy, notes: &mut Notes| {
            Sort::parse(Some(by), Some(order), crate::user(), policy, notes)
        };
        assert!(parse("nothing", "", &Policy::strict(), &mut Notes::new()).is_err());
        assert!(parse("userName", "upwards", &Policy::strict(), &mut Notes::new()).is_err());
        let mut notes = Notes::new();
        assert_eq!(parse("nothing", "", &Policy::tolerant(), &mut notes), Ok(None));
        assert!(parse("userName", "upwards", &Policy::tolerant(), &mut notes).expect("an order").is_some());
        assert_eq!(notes.as_slice().len(), 2);
    }
}
