//! Okta. An app of the App Integration Wizard (AIW) sends PUT for everything; an app of a catalog template sends PATCH for activation,
//! passwords and groups.

mod body;
mod connection;
mod groups;

use idp::evidence::{Evidence, documented, inferred, observed};
use serde_json::json;

use super::common;
use crate::dialect::Kind;
use crate::event::Event;
use crate::response::{Expected, Response, Weight};
use crate::session::{Job, Played, Session, Step};

/// Okta's two kinds of app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Aiw,
    Template,
}

const LOOKUP: Evidence = observed("LabA §1, LabB §6; OktaRef");
const CREATE: Evidence = observed("LabA §1, LabB §6; OktaRef");
const READ: Evidence = observed("LabA §2, LabB §9; OktaRef");
const READ_TO_DEACTIVATE: Evidence = observed("LabA §3, LabB §7, §8");
const PUT: Evidence = observed("LabA §2, LabB §7, Firezone; OktaRef");
const DEACTIVATE: Evidence = observed("LabA §3, LabB §7; OktaRef");
const REACTIVATE: Evidence = observed("LabA incident 07, LabB §12");
const PATCH_ACTIVE: Evidence = documented("OktaRef");

pub(super) async fn play(mode: Mode, event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::TestConnection => connection::probe(s, "Test the connection").await,
        Event::Save => connection::probe(s, "Save the connection").await,
        Event::SaveToApp => connection::save_to_app(s).await,
        Event::TurnOnImportGroups => {
            s.tenant.group_cache.get_or_insert_default();
            Ok(())
        }
        Event::Import => connection::import(s).await,
        Event::Assign(count) => s.assign(count, |s, account| Box::pin(provision(mode, s, account))).await,
        Event::AssignTooEarly => {
            let account = s.tenant.assign_next();
            let name = s.tenant.accounts[account].person.display_name();
            let because =
                "Provisioning to the app was off when the assignment was made. Okta does not send it later by itself.";
            s.silent(format!("Assign {name}"), observed("LabA"), because);
            Ok(())
        }
        Event::ProvisionByHand => {
            for account in s.tenant.positions(|account| account.remote_id.is_none()) {
                provision(mode, s, account).await?;
            }
            Ok(())
        }
        Event::ForceSync => force_sync(s).await,
        Event::LeaveUnsent if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            let because =
                "The mapping was saved without applying it. Okta sends nothing until Force Sync or the next change.";
            s.silent("Change the mapping of title", inferred("OktaKB"), because);
            Ok(())
        }
        Event::ChangeProfile | Event::Rename if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            update(s, account).await
        }
        Event::Deactivate | Event::Unassign if let Some(account) = s.tenant.active() => {
            deactivate(mode, s, account).await
        }
        Event::Reactivate if let Some(account) = s.tenant.inactive() => provision(mode, s, account).await,
        Event::SyncPassword if let Some(account) = s.tenant.active() => sync_password(mode, s, account).await,
        Event::PushGroup => groups::push(mode, s).await,
        Event::AddMember | Event::RemoveMember | Event::SwapMembers if let Some(group) = s.tenant.group() => {
            groups::change(mode, event, s, group).await
        }
        Event::RenameGroup if let Some(group) = s.tenant.group() => groups::rename(mode, s, group).await,
        Event::PushNow if let Some(group) = s.tenant.group() => groups::push_now(mode, s, group).await,
        // *Unlink* with *Delete the group in the target app*.
        Event::DeleteGroup if let Some(group) = s.tenant.group() => {
            common::delete_group(s, group, documented("OktaRef"), Kind::BodylessWrite).await
        }
        Event::LinkGroup => groups::link(mode, s).await,
        // Okta never deletes people, and has no event for a manager alone.
        _ => Ok(()),
    }
}

/// Looks somebody up; creates them if the server has nobody, takes over who is there, and puts them back into their groups.
pub(super) async fn provision(mode: Mode, s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Verify);
    let sought = s.tenant.sought(&person).to_owned();
    let query = s.filter("userName", "eq", &sought);
    let target = format!("/Users?filter={query}&startIndex=1&count=100");
    let step = Step::get(format!("Look for {}", person.display_name()), LOOKUP, target);
    let found = s.send(step.finds(&[200, 404], "userName", &sought)).await?;
    match found.resources().first() {
        None => create(s, account).await?,
        Some(resource) => {
            let was_active = resource["active"] != false;
            s.tenant.accounts[account].remote_id = Some(found.first_id().unwrap_or_default());
            take_over(mode, s, account, was_active).await?;
        }
    }
    for group in s.tenant.groups_of(account) {
        groups::send_member(mode, s, group, account).await?;
    }
    Ok(())
}

async fn create(s: &mut Session<'_>, account: usize) -> Played {
    let password = s.tenant.password(account);
    let person = common::begin(s, account, Job::Create);
    let (title, body) = (format!("Create {}", person.display_name()), body::created(&person, &password));
    let because = "The answer should say that the user is active, as it was sent.";
    let active = should_be_active(true, because, "RFC 7644 §3.3");
    let created = s.send(Step::create(title, CREATE, "/Users", &body).expects(active)).await?;
    let account = &mut s.tenant.accounts[account];
    account.remote_id = Some(created.id());
    account.is_active = true;
    account.is_stale = false;
    Ok(())
}

