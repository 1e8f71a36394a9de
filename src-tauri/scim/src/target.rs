//! What a name in a body or a PATCH path means, and the values it leads to.

use serde_json::{Map, Value};

use crate::json::member;
use crate::near_miss;
use crate::schema::{Attribute, Resolved, Schema};
use crate::{AttrPath, Notes, Policy, Resource, ResourceSchema, Result, ScimError};

/// What a name means.
pub(crate) enum Named<'s> {
    /// An attribute or a sub-attribute.
    Attribute(Target<'s>),
    /// All attributes of an extension.
    Extension(&'s Schema),
    /// All attributes of the core schema, named by its URN.
    Core,
}

/// An attribute or a sub-attribute, known or not.
#[derive(Clone, Debug)]
pub(crate) struct Target<'s> {
    /// With the URN of the object in which the attribute is; none for the resource itself.
    pub(crate) path: AttrPath,
    /// `None` for what no schema has.
    pub(crate) attribute: Option<&'s Attribute>,
    /// Likewise, of the path's sub-attribute.
    pub(crate) sub: Option<&'s Attribute>,
}

/// Where a name stands; names that no schema has are refused with different errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A PATCH path.
    Path,
    /// A name in a JSON object.
    Body,
}

/// Finds out what names mean.
pub(crate) struct Names<'a, 's> {
    pub(crate) schema: &'s ResourceSchema,
    pub(crate) policy: &'a Policy,
}

