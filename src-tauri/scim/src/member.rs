//! Members of a group.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::filter::PreparedValueFilter;
use crate::json::{member, wrong_kind};
use crate::schema::Attribute;
use crate::shape::prune;
use crate::{CompareOp, Filter, FilterValue, Notes, Policy, Result, ScimError, comparison_key};

/// A member of a group, RFC 7643 §4.2.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The `id` of a user or a group.
    pub value: String,
    /// A name for people, as the client sent it.
    pub display: Option<String>,
    /// `User` or `Group`, if the client says so.
    pub kind: Option<String>,
}

impl Member {
    /// The attribute `members` of a group.
    pub(crate) fn schema() -> Option<&'static Attribute> {
        crate::group().attribute("members")
    }

    /// Reads what stands behind `members`: each member once, in order.
    ///
    /// # Errors
    /// `invalidValue` for a member without a `value`.
    pub(crate) fn parse_list(value: Value, policy: &Policy, notes: &mut Notes) -> Result<Vec<Self>> {
        let elements = match value {
            Value::Array(elements) => elements,
            Value::Null => Vec::new(),
            Value::String(text) if text.is_empty() => Vec::new(),
            single => {
                policy.tolerate(|| wrong(format_args!("`members`"), "an array", &single))?;
                let text = "`members` was a single value; it was read as a list of one.";
                notes.add("single-value", "RFC 7643 §2.4", text);
                vec![single]
            }
        };
        let mut seen = HashSet::with_capacity(elements.len());
        let mut members = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            let Some(parsed) = Self::parse(element, index, policy, notes)? else { continue };
            if seen.insert(parsed.value.clone()) {
                members.push(parsed);
            }
        }
        Ok(members)
    }

    fn parse(element: Value, index: usize, policy: &Policy, notes: &mut Notes) -> Result<Option<Self>> {
        let object = match element {
            Value::Object(object) => object,
            Value::Null => return Ok(None),
            Value::String(id) if !policy.is_strict() && !id.is_empty() => {
                let text = "Members were ids alone; each was read as a member's `value`.";
                notes.add("scalar-as-object", "RFC 7643 §2.3.8", text);
                return Ok(Some(Self { value: id, display: None, kind: None }));
            }
            other => return Err(wrong(format_args!("`members[{index}]`"), "an object", &other)),
        };
        let reference = text(&object, "$ref");
        let value = match member(&object, "value").cloned().and_then(prune) {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) if !policy.is_strict() => {
                let text = "A member's `value` was a number; it was read as a text.";
                notes.add("scalar-as-text", "RFC 7643 §2.3.1", text);
                id.to_string()
            }
            Some(other) => return Err(wrong(format_args!("`members[{index}].value`"), "a text", &other)),
            None => match reference.as_deref().and_then(|uri| uri.trim_end_matches('/').rsplit('/').next()) {
                Some(id) if !policy.is_strict() && !id.is_empty() => {
                    let text = "A member had no `value`; its id was taken from its `$ref`.";
                    notes.add("member-by-reference", "RFC 7643 §4.2", text);
                    id.to_owned()
                }
                _ => return Err(ScimError::invalid_value(format!("`members[{index}].value` is required."))),
            },
        };
        notes.add_placeholder(&format_args!("members[{index}].value"), &value);
        let kind = text(&object, "type").or_else(|| kind_in(reference.as_deref()?).map(str::to_owned));
        Ok(Some(Self { value, display: text(&object, "display"), kind: kind.map(canonical_kind) }))
    }
}

impl Filter {
    /// This value filter of `members[…]` as it is asked about members: what a read shows of each, with the `type`, the `$ref` and the
    /// `display` that the client may never have sent.
    pub fn prepare_for_members(&self) -> PreparedValueFilter<'_> {
        self.prepare_for(Member::schema())
    }

    /// The ids one of which a member must have to meet this value filter of `members[…]`; `None`: it may have any.
    pub fn member_ids(&self) -> Option<Vec<&str>> {
        self.one_of("value")
    }

    /// The names one of which a member must show as its `display` to meet this value filter of `members[…]`, as [`comparison_key`] has
    /// them; `None`: it may show any.
    pub fn member_displays(&self) -> Option<Vec<String>> {
        Some(self.one_of("display")?.into_iter().map(comparison_key).collect())
    }

    /// The texts one of which an element must have as this sub-attribute to meet the filter.
    fn one_of(&self, name: &str) -> Option<Vec<&str>> {
        match self {
            Self::Compare { path, op: CompareOp::Eq, value: FilterValue::String(text) }
                if path.attribute == name && path.sub.is_none() =>
            {
                Some(vec![text])
            }
            Self::And(left, right) => left.one_of(name).or_else(|| right.one_of(name)),
            Self::Or(left, right) => {
                let mut either = left.one_of(name)?;
                either.extend(right.one_of(name)?);
                Some(either)
            }
            _ => None,
        }
    }
}

fn wrong(what: std::fmt::Arguments<'_>, expected: &str, value: &Value) -> ScimError {
    ScimError::wrong_type(wrong_kind(what, expected, value))
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    member(object, name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `Group` of `https://example.com/v2/Groups/1`.
fn kind_in(reference: &str) -> Option<&'static str> {
    let mut segments = reference.trim_end_matches('/').rsplit('/').skip(1);
    match segments.next()?.to_ascii_lowercase().as_str() {
        "users" => Some("User"),
        "groups" => Some("Group"),
        _ => None,
    }
}

fn canonical_kind(kind: String) -> String {
    let known = ["User", "Group"].into_iter().find(|known| known.eq_ignore_ascii_case(&kind));
    known.map_or(kind, str::to_owned)
}
