//! Entra ID: matches, creates, and then sends only what differs. By default with capitalised operations and texts for booleans; with the
//! flag `aadOptscim062020` as the RFCs have it.

mod body;
mod groups;

use idp::evidence::{Evidence, code, documented, inferred, observed};
use scim::ResourceKind;
use serde_json::Value;

use self::body::Change;
use super::common;
use crate::dialect::Kind;
use crate::event::Event;
use crate::exchange::target_of;
use crate::response::{Expected, id_of};
use crate::session::{Job, Played, Session, Step};
use crate::tenant::Account;

/// How Entra ID writes a PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Default,
    Flag,
}

pub(super) const MATCH: Evidence = observed("Supabase; EntraUse, EntraHow");
const CHANGE: Evidence = documented("EntraCompat, EntraHow");

pub(super) async fn play(mode: Mode, event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::TestConnection => test(s).await,
        Event::Assign(count) => s.assign(count, |s, account| Box::pin(provision(mode, s, account, MATCH))).await,
        Event::ForceSync => cycle(mode, s).await,
        Event::LeaveUnsent if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            let title = format!("Change the profile of {}", s.tenant.accounts[account].person.display_name());
            let because = "The next cycle sends it; there is one about every 40 minutes.";
            s.silent(title, documented("EntraHow"), because);
            Ok(())
        }
        // Provisioning on demand does not know the flag (EntraCompat).
        Event::ProvisionByHand if let Some(account) = s.tenant.active() => synchronize(Mode::Default, s, account).await,
        Event::ChangeProfile | Event::Rename if let Some(account) = s.tenant.active() => {
            s.tenant.change(account, event);
            synchronize(mode, s, account).await
        }
        Event::SetManager => set_manager(mode, s).await,
        Event::Deactivate | Event::Unassign if let Some(account) = s.tenant.active() => {
            set_active(mode, s, account, false).await
        }
        Event::Reactivate if let Some(account) = s.tenant.inactive() => set_active(mode, s, account, true).await,
        // Whoever was disabled 30 days ago, or is deleted by hand.
        Event::Delete if let Some(account) = s.tenant.to_delete() => {
            common::delete_user(s, account, documented("EntraHow, EntraUse")).await
        }
        Event::DeleteAgain => delete_again(s).await,
        Event::PushGroup => groups::push(mode, s).await,
        Event::AddMember if let Some(group) = s.tenant.group() => groups::add_member(mode, s, group).await,
        Event::RemoveMember if let Some(group) = s.tenant.group() => groups::remove_member(mode, s, group).await,
        Event::RenameGroup if let Some(group) = s.tenant.group() => groups::rename(mode, s, group).await,
        Event::DeleteGroup if let Some(group) = s.tenant.group() => {
            common::delete_group(s, group, documented("EntraUse"), Kind::Read).await
        }
        _ => Ok(()),
    }
}

/// Asks for somebody and a group that cannot exist. An error instead of an empty list fails the test.
async fn test(s: &mut Session<'_>) -> Played {
    s.begin(Job::Connect);
    for (kind, attribute, before, title) in [
        ("Users", "userName", "", "Look for a user that does not exist"),
        ("Groups", "displayName", "excludedAttributes=members&", "Look for a group that does not exist"),
    ] {
        let stray = s.tenant.stray_uuid();
        let filter = s.filter(attribute, "eq", &stray);
        let target = format!("/{kind}?{before}filter={filter}");
        let step = Step::get(title, documented("EntraUse; scimgateway"), target).status(&[200]);
        let because = "Nobody has this random name; whoever answers somebody ignores the filter.";
        s.send(step.expects(Expected::List).expects(Expected::value("/totalResults", 0, because))).await?;
    }
    Ok(())
}

