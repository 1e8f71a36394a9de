//! What can be played: whole stories, single events, and the mistakes that everybody makes once.

use serde::{Deserialize, Serialize};

use self::Act::{Arrange as A, Event as E, Look as L, Mistake as M};
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

/// As many people are assigned as somebody chose.
const ASSIGN_CHOSEN: Event = Event::Assign(0);

/// What there is to know of a scenario.
struct Row {
    scenario: Scenario,
    kind: ScenarioKind,
    /// The event without which it is not itself.
    essential: Event,
    /// What happens, without what has to happen before the first; empty: just the essential event.
    acts: &'static [Act],
    id: &'static str,
    title: &'static str,
    summary: &'static str,
}

const fn story(id: &'static str, scenario: Scenario, essential: Event) -> Row {
    Row { scenario, kind: ScenarioKind::Story, essential, acts: &[], id, title: "", summary: "" }
}

const fn single(id: &'static str, scenario: Scenario, essential: Event) -> Row {
    Row { kind: ScenarioKind::Event, ..story(id, scenario, essential) }
}

const fn mistake(id: &'static str, scenario: Scenario, essential: Event) -> Row {
    Row { kind: ScenarioKind::Mistake, ..story(id, scenario, essential) }
}

impl Row {
    const fn named(self, title: &'static str, summary: &'static str) -> Self {
        Self { title, summary, ..self }
    }

    const fn acts(self, acts: &'static [Act]) -> Self {
        Self { acts, ..self }
    }
}

