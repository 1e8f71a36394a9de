//! Whether a resource, or one element of an attribute, meets a filter.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::{CompareOp, Filter, FilterValue};
use crate::json::member;
use crate::schema::{Attribute, Kind};
use crate::{AttrPath, Resource, ResourceSchema, comparison_key, datetime, is_same_text};

impl Filter {
    /// Whether a resource meets the filter. Letter case counts where the schema says `caseExact` (RFC 7643 §2.2).
    pub fn matches(&self, resource: &Resource, schema: &ResourceSchema) -> bool {
        matches(self, &Subject::Resource(resource, schema))
    }
}

/// Whether an element of an attribute meets a value filter. `attribute` is `None` for what no schema has.
pub(crate) fn element_matches(filter: &Filter, element: &Value, attribute: Option<&Attribute>) -> bool {
    match element {
        Value::Object(object) => matches(filter, &Subject::Element(object, attribute)),
        // The values of a simple attribute are their own `value`.
        scalar => {
            let object = Map::from_iter([("value".to_owned(), scalar.clone())]);
            matches(filter, &Subject::Element(&object, attribute))
        }
    }
}

/// Whether two texts are the same, letter case counting or not.
pub(crate) fn same_text(a: &str, b: &str, case_exact: bool) -> bool {
    a == b || (!case_exact && is_same_text(a, b))
}

/// What a filter is asked about.
enum Subject<'a> {
    Resource(&'a Resource, &'a ResourceSchema),
    Element(&'a Map<String, Value>, Option<&'a Attribute>),
}

/// The values that a path leads to, and how they compare.
struct Values<'a> {
    values: Vec<&'a Value>,
    kind: Kind,
    case_exact: bool,
}

fn matches(filter: &Filter, subject: &Subject<'_>) -> bool {
    match filter {
        Filter::And(left, right) => matches(left, subject) && matches(right, subject),
        Filter::Or(left, right) => matches(left, subject) || matches(right, subject),
        Filter::Not(inner) => !matches(inner, subject),
        Filter::Compare { path, op, value } => compare(&subject.values(path), *op, value),
        Filter::Present(path) => subject.values(path).values.into_iter().any(is_present),
        Filter::ValuePath { path, filter } => match subject {
            Subject::Element(..) => false,
            Subject::Resource(_, schema) => {
                let attribute = schema.locate(path).map(|found| found.attribute);
                subject.values(path).values.into_iter().any(|value| element_matches(filter, value, attribute))
            }
        },
    }
}

impl<'a> Subject<'a> {
    fn values(&self, path: &AttrPath) -> Values<'a> {
        let (container, leaf) = match self {
            Self::Element(object, attribute) => {
                let is_value = path.attribute.eq_ignore_ascii_case("value");
                let simple = attribute.filter(|attribute| attribute.kind != Kind::Complex && is_value);
                (Some(*object), attribute.and_then(|attribute| attribute.sub(&path.attribute)).or(simple))
            }
            Self::Resource(resource, schema) => {
                let leaf = schema.locate(path).map(|found| found.leaf());
                match &path.schema {
                    Some(urn) if !urn.eq_ignore_ascii_case(&schema.core().id) => {
                        if let Some(extension) = schema.extension_named_by(path) {
                            return Values::of(member(resource, &extension.id), None);
                        }
                        (member(resource, urn).and_then(Value::as_object), leaf)
                    }
                    _ => (Some(*resource), leaf),
                }
            }
        };
        let value = container.and_then(|container| member(container, &path.attribute));
        let Some(sub) = &path.sub else { return Values::of(value, leaf) };
        let parts = elements(value).filter_map(|element| element.as_object().and_then(|object| member(object, sub)));
        Values { values: parts.flat_map(|part| elements(Some(part))).collect(), ..Values::of(None, leaf) }
    }
}

impl<'a> Values<'a> {
    fn of(value: Option<&'a Value>, attribute: Option<&Attribute>) -> Self {
        Self {
            values: elements(value).collect(),
            kind: attribute.map_or(Kind::String, |attribute| attribute.kind),
            case_exact: attribute.is_some_and(Attribute::is_case_exact),
        }
    }
}

/// The elements of an array, or a value that is not one.
fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(elements)) => elements.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
    .iter()
}

fn compare(values: &Values<'_>, op: CompareOp, literal: &FilterValue) -> bool {
    let mut assigned = values.values.iter().copied().filter(|value| is_present(value));
    match (literal, op) {
        (FilterValue::Null, CompareOp::Ne) => assigned.next().is_some(),
        (FilterValue::Null, _) => op == CompareOp::Eq && assigned.next().is_none(),
        // What has no value is not equal to anything (RFC 7644 §3.4.2.1).
        (_, CompareOp::Ne) => {
            let mut assigned = assigned.peekable();
            assigned.peek().is_none() || assigned.any(|value| holds(values, value, op, literal))
        }
        _ => assigned.any(|value| holds(values, value, op, literal)),
    }
}

fn holds(values: &Values<'_>, value: &Value, op: CompareOp, literal: &FilterValue) -> bool {
    match (value, literal) {
        (Value::Object(object), _) => match member(object, "value") {
            Some(inner) if !inner.is_object() => holds(values, inner, op, literal),
            _ => op == CompareOp::Ne,
        },
        (Value::String(text), FilterValue::String(literal)) => holds_text(values, text, op, literal),
        (Value::Number(number), FilterValue::Number(literal)) => order(compare_numbers(number, literal), op),
        (Value::Bool(value), FilterValue::Bool(literal)) => match op {
            CompareOp::Eq => value == literal,
            CompareOp::Ne => value != literal,
            _ => false,
        },
        _ => op == CompareOp::Ne,
    }
}

fn holds_text(values: &Values<'_>, text: &str, op: CompareOp, literal: &str) -> bool {
    if values.kind == Kind::DateTime
        && let (Some(value), Some(literal)) = (datetime::parse(text), datetime::parse(literal))
        && !matches!(op, CompareOp::Co | CompareOp::Sw | CompareOp::Ew)
    {
        return order(Some(value.cmp(&literal)), op);
    }
    match op {
        CompareOp::Eq => return same_text(text, literal, values.case_exact),
        CompareOp::Ne => return !same_text(text, literal, values.case_exact),
        _ => {}
    }
    let key = |text: &str| if values.case_exact { text.to_owned() } else { comparison_key(text) };
    let (text, literal) = (key(text), key(literal));
    match op {
        CompareOp::Co => text.contains(&literal),
        CompareOp::Sw => text.starts_with(&literal),
        CompareOp::Ew => text.ends_with(&literal),
        _ => order(Some(text.cmp(&literal)), op),
    }
}

fn order(ordering: Option<Ordering>, op: CompareOp) -> bool {
    let Some(ordering) = ordering else { return op == CompareOp::Ne };
    match op {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// RFC 7643 §2.5: an empty array and null are not values; RFC 7644 Table 3: neither is an empty text or an object without values.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(object) => object.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
