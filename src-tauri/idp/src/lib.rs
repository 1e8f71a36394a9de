//! What is known of each identity provider, in one file for each: who it is, how it is recognised, how it speaks, and from where that is
//! known. Values alone: no I/O, no clock. The simulator plays what stands here, and the server recognises by it who asks.

#![deny(missing_docs)]

pub mod admin;
mod authentik;
mod dialect;
mod entra;
pub mod evidence;
mod generic;
mod google;
mod jumpcloud;
mod keycloak;
pub mod okta;
mod onelogin;
mod pingone;
mod tools;

pub use dialect::{Dialect, Retry};

use serde::{Deserialize, Serialize};

/// Who sends requests to a SCIM server, as far as it is known here: an identity provider, or a tool in a person's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdpId {
    /// Okta, whichever kind of app.
    Okta,
    /// Microsoft Entra ID, whichever flags.
    Entra,
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
    /// Keycloak.
    Keycloak,
    /// A client that does what the RFCs say. Nobody is recognised as it.
    Generic,
    /// A person with curl.
    Curl,
    /// A person with a browser.
    Browser,
}

/// What is known of one of them.
#[derive(Debug)]
pub struct Idp {
    /// What it is called in running text: `Entra ID`.
    pub name: &'static str,
    /// What earlier versions called it in what they stored.
    pub former_names: &'static [&'static str],
    /// How its `User-Agent` begins, in lower case; none: it has none that is documented.
    pub agents: &'static [&'static str],
    /// A header that nobody else sends, in lower case.
    pub header: Option<&'static str>,
    /// What all of its requests have in common; `None`: unknown.
    pub dialect: Option<&'static Dialect>,
}

impl Idp {
    /// One of whom nothing is known but its name.
    pub(crate) const fn named(name: &'static str) -> Self {
        Self { name, former_names: &[], agents: &[], header: None, dialect: None }
    }
}

impl IdpId {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Okta,
        Self::Entra,
        Self::Onelogin,
        Self::Jumpcloud,
        Self::Google,
        Self::Pingone,
        Self::Authentik,
        Self::Keycloak,
        Self::Generic,
        Self::Curl,
        Self::Browser,
    ];

    /// What is known of it.
    pub const fn idp(self) -> &'static Idp {
        match self {
            Self::Okta => &okta::IDP,
            Self::Entra => &entra::IDP,
            Self::Onelogin => &onelogin::IDP,
            Self::Jumpcloud => &jumpcloud::IDP,
            Self::Google => &google::IDP,
            Self::Pingone => &pingone::IDP,
            Self::Authentik => &authentik::IDP,
            Self::Keycloak => &keycloak::IDP,
            Self::Generic => &generic::IDP,
            Self::Curl => &tools::CURL,
            Self::Browser => &tools::BROWSER,
        }
    }

    /// What it is called in running text: `Entra ID`.
    pub const fn name(self) -> &'static str {
        self.idp().name
    }

    /// How it speaks; as the RFCs have it where that is unknown.
    pub fn dialect(self) -> &'static Dialect {
        self.idp().dialect.unwrap_or(&generic::DIALECT)
    }

    /// The one with this name, today or in what an earlier version stored.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.name() == name || id.idp().former_names.contains(&name))
    }

    /// Who sends a request, by its `User-Agent` and by whether it has a header, whose name is given in lower case.
    pub fn of_request(agent: &str, has_header: impl Fn(&str) -> bool) -> Option<Self> {
        let agent = agent.trim().to_ascii_lowercase();
        let by_header = Self::ALL.into_iter().find(|id| id.idp().header.is_some_and(&has_header));
        let is_agent = |id: &Self| id.idp().agents.iter().any(|beginning| agent.starts_with(beginning));
        by_header.or_else(|| Self::ALL.into_iter().find(is_agent))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_told_apart() {
        let mut names = BTreeSet::new();
        for id in IdpId::ALL {
            for name in [&[id.name()], id.idp().former_names].concat() {
                assert!(names.insert(name), "{name} stands there twice");
                assert_eq!(IdpId::of_name(name), Some(id));
            }
        }
        assert_eq!(IdpId::of_name("okta"), None, "a name is what it is");
    }

    #[test]
    fn each_is_recognised_by_what_it_sends() {
        for id in IdpId::ALL {
            let Some(dialect) = id.idp().dialect else { continue };
            let header = |wanted: &str| {
                dialect.read.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value)
            };
            let agent = header("user-agent").filter(|agent| !agent.is_empty());
            let found = IdpId::of_request(agent.unwrap_or_default(), |name| header(name).is_some());
            let is_recognisable = agent.is_some() || id.idp().header.is_some();
            assert_eq!(found, is_recognisable.then_some(id), "{id:?}");
        }
    }

    #[test]
    fn a_user_agent_begins_with_the_name() {
        for (agent, expected) in [
            ("Okta SCIM Client 1.0.0", Some(IdpId::Okta)),
            (" okta", Some(IdpId::Okta)),
            ("Google-Auto-Provisioning", Some(IdpId::Google)),
            ("goauthentik.io/2026.10", Some(IdpId::Authentik)),
            ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", Some(IdpId::Browser)),
            ("curl/8.5.0", Some(IdpId::Curl)),
            ("python-requests/2.32", None),
            ("not Okta", None),
            ("", None),
        ] {
            assert_eq!(IdpId::of_request(agent, |_| false), expected, "{agent}");
        }
        assert_eq!(IdpId::of_request("curl/8.5.0", |name| name == "adscimversion"), Some(IdpId::Entra));
    }
}
