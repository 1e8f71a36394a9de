//! Writing down what changed, and telling the live feed once lists show it.

use scim::{FieldChange, shortened};
use serde_json::Value;

use super::cause::Cause;
use crate::clock::rfc3339;
use crate::core::Core;
use crate::facts::shown;
use crate::model::{Change, ChangeKind, ChangeSeq, Event, MembersChange};
use crate::scopes::Scope;
use crate::store::changes::NewChange;
use crate::store::listing::Derived;
use crate::store::resources::{self, ResourceRecord};
use crate::store::{StoreError, WriteTx, changes, versions};

/// Characters of a text, and elements of a list, that a difference shows; the whole values are in the versions before and after.
const TEXT_TOLD: usize = 1_000;
const ELEMENTS_TOLD: usize = 50;

/// The same where a change is one line of many: attributes, characters of a text, and people on each side.
const FIELDS_GLANCED: usize = 20;
const TEXT_GLANCED: usize = 200;
const PEOPLE_GLANCED: usize = 3;

/// What happened to a resource.
pub(crate) struct What {
    pub(crate) kind: ChangeKind,
    pub(crate) fields: Vec<FieldChange>,
    pub(crate) members: Option<MembersChange>,
}

/// A write under way: the transaction, where it is, and on whose behalf.
#[derive(Clone, Copy)]
pub(crate) struct Writing<'a> {
    pub(crate) tx: &'a WriteTx<'a>,
    pub(crate) scope: &'a Scope,
    pub(crate) cause: &'a Cause,
}

impl Writing<'_> {
    /// Appends to the changes what happened. `record`: what the resource is after it; of a deleted one, what it was before.
    pub(crate) fn append(self, record: &ResourceRecord, what: What) -> Result<Change, StoreError> {
        let Self { tx, scope, cause } = self;
        let told: Vec<_> = what.fields.into_iter().map(|field| cut_field(field, TEXT_TOLD)).collect();
        let mut change = Change {
            seq: ChangeSeq(0),
            at: rfc3339(cause.at),
            directory_id: scope.directory_id.clone(),
            resource_kind: record.kind,
            resource_id: record.id.clone(),
            resource_name: shown(&record.name),
            kind: what.kind,
            field_count: told.len() as u64,
            fields: told,
            members: what.members,
            actor: cause.actor.clone(),
            exchange_id: Some(cause.exchange),
        };
        let (directory, resource) = (scope.directory, record.key);
        change.seq = changes::append(tx, &NewChange { directory, resource, at: cause.at, change: &change })?;
        versions::insert(tx, change.seq, record)?;
        Ok(change)
    }

    /// Stores what a resource is after a change, as its next version.
    pub(crate) fn update(
        self,
        before: &ResourceRecord,
        after: &mut ResourceRecord,
        what: What,
    ) -> Result<Change, StoreError> {
        after.version += 1;
        after.modified_at = self.cause.at;
        let change = self.append(after, what)?;
        after.last_change = change.seq;
        resources::update(self.tx, self.scope.directory, before, after)?;
        Ok(change)
    }
}

/// Tells the feed what lists show anew. Where they cannot be written, they are tried again in a moment.
pub(crate) fn tell(core: &Core, listed: Result<Derived, StoreError>) {
    let listed = match listed {
        Err(StoreError::Damaged(_)) => core.set_requests_aside().map(|()| Derived::default()),
        listed => listed,
    };
    let derived = match listed {
        Ok(derived) => derived,
        Err(error) => return tracing::error!(%error, "lists could not be brought up to date"),
    };
    for change in derived.changes {
        core.live.publish(Event::Change { change: without_details(change) });
    }
    for (directory_id, ids) in derived.recognized {
        core.live.publish(Event::Drift { directory_id, ids });
    }
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
        Value::String(text) => Value::String(shortened(&text, characters)),
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
