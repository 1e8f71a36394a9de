//! Users and groups: create, read, replace, patch, delete. Both take the same course; what only one of them has stands where the course
//! comes to it.

use std::sync::Arc;

use scim::{
    Deletion, GroupStep, Incoming, Notes, OnDuplicate, PatchRequest, Patching, Resource, ScimError, is_same_text,
};

use super::Failure;
use super::cause::Cause;
use super::derived::{self, Members, groups_of};
use super::journal::{What, Writing};
use super::membership::{self, Membership, Moves};
use super::render::{self, Derived, GroupMembership, ReadResource};
use super::sizes;
use crate::core::Core;
use crate::ids;
use crate::model::{Change, ChangeKind, ChangeSeq, ResourceKey, ResourceKind};
use crate::scopes::Scope;
use crate::store::members::MemberRow;
use crate::store::resources::{self, ResourceRecord, Stored, StoredResource};
use crate::store::{Connection, Lane, ReadLength, StoreError, WriteTx, changes, deleted_users, directories, members};

/// A resource as it is after the request, and what the request changed.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) resource: ReadResource,
    /// Empty: nothing changed.
    pub(crate) changes: Vec<Change>,
    /// What was tolerated.
    pub(crate) notes: Notes,
}

/// What every request about users or groups has.
pub(crate) struct ResourceRequest<'a> {
    pub(crate) core: &'a Core,
    pub(crate) scope: &'a Arc<Scope>,
    pub(crate) cause: &'a Cause,
    pub(crate) kind: ResourceKind,
    /// For a group: whether the answer lists its members.
    pub(crate) show: Members,
}

/// How a resource is changed.
pub(crate) enum Edit {
    /// By a PUT body. One of a group without `members` keeps them, or clears them where the policy says so.
    Replace(Incoming),
    /// By a PATCH body, all of it or nothing.
    Patch(PatchRequest),
}

impl ResourceRequest<'_> {
    /// Creates a resource from a POST body. Where the policy links or overwrites duplicates, the one that has the name already is the outcome.
    ///
    /// # Errors
    /// 400 if the body cannot be used; 409 `uniqueness` if the name is taken, whatever its letter case. Groups can have the same name where
    /// the policy allows that.
    pub(crate) async fn create(&self, incoming: Incoming, notes: Notes) -> Result<Outcome, Failure> {
        let kind = self.kind;
        let written = self.write(move |writing| create(writing, kind, incoming, notes)).await?;
        Ok(written.into_outcome(self)?)
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn read(&self, id: &str) -> Result<Outcome, Failure> {
        let read = |c: &Connection| {
            let record: StoredResource = by_id(c, self.scope, self.kind, id)?;
            let derived = match self.kind {
                ResourceKind::User => Derived::Groups(groups_of(c, self.scope, id)?),
                ResourceKind::Group => derived::members_of(c, record.key, self.show)?,
            };
            Ok(Outcome { resource: ReadResource::new(record, derived), changes: Vec::new(), notes: Notes::new() })
        };
        match (self.kind, self.show) {
            // It may have 100,000 members.
            (ResourceKind::Group, Members::Listed) => match self.core.store.query(ReadLength::Medium, |c| read(c)) {
                Err(Failure::Store(StoreError::TooLong)) => Err(too_slow().into()),
                read => read,
            },
            _ => self.core.store.read(read),
        }
    }

    /// Changes a resource.
    ///
    /// # Errors
    /// 404; 400 and 409 as for [`Self::create`], and for a PATCH what RFC 7644 §3.5.2 names; 412 if the cause's conditions do not hold.
    pub(crate) async fn change(&self, id: &str, edit: Edit, notes: Notes) -> Result<Outcome, Failure> {
        let written = self.write_to(id, move |writing, before| change(writing, before, edit, notes)).await?;
        Ok(written.into_outcome(self)?)
    }

    /// Deletes a resource and its memberships, and returns what changed.
    ///
    /// # Errors
    /// 404; 412 if the cause's conditions do not hold.
    pub(crate) async fn delete(&self, id: &str) -> Result<Vec<Change>, Failure> {
        self.write_to(id, delete).await
    }

    /// Runs `work` in a transaction.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(Writing<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (scope, cause) = (self.scope.clone(), self.cause.clone());
        let lane = match self.kind {
            ResourceKind::User => Lane::Light,
            ResourceKind::Group => Lane::Heavy,
        };
        let work = move |tx: &WriteTx<'_>| match work(Writing { tx, scope: &scope, cause: &cause }) {
            // Anything else is a fault of the program, which to try again does not mend.
            Err(Failure::Store(StoreError::BrokenReference(_)))
                if directories::key(tx, &scope.directory_id)? != Some(scope.directory) =>
            {
                Err(StoreError::Gone.into())
            }
            written => written,
        };
        self.core.store.write_async(lane, work).await
    }

    /// Runs `work` on the resource with this id.
    ///
    /// # Errors
    /// 404; 412 if the cause's conditions do not hold; what `work` fails with.
    async fn write_to<T: Send + 'static>(
        &self,
        id: &str,
        work: impl FnOnce(Writing<'_>, ResourceRecord) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (kind, id) = (self.kind, id.to_owned());
        self.write(move |writing| {
            let record: ResourceRecord = by_id(writing.tx, writing.scope, kind, &id)?;
            writing.cause.conditions.check_write(record.version)?;
            work(writing, record)
        })
        .await
    }
}

