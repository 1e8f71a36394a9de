//! What a request did: "Created 1 user", "Changed 2 attributes of Ada Lovelace", "Found nobody".

use std::collections::BTreeMap;

use crate::facts::{Facts, Operation};
use crate::insight::count;
use crate::model::{Change, ChangeKind, ResourceKind};

const NOTHING: &str = "Changed nothing";

/// Of what was passed on to another server.
const UNTOLD: &str = "Your server says that it worked, and not what came of it";

pub(super) const GONE: &str = "What it changed is no longer kept";

pub(super) fn describe(facts: &Facts, changes: &[Change]) -> String {
    match changes {
        [] if facts.refusal.is_some() => NOTHING.to_owned(),
        [] => read(facts),
        [change] => one(change, facts.operation),
        several => all(several),
    }
}

/// What a change did, with the name of what changed.
fn one(change: &Change, operation: Operation) -> String {
    let (kind, name) = (change.resource_kind.noun(), &change.resource_name);
    match change.kind {
        ChangeKind::Created if matches!(operation, Operation::Create(_)) => match members(change) {
            Some(members) => format!("Created 1 {kind} with {members}"),
            None => format!("Created 1 {kind}"),
        },
        ChangeKind::Created => format!("Created {name}"),
        ChangeKind::Deleted => format!("Deleted 1 {kind}: {name}"),
        ChangeKind::Deactivated => attributes_too(format!("Deactivated {name}"), change),
        ChangeKind::Reactivated => attributes_too(format!("Reactivated {name}"), change),
        ChangeKind::Updated => format!("Changed {} of {name}", count(change.fields.len() as u64, "attribute")),
        ChangeKind::MembersChanged => match (members(change), change.fields.len() as u64) {
            (Some(members), 0) => format!("{name}: {members}"),
            (Some(members), fields) => format!("Changed {} of {name}, {members}", count(fields, "attribute")),
            (None, fields) => format!("Changed {} of {name}", count(fields, "attribute")),
        },
    }
}

fn attributes_too(text: String, change: &Change) -> String {
    match change.fields.iter().filter(|field| field.path != "active").count() {
        0 => text,
        others => format!("{text} and changed {}", count(others as u64, "other attribute")),
    }
}

fn members(change: &Change) -> Option<String> {
    let members = change.members.as_ref()?;
    match (members.added_count, members.removed_count) {
        (0, 0) => None,
        (added, _) if change.kind == ChangeKind::Created => Some(count(added, "member")),
        (added, 0) => Some(format!("{} added", count(added, "member"))),
        (0, removed) => Some(format!("{} removed", count(removed, "member"))),
        (added, removed) => Some(format!("{} added, {removed} removed", count(added, "member"))),
    }
}

/// "Created 3 users and 1 group, deleted 1 user".
fn all(changes: &[Change]) -> String {
    const ORDER: [(ChangeKind, &str); 6] = [
        (ChangeKind::Created, "created"),
        (ChangeKind::Updated, "changed"),
        (ChangeKind::Deactivated, "deactivated"),
        (ChangeKind::Reactivated, "reactivated"),
        (ChangeKind::MembersChanged, "changed the members of"),
        (ChangeKind::Deleted, "deleted"),
    ];
    let mut parts = Vec::new();
    for (kind, verb) in ORDER {
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for change in changes.iter().filter(|change| change.kind == kind) {
            *numbers.entry(change.resource_kind.noun()).or_default() += 1;
        }
        if !numbers.is_empty() {
            let things: Vec<String> = numbers.iter().rev().map(|(kind, number)| count(*number, kind)).collect();
            parts.push(format!("{verb} {}", things.join(" and ")));
        }
    }
    let text = parts.join(", ");
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What a read found.
fn read(facts: &Facts) -> String {
    let resource = &facts.resource;
    let kind = resource.kind.map_or("resource", ResourceKind::noun);
    match (facts.operation, facts.total()) {
        (
            Operation::Create(_)
            | Operation::Replace(_)
            | Operation::Modify(_)
            | Operation::Delete(_)
            | Operation::Bulk,
            _,
        ) if facts.is_their_answer() => UNTOLD.to_owned(),
        (Operation::Read(_), _) => format!("{NOTHING}. Read {}", resource.name.as_deref().unwrap_or("one resource")),
        (Operation::TestConnection, _) => NOTHING.to_owned(),
        (_, Some(0)) if resource.kind == Some(ResourceKind::User) => format!("{NOTHING}. Found nobody"),
        (_, Some(0)) => format!("{NOTHING}. Found nothing"),
        (_, Some(1)) => match &resource.name {
            Some(name) => format!("{NOTHING}. Found 1 {kind}: {name}"),
            None => format!("{NOTHING}. Found 1 {kind}"),
        },
        (_, Some(found)) => format!("{NOTHING}. Found {found} {kind}s"),
        (_, None) => NOTHING.to_owned(),
    }
}
