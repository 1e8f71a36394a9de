//! What has to be there for an event, and what happens first where it is not.

use crate::event::Event;
use crate::tenant::{Account, Tenant};

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
            Self::Anybody => (tenant.to_delete().is_some(), "a user on the server"),
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
