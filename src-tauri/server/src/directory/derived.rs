//! What is read with a resource, because it does not stand in its body: the groups of a user, the members of a group.

use std::collections::{HashMap, HashSet};

use super::render::{Derived, GroupMembership};
use crate::model::ResourceKey;
use crate::scopes::Scope;
use crate::store::{Connection, StoreError, groups, members};

/// Whether an answer names the members. Leaving them out spares reading 100,000 rows for `excludedAttributes=members`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// All of them.
    Listed,
    /// None of them.
    LeftOut,
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

/// The members of the group that has this key, if the answer names them.
pub(super) fn members_of(c: &Connection, key: ResourceKey, show: Members) -> Result<Derived, StoreError> {
    Ok(match show {
        Members::Listed => Derived::Members(members::all(c, key)?),
        Members::LeftOut => Derived::LeftOut,
    })
}