impl Edit {
    /// What becomes of the body of a resource, and of its members if it has any.
    fn apply(
        self,
        before: &ResourceRecord,
        membership: Option<&mut Membership<'_>>,
        Writing { tx, scope, .. }: Writing<'_>,
        notes: &mut Notes,
    ) -> Result<Resource, Failure> {
        let (schema, policy) = (scope.schema(before.kind), &scope.policy);
        let may_go_on = || Ok::<_, Failure>(tx.check_time()?);
        match (self, membership) {
            (Self::Replace(incoming), None) => Ok(scim::replace(&before.body, incoming, schema, policy, notes)?),
            (Self::Replace(incoming), Some(membership)) => {
                let members = match incoming.members() {
                    Some(members) => Some(members.to_vec()),
                    None if policy.put_without_members_clears() => Some(Vec::new()),
                    None => {
                        // keycloak-02-put-group-without-members
                        notes.add("members-left-out", "RFC 7644 §3.5.1", "The body has no `members`; they were kept.");
                        None
                    }
                };
                let body = scim::replace(&before.body, incoming, schema, policy, notes)?;
                if let Some(members) = members {
                    membership.replace(&members, notes)?;
                }
                Ok(body)
            }
            (Self::Patch(request), None) => {
                let mut patching = Patching::begin(&before.body);
                patching.apply(&before.id, &request, schema, policy, notes, may_go_on)?;
                Ok(patching.finish(schema)?.resource)
            }
            (Self::Patch(request), Some(membership)) => {
                let mut patching = Patching::begin(&before.body);
                for step in scim::group_steps(&request, &before.id, policy, notes)? {
                    match step {
                        GroupStep::Attributes(request) => {
                            patching.apply(&before.id, &request, schema, policy, notes, may_go_on)?;
                        }
                        GroupStep::Members(op) => membership.apply(op, notes)?,
                    }
                }
                Ok(patching.finish(schema)?.resource)
            }
        }
    }
}

fn create(writing: Writing<'_>, kind: ResourceKind, incoming: Incoming, notes: Notes) -> Result<Written, Failure> {
    create_as(writing, kind, ids::resource_id(), incoming, notes)
}

