//! What happens at an identity provider: somebody presses a button, or a person's data change.

use serde::{Deserialize, Serialize};

use crate::tenant::{Account, Tenant};

/// Something that makes an identity provider send requests, or that people expect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    /// The connection is tested.
    TestConnection,
    /// The connection is saved.
    Save,
    /// Okta: *To App* is saved. Reads the groups if *Import Groups* is on.
    SaveToApp,
    /// *Import Groups* is turned on.
    TurnOnImportGroups,
    /// The server's users and groups are read.
    Import,
    /// So many people are assigned, one after the other.
    Assign(u32),
    /// Somebody is assigned before provisioning is on.
    AssignTooEarly,
    /// Somebody is provisioned by hand: at Okta whoever is not on the server, at Entra ID one person on demand.
    ProvisionByHand,
    /// Somebody's profile changes, and nothing is sent: the new mapping is not applied, or the next cycle is not yet due.
    LeaveUnsent,
    /// What changed since the last time is sent.
    ForceSync,
    /// Somebody's title and department change.
    ChangeProfile,
    /// Somebody's name, user name and address change.
    Rename,
    /// Somebody gets a manager.
    SetManager,
    /// Somebody's account is deactivated.
    Deactivate,
    /// It is activated again.
    Reactivate,
    /// Somebody is unassigned.
    Unassign,
    /// Somebody is deleted for good.
    Delete,
    /// The deletion is tried once more.
    DeleteAgain,
    /// Somebody's password is sent.
    SyncPassword,
    /// A group of everybody who is active is pushed.
    PushGroup,
    /// Somebody is assigned and joins the group.
    AddMember,
    /// Somebody leaves the group.
    RemoveMember,
    /// One leaves the group and another joins, in one change.
    SwapMembers,
    /// The group gets another name.
    RenameGroup,
    /// *Push now*: the whole group is sent again.
    PushNow,
    /// The group is unlinked and deleted.
    DeleteGroup,
    /// A group that the server has already is linked and then pushed.
    LinkGroup,
}

impl Event {
    /// What it needs of the tenant, and what to do first if that is missing.
    pub(crate) fn precondition(self) -> Option<Precondition> {
        match self {
            Self::ChangeProfile
            | Self::LeaveUnsent
            | Self::Rename
            | Self::Deactivate
            | Self::Unassign
            | Self::SyncPassword
            | Self::PushGroup => Some(Precondition::ActivePerson),
            Self::Delete => Some(Precondition::Anybody),
            Self::DeleteAgain => Some(Precondition::SomebodyDeleted),
            Self::SetManager => Some(Precondition::TwoPeople),
            Self::Reactivate => Some(Precondition::InactivePerson),
            Self::RemoveMember | Self::SwapMembers => Some(Precondition::GroupWithMember),
            Self::AddMember | Self::RenameGroup | Self::PushNow | Self::DeleteGroup => Some(Precondition::Group),
            _ => None,
        }
    }
}

impl Precondition {
    /// What is missing, for a sentence; `None`: it is met.
    pub(crate) fn missing(self, tenant: &Tenant) -> Option<&'static str> {
        let active = tenant.positions(Account::is_on_server).len();
        let (is_met, missing) = match self {
            Self::ActivePerson => (active >= 1, "a user who is active on the server"),
            Self::TwoPeople => (active >= 2, "two users on the server"),
            Self::InactivePerson => (tenant.inactive().is_some(), "a user who was deactivated"),
            Self::Anybody => (tenant.inactive().or(tenant.active()).is_some(), "a user on the server"),
            Self::SomebodyDeleted => {
                (tenant.accounts.iter().any(|account| account.deleted_id.is_some()), "a user who was deleted")
            }
            Self::Group => (tenant.group().is_some(), "a group on the server"),
            Self::GroupWithMember => {
                let has_member = |group: usize| !tenant.groups[group].members.is_empty();
                (tenant.group().is_some_and(has_member), "a group with a member on the server")
            }
        };
        (!is_met).then_some(missing)
    }

    /// What happens first where nothing is there yet.
    pub(crate) fn preparation(self, tenant: &Tenant) -> Vec<Event> {
        let active = tenant.positions(Account::is_on_server).len();
        let somebody = (active == 0).then_some(Event::Assign(1));
        match self {
            Self::ActivePerson | Self::Anybody => vec![Event::Assign(1)],
            Self::TwoPeople => vec![Event::Assign(2 - active.min(1) as u32)],
            Self::InactivePerson => somebody.into_iter().chain([Event::Deactivate]).collect(),
            Self::SomebodyDeleted => somebody.into_iter().chain([Event::Delete]).collect(),
            Self::Group | Self::GroupWithMember => somebody.into_iter().chain([Event::PushGroup]).collect(),
        }
    }
}

/// What has to be there for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    ActivePerson,
    TwoPeople,
    InactivePerson,
    Anybody,
    SomebodyDeleted,
    Group,
    GroupWithMember,
}
