//! Groups as JumpCloud sends them, and as the others are taken to.

use serde_json::{Value, json};

use super::{Removal, Variant, provision};
use crate::provider::common::{adding, begin_group, create_group, one_member, patch_group, pop_member, removal};
use crate::session::{Played, Session};
use crate::tenant::Account;

pub(super) async fn push(variant: &Variant, s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    let body = json!({ "schemas": [scim::GROUP], "displayName": name });
    create_group(s, group, variant.evidence.groups, &body).await?;
    let members: Vec<Value> =
        s.tenant.member_ids(group, Account::is_on_server).iter().map(|(id, _)| json!({ "value": id })).collect();
    if members.is_empty() {
        return Ok(());
    }
    let title = adding(members.len());
    let operations = json!([{ "op": "add", "path": "members", "value": members }]);
    patch_group(s, group, &title, variant.evidence.groups, operations).await
}

pub(super) async fn add_member(variant: &Variant, s: &mut Session<'_>, group: usize) -> Played {
    let account = s.tenant.assign_next();
    provision(variant, s, account).await?;
    s.tenant.groups[group].members.push(account);
    let operations = json!([one_member("add", &s.tenant.accounts[account].id())]);
    patch_group(s, group, &adding(1), variant.evidence.groups, operations).await
}

pub(super) async fn remove_member(variant: &Variant, s: &mut Session<'_>, group: usize) -> Played {
    let Some(id) = pop_member(s, group) else { return Ok(()) };
    let operation = match variant.removal {
        Removal::Filtered => removal(&id),
        Removal::Listed => one_member("remove", &id),
    };
    patch_group(s, group, "Remove 1 member from", variant.evidence.groups, json!([operation])).await
}

pub(super) async fn rename(variant: &Variant, s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.rename_group(group);
    let operations = json!([{ "op": "replace", "value": { "displayName": name } }]);
    patch_group(s, group, "Rename", variant.evidence.groups, operations).await
}