/// Creates a resource under an id that nobody has.
pub(super) fn create_as(
    writing: Writing<'_>,
    kind: ResourceKind,
    id: String,
    incoming: Incoming,
    mut notes: Notes,
) -> Result<Written, Failure> {
    let Writing { tx, scope, .. } = writing;
    sizes::check(kind, &incoming.resource, &Resource::new())?;
    let name = text(&incoming.resource, kind.name_attribute()).unwrap_or_default();
    if let Some(existing) = namesake(writing, kind, &name, ResourceKey(0))? {
        return match scope.policy.on_duplicate() {
            OnDuplicate::Refuse => Err(name_taken(&existing)),
            OnDuplicate::Link => {
                note_duplicate(&mut notes, &existing, "it was answered as it is");
                Written::new(writing, existing, None, notes)
            }
            OnDuplicate::Overwrite => {
                note_duplicate(&mut notes, &existing, "the body replaced what it was");
                change(writing, existing, Edit::Replace(incoming), notes)
            }
        };
    }
    let members = incoming.members().map(<[_]>::to_vec).unwrap_or_default();
    let mut body = incoming.resource;
    let mut record = created(writing, kind, id)?;
    if kind == ResourceKind::User {
        scim::check_user_name(&name, &scope.email_domains, &scope.policy, &mut notes)?;
        // RFC 7643 §4.1.1 has no default for `active`; a new person that is not said to be inactive is active.
        body.entry("active").or_insert(true.into());
        if let Some(earlier) = deleted_users::take(tx, scope.directory, &name)? {
            let text = format!("{name:?} was deleted before; the same id, {}, came back.", earlier.id);
            notes.add("soft-deleted", "RFC 7644 §3.6", text);
            (record.id, record.version, record.created_at) = (earlier.id, earlier.version + 1, earlier.created_at);
        }
    }
    adopt(&mut record, body);
    refuse_taken_external_id(writing, &record)?;
    resources::insert(tx, scope.directory, &mut record)?;
    let membership = Membership::of(writing, &record)?;
    let members = membership.map_or(Ok(None), |membership| membership.replaced(&members, &mut notes))?;
    let fields = scim::diff(&Resource::new(), &record.body, scope.schema(kind));
    let change = writing.append(&record, What { kind: ChangeKind::Created, fields, members })?;
    if kind == ResourceKind::User {
        // Members may have been pushed before the person they name.
        members::recognize(tx, scope.directory, &record.id, record.key)?;
    }
    Written::new(writing, record, Some(change), notes)
}

/// Changes a stored resource, all of it or nothing.
pub(super) fn change(
    writing: Writing<'_>,
    before: ResourceRecord,
    edit: Edit,
    mut notes: Notes,
) -> Result<Written, Failure> {
    let Writing { tx, scope, .. } = writing;
    let mut membership = Membership::of(writing, &before)?;
    let body = edit.apply(&before, membership.as_mut(), writing, &mut notes)?;
    let Moves { members, retold } = membership.map_or(Ok(Moves::default()), Membership::finish)?;
    if body == before.body && members.is_none() && retold.is_empty() {
        return Written::new(writing, before, None, notes);
    }
    sizes::check(before.kind, &body, &before.body)?;
    let mut after = before.clone();
    adopt(&mut after, body);
    let (name, former) = (unique_name(&after), unique_name(&before));
    if after.kind == ResourceKind::User && name != former {
        scim::check_user_name(name, &scope.email_domains, &scope.policy, &mut notes)?;
    }
    if !is_same_text(name, former)
        && let Some(other) = namesake(writing, after.kind, name, after.key)?
    {
        return Err(name_taken(&other));
    }
    refuse_taken_external_id(writing, &after)?;
    let mut fields = scim::diff(&before.body, &after.body, scope.schema(after.kind));
    fields.extend(retold);
    let kind = match (before.active, after.active) {
        (true, false) => ChangeKind::Deactivated,
        (false, true) => ChangeKind::Reactivated,
        _ if after.kind == ResourceKind::Group && fields.is_empty() => ChangeKind::MembersChanged,
        _ => ChangeKind::Updated,
    };
    let change = writing.update(&before, &mut after, What { kind, fields, members })?;
    for (old, new) in [(&before.user_name, &after.user_name), (&before.name, &after.name)] {
        if old != new {
            members::refresh_display(tx, (after.key, &after.id), old, new)?;
        }
    }
    Written::new(writing, after, Some(change), notes)
}

