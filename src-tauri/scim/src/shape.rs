//! Bringing values into the form that their attribute has: the right type, canonical names, nothing that is unassigned.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use crate::json::{MOST_NAMES, kind_of, member, wrong_kind};
use crate::near_miss;
use crate::schema::{Attribute, Kind, Mutability};
use crate::target::{key_of, note_unknown, order, remove};
use crate::{Notes, Policy, Result, ScimError, datetime, shortened};

/// Values of one attribute at the most; a person has a handful. Keeps a PATCH of 10,000 additions from comparing each with each.
pub(crate) const MOST_VALUES: usize = 1_000;

/// Shapes values according to a policy.
pub(crate) struct Shaper<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) notes: &'a mut Notes,
}

/// `true` of `"True"`, `"1"` and `1`, as a tolerant policy reads booleans.
pub fn loose_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") || text.trim() == "1" => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") || text.trim() == "0" => Some(false),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        _ => None,
    }
}

/// A value without its unassigned parts, RFC 7643 §2.5. `None` if nothing is left.
pub(crate) fn prune(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(elements) => {
            let elements: Vec<_> = elements.into_iter().filter_map(prune).collect();
            (!elements.is_empty()).then_some(Value::Array(elements))
        }
        Value::Object(object) => {
            let object: Map<_, _> =
                object.into_iter().filter_map(|(name, value)| Some((name, prune(value)?))).collect();
            (!object.is_empty()).then_some(Value::Object(object))
        }
        scalar => Some(scalar),
    }
}

/// Whether an element says that it is the primary one.
pub(crate) fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// Makes one element the only primary one, as RFC 7644 §3.5.2 demands.
pub(crate) fn clear_other_primaries(elements: &mut [Value], winner: usize) {
    for (index, element) in elements.iter_mut().enumerate() {
        if index != winner && is_primary(element) {
            element["primary"] = false.into();
        }
    }
}

