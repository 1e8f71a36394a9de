//! What is read with a user.

use std::collections::{HashMap, HashSet};

use super::render::GroupMembership;
use crate::scopes::Scope;
use crate::store::{Connection, StoreError, groups};

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