impl<'s> Names<'_, 's> {
    /// What a path means.
    ///
    /// # Errors
    /// `invalidPath` or `invalidSyntax` for a name that no schema has, if the policy is strict.
    pub(crate) fn path(&self, path: &AttrPath, spot: Spot, notes: &mut Notes) -> Result<Named<'s>> {
        if let Some(found) = self.schema.locate(path) {
            return Ok(Named::Attribute(found.into()));
        }
        if let Some(extension) = self.schema.extension_named_by(path) {
            return Ok(Named::Extension(extension));
        }
        if self.is_core(&path.to_string()) {
            return Ok(Named::Core);
        }
        if let Some(meant) = self.schema.with_colon(path) {
            note_dot(path, &meant, self.policy, notes, |text| refusal(text, spot))?;
            return self.path(&meant, spot, notes);
        }
        if self.schema.is_foreign(path) {
            return Err(self.foreign(path, spot));
        }
        self.policy.tolerate(|| self.unknown(path, spot))?;
        // entra-22-manager-as-array-bare-path
        if let Some(found) = self.schema.locate_bare(path) {
            let text = format!("`{path}` stands without its URN; it was read as `{}`.", found.path());
            notes.add("extension-without-urn", "RFC 7644 §3.10", text);
            return Ok(Named::Attribute(found.into()));
        }
        let whole = AttrPath { sub: None, ..path.clone() };
        let mut target = match self.schema.locate(&whole) {
            Some(found) if found.attribute.sub_attributes.is_empty() => {
                return Err(ScimError::invalid_path(format!("`{whole}` has no parts, so there is no `{path}`.")));
            }
            Some(found) => Target::from(found),
            None => Target::unknown(AttrPath { schema: self.container(path), ..whole }),
        };
        target.path.sub.clone_from(&path.sub);
        self.note_unknown(&path.to_string(), notes);
        Ok(Named::Attribute(target))
    }

    /// What a name in a JSON object means, given the value that stands behind it.
    ///
    /// # Errors
    /// `invalidSyntax` for a name that no schema has, if the policy is strict.
    pub(crate) fn key(&self, key: &str, value: &Value, notes: &mut Notes) -> Result<Named<'s>> {
        if let Some(attribute) = self.schema.attribute(key) {
            return Ok(Named::Attribute(Resolved { urn: None, attribute, sub: None }.into()));
        }
        if self.is_core(key) {
            return Ok(Named::Core);
        }
        if let Some(extension) = self.schema.extension(key) {
            return Ok(Named::Extension(extension));
        }
        let path = match AttrPath::parse(key) {
            None => self.two_dots(key, notes)?,
            path => path,
        };
        if let Some(path) = path.as_ref().filter(|path| self.schema.is_foreign(path) && !value.is_null()) {
            return Err(self.foreign(path, Spot::Body));
        }
        let is_attribute = path.as_ref().is_some_and(|path| self.schema.with_colon(path).is_some());
        // An object behind an unknown URN is an extension that nobody has declared.
        let is_container = key.contains(':') && !is_attribute && matches!(value, Value::Object(_) | Value::Null);
        if let Some(path) = path.filter(|_| !is_container) {
            let is_compound = path.schema.is_some() || path.sub.is_some();
            let is_known = self.schema.locate(&path).is_some();
            if is_compound && is_known {
                self.policy.tolerate(|| self.unknown(&path, Spot::Body))?;
                // entra-17-flag-pathless-dotted-and-urn-keys
                let text = format!("`{key}` is a path where a name is expected; it was read as the path.");
                notes.add("path-as-name", "RFC 7643 §2.1", text);
            }
            return self.path(&path, Spot::Body, notes);
        }
        self.policy.tolerate(|| self.unknown(&key, Spot::Body))?;
        if !value.is_null() {
            self.note_unknown(key, notes);
        }
        Ok(Named::Attribute(Target::unknown(AttrPath::attribute(key))))
    }

    /// What a name in an extension's object means.
    ///
    /// # Errors
    /// `invalidSyntax` for a name that the extension does not have, if the policy is strict.
    pub(crate) fn extension_key(&self, extension: &'s Schema, key: &str, notes: &mut Notes) -> Result<Target<'s>> {
        let (name, sub) = match key.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (key, None),
        };
        if let Some(attribute) = extension.attribute(name) {
            let part = sub.and_then(|sub| attribute.sub(sub));
            if sub.is_none() || (part.is_some() && !self.policy.is_strict()) {
                return Ok(Resolved { urn: Some(&extension.id), attribute, sub: part }.into());
            }
        }
        let full = format!("{}:{key}", extension.id);
        self.policy.tolerate(|| self.unknown(&full, Spot::Body))?;
        self.note_unknown(&full, notes);
        Ok(Target::unknown(AttrPath { schema: Some(extension.id.clone()), ..AttrPath::attribute(key) }))
    }

    /// What a name with two dots behind a URN means.
    fn two_dots(&self, key: &str, notes: &mut Notes) -> Result<Option<AttrPath>> {
        let Some(meant) = AttrPath::parse_with_colon(key) else { return Ok(None) };
        note_dot(&key, &meant, self.policy, notes, |text| refusal(text, Spot::Body))?;
        Ok(Some(meant))
    }

    fn unknown(&self, name: &dyn std::fmt::Display, spot: Spot) -> ScimError {
        let name = name.to_string();
        refusal(format!("There is no attribute `{name}`.{}", near_miss::question(&name, self.schema)), spot)
    }

    fn note_unknown(&self, name: &str, notes: &mut Notes) {
        if !notes.is_full() {
            note_unknown(notes, name, &near_miss::question(name, self.schema));
        }
    }

    fn foreign(&self, path: &AttrPath, spot: Spot) -> ScimError {
        refusal(format!("`{path}` belongs to a schema that a {} does not have.", self.schema.name()), spot)
    }

    /// The URN of the object in which an attribute that no schema has is kept; the core schema has none of its own.
    fn container(&self, path: &AttrPath) -> Option<String> {
        let urn = path.schema.as_deref().filter(|urn| !self.is_core(urn))?;
        Some(self.schema.extension(urn).map_or(urn, |extension| &extension.id).to_owned())
    }

    fn is_core(&self, text: &str) -> bool {
        text.eq_ignore_ascii_case(&self.schema.core().id)
    }
}