impl Shaper<'_> {
    /// The value of a whole attribute; `None`: unassigned. `at` names it for people.
    ///
    /// # Errors
    /// `invalidValue` for what the attribute cannot hold.
    pub(crate) fn value(&mut self, attribute: &Attribute, value: Value, at: &str) -> Result<Option<Value>> {
        if !attribute.multi_valued {
            return self.element(attribute, value, at);
        }
        let mut elements = self.elements(attribute, value, at)?;
        let mut seen = HashSet::with_capacity(elements.len());
        elements.retain(|element| seen.insert(element.clone()));
        self.leave_one_primary(&mut elements, at)?;
        Ok((!elements.is_empty()).then_some(Value::Array(elements)))
    }

    /// The elements that a value for a multi-valued attribute consists of.
    ///
    /// # Errors
    /// `invalidValue` for what the attribute cannot hold.
    pub(crate) fn elements(&mut self, attribute: &Attribute, value: Value, at: &str) -> Result<Vec<Value>> {
        let raw = match value {
            Value::Array(elements) => elements,
            Value::Null => Vec::new(),
            Value::String(text) if text.is_empty() => Vec::new(),
            single => {
                // onelogin-04-emails-as-object
                self.policy.tolerate(|| ScimError::wrong_type(format!("`{at}` has to be an array.")))?;
                let found = kind_of(&single);
                let text = format!("`{at}` can have several values and was {found}; it was read as a list of one.");
                self.notes.add("single-value", "RFC 7643 §2.4", text);
                vec![single]
            }
        };
        check_count(raw.len(), at)?;
        let mut elements = Vec::with_capacity(raw.len());
        for (index, element) in raw.into_iter().enumerate() {
            elements.extend(self.element(attribute, element, &format!("{at}[{index}]"))?);
        }
        Ok(elements)
    }

    /// One value of an attribute; `None`: unassigned. Numbers and booleans are not read as texts, whatever the policy: they point to a
    /// mapping that is wrong, and what would be stored is not what the client compares with later.
    ///
    /// # Errors
    /// `invalidValue` for what the attribute cannot hold.
    pub(crate) fn element(&mut self, attribute: &Attribute, value: Value, at: &str) -> Result<Option<Value>> {
        match (attribute.kind, value) {
            (_, Value::Null) => Ok(None),
            (_, Value::String(text)) if text.is_empty() => {
                // entra-23-manager-cleared-with-empty-string
                let text = format!("`{at}` was an empty text; it was read as not assigned.");
                self.notes.add("empty-string", "RFC 7643 §2.5", text);
                Ok(None)
            }
            (_, Value::Array(elements)) => self.unwrap(attribute, elements, at),
            (Kind::Complex, Value::Object(object)) => self.complex(attribute, object, at),
            (Kind::Complex, scalar) => self.wrap(attribute, scalar, at),
            (Kind::Boolean, value) => self.boolean(value, at).map(Some),
            (Kind::Integer | Kind::Decimal, value) => self.number(attribute.kind, value, at).map(Some),
            (Kind::DateTime, value) => match value.as_str().and_then(datetime::parse) {
                Some(_) => Ok(Some(value)),
                None => Err(refuse(at, "a time such as \"2008-01-23T04:56:22Z\"", &value)),
            },
            (Kind::String | Kind::Reference | Kind::Binary, Value::String(text)) => {
                self.notes.add_placeholder(&at, &text);
                Ok(Some(Value::String(text)))
            }
            (Kind::String | Kind::Reference | Kind::Binary, value) => Err(refuse(at, "a text", &value)),
        }
    }

    /// Sets the parts that `changes` names in `object`; the others stay (RFC 7644 §3.5.2.3).
    ///
    /// # Errors
    /// `invalidValue` for what a part cannot hold, and for an unknown part if the policy is strict.
    pub(crate) fn merge(
        &mut self,
        attribute: &Attribute,
        object: &mut Map<String, Value>,
        changes: Map<String, Value>,
        at: &str,
    ) -> Result<()> {
        for (name, value) in changes {
            match attribute.sub(&name) {
                Some(sub) if sub.mutability == Mutability::ReadOnly => {}
                Some(sub) => match self.value(sub, value, &format!("{at}.{}", sub.name))? {
                    Some(value) => drop(object.insert(sub.name.clone(), value)),
                    None => drop(object.shift_remove(&sub.name)),
                },
                None => {
                    let name = key_of(object, &name);
                    let Some(value) = prune(value) else {
                        object.shift_remove(&name);
                        continue;
                    };
                    let question = || near_miss::question_of_part(&name, attribute);
                    let refusal = || ScimError::invalid_value(format!("`{at}` has no `{name}`.{}", question()));
                    self.policy.tolerate(refusal)?;
                    if !self.notes.is_full() {
                        note_unknown(self.notes, &format!("{at}.{name}"), &question());
                    }
                    object.insert(name, value);
                }
            }
        }
        check_names(object, at)?;
        *object = order(std::mem::take(object), &attribute.sub_attributes);
        Ok(())
    }

    /// Leaves the first of several primary elements.
    ///
    /// # Errors
    /// `invalidValue` for several if the policy is strict, or for too many elements.
    pub(crate) fn leave_one_primary(&mut self, elements: &mut [Value], at: &str) -> Result<()> {
        let mut primaries =
            elements.iter().enumerate().filter(|(_, element)| is_primary(element)).map(|(index, _)| index);
        if let (Some(first), Some(_)) = (primaries.next(), primaries.next()) {
            self.policy.tolerate(|| ScimError::invalid_value(format!("Only one of `{at}` can be primary.")))?;
            let text = format!("More than one of `{at}` was primary; the first one is.");
            self.notes.add("several-primary", "RFC 7643 §2.4", text);
            clear_other_primaries(elements, first);
        }
        Ok(())
    }

    fn complex(&mut self, attribute: &Attribute, raw: Map<String, Value>, at: &str) -> Result<Option<Value>> {
        let lost_value = member(&raw, "value").is_some_and(|value| prune(value.clone()).is_none());
        let mut object = Map::new();
        self.merge(attribute, &mut object, raw, at)?;
        // `{"type": "work", "value": ""}` is how clients say that there is no work email.
        let says_nothing =
            lost_value && object.keys().all(|name| matches!(name.as_str(), "type" | "primary" | "display"));
        let is_empty = object.is_empty() || (says_nothing && attribute.sub("value").is_some());
        Ok((!is_empty).then_some(Value::Object(object)))
    }

    /// A complex value of which only the main part was sent.
    fn wrap(&mut self, attribute: &Attribute, scalar: Value, at: &str) -> Result<Option<Value>> {
        let Some(main) = attribute.sub("value").or_else(|| attribute.sub("formatted")) else {
            return Err(refuse(at, "an object", &scalar));
        };
        // entra-21-manager-as-string
        let refusal = || ScimError::wrong_type(wrong_kind(format_args!("`{at}`"), "an object", &scalar));
        self.policy.tolerate(refusal)?;
        let (found, name) = (kind_of(&scalar), &main.name);
        let text = format!("`{at}` has several parts and was {found}; it was read as its `{name}`.");
        self.notes.add("scalar-as-object", "RFC 7643 §2.3.8", text);
        let value = self.value(main, scalar, &format!("{at}.{}", main.name))?;
        Ok(value.map(|value| Value::Object(Map::from_iter([(main.name.clone(), value)]))))
    }

    /// The only value of a list where there can be only one.
    fn unwrap(&mut self, attribute: &Attribute, mut elements: Vec<Value>, at: &str) -> Result<Option<Value>> {
        let Some(element) = elements.pop() else { return Ok(None) };
        if !elements.is_empty() || element.is_array() {
            return Err(ScimError::wrong_type(format!("`{at}` can have only one value.")));
        }
        // entra-22-manager-as-array-bare-path
        self.policy.tolerate(|| ScimError::wrong_type(format!("`{at}` cannot be an array.")))?;
        let text = format!("`{at}` can have only one value and was a list of one.");
        self.notes.add("list-of-one", "RFC 7643 §2.4", text);
        self.element(attribute, element, at)
    }

    fn boolean(&mut self, value: Value, at: &str) -> Result<Value> {
        if value.is_boolean() {
            return Ok(value);
        }
        // entra-13-patch-active-string-False
        let Some(boolean) = loose_boolean(&value).filter(|_| !self.policy.refuse_string_booleans()) else {
            return Err(refuse(at, "true or false", &value));
        };
        let text = format!("`{at}` was {} {value}; it was read as {boolean}.", article(&value));
        self.notes.add("string-boolean", "RFC 7643 §2.3.2", text);
        Ok(boolean.into())
    }

    fn number(&mut self, kind: Kind, value: Value, at: &str) -> Result<Value> {
        let expected = if kind == Kind::Integer { "a whole number" } else { "a number" };
        let fits = |number: &Number| kind == Kind::Decimal || number.as_i128().is_some();
        let read = match &value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) if !self.policy.is_strict() => serde_json::from_str(text.trim()).ok(),
            _ => None,
        };
        let Some(number) = read.filter(fits) else { return Err(refuse(at, expected, &value)) };
        if value.is_string() {
            let text = format!("`{at}` was the text {value}; it was read as a number.");
            self.notes.add("string-number", "RFC 7643 §2.3", text);
        }
        Ok(Value::Number(number))
    }
}

