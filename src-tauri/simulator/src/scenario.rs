//! What can be played: whole stories, single events, and the mistakes that everybody makes once.

use serde::{Deserialize, Serialize};

use crate::arrange::Arrange;
use crate::event::{Event, Precondition};
use crate::look::Look;
use crate::provider::Provider;

/// Something to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// The connection is tested and saved.
    TestConnection,
    /// People are assigned.
    AssignUser,
    /// Somebody changes jobs.
    ProfileUpdate,
    /// Somebody leaves.
    Deactivate,
    /// A group is pushed.
    PushGroup,
    /// Everything that happens to a person and a group, in order.
    Lifecycle,
    /// A thousand people are assigned at once.
    #[serde(rename = "import-1000")]
    ImportThousand,
    /// Three people and a group arrive, one is renamed, one leaves.
    Demo,
    /// Somebody's name changes.
    Rename,
    /// Somebody comes back.
    Reactivate,
    /// Somebody is unassigned.
    Unassign,
    /// Somebody is deactivated and then deleted.
    Offboard,
    /// Somebody gets a manager.
    SetManager,
    /// Somebody's password is sent.
    SyncPassword,
    /// Somebody joins a group.
    AddMember,
    /// Somebody leaves a group.
    RemoveMember,
    /// One leaves a group and another joins.
    SwapMembers,
    /// A group gets another name.
    RenameGroup,
    /// A group is sent again.
    PushNow,
    /// A group that the server has is linked.
    LinkGroup,
    /// A group is unlinked and deleted.
    DeleteGroup,
    /// The server's users and groups are read.
    Import,
    /// What changed and was not sent is sent.
    ForceSync,
    /// One person is sent now, without waiting for the next cycle.
    OnDemand,
    /// The token is wrong.
    WrongToken,
    /// *Import Groups* is on.
    ImportGroupsOn,
    /// People were assigned before the connection existed.
    AssignedTooEarly,
    /// The server has the person under a user name that is not the e-mail address.
    UserNameNotEmail,
    /// Somebody was deleted on the server.
    DeletedRemotely,
}

/// How scenarios are grouped where they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum ScenarioKind {
    /// The ones that most people want.
    Story,
    /// One thing that happens.
    Event,
    /// What goes wrong, and how it looks.
    Mistake,
}

/// One act of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Something happens at the identity provider.
    Event(Event),
    /// The same, and it goes wrong with one of these statuses.
    Mistake(Event, &'static [u16]),
    /// The same, with a wrong token.
    WrongToken(Event),
    /// The simulator looks whether the server kept what it was sent.
    Look(Look),
    /// The simulator makes what the scenario begins with.
    Arrange(Arrange),
}

/// People in a run of [`Scenario::ImportThousand`].
pub(crate) const THOUSAND: u32 = 1_000;

