//! authentik, whose client is open: it asks what the server can do, creates without looking, links what is there already, and creates
//! again what is gone.

use idp::evidence::{Evidence, code, inferred};
use serde_json::{Value, json};

use super::common::{self, begin_group, one_member, patch_group, pop_member};
use super::plain::{self, Known, Update, Variant};
use crate::event::Event;
use crate::exchange::Request;
use crate::response::Expected;
use crate::session::{End, Job, Played, Session, Step};
use crate::tenant::{Account, Capabilities};

const SOURCE: Evidence = code("authentik");

const VARIANT: Variant = Variant {
    update: Update::Put,
    evidence: Known { test: SOURCE, lookup: SOURCE, create: SOURCE, update: SOURCE, groups: SOURCE, delete: SOURCE },
    ..plain::GENERIC
};

pub(super) async fn play(event: Event, s: &mut Session<'_>) -> Played {
    if event == Event::TestConnection {
        s.begin(Job::Connect);
        return ask(s, &[200]).await;
    }
    if s.tenant.capabilities.is_none() {
        // Whatever comes: without an answer that can be read, authentik takes the server to have nothing.
        ask(s, &[200, 400, 401, 403, 404, 405, 500, 501]).await?;
    }
    match event {
        Event::Assign(count) => s.assign(count, |s, account| Box::pin(create(s, account))).await,
        Event::ChangeProfile | Event::Rename if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            update(s, account, "Update").await
        }
        Event::Deactivate | Event::Unassign if let Some(account) = s.tenant.active() => {
            s.tenant.accounts[account].is_active = false;
            update(s, account, "Deactivate").await
        }
        Event::Reactivate if let Some(account) = s.tenant.inactive() => {
            s.tenant.accounts[account].is_active = true;
            update(s, account, "Reactivate").await
        }
        Event::PushGroup => push(s).await,
        Event::AddMember if let Some(group) = s.tenant.group() => add_member(s, group).await,
        Event::RemoveMember if let Some(group) = s.tenant.group() => remove_member(s, group).await,
        Event::RenameGroup if let Some(group) = s.tenant.group() => rename(s, group).await,
        event => plain::play(&VARIANT, event, s).await,
    }
}

/// Reads what the server can do.
async fn ask(s: &mut Session<'_>, statuses: &'static [u16]) -> Played {
    let step = Step::get("Read the capabilities", SOURCE, "/ServiceProviderConfig");
    let response = s.send(step.status(statuses)).await?;
    s.tenant.capabilities = Some(Capabilities::of(&response.json));
    Ok(())
}

fn capabilities(s: &Session<'_>) -> Capabilities {
    s.tenant.capabilities.clone().unwrap_or_default()
}

/// What may come of a creation: somebody who is there already is linked, if they can be looked for.
fn created(s: &Session<'_>) -> Expected {
    Expected::Status(if capabilities(s).has_filter { &[201, 200, 409] } else { &[201, 200] })
}

/// Creates without a lookup; a 409 is looked up and linked. Every later change is a PUT.
async fn create(s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Create);
    let request = Request::with_body("POST", "/Users", &user(&s.tenant.accounts[account]));
    let step = Step::new(format!("Create {}", person.display_name()), SOURCE, request);
    let response = s.send(step.expects(created(s)).expects(Expected::Id)).await?;
    if response.status() != 409 {
        s.tenant.accounts[account].remote_id = Some(response.id());
        return Ok(());
    }
    let title = format!("Look for {}", person.display_name());
    let found = plain::look_up(&VARIANT, s, title, inferred("authentik does so for groups"), &person.user_name).await?;
    let Some(id) = found.first_id() else { return Err(End::Job) };
    s.tenant.accounts[account].remote_id = Some(id);
    write(s, account, "Update").await.map(drop)
}

/// Writes somebody whole. Whoever is gone is created again.
async fn update(s: &mut Session<'_>, account: usize, what: &str) -> Played {
    if write(s, account, what).await? != 404 {
        return Ok(());
    }
    s.tenant.accounts[account].remote_id = None;
    create(s, account).await
}

/// Writes somebody whole and returns the status.
async fn write(s: &mut Session<'_>, account: usize, what: &str) -> Played<u16> {
    let job = match what {
        "Deactivate" => Job::Deactivate,
        "Reactivate" => Job::Reactivate,
        _ => Job::Update,
    };
    let person = common::begin(s, account, job);
    let account = &s.tenant.accounts[account];
    let request = Request::with_body("PUT", account.target(), &user(account));
    let step = Step::new(format!("{what} {}", person.display_name()), SOURCE, request);
    Ok(s.send(step.status(&[200, 204, 404])).await?.status())
}

