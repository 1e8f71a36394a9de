//! What several identity providers do in the same way.

use idp::admin::Who;
use idp::evidence::Evidence;
use serde_json::{Value, json};

use crate::dialect::Kind;
use crate::exchange::Request;
use crate::need::Need;
use crate::people::Person;
use crate::session::{Call, Job, Played, Session};

/// A PATCH of these operations.
pub(super) fn patch(operations: Value) -> Value {
    json!({ "schemas": [scim::PATCH_OP], "Operations": operations })
}

/// Somebody, for a sentence.
pub(super) fn who(person: &Person) -> Who {
    Who { user_name: person.user_name.clone(), name: person.display_name() }
}

/// `Add 1 member to`, before the name of a group.
pub(super) fn adding(members: usize) -> String {
    if members == 1 { "Add 1 member to".to_owned() } else { format!("Add {members} members to") }
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
    let request = Request::with_body("PATCH", target, &patch(operations));
    let call = Call::new(format!("{title} {name}"), evidence, request).kind(Kind::GroupPatch);
    s.call(call.needs(Need::Status(&[200, 204]))).await.map(drop)
}

/// Deletes the newest group.
pub(super) async fn delete_group(s: &mut Session<'_>, evidence: Evidence, kind: Kind) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let name = begin_group(s, group);
    let request = Request::delete(s.tenant.groups[group].target());
    let call = Call::new(format!("Delete the group {name}"), evidence, request).kind(kind);
    s.call(call.needs(Need::Status(&[204, 200]))).await?;
    s.tenant.groups.remove(group);
    if let Some(cache) = &mut s.tenant.group_cache {
        cache.remove(&name);
    }
    Ok(())
}

/// Deletes somebody for good, rather who was deactivated before.
pub(super) async fn delete_user(s: &mut Session<'_>, evidence: Evidence) -> Played {
    let Some(account) = s.tenant.inactive().or(s.tenant.active()) else { return Ok(()) };
    let person = s.tenant.accounts[account].person.clone();
    s.begin(Job::Delete(who(&person)));
    let request = Request::delete(s.tenant.accounts[account].target());
    let call = Call::new(format!("Delete {}", person.display_name()), evidence, request);
    s.call(call.needs(Need::Status(&[204, 200, 404]))).await?;
    let account = &mut s.tenant.accounts[account];
    account.deleted_id = account.remote_id.take();
    account.is_active = false;
    Ok(())
}