/// The initial cycle for one person: match by user name, create, or send what differs. `evidence` is that of the match.
async fn provision(mode: Mode, s: &mut Session<'_>, account: usize, evidence: Evidence) -> Played {
    let person = common::begin(s, account, Job::Verify);
    let filter = s.filter("userName", "eq", &person.user_name);
    let step = Step::get(format!("Match {}", person.display_name()), evidence, format!("/Users?filter={filter}"));
    let found = s.send(step.finds(&[200], "userName", &person.user_name)).await?;
    if let Some(resource) = found.resources().first().cloned() {
        s.tenant.accounts[account].remote_id = id_of(&resource).map(str::to_owned);
        return send_difference(mode, s, account, &resource).await;
    }
    common::create_user(s, account, documented("EntraUse"), &body::created(&person)).await?;
    s.tenant.accounts[account].is_stale = false;
    Ok(())
}

/// The incremental cycle for one person: read by id, send what differs. Somebody who is gone is matched and created again.
async fn synchronize(mode: Mode, s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Update);
    let target = s.tenant.accounts[account].target();
    let step = Step::get(format!("Read {}", person.display_name()), documented("EntraHow"), target);
    let current = s.send(step.status(&[200, 404])).await?;
    if current.status() == 404 {
        // The cached id is no longer good.
        s.tenant.accounts[account].remote_id = None;
        return provision(mode, s, account, inferred("EntraHow; the way back is inferred")).await;
    }
    send_difference(mode, s, account, &current.json).await
}

async fn send_difference(mode: Mode, s: &mut Session<'_>, account: usize, current: &Value) -> Played {
    let person = s.tenant.accounts[account].person.clone();
    let is_active = s.tenant.accounts[account].is_active;
    let changes = body::difference(current, &person, is_active);
    s.tenant.accounts[account].is_stale = false;
    if changes.is_empty() {
        let title = format!("Update {}", person.display_name());
        s.silent(title, documented("EntraHow"), "Nothing differs, so nothing is sent.");
        return Ok(());
    }
    common::begin(s, account, Job::Update);
    common::patch_user(s, account, "Update", CHANGE, body::operations(mode, &changes)).await
}

async fn set_active(mode: Mode, s: &mut Session<'_>, account: usize, active: bool) -> Played {
    common::begin(s, account, if active { Job::Reactivate } else { Job::Deactivate });
    let title = if active { "Enable" } else { "Disable" };
    let evidence = if active { documented("EntraCompat, by symmetry") } else { documented("EntraCompat") };
    let operations = body::operations(mode, &[Change::replace("active", active)]);
    common::patch_user(s, account, title, evidence, operations).await?;
    s.tenant.accounts[account].is_active = active;
    Ok(())
}

/// The first person's manager becomes the second: a text where the schema has a complex attribute.
async fn set_manager(mode: Mode, s: &mut Session<'_>) -> Played {
    let [account, manager, ..] = s.tenant.positions(|account| account.is_on_server())[..] else { return Ok(()) };
    common::begin(s, account, Job::Update);
    let change = [Change::add(format!("{}:manager", scim::ENTERPRISE_USER), s.tenant.accounts[manager].id())];
    let evidence = code("scimgateway utils-scim.ts:343, SCIM-SDK#686");
    common::patch_user(s, account, "Set the manager of", evidence, body::operations(mode, &change)).await
}

/// Reads everybody and every group again, and sends what changed: what happens about every 40 minutes.
async fn cycle(mode: Mode, s: &mut Session<'_>) -> Played {
    for account in s.tenant.positions(|account| account.is_on_server()) {
        synchronize(mode, s, account).await?;
    }
    for group in
        (0..s.tenant.groups.len()).filter(|&group| s.tenant.groups[group].remote_id.is_some()).collect::<Vec<_>>()
    {
        groups::read(s, group).await?;
    }
    Ok(())
}

async fn delete_again(s: &mut Session<'_>) -> Played {
    let deleted = |account: &Account| Some((account.person.display_name(), account.deleted_id.clone()?));
    let Some((name, id)) = s.tenant.accounts.iter().rev().find_map(deleted) else { return Ok(()) };
    let step = Step::delete(
        format!("Delete {name} once more"),
        observed("Validator, preview"),
        target_of(ResourceKind::User, &id),
    );
    s.send(step.status(&[404, 204])).await.map(drop)
}
