//! CSV files, RFC 4180: a header, then a user or group in each record.

use std::collections::HashSet;

use scim::{GROUP, ResourceSchema, USER};
use serde_json::{Map, Number, Value};

use super::cells::{boolean, restore, split};
use super::columns::{self, Column, Element, Place, Scalar};
use super::{Entry, ImportFile, MOST_ENTRIES, MemberName, Schemas, SomeOf, member};
use crate::model::{ImportColumn, ImportFormat, ResourceKind};

/// What may stand between the cells: the first line has more of it than of the others.
const SEPARATORS: [u8; 3] = *b",;\t";

/// What the name of a member that is a group begins with in a cell.
pub(super) const GROUP_MARK: &str = "group:";

/// What a user's begins with, if it would be taken for one of these marks otherwise.
pub(super) const USER_MARK: &str = "user:";

pub(super) fn read(text: &str, schemas: Schemas<'_>) -> Result<ImportFile, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let unreadable = |error: csv::Error| format!("This is not a CSV file: {error}.");
    let header = records.next().ok_or("The file is empty.")?.map_err(unreadable)?;
    let header: Vec<&str> = header.iter().map(|name| restore(name.trim())).collect();
    let (kind, columns) = read_header(&header, schemas)?;
    let mut entries = Vec::new();
    for record in records {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        // Spreadsheets write lines of empty cells.
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        entries.push(entry(line, kind, &columns, &header, &record));
        if entries.len() > MOST_ENTRIES {
            break;
        }
    }
    let columns = header.iter().zip(&columns).map(|(name, column)| ImportColumn {
        name: (*name).to_owned(),
        attribute: column.as_ref().map(|column| match column {
            Column::Attribute(place) => place.path(),
            Column::Groups => "groups".to_owned(),
            Column::Members => "members".to_owned(),
        }),
    });
    Ok(ImportFile { format: ImportFormat::Csv, columns: columns.collect(), entries })
}

fn separator(text: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for byte in text.bytes().take_while(|byte| *byte != b'\n') {
        match SEPARATORS.iter().position(|separator| *separator == byte) {
            _ if byte == b'"' => is_quoted = !is_quoted,
            Some(index) if !is_quoted => counts[index] += 1,
            _ => {}
        }
    }
    // Of two that are as frequent, the first.
    let most = (0..SEPARATORS.len()).rev().max_by_key(|index| counts[*index]).unwrap_or_default();
    SEPARATORS[most]
}

/// What the columns are; a column that says the same as one before it is left out.
fn read_header(header: &[&str], schemas: Schemas<'_>) -> Result<(ResourceKind, Vec<Option<Column>>), String> {
    let read = |of: fn(&str, &ResourceSchema) -> Option<Column>, schema: &ResourceSchema| {
        let mut seen = HashSet::new();
        let columns = header.iter().map(|name| of(name, schema));
        columns.map(|column| column.filter(|column| seen.insert(format!("{column:?}")))).collect::<Vec<_>>()
    };
    let users = read(columns::of_user, schemas.user);
    if users.iter().flatten().any(is_user_name) || users.iter().flatten().any(is_email) {
        return Ok((ResourceKind::User, users));
    }
    let groups = read(columns::of_group, schemas.group);
    let has_name = groups
        .iter()
        .flatten()
        .any(|column| matches!(column, Column::Attribute(place) if place.path() == "displayName"));
    // A name alone is what groups have; beside more of a user, its userName was forgotten.
    let has_more = users.iter().flatten().filter(|column| matches!(column, Column::Attribute(_))).count() > 2;
    if has_name && !has_more {
        return Ok((ResourceKind::Group, groups));
    }
    Err("The first line names no column userName or email, which users need, or displayName, which groups need.".into())
}

fn is_user_name(column: &Column) -> bool {
    matches!(column, Column::Attribute(place) if place.attribute == "userName")
}

fn is_email(column: &Column) -> bool {
    matches!(column, Column::Attribute(place) if place.attribute == "emails" && place.sub.as_deref() == Some("value"))
}

fn entry(
    line: u64,
    kind: ResourceKind,
    columns: &[Option<Column>],
    header: &[&str],
    record: &csv::StringRecord,
) -> Entry {
    let mut entry = Entry::new(line, kind);
    let urn = if kind == ResourceKind::User { USER } else { GROUP };
    let mut schemas = vec![urn.to_owned()];
    let mut elements = Elements::default();
    for (index, cell) in record.iter().enumerate() {
        let (Some(Some(column)), Some(name)) = (columns.get(index), header.get(index)) else {
            if index >= columns.len() && !cell.trim().is_empty() {
                entry.problem =
                    Some(format!("It has {} cells, but the first line has {}.", record.len(), header.len()));
            }
            continue;
        };
        if cell.trim().is_empty() {
            continue;
        }
        match column {
            Column::Groups => entry.groups = split(cell),
            Column::Members => entry.members = split(cell).into_iter().map(member_name).collect(),
            Column::Attribute(place) => match value(restore(cell), place.kind) {
                Some(value) => {
                    if let Some(urn) = place.urn.as_ref().filter(|urn| !schemas.contains(urn)) {
                        schemas.push(urn.clone());
                    }
                    elements.put(&mut entry.body, place, value);
                }
                None => {
                    let wanted = if place.kind == Scalar::Boolean { "true or false" } else { "a number" };
                    entry.problem = Some(format!("{name} has to be {wanted}, not \u{201c}{}\u{201d}.", shorten(cell)));
                }
            },
        }
    }
    entry.some_of = elements.finish(&mut entry.body, |urn, name| {
        columns.iter().flatten().any(|column| {
            matches!(column, Column::Attribute(Place { urn: known, attribute, element: Some(Element::Number(2..)), .. })
                if (known, attribute) == (urn, name))
        })
    });
    if kind == ResourceKind::User && entry.name().is_empty() {
        // Exports of Google and others know people by their address.
        let first = member(&entry.body, "emails").and_then(|emails| emails.get(0)?.get("value").cloned());
        if let Some(email) = first {
            entry.body.insert("userName".into(), email);
        }
    }
    entry.body.insert("schemas".into(), schemas.into());
    entry
}

