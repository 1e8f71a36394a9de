//! Reading JSON objects whose names are matched without regard to letter case, and that may name something twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use crate::{Notes, Policy, Result, ScimError};

/// Names in one object at the most; schemas have a few dozen. Names without regard to letter case are looked for one by one, so this
/// keeps a body of 100,000 from comparing each with each.
pub(crate) const MOST_NAMES: usize = 1_000;

/// A member of an object, whatever the letter case of its name (RFC 7643 §2.1).
pub(crate) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// An object; anything else counts as an empty one.
pub(crate) fn object_of(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// Several values; one alone counts as a list of it.
pub(crate) fn list_of(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(list)) => list,
        Some(single) => vec![single],
        None => Vec::new(),
    }
}

/// A body that is one JSON object.
pub(crate) struct Document {
    pub(crate) object: Map<String, Value>,
    /// Names that stand twice in one object; the last value counts.
    pub(crate) repeated: Vec<String>,
}

impl Document {
    /// Reads a body.
    ///
    /// # Errors
    /// `invalidSyntax` with line and column, `invalidValue` for an object of more than 1,000 names. Nesting is bounded by serde_json at
    /// 128 levels.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        // A byte order mark is not part of JSON, but Windows tools write one.
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let mut repeated = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let read = Tree { repeated: &mut repeated }.deserialize(&mut deserializer);
        let value = read.and_then(|value| deserializer.end().map(|()| value));
        let refused = |error: serde_json::Error| match error.classify() {
            // JSON, but more of it than is read here.
            Category::Data => ScimError::invalid_value(format!("The body cannot be read: {error}.")),
            _ => ScimError::invalid_syntax(format!("The body is not valid JSON: {error}.")),
        };
        match value.map_err(refused)? {
            Value::Object(object) => Ok(Self { object, repeated }),
            other => Err(ScimError::invalid_syntax(wrong_kind("The body", "a JSON object", &other))),
        }
    }

    /// Whether `schemas` names what the body is; the policy decides what comes of it if not.
    ///
    /// # Errors
    /// `invalidSyntax` if the policy refuses such bodies.
    pub(crate) fn check_schemas(&self, urn: &str, policy: &Policy, notes: &mut Notes) -> Result<()> {
        let is_it = |named: &Value| named.as_str().is_some_and(|named| named.eq_ignore_ascii_case(urn));
        if member(&self.object, "schemas").and_then(Value::as_array).is_some_and(|schemas| schemas.iter().any(is_it)) {
            return Ok(());
        }
        let text = format!("The body does not name {urn} in schemas.");
        if policy.refuse_missing_schemas() {
            return Err(ScimError::invalid_syntax(text));
        }
        notes.add("missing-schemas", "RFC 7643 §3", text);
        Ok(())
    }
}

/// What a JSON value is, for a sentence.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The sentence for a value of another type than is expected: "A path has to be a text, not a number."
pub(crate) fn wrong_kind(what: impl fmt::Display, expected: &str, value: &Value) -> String {
    format!("{what} has to be {expected}, not {}.", kind_of(value))
}

/// Builds a [`Value`] and writes down which names are repeated; serde_json itself keeps the last one and says nothing.
struct Tree<'a> {
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(Tree { repeated: self.repeated })? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Tree { repeated: self.repeated })?;
            if object.insert(name.clone(), value).is_some() {
                self.repeated.push(name);
            }
            if object.len() > MOST_NAMES {
                return Err(A::Error::custom(format!("an object can have {MOST_NAMES} names")));
            }
        }
        Ok(Value::Object(object))
    }
}
