//! Users and groups as CSV. Which columns there are is known when all have been looked at; then they are looked at again and written.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::cells::{defuse, join};
use super::columns::{Element, Place, Scalar};
use super::csv_reader::{GROUP_MARK, USER_MARK};
use crate::model::ResourceKind;

/// Values of one attribute that get columns.
const MOST_VALUES: usize = 20;

/// Columns that stand first, in this order.
const FIRST: [&str; 6] = ["userName", "displayName", "externalId", "active", "name.givenName", "name.familyName"];

/// A user or group as it is exported.
pub(crate) struct CsvRow<'r> {
    /// As it is read: with `id` and `meta`, which a file leaves out.
    pub(crate) resource: &'r Map<String, Value>,
    /// The names of its groups, or of its members with what each is.
    pub(crate) names: Vec<(ResourceKind, String)>,
}

/// The columns of a file.
pub(crate) struct CsvColumns {
    kind: ResourceKind,
    paths: BTreeSet<(usize, String)>,
}

impl CsvColumns {
    pub(crate) fn new(kind: ResourceKind) -> Self {
        Self { kind, paths: BTreeSet::new() }
    }

    /// Takes in what a resource has.
    pub(crate) fn add(&mut self, resource: &Map<String, Value>) {
        each_cell(resource, &mut |path, _| {
            let place = FIRST.iter().position(|first| *first == path).unwrap_or(FIRST.len());
            self.paths.insert((place, path));
        });
    }

    /// The first line.
    pub(crate) fn header(&self) -> Vec<u8> {
        let last = if self.kind == ResourceKind::User { "groups" } else { "members" };
        line(self.paths.iter().map(|(_, path)| defuse(path)).chain([last.to_owned()]))
    }

    /// The line of a resource.
    pub(crate) fn row(&self, row: &CsvRow<'_>) -> Vec<u8> {
        let mut cells = Map::new();
        each_cell(row.resource, &mut |path, text| {
            cells.insert(path, text.into());
        });
        let marked = |(kind, name): &(ResourceKind, String)| match (self.kind, kind) {
            (ResourceKind::Group, ResourceKind::Group) => format!("{GROUP_MARK}{name}"),
            (ResourceKind::Group, ResourceKind::User)
                if [GROUP_MARK, USER_MARK].iter().any(|mark| name.starts_with(mark)) =>
            {
                format!("{USER_MARK}{name}")
            }
            _ => name.clone(),
        };
        let names: Vec<String> = row.names.iter().map(marked).collect();
        let names = join(names.iter().map(String::as_str));
        let cell = |path: &String| cells.get(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        line(self.paths.iter().map(|(_, path)| defuse(&cell(path))).chain([names]))
    }
}

fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    // In quotation marks, a separator of another country's spreadsheets ends no cell.
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    writer.write_record(cells).expect("memory takes what is written, and a record has as many cells as it likes");
    writer.into_inner().expect("memory takes what is written")
}

/// Calls `visit` with the header and the text of each value.
fn each_cell(resource: &Map<String, Value>, visit: &mut impl FnMut(String, String)) {
    for (name, value) in resource {
        match value {
            _ if ["schemas", "id", "meta", "groups", "members"].iter().any(|own| own.eq_ignore_ascii_case(name)) => {}
            Value::Object(extension) if name.starts_with("urn:") => {
                extension.iter().for_each(|(attribute, value)| each_of(Some(name), attribute, value, visit));
            }
            value => each_of(None, name, value, visit),
        }
    }
}

fn each_of(urn: Option<&String>, attribute: &str, value: &Value, visit: &mut impl FnMut(String, String)) {
    let path = |element, sub: Option<&String>| {
        let attribute = attribute.to_owned();
        Place { urn: urn.cloned(), attribute, element, sub: sub.cloned(), kind: Scalar::Text }.path()
    };
    let mut each_part = |element: Option<Element>, value: &Value| match value {
        Value::Object(parts) => {
            for (sub, value) in parts.iter().filter(|(sub, _)| *sub != "$ref") {
                if let Some(text) = scalar(value) {
                    visit(path(element.clone(), Some(sub)), text);
                }
            }
        }
        value => {
            if let Some(text) = scalar(value) {
                visit(path(element, None), text);
            }
        }
    };
    match value {
        Value::Array(values) => {
            for (number, value) in (1..).zip(values.iter().take(MOST_VALUES)) {
                each_part(Some(Element::Number(number)), value);
            }
        }
        value => each_part(None, value),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}
