//! What several identity providers do in the same way.

use idp::admin::Who;
use idp::evidence::Evidence;
use serde_json::{Value, json};

use crate::dialect::Kind;
use crate::people::Person;
use crate::session::{Job, Played, Session, Step};

/// A PATCH of these operations.
pub(super) fn patch(operations: Value) -> Value {
    json!({ "schemas": [scim::PATCH_OP], "Operations": operations })
}

/// `Add 1 member to`, before the name of a group.
pub(super) fn adding(members: usize) -> String {
    if members == 1 { "Add 1 member to".to_owned() } else { format!("Add {members} members to") }
}

/// Begins a job about somebody and returns them.
pub(super) fn begin(s: &mut Session<'_>, account: usize, job: fn(Who) -> Job) -> Person {
    let person = s.tenant.accounts[account].person.clone();
    s.begin(job(Who { user_name: person.user_name.clone(), name: person.display_name() }));
    person
}

/// Creates somebody, and keeps the id.
pub(super) async fn create_user(s: &mut Session<'_>, account: usize, evidence: Evidence, body: &Value) -> Played {
    let person = begin(s, account, Job::Create);
    let step = Step::create(format!("Create {}", person.display_name()), evidence, "/Users", body);
    s.tenant.accounts[account].remote_id = Some(s.send(step).await?.id());
    Ok(())
}

/// Changes somebody. `title` stands before their name.
pub(super) async fn patch_user(
    s: &mut Session<'_>,
    account: usize,
    title: &str,
    evidence: Evidence,
    operations: Value,
) -> Played {
    let account = &s.tenant.accounts[account];
    let title = format!("{title} {}", account.person.display_name());
    s.send(Step::write(title, evidence, "PATCH", account.target(), &patch(operations))).await.map(drop)
}

/// Creates a group, and keeps the id.
pub(super) async fn create_group(s: &mut Session<'_>, group: usize, evidence: Evidence, body: &Value) -> Played {
    let title = format!("Create the group {}", s.tenant.groups[group].name);
    s.tenant.groups[group].remote_id = Some(s.send(Step::create(title, evidence, "/Groups", body)).await?.id());
    Ok(())
}

/// Takes the newest member out of a group and returns their id; `None`: it has none.
pub(super) fn pop_member(s: &mut Session<'_>, group: usize) -> Option<String> {
    let account = s.tenant.groups[group].members.pop()?;
    Some(s.tenant.accounts[account].id())
}

/// An operation that names one member: `add`, or `remove` with a value, which by the letter of the RFC empties the group.
pub(super) fn one_member(op: &str, id: &str) -> Value {
    json!({ "op": op, "path": "members", "value": [{ "value": id }] })
}

/// One that removes a member by a filter, as the RFC has it.
pub(super) fn removal(id: &str) -> Value {
    json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") })
}

/// Begins with a group and returns its name.
pub(super) fn begin_group(s: &mut Session<'_>, group: usize) -> String {
    let name = s.tenant.groups[group].name.clone();
    s.begin(Job::PushGroup(name.clone()));
    name
}

/// Changes a group. `title` stands before its name.
pub(super) async fn patch_group(
    s: &mut Session<'_>,
    group: usize,
    title: &str,
    evidence: Evidence,
    operations: Value,
) -> Played {
    let name = begin_group(s, group);
    let target = format!("{}{}", s.tenant.groups[group].target(), s.idp.dialect().after_id);
    let step = Step::write(format!("{title} {name}"), evidence, "PATCH", target, &patch(operations));
    s.send(step.kind(Kind::GroupPatch)).await.map(drop)
}

/// Deletes a group.
pub(super) async fn delete_group(s: &mut Session<'_>, group: usize, evidence: Evidence, kind: Kind) -> Played {
    let name = begin_group(s, group);
    let step = Step::delete(format!("Delete the group {name}"), evidence, s.tenant.groups[group].target()).kind(kind);
    s.send(step.status(&[204, 200])).await?;
    s.tenant.groups.remove(group);
    if let Some(cache) = &mut s.tenant.group_cache {
        cache.remove(&name);
    }
    Ok(())
}

/// Deletes somebody for good.
pub(super) async fn delete_user(s: &mut Session<'_>, account: usize, evidence: Evidence) -> Played {
    let person = begin(s, account, Job::Delete);
    let step = Step::delete(format!("Delete {}", person.display_name()), evidence, s.tenant.accounts[account].target());
    s.send(step.status(&[204, 200, 404])).await?;
    let account = &mut s.tenant.accounts[account];
    account.deleted_id = account.remote_id.take();
    account.is_active = false;
    Ok(())
}
