//! Entra ID synchronizes groups: created empty, then filled; never read with their members.

use idp::evidence::{documented, observed};
use serde_json::json;

use super::body::{self, Change};
use super::{MATCH, Mode, provision};
use crate::provider::common::{adding, begin_group, create_group, patch_group, pop_member};
use crate::response::Expected;
use crate::session::{Played, Session, Step};
use crate::tenant::Account;

/// The schema that Entra ID names besides the RFC's.
const MICROSOFT_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

pub(super) async fn push(mode: Mode, s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let (name, uuid) = (begin_group(s, group), s.tenant.groups[group].uuid.clone());
    let filter = s.filter("displayName", "eq", &name);
    let target = format!("/Groups?excludedAttributes=members&filter={filter}");
    let step = Step::get(format!("Match the group {name}"), observed("Supabase; EntraUse"), target);
    let found = s.send(step.finds(&[200], "displayName", &name)).await?;
    match found.resources().first() {
        Some(_) => s.tenant.groups[group].remote_id = Some(found.first_id().unwrap_or_default()),
        None => {
            let body = json!({
                "schemas": [scim::GROUP, MICROSOFT_GROUP],
                "externalId": uuid,
                "displayName": name,
                "meta": { "resourceType": "Group" },
            });
            create_group(s, group, documented("EntraUse"), &body).await?;
        }
    }
    let members: Vec<String> =
        s.tenant.member_ids(group, Account::is_on_server).into_iter().map(|(id, _)| id).collect();
    if members.is_empty() {
        return Ok(());
    }
    let operations = body::members_added(mode, &members);
    patch_group(s, group, &adding(members.len()), documented("EntraUse"), operations).await
}

pub(super) async fn add_member(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    let account = s.tenant.assign_next();
    provision(mode, s, account, MATCH).await?;
    let id = s.tenant.accounts[account].id();
    read(s, group).await?;
    s.tenant.groups[group].members.push(account);
    patch_group(s, group, &adding(1), documented("EntraUse"), body::members_added(mode, &[id])).await
}

pub(super) async fn remove_member(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    let Some(id) = pop_member(s, group) else { return Ok(()) };
    read(s, group).await?;
    let operations = body::member_removed(mode, &id);
    patch_group(s, group, "Remove 1 member from", documented("EntraCompat, EntraUse"), operations).await
}

pub(super) async fn rename(mode: Mode, s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.rename_group(group);
    read(s, group).await?;
    let operations = body::operations(mode, &[Change::replace("displayName", name)]);
    patch_group(s, group, "Rename", documented("EntraUse"), operations).await
}

/// Reads the group without its members (fixture `entra-31-group-get-excluded-members`).
pub(super) async fn read(s: &mut Session<'_>, group: usize) -> Played {
    let name = begin_group(s, group);
    let target = format!("{}?excludedAttributes=members", s.tenant.groups[group].target());
    let step = Step::get(format!("Read the group {name}"), documented("EntraUse"), target);
    s.send(step.status(&[200]).expects(Expected::Id)).await.map(drop)
}
