//! Identity providers that differ from the RFCs in a few ways: what they ask, and how they write. What is not known is done
//! as the RFCs say, and marked as inferred.

pub(super) mod body;
mod groups;

use idp::evidence::{Evidence, code, documented, inferred, observed, secondary};
use serde_json::Value;

use super::common::{self, patch};
use crate::dialect::Kind;
use crate::event::Event;
use crate::people::Person;
use crate::response::Response;
use crate::session::{Job, Played, Session, Step};

/// How an identity provider does what they all do, where it may differ.
pub(super) struct Variant {
    /// Whom the test of the connection looks for; `None`: nothing is known, so it asks for the capabilities.
    pub(super) test_name: Option<&'static str>,
    /// Attribute and operator of a lookup.
    pub(super) lookup: (&'static str, &'static str),
    /// What follows the filter.
    pub(super) after_filter: &'static str,
    /// The `schemas` of a user's body.
    pub(super) user_schemas: &'static [&'static str],
    /// The order in which an address names what it has.
    pub(super) address: [&'static str; 3],
    /// How a changed user is written.
    pub(super) update: Update,
    /// How a member is removed.
    pub(super) removal: Removal,
    /// How the requests are known: test, lookup, create, update, groups, delete.
    pub(super) evidence: Known,
}

/// How a changed user is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Update {
    /// Whole.
    Put,
    /// One operation per attribute.
    PatchEach,
}

/// How a member of a group is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    /// By a filter in the path, as the RFC has it.
    Filtered,
    /// By a list of values, which by the letter of the RFC empties the group.
    Listed,
}

/// How each kind of request is known.
pub(super) struct Known {
    pub(super) test: Evidence,
    pub(super) lookup: Evidence,
    pub(super) create: Evidence,
    pub(super) update: Evidence,
    pub(super) groups: Evidence,
    pub(super) delete: Evidence,
}

/// A body of OneLogin's default template names schemas that no RFC has (authentik#11249).
const ONELOGIN_SCHEMAS: &[&str] = &["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"];

/// A client that does what the RFCs say. What is not known of another, it does as well.
pub(super) const GENERIC: Variant = Variant {
    test_name: None,
    lookup: ("userName", "eq"),
    after_filter: "",
    user_schemas: &[scim::USER],
    address: ["value", "type", "primary"],
    update: Update::PatchEach,
    removal: Removal::Filtered,
    evidence: Known {
        test: inferred("RFC 7644 §4"),
        lookup: inferred("RFC 7644 §3.4.2"),
        create: inferred("RFC 7644 §3.3"),
        update: inferred("RFC 7644 §3.5.2"),
        groups: inferred("RFC 7644 §3.5.2"),
        delete: inferred("RFC 7644 §3.6"),
    },
};

pub(super) const ONELOGIN: Variant = Variant {
    test_name: Some("onelogin-test-user01"),
    after_filter: "&",
    user_schemas: ONELOGIN_SCHEMAS,
    update: Update::Put,
    evidence: Known {
        test: observed("authentik#11249; OneLoginDoc"),
        lookup: observed("authentik#11249; OneLoginDoc"),
        create: documented("OneLoginDoc; the schemas of its template as in authentik#11249"),
        update: observed("authentik#11249"),
        groups: inferred("OneLoginDoc names the calls; the bodies are not published"),
        delete: documented("OneLoginDoc"),
    },
    ..GENERIC
};

pub(super) const GOOGLE: Variant = Variant {
    test_name: Some("scim-setup-test@example.com"),
    after_filter: "&startIndex=1",
    address: ["value", "primary", "type"],
    update: Update::Put,
    evidence: Known {
        test: inferred("snipe-it#12642"),
        lookup: observed("snipe-it#12642"),
        create: code("scimitar#142"),
        update: inferred(""),
        groups: inferred(""),
        delete: inferred(""),
    },
    ..GENERIC
};

pub(super) const PINGONE: Variant = Variant {
    test_name: Some("scim-setup-test@example.com"),
    lookup: ("username", "Eq"),
    update: Update::Put,
    evidence: Known {
        test: inferred("PingDoc"),
        lookup: documented("PingDoc"),
        create: inferred(""),
        update: inferred(""),
        groups: inferred(""),
        delete: secondary("PingDoc: disable or delete"),
    },
    ..GENERIC
};

