//! Carrying out operations: from a path to an attribute, from a value to the attribute's new value.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::values::{Change, Elements};
use super::work::PatchWork;
use super::{Op, Operation, PatchPath, PatchRequest, Patched, note_unmet, pathless, unwrapped, within};
use crate::filter::check_element;
use crate::json::{list_of, member, object_of};
use crate::resource::password;
use crate::schema::{Attribute, Kind, Mutability, Returned, Schema};
use crate::shape::{Shaper, check_count, check_names, prune, set_part};
use crate::target::{Named, Names, Spot, Target, canonical, first_missing, key_of};
use crate::{AttrPath, Filter, Notes, Policy, Resource, ResourceSchema, Result, ScimError, is_same};

/// Applies the operations of `patch` in order and returns the changed resource; `resource` itself, which has no `id`, `meta`, `groups`
/// and `members`, is untouched.
///
/// Names are matched without regard to letter case (RFC 7643 §2.1). Adding what is there changes nothing (RFC 7644 §3.5.2.1). A `remove`
/// whose filter matches nothing changes nothing, with a note: §3.5.2.2 is silent, and failing would break retries. `id` is that of the resource;
/// Okta repeats it in the value of an operation without a path (`okta-38-group-patch-pathless-full-state`).
///
/// # Errors
/// `invalidPath` if a path names nothing; `mutability` for a read-only attribute (strict; tolerant: noted and ignored) or the removal of
/// a required one; `noTarget` if the filter of an `add` or `replace` matches nothing and the policy refuses that (§3.5.2.3);
/// `invalidValue` for what an attribute cannot hold; 413 for operations that would take too long on as many values as there are.
pub fn apply(
    resource: &Resource,
    id: &str,
    patch: &PatchRequest,
    schema: &ResourceSchema,
    policy: &Policy,
    notes: &mut Notes,
) -> Result<Patched> {
    let mut patching = Patching::begin(resource);
    patching.apply(id, patch, schema, policy, notes, || Ok::<_, ScimError>(()))?;
    patching.finish(schema)
}

/// A PATCH that is carried out in several steps, as one of a group is, whose members stand elsewhere.
pub struct Patching<'r> {
    before: &'r Resource,
    /// A copy, so that an error in the last operation leaves nothing behind.
    resource: Resource,
    password_set: bool,
    is_begun: bool,
    work: PatchWork,
}

impl<'r> Patching<'r> {
    /// Nothing has changed yet. `resource` is as for [`apply`].
    pub fn begin(resource: &'r Resource) -> Self {
        Self {
            before: resource,
            resource: resource.clone(),
            password_set: false,
            is_begun: false,
            work: PatchWork::default(),
        }
    }

    /// Carries out a step. `may_go_on` is asked before each operation: whoever knows how late it is can break off there.
    ///
    /// # Errors
    /// As for [`apply`], and what `may_go_on` returns.
    pub fn apply<E: From<ScimError>>(
        &mut self,
        id: &str,
        patch: &PatchRequest,
        schema: &ResourceSchema,
        policy: &Policy,
        notes: &mut Notes,
        may_go_on: impl Fn() -> Result<(), E>,
    ) -> Result<(), E> {
        self.is_begun = true;
        let (resource, work) = (&mut self.resource, &mut self.work);
        let mut engine = Engine { schema, policy, notes, id, resource, password_set: &mut self.password_set, work };
        for operation in &patch.operations {
            may_go_on()?;
            engine.operation(operation).map_err(|error| within(error, operation.number))?;
        }
        Ok(())
    }

    /// The resource after the last step.
    ///
    /// # Errors
    /// `invalidValue` if it lacks what it must have.
    pub fn finish(self, schema: &ResourceSchema) -> Result<Patched> {
        if !self.is_begun {
            return Ok(Patched { resource: self.resource, password_set: false });
        }
        if let Some(name) = first_missing(&self.resource, schema) {
            return Err(ScimError::invalid_value(format!("`{name}` is required.")));
        }
        let patched = canonical(self.resource, schema);
        // Values that only changed places have not changed, so `lastModified` stays (RFC 7644 §3.5.2.1).
        let patched = if is_same(self.before, &patched) { self.before.clone() } else { patched };
        Ok(Patched { resource: patched, password_set: self.password_set })
    }
}

/// Carries out operations.
struct Engine<'a> {
    schema: &'a ResourceSchema,
    policy: &'a Policy,
    notes: &'a mut Notes,
    id: &'a str,
    resource: &'a mut Resource,
    password_set: &'a mut bool,
    work: &'a mut PatchWork,
}

impl<'a> Engine<'a> {
    fn operation(&mut self, operation: &Operation) -> Result<()> {
        match &operation.path {
            Some(path) => self.at_path(operation.op, path, operation.value.clone()),
            None => {
                let object = pathless(operation.value.as_ref(), self.policy, self.notes)?;
                self.each(operation.op, object)
            }
        }
    }

