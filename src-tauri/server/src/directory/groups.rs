//! Groups: create, read, replace, patch, delete.

use std::sync::Arc;

use scim::{GroupStep, Incoming, Notes, OnDuplicate, PatchRequest, Resource, ScimError};

use super::Failure;
use super::cause::Cause;
use super::journal::{self, What};
use super::membership::{self, Membership};
use super::render::{Derived, ReadResource};
use super::resources::{Outcome, by_id, created, note_duplicate, refuse_taken_external_id, text, update, write};
use crate::core::Core;
use crate::model::{Change, ChangeKind, ChangeSeq, ResourceKey, ResourceKind};
use crate::scopes::Scope;
use crate::store::resources::{self, ResourceRecord, StoredResource};
use crate::store::{Connection, StoreError, WriteTx, changes, members};

const KIND: ResourceKind = ResourceKind::Group;

/// Whether an answer names the members. Leaving them out spares reading 100,000 rows for `excludedAttributes=members`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// All of them.
    Listed,
    /// None of them.
    LeftOut,
}

/// Creates a group from a POST body. Where the policy links or overwrites duplicates, the group that has the name already is the
/// outcome.
///
/// # Errors
/// 400 if the body cannot be used; 409 `uniqueness` if the name is taken and the policy refuses that.
pub(crate) async fn create(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    incoming: Incoming,
    mut notes: Notes,
    show: Members,
) -> Result<Outcome, Failure> {
    let (within, cause) = (scope.clone(), cause.clone());
    let written = core
        .store
        .write_async(move |tx| {
            let scope = within;
            let name = text(&incoming.resource, "displayName").unwrap_or_default();
            if let Some(id) = id_of_namesake(tx, &scope, &name, ResourceKey(0))? {
                let existing: ResourceRecord = by_id(tx, &scope, KIND, &id)?;
                return match scope.policy.on_duplicate() {
                    OnDuplicate::Refuse => Err(name_taken(&existing.name, &id)),
                    OnDuplicate::Link => {
                        note_duplicate(&mut notes, &existing, "displayName", "it was answered as it is");
                        Written::unchanged(tx, existing, notes)
                    }
                    OnDuplicate::Overwrite => {
                        note_duplicate(&mut notes, &existing, "displayName", "the body replaced what it was");
                        edit_in(tx, &scope, &cause, existing, notes, replacing(incoming))
                    }
                };
            }
            let members = incoming.members().map(<[_]>::to_vec).unwrap_or_default();
            let mut record = created(tx, KIND, &cause)?;
            adopt(&mut record, incoming.resource);
            refuse_taken_external_id(tx, &scope, &record)?;
            resources::insert(tx, scope.directory, &mut record)?;
            let mut membership = Membership::of(tx, &scope, record.key, &record.id)?;
            membership.replace(&members, &mut notes)?;
            let members = membership.finish()?;
            let fields = scim::diff(&Resource::new(), &record.body, &scope.group);
            let what = What { kind: ChangeKind::Created, fields, members };
            let change = journal::append(tx, &scope, &cause, &record, what)?;
            Ok(Written::changed(record, change, notes))
        })
        .await?;
    written.into_outcome(core, show)
}

/// Reads a group.
///
/// # Errors
/// 404.
pub(crate) fn read(core: &Core, scope: &Scope, id: &str, show: Members) -> Result<Outcome, Failure> {
    core.store.read(|c| {
        let record: StoredResource = by_id(c, scope, KIND, id)?;
        let members = derived(c, record.key, show)?;
        Ok(Outcome { resource: ReadResource::new(record, members), changes: Vec::new(), notes: Notes::new() })
    })
}

/// What is read with the group that has this key.
pub(super) fn derived(c: &Connection, key: ResourceKey, show: Members) -> Result<Derived, StoreError> {
    Ok(match show {
        Members::Listed => Derived::Members(members::all(c, key)?),
        Members::LeftOut => Derived::LeftOut,
    })
}

/// Replaces a group by a PUT body. A body without `members` keeps them, or clears them where the policy says so.
///
/// # Errors
/// 404; 400 and 409 as for [`create`]; 412 if the cause's conditions do not hold.
pub(crate) async fn replace(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    id: &str,
    incoming: Incoming,
    notes: Notes,
    show: Members,
) -> Result<Outcome, Failure> {
    change(core, scope, cause, id, notes, show, replacing(incoming)).await
}