pub(super) async fn play(variant: &'static Variant, event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::TestConnection => test(variant, s).await,
        Event::Assign(count) => s.assign(count, |s, account| Box::pin(provision(variant, s, account))).await,
        Event::ChangeProfile | Event::Rename if let Some(account) = s.tenant.active() => {
            let before = s.tenant.accounts[account].person.clone();
            s.tenant.change(account, event);
            update(variant, s, account, &before).await
        }
        Event::Deactivate | Event::Unassign if let Some(account) = s.tenant.active() => {
            set_active(variant, s, account, false).await
        }
        Event::Reactivate if let Some(account) = s.tenant.inactive() => set_active(variant, s, account, true).await,
        Event::Delete if let Some(account) = s.tenant.to_delete() => {
            common::delete_user(s, account, variant.evidence.delete).await
        }
        Event::PushGroup => groups::push(variant, s).await,
        Event::AddMember if let Some(group) = s.tenant.group() => groups::add_member(variant, s, group).await,
        Event::RemoveMember if let Some(group) = s.tenant.group() => groups::remove_member(variant, s, group).await,
        Event::RenameGroup if let Some(group) = s.tenant.group() => groups::rename(variant, s, group).await,
        Event::DeleteGroup if let Some(group) = s.tenant.group() => {
            common::delete_group(s, group, variant.evidence.groups, Kind::Read).await
        }
        _ => Ok(()),
    }
}

async fn test(variant: &Variant, s: &mut Session<'_>) -> Played {
    s.begin(Job::Connect);
    let Some(name) = variant.test_name else {
        let step = Step::get("Read the capabilities", variant.evidence.test, "/ServiceProviderConfig");
        return s.send(step.status(&[200])).await.map(drop);
    };
    look_up(variant, s, "Look for a user that does not exist".into(), variant.evidence.test, name).await.map(drop)
}

pub(super) async fn look_up(
    variant: &Variant,
    s: &mut Session<'_>,
    title: String,
    evidence: Evidence,
    name: &str,
) -> Played<Response> {
    let (attribute, operator) = variant.lookup;
    let filter = s.filter(attribute, operator, name);
    let target = format!("/Users?filter={filter}{}", variant.after_filter);
    s.send(Step::get(title, evidence, target).finds(&[200, 404], "userName", name)).await
}

async fn provision(variant: &Variant, s: &mut Session<'_>, account: usize) -> Played {
    let person = common::begin(s, account, Job::Verify);
    let title = format!("Look for {}", person.display_name());
    let found = look_up(variant, s, title, variant.evidence.lookup, &person.user_name).await?;
    let Some(id) = found.first_id() else {
        return common::create_user(s, account, variant.evidence.create, &body::user(variant, &person, true)).await;
    };
    s.tenant.accounts[account].remote_id = Some(id);
    common::begin(s, account, Job::Update);
    write_user(variant, s, account, "Update", &body::all_operations(&person)).await
}

async fn update(variant: &Variant, s: &mut Session<'_>, account: usize, before: &Person) -> Played {
    let person = common::begin(s, account, Job::Update);
    write_user(variant, s, account, "Update", &body::changed_operations(before, &person)).await
}

async fn set_active(variant: &Variant, s: &mut Session<'_>, account: usize, active: bool) -> Played {
    common::begin(s, account, if active { Job::Reactivate } else { Job::Deactivate });
    s.tenant.accounts[account].is_active = active;
    let title = if active { "Reactivate" } else { "Deactivate" };
    write_user(variant, s, account, title, &body::activation(active)).await
}

/// Writes the account as it is now: whole, or as these operations. `title` stands before the name.
async fn write_user(variant: &Variant, s: &mut Session<'_>, account: usize, title: &str, operations: &Value) -> Played {
    let account = &s.tenant.accounts[account];
    let target = format!("{}{}", account.target(), s.idp.dialect().after_id);
    let (method, body) = match variant.update {
        Update::Put => ("PUT", body::user(variant, &account.person, account.is_active)),
        Update::PatchEach => ("PATCH", patch(operations.clone())),
    };
    let title = format!("{title} {}", account.person.display_name());
    s.send(Step::write(title, variant.evidence.update, method, target, &body)).await.map(drop)
}
