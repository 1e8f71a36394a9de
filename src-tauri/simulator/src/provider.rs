//! The identity providers that can be played.

mod authentik;
mod common;
mod entra;
mod jumpcloud;
mod keycloak;
mod okta;
mod plain;

use idp::{GuideTrackId, IdpId};
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::session::{Played, Session};

/// Makes the identity providers of rows: name in code; name in the API and on the command line; whom it plays; which of its kinds that is,
/// empty if there is one alone; who it is.
macro_rules! providers {
    ($($provider:ident = $id:tt ($idp:expr, $kind:literal) $doc:literal;)+) => {
        /// An identity provider.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum SimulatedProvider {
            $(#[doc = $doc] #[serde(rename = $id)] $provider,)+
        }

        impl SimulatedProvider {
            /// All of them, in the order in which they are offered.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$provider),+];

            /// What it is called in the API and on the command line: `okta-aiw`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$provider => $id,)+ }
            }

            /// Whom it plays.
            pub fn idp(self) -> IdpId {
                match self { $(Self::$provider => $idp,)+ }
            }

            /// Which of its kinds this is: `custom app (AIW)`; empty if there is one alone.
            pub fn kind(self) -> &'static str {
                match self { $(Self::$provider => $kind,)+ }
            }
        }
    };
}

// In the order in which they are offered.
providers! {
    OktaAiw = "okta-aiw" (IdpId::Okta, "custom app (AIW)") "An app of Okta's App Integration Wizard: PUT for everything.";
    OktaTemplate = "okta-template" (IdpId::Okta, "catalog template")
        "Okta's catalog templates and published integrations: PATCH for activation and groups.";
    Entra = "entra" (IdpId::Entra, "") "Entra ID as it is by default.";
    EntraFlag = "entra-flag" (IdpId::Entra, "with aadOptscim062020")
        "Entra ID with the flag `aadOptscim062020` on the tenant URL.";
    Onelogin = "onelogin" (IdpId::Onelogin, "") "OneLogin.";
    Jumpcloud = "jumpcloud" (IdpId::Jumpcloud, "") "JumpCloud.";
    Google = "google" (IdpId::Google, "") "Google Workspace.";
    Pingone = "pingone" (IdpId::Pingone, "") "PingOne.";
    Authentik = "authentik" (IdpId::Authentik, "") "authentik.";
    Keycloak = "keycloak" (IdpId::Keycloak, "") "Keycloak with the extension keycloak-scim-outbound.";
    Generic = "generic" (IdpId::Generic, "") "A client that does what the RFCs say.";
}

impl SimulatedProvider {
    /// What people call it: `Okta`.
    pub fn name(self) -> &'static str {
        self.idp().name()
    }

    /// The setup that leads to it.
    pub fn track(self) -> GuideTrackId {
        match self {
            Self::OktaTemplate => GuideTrackId::OktaTemplate,
            _ => self.idp().tracks().first().map_or(GuideTrackId::Other, |track| track.id),
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
            Self::Keycloak => keycloak::play(event, session).await,
            Self::Onelogin => plain::play(&plain::ONELOGIN, event, session).await,
            Self::Google => plain::play(&plain::GOOGLE, event, session).await,
            Self::Pingone => plain::play(&plain::PINGONE, event, session).await,
            Self::Generic => plain::play(&plain::GENERIC, event, session).await,
        }
    }
}

impl std::str::FromStr for SimulatedProvider {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|provider| provider.id() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|provider| provider.id()).collect();
            format!("there is no identity provider {text:?}; there are {}", known.join(", "))
        })
    }
}