impl Scenario {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 29] = [
        Self::TestConnection,
        Self::AssignUser,
        Self::ProfileUpdate,
        Self::Deactivate,
        Self::PushGroup,
        Self::Lifecycle,
        Self::ImportThousand,
        Self::Demo,
        Self::Rename,
        Self::Reactivate,
        Self::Unassign,
        Self::Offboard,
        Self::SetManager,
        Self::SyncPassword,
        Self::AddMember,
        Self::RemoveMember,
        Self::SwapMembers,
        Self::RenameGroup,
        Self::PushNow,
        Self::LinkGroup,
        Self::DeleteGroup,
        Self::Import,
        Self::ForceSync,
        Self::OnDemand,
        Self::WrongToken,
        Self::ImportGroupsOn,
        Self::AssignedTooEarly,
        Self::UserNameNotEmail,
        Self::DeletedRemotely,
    ];

    /// What it is called on the command line: `test-connection`.
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// What people call it: `Test connection`.
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// What happens, in a sentence.
    pub fn summary(self) -> &'static str {
        self.row().2
    }

    /// Where it is offered.
    pub fn kind(self) -> ScenarioKind {
        match self {
            Self::TestConnection
            | Self::AssignUser
            | Self::ProfileUpdate
            | Self::Deactivate
            | Self::PushGroup
            | Self::Lifecycle
            | Self::ImportThousand
            | Self::Demo => ScenarioKind::Story,
            Self::WrongToken
            | Self::ImportGroupsOn
            | Self::AssignedTooEarly
            | Self::UserNameNotEmail
            | Self::DeletedRemotely => ScenarioKind::Mistake,
            _ => ScenarioKind::Event,
        }
    }

    /// Whether it can be chosen how many people are assigned.
    pub fn takes_people(self) -> bool {
        matches!(self, Self::AssignUser | Self::Lifecycle)
    }

    /// Whether an identity provider can play it.
    pub fn is_for(self, provider: Provider) -> bool {
        // Some mistakes are possible only where somebody can make them.
        let only_okta = matches!(self, Self::ImportGroupsOn | Self::AssignedTooEarly | Self::UserNameNotEmail);
        let is_okta = matches!(provider, Provider::OktaAiw | Provider::OktaTemplate);
        if only_okta && !is_okta {
            return false;
        }
        // Okta's Provision User is for those who were assigned too early.
        if self == Self::OnDemand && is_okta {
            return false;
        }
        let events = self.essential();
        events.iter().all(|event| provider.plays(*event))
    }

    /// The acts, without what has to happen before the first. `people`: how many are assigned where that can be chosen.
    pub(crate) fn acts(self, provider: Provider, people: u32) -> Vec<Act> {
        use Act::{Arrange as A, Event as E, Look as L, Mistake as M};
        let acts = match self {
            Self::TestConnection => vec![E(Event::TestConnection), E(Event::Save)],
            Self::AssignUser => vec![E(Event::Assign(people))],
            Self::ProfileUpdate => vec![E(Event::ChangeProfile)],
            Self::Deactivate => vec![E(Event::Deactivate)],
            Self::PushGroup => vec![E(Event::PushGroup)],
            Self::Lifecycle => vec![
                E(Event::TestConnection),
                E(Event::Assign(people)),
                L(Look::ReadBack),
                L(Look::FindInCapitals),
                E(Event::ChangeProfile),
                E(Event::PushGroup),
                E(Event::AddMember),
                E(Event::RemoveMember),
                L(Look::Members),
                E(Event::Deactivate),
                L(Look::StillThere),
                E(Event::Reactivate),
                E(Event::DeleteGroup),
                E(Event::Delete),
            ],
            Self::ImportThousand => vec![E(Event::Assign(THOUSAND))],
            Self::Demo => vec![
                E(Event::TestConnection),
                E(Event::Assign(1)),
                E(Event::Assign(1)),
                E(Event::Assign(1)),
                E(Event::PushGroup),
                E(Event::Rename),
                E(Event::Deactivate),
            ],
            Self::Rename => vec![E(Event::Rename)],
            Self::Reactivate => vec![E(Event::Reactivate)],
            Self::Unassign => vec![E(Event::Unassign)],
            Self::Offboard => vec![E(Event::Deactivate), E(Event::Delete), E(Event::DeleteAgain)],
            Self::SetManager => vec![E(Event::SetManager)],
            Self::SyncPassword => vec![E(Event::SyncPassword)],
            Self::AddMember => vec![E(Event::AddMember)],
            Self::RemoveMember => vec![E(Event::RemoveMember)],
            Self::SwapMembers => vec![E(Event::SwapMembers)],
            Self::RenameGroup => vec![E(Event::RenameGroup)],
            Self::PushNow => vec![E(Event::PushNow)],
            Self::LinkGroup => vec![A(Arrange::GroupThere), E(Event::LinkGroup)],
            Self::DeleteGroup => vec![E(Event::DeleteGroup)],
            Self::Import => vec![E(Event::TurnOnImportGroups), E(Event::Import)],
            Self::ForceSync => vec![E(Event::LeaveUnsent), E(Event::ForceSync), E(Event::ForceSync)],
            Self::OnDemand => vec![E(Event::LeaveUnsent), E(Event::ProvisionByHand)],
            Self::WrongToken => vec![Act::WrongToken(Event::TestConnection)],
            Self::ImportGroupsOn => {
                vec![
                    E(Event::TestConnection),
                    E(Event::TurnOnImportGroups),
                    E(Event::Save),
                    E(Event::SaveToApp),
                    E(Event::Assign(1)),
                    E(Event::PushGroup),
                ]
            }
            Self::AssignedTooEarly => vec![
                E(Event::AssignTooEarly),
                E(Event::TestConnection),
                E(Event::Save),
                E(Event::ForceSync),
                E(Event::ProvisionByHand),
            ],
            Self::UserNameNotEmail => vec![A(Arrange::NameTaken), M(Event::ProvisionByHand, &[409])],
            Self::DeletedRemotely => {
                let mut acts =
                    vec![E(Event::Assign(1)), A(Arrange::DeletedBehindItsBack), M(Event::ChangeProfile, &[404])];
                if provider == Provider::OktaAiw {
                    // The way out (LabB §8).
                    acts.extend([E(Event::Unassign), E(Event::ProvisionByHand)]);
                }
                acts
            }
        };
        acts.into_iter().filter(|act| act.is_for(provider)).collect()
    }

    /// The events without which it is not itself.
    fn essential(self) -> &'static [Event] {
        match self {
            Self::TestConnection | Self::WrongToken => &[Event::TestConnection],
            Self::AssignUser | Self::Lifecycle | Self::ImportThousand => &[Event::Assign(1)],
            Self::ProfileUpdate | Self::DeletedRemotely => &[Event::ChangeProfile],
            Self::Deactivate => &[Event::Deactivate],
            Self::PushGroup | Self::Demo => &[Event::PushGroup],
            Self::Rename => &[Event::Rename],
            Self::Reactivate => &[Event::Reactivate],
            Self::Unassign => &[Event::Unassign],
            Self::Offboard => &[Event::Delete],
            Self::SetManager => &[Event::SetManager],
            Self::SyncPassword => &[Event::SyncPassword],
            Self::AddMember => &[Event::AddMember],
            Self::RemoveMember => &[Event::RemoveMember],
            Self::SwapMembers => &[Event::SwapMembers],
            Self::RenameGroup => &[Event::RenameGroup],
            Self::PushNow => &[Event::PushNow],
            Self::LinkGroup => &[Event::LinkGroup],
            Self::DeleteGroup => &[Event::DeleteGroup],
            Self::Import => &[Event::Import],
            Self::ForceSync => &[Event::ForceSync],
            Self::ImportGroupsOn => &[Event::SaveToApp],
            Self::AssignedTooEarly => &[Event::AssignTooEarly],
            Self::UserNameNotEmail | Self::OnDemand => &[Event::ProvisionByHand],
        }
    }

    /// Id, title, summary.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TestConnection => ("test-connection", "Test connection", "The connection is tested and saved."),
            Self::AssignUser => ("assign-user", "Assign user", "People are assigned and arrive as users."),
            Self::ProfileUpdate => ("profile-update", "Profile update", "Somebody gets another title and department."),
            Self::Deactivate => ("deactivate", "Deactivate", "Somebody leaves the company."),
            Self::PushGroup => ("push-group", "Push group", "A group arrives with its members."),
            Self::Lifecycle => (
                "lifecycle",
                "Full lifecycle",
                "Everything that happens to a person and a group, with a look at what the server kept.",
            ),
            Self::ImportThousand => ("import-1000", "Import 1,000 users", "A thousand people are assigned at once."),
            Self::Demo => ("demo", "A look around", "Three people and a group arrive, one is renamed, one leaves."),
            Self::Rename => ("rename", "Rename a person", "Name, user name and address change."),
            Self::Reactivate => ("reactivate", "Reactivate", "Somebody who left comes back."),
            Self::Unassign => ("unassign", "Unassign", "Somebody loses the application."),
            Self::Offboard => ("offboard", "Deactivate and delete", "Somebody leaves and is deleted for good."),
            Self::SetManager => ("set-manager", "Set a manager", "Somebody gets a manager."),
            Self::SyncPassword => ("sync-password", "Sync password", "Somebody\u{2019}s password is sent."),
            Self::AddMember => ("add-member", "Add a member", "Somebody joins a group."),
            Self::RemoveMember => ("remove-member", "Remove a member", "Somebody leaves a group."),
            Self::SwapMembers => {
                ("swap-members", "Replace a member", "One leaves a group and another joins, in one change.")
            }
            Self::RenameGroup => ("rename-group", "Rename a group", "A group gets another name."),
            Self::PushNow => ("push-now", "Push now", "A group is sent again, whole."),
            Self::LinkGroup => {
                ("link-group", "Link an existing group", "A group that the server has already is linked and sent.")
            }
            Self::DeleteGroup => ("delete-group", "Unlink and delete a group", "A group is deleted on the server."),
            Self::Import => ("import", "Import from the server", "All users and groups are read, page by page."),
            Self::ForceSync => ("force-sync", "Force sync", "What changed and was not sent is sent, and nothing else."),
            Self::OnDemand => (
                "on-demand",
                "Provision on demand",
                "One person is sent now; the flag aadOptscim062020 does not count then.",
            ),
            Self::WrongToken => {
                ("wrong-token", "Wrong token", "The connection is tested with a token that is not the one.")
            }
            Self::ImportGroupsOn => (
                "import-groups-on",
                "Import Groups is on",
                "Okta reads the groups first and then creates without looking.",
            ),
            Self::AssignedTooEarly => (
                "assigned-too-early",
                "Assigned before connected",
                "Somebody was assigned before provisioning was on: nothing comes until Provision User.",
            ),
            Self::UserNameNotEmail => (
                "user-name-not-email",
                "userName is not the e-mail",
                "Okta looks for the address, finds nobody, and collides with the user name.",
            ),
            Self::DeletedRemotely => {
                ("deleted-remotely", "Deleted on the server", "Somebody whom the identity provider knows is gone.")
            }
        }
    }
}

