//! What can be played: whole stories, single events, and the mistakes that everybody makes once.

use idp::IdpId;
use serde::{Deserialize, Serialize};

use self::Act::{Arrange as A, Event as E, Mistake as M, Verify as V};
use crate::arrange::Arrange;
use crate::event::Event;
use crate::precondition::Precondition;
use crate::provider::SimulatedProvider;
use crate::verification::Verification;

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
    Verify(Verification),
    /// The simulator makes what the scenario begins with.
    Arrange(Arrange),
}

/// People in a run of [`Scenario::ImportThousand`].
pub(crate) const THOUSAND: u32 = 1_000;

/// As many people are assigned as somebody chose.
const ASSIGN_CHOSEN: Event = Event::Assign(0);

/// What there is to know of a scenario, but for its name and words.
struct Row {
    kind: ScenarioKind,
    /// The event without which it is not itself.
    essential: Event,
    /// What happens, without what has to happen before the first; empty: just the essential event.
    acts: &'static [Act],
    /// Whether it can be chosen how many people are assigned.
    takes_people: bool,
    /// Whom alone it can happen to; `None`: anybody who has the event.
    only: Option<IdpId>,
    /// What happens besides at the end, and to whom alone.
    then: Option<(SimulatedProvider, &'static [Act])>,
}

const fn story(essential: Event) -> Row {
    Row { kind: ScenarioKind::Story, essential, acts: &[], takes_people: false, only: None, then: None }
}

const fn single(essential: Event) -> Row {
    Row { kind: ScenarioKind::Event, ..story(essential) }
}

const fn mistake(essential: Event) -> Row {
    Row { kind: ScenarioKind::Mistake, ..story(essential) }
}

impl Row {
    const fn acts(self, acts: &'static [Act]) -> Self {
        Self { acts, ..self }
    }

    const fn takes_people(self) -> Self {
        Self { takes_people: true, ..self }
    }

    const fn only(self, idp: IdpId) -> Self {
        Self { only: Some(idp), ..self }
    }

    const fn then(self, provider: SimulatedProvider, acts: &'static [Act]) -> Self {
        Self { then: Some((provider, acts)), ..self }
    }
}

/// Makes the scenarios of rows: name in code; name in the API and on the command line; title; what happens, in a sentence; the rest.
macro_rules! scenarios {
    ($($scenario:ident = $id:tt $title:literal $summary:literal, $row:expr;)+) => {
        /// Something to play.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Scenario {
            $(#[doc = $summary] #[serde(rename = $id)] $scenario,)+
        }

        impl Scenario {
            /// All of them, in the order in which they are offered.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$scenario),+];

            /// What it is called in the API and on the command line: `test-connection`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$scenario => $id,)+ }
            }

            /// What people call it: `Test connection`.
            pub fn title(self) -> &'static str {
                match self { $(Self::$scenario => $title,)+ }
            }

            /// What happens, in a sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$scenario => $summary,)+ }
            }

            const fn row(self) -> &'static Row {
                match self { $(Self::$scenario => const { &$row },)+ }
            }
        }
    };
}

