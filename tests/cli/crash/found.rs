//! What is there after a restart, asked in every way there is: the answers have to agree.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::writer::{State, Thing};
use crate::role::Role;

/// Users and groups by `userName` or `displayName`, with their ids.
pub(crate) type Found = BTreeMap<String, (String, State)>;

/// Resources that are looked up one by one after a round, of each writer.
const LOOKED_UP: usize = 8;

/// Rows that the control API gives at once.
const PAGE: usize = 200;

/// Reads all that a directory has, as its identity provider does.
pub(crate) fn read(idp: &mut Role) -> Found {
    let (users, groups) = (pages(idp, "/Users"), pages(idp, "/Groups"));
    let mut found = Found::new();
    let mut groups_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in &groups {
        let members: BTreeSet<String> = list(group, "members").iter().map(|member| text(member, "value")).collect();
        for member in &members {
            groups_of.entry(member.clone()).or_default().insert(text(group, "id"));
        }
        let before = found.insert(text(group, "displayName"), (text(group, "id"), State::Group(members)));
        assert!(before.is_none(), "twice: {group}");
    }
    for user in &users {
        assert_eq!(user["title"], user["nickName"], "written by halves: {user}");
        let groups: BTreeSet<String> = list(user, "groups").iter().map(|group| text(group, "value")).collect();
        assert_eq!(groups, groups_of.remove(&text(user, "id")).unwrap_or_default(), "the groups of {user}");
        let state = State::User(text(user, "title"));
        assert!(found.insert(text(user, "userName"), (text(user, "id"), state)).is_none(), "twice: {user}");
    }
    assert!(groups_of.is_empty(), "members that are not there: {groups_of:?}");
    found
}

/// Pages through a list of SCIM.
fn pages(idp: &mut Role, path: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let page = idp.get(&format!("{path}?startIndex={}&count=100", all.len() + 1));
        let resources = list(&page, "Resources");
        all.extend_from_slice(resources);
        assert!(json!(all.len()) == page["totalResults"] || !resources.is_empty(), "{path} ends before its total");
        if json!(all.len()) == page["totalResults"] {
            return all;
        }
    }
}

/// Reads the lists of the interface, and compares them and their counts.
pub(crate) fn compare_with_interface(found: &Found, person: &mut Role, directory: &str) {
    let counts = &person.get(&format!("/api/directories/{directory}"))["counts"];
    let (groups, users): (Vec<_>, Vec<_>) = found.iter().partition(|(_, (_, state))| matches!(state, State::Group(_)));
    assert_eq!(counts["users"], users.len(), "{counts}");
    assert_eq!(counts["activeUsers"], users.len(), "{counts}");
    assert_eq!(counts["groups"], groups.len(), "{counts}");

    for (kind, name, expected) in [("users", "userName", users), ("groups", "displayName", groups)] {
        let mut rows = BTreeMap::new();
        let path = format!("/api/directories/{directory}/{kind}?limit={PAGE}");
        for offset in (0..=expected.len()).step_by(PAGE) {
            let page = person.get(&format!("{path}&offset={offset}"));
            assert_eq!(page["total"], expected.len(), "the list of {kind}");
            assert_eq!(page["counts"]["all"], expected.len(), "the counts of {kind}");
            rows.extend(list(&page, "items").iter().map(|row| (text(row, name), row.clone())));
        }
        assert_eq!(rows.len(), expected.len(), "the list of {kind}, paged through");
        for (name, (id, state)) in expected {
            let row = rows.get(name).unwrap_or_else(|| panic!("{name} is not in the list of {kind}"));
            assert_eq!(row["id"], *id, "{row}");
            if let State::Group(members) = state {
                assert_eq!(row["members"], members.len(), "{row}");
                assert_eq!(row["unknownMembers"], 0, "{row}");
            }
        }
    }
}

/// Looks some of these up by id, by name and by what a person types.
pub(crate) fn look_up<'a>(
    things: impl Iterator<Item = (&'a String, &'a Thing)>,
    idp: &mut Role,
    person: &mut Role,
    directory: &str,
) {
    let things: Vec<_> = things.collect();
    for (name, thing) in things.iter().step_by(things.len() / LOOKED_UP + 1) {
        let (scim, attribute, kind) = match thing.is {
            State::Group(_) => ("/Groups", "displayName", "groups"),
            _ => ("/Users", "userName", "users"),
        };
        let by_name = idp.get(&format!("{scim}?filter={attribute}%20eq%20%22{name}%22"));
        let searched = person.get(&format!("/api/directories/{directory}/{kind}?search={name}&limit={PAGE}"));
        let is_found =
            |list: &Value, id: &str| list.as_array().is_some_and(|all| all.iter().any(|one| one["id"] == id));
        match &thing.id {
            Some(id) => {
                let by_id = idp.get(&format!("{scim}/{id}"));
                assert_eq!(by_id[attribute], **name, "{by_id}");
                assert_eq!(by_name["totalResults"], 1, "{name}: {by_name}");
                assert!(is_found(&by_name["Resources"], id), "{name} by its name: {by_name}");
                assert!(is_found(&searched["items"], id), "{name} by a search: {searched}");
            }
            None => assert_eq!(by_name["totalResults"], 0, "{name} is gone: {by_name}"),
        }
    }
}

/// A list that may be missing if it is empty.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}
