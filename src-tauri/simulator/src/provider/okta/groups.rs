//! Okta pushes groups.

use idp::evidence::{Evidence, documented, inferred, observed};
use serde_json::{Value, json};

use super::body::member;
use super::{Mode, connection, provision};
use crate::event::Event;
use crate::provider::common::{begin_group, patch_group, removal};
use crate::response::{Expected, Response, Weight};
use crate::session::{Job, Played, Session, Step};
use crate::tenant::{Account, PushedGroup};

const PUSH: Evidence = observed("LabA §4, LabB §10; OktaRef");
const MEMBERS: Evidence = observed("LabA §4, LabB §11; OktaRef");
const AFTER_RENAME: Evidence = documented("OktaRef; that it follows the rename is inferred");

/// Pushes a group that Okta has not pushed yet.
pub(super) async fn push(mode: Mode, s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    if let Some(id) = find(s, &name).await? {
        // Somebody made it already: Okta links it and sends its own members.
        s.tenant.groups[group].remote_id = Some(id);
        return send_all(mode, s, group).await;
    }
    let members: Vec<Value> = match mode {
        Mode::Aiw => s.tenant.member_ids(group, Account::is_on_server).iter().map(member).collect(),
        Mode::Template => Vec::new(),
    };
    let body = json!({ "schemas": [scim::GROUP], "displayName": name, "members": members });
    let created = s.send(Step::create(format!("Push the group {name}"), PUSH, "/Groups", &body)).await?;
    s.tenant.groups[group].remote_id = Some(created.id());
    let members = s.tenant.member_ids(group, Account::is_on_server);
    match mode {
        Mode::Aiw => rewrite(s, group, MEMBERS, &members).await,
        Mode::Template => {
            patch_members(s, group, documented("OktaRef"), &[], &members).await?;
            patch_name(s, group).await
        }
    }
}

/// The id of the server's group of a name: from what was read, if *Import Groups* is on; otherwise asked for.
async fn find(s: &mut Session<'_>, name: &str) -> Played<Option<String>> {
    if let Some(cache) = &s.tenant.group_cache {
        return Ok(cache.get(name).cloned());
    }
    let query = s.filter("displayName", "eq", name);
    let target = format!("/Groups?filter={query}&startIndex=1&count=100");
    let step = Step::get(format!("Look for the group {name}"), observed("LabA §4"), target);
    Ok(s.send(step.finds(&[200, 404], "displayName", name)).await?.first_id())
}

/// Sends the group after somebody of it came or came back: whole, or with the one who is new to it.
pub(super) async fn send_member(mode: Mode, s: &mut Session<'_>, group: usize, account: usize) -> Played {
    begin_group(s, group);
    let members = s.tenant.member_ids(group, Account::is_on_server);
    match mode {
        Mode::Aiw => rewrite(s, group, MEMBERS, &members).await,
        Mode::Template => {
            let id = s.tenant.accounts[account].id();
            let new: Vec<_> = members.into_iter().filter(|(member, _)| *member == id).collect();
            patch_name(s, group).await?;
            patch_members(s, group, AFTER_RENAME, &[], &new).await
        }
    }
}

/// Somebody joins a group, the newest member leaves it, or both in one change.
pub(super) async fn change(mode: Mode, event: Event, s: &mut Session<'_>, group: usize) -> Played {
    let comes = match event {
        Event::RemoveMember => None,
        _ => Some(outsider(mode, s, group).await?),
    };
    let before = s.tenant.member_ids(group, Account::is_on_server);
    if event != Event::AddMember {
        s.tenant.groups[group].members.pop();
    }
    s.tenant.groups[group].members.extend(comes);
    send_change(mode, s, group, &before).await
}

/// Somebody who is on the server and not in the group; the next person is assigned if there is nobody.
async fn outsider(mode: Mode, s: &mut Session<'_>, group: usize) -> Played<usize> {
    let there = s.tenant.positions(Account::is_on_server);
    if let Some(account) = there.into_iter().find(|account| !s.tenant.groups[group].members.contains(account)) {
        return Ok(account);
    }
    let account = s.tenant.assign_next();
    provision(mode, s, account).await?;
    Ok(account)
}

/// Sends a changed membership. An AIW app often writes twice, first the list as it was (LabA §4, LabB §11); a template app repeats the
/// name with every change of the members (OktaRef).
async fn send_change(mode: Mode, s: &mut Session<'_>, group: usize, before: &[(String, String)]) -> Played {
    begin_group(s, group);
    let after = s.tenant.member_ids(group, Account::is_on_server);
    match mode {
        Mode::Aiw => {
            rewrite(s, group, MEMBERS, before).await?;
            rewrite(s, group, MEMBERS, &after).await
        }
        Mode::Template => {
            let gone: Vec<_> = before.iter().filter(|member| !after.contains(member)).cloned().collect();
            let new: Vec<_> = after.iter().filter(|member| !before.contains(member)).cloned().collect();
            patch_name(s, group).await?;
            patch_members(s, group, AFTER_RENAME, &gone, &new).await
        }
    }
}

