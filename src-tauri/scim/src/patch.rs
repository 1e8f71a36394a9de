//! PATCH, RFC 7644 §3.5.2.

mod apply;
mod group;
mod path;
mod values;
mod work;

use serde_json::{Map, Value};

pub use apply::{Patching, apply};
pub use group::{GroupStep, MembersOp, group_steps};
pub use path::PatchPath;
pub use work::PatchWork;

use crate::error::REPEATED;
use crate::json::{Document, kind_of, member, wrong_kind};
use crate::resource::note_repeated;
use crate::schema::Attribute;
use crate::{Filter, Notes, PATCH_OP, Policy, Resource, Result, ScimError, shortened};

/// The body of a PATCH: operations that are carried out in order, all of them or none.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchRequest {
    /// At least one, if it was read from a body.
    pub operations: Vec<Operation>,
}

/// One operation: `{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "ada@example.com"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What to do.
    pub op: Op,
    /// With what; `None`: with the attributes that `value` names.
    pub path: Option<PatchPath>,
    /// The new value.
    pub value: Option<Value>,
    /// Which of several operations of a body this is, for errors.
    number: Option<usize>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds values, or sets a single one.
    Add,
    /// Removes values.
    Remove,
    /// Sets values.
    Replace,
}

/// A resource after a PATCH.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The resource; equal to the one before if nothing changed, even if values were sent in another order.
    pub resource: Resource,
    /// Whether the PATCH sets a password. What it is has been forgotten.
    pub password_set: bool,
}

impl PatchRequest {
    /// Reads a PATCH body. Paths are parsed here and looked up by [`apply`].
    ///
    /// # Errors
    /// `invalidSyntax` for what is not a PATCH message, `noTarget` for a `remove` without a path, `invalidPath` for a path that cannot be
    /// read, `invalidValue` for a missing value.
    pub fn parse(body: &[u8], policy: &Policy, notes: &mut Notes) -> Result<Self> {
        let document = Document::parse(body)?;
        for name in &document.repeated {
            note_repeated(name, policy, notes)?;
        }
        check_schemas(member(&document.object, "schemas"), policy, notes)?;
        let operations = match member(&document.object, "Operations") {
            Some(Value::Array(operations)) => operations.as_slice(),
            Some(single @ Value::Object(_)) if !policy.is_strict() => {
                let text = "`Operations` was one object; it was read as a list of one.";
                notes.add("single-value", "RFC 7644 §3.5.2", text);
                std::slice::from_ref(single)
            }
            Some(other) => return Err(ScimError::invalid_syntax(wrong_kind("`Operations`", "an array", other))),
            None => &[],
        };
        if operations.is_empty() {
            return Err(ScimError::invalid_syntax("`Operations` has to have at least one operation."));
        }
        let parse = |(index, operation): (usize, &Value)| {
            let number = (operations.len() > 1).then_some(index + 1);
            let parsed = Operation::parse(operation, policy, notes).map_err(|error| within(error, number))?;
            Ok(Operation { number, ..parsed })
        };
        Ok(Self { operations: operations.iter().enumerate().map(parse).collect::<Result<_, _>>()? })
    }
}

impl Operation {
    /// An operation that did not arrive in a body.
    pub fn new(op: Op, path: Option<PatchPath>, value: Option<Value>) -> Self {
        Self { op, path, value, number: None }
    }

    fn parse(operation: &Value, policy: &Policy, notes: &mut Notes) -> Result<Self> {
        let Value::Object(object) = operation else {
            return Err(ScimError::invalid_syntax(wrong_kind("An operation", "an object", operation)));
        };
        let op = Op::parse(member(object, "op"), notes)?;
        let path = match member(object, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() && !policy.is_strict() => None,
            Some(Value::String(text)) => Some(PatchPath::parse(text, policy, notes)?),
            Some(other) => return Err(ScimError::invalid_path(wrong_kind("A path", "a text", other))),
        };
        let value = member(object, "value").cloned();
        match (op, &path, &value) {
            (Op::Remove, None, _) => Err(ScimError::no_target("A `remove` needs a path (RFC 7644 §3.5.2.2).")),
            (Op::Add | Op::Replace, None, None) => {
                Err(ScimError::invalid_value("The operation has neither a path nor a value."))
            }
            // bitwarden-01-add-member-via-filter-no-value: the filter says it all.
            (Op::Add, Some(PatchPath { filter: Some(_), .. }), None) if !policy.is_strict() => Ok(()),
            (Op::Add | Op::Replace, Some(path), None) => {
                Err(ScimError::invalid_value(format!("There is no value for `{path}`.")))
            }
            _ => Ok(()),
        }?;
        Ok(Self::new(op, path, value))
    }
}