    fn at_path(&mut self, op: Op, path: &PatchPath, value: Option<Value>) -> Result<()> {
        match self.names().path(&path.path, Spot::Path, self.notes)? {
            Named::Attribute(target) => {
                if target.is("schemas") {
                    let text = "`schemas` follows from the attributes; it was not changed.";
                    self.notes.add("schemas-are-derived", "RFC 7643 §3", text);
                    return Ok(());
                }
                let target = self.undeclared_extension(&target).unwrap_or(target);
                self.at_target(op, &target, path.filter.as_deref(), value)
            }
            _ if path.filter.is_some() => Err(ScimError::invalid_path(format!("`{path}` filters a schema."))),
            Named::Extension(extension) if op == Op::Remove => self.remove_extension(extension),
            Named::Core if op == Op::Remove => {
                Err(ScimError::mutability("The attributes of the core schema cannot be removed all at once."))
            }
            Named::Extension(extension) => self.each_of_extension(op, extension, value.unwrap_or(Value::Null)),
            Named::Core => {
                let object = pathless(value.as_ref(), self.policy, self.notes)?;
                self.each(op, object)
            }
        }
    }

    /// Carries out an operation on each attribute that an object names.
    fn each(&mut self, op: Op, object: Map<String, Value>) -> Result<()> {
        for (key, value) in object {
            if key.contains('[') && !self.policy.is_strict() {
                let path = PatchPath::parse(&key, self.policy, self.notes)?;
                let text = format!("`{path}` is a path where a name is expected; it was read as the path.");
                self.notes.add("path-as-name", "RFC 7643 §2.1", text);
                self.at_path(op, &path, Some(value))?;
                continue;
            }
            match self.names().key(&key, &value, self.notes)? {
                Named::Attribute(target) if self.is_echo(&target, &value)? => {}
                Named::Attribute(target) => self.at_target(op, &target, None, Some(value))?,
                Named::Extension(extension) => self.each_of_extension(op, extension, value)?,
                Named::Core => {
                    let object = pathless(Some(&value), self.policy, self.notes)?;
                    self.each(op, object)?;
                }
            }
        }
        Ok(())
    }

    fn each_of_extension(&mut self, op: Op, extension: &'a Schema, value: Value) -> Result<()> {
        let object = match value {
            Value::Object(object) => object,
            Value::Null if op == Op::Replace => return self.remove_extension(extension),
            _ => return Err(ScimError::wrong_type(format!("`{}` has to be an object.", extension.id))),
        };
        for (key, value) in object {
            let target = self.names().extension_key(extension, &key, self.notes)?;
            self.at_target(op, &target, None, Some(value))?;
        }
        Ok(())
    }

    fn remove_extension(&mut self, extension: &Schema) -> Result<()> {
        let removed = self.resource.shift_remove(&extension.id);
        let is_set =
            |attribute: &&Attribute| removed.as_ref().is_some_and(|object| object.get(&attribute.name).is_some());
        let is_immutable = |attribute: &&Attribute| attribute.mutability == Mutability::Immutable;
        match extension.attributes.iter().filter(is_immutable).find(is_set) {
            Some(attribute) => Err(ScimError::mutability(format!(
                "`{}:{}` cannot be changed once it is set.",
                extension.id, attribute.name
            ))),
            None => Ok(()),
        }
    }