pub(super) async fn rename(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.rename_group(group);
    s.begin(Job::PushGroup(name));
    match mode {
        Mode::Aiw => {
            let members = s.tenant.member_ids(group, Account::is_on_server);
            rewrite(s, group, documented("OktaRef"), &members).await
        }
        Mode::Template => patch_name(s, group).await,
    }
}

/// *Push now*: everything again, without who is inactive.
pub(super) async fn push_now(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    begin_group(s, group);
    send_all(mode, s, group).await
}

async fn send_all(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    let members = s.tenant.member_ids(group, Account::is_on_server);
    match mode {
        Mode::Aiw => {
            rewrite(s, group, observed("LabB §14"), &members).await?;
            rewrite(s, group, observed("LabB §14"), &members).await
        }
        Mode::Template => {
            let members: Vec<Value> = members.iter().map(member).collect();
            let operations = json!([{ "op": "replace", "path": "members", "value": members }]);
            patch_group(s, group, "Send all members of", documented("OktaRef"), operations).await
        }
    }
}

/// Links a group that the server has: Okta reads the groups, the administrator picks one, and its members are sent.
pub(super) async fn link(mode: Mode, s: &mut Session<'_>) -> Played {
    connection::refresh_groups(s).await?;
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    match s.tenant.group_cache.as_ref().and_then(|cache| cache.get(&name).cloned()) {
        Some(id) => {
            s.tenant.groups[group].remote_id = Some(id);
            send_all(mode, s, group).await
        }
        None => {
            s.tenant.groups.remove(group);
            let because = "The list of the server\u{2019}s groups does not have it.";
            s.silent(format!("Link the group {name}"), documented("OktaRef"), because);
            Ok(())
        }
    }
}

/// Reads the group and writes it back whole with these members.
async fn rewrite(s: &mut Session<'_>, group: usize, evidence: Evidence, members: &[(String, String)]) -> Played {
    let PushedGroup { name, remote_id, .. } = s.tenant.groups[group].clone();
    let (id, target) = (remote_id.unwrap_or_default(), s.tenant.groups[group].target());
    let step = Step::get(format!("Read the group {name}"), evidence, target.as_str());
    let current = s.send(step.status(&[200]).expects(Expected::Id).expects(Expected::SameId(id))).await?;
    let because = "Okta sent these members; the group should have exactly them.";
    let ids = members.iter().map(|(id, _)| id.clone()).collect();
    let needs_members = Expected::Members { ids, weight: Weight::Warns, because };
    let title = match members.len() {
        1 => format!("Write the group {name} with 1 member"),
        count => format!("Write the group {name} with {count} members"),
    };
    let step = Step::write(title, evidence, "PUT", target, &whole(&current, &name, members));
    s.send(step.expects(needs_members)).await.map(drop)
}

/// The server's copy with name and members written over it (fixture `okta-32-group-put-full-list`).
fn whole(current: &Response, name: &str, members: &[(String, String)]) -> Value {
    let mut body = Value::Object(current.resource());
    if !body["schemas"].is_array() {
        body["schemas"] = json!([scim::GROUP]);
    }
    body["displayName"] = name.into();
    body["members"] = members.iter().map(member).collect();
    body
}

async fn patch_name(s: &mut Session<'_>, group: usize) -> Played {
    let PushedGroup { name, remote_id, .. } = s.tenant.groups[group].clone();
    let operations =
        json!([{ "op": "replace", "value": { "id": remote_id.unwrap_or_default(), "displayName": name } }]);
    patch_group(s, group, "Send the name of", documented("OktaRef"), operations).await
}

/// One `remove` per member who left, one `add` for all who came (fixture `okta-35-group-patch-remove-and-add`).
async fn patch_members(
    s: &mut Session<'_>,
    group: usize,
    evidence: Evidence,
    gone: &[(String, String)],
    new: &[(String, String)],
) -> Played {
    let mut operations: Vec<Value> = gone.iter().map(|(id, _)| removal(id)).collect();
    if !new.is_empty() {
        let members: Vec<Value> = new.iter().map(member).collect();
        operations.push(json!({ "op": "add", "path": "members", "value": members }));
    }
    if operations.is_empty() {
        let name = s.tenant.groups[group].name.clone();
        s.silent(format!("Send the members of {name}"), inferred(""), "The group has no members to send.");
        return Ok(());
    }
    patch_group(s, group, "Send the changed members of", evidence, operations.into()).await
}