// In the order in which they are offered.
scenarios! {
    TestConnection = "test-connection" "Test connection" "The connection is tested and saved.",
        story(Event::TestConnection).acts(&[E(Event::TestConnection), E(Event::Save)]);
    AssignUser = "assign-user" "Assign user" "People are assigned and arrive as users.",
        story(ASSIGN_CHOSEN).takes_people();
    ProfileUpdate = "profile-update" "Profile update" "Somebody gets another title and department.",
        story(Event::ChangeProfile);
    Deactivate = "deactivate" "Deactivate" "Somebody leaves the company.", story(Event::Deactivate);
    PushGroup = "push-group" "Push group" "A group arrives with its members.", story(Event::PushGroup);
    Lifecycle = "lifecycle" "Full lifecycle"
        "Everything that happens to a person and a group, with a look at what the server kept.",
        story(ASSIGN_CHOSEN).takes_people().acts(&[
            E(Event::TestConnection), E(ASSIGN_CHOSEN), V(Verification::ReadBack), V(Verification::FindInCapitals),
            E(Event::ChangeProfile), E(Event::PushGroup), E(Event::AddMember), E(Event::RemoveMember),
            V(Verification::Members), E(Event::Deactivate), V(Verification::StillThere), E(Event::Reactivate), E(Event::DeleteGroup),
            E(Event::Delete),
        ]);
    ImportThousand = "import-1000" "Import 1,000 users" "A thousand people are assigned at once.",
        story(Event::Assign(THOUSAND));
    Demo = "demo" "Demo" "Three people and a group arrive, one is renamed, one leaves.",
        story(Event::PushGroup).acts(&[
            E(Event::TestConnection), E(Event::Assign(1)), E(Event::Assign(1)), E(Event::Assign(1)),
            E(Event::PushGroup), E(Event::Rename), E(Event::Deactivate),
        ]);
    Rename = "rename" "Rename a person" "Name, user name and address change.", single(Event::Rename);
    Reactivate = "reactivate" "Reactivate" "Somebody who left comes back.", single(Event::Reactivate);
    Unassign = "unassign" "Unassign" "Somebody loses the application.", single(Event::Unassign);
    Offboard = "offboard" "Deactivate and delete" "Somebody leaves and is deleted for good.",
        single(Event::Delete).acts(&[E(Event::Deactivate), E(Event::Delete), E(Event::DeleteAgain)]);
    SetManager = "set-manager" "Set a manager" "Somebody gets a manager.", single(Event::SetManager);
    SyncPassword = "sync-password" "Sync password" "Somebody\u{2019}s password is sent.", single(Event::SyncPassword);
    AddMember = "add-member" "Add a member" "Somebody joins a group.", single(Event::AddMember);
    RemoveMember = "remove-member" "Remove a member" "Somebody leaves a group.", single(Event::RemoveMember);
    SwapMembers = "swap-members" "Replace a member" "One leaves a group and another joins, in one change.",
        single(Event::SwapMembers);
    RenameGroup = "rename-group" "Rename a group" "A group gets another name.", single(Event::RenameGroup);
    PushNow = "push-now" "Push now" "A group is sent again, whole.", single(Event::PushNow);
    LinkGroup = "link-group" "Link an existing group" "A group that the server has already is linked and sent.",
        single(Event::LinkGroup).acts(&[A(Arrange::GroupThere), E(Event::LinkGroup)]);
    DeleteGroup = "delete-group" "Unlink and delete a group" "A group is deleted on the server.",
        single(Event::DeleteGroup);
    Import = "import" "Import from the server" "All users and groups are read, page by page.",
        single(Event::Import).acts(&[E(Event::TurnOnImportGroups), E(Event::Import)]);
    ForceSync = "force-sync" "Force sync" "What changed and was not sent is sent, and nothing else.",
        single(Event::ForceSync).acts(&[E(Event::LeaveUnsent), E(Event::ForceSync), E(Event::ForceSync)]);
    OnDemand = "on-demand" "Provision on demand"
        "One person is sent now; the flag aadOptscim062020 does not count then.",
        single(Event::ProvisionByHand).only(IdpId::Entra).acts(&[E(Event::LeaveUnsent), E(Event::ProvisionByHand)]);
    WrongToken = "wrong-token" "Wrong token" "The connection is tested with a token that is not the one.",
        mistake(Event::TestConnection).acts(&[Act::WrongToken(Event::TestConnection)]);
    ImportGroupsOn = "import-groups-on" "Import Groups is on"
        "Okta reads the groups first and then creates without looking.",
        mistake(Event::SaveToApp).only(IdpId::Okta).acts(&[
            E(Event::TestConnection), E(Event::TurnOnImportGroups), E(Event::Save), E(Event::SaveToApp),
            E(Event::Assign(1)), E(Event::PushGroup),
        ]);
    AssignedTooEarly = "assigned-too-early" "Assigned before connected"
        "Somebody was assigned before provisioning was on: nothing comes until Provision User.",
        mistake(Event::AssignTooEarly).only(IdpId::Okta).acts(&[
            E(Event::AssignTooEarly), E(Event::TestConnection), E(Event::Save), E(Event::ForceSync),
            E(Event::ProvisionByHand),
        ]);
    UserNameNotEmail = "user-name-not-email" "userName is not the email"
        "Okta looks for the address, finds nobody, and collides with the user name.",
        mistake(Event::ProvisionByHand).only(IdpId::Okta).acts(&[
            A(Arrange::NameTaken), M(Event::ProvisionByHand, &[409]),
        ]);
    DeletedRemotely = "deleted-remotely" "Deleted on the server" "Somebody whom the identity provider knows is gone.",
        mistake(Event::ChangeProfile).acts(&[
            E(Event::Assign(1)), A(Arrange::DeletedBehindItsBack), M(Event::ChangeProfile, &[404]),
        ])
        // The way out (LabB §8).
        .then(SimulatedProvider::OktaAiw, &[E(Event::Unassign), E(Event::ProvisionByHand)]);
}

