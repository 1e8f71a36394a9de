//! Groups as JumpCloud sends them, and as the others are taken to.

use idp::evidence::Evidence;
use serde_json::{Value, json};

use super::{Removal, Variant, provision};
use crate::exchange::Request;
use crate::need::Need;
use crate::provider::common::{adding, begin_group, patch_group};
use crate::session::{Call, Played, Session};
use crate::tenant::Account;

pub(super) async fn push(variant: &Variant, s: &mut Session<'_>) -> Played {
    let group = create(variant.evidence.groups, s).await?;
    let members: Vec<Value> =
        s.tenant.member_ids(group, Account::is_on_server).iter().map(|(id, _)| json!({ "value": id })).collect();
    if members.is_empty() {
        return Ok(());
    }
    let title = adding(members.len());
    let operations = json!([{ "op": "add", "path": "members", "value": members }]);
    patch_group(s, group, &title, variant.evidence.groups, operations).await
}

/// Creates the next group, without members, and returns its position.
pub(super) async fn create(evidence: Evidence, s: &mut Session<'_>) -> Played<usize> {
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    let body = json!({ "schemas": [scim::GROUP], "displayName": name });
    let call = Call::new(format!("Create the group {name}"), evidence, Request::with_body("POST", "/Groups", &body));
    let created = s.call(call.needs(Need::Status(&[201, 200])).needs(Need::Id)).await?;
    s.tenant.groups[group].remote_id = Some(created.id());
    Ok(group)
}

pub(super) async fn add_member(variant: &Variant, s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let account = s.tenant.assign_next();
    provision(variant, s, account).await?;
    let id = s.tenant.accounts[account].remote_id.clone().unwrap_or_default();
    s.tenant.groups[group].members.push(account);
    let operations = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
    patch_group(s, group, &adding(1), variant.evidence.groups, operations).await
}

pub(super) async fn remove_member(variant: &Variant, s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let Some(account) = s.tenant.groups[group].members.pop() else { return Ok(()) };
    let id = s.tenant.accounts[account].remote_id.clone().unwrap_or_default();
    let operations = match variant.removal {
        Removal::Filtered => json!([{ "op": "remove", "path": format!("members[value eq \"{id}\"]") }]),
        Removal::Listed => json!([{ "op": "remove", "path": "members", "value": [{ "value": id }] }]),
    };
    patch_group(s, group, "Remove 1 member from", variant.evidence.groups, operations).await
}

pub(super) async fn rename(variant: &Variant, s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let name = s.tenant.rename_group(group);
    let operations = json!([{ "op": "replace", "value": { "displayName": name } }]);
    patch_group(s, group, "Rename", variant.evidence.groups, operations).await
}
