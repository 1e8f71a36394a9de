//! Who is in a group. Members are rows, so one more costs one row however large the group is.

use std::collections::HashSet;

use scim::{Member, MembersOp, Notes, Policy};

use super::Failure;
use super::journal::{self, Entry};
use super::scope::{Cause, Scope};
use crate::live::Live;
use crate::model::{Change, ChangeKind, MembersChange, ResourceKind, ResourceRef};
use crate::store::groups::GroupRecord;
use crate::store::{StoreError, WriteTx, groups};

/// Members that a change names on each side; it counts all of them.
const MOST_NAMED: usize = 100;

/// Gathers who comes and who leaves during one request.
pub(crate) struct Membership<'a> {
    tx: &'a WriteTx<'a>,
    scope: &'a Scope,
    group: i64,
    group_id: &'a str,
    added: Tally,
    removed: Tally,
}

/// Ids in order of arrival, each once.
#[derive(Default)]
struct Tally {
    order: Vec<ResourceRef>,
    ids: HashSet<String>,
}

impl<'a> Membership<'a> {
    /// The membership of a stored group, at the beginning of a request.
    pub(crate) fn of(tx: &'a WriteTx<'a>, scope: &'a Scope, group: i64, group_id: &'a str) -> Self {
        Self { tx, scope, group, group_id, added: Tally::default(), removed: Tally::default() }
    }

    /// Carries out one step of a PATCH.
    pub(crate) fn apply(&mut self, op: MembersOp, notes: &mut Notes) -> Result<(), Failure> {
        match op {
            MembersOp::Add(members) => self.add_all(&members, notes),
            MembersOp::Remove(ids) => ids.iter().try_for_each(|id| self.remove(id)),
            MembersOp::Replace(members) => self.replace(&members, notes),
            MembersOp::RemoveAll => self.replace(&[], notes),
            MembersOp::RemoveMatching(filter) => {
                let matching = self.matching(&filter)?;
                matching.iter().try_for_each(|id| self.remove(id))
            }
            MembersOp::ReplaceMatching { filter, members } => {
                let matching = self.matching(&filter)?;
                matching.iter().try_for_each(|id| self.remove(id))?;
                self.add_all(&members, notes)
            }
        }
    }

    /// Makes `members` the whole membership. Who stays is not touched.
    pub(crate) fn replace(&mut self, members: &[Member], notes: &mut Notes) -> Result<(), Failure> {
        let wanted: HashSet<&str> = members.iter().map(|member| member.value.as_str()).collect();
        for id in groups::member_ids(self.tx, self.group)? {
            if !wanted.contains(id.as_str()) {
                self.remove(&id)?;
            }
        }
        self.add_all(members, notes)
    }

    /// What came of it; `None`: nobody came and nobody left.
    pub(crate) fn finish(self) -> Option<MembersChange> {
        // Who left and came back within one request did neither.
        let (added, removed) = (self.added, self.removed);
        let came: Vec<_> = added.order.iter().filter(|member| !removed.ids.contains(&member.id)).collect();
        let left: Vec<_> = removed.order.iter().filter(|member| !added.ids.contains(&member.id)).collect();
        if came.is_empty() && left.is_empty() {
            return None;
        }
        let name_some =
            |members: &[&ResourceRef]| members.iter().take(MOST_NAMED).map(|&member| member.clone()).collect();
        Some(MembersChange {
            added_count: came.len() as u64,
            removed_count: left.len() as u64,
            added: name_some(&came),
            removed: name_some(&left),
        })
    }

    fn add_all(&mut self, members: &[Member], notes: &mut Notes) -> Result<(), Failure> {
        members.iter().try_for_each(|member| self.add(member, notes))
    }

    fn add(&mut self, member: &Member, notes: &mut Notes) -> Result<(), Failure> {
        if member.value == self.group_id {
            return Err(scim::ScimError::invalid_value("A group cannot be a member of itself.").into());
        }
        if !groups::add_member(self.tx, self.group, member)? {
            return Ok(());
        }
        let known = groups::resolve(self.tx, self.scope.directory, &member.value)?;
        if known.is_none() {
            accept_unknown(&self.scope.policy, member, notes)?;
        }
        if !self.removed.forget(&member.value) {
            self.added.note(known.unwrap_or_else(|| ResourceRef {
                id: member.value.clone(),
                kind: None,
                name: member.display.clone().unwrap_or_else(|| member.value.clone()),
            }));
        }
        Ok(())
    }

    fn remove(&mut self, id: &str) -> Result<(), Failure> {
        if !groups::remove_member(self.tx, self.group, id)? || self.added.forget(id) {
            return Ok(());
        }
        let known = groups::resolve(self.tx, self.scope.directory, id)?;
        self.removed.note(known.unwrap_or_else(|| ResourceRef { id: id.to_owned(), kind: None, name: id.to_owned() }));
        Ok(())
    }

    /// The ids of the members that meet a filter such as `display eq "ada"`.
    fn matching(&self, filter: &scim::Filter) -> Result<Vec<String>, StoreError> {
        let rows = groups::members(self.tx, self.scope.directory, self.group, u64::MAX)?;
        let meets = |row: &groups::MemberRow| {
            let member = Member { value: row.value.clone(), display: row.display.clone(), kind: row.sent_kind.clone() };
            member.matches(filter)
        };
        Ok(rows.into_iter().filter(meets).map(|row| row.value).collect())
    }
}

impl Tally {
    fn note(&mut self, member: ResourceRef) {
        if self.ids.insert(member.id.clone()) {
            self.order.push(member);
        }
    }

    /// Takes an id out; false if it was not in.
    fn forget(&mut self, id: &str) -> bool {
        let was_in = self.ids.remove(id);
        if was_in {
            self.order.retain(|member| member.id != id);
        }
        was_in
    }
}

/// Takes a resource that is about to be deleted out of all groups.
pub(crate) fn leave_all(
    tx: &WriteTx<'_>,
    live: &Live,
    scope: &Scope,
    cause: &Cause,
    id: &str,
    name: &str,
) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for (key, group) in groups::of_member(tx, scope.directory, id)? {
        groups::remove_member(tx, key, id)?;
        let Some(mut record) = groups::by_id(tx, scope.directory, &group.id)? else { continue };
        let removed = vec![ResourceRef { id: id.to_owned(), kind: None, name: name.to_owned() }];
        let members = MembersChange { removed_count: 1, removed, ..MembersChange::default() };
        let change = journal::append(tx, live, scope, cause, entry(&record, members))?;
        record.version += 1;
        record.modified_at = cause.at;
        record.last_change = change.seq;
        groups::update(tx, &record)?;
        changes.push(change);
    }
    Ok(changes)
}

fn entry(record: &GroupRecord, members: MembersChange) -> Entry {
    Entry {
        resource_kind: ResourceKind::Group,
        resource_id: record.id.clone(),
        resource_name: record.display_name.clone(),
        kind: ChangeKind::MembersChanged,
        fields: Vec::new(),
        members: Some(members),
    }
}

fn accept_unknown(policy: &Policy, member: &Member, notes: &mut Notes) -> Result<(), Failure> {
    if policy.refuses_unknown_members() {
        return Err(scim::ScimError::invalid_value(format!(
            "members: no user or group with the id {:?} is in this directory.",
            member.value
        ))
        .into());
    }
    notes.add(
        "unknown-member",
        "RFC 7643 §4.2",
        format!("No user or group here has the id {:?}; it was kept as a member all the same.", member.value),
    );
    Ok(())
}
