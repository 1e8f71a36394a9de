//! Writing down what changed, and telling the live feed once it is on disk.

use scim::FieldChange;

use super::scope::{Cause, Scope};
use crate::clock::rfc3339;
use crate::live::Live;
use crate::model::{Change, ChangeKind, Event, MembersChange, ResourceKind};
use crate::store::{StoreError, WriteTx, changes};

/// What happened to whom.
pub(crate) struct Entry {
    pub(crate) resource_kind: ResourceKind,
    pub(crate) resource_id: String,
    pub(crate) resource_name: String,
    pub(crate) kind: ChangeKind,
    pub(crate) fields: Vec<FieldChange>,
    pub(crate) members: Option<MembersChange>,
}

/// Appends `entry` to the changes and publishes it after the commit.
pub(crate) fn append(
    tx: &WriteTx<'_>,
    live: &Live,
    scope: &Scope,
    cause: &Cause,
    entry: Entry,
) -> Result<Change, StoreError> {
    let mut change = Change {
        seq: 0,
        at: rfc3339(cause.at),
        directory_id: scope.directory_id.clone(),
        resource_kind: entry.resource_kind,
        resource_id: entry.resource_id,
        resource_name: entry.resource_name,
        kind: entry.kind,
        fields: entry.fields,
        members: entry.members,
        actor: cause.actor.clone(),
        exchange_id: Some(cause.exchange),
    };
    changes::append(tx, scope.directory, cause.at, &mut change)?;
    let (live, event) = (live.clone(), Event::Change { change: change.clone() });
    tx.after_commit(move || live.publish(event));
    Ok(change)
}