pub(super) fn delete(writing: Writing<'_>, record: ResourceRecord) -> Result<Vec<Change>, Failure> {
    let Writing { tx, scope, .. } = writing;
    let mut changes = membership::leave_all(writing, &record)?;
    let membership = Membership::of(writing, &record)?;
    let members = membership.map_or(Ok(None), |membership| membership.replaced(&[], &mut Notes::new()))?;
    if record.kind == ResourceKind::User && scope.policy.deletion() == Deletion::Soft {
        deleted_users::keep(tx, scope.directory, &record)?;
    }
    let fields = scim::diff(&record.body, &Resource::new(), scope.schema(record.kind));
    let change = writing.append(&record, What { kind: ChangeKind::Deleted, fields, members })?;
    resources::delete(tx, scope.directory, &record, change.seq)?;
    changes.push(change);
    Ok(changes)
}

/// A group whose members cannot be read in time. To ask again for all of them would not help.
fn too_slow() -> ScimError {
    ScimError::unavailable(
        "It took too long to read the members of this group. Ask for the group without them: excludedAttributes=members.",
    )
}

/// The resource that a request addresses.
fn by_id<R: Stored>(c: &Connection, scope: &Scope, kind: ResourceKind, id: &str) -> Result<R, Failure> {
    let found = resources::by_id(c, scope.directory, kind, id)?;
    let not_found =
        || ScimError::not_found(format!("No {} with the id {id} is in this directory.", kind.noun())).into();
    found.ok_or_else(not_found)
}

