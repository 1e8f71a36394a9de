//! authentik, whose client is open: it asks what the server can do, creates without looking, and links what is there already.

use serde_json::{Value, json};

use super::body::who;
use super::dialect::Dialect;
use super::plain::{self, Known, Manners, Update};
use crate::event::Event;
use crate::evidence::{Evidence, code, inferred};
use crate::exchange::Request;
use crate::need::Need;
use crate::session::{Call, End, Job, Played, Retry, Session};
use crate::tenant::Account;

pub(super) const DIALECT: Dialect = Dialect {
    read: &[("Accept", "application/scim+json")],
    content_type: "application/scim+json",
    group_patch_content_type: "application/scim+json",
    blank: "+",
    retry: Retry::Unknown,
    shown: plain::shown::shown,
};

const SOURCE: Evidence = code("authentik");

const MANNERS: Manners = Manners {
    dialect: DIALECT,
    test_name: None,
    lookup: ("userName", "eq"),
    after_filter: "",
    after_id: "",
    user_schemas: &[scim::USER],
    update: Update::Put,
    evidence: Known { test: SOURCE, lookup: SOURCE, create: SOURCE, update: SOURCE, groups: SOURCE, delete: SOURCE },
};

pub(super) async fn play(event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::Assign(count) => {
            let mut result = Ok(());
            for _ in 0..count {
                let account = s.tenant.assign_next();
                match provision(s, account).await {
                    Err(End::Run) => return Err(End::Run),
                    Err(End::Job) => result = Err(End::Job),
                    Ok(()) => {}
                }
            }
            result
        }
        Event::PushGroup => push(s).await,
        Event::AddMember => add_member(s).await,
        Event::RemoveMember => remove_member(s).await,
        Event::RenameGroup => rename(s).await,
        event => plain::play(&MANNERS, event, s).await,
    }
}

/// Creates without a lookup; a 409 is looked up and linked. Every later change is a PUT.
async fn provision(s: &mut Session<'_>, account: usize) -> Played {
    let person = s.tenant.accounts[account].person.clone();
    s.begin(Job::Create(who(&person)));
    let body = plain::user_body(&MANNERS, &person);
    let call =
        Call::new(format!("Create {}", person.display_name()), SOURCE, Request::with_body("POST", "/Users", &body));
    let created = s.call(call.needs(Need::Status(&[201, 200, 409]))).await?;
    if created.status() != 409 {
        s.tenant.accounts[account].remote_id = Some(created.id());
        return Ok(());
    }
    let title = format!("Look for {}", person.display_name());
    let found = plain::look_up(&MANNERS, s, title, inferred("authentik does so for groups"), &person.user_name).await?;
    let Some(id) = found.resources().first().and_then(|user| user["id"].as_str()) else { return Err(End::Job) };
    s.tenant.accounts[account].remote_id = Some(id.to_owned());
    plain::update(&MANNERS, s, account, &person).await
}

/// Creates without members; a 409 is looked up and linked; then one operation for each member.
async fn push(s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let (name, uuid) = (s.tenant.groups[group].name.clone(), s.tenant.groups[group].uuid.clone());
    s.begin(Job::PushGroup(name.clone()));
    let body = json!({ "schemas": [scim::GROUP], "externalId": uuid, "displayName": name });
    let call = Call::new(format!("Create the group {name}"), SOURCE, Request::with_body("POST", "/Groups", &body));
    let created = s.call(call.needs(Need::Status(&[201, 200, 409]))).await?;
    let id = if created.status() == 409 {
        let filter = s.filter("displayName", "eq", &name);
        let request = Request::get(format!("/Groups?filter={filter}"));
        let call = Call::new(format!("Look for the group {name}"), SOURCE, request)
            .needs(Need::Status(&[200]))
            .needs(Need::Matches { attribute: "displayName", value: name.clone() })
            .needs(Need::Some);
        s.call(call).await?.resources()[0]["id"].as_str().unwrap_or_default().to_owned()
    } else {
        created.id()
    };
    s.tenant.groups[group].remote_id = Some(id);
    let members = s.tenant.member_ids(group, Account::is_on_server);
    if members.is_empty() {
        return Ok(());
    }
    let operations: Value = members.iter().map(|(id, _)| added(id)).collect();
    plain::send_group(&MANNERS, s, group, "Add the members to", operations).await
}

async fn add_member(s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let account = s.tenant.assign_next();
    provision(s, account).await?;
    let id = s.tenant.accounts[account].remote_id.clone().unwrap_or_default();
    s.tenant.groups[group].members.push(account);
    plain::send_group(&MANNERS, s, group, "Add 1 member to", json!([added(&id)])).await
}

async fn remove_member(s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let Some(account) = s.tenant.groups[group].members.pop() else { return Ok(()) };
    let id = s.tenant.accounts[account].remote_id.clone().unwrap_or_default();
    let operations = json!([{ "op": "remove", "path": "members", "value": [{ "value": id }] }]);
    plain::send_group(&MANNERS, s, group, "Remove 1 member from", operations).await
}

/// Sends the whole group but its members, without a path (fixture `authentik-03-pathless-whole-group`).
async fn rename(s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let name = s.tenant.rename_group(group);
    let (id, uuid) = (s.tenant.groups[group].remote_id.clone(), s.tenant.groups[group].uuid.clone());
    let value = json!({ "schemas": [scim::GROUP], "externalId": uuid, "displayName": name, "id": id });
    plain::send_group(&MANNERS, s, group, "Rename", json!([{ "op": "replace", "value": value }])).await
}

fn added(id: &str) -> Value {
    json!({ "op": "add", "path": "members", "value": [{ "value": id }] })
}
