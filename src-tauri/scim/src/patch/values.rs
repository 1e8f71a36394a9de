//! Changing the values of a multi-valued attribute.

use serde_json::{Map, Value};

use super::work::PatchWork;
use super::{Op, note_unmet};
use crate::filter::same_text;
use crate::schema::{Attribute, Kind};
use crate::shape::{Shaper, clear_other_primaries, is_primary, prune};
use crate::{Filter, Result, ScimError};

/// The values of one attribute.
pub(super) struct Elements<'a> {
    pub(super) list: Vec<Value>,
    pub(super) attribute: &'a Attribute,
    /// The attribute for people.
    pub(super) label: &'a str,
    pub(super) shaper: Shaper<'a>,
    pub(super) work: &'a mut PatchWork,
}

/// What to do with them.
pub(super) struct Change<'a> {
    pub(super) op: Op,
    /// Which values; `None`: all.
    pub(super) filter: Option<&'a Filter>,
    /// Which part of them; `None`: the whole value.
    pub(super) sub: Option<&'a str>,
    pub(super) value: Option<Value>,
}

impl Elements<'_> {
    pub(super) fn change(&mut self, change: &Change<'_>) -> Result<()> {
        match (change.op, change.filter, change.sub) {
            (Op::Remove, None, None) => self.remove(change.value.clone()),
            (Op::Remove, filter, sub) => self.remove_matching(filter, sub),
            (_, None, None) if change.op == Op::Replace => self.replace(change.value.clone()),
            (_, None, None) => self.add(change.value.clone()),
            (_, None, Some(sub)) => self.set_part_of_one(sub, change.value.clone()),
            (_, Some(filter), _) => self.set_matching(filter, change),
        }
    }

    fn add(&mut self, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::Null);
        let mut added = self.shaper.elements(self.attribute, value, self.label)?;
        self.shaper.leave_one_primary(&mut added, self.label)?;
        for element in added {
            self.add_element(element)?;
        }
        Ok(())
    }

    fn replace(&mut self, value: Option<Value>) -> Result<()> {
        self.list = match self.shaper.value(self.attribute, value.unwrap_or(Value::Null), self.label)? {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        Ok(())
    }

    /// RFC 7644 §3.5.2.2: without a filter all values go. What a `value` is for it does not say; Entra lists there what is to go
    /// (`entra-35-group-remove-member-value-array`).
    fn remove(&mut self, value: Option<Value>) -> Result<()> {
        let Some(value) = value.and_then(prune) else {
            self.list.clear();
            return Ok(());
        };
        if self.shaper.policy.refuse_remove_with_value() {
            return Err(ScimError::invalid_value("A `remove` has no value; select what is to go with a value filter."));
        }
        let text = format!("A `remove` has no value; of `{}` only what it listed was removed.", self.label);
        self.shaper.notes.add("remove-with-value", "RFC 7644 §3.5.2.2", text);
        let listed = self.shaper.elements(self.attribute, value, self.label)?;
        self.work.spend_on_pairs(&self.list, &listed)?;
        let attribute = self.attribute;
        let before = self.list.len();
        self.list.retain(|element| !listed.iter().any(|other| is_covered(other, element, attribute)));
        if self.list.len() == before {
            let text = format!("`{}` has none of the values that were to be removed.", self.label);
            self.shaper.notes.add("remove-without-match", "RFC 7644 §3.5.2.2", text);
        }
        Ok(())
    }

    fn remove_matching(&mut self, filter: Option<&Filter>, sub: Option<&str>) -> Result<()> {
        match filter {
            Some(filter) => self.work.spend_on_filter(filter, &self.list)?,
            None => self.work.spend(self.list.len())?,
        }
        let attribute = self.attribute;
        let prepared = filter.map(|filter| filter.prepare_for(Some(attribute)));
        let meets = |element: &Value| prepared.as_ref().is_none_or(|filter| filter.matches(element));
        let mut met = 0;
        self.list.retain_mut(|element| {
            if !meets(element) {
                return true;
            }
            met += 1;
            match (sub, element) {
                (None, _) => false,
                (Some(sub), Value::Object(object)) => {
                    crate::shape::set_part(object, sub, None);
                    !object.is_empty()
                }
                (Some(_), _) => true,
            }
        });
        if let Some(filter) = filter.filter(|_| met == 0) {
            note_unmet(self.label, filter, self.shaper.notes);
        }
        Ok(())
    }

    /// `emails.value` without a filter: clear what is meant only if there is at most one value.
    fn set_part_of_one(&mut self, sub: &str, value: Option<Value>) -> Result<()> {
        let (label, part) = (self.label, sub);
        let strict_miss =
            || ScimError::no_target(format!("`{label}.{part}` does not say which value; add a value filter."));
        let index = match self.list.len() {
            1 => 0,
            _ if self.shaper.policy.is_strict() => return Err(strict_miss()),
            0 => {
                let object = Map::from_iter([(sub.to_owned(), value.unwrap_or(Value::Null))]);
                return self.add(Some(Value::Array(vec![Value::Object(object)])));
            }
            _ => self.list.iter().position(is_primary).unwrap_or(0),
        };
        if self.list.len() > 1 {
            let text = format!("`{label}.{part}` does not say which value; the primary or first one was changed.");
            self.shaper.notes.add("path-without-filter", "RFC 7644 §3.5.2", text);
        }
        self.merge_into(index, Map::from_iter([(sub.to_owned(), value.unwrap_or(Value::Null))]))?;
        self.list.retain(|element| !element.is_null());
        Ok(())
    }

    fn set_matching(&mut self, filter: &Filter, change: &Change<'_>) -> Result<()> {
        self.work.spend_on_filter(filter, &self.list)?;
        let prepared = filter.prepare_for(Some(self.attribute));
        let matching: Vec<usize> = (0..self.list.len()).filter(|&index| prepared.matches(&self.list[index])).collect();
        if matching.is_empty() {
            return self.create_matching(filter, change);
        }
        self.work.spend_on_copies(change.value.as_ref(), matching.len())?;
        // Values that end up empty are taken out at the end, so that the positions stay right.
        for index in matching {
            match (change.sub, &change.value) {
                (Some(sub), value) => {
                    let value = value.clone().unwrap_or(Value::Null);
                    self.merge_into(index, Map::from_iter([(sub.to_owned(), value)]))?;
                }
                // The filter said it all, and it is there.
                (None, None) => {}
                (None, Some(value)) => self.set_whole(index, filter, change.op, value.clone())?,
            }
        }
        self.list.retain(|element| !element.is_null());
        Ok(())
    }

    /// RFC 7644 §3.5.2.3: a whole value that a filter selects is replaced; `add` keeps what the new value does not name.
    fn set_whole(&mut self, index: usize, filter: &Filter, op: Op, value: Value) -> Result<()> {
        let value = self.single(value);
        if op == Op::Add
            && let Value::Object(changes) = value
        {
            return self.merge_into(index, changes);
        }
        let value = self.with_description(filter, value);
        self.list[index] = self.shaper.element(self.attribute, value, self.label)?.unwrap_or(Value::Null);
        if is_primary(&self.list[index]) { self.clear_other_primaries(index) } else { Ok(()) }
    }

    /// RFC 7644 §3.5.2.3 asks for `noTarget`; Entra counts on the value being made from the filter (`entra-19-replace-filtered-missing`).
    fn create_matching(&mut self, filter: &Filter, change: &Change<'_>) -> Result<()> {
        let label = self.label;
        let no_target = || ScimError::no_target(format!("No value of `{label}` meets the filter `{filter}`."));
        if self.shaper.policy.refuse_unmatched_filters() {
            return Err(no_target());
        }
        let Some(mut object) = filter.describes() else { return Err(no_target()) };
        let value = change.value.clone().map(|value| if change.sub.is_some() { value } else { self.single(value) });
        match (change.sub, value) {
            // There is nothing to unassign.
            (_, Some(value)) if prune(value.clone()).is_none() => return Ok(()),
            (Some(sub), value) => drop(object.insert(sub.to_owned(), value.unwrap_or(Value::Null))),
            (None, Some(Value::Object(changes))) => object.extend(changes),
            (None, Some(scalar)) => drop(object.insert("value".into(), scalar)),
            (None, None) => {}
        }
        let text = format!("No value of `{label}` met `{filter}`; one was created.");
        self.shaper.notes.add("filter-without-match", "RFC 7644 §3.5.2.3", text);
        let value = if self.attribute.kind == Kind::Complex {
            Value::Object(object)
        } else {
            object.shift_remove("value").unwrap_or(Value::Null)
        };
        if let Some(element) = self.shaper.element(self.attribute, value, self.label)? {
            self.add_element(element)?;
        }
        Ok(())
    }

    /// Sets parts of one value. A value without parts is left as null for the caller to take out.
    fn merge_into(&mut self, index: usize, changes: Map<String, Value>) -> Result<()> {
        let Value::Object(object) = &mut self.list[index] else {
            return Err(ScimError::invalid_path(format!("The values of `{}` have no parts.", self.label)));
        };
        let was_primary = object.get("primary") == Some(&Value::Bool(true));
        self.shaper.merge(self.attribute, object, changes, self.label)?;
        if object.is_empty() {
            self.list[index] = Value::Null;
        } else if !was_primary && is_primary(&self.list[index]) {
            self.clear_other_primaries(index)?;
        }
        Ok(())
    }

    fn clear_other_primaries(&mut self, winner: usize) -> Result<()> {
        self.work.spend(self.list.len())?;
        clear_other_primaries(&mut self.list, winner);
        Ok(())
    }

    /// Appends a value, or completes the one that it repeats (RFC 7644 §3.5.2.1, RFC 7643 §2.4).
    fn add_element(&mut self, element: Value) -> Result<()> {
        self.work.spend_on_pairs(&self.list, std::slice::from_ref(&element))?;
        let attribute = self.attribute;
        let at = match self.list.iter().position(|other| is_covered(&element, other, attribute)) {
            Some(index) => {
                if let (Value::Object(object), Value::Object(parts)) = (&mut self.list[index], element) {
                    object.extend(parts);
                }
                index
            }
            None => {
                self.list.push(element);
                self.list.len() - 1
            }
        };
        if is_primary(&self.list[at]) { self.clear_other_primaries(at) } else { Ok(()) }
    }

    /// What a filter says of a value, for a new value that does not say it again. In strict mode the new value is what was sent.
    fn with_description(&self, filter: &Filter, value: Value) -> Value {
        match (value, filter.describes()) {
            (Value::Object(object), Some(mut described)) if !self.shaper.policy.is_strict() => {
                let says = |name: &str| object.keys().any(|other| other.eq_ignore_ascii_case(name));
                described.retain(|name, _| !says(name));
                described.extend(object);
                Value::Object(described)
            }
            (value, _) => value,
        }
    }

    /// The only element of a list of one, as some clients wrap even the value for one element.
    fn single(&mut self, value: Value) -> Value {
        match value {
            Value::Array(mut elements) if elements.len() == 1 && !self.shaper.policy.is_strict() => {
                let text = format!("A value for one of `{}` was a list of one.", self.label);
                self.shaper.notes.add("list-of-one", "RFC 7643 §2.4", text);
                elements.remove(0)
            }
            value => value,
        }
    }
}

/// Whether `element` is what `sent` speaks of: the same `value`, and no other `type`. Without a `value`, everything that `sent` says.
fn is_covered(sent: &Value, element: &Value, attribute: &Attribute) -> bool {
    let (Value::Object(sent), Value::Object(element)) = (sent, element) else { return sent == element };
    let same = |name: &str| match (sent.get(name), element.get(name)) {
        (Some(Value::String(a)), Some(Value::String(b))) => {
            same_text(a, b, attribute.sub(name).is_some_and(Attribute::is_case_exact))
        }
        (a, b) => a == b,
    };
    if sent.contains_key("value") {
        return same("value") && (!sent.contains_key("type") || !element.contains_key("type") || same("type"));
    }
    sent.keys().all(|name| same(name))
}
