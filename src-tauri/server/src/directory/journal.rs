//! Writing down what changed, and telling the live feed once it is on disk.

use scim::FieldChange;
use serde_json::Value;

use super::scope::{Cause, Scope};
use crate::clock::rfc3339;
use crate::live::Live;
use crate::model::{Change, ChangeKind, Event, MembersChange, ResourceKind};
use crate::store::versions::{self, Version};
use crate::store::{StoreError, WriteTx, catalog, changes};

/// Characters of a text, and elements of a list, that a difference shows; the whole values are in the versions before and after.
const TEXT_TOLD: usize = 1_000;
const ELEMENTS_TOLD: usize = 50;

/// The same where a change is one line of many: attributes, characters of a text, and people on each side.
const FIELDS_GLANCED: usize = 20;
const TEXT_GLANCED: usize = 200;
const PEOPLE_GLANCED: usize = 3;

/// What happened to whom.
pub(crate) struct Entry {
    pub(crate) resource_kind: ResourceKind,
    pub(crate) resource_id: String,
    pub(crate) resource_name: String,
    pub(crate) kind: ChangeKind,
    pub(crate) fields: Vec<FieldChange>,
    pub(crate) members: Option<MembersChange>,
    /// What it is after the change; of a deleted one, what it was before.
    pub(crate) after: Version,
}

/// Appends `entry` to the changes and publishes it after the commit.
pub(crate) fn append(
    tx: &WriteTx<'_>,
    live: &Live,
    scope: &Scope,
    cause: &Cause,
    entry: Entry,
) -> Result<Change, StoreError> {
    let told: Vec<_> = entry.fields.into_iter().map(|field| cut_field(field, TEXT_TOLD)).collect();
    let mut change = Change {
        seq: 0,
        at: rfc3339(cause.at),
        directory_id: scope.directory_id.clone(),
        resource_kind: entry.resource_kind,
        resource_id: entry.resource_id,
        resource_name: catalog::shown(&entry.resource_name),
        kind: entry.kind,
        field_count: told.len() as u64,
        fields: told,
        members: entry.members,
        actor: cause.actor.clone(),
        exchange_id: Some(cause.exchange),
    };
    changes::append(tx, scope.directory, cause.at, &mut change)?;
    versions::insert(tx, change.seq, &entry.after)?;
    if change.kind == ChangeKind::Deleted {
        catalog::bury(tx, scope.directory, &change.resource_id, change.seq, cause.at)?;
    }
    let (live, event) = (live.clone(), Event::Change { change: without_details(change.clone()) });
    tx.after_commit(move || live.publish(event));
    Ok(change)
}

/// A change for one line of many: of what came or went as a whole, no attributes; of the rest, the first few.
pub(crate) fn glance(change: Change) -> Change {
    let mut change = without_details(change);
    if let Some(members) = &mut change.members {
        members.added.truncate(PEOPLE_GLANCED);
        members.removed.truncate(PEOPLE_GLANCED);
    }
    change
}

/// A difference with at most `characters` of each text.
pub(crate) fn cut_field(field: FieldChange, characters: usize) -> FieldChange {
    let cut = |value: Option<Value>| value.map(|value| cut(value, characters));
    FieldChange { path: field.path, before: cut(field.before), after: cut(field.after) }
}

fn without_details(mut change: Change) -> Change {
    if matches!(change.kind, ChangeKind::Created | ChangeKind::Deleted) {
        change.fields.clear();
    }
    change.fields.truncate(FIELDS_GLANCED);
    change.fields = change.fields.into_iter().map(|field| cut_field(field, TEXT_GLANCED)).collect();
    change
}

fn cut(value: Value, characters: usize) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(characters) {
            Some((end, _)) => Value::String(format!("{}…", &text[..end])),
            None => Value::String(text),
        },
        Value::Array(elements) => {
            let more = elements.len().saturating_sub(ELEMENTS_TOLD);
            let told = elements.into_iter().take(ELEMENTS_TOLD).map(|element| cut(element, characters));
            told.chain((more > 0).then(|| Value::String(format!("… and {more} more")))).collect()
        }
        Value::Object(object) => object.into_iter().map(|(name, value)| (name, cut(value, characters))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_would_read_is_cut() {
        for (value, expected) in [
            (json!("short"), json!("short")),
            (json!("ü".repeat(11)), json!(format!("{}…", "ü".repeat(10)))),
            (json!({"value": "0123456789a", "primary": true}), json!({"value": "0123456789…", "primary": true})),
            (json!([1, "0123456789a"]), json!([1, "0123456789…"])),
        ] {
            assert_eq!(cut(value, 10), expected);
        }
        let many = cut((0..60).collect(), 10);
        assert_eq!(many.as_array().map(Vec::len), Some(51));
        assert_eq!(many[50], "… and 10 more");
    }
}
