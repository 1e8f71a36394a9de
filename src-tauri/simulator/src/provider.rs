//! The identity providers that can be played.

pub(crate) mod dialect;

mod authentik;
mod common;
mod entra;
mod jumpcloud;
mod okta;
mod plain;

use idp::admin::{Job, Shown};
use idp::{Dialect, IdpId};
use serde::{Deserialize, Serialize};

use self::dialect::Trouble;
use crate::event::Event;
use crate::session::{Played, Session};

/// An identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SimulatedProvider))]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// An app of Okta's App Integration Wizard: PUT for everything.
    OktaAiw,
    /// Okta's catalogue templates and published integrations: PATCH for activation and groups.
    OktaTemplate,
    /// Entra ID as it is by default.
    Entra,
    /// Entra ID with the flag `aadOptscim062020` on the tenant URL.
    EntraFlag,
    /// OneLogin.
    Onelogin,
    /// JumpCloud.
    Jumpcloud,
    /// Google Workspace.
    Google,
    /// PingOne.
    Pingone,
    /// authentik.
    Authentik,
    /// A client that does what the RFCs say.
    Generic,
}

impl Provider {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::OktaAiw,
        Self::OktaTemplate,
        Self::Entra,
        Self::EntraFlag,
        Self::Onelogin,
        Self::Jumpcloud,
        Self::Google,
        Self::Pingone,
        Self::Authentik,
        Self::Generic,
    ];

    /// What it is called on the command line: `okta-aiw`.
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// Whom it plays.
    pub fn idp(self) -> IdpId {
        self.row().1
    }

    /// What people call it: `Okta`.
    pub fn name(self) -> &'static str {
        self.idp().name()
    }

    /// Which of its kinds this is: `custom app (AIW)`; empty if there is one alone.
    pub fn kind(self) -> &'static str {
        self.row().2
    }

    /// How it speaks.
    pub(crate) fn dialect(self) -> &'static Dialect {
        self.idp().dialect()
    }

    /// What its administrator sees when something fails.
    pub(crate) fn shown(self, job: &Job, trouble: &Trouble<'_>) -> Shown {
        match self.idp() {
            IdpId::Okta => okta::admin::shown(job, trouble),
            IdpId::Entra => entra::admin::shown(job, trouble),
            _ => plain::shown::shown(job, trouble),
        }
    }

    /// Id, whom it plays, and kind.
    fn row(self) -> (&'static str, IdpId, &'static str) {
        match self {
            Self::OktaAiw => ("okta-aiw", IdpId::Okta, "custom app (AIW)"),
            Self::OktaTemplate => ("okta-template", IdpId::Okta, "catalogue template"),
            Self::Entra => ("entra", IdpId::Entra, ""),
            Self::EntraFlag => ("entra-flag", IdpId::Entra, "with aadOptscim062020"),
            Self::Onelogin => ("onelogin", IdpId::Onelogin, ""),
            Self::Jumpcloud => ("jumpcloud", IdpId::Jumpcloud, ""),
            Self::Google => ("google", IdpId::Google, ""),
            Self::Pingone => ("pingone", IdpId::Pingone, ""),
            Self::Authentik => ("authentik", IdpId::Authentik, ""),
            Self::Generic => ("generic", IdpId::Generic, ""),
        }
    }

    /// Whether an event makes sense here.
    pub fn plays(self, event: Event) -> bool {
        use Event as E;
        let is_about_people = matches!(
            event,
            E::TestConnection
                | E::Assign(_)
                | E::ChangeProfile
                | E::Rename
                | E::Deactivate
                | E::Reactivate
                | E::Unassign
                | E::Delete
        );
        let is_about_groups =
            matches!(event, E::PushGroup | E::AddMember | E::RemoveMember | E::RenameGroup | E::DeleteGroup);
        match self {
            Self::OktaAiw | Self::OktaTemplate => !matches!(event, E::Delete | E::DeleteAgain | E::SetManager),
            Self::Entra | Self::EntraFlag => !matches!(
                event,
                E::Save
                    | E::SaveToApp
                    | E::TurnOnImportGroups
                    | E::Import
                    | E::AssignTooEarly
                    | E::SyncPassword
                    | E::PushNow
                    | E::LinkGroup
                    | E::SwapMembers
            ),
            Self::Google => is_about_people,
            _ => is_about_people || is_about_groups,
        }
    }

    /// Lets an event happen.
    pub(crate) async fn play(self, event: Event, session: &mut Session<'_>) -> Played {
        match self {
            Self::OktaAiw => okta::play(okta::Mode::Aiw, event, session).await,
            Self::OktaTemplate => okta::play(okta::Mode::Template, event, session).await,
            Self::Entra => entra::play(entra::Mode::Default, event, session).await,
            Self::EntraFlag => entra::play(entra::Mode::Flag, event, session).await,
            Self::Jumpcloud => jumpcloud::play(event, session).await,
            Self::Authentik => authentik::play(event, session).await,
            Self::Onelogin => plain::play(&plain::ONELOGIN, event, session).await,
            Self::Google => plain::play(&plain::GOOGLE, event, session).await,
            Self::Pingone => plain::play(&plain::PINGONE, event, session).await,
            Self::Generic => plain::play(&plain::GENERIC, event, session).await,
        }
    }
}

impl std::str::FromStr for Provider {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|provider| provider.id() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|provider| provider.id()).collect();
            format!("there is no identity provider {text:?}; there are {}", known.join(", "))
        })
    }
}
