//! Keycloak with the extension keycloak-scim-outbound, whose source is open. It remembers no ids: before each change it looks for whom or
//! what it is about, by `externalId` and then by name, and what an error leaves unknown it takes to be not there.

use idp::evidence::{Evidence, code};
use serde_json::json;

use super::common::{self, begin_group, create_group, one_member, patch_group, removal};
use super::plain::{self, Known, Variant};
use crate::dialect::Kind;
use crate::event::Event;
use crate::response::id_of;
use crate::session::{Job, Played, Session, Step};
use crate::tenant::Account;

const SOURCE: Evidence = code("keycloak-scim-outbound");

const VARIANT: Variant = Variant {
    evidence: Known { test: SOURCE, lookup: SOURCE, create: SOURCE, update: SOURCE, groups: SOURCE, delete: SOURCE },
    ..plain::GENERIC
};

pub(super) async fn play(event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::Assign(count) => s.assign(count, |s, account| Box::pin(upsert(s, account))).await,
        Event::ChangeProfile | Event::Rename if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            upsert(s, account).await
        }
        Event::Deactivate | Event::Unassign if let Some(account) = s.tenant.active() => deactivate(s, account).await,
        Event::Reactivate if let Some(account) = s.tenant.inactive() => {
            s.tenant.accounts[account].is_active = true;
            upsert(s, account).await
        }
        Event::Delete if let Some(account) = s.tenant.to_delete() => delete(s, account).await,
        Event::PushGroup => push(s).await,
        Event::AddMember if let Some(group) = s.tenant.group() => add_member(s, group).await,
        Event::RemoveMember if let Some(group) = s.tenant.group() => remove_member(s, group).await,
        Event::RenameGroup if let Some(group) = s.tenant.group() => rename(s, group).await,
        Event::DeleteGroup if let Some(group) = s.tenant.group() => delete_group(s, group).await,
        event => plain::play(&VARIANT, event, s).await,
    }
}

/// Looks for somebody, and then for their name if they are not found by what never changes.
async fn find_user(s: &mut Session<'_>, account: usize) -> Played<Option<String>> {
    let person = common::begin(s, account, Job::Verify);
    let title = format!("Look for {}", person.display_name());
    find(s, "/Users", &title, &person.uuid, "userName", &person.user_name).await
}

/// The same of a group.
async fn find_group(s: &mut Session<'_>, group: usize, name: &str) -> Played<Option<String>> {
    let uuid = s.tenant.groups[group].uuid.clone();
    s.begin(Job::PushGroup(name.to_owned()));
    find(s, "/Groups", &format!("Look for the group {name}"), &uuid, "displayName", name).await
}

async fn find(
    s: &mut Session<'_>,
    endpoint: &str,
    title: &str,
    external_id: &str,
    name_attribute: &'static str,
    name: &str,
) -> Played<Option<String>> {
    for (attribute, value) in [("externalId", external_id), (name_attribute, name)] {
        let target = format!("{endpoint}?filter={}", s.filter(attribute, "eq", value));
        let step = Step::get(format!("{title} by {attribute}"), SOURCE, target);
        let found = s.send(step.finds(&[200, 400, 403, 404, 500, 501], attribute, value)).await?;
        if let [resource] = found.resources() {
            return Ok(id_of(resource).map(str::to_owned));
        }
    }
    Ok(None)
}

/// Changes whoever is found, and creates whoever is not.
async fn upsert(s: &mut Session<'_>, account: usize) -> Played {
    // It has no such attribute.
    s.tenant.accounts[account].person.title.clear();
    let found = find_user(s, account).await?;
    let Account { person, is_active, .. } = s.tenant.accounts[account].clone();
    let Some(id) = found else {
        let body = json!({
            "schemas": [scim::USER],
            "externalId": person.uuid,
            "userName": person.user_name,
            "name": { "givenName": person.given, "familyName": person.family },
            "emails": [{ "value": person.email, "type": "work", "primary": true }],
            "active": is_active,
        });
        return common::create_user(s, account, SOURCE, &body).await;
    };
    s.tenant.accounts[account].remote_id = Some(id);
    let operations = json!([
        { "op": "add", "path": "externalId", "value": person.uuid },
        { "op": "replace", "path": "name.givenName", "value": person.given },
        { "op": "replace", "path": "name.familyName", "value": person.family },
        { "op": "replace", "path": "emails[primary eq true].value", "value": person.email },
        { "op": "replace", "path": "active", "value": is_active },
    ]);
    common::begin(s, account, Job::Update);
    common::patch_user(s, account, "Update", SOURCE, operations).await
}

async fn deactivate(s: &mut Session<'_>, account: usize) -> Played {
    s.tenant.accounts[account].is_active = false;
    if find_user(s, account).await?.is_none() {
        return Ok(());
    }
    common::begin(s, account, Job::Deactivate);
    let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
    common::patch_user(s, account, "Deactivate", SOURCE, operations).await
}

async fn delete(s: &mut Session<'_>, account: usize) -> Played {
    if find_user(s, account).await?.is_none() {
        return Ok(());
    }
    common::delete_user(s, account, SOURCE).await
}

/// Creates a group without looking for it, and adds its members one by one.
async fn push(s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    let body = json!({ "schemas": [scim::GROUP], "externalId": s.tenant.groups[group].uuid, "displayName": name });
    create_group(s, group, SOURCE, &body).await?;
    for account in s.tenant.groups[group].members.clone() {
        if s.tenant.accounts[account].is_on_server() {
            join(s, group, account).await?;
        }
    }
    Ok(())
}

async fn add_member(s: &mut Session<'_>, group: usize) -> Played {
    let account = s.tenant.assign_next();
    upsert(s, account).await?;
    s.tenant.groups[group].members.push(account);
    join(s, group, account).await
}

async fn join(s: &mut Session<'_>, group: usize, account: usize) -> Played {
    let Some(id) = find_both(s, group, account).await? else { return Ok(()) };
    patch_group(s, group, "Add 1 member to", SOURCE, json!([one_member("add", &id)])).await
}

async fn remove_member(s: &mut Session<'_>, group: usize) -> Played {
    let Some(account) = s.tenant.groups[group].members.pop() else { return Ok(()) };
    let Some(id) = find_both(s, group, account).await? else { return Ok(()) };
    patch_group(s, group, "Remove 1 member from", SOURCE, json!([removal(&id)])).await
}

/// Looks for a group and then for somebody; the id of the latter if both are there.
async fn find_both(s: &mut Session<'_>, group: usize, account: usize) -> Played<Option<String>> {
    let name = s.tenant.groups[group].name.clone();
    if find_group(s, group, &name).await?.is_none() {
        return Ok(None);
    }
    find_user(s, account).await
}

async fn rename(s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.rename_group(group);
    if find_group(s, group, &name).await?.is_none() {
        return Ok(());
    }
    patch_group(s, group, "Rename", SOURCE, json!([{ "op": "replace", "path": "displayName", "value": name }])).await
}

async fn delete_group(s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.groups[group].name.clone();
    if find_group(s, group, &name).await?.is_none() {
        return Ok(());
    }
    common::delete_group(s, group, SOURCE, Kind::Read).await
}
