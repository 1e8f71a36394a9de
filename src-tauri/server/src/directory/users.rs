//! Users: create, read, replace, patch, delete.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use scim::{Deletion, Incoming, Notes, OnDuplicate, PatchRequest, Resource, ScimError};

use super::cause::Cause;
use super::journal::{self, What};
use super::membership;
use super::render::{Derived, GroupMembership, ReadResource};
use super::resources::{Outcome, by_id, created, note_duplicate, refuse_taken_external_id, text, update, write};
use super::{Failure, render};
use crate::core::Core;
use crate::model::{Change, ChangeKind, ResourceKind};
use crate::scopes::Scope;
use crate::store::resources::{self, ResourceRecord};
use crate::store::{Connection, StoreError, WriteTx, deleted_users, groups, members};

const KIND: ResourceKind = ResourceKind::User;

/// Creates a user from a POST body. Where the policy links or overwrites duplicates, the user who has the name already is the outcome.
///
/// # Errors
/// 400 if the body cannot be used, 409 `uniqueness` if the `userName` is taken, whatever its letter case.
pub(crate) async fn create(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    incoming: Incoming,
    mut notes: Notes,
) -> Result<Outcome, Failure> {
    let (scope, cause) = (scope.clone(), cause.clone());
    core.store
        .write_async(move |tx| {
            let user_name = text(&incoming.resource, "userName").unwrap_or_default();
            if let Some(existing) = resources::by_user_name(tx, scope.directory, &user_name)? {
                return match scope.policy.on_duplicate() {
                    OnDuplicate::Refuse => Err(name_taken(&existing)),
                    OnDuplicate::Link => {
                        note_duplicate(&mut notes, &existing, "userName", "it was answered as it is");
                        outcome(tx, &scope, &existing, Vec::new(), notes)
                    }
                    OnDuplicate::Overwrite => {
                        note_duplicate(&mut notes, &existing, "userName", "the body replaced what it was");
                        let body = scim::replace(&existing.body, incoming, &scope.user, &scope.policy, &mut notes)?;
                        store_body(tx, &scope, &cause, existing, body, notes)
                    }
                };
            }
            scim::check_user_name(&user_name, &scope.email_domains, &scope.policy, &mut notes)?;
            let mut body = incoming.resource;
            // RFC 7643 §4.1.1 has no default for `active`; a new person that is not said to be inactive is active.
            body.entry("active").or_insert(true.into());
            let mut record = created(tx, KIND, &cause)?;
            if let Some(earlier) = deleted_users::take(tx, scope.directory, &user_name)? {
                let text = format!("{user_name:?} was deleted before; the same id, {}, came back.", earlier.id);
                notes.add("soft-deleted", "RFC 7644 §3.6", text);
                (record.id, record.version, record.created_at) = (earlier.id, earlier.version + 1, earlier.created_at);
            }
            adopt(&mut record, body);
            refuse_taken_external_id(tx, &scope, &record)?;
            let fields = scim::diff(&Resource::new(), &record.body, &scope.user);
            resources::insert(tx, scope.directory, &mut record)?;
            let what = What { kind: ChangeKind::Created, fields, members: None };
            let change = journal::append(tx, &scope, &cause, &record, what)?;
            // Members may have been pushed before the person they name.
            members::recognize(tx, scope.directory, &record.id, record.key)?;
            outcome(tx, &scope, &record, vec![change], notes)
        })
        .await
}

/// Reads a user.
///
/// # Errors
/// 404.
pub(crate) fn read(core: &Core, scope: &Scope, id: &str) -> Result<Outcome, Failure> {
    core.store.read(|c| {
        let record = by_id(c, scope, KIND, id)?;
        let resource = ReadResource::new(record, Derived::Groups(groups_of(c, scope, id)?));
        Ok(Outcome { resource, changes: Vec::new(), notes: Notes::new() })
    })
}

/// Replaces a user by a PUT body.
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
) -> Result<Outcome, Failure> {
    change(core, scope, cause, id, notes, move |record, scope, notes| {
        scim::replace(&record.body, incoming, &scope.user, &scope.policy, notes)
    })
    .await
}

/// Applies a PATCH body to a user, all of it or nothing.
///
/// # Errors
/// As [`replace`], and what RFC 7644 §3.5.2 names.
pub(crate) async fn patch(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    id: &str,
    request: PatchRequest,
    notes: Notes,
) -> Result<Outcome, Failure> {
    change(core, scope, cause, id, notes, move |record, scope, notes| {
        scim::apply(&record.body, &record.id, &request, &scope.user, &scope.policy, notes)
            .map(|patched| patched.resource)
    })
    .await
}

/// Deletes a user and its memberships, and returns what changed.
///
/// # Errors
/// 404; 412 if the cause's conditions do not hold.
pub(crate) async fn delete(core: &Core, scope: &Arc<Scope>, cause: &Cause, id: &str) -> Result<Vec<Change>, Failure> {
    write(core, scope, cause, KIND, id, |tx, scope, cause, record| {
        let mut changes = membership::leave_all(tx, scope, cause, &record.id, &record.name)?;
        if scope.policy.deletion() == Deletion::Soft {
            deleted_users::keep(tx, scope.directory, &record)?;
        }
        let fields = scim::diff(&record.body, &Resource::new(), &scope.user);
        let what = What { kind: ChangeKind::Deleted, fields, members: None };
        let change = journal::append(tx, scope, cause, &record, what)?;
        resources::delete(tx, scope.directory, &record, change.seq)?;
        changes.push(change);
        Ok(changes)
    })
    .await
}

