//! Users and groups as files: what a CSV or JSON file says, and what one is written as. Values only; whoever imports or exports knows the rest.

mod cells;
mod columns;
mod csv_reader;
mod csv_writer;
mod json_reader;

use scim::ResourceSchema;
use serde_json::{Map, Value};

use crate::model::{ImportColumn, ImportFormat, ResourceKind};

pub(crate) use csv_writer::{CsvColumns, CsvRow};

/// Users and groups in one file at the most.
pub(crate) const MOST_ENTRIES: usize = 10_000;

/// What a directory's users and groups look like.
#[derive(Clone, Copy)]
pub(crate) struct Schemas<'s> {
    pub(crate) user: &'s ResourceSchema,
    pub(crate) group: &'s ResourceSchema,
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct ImportFile {
    pub(crate) format: ImportFormat,
    /// Of a CSV file.
    pub(crate) columns: Vec<ImportColumn>,
    /// In the order of the file.
    pub(crate) entries: Vec<Entry>,
}

/// A user or group of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Its line; in JSON its place, from 1.
    pub(crate) line: u64,
    pub(crate) kind: ResourceKind,
    /// What the file's own references call it.
    pub(crate) id: Option<String>,
    /// What is sent: a SCIM resource without `id`, `meta`, `groups` and `members`.
    pub(crate) body: Map<String, Value>,
    /// Which values of `body` are one of several, beside which a user who is there keeps the others.
    pub(crate) some_of: Vec<SomeOf>,
    /// The names of the groups that a user is to be in.
    pub(crate) groups: Vec<String>,
    /// Who is to be in a group.
    pub(crate) members: Vec<MemberName>,
    /// Why it cannot be imported.
    pub(crate) problem: Option<String>,
}

/// Some of the values of an attribute that has several.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SomeOf {
    /// The URN of its extension.
    pub(crate) urn: Option<String>,
    pub(crate) attribute: String,
    /// What the file says of each.
    pub(crate) values: Vec<Value>,
}

/// How a file names a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberName {
    /// An id, a `userName` or a group's `displayName`.
    pub(crate) value: String,
    /// What it says that the member is.
    pub(crate) kind: Option<ResourceKind>,
}

impl Entry {
    pub(crate) fn new(line: u64, kind: ResourceKind) -> Self {
        let (groups, members) = (Vec::new(), Vec::new());
        Self { line, kind, id: None, body: Map::new(), some_of: Vec::new(), groups, members, problem: None }
    }

    /// Its `userName` or `displayName`; empty: it has none.
    pub(crate) fn name(&self) -> &str {
        text(&self.body, self.kind.name_attribute()).unwrap_or_default()
    }
}

/// Reads a file: JSON if it begins as JSON does, else CSV.
///
/// # Errors
/// A sentence: why it cannot be read at all. What is wrong with a single row is said there.
pub(crate) fn read(text: &str, schemas: Schemas<'_>) -> Result<ImportFile, String> {
    let text = text.trim_start_matches('\u{feff}');
    let file = match text.trim_start().chars().next() {
        None => return Err("The file is empty.".into()),
        Some('{' | '[') => json_reader::read(text)?,
        Some(_) => csv_reader::read(text, schemas)?,
    };
    match file.entries.len() {
        0 => Err("The file has no users or groups.".into()),
        count if count > MOST_ENTRIES => {
            Err(format!("The file has more than {MOST_ENTRIES} users and groups. Split it into smaller files."))
        }
        _ => Ok(file),
    }
}

impl SomeOf {
    /// Puts the values among those that a resource has, if it has any, as `body` is to name them: each takes the place of the one of its
    /// `type`, or comes to the others.
    pub(crate) fn put_among(&self, resource: &Map<String, Value>, body: &mut Map<String, Value>) {
        let place = |object: &Map<String, Value>| match &self.urn {
            Some(urn) => object.get(urn)?.get(&self.attribute)?.as_array().cloned(),
            None => object.get(&self.attribute)?.as_array().cloned(),
        };
        let Some(mut all) = place(resource) else { return };
        for value in &self.values {
            match (place_among(&all, value).map(|place| &mut all[place]), value) {
                (Some(Value::Object(known)), Value::Object(parts)) => known.extend(parts.clone()),
                (Some(_), _) => {}
                (None, value) => all.push(value.clone()),
            }
        }
        let object = match &self.urn {
            Some(urn) => body.get_mut(urn).and_then(Value::as_object_mut),
            None => Some(body),
        };
        if let Some(object) = object {
            object.insert(self.attribute.clone(), all.into());
        }
    }
}

/// Which of the values one stands for: that of the same `type`, without one the primary or the first; what has no parts stands for itself.
fn place_among(known: &[Value], value: &Value) -> Option<usize> {
    if !value.is_object() {
        return known.iter().position(|known| known == value);
    }
    let kind = |value: &Value| value["type"].as_str().map(str::to_lowercase);
    let wanted = kind(value);
    let mut candidates = (0..known.len()).filter(|index| wanted.is_none() || kind(&known[*index]) == wanted);
    let first = candidates.clone().next();
    candidates.find(|index| known[*index]["primary"] == true).or(first)
}

/// An attribute that is text, whatever the letter case of its name.
fn text<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o str> {
    member(object, name)?.as_str()
}

/// An attribute, whatever the letter case of its name (RFC 7643 §2.1).
fn member<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
