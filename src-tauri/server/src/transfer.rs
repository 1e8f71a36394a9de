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
    /// The names of the groups that a user is to be in.
    pub(crate) groups: Vec<String>,
    /// Who is to be in a group.
    pub(crate) members: Vec<MemberName>,
    /// Why it cannot be imported.
    pub(crate) problem: Option<String>,
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
        Self { line, kind, id: None, body: Map::new(), groups: Vec::new(), members: Vec::new(), problem: None }
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