/// Creates a group; a 409 is looked up and linked. Where the server has PATCH, the members follow, one operation for each.
async fn push(s: &mut Session<'_>) -> Played {
    let group = s.tenant.push_next_group();
    let name = begin_group(s, group);
    let request = Request::with_body("POST", "/Groups", &whole(s, group));
    let step = Step::new(format!("Create the group {name}"), SOURCE, request);
    let response = s.send(step.expects(created(s)).expects(Expected::Id)).await?;
    let id = if response.status() == 409 {
        let filter = s.filter("displayName", "eq", &name);
        let step = Step::get(format!("Look for the group {name}"), SOURCE, format!("/Groups?filter={filter}"));
        let found = s.send(step.finds(&[200], "displayName", &name).expects(Expected::Some)).await?;
        found.first_id().unwrap_or_default()
    } else {
        response.id()
    };
    s.tenant.groups[group].remote_id = Some(id);
    if !capabilities(s).has_patch {
        return Ok(());
    }
    let members = s.tenant.member_ids(group, Account::is_on_server);
    send(s, group, "Add the members to", members.iter().map(|(id, _)| one_member("add", id)).collect()).await
}

async fn add_member(s: &mut Session<'_>, group: usize) -> Played {
    let account = s.tenant.assign_next();
    create(s, account).await?;
    s.tenant.groups[group].members.push(account);
    match capabilities(s).has_patch {
        true => send(s, group, "Add 1 member to", vec![one_member("add", &s.tenant.accounts[account].id())]).await,
        false => put(s, group).await,
    }
}

async fn remove_member(s: &mut Session<'_>, group: usize) -> Played {
    let Some(id) = pop_member(s, group) else { return Ok(()) };
    match capabilities(s).has_patch {
        true => send(s, group, "Remove 1 member from", vec![one_member("remove", &id)]).await,
        false => put(s, group).await,
    }
}

/// Sends the whole group but its members, without a path (fixture `authentik-03-pathless-whole-group`), and then compares the members.
async fn rename(s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.rename_group(group);
    s.begin(Job::PushGroup(name));
    if !capabilities(s).has_patch {
        return put(s, group).await;
    }
    let operation = json!({ "op": "replace", "value": whole(s, group) });
    send(s, group, "Rename", vec![operation]).await?;
    compare(s, group).await
}

/// Writes a group with its members, where the server has no PATCH.
async fn put(s: &mut Session<'_>, group: usize) -> Played {
    let name = begin_group(s, group);
    let (title, target) = (format!("Write the group {name}"), s.tenant.groups[group].target());
    s.send(Step::write(title, SOURCE, "PUT", target, &whole(s, group))).await?;
    compare(s, group).await
}

/// Reads a group, and sends what its members lack or have too much.
async fn compare(s: &mut Session<'_>, group: usize) -> Played {
    let name = s.tenant.groups[group].name.clone();
    let step = Step::get(format!("Compare the members of {name}"), SOURCE, s.tenant.groups[group].target());
    let current = s.send(step.status(&[200]).expects(Expected::Id)).await?;
    let members = current.json["members"].as_array().into_iter().flatten();
    let there: Vec<&str> = members.filter_map(|member| member["value"].as_str()).collect();
    let wanted: Vec<String> = s.tenant.member_ids(group, |_| true).into_iter().map(|(id, _)| id).collect();
    let missing = wanted.iter().filter(|id| !there.contains(&id.as_str())).map(|id| one_member("add", id));
    let surplus =
        there.iter().filter(|id| !wanted.iter().any(|wanted| wanted == *id)).map(|id| one_member("remove", id));
    send(s, group, "Correct the members of", missing.chain(surplus).collect()).await
}

/// Sends operations on a group, as many at a time as the server says that a bulk request may have.
async fn send(s: &mut Session<'_>, group: usize, title: &str, operations: Vec<Value>) -> Played {
    let most = match capabilities(s).most_operations {
        0 => operations.len().max(1),
        most => most,
    };
    for chunk in operations.chunks(most) {
        patch_group(s, group, title, SOURCE, chunk.into()).await?;
    }
    Ok(())
}

/// Somebody as they are now.
fn user(account: &Account) -> Value {
    let mut body = plain::body::user(&VARIANT, &account.person, account.is_active);
    body["externalId"] = account.person.uuid.as_str().into();
    if let Some(id) = &account.remote_id {
        body["id"] = id.as_str().into();
    }
    body
}

/// A group as it is now; with its members only where the server has no PATCH.
fn whole(s: &Session<'_>, group: usize) -> Value {
    let pushed = &s.tenant.groups[group];
    let mut body = json!({ "schemas": [scim::GROUP], "externalId": pushed.uuid, "displayName": pushed.name });
    let members: Vec<Value> =
        s.tenant.member_ids(group, Account::is_on_server).iter().map(|(id, _)| json!({ "value": id })).collect();
    if !capabilities(s).has_patch && !members.is_empty() {
        body["members"] = members.into();
    }
    if let Some(id) = &pushed.remote_id {
        body["id"] = id.as_str().into();
    }
    body
}