/// A resource that this request creates, before it has a body.
fn created(
    Writing { tx, cause, .. }: Writing<'_>,
    kind: ResourceKind,
    id: String,
) -> Result<ResourceRecord, StoreError> {
    Ok(ResourceRecord {
        key: ResourceKey(0),
        kind,
        id,
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

/// Takes over a body and the columns that are derived from it.
fn adopt(record: &mut ResourceRecord, body: Resource) {
    record.external_id = text(&body, "externalId");
    match record.kind {
        ResourceKind::User => {
            record.user_name = text(&body, "userName").unwrap_or_default();
            // Left out means active: only an explicit `false` says that somebody has left.
            record.active = body.get("active").and_then(|value| value.as_bool()).unwrap_or(true);
            record.name = render::display_name(&body, &record.user_name);
        }
        ResourceKind::Group => record.name = text(&body, "displayName").unwrap_or_default(),
    }
    record.body = body;
}

/// The text of an attribute.
pub(super) fn text(body: &Resource, name: &str) -> Option<String> {
    body.get(name).and_then(|value| value.as_str()).map(str::to_owned)
}

/// What has to be unique among resources of a kind, unless the policy allows duplicates: the value of its name attribute.
fn unique_name(record: &ResourceRecord) -> &str {
    match record.kind {
        ResourceKind::User => &record.user_name,
        ResourceKind::Group => &record.name,
    }
}

/// Another resource that has this name, where no two may have the same. `except` is a key; 0 for none.
pub(super) fn namesake(
    Writing { tx, scope, .. }: Writing<'_>,
    kind: ResourceKind,
    name: &str,
    except: ResourceKey,
) -> Result<Option<ResourceRecord>, Failure> {
    match kind {
        ResourceKind::User => {
            let found = resources::by_user_name(tx, scope.directory, name)?;
            Ok(found.filter(|other| other.key != except))
        }
        ResourceKind::Group if scope.policy.allow_duplicate_groups() => Ok(None),
        ResourceKind::Group => {
            let id = resources::id_of_group(tx, scope.directory, name, except)?;
            id.map(|id| by_id(tx, scope, kind, &id)).transpose()
        }
    }
}

fn name_taken(other: &ResourceRecord) -> Failure {
    let (noun, attribute, name) = (other.kind.noun(), other.kind.name_attribute(), unique_name(other));
    let detail = format!(
        "A {noun} with the {attribute} {name:?} already exists (id {}). Letter case does not make a difference.",
        other.id
    );
    taken(detail, other.id.clone())
}

/// 409, with the `id` of the resource that has already what no two may have.
fn taken(detail: String, id: String) -> Failure {
    ScimError { taken_by: Some(id), ..ScimError::uniqueness(detail) }.into()
}

/// Refuses a resource whose `externalId` another one of its kind has, where no two may have the same.
fn refuse_taken_external_id(Writing { tx, scope, .. }: Writing<'_>, record: &ResourceRecord) -> Result<(), Failure> {
    let Some(external_id) = record.external_id.as_deref().filter(|_| scope.policy.refuse_duplicate_external_ids())
    else {
        return Ok(());
    };
    match resources::id_by_external_id(tx, scope.directory, record.kind, external_id, record.key)? {
        None => Ok(()),
        Some(id) => {
            let noun = record.kind.noun();
            Err(taken(format!("A {noun} with the externalId {external_id:?} already exists (id {id})."), id))
        }
    }
}

/// Notes that somebody was there already, and what was done.
fn note_duplicate(notes: &mut Notes, existing: &ResourceRecord, what: &str) {
    let (noun, attribute) = (existing.kind.noun(), existing.kind.name_attribute());
    let name = text(&existing.body, attribute).unwrap_or_default();
    let text = format!("A {noun} with the {attribute} {name:?} was there already (id {}): {what}.", existing.id);
    notes.add("duplicate", "RFC 7644 §3.3", text);
}

/// What a write made of a resource.
pub(super) struct Written {
    record: ResourceRecord,
    pub(super) changes: Vec<Change>,
    notes: Notes,
    derived: Derivation,
}

/// What is read with a resource that was written: in the same transaction, or behind it.
enum Derivation {
    Groups(Vec<GroupMembership>),
    /// The members, as they were after this change. They are read behind the commit: no other write waits for 100,000 rows.
    MembersAfter(ChangeSeq),
}

impl Written {
    /// `change`: what changed, if anything.
    fn new(
        Writing { tx, scope, .. }: Writing<'_>,
        record: ResourceRecord,
        change: Option<Change>,
        notes: Notes,
    ) -> Result<Self, Failure> {
        let derived = match (record.kind, &change) {
            (ResourceKind::User, _) => Derivation::Groups(tx.read_much(|c| groups_of(c, scope, &record.id))?),
            (ResourceKind::Group, Some(change)) => Derivation::MembersAfter(change.seq),
            (ResourceKind::Group, None) => Derivation::MembersAfter(changes::newest_seq(tx)?),
        };
        Ok(Self { record, changes: change.into_iter().collect(), notes, derived })
    }

    /// What was written is stored by now, so nothing that is read for the answer may make a failure of it.
    ///
    /// # Errors
    /// None that a record can cause.
    fn into_outcome(self, request: &ResourceRequest<'_>) -> Result<Outcome, StoreError> {
        let Self { record, changes, mut notes, derived } = self;
        let derived = match (derived, request.show) {
            (Derivation::Groups(groups), _) => Derived::Groups(groups),
            (Derivation::MembersAfter(seq), Members::Listed) => {
                let read = request.core.store.query(ReadLength::Medium, |c| members::all_after(c, record.key, seq));
                as_far_as_read(read, &mut notes)
            }
            (Derivation::MembersAfter(_), Members::LeftOut) => Derived::LeftOut,
        };
        let resource = ReadResource::written(&record, derived)?;
        Ok(Outcome { resource, changes, notes })
    }
}

/// The members for the answer to a change that is stored; none, with a note, if they could not be read.
fn as_far_as_read(read: Result<Vec<MemberRow>, StoreError>, notes: &mut Notes) -> Derived {
    match read {
        Ok(members) => Derived::Members(members),
        Err(error) => {
            tracing::warn!(%error, "the members of a group that was changed cannot be read");
            let text = "The group was stored, but its members could not be read for the answer, which leaves them out.";
            notes.add("members-unread", "RFC 7644 §3.5", text);
            Derived::LeftOut
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_answered_though_its_members_cannot_be_read() {
        for error in [StoreError::TooLong, StoreError::Closed, StoreError::Sqlite("disk I/O error".to_owned())] {
            let mut notes = Notes::new();
            assert!(matches!(as_far_as_read(Err(error), &mut notes), Derived::LeftOut));
            assert!(notes.as_slice()[0].text.starts_with("The group was stored"), "{notes:?}");
        }
        let mut notes = Notes::new();
        assert!(matches!(as_far_as_read(Ok(Vec::new()), &mut notes), Derived::Members(_)));
        assert!(notes.as_slice().is_empty());
    }
}
