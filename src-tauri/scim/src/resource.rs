//! Bodies of POST and PUT, RFC 7644 §3.3 and §3.5.1.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::json::{Document, member, object_of, wrong_kind};
use crate::near_miss;
use crate::schema::{Mutability, Returned, Schema};
use crate::shape::{Shaper, check_count, prune, set_part};
use crate::target::{Named, Names, Target, canonical, first_missing};
use crate::{AttrPath, Member, Notes, Policy, Resource, ResourceSchema, Result, ScimError, is_same};

pub use crate::shape::loose_boolean;

/// A POST or PUT body, normalized.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incoming {
    /// What is to be kept: no `id`, `meta`, `groups`, `members` and `password`.
    pub resource: Resource,
    /// Whether the body sets a password. What it is has been forgotten.
    pub password_set: bool,
    /// Attributes of the resource itself that the body names, in lower case, even if they are null.
    mentioned: HashSet<String>,
    members: Option<Vec<Member>>,
}

impl Incoming {
    /// The members of a group. `None`: the body does not name them; `Some(&[])`: there are to be none.
    pub fn members(&self) -> Option<&[Member]> {
        self.members.as_deref()
    }

    /// Whether the body names an attribute of the resource itself, even if it is null.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.mentioned.contains(&attribute.to_ascii_lowercase())
    }
}

/// Normalizes a POST or PUT body: names in canonical letter case, `null`, `""` and `[]` as absent (RFC 7643 §2.5), read-only attributes
/// left out, `schemas` as what is really there.
///
/// # Errors
/// `invalidSyntax` for what is not a JSON object; `invalidValue` for a required attribute that is missing or a value that its attribute
/// cannot hold. If the policy is strict, also for what it would otherwise note: attributes and schemas that are not known, booleans in
/// quotation marks, a single value for a list.
pub fn parse(body: &[u8], schema: &ResourceSchema, policy: &Policy, notes: &mut Notes) -> Result<Incoming> {
    let document = Document::parse(body)?;
    for name in &document.repeated {
        note_repeated(name, policy, notes)?;
    }
    check_schemas(member(&document.object, "schemas"), schema, policy, notes)?;
    let mut reader = Reader { schema, policy, notes, incoming: Incoming::default() };
    reader.object(document.object)?;
    let mut incoming = reader.incoming;
    if let Some(name) = first_missing(&incoming.resource, schema) {
        return Err(ScimError::invalid_value(format!("`{name}` is required.")));
    }
    incoming.resource = canonical(incoming.resource, schema);
    Ok(incoming)
}

/// What a PUT makes of `current`: what the body leaves out is cleared, `active` excepted unless the policy says so. `current` itself if
/// nothing changed, even if the body has the values of an attribute in another order.
///
/// # Errors
/// `mutability` if an immutable attribute changes.
pub fn replace(
    current: &Resource,
    incoming: Incoming,
    schema: &ResourceSchema,
    policy: &Policy,
    notes: &mut Notes,
) -> Result<Resource> {
    let keeps_active = !incoming.mentions("active") && !policy.put_without_active_clears();
    let mut resource = incoming.resource;
    if let Some(active) = current.get("active").filter(|_| keeps_active) {
        notes.add("active-left-out", "RFC 7644 §3.5.1", "The body has no `active`; it was kept as it was.");
        resource.insert("active".into(), active.clone());
    }
    for found in schema.immutable() {
        let target = Target::from(found);
        let before = target.get(current);
        if before.is_some() && before != target.get(&resource) {
            return Err(ScimError::mutability(format!("`{}` cannot be changed once it is set.", target.path)));
        }
    }
    let replaced = canonical(resource, schema);
    Ok(if is_same(current, &replaced) { current.clone() } else { replaced })
}

/// Notes that a name stands twice in one object.
///
/// # Errors
/// `invalidSyntax` if the policy is strict.
pub(crate) fn note_repeated(name: &str, policy: &Policy, notes: &mut Notes) -> Result<()> {
    policy.tolerate(|| ScimError::invalid_syntax(format!("`{name}` stands in the body twice.")))?;
    notes.add("repeated-name", "RFC 7643 §2.1", format!("`{name}` stands in the body twice; the last one counts."));
    Ok(())
}

struct Reader<'a> {
    schema: &'a ResourceSchema,
    policy: &'a Policy,
    notes: &'a mut Notes,
    incoming: Incoming,
}

impl<'a> Reader<'a> {
    fn object(&mut self, object: Map<String, Value>) -> Result<()> {
        for (key, value) in object {
            match self.names().key(&key, &value, self.notes)? {
                Named::Attribute(target) => self.attribute(&target, value)?,
                Named::Extension(extension) => self.extension(extension, value)?,
                Named::Core => match value {
                    Value::Object(object) => self.object(object)?,
                    Value::Null => {}
                    other => return Err(not_an_object(&key, &other)),
                },
            }
        }
        Ok(())
    }

    fn extension(&mut self, extension: &'a Schema, value: Value) -> Result<()> {
        let object = match value {
            Value::Object(object) => object,
            Value::Null => return Ok(()),
            other => return Err(not_an_object(&extension.id, &other)),
        };
        for (key, value) in object {
            let target = self.names().extension_key(extension, &key, self.notes)?;
            self.attribute(&target, value)?;
        }
        Ok(())
    }