impl Op {
    fn parse(op: Option<&Value>, notes: &mut Notes) -> Result<Self> {
        let Some(text) = op.and_then(Value::as_str) else {
            return Err(ScimError::invalid_syntax("An operation needs an `op`: add, remove or replace."));
        };
        let known = [("add", Self::Add), ("remove", Self::Remove), ("replace", Self::Replace)];
        let Some((name, op)) = known.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)) else {
            return Err(ScimError::invalid_syntax(format!(
                "There is no op {text:?}; there are add, remove and replace."
            )));
        };
        if text != name {
            // entra-16-patch-multi-replace, which is accepted in strict mode too.
            notes.add("op-case", "RFC 7644 §3.5.2", format!("The op {text:?} was read as {name:?}."));
        }
        Ok(op)
    }
}

/// An error in one of several operations, with its number.
fn within(mut error: ScimError, number: Option<usize>) -> ScimError {
    if let Some(number) = number {
        error.detail = format!("Operation {number}: {}", error.detail);
    }
    error
}

/// The attributes in the value of an operation without a path.
fn pathless(value: Option<&Value>, policy: &Policy, notes: &mut Notes) -> Result<Map<String, Value>> {
    match value {
        Some(Value::Object(object)) => return Ok(object.clone()),
        Some(Value::Array(elements)) if !policy.is_strict() => {
            if let [Value::Object(object)] = elements.as_slice() {
                let text =
                    "The value of an operation without a path was a list of one object; it was read as the object.";
                notes.add("list-of-one", "RFC 7644 §3.5.2", text);
                return Ok(object.clone());
            }
        }
        _ => {}
    }
    let found = value.map_or("nothing", kind_of);
    Err(ScimError::wrong_type(format!("Without a path the value has to be an object, not {found}.")))
}

/// The value of an attribute that stands once more behind the attribute's name: `{"members": […]}` at the path `members`, as Salesforce
/// documents it. Other values are what they are.
fn unwrapped(value: Value, attribute: &Attribute, policy: &Policy, notes: &mut Notes) -> Value {
    let name = &attribute.name;
    let repeats = |value: &Value| {
        let object = value.as_object().filter(|object| object.len() == 1);
        let is_it = |object: &Map<String, Value>| object.keys().any(|key| key.eq_ignore_ascii_case(name));
        object.is_some_and(is_it) && attribute.sub(name).is_none()
    };
    let outer = match &value {
        Value::Array(elements) => match elements.as_slice() {
            [only] => only,
            _ => return value,
        },
        other => other,
    };
    if policy.is_strict() || !repeats(outer) {
        return value;
    }
    let text = format!("The value repeats the name `{name}` that the path has; what stands behind it was read.");
    notes.add("name-in-value", "RFC 7644 §3.5.2", text);
    member(outer.as_object().unwrap_or(&Map::new()), name).cloned().unwrap_or_default()
}

/// Says that a `remove` found nothing to remove.
fn note_unmet(label: &str, filter: &Filter, notes: &mut Notes) {
    if notes.is_full() {
        return;
    }
    let filter = filter.to_string();
    let text = format!("No value of `{label}` meets `{}`; nothing was removed.", shortened(&filter, REPEATED));
    notes.add("remove-without-match", "RFC 7644 §3.5.2.2", text);
}

fn check_schemas(schemas: Option<&Value>, policy: &Policy, notes: &mut Notes) -> Result<()> {
    let is_patch = |urn: &Value| urn.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(PATCH_OP));
    let is_named = match schemas {
        Some(Value::Array(urns)) => urns.iter().any(is_patch),
        Some(urn) => !policy.is_strict() && is_patch(urn),
        None => false,
    };
    if is_named {
        return Ok(());
    }
    if policy.refuse_missing_schemas() {
        return Err(ScimError::invalid_syntax(format!("`schemas` has to name {PATCH_OP}.")));
    }
    notes.add("missing-schemas", "RFC 7644 §3.5.2", format!("`schemas` does not name {PATCH_OP}."));
    Ok(())
}