/// The groups that a user is in: those it is a direct member of, then those that contain one of its groups.
pub(crate) fn groups_of(c: &Connection, scope: &Scope, id: &str) -> Result<Vec<GroupMembership>, StoreError> {
    Ok(groups_of_all(c, scope, &[id])?.remove(id).unwrap_or_default())
}

/// The same of several users, by their ids; who is in no group is left out.
pub(crate) fn groups_of_all(
    c: &Connection,
    scope: &Scope,
    ids: &[&str],
) -> Result<HashMap<String, Vec<GroupMembership>>, StoreError> {
    let mut belongings: HashMap<String, Vec<GroupMembership>> = HashMap::new();
    for (id, group) in groups::of_members(c, scope.directory, ids)? {
        belongings.entry(id).or_default().push(GroupMembership { group, is_direct: true });
    }
    // Many people are in a few groups, most of which nothing contains.
    let direct: HashSet<&str> = belongings.values().flatten().map(|belonging| belonging.group.id.as_str()).collect();
    let mut contained = Vec::new();
    for id in direct {
        if groups::is_member(c, id)? {
            contained.push(id);
        }
    }
    let above = if contained.is_empty() { Vec::new() } else { groups::above(c, scope.directory, &contained)? };
    for (id, belongings) in &mut belongings {
        for (contained, group) in &above {
            let is_in = |other: &str| belongings.iter().any(|belonging| belonging.group.id == other);
            let contains = belongings.iter().any(|belonging| belonging.is_direct && belonging.group.id == *contained);
            if contains && !is_in(&group.id) && group.id != *id {
                belongings.push(GroupMembership { group: group.clone(), is_direct: false });
            }
        }
    }
    Ok(belongings)
}

async fn change(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    id: &str,
    mut notes: Notes,
    edit: impl FnOnce(&ResourceRecord, &Scope, &mut Notes) -> Result<Resource, ScimError> + Send + 'static,
) -> Result<Outcome, Failure> {
    write(core, scope, cause, KIND, id, move |tx, scope, cause, before| {
        let body = edit(&before, scope, &mut notes)?;
        store_body(tx, scope, cause, before, body, notes)
    })
    .await
}

/// Makes `body` what is stored of a user, if it says anything else than what is stored.
fn store_body(
    tx: &WriteTx<'_>,
    scope: &Scope,
    cause: &Cause,
    before: ResourceRecord,
    body: Resource,
    mut notes: Notes,
) -> Result<Outcome, Failure> {
    if body == before.body {
        return outcome(tx, scope, &before, Vec::new(), notes);
    }
    let mut after = before.clone();
    adopt(&mut after, body);
    if after.user_name != before.user_name {
        scim::check_user_name(&after.user_name, &scope.email_domains, &scope.policy, &mut notes)?;
        refuse_taken_name(tx, scope, &after)?;
    }
    refuse_taken_external_id(tx, scope, &after)?;
    let fields = scim::diff(&before.body, &after.body, &scope.user);
    let kind = match (before.active, after.active) {
        (true, false) => ChangeKind::Deactivated,
        (false, true) => ChangeKind::Reactivated,
        _ => ChangeKind::Updated,
    };
    let change = update(tx, scope, cause, &before, &mut after, What { kind, fields, members: None })?;
    for (old, new) in [(&before.user_name, &after.user_name), (&before.name, &after.name)] {
        if old != new {
            members::refresh_display(tx, &after.id, old, new)?;
        }
    }
    outcome(tx, scope, &after, vec![change], notes)
}

/// Takes over a body and the columns that are derived from it.
fn adopt(record: &mut ResourceRecord, body: Resource) {
    record.user_name = text(&body, "userName").unwrap_or_default();
    record.external_id = text(&body, "externalId");
    // Left out means active: only an explicit `false` says that somebody has left.
    record.active = body.get("active").and_then(|value| value.as_bool()).unwrap_or(true);
    record.name = render::display_name(&body, &record.user_name);
    record.body = body;
}

fn refuse_taken_name(tx: &WriteTx<'_>, scope: &Scope, record: &ResourceRecord) -> Result<(), Failure> {
    match resources::by_user_name(tx, scope.directory, &record.user_name)? {
        Some(other) if other.key != record.key => Err(name_taken(&other)),
        _ => Ok(()),
    }
}

fn name_taken(other: &ResourceRecord) -> Failure {
    ScimError::uniqueness(format!(
        "A user with the userName {:?} already exists (id {}). Letter case does not make a difference.",
        other.user_name, other.id
    ))
    .into()
}

fn outcome(
    tx: &WriteTx<'_>,
    scope: &Scope,
    record: &ResourceRecord,
    changes: Vec<Change>,
    notes: Notes,
) -> Result<Outcome, Failure> {
    let groups = Derived::Groups(groups_of(tx, scope, &record.id)?);
    let resource = ReadResource::written(record, groups).map_err(StoreError::from)?;
    Ok(Outcome { resource, changes, notes })
}
