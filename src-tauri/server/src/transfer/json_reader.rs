//! SCIM JSON: a resource, an array of them, a `ListResponse`, or one in each line.

use scim::GROUP;
use serde_json::{Deserializer, Map, Value};

use super::{Entry, ImportFile, MOST_ENTRIES, MemberName, member, text};
use crate::model::{ImportFormat, ResourceKind};

/// What the server says itself of a resource.
const OWN: [&str; 4] = ["id", "meta", "groups", "members"];

pub(super) fn read(source: &str) -> Result<ImportFile, String> {
    let mut entries = Vec::new();
    for value in Deserializer::from_str(source).into_iter::<Value>() {
        let value = value.map_err(|error| format!("This is not JSON: {error}."))?;
        take_in(value, &mut entries);
        if entries.len() > MOST_ENTRIES {
            break;
        }
    }
    // Where a file has groups with members, they say who is in them.
    let has_members = entries.iter().any(|entry: &Entry| !entry.members.is_empty());
    if has_members {
        entries.iter_mut().for_each(|entry| entry.groups.clear());
    }
    Ok(ImportFile { format: ImportFormat::Json, columns: Vec::new(), entries })
}

fn take_in(value: Value, entries: &mut Vec<Entry>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| take_in(value, entries)),
        Value::Object(mut object) => match take(&mut object, "Resources") {
            Some(resources) => take_in(resources, entries),
            // The answer to a search that found nothing has no resources (RFC 7644 §3.4.2).
            None if member(&object, "totalResults").is_some() => {}
            None => entries.push(entry(entries.len() as u64 + 1, object)),
        },
        _ => {
            let line = entries.len() as u64 + 1;
            let problem = Some("It is not a JSON object.".into());
            entries.push(Entry { problem, ..Entry::new(line, ResourceKind::User) });
        }
    }
}

fn entry(line: u64, mut body: Map<String, Value>) -> Entry {
    let kind = kind_of(&body);
    let [id, _, groups, members] = OWN.map(|name| take(&mut body, name));
    let id = id.and_then(|id| Some(id.as_str()?.to_owned()));
    let names = |list: Option<Value>| match list {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    };
    let groups = names(groups).iter().filter_map(group_name).collect();
    let members = names(members).iter().filter_map(member_name).collect();
    Entry { id, body, groups, members, ..Entry::new(line, kind) }
}

fn kind_of(body: &Map<String, Value>) -> ResourceKind {
    let names_group = |value: &Value| value.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(GROUP));
    let schemas = member(body, "schemas").and_then(Value::as_array);
    let is_group = match schemas {
        Some(urns) if !urns.is_empty() => urns.iter().any(names_group),
        _ => member(body, "userName").is_none() && member(body, "displayName").is_some(),
    };
    if is_group { ResourceKind::Group } else { ResourceKind::User }
}

/// The name of a group that a user is in by itself, and not because another group is in it.
fn group_name(group: &Value) -> Option<String> {
    let group = group.as_object()?;
    let is_direct = text(group, "type").is_none_or(|kind| !kind.eq_ignore_ascii_case("indirect"));
    text(group, "display").filter(|_| is_direct).map(str::to_owned)
}

fn member_name(value: &Value) -> Option<MemberName> {
    let named = value.as_object()?;
    let kind = text(named, "type")
        .and_then(|kind| ResourceKind::ALL.into_iter().find(|known| known.type_name().eq_ignore_ascii_case(kind)));
    Some(MemberName { value: text(named, "value")?.to_owned(), kind })
}

/// Takes an attribute out, whatever the letter case of its name.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let known = object.keys().find(|known| known.eq_ignore_ascii_case(name))?.clone();
    object.shift_remove(&known)
}