    /// The undeclared extension that a path names as a whole: `urn:example:2.0:User` reads as attribute `User` of `urn:example:2.0`, but
    /// the resource has an object under the whole URN.
    fn undeclared_extension(&self, target: &Target<'_>) -> Option<Target<'static>> {
        if target.path.schema.is_none() || target.attribute.is_some() || target.path.sub.is_some() {
            return None;
        }
        let name = key_of(self.resource, &target.path.to_string());
        let is_there = self.resource.get(&name).is_some_and(Value::is_object);
        is_there.then_some(Target::unknown(AttrPath::attribute(name)))
    }

    /// Whether a value without a path only repeats what the server itself has said: `id`, `meta`, `groups` and `schemas`.
    fn is_echo(&mut self, target: &Target<'_>, value: &Value) -> Result<bool> {
        if target.is("schemas") {
            // authentik-03-pathless-whole-group
            return Ok(true);
        }
        if target.attribute.is_none_or(|attribute| attribute.mutability != Mutability::ReadOnly) {
            return Ok(false);
        }
        if target.is("id") && value.as_str() != Some(self.id) {
            self.policy.tolerate(|| ScimError::mutability("`id` is issued by the server."))?;
            self.notes.add("read-only", "RFC 7643 §3.1", "`id` is another one than in the URL; it was ignored.");
        }
        // okta-38-group-patch-pathless-full-state repeats `id`.
        Ok(target.is("id") || !self.policy.is_strict())
    }

    fn at_target(&mut self, op: Op, target: &Target<'a>, filter: Option<&Filter>, value: Option<Value>) -> Result<()> {
        let Some(attribute) = target.attribute else { return self.at_unknown(op, target, filter, value) };
        if [target.attribute, target.sub]
            .into_iter()
            .flatten()
            .any(|attribute| attribute.mutability == Mutability::ReadOnly)
        {
            return self.at_read_only(op, target);
        }
        if attribute.returned == Returned::Never {
            if op != Op::Remove {
                *self.password_set |= password(&value.unwrap_or(Value::Null))?;
            }
            return Ok(());
        }
        let value = match value {
            Some(value) if filter.is_none() && target.sub.is_none() => {
                Some(unwrapped(value, attribute, self.policy, self.notes))
            }
            value => value,
        };
        let before = target.get(self.resource).filter(|_| attribute.mutability == Mutability::Immutable).cloned();
        match (attribute.multi_valued, filter) {
            (true, _) => self.at_elements(op, target, attribute, filter, value)?,
            (false, None) => self.at_single(op, target, attribute, value)?,
            (false, Some(filter)) => self.at_filtered_single(op, target, attribute, filter)?,
        }
        if before.is_some() && before.as_ref() != target.get(self.resource) {
            return Err(ScimError::mutability(format!("`{}` cannot be changed once it is set.", target.path)));
        }
        Ok(())
    }

    /// A filter on an attribute with one value, which RFC 7644 §3.5.2 does not have. Entra removes so what it knows to be there
    /// (`b2-33-manager-removed-by-filter`).
    fn at_filtered_single(
        &mut self,
        op: Op,
        target: &Target<'_>,
        attribute: &Attribute,
        filter: &Filter,
    ) -> Result<()> {
        let label = target.whole();
        let refusal = || ScimError::invalid_path(format!("`{label}` has one value, so it cannot be filtered."));
        if op != Op::Remove {
            return Err(refusal());
        }
        self.policy.tolerate(refusal)?;
        let filter = check_element(filter, attribute, self.policy, self.notes)?;
        let text = format!("`{label}` has one value, so it cannot be filtered; it was removed if it meets the filter.");
        self.notes.add("single-value-filtered", "RFC 7644 §3.5.2", text);
        let value = target.get(self.resource);
        self.work.spend_on_filter(&filter, value.map(std::slice::from_ref).unwrap_or_default())?;
        if value.is_some_and(|value| filter.prepare_for(Some(attribute)).matches(value)) {
            return self.at_single(op, target, attribute, None);
        }
        note_unmet(&label, &filter, self.notes);
        Ok(())
    }

    fn at_read_only(&mut self, op: Op, target: &Target<'_>) -> Result<()> {
        if op == Op::Remove || self.policy.is_strict() {
            return Err(ScimError::mutability(format!("`{}` is read-only.", target.path)));
        }
        self.notes.add("read-only", "RFC 7644 §3.5.2", format!("`{}` is read-only; it was ignored.", target.path));
        Ok(())
    }

    /// An attribute with one value.
    fn at_single(&mut self, op: Op, target: &Target<'_>, attribute: &Attribute, value: Option<Value>) -> Result<()> {
        let Some(sub) = &target.path.sub else {
            let value = match (op, value.unwrap_or(Value::Null)) {
                (Op::Remove, _) => None,
                (_, Value::Object(changes)) if attribute.kind == Kind::Complex => {
                    return self.merge(target, attribute, changes);
                }
                (_, value) => self.shaper().value(attribute, value, &target.path.to_string())?,
            };
            return self.put(op, target, attribute, value);
        };
        let mut object = object_of(target.take(self.resource));
        let value = value.filter(|_| op != Op::Remove).unwrap_or(Value::Null);
        let changes = Map::from_iter([(sub.clone(), value)]);
        self.shaper().merge(attribute, &mut object, changes, &target.whole())?;
        let value = (!object.is_empty()).then_some(Value::Object(object));
        self.put(op, target, attribute, value)
    }

    /// RFC 7644 §3.5.2.3: what the value does not name stays. A reference to another resource does not outlive the `value` it belongs to.
    fn merge(&mut self, target: &Target<'_>, attribute: &Attribute, changes: Map<String, Value>) -> Result<()> {
        let mut object = object_of(target.take(self.resource));
        let names_reference = changes.keys().any(|name| name.eq_ignore_ascii_case("$ref"));
        let before = object.get("value").cloned();
        self.shaper().merge(attribute, &mut object, changes, &target.path.to_string())?;
        if !names_reference && object.get("value") != before.as_ref() {
            object.shift_remove("$ref");
        }
        let value = (!object.is_empty()).then_some(Value::Object(object));
        self.put(Op::Replace, target, attribute, value)
    }

    /// An attribute with several values.
    fn at_elements(
        &mut self,
        op: Op,
        target: &Target<'_>,
        attribute: &Attribute,
        filter: Option<&Filter>,
        value: Option<Value>,
    ) -> Result<()> {
        let check = |filter| check_element(filter, attribute, self.policy, self.notes);
        let filter = filter.map(check).transpose()?;
        let list = list_of(target.take(self.resource));
        let label = target.whole();
        let shaper = Shaper { policy: self.policy, notes: self.notes };
        let mut elements = Elements { list, attribute, label: &label, shaper, work: self.work };
        elements.change(&Change { op, filter: filter.as_ref(), sub: target.path.sub.as_deref(), value })?;
        let list = elements.list;
        check_count(list.len(), &label)?;
        self.put(op, target, attribute, (!list.is_empty()).then_some(Value::Array(list)))
    }

    fn put(&mut self, op: Op, target: &Target<'_>, attribute: &Attribute, value: Option<Value>) -> Result<()> {
        if value.is_none() && attribute.required {
            return Err(match op {
                Op::Remove => ScimError::mutability(format!("`{}` is required; it cannot be removed.", attribute.name)),
                Op::Add | Op::Replace => {
                    ScimError::invalid_value(format!("`{}` is required; it cannot be empty.", attribute.name))
                }
            });
        }
        target.put(self.resource, value);
        Ok(())
    }

    /// An attribute that no schema has: kept as it is sent.
    fn at_unknown(&mut self, op: Op, target: &Target<'_>, filter: Option<&Filter>, value: Option<Value>) -> Result<()> {
        let current = target.take(self.resource);
        let value = value.and_then(prune).filter(|_| op != Op::Remove);
        let changed = match (filter, target.path.sub.as_deref()) {
            (Some(filter), sub) => {
                let list = list_of(current);
                self.work.spend_on_filter(filter, &list)?;
                self.work.spend_on_copies(value.as_ref(), list.len())?;
                filter_unknown(list, filter, sub, op, value, &target.path.to_string())?
            }
            (None, Some(sub)) => {
                let mut object = object_of(current);
                set_part(&mut object, sub, value);
                (!object.is_empty()).then_some(Value::Object(object))
            }
            (None, None) => match (op, current, value) {
                (Op::Add, Some(Value::Array(list)), Some(value)) => {
                    check_count(value.as_array().map_or(1, Vec::len), &target.path.to_string())?;
                    self.work.spend_on_reading(&list)?;
                    Some(Value::Array(append_unknown(list, value)))
                }
                (Op::Add, Some(Value::Object(mut object)), Some(Value::Object(changes))) => {
                    object.extend(changes);
                    Some(Value::Object(object))
                }
                (_, _, value) => value,
            },
        };
        match &changed {
            Some(Value::Array(list)) => check_count(list.len(), &target.path.to_string())?,
            Some(Value::Object(object)) => check_names(object, &target.path.to_string())?,
            _ => {}
        }
        target.put(self.resource, changed);
        if let Some(urn) = &target.path.schema
            && let Some(Value::Object(container)) = member(self.resource, urn)
        {
            check_names(container, urn)?;
        }
        check_names(self.resource, "The resource")
    }

    fn shaper(&mut self) -> Shaper<'_> {
        Shaper { policy: self.policy, notes: self.notes }
    }