    fn attribute(&mut self, target: &Target<'_>, value: Value) -> Result<()> {
        let AttrPath { schema: urn, attribute: name, sub } = &target.path;
        if urn.is_none() && sub.is_none() && !self.incoming.mentioned.insert(name.to_ascii_lowercase()) {
            note_repeated(name, self.policy, self.notes)?;
        }
        let Some(attribute) = target.attribute else {
            let value = prune(value);
            check_count(value.as_ref().and_then(Value::as_array).map_or(0, Vec::len), &target.path.to_string())?;
            self.keep_unknown(target, value);
            return Ok(());
        };
        if attribute.mutability == Mutability::ReadOnly || target.is("schemas") {
            // okta-16-put-profile-echoes-readonly: ignored, as RFC 7644 §3.5.1 has it.
            return Ok(());
        }
        if attribute.returned == Returned::Never {
            self.incoming.password_set |= password(&value)?;
            return Ok(());
        }
        if target.is("members") {
            self.incoming.members = Some(Member::parse_list(value, self.policy, self.notes)?);
            return Ok(());
        }
        let mut shaper = Shaper { policy: self.policy, notes: self.notes };
        let label = target.path.to_string();
        let Some(sub) = sub else {
            let value = shaper.value(attribute, value, &label)?;
            target.put(&mut self.incoming.resource, value);
            return Ok(());
        };
        let mut object = object_of(target.take(&mut self.incoming.resource));
        shaper.merge(attribute, &mut object, Map::from_iter([(sub.clone(), value)]), name)?;
        let value = (!object.is_empty()).then_some(Value::Object(object));
        let value = if attribute.multi_valued { value.map(|value| Value::Array(vec![value])) } else { value };
        target.put(&mut self.incoming.resource, value);
        Ok(())
    }

    fn keep_unknown(&mut self, target: &Target<'_>, mut value: Option<Value>) {
        if let Some(sub) = &target.path.sub {
            let mut object = object_of(target.take(&mut self.incoming.resource));
            set_part(&mut object, sub, value);
            value = (!object.is_empty()).then_some(Value::Object(object));
        }
        target.put(&mut self.incoming.resource, value);
    }

    fn names(&self) -> Names<'a, 'a> {
        Names { schema: self.schema, policy: self.policy }
    }
}

fn not_an_object(name: &str, value: &Value) -> ScimError {
    ScimError::wrong_type(wrong_kind(format_args!("`{name}`"), "an object", value))
}

/// Whether a value for `password` sets one.
///
/// # Errors
/// `invalidValue` for what is not text. The value is not repeated in the error.
pub(crate) fn password(value: &Value) -> Result<bool> {
    match value {
        Value::String(text) => Ok(!text.is_empty()),
        Value::Null => Ok(false),
        _ => Err(ScimError::wrong_type("`password` has to be a text.")),
    }
}

fn check_schemas(schemas: Option<&Value>, schema: &ResourceSchema, policy: &Policy, notes: &mut Notes) -> Result<()> {
    let core = schema.core().id.as_str();
    let urns = match schemas {
        Some(Value::Array(urns)) if !urns.is_empty() => urns.as_slice(),
        None | Some(Value::Null | Value::Array(_)) => {
            if policy.refuse_missing_schemas() {
                return Err(ScimError::invalid_syntax(format!("`schemas` is required and has to name {core}.")));
            }
            let text = format!("The body has no `schemas`; it was read as a {}.", schema.name());
            notes.add("missing-schemas", "RFC 7643 §3", text);
            return Ok(());
        }
        Some(urn @ Value::String(_)) if !policy.is_strict() => {
            notes.add("single-value", "RFC 7643 §3", "`schemas` was a string; it was read as a list of one.");
            std::slice::from_ref(urn)
        }
        Some(_) => return Err(ScimError::invalid_syntax("`schemas` has to be an array of URNs.")),
    };
    let mut names_core = false;
    for urn in urns {
        let Some(urn) = urn.as_str() else {
            return Err(ScimError::invalid_syntax("`schemas` has to be an array of URNs."));
        };
        names_core |= urn.eq_ignore_ascii_case(core);
        if urn.eq_ignore_ascii_case(core) || schema.extension(urn).is_some() {
            continue;
        }
        // entra-29-group-create-ms-schema, onelogin-02-put-trailing-question-mark-wrong-schemas
        let (name, question) = (schema.name(), near_miss::question_of_schema(urn, schema));
        let refusal = format!("`schemas` names {urn:?}, which a {name} does not have.{question}");
        policy.tolerate(|| ScimError::invalid_value(refusal))?;
        let text = format!("`schemas` names {urn:?}, which is not declared for a {name}.{question}");
        notes.add("unknown-schema", "RFC 7643 §3", text);
    }
    if !names_core {
        policy.tolerate(|| ScimError::invalid_syntax(format!("`schemas` has to name {core}.")))?;
        notes.add("core-schema-not-named", "RFC 7643 §3", format!("`schemas` does not name {core}."));
    }
    Ok(())
}