fn member_name(text: String) -> MemberName {
    for (mark, kind) in [(GROUP_MARK, ResourceKind::Group), (USER_MARK, ResourceKind::User)] {
        if let Some(name) = text.strip_prefix(mark) {
            return MemberName { value: name.trim().to_owned(), kind: Some(kind) };
        }
    }
    MemberName { value: text, kind: None }
}

fn value(cell: &str, kind: Scalar) -> Option<Value> {
    match kind {
        Scalar::Text => Some(cell.into()),
        Scalar::Boolean => boolean(cell).map(Value::Bool),
        Scalar::Number => cell.trim().parse::<Number>().ok().map(Value::Number),
    }
}

fn shorten(cell: &str) -> String {
    const MOST: usize = 40;
    let cut: String = cell.chars().take(MOST).collect();
    if cut.len() < cell.len() { format!("{cut}\u{2026}") } else { cut }
}

/// The values of attributes that have several, until all cells are read.
#[derive(Default)]
struct Elements(Vec<Several>);

/// The values of an attribute: the URN of its extension, its name, and each value with which of them it is.
type Several = (Option<String>, String, Vec<(Element, Value)>);

impl Elements {
    fn put(&mut self, body: &mut Map<String, Value>, place: &Place, value: Value) {
        let Some(element) = &place.element else {
            let Some(object) = scope(body, place.urn.as_deref()) else { return };
            let (object, name) = match &place.sub {
                Some(sub) => (inner(object, &place.attribute), sub),
                None => (Some(object), &place.attribute),
            };
            if let Some(object) = object {
                object.insert(name.clone(), value);
            }
            return;
        };
        let is_there = |(urn, name, _): &Several| *urn == place.urn && *name == place.attribute;
        let index = self.0.iter().position(is_there).unwrap_or_else(|| {
            self.0.push((place.urn.clone(), place.attribute.clone(), Vec::new()));
            self.0.len() - 1
        });
        let values = &mut self.0[index].2;
        let Some(sub) = &place.sub else {
            values.push((element.clone(), value));
            return;
        };
        let index = values.iter().position(|(known, _)| known == element).unwrap_or_else(|| {
            let mut object = Map::new();
            if let Element::Typed(kind) = element {
                object.insert("type".into(), kind.as_str().into());
            }
            values.push((element.clone(), object.into()));
            values.len() - 1
        });
        if let Some(object) = values[index].1.as_object_mut() {
            object.insert(sub.clone(), value);
        }
    }

    /// Puts the values into a body, and returns which are but some of those that there are: those of columns without numbers.
    fn finish(self, body: &mut Map<String, Value>, are_all: impl Fn(&Option<String>, &String) -> bool) -> Vec<SomeOf> {
        let mut some_of = Vec::new();
        for (urn, name, mut values) in self.0 {
            // Those with numbers in their order, then those with types in the order of the columns.
            values.sort_by_key(|(element, _)| match element {
                Element::Number(number) => *number,
                Element::Typed(_) => u32::MAX,
            });
            let is_typed = matches!(values.first(), Some((Element::Typed(_), _)));
            let mut values: Vec<Value> = values.into_iter().map(|(_, value)| value).collect();
            if !are_all(&urn, &name) {
                some_of.push(SomeOf { urn: urn.clone(), attribute: name.clone(), values: values.clone() });
            }
            // The first address and number that a table has of somebody is the one to use.
            if let Some(first) = values.first_mut().and_then(Value::as_object_mut).filter(|_| is_typed) {
                first.entry("primary").or_insert(true.into());
            }
            if let Some(object) = scope(body, urn.as_deref()) {
                object.insert(name, values.into());
            }
        }
        some_of
    }
}

/// The resource itself, or its extension.
fn scope<'b>(body: &'b mut Map<String, Value>, urn: Option<&str>) -> Option<&'b mut Map<String, Value>> {
    match urn {
        Some(urn) => inner(body, urn),
        None => Some(body),
    }
}

/// The object that an attribute is, begun if it is not there; `None`: the schema says that it is none.
fn inner<'b>(object: &'b mut Map<String, Value>, name: &str) -> Option<&'b mut Map<String, Value>> {
    object.entry(name).or_insert_with(|| Map::new().into()).as_object_mut()
}