    fn names(&self) -> Names<'a, 'a> {
        Names { schema: self.schema, policy: self.policy }
    }
}

fn append_unknown(mut list: Vec<Value>, value: Value) -> Vec<Value> {
    let mut added = list_of(Some(value));
    let mut seen: HashSet<_> = list.iter().cloned().collect();
    added.retain(|element| seen.insert(element.clone()));
    list.extend(added);
    list
}

fn filter_unknown(
    mut list: Vec<Value>,
    filter: &Filter,
    sub: Option<&str>,
    op: Op,
    value: Option<Value>,
    label: &str,
) -> Result<Option<Value>> {
    let prepared = filter.prepare_for(None);
    let matching: Vec<usize> = (0..list.len()).filter(|&index| prepared.matches(&list[index])).collect();
    if matching.is_empty() && op != Op::Remove {
        return Err(ScimError::no_target(format!("No value of `{label}` meets the filter.")));
    }
    for index in matching.into_iter().rev() {
        match (sub, &value) {
            (Some(sub), _) => {
                if let Value::Object(object) = &mut list[index] {
                    set_part(object, sub, value.clone());
                }
            }
            (None, Some(value)) => list[index] = value.clone(),
            (None, None) => drop(list.remove(index)),
        }
    }
    Ok((!list.is_empty()).then_some(Value::Array(list)))
}