impl Target<'_> {
    /// What no schema has.
    pub(crate) fn unknown(path: AttrPath) -> Self {
        Self { path, attribute: None, sub: None }
    }

    /// The whole attribute for people, without a sub-attribute.
    pub(crate) fn whole(&self) -> String {
        AttrPath { sub: None, ..self.path.clone() }.to_string()
    }

    /// Whether this is an attribute of the resource itself with this canonical name, and that a schema has.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.path.schema.is_none() && self.attribute.is_some_and(|attribute| attribute.name == name)
    }

    /// The whole attribute's value.
    pub(crate) fn get<'r>(&self, resource: &'r Resource) -> Option<&'r Value> {
        match &self.path.schema {
            None => member(resource, &self.path.attribute),
            Some(urn) => member(member(resource, urn)?.as_object()?, &self.path.attribute),
        }
    }

    /// Takes the whole attribute's value out.
    pub(crate) fn take(&self, resource: &mut Resource) -> Option<Value> {
        match &self.path.schema {
            None => remove(resource, &self.path.attribute),
            Some(urn) => {
                let urn = key_of(resource, urn);
                let container = resource.get_mut(&urn)?.as_object_mut()?;
                let taken = remove(container, &self.path.attribute);
                if container.is_empty() {
                    resource.shift_remove(&urn);
                }
                taken
            }
        }
    }

    /// Sets the whole attribute's value; `None` leaves it unassigned.
    pub(crate) fn put(&self, resource: &mut Resource, value: Option<Value>) {
        let Some(value) = value else {
            self.take(resource);
            return;
        };
        let container = match &self.path.schema {
            None => resource,
            Some(urn) => {
                let urn = key_of(resource, urn);
                let container = resource.entry(urn).or_insert_with(|| Value::Object(Map::new()));
                if !container.is_object() {
                    *container = Value::Object(Map::new());
                }
                match container {
                    Value::Object(container) => container,
                    _ => return,
                }
            }
        };
        let name = key_of(container, &self.path.attribute);
        container.insert(name, value);
    }
}

impl<'s> From<Resolved<'s>> for Target<'s> {
    fn from(found: Resolved<'s>) -> Self {
        Self { path: found.path(), attribute: Some(found.attribute), sub: found.sub }
    }
}

/// Takes out whatever is called `password`, wherever a client hid it, and what holds nothing else.
fn forget_passwords(object: &mut Resource) {
    object.retain(|name, value| !name.eq_ignore_ascii_case("password") && keeps_more_than_passwords(value));
}

fn keeps_more_than_passwords(value: &mut Value) -> bool {
    match value {
        Value::Array(elements) => {
            let was_empty = elements.is_empty();
            elements.retain_mut(keeps_more_than_passwords);
            was_empty || !elements.is_empty()
        }
        Value::Object(object) => {
            let was_empty = object.is_empty();
            forget_passwords(object);
            was_empty || !object.is_empty()
        }
        _ => true,
    }
}

/// Brings a resource into the one form that equal resources share: names in the order of the schema, `schemas` as what is there.
pub(crate) fn canonical(mut resource: Resource, schema: &ResourceSchema) -> Resource {
    forget_passwords(&mut resource);
    let mut urns = vec![Value::from(schema.core().id.as_str())];
    let mut ordered = Resource::new();
    ordered.insert("schemas".into(), Value::Null);
    resource.shift_remove("schemas");
    for attribute in schema.root_attributes() {
        if let Some(value) = resource.shift_remove(&attribute.name) {
            ordered.insert(attribute.name.clone(), order_value(value, attribute));
        }
    }
    for extension in schema.extensions() {
        if let Some(Value::Object(object)) = resource.shift_remove(&extension.id) {
            urns.push(extension.id.as_str().into());
            ordered.insert(extension.id.clone(), Value::Object(order(object, &extension.attributes)));
        }
    }
    resource.sort_keys();
    for (name, value) in resource {
        if name.contains(':') && value.is_object() {
            urns.push(name.as_str().into());
        }
        ordered.insert(name, value);
    }
    ordered.insert("schemas".into(), Value::Array(urns));
    ordered
}