impl Scenario {
    /// Where it is offered.
    pub fn kind(self) -> ScenarioKind {
        self.row().kind
    }

    /// Whether it can be chosen how many people are assigned.
    pub fn takes_people(self) -> bool {
        self.row().takes_people
    }

    /// Whether an identity provider can play it.
    pub fn is_for(self, provider: SimulatedProvider) -> bool {
        let Row { only, essential, .. } = *self.row();
        only.is_none_or(|idp| idp == provider.idp()) && provider.plays(essential)
    }

    /// Whether what happens in it is about the people whom it assigns itself.
    pub(crate) fn is_of_its_own(self, provider: SimulatedProvider) -> bool {
        let acts = self.acts(provider, 1);
        acts.len() > 1 && acts.iter().any(|act| matches!(act, Act::Event(Event::Assign(_))))
    }

    /// The acts, without what has to happen before the first. `people`: how many are assigned where that can be chosen.
    pub(crate) fn acts(self, provider: SimulatedProvider, people: u32) -> Vec<Act> {
        let row = self.row();
        let mut acts = if row.acts.is_empty() { vec![Act::Event(row.essential)] } else { row.acts.to_vec() };
        for act in acts.iter_mut().filter(|act| **act == Act::Event(ASSIGN_CHOSEN)) {
            *act = Act::Event(Event::Assign(people));
        }
        if let Some((_, then)) = row.then.filter(|(whom, _)| *whom == provider) {
            acts.extend(then);
        }
        acts.retain(|act| act.is_for(provider));
        acts
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
    fn is_for(self, provider: SimulatedProvider) -> bool {
        match self {
            Self::Event(event) | Self::Mistake(event, _) | Self::WrongToken(event) => provider.plays(event),
            Self::Verify(Verification::Members) => provider.plays(Event::PushGroup),
            Self::Verify(_) | Self::Arrange(_) => true,
        }
    }

    /// What has to be there for it.
    pub(crate) fn precondition(self) -> Option<Precondition> {
        match self {
            Self::Event(event) | Self::Mistake(event, _) => event.precondition(),
            Self::WrongToken(_) => None,
            Self::Verify(verification) => Some(verification.precondition()),
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
        for provider in SimulatedProvider::ALL {
            assert_eq!(provider.id().parse(), Ok(provider));
            assert_eq!(serde_json::to_value(provider).expect("JSON"), provider.id());
            assert!(Scenario::Lifecycle.is_for(provider));
            for scenario in Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider)) {
                assert!(!scenario.acts(provider, 1).is_empty(), "{scenario:?} of {provider:?} has no acts");
            }
        }
        assert!(
            !Scenario::PushGroup.is_for(SimulatedProvider::Google)
                && !Scenario::Offboard.is_for(SimulatedProvider::OktaAiw)
        );
    }
}