/// Refuses more values than anybody has.
///
/// # Errors
/// `invalidValue`.
pub(crate) fn check_count(count: usize, at: &str) -> Result<()> {
    if count > MOST_VALUES {
        return Err(ScimError::invalid_value(format!("`{at}` can have {MOST_VALUES} values, not {count}.")));
    }
    Ok(())
}

/// Refuses an object that has grown beyond what can be read in one body.
///
/// # Errors
/// `invalidValue`.
pub(crate) fn check_names(object: &Map<String, Value>, at: &str) -> Result<()> {
    if object.len() > MOST_NAMES {
        return Err(ScimError::invalid_value(format!("`{at}` can have {MOST_NAMES} parts.")));
    }
    Ok(())
}

/// Sets one part of a complex value; `None` leaves it unassigned.
pub(crate) fn set_part(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            let name = key_of(object, name);
            object.insert(name, value);
        }
        None => drop(remove(object, name)),
    }
}

fn refuse(at: &str, expected: &str, value: &Value) -> ScimError {
    let found = match value {
        Value::Array(_) | Value::Object(_) => kind_of(value).to_owned(),
        scalar => shortened(&scalar.to_string(), 60),
    };
    ScimError::wrong_type(format!("`{at}` has to be {expected}, not {found}."))
}

fn article(value: &Value) -> &'static str {
    if value.is_number() { "the number" } else { "the text" }
}