/// Brings the members of an object into the order of `attributes`; others follow by name.
pub(crate) fn order(mut object: Map<String, Value>, attributes: &[Attribute]) -> Map<String, Value> {
    let mut ordered = Map::new();
    for attribute in attributes {
        if let Some(value) = object.shift_remove(&attribute.name) {
            ordered.insert(attribute.name.clone(), order_value(value, attribute));
        }
    }
    object.sort_keys();
    ordered.extend(object);
    ordered
}

fn order_value(value: Value, attribute: &Attribute) -> Value {
    match value {
        Value::Object(object) => Value::Object(order(object, &attribute.sub_attributes)),
        Value::Array(elements) => elements.into_iter().map(|element| order_value(element, attribute)).collect(),
        scalar => scalar,
    }
}

/// The name under which an object already has a member, in whatever letter case; otherwise the name itself.
pub(crate) fn key_of(object: &Map<String, Value>, name: &str) -> String {
    if object.contains_key(name) {
        return name.to_owned();
    }
    object.keys().find(|other| other.eq_ignore_ascii_case(name)).map_or_else(|| name.to_owned(), Clone::clone)
}

/// Takes a member out, whatever the letter case of its name.
pub(crate) fn remove(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let name = key_of(object, name);
    object.shift_remove(&name)
}

/// The names of attributes that a resource of this type must have and this one has not.
pub(crate) fn first_missing<'s>(resource: &Resource, schema: &'s ResourceSchema) -> Option<&'s str> {
    let is_missing = |attribute: &&Attribute| attribute.required && find_value(resource, &attribute.name).is_none();
    schema.root_attributes().find(is_missing).map(|attribute| attribute.name.as_str())
}

fn find_value<'r>(resource: &'r Resource, name: &str) -> Option<&'r Value> {
    resource.get(name).filter(|value| match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Null => false,
        _ => true,
    })
}

fn refusal(text: String, spot: Spot) -> ScimError {
    match spot {
        Spot::Path => ScimError::invalid_path(text),
        Spot::Body => ScimError::invalid_syntax(text),
    }
}

/// Notes that a dot stands where the colon behind a URN belongs.
///
/// # Errors
/// What `refusal` makes of a sentence about it, if the policy is strict.
pub(crate) fn note_dot(
    path: &dyn std::fmt::Display,
    meant: &AttrPath,
    policy: &Policy,
    notes: &mut Notes,
    refusal: impl FnOnce(String) -> ScimError,
) -> Result<()> {
    policy.tolerate(|| refusal(format!("Behind a URN stands a colon, not a dot: `{meant}`, not `{path}`.")))?;
    let text = format!("`{path}` has a dot behind its URN, where a colon belongs; it was read as `{meant}`.");
    notes.add("dot-behind-urn", "RFC 7644 §3.10", text);
    Ok(())
}

/// Notes a name that no schema has. `question` is what is probably meant.
pub(crate) fn note_unknown(notes: &mut Notes, name: &str, question: &str) {
    let text = format!("No schema has `{name}`; it was kept as it is.{question}");
    notes.add("unknown-attribute", "RFC 7643 §3.3", text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_canonical_resource_is_in_the_order_of_its_schema() {
        let Value::Object(resource) = json!({
            "zeta": 1,
            "urn:example:ext": {"b": 1, "a": 2},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D", "employeeNumber": "1"},
            "name": {"zeta": 1, "givenName": "A", "familyName": "B"},
            "alpha": 2,
            "userName": "u",
            "externalId": "e",
        }) else {
            panic!("an object")
        };
        let text = Value::Object(canonical(resource, crate::user())).to_string();
        assert_eq!(
            text,
            json!({
                "schemas": [crate::USER, crate::ENTERPRISE_USER, "urn:example:ext"],
                "externalId": "e",
                "userName": "u",
                "name": {"familyName": "B", "givenName": "A", "zeta": 1},
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "1", "department": "D"},
                "alpha": 2,
                "urn:example:ext": {"b": 1, "a": 2},
                "zeta": 1,
            })
            .to_string()
        );
    }
}
