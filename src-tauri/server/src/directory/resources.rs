//! What users and groups have in common.

use std::sync::Arc;

use scim::{Notes, Resource, ScimError};

use super::Failure;
use super::cause::Cause;
use super::journal::{self, What};
use super::render::ReadResource;
use crate::core::Core;
use crate::ids;
use crate::model::{Change, ResourceKey, ResourceKind};
use crate::scopes::Scope;
use crate::store::resources::{self, ResourceRecord, Stored};
use crate::store::{Connection, StoreError, WriteTx, changes};

/// A resource as it is after the request, and what the request changed.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) resource: ReadResource,
    /// Empty: nothing changed.
    pub(crate) changes: Vec<Change>,
    /// What was tolerated.
    pub(crate) notes: Notes,
}

/// The resource that a request addresses.
pub(super) fn by_id<R: Stored>(c: &Connection, scope: &Scope, kind: ResourceKind, id: &str) -> Result<R, Failure> {
    let found = resources::by_id(c, scope.directory, kind, id)?;
    let not_found =
        || ScimError::not_found(format!("No {} with the id {id} is in this directory.", kind.noun())).into();
    found.ok_or_else(not_found)
}

/// A resource that this request creates, before it has a body.
pub(super) fn created(tx: &WriteTx<'_>, kind: ResourceKind, cause: &Cause) -> Result<ResourceRecord, StoreError> {
    Ok(ResourceRecord {
        key: ResourceKey(0),
        kind,
        id: ids::resource_id(),
        name: String::new(),
        user_name: String::new(),
        external_id: None,
        active: true,
        body: Resource::new(),
        version: 1,
        source: cause.actor.clone(),
        created_at: cause.at,
        modified_at: cause.at,
        last_change: changes::next_seq(tx)?,
    })
}

/// Writes what `work` makes of the resource that a request addresses.
///
/// # Errors
/// 404; 412 if the cause's conditions do not hold; what `work` fails with.
pub(super) async fn write<T: Send + 'static>(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    kind: ResourceKind,
    id: &str,
    work: impl FnOnce(&WriteTx<'_>, &Scope, &Cause, ResourceRecord) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (scope, cause, id) = (scope.clone(), cause.clone(), id.to_owned());
    let work = move |tx: &WriteTx<'_>| {
        let record: ResourceRecord = by_id(tx, &scope, kind, &id)?;
        cause.conditions.check_write(record.version)?;
        work(tx, &scope, &cause, record)
    };
    core.store.write_async(work).await
}

/// Stores what a resource is after a change, as its next version.
pub(super) fn update(
    tx: &WriteTx<'_>,
    scope: &Scope,
    cause: &Cause,
    before: &ResourceRecord,
    after: &mut ResourceRecord,
    what: What,
) -> Result<Change, StoreError> {
    after.version += 1;
    after.modified_at = cause.at;
    let change = journal::append(tx, scope, cause, after, what)?;
    after.last_change = change.seq;
    resources::update(tx, scope.directory, before, after)?;
    Ok(change)
}

/// The text of an attribute.
pub(super) fn text(body: &Resource, name: &str) -> Option<String> {
    body.get(name).and_then(|value| value.as_str()).map(str::to_owned)
}

/// Refuses a resource whose `externalId` another one of its kind has, where no two may have the same.
pub(super) fn refuse_taken_external_id(
    tx: &WriteTx<'_>,
    scope: &Scope,
    record: &ResourceRecord,
) -> Result<(), Failure> {
    let Some(external_id) = record.external_id.as_deref().filter(|_| scope.policy.refuse_duplicate_external_ids())
    else {
        return Ok(());
    };
    match resources::id_by_external_id(tx, scope.directory, record.kind, external_id, record.key)? {
        None => Ok(()),
        Some(id) => Err(ScimError::uniqueness(format!(
            "A {} with the externalId {external_id:?} already exists (id {id}).",
            record.kind.noun()
        ))
        .into()),
    }
}

/// Notes that somebody was there already, and what was done. `name` is the attribute that says so.
pub(super) fn note_duplicate(notes: &mut Notes, existing: &ResourceRecord, name: &str, what: &str) {
    let (kind, value) = (existing.kind.noun(), text(&existing.body, name).unwrap_or_default());
    let text = format!("A {kind} with the {name} {value:?} was there already (id {}): {what}.", existing.id);
    notes.add("duplicate", "RFC 7644 §3.3", text);
}