impl std::str::FromStr for Scenario {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|scenario| scenario.id() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|scenario| scenario.id()).collect();
            format!("there is no scenario {text:?}; there are {}", known.join(", "))
        })
    }
}

impl Act {
    fn is_for(self, provider: Provider) -> bool {
        match self {
            Self::Event(event) | Self::Mistake(event, _) | Self::WrongToken(event) => provider.plays(event),
            Self::Look(Look::Members) => provider.plays(Event::PushGroup),
            Self::Look(_) | Self::Arrange(_) => true,
        }
    }

    /// What has to be there for it.
    pub(crate) fn precondition(self) -> Option<Precondition> {
        match self {
            Self::Event(event) | Self::Mistake(event, _) => event.precondition(),
            Self::WrongToken(_) => None,
            Self::Look(look) => Some(look.precondition()),
            Self::Arrange(arrange) => arrange.precondition(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_can_be_named() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.id().parse(), Ok(scenario));
            assert_eq!(serde_json::to_value(scenario).expect("JSON"), scenario.id());
        }
        assert!("nonsense".parse::<Scenario>().is_err());
    }

    #[test]
    fn every_provider_can_be_named_and_has_a_lifecycle() {
        for provider in Provider::ALL {
            assert_eq!(provider.id().parse(), Ok(provider));
            assert_eq!(serde_json::to_value(provider).expect("JSON"), provider.id());
            assert!(Scenario::Lifecycle.is_for(provider));
            for scenario in Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider)) {
                assert!(!scenario.acts(provider, 1).is_empty(), "{scenario:?} of {provider:?} has no acts");
            }
        }
        assert!(!Scenario::PushGroup.is_for(Provider::Google) && !Scenario::Offboard.is_for(Provider::OktaAiw));
    }
}