/// Sends the profile to somebody whom the server has already, and activates them.
async fn take_over(mode: Mode, s: &mut Session<'_>, account: usize, was_active: bool) -> Played {
    let person = common::begin(s, account, if was_active { Job::Update } else { Job::Reactivate });
    let current = read(s, account).await?;
    if mode == Mode::Template && !was_active {
        set_active(s, account, true).await?;
    } else {
        let (title, evidence) = if was_active { ("Update", PUT) } else { ("Reactivate", REACTIVATE) };
        let because = "Okta reads here that the user is active; otherwise it reschedules the job.";
        let active = Expected::value("/active", true, because);
        put(s, account, title, evidence, body::merged(&current, &person, true), Some(active)).await?;
    }
    let account = &mut s.tenant.accounts[account];
    account.is_active = true;
    account.is_stale = false;
    Ok(())
}

/// Sends a changed profile: reads the server's copy, changes it, and writes it back whole.
async fn update(s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Update);
    let current = read(s, account).await?;
    put(s, account, "Update", PUT, body::merged(&current, &person, true), None).await?;
    s.tenant.accounts[account].is_stale = false;
    Ok(())
}

async fn deactivate(mode: Mode, s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Deactivate);
    // One attempt, and nothing is sent later: for Okta the person is gone either way.
    s.tenant.accounts[account].is_active = false;
    match mode {
        Mode::Aiw => {
            let current = read_as(s, account, READ_TO_DEACTIVATE, &[Expected::Status(&[200, 404])]).await?;
            if current.status() == 404 {
                // Nobody is left to deactivate, so the job is done (LabB §8). Assigned again, they are created anew.
                let account = &mut s.tenant.accounts[account];
                account.deleted_id = account.remote_id.take();
                return Ok(());
            }
            let changed = body::merged(&current, &person, false);
            // Okta does not look, but whoever was deactivated must not come back active.
            let because = "The answer should show that the user is deactivated.";
            let inactive = should_be_active(false, because, "RFC 7644 §3.5.1");
            put(s, account, "Deactivate", DEACTIVATE, changed, Some(inactive)).await
        }
        Mode::Template => set_active(s, account, false).await,
    }
}

/// What Okta can do without in the answer to a POST or PUT.
fn should_be_active(active: bool, because: &'static str, section: &'static str) -> Expected {
    Expected::Value { pointer: "/active".into(), value: active.into(), weight: Weight::Warns, because, section }
}

async fn set_active(s: &mut Session<'_>, account: usize, active: bool) -> Played {
    let title = if active { "Reactivate" } else { "Deactivate" };
    let operations = json!([{ "op": "replace", "value": { "active": active } }]);
    common::patch_user(s, account, title, PATCH_ACTIVE, operations).await
}

async fn sync_password(mode: Mode, s: &mut Session<'_>, account: usize) -> Played {
    let password = s.tenant.password(account);
    let person = common::begin(s, account, Job::Update);
    let title = "Send the password of";
    match mode {
        Mode::Aiw => {
            let current = read(s, account).await?;
            let mut changed = body::merged(&current, &person, true);
            changed["password"] = password.into();
            put(s, account, title, documented("OktaRef: AIW apps send PUT for everything"), changed, None).await
        }
        Mode::Template => {
            let operations = json!([{ "op": "replace", "value": { "password": password } }]);
            let evidence = inferred("OktaRef says PATCH; the body is not published");
            common::patch_user(s, account, title, evidence, operations).await
        }
    }
}

async fn force_sync(s: &mut Session<'_>) -> Played {
    let evidence = observed("LabA; OktaKB");
    for account in s.tenant.positions(|account| account.remote_id.is_none()) {
        let name = s.tenant.accounts[account].person.display_name();
        let because =
            "Force Sync sends only people who were provisioned once. Use Provision User on the Assignments tab.";
        s.silent(format!("Force Sync: {name}"), evidence, because);
    }
    let stale = s.tenant.positions(|account| account.is_on_server() && account.is_stale);
    if stale.is_empty() && !s.tenant.positions(|account| account.remote_id.is_some()).is_empty() {
        let because = "No profile changed since it was last sent, so Okta sends nothing.";
        s.silent("Force Sync", evidence, because);
    }
    for account in stale {
        update(s, account).await?;
    }
    Ok(())
}

/// Reads the server's copy of somebody. A 404 ends the job: Okta does not search again and creates nobody (LabB §8).
async fn read(s: &mut Session<'_>, account: usize) -> Played<Response> {
    let id = s.tenant.accounts[account].id();
    read_as(s, account, READ, &[Expected::Status(&[200]), Expected::Id, Expected::SameId(id)]).await
}

/// Reads somebody in the middle of another job. What fails is told as a read that failed.
async fn read_as(s: &mut Session<'_>, account: usize, evidence: Evidence, expected: &[Expected]) -> Played<Response> {
    let (job, target) = (s.job.clone(), s.tenant.accounts[account].target());
    let person = common::begin(s, account, Job::Read);
    let step = Step::get(format!("Read {}", person.display_name()), evidence, target);
    let response = s.send(expected.iter().cloned().fold(step, Step::expects)).await;
    s.job = job;
    response
}

/// Writes somebody whole. `title` stands before the name.
async fn put(
    s: &mut Session<'_>,
    account: usize,
    title: &str,
    evidence: Evidence,
    body: serde_json::Value,
    expected: Option<Expected>,
) -> Played {
    let account = &s.tenant.accounts[account];
    let title = format!("{title} {}", account.person.display_name());
    let step = Step::write(title, evidence, "PUT", account.target(), &body);
    s.send(expected.into_iter().fold(step, Step::expects)).await.map(drop)
}