/// All scenarios, in the order in which they are declared and offered.
static ROWS: [Row; 29] = [
    story("test-connection", Scenario::TestConnection, Event::TestConnection)
        .named("Test connection", "The connection is tested and saved.")
        .acts(&[E(Event::TestConnection), E(Event::Save)]),
    story("assign-user", Scenario::AssignUser, ASSIGN_CHOSEN)
        .named("Assign user", "People are assigned and arrive as users."),
    story("profile-update", Scenario::ProfileUpdate, Event::ChangeProfile)
        .named("Profile update", "Somebody gets another title and department."),
    story("deactivate", Scenario::Deactivate, Event::Deactivate).named("Deactivate", "Somebody leaves the company."),
    story("push-group", Scenario::PushGroup, Event::PushGroup).named("Push group", "A group arrives with its members."),
    story("lifecycle", Scenario::Lifecycle, ASSIGN_CHOSEN)
        .named(
            "Full lifecycle",
            "Everything that happens to a person and a group, with a look at what the server kept.",
        )
        .acts(&[
            E(Event::TestConnection),
            E(ASSIGN_CHOSEN),
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
        ]),
    story("import-1000", Scenario::ImportThousand, Event::Assign(THOUSAND))
        .named("Import 1,000 users", "A thousand people are assigned at once."),
    story("demo", Scenario::Demo, Event::PushGroup)
        .named("A look around", "Three people and a group arrive, one is renamed, one leaves.")
        .acts(&[
            E(Event::TestConnection),
            E(Event::Assign(1)),
            E(Event::Assign(1)),
            E(Event::Assign(1)),
            E(Event::PushGroup),
            E(Event::Rename),
            E(Event::Deactivate),
        ]),
    single("rename", Scenario::Rename, Event::Rename).named("Rename a person", "Name, user name and address change."),
    single("reactivate", Scenario::Reactivate, Event::Reactivate).named("Reactivate", "Somebody who left comes back."),
    single("unassign", Scenario::Unassign, Event::Unassign).named("Unassign", "Somebody loses the application."),
    single("offboard", Scenario::Offboard, Event::Delete)
        .named("Deactivate and delete", "Somebody leaves and is deleted for good.")
        .acts(&[E(Event::Deactivate), E(Event::Delete), E(Event::DeleteAgain)]),
    single("set-manager", Scenario::SetManager, Event::SetManager).named("Set a manager", "Somebody gets a manager."),
    single("sync-password", Scenario::SyncPassword, Event::SyncPassword)
        .named("Sync password", "Somebody\u{2019}s password is sent."),
    single("add-member", Scenario::AddMember, Event::AddMember).named("Add a member", "Somebody joins a group."),
    single("remove-member", Scenario::RemoveMember, Event::RemoveMember)
        .named("Remove a member", "Somebody leaves a group."),
    single("swap-members", Scenario::SwapMembers, Event::SwapMembers)
        .named("Replace a member", "One leaves a group and another joins, in one change."),
    single("rename-group", Scenario::RenameGroup, Event::RenameGroup)
        .named("Rename a group", "A group gets another name."),
    single("push-now", Scenario::PushNow, Event::PushNow).named("Push now", "A group is sent again, whole."),
    single("link-group", Scenario::LinkGroup, Event::LinkGroup)
        .named("Link an existing group", "A group that the server has already is linked and sent.")
        .acts(&[A(Arrange::GroupThere), E(Event::LinkGroup)]),
    single("delete-group", Scenario::DeleteGroup, Event::DeleteGroup)
        .named("Unlink and delete a group", "A group is deleted on the server."),
    single("import", Scenario::Import, Event::Import)
        .named("Import from the server", "All users and groups are read, page by page.")
        .acts(&[E(Event::TurnOnImportGroups), E(Event::Import)]),
    single("force-sync", Scenario::ForceSync, Event::ForceSync)
        .named("Force sync", "What changed and was not sent is sent, and nothing else.")
        .acts(&[E(Event::LeaveUnsent), E(Event::ForceSync), E(Event::ForceSync)]),
    single("on-demand", Scenario::OnDemand, Event::ProvisionByHand)
        .named("Provision on demand", "One person is sent now; the flag aadOptscim062020 does not count then.")
        .acts(&[E(Event::LeaveUnsent), E(Event::ProvisionByHand)]),
    mistake("wrong-token", Scenario::WrongToken, Event::TestConnection)
        .named("Wrong token", "The connection is tested with a token that is not the one.")
        .acts(&[Act::WrongToken(Event::TestConnection)]),
    mistake("import-groups-on", Scenario::ImportGroupsOn, Event::SaveToApp)
        .named("Import Groups is on", "Okta reads the groups first and then creates without looking.")
        .acts(&[
            E(Event::TestConnection),
            E(Event::TurnOnImportGroups),
            E(Event::Save),
            E(Event::SaveToApp),
            E(Event::Assign(1)),
            E(Event::PushGroup),
        ]),
    mistake("assigned-too-early", Scenario::AssignedTooEarly, Event::AssignTooEarly)
        .named(
            "Assigned before connected",
            "Somebody was assigned before provisioning was on: nothing comes until Provision User.",
        )
        .acts(&[
            E(Event::AssignTooEarly),
            E(Event::TestConnection),
            E(Event::Save),
            E(Event::ForceSync),
            E(Event::ProvisionByHand),
        ]),
    mistake("user-name-not-email", Scenario::UserNameNotEmail, Event::ProvisionByHand)
        .named(
            "userName is not the e-mail",
            "Okta looks for the address, finds nobody, and collides with the user name.",
        )
        .acts(&[A(Arrange::NameTaken), M(Event::ProvisionByHand, &[409])]),
    mistake("deleted-remotely", Scenario::DeletedRemotely, Event::ChangeProfile)
        .named("Deleted on the server", "Somebody whom the identity provider knows is gone.")
        .acts(&[E(Event::Assign(1)), A(Arrange::DeletedBehindItsBack), M(Event::ChangeProfile, &[404])]),
];

impl Scenario {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::TestConnection; ROWS.len()];
        let mut position = 0;
        while position < all.len() {
            all[position] = ROWS[position].scenario;
            assert!(all[position] as usize == position, "rows stand in the order in which scenarios are declared");
            position += 1;
        }
        all
    };

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// What it is called on the command line: `test-connection`.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// What people call it: `Test connection`.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// What happens, in a sentence.
    pub fn summary(self) -> &'static str {
        self.row().summary
    }

    /// Where it is offered.
    pub fn kind(self) -> ScenarioKind {
        self.row().kind
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
        provider.plays(self.row().essential)
    }

    /// The acts, without what has to happen before the first. `people`: how many are assigned where that can be chosen.
    pub(crate) fn acts(self, provider: Provider, people: u32) -> Vec<Act> {
        let row = self.row();
        let mut acts = if row.acts.is_empty() { vec![Act::Event(row.essential)] } else { row.acts.to_vec() };
        for act in acts.iter_mut().filter(|act| **act == Act::Event(ASSIGN_CHOSEN)) {
            *act = Act::Event(Event::Assign(people));
        }
        if self == Self::DeletedRemotely && provider == Provider::OktaAiw {
            // The way out (LabB §8).
            acts.extend([Act::Event(Event::Unassign), Act::Event(Event::ProvisionByHand)]);
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