/// What a PUT does.
fn replacing(
    incoming: Incoming,
) -> impl FnOnce(Resource, &mut Membership<'_>, &Scope, &mut Notes) -> Result<Resource, Failure> + Send + 'static {
    move |body, membership, scope, notes| {
        let members = match incoming.members() {
            Some(members) => Some(members.to_vec()),
            None if scope.policy.put_without_members_clears() => Some(Vec::new()),
            None => {
                // keycloak-02-put-group-without-members
                notes.add("members-left-out", "RFC 7644 §3.5.1", "The body has no `members`; they were kept.");
                None
            }
        };
        let body = scim::replace(&body, incoming, &scope.group, &scope.policy, notes)?;
        if let Some(members) = members {
            membership.replace(&members, notes)?;
        }
        Ok(body)
    }
}

/// Applies a PATCH body to a group, all of it or nothing.
///
/// # Errors
/// 404; 400 and 409 as for [`create`], and what RFC 7644 §3.5.2 names.
pub(crate) async fn patch(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    id: &str,
    request: PatchRequest,
    notes: Notes,
    show: Members,
) -> Result<Outcome, Failure> {
    let group_id = id.to_owned();
    change(core, scope, cause, id, notes, show, move |mut body, membership, scope, notes| {
        for step in scim::group_steps(&request, &group_id, &scope.policy, notes)? {
            match step {
                GroupStep::Attributes(request) => {
                    body = scim::apply(&body, &group_id, &request, &scope.group, &scope.policy, notes)?.resource;
                }
                GroupStep::Members(op) => membership.apply(op, notes)?,
            }
        }
        Ok(body)
    })
    .await
}

/// Deletes a group and its memberships, and returns what changed.
///
/// # Errors
/// 404; 412 if the cause's conditions do not hold.
pub(crate) async fn delete(core: &Core, scope: &Arc<Scope>, cause: &Cause, id: &str) -> Result<Vec<Change>, Failure> {
    write(core, scope, cause, KIND, id, |tx, scope, cause, record| {
        let mut changes = membership::leave_all(tx, scope, cause, &record.id, &record.name)?;
        let mut membership = Membership::of(tx, scope, record.key, &record.id)?;
        membership.replace(&[], &mut Notes::new())?;
        let members = membership.finish()?;
        let fields = scim::diff(&record.body, &Resource::new(), &scope.group);
        let what = What { kind: ChangeKind::Deleted, fields, members };
        let change = journal::append(tx, scope, cause, &record, what)?;
        resources::delete(tx, scope.directory, &record, change.seq)?;
        changes.push(change);
        Ok(changes)
    })
    .await
}

async fn change(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    id: &str,
    notes: Notes,
    show: Members,
    edit: impl FnOnce(Resource, &mut Membership<'_>, &Scope, &mut Notes) -> Result<Resource, Failure> + Send + 'static,
) -> Result<Outcome, Failure> {
    let written = write(core, scope, cause, KIND, id, move |tx, scope, cause, before| {
        edit_in(tx, scope, cause, before, notes, edit)
    });
    written.await?.into_outcome(core, show)
}

/// Changes a stored group, all of it or nothing.
fn edit_in(
    tx: &WriteTx<'_>,
    scope: &Scope,
    cause: &Cause,
    before: ResourceRecord,
    mut notes: Notes,
    edit: impl FnOnce(Resource, &mut Membership<'_>, &Scope, &mut Notes) -> Result<Resource, Failure>,
) -> Result<Written, Failure> {
    let mut membership = Membership::of(tx, scope, before.key, &before.id)?;
    let body = edit(before.body.clone(), &mut membership, scope, &mut notes)?;
    let members = membership.finish()?;
    if body == before.body && members.is_none() {
        return Written::unchanged(tx, before, notes);
    }
    let mut after = before.clone();
    adopt(&mut after, body);
    if after.name != before.name
        && let Some(id) = id_of_namesake(tx, scope, &after.name, after.key)?
    {
        return Err(name_taken(&after.name, &id));
    }
    refuse_taken_external_id(tx, scope, &after)?;
    let fields = scim::diff(&before.body, &after.body, &scope.group);
    let kind = if fields.is_empty() { ChangeKind::MembersChanged } else { ChangeKind::Updated };
    let change = update(tx, scope, cause, &before, &mut after, What { kind, fields, members })?;
    members::refresh_display(tx, &after.id, &before.name, &after.name)?;
    Ok(Written::changed(after, change, notes))
}

/// Takes over a body and the columns that are derived from it.
fn adopt(record: &mut ResourceRecord, body: Resource) {
    record.name = text(&body, "displayName").unwrap_or_default();
    record.external_id = text(&body, "externalId");
    record.body = body;
}

/// The id of another group that has this name, where no two may have the same.
fn id_of_namesake(
    tx: &WriteTx<'_>,
    scope: &Scope,
    name: &str,
    except: ResourceKey,
) -> Result<Option<String>, StoreError> {
    if scope.policy.allow_duplicate_groups() {
        return Ok(None);
    }
    resources::id_of_group(tx, scope.directory, name, except)
}

fn name_taken(name: &str, id: &str) -> Failure {
    ScimError::uniqueness(format!("A group with the displayName {name:?} already exists (id {id}).")).into()
}

/// What a write made of a group. Its members are read behind the commit, as they were then: no other write waits for 100,000 rows.
struct Written {
    record: ResourceRecord,
    /// Members that came by a later change are no part of it.
    seq: ChangeSeq,
    changes: Vec<Change>,
    notes: Notes,
}

impl Written {
    fn changed(record: ResourceRecord, change: Change, notes: Notes) -> Self {
        Self { record, seq: change.seq, changes: vec![change], notes }
    }

    fn unchanged(tx: &WriteTx<'_>, record: ResourceRecord, notes: Notes) -> Result<Self, Failure> {
        Ok(Self { record, seq: changes::newest_seq(tx)?, changes: Vec::new(), notes })
    }

    fn into_outcome(self, core: &Core, show: Members) -> Result<Outcome, Failure> {
        let Self { record, seq, changes, notes } = self;
        let members = match show {
            Members::Listed => Derived::Members(core.store.read(|c| members::all_after(c, record.key, seq))?),
            Members::LeftOut => Derived::LeftOut,
        };
        let resource = ReadResource::written(&record, members).map_err(StoreError::from)?;
        Ok(Outcome { resource, changes, notes })
    }
}
