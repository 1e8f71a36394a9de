//! What is known of each identity provider, in one folder for each: who it is, how it is recognized, how it speaks, what its administrator
//! sees, what it does next, how it is set up, and from where that is known. Values alone: no I/O, no clock. The simulator plays what stands
//! here, the inspector explains with it, and the guide shows it.

#![deny(missing_docs)]

pub mod admin;
mod authentik;
mod connection_test;
mod dialect;
mod entra;
pub mod evidence;
mod generic;
mod google;
mod id;
mod jumpcloud;
mod keycloak;
pub mod next;
mod okta;
mod onelogin;
mod operation;
mod own_secret;
mod pingone;
mod preset;
mod presets;
mod situation;
mod tools;
pub mod track;

pub use connection_test::ConnectionTest;
pub use dialect::{Dialect, Retry};
pub use id::IdpId;
pub use operation::{Discovery, ENDPOINTS, Operation, has_filter, leads_nowhere};
pub use own_secret::{OwnSecret, SecretShape};
pub use preset::{Preset, PresetId};
pub use situation::Situation;
pub use track::{BearerWord, GuideTrackId};

use admin::Admin;
use evidence::Fact;
use next::{Answered, Next};
use track::Track;

/// What is known of one of them. Each part says where it is known from, or that it is unknown.
#[derive(Debug)]
pub struct Idp {
    /// What it is called in running text: `Entra ID`.
    pub name: &'static str,
    /// What people call directories that are for it, in lower case: `azure`.
    pub called: &'static [&'static str],
    /// What tells its requests from those of others.
    pub recognized_by: Fact<RecognizedBy>,
    /// What all of its requests have in common.
    pub dialect: Fact<&'static Dialect>,
    /// How it obeys a 429.
    pub retry: Fact<Retry>,
    /// The request with which it tests a connection.
    pub connection_test: Fact<ConnectionTest>,
    /// What its administrator sees of a job in the app of this name, which failed, or worked; `None`: nothing.
    pub admin: Fact<Admin>,
    /// What it does after a request.
    pub next: Fact<fn(&Answered) -> Option<Next>>,
    /// What to do about a request that was refused, in the names that its pages have. What stands here of no situation,
    /// [`IdpId::advice`] has for anybody.
    pub advice: Fact<&'static [(Situation, &'static str)]>,
    /// Where its administrator pastes a bearer token.
    pub token_place: Fact<&'static str>,
    /// What it issues for other purposes, and people paste in the place of a token.
    pub own_secrets: Fact<&'static [OwnSecret]>,
    /// Whether it accepts a base URL with an underscore in its host name.
    pub accepts_underscore: Fact<bool>,
    /// What it does with what it could not deliver for a while, and what to do about that.
    pub after_absence: Fact<&'static str>,
    /// Whether it tries a deactivation again that failed.
    pub retries_deactivation: Fact<bool>,
    /// The ready-made policy that it gets along with best.
    pub preset: Fact<PresetId>,
    /// How it is set up, one for each kind of app that it has, the usual one first.
    pub tracks: Fact<&'static [Track]>,
}

/// What tells the requests of somebody from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecognizedBy {
    /// How its `User-Agent` begins, in lower case.
    Agents(&'static [&'static str]),
    /// A header that nobody else sends, in lower case.
    Header(&'static str),
}

impl Idp {
    /// One of whom nothing is known but its name.
    pub(crate) const fn unknown(name: &'static str) -> Self {
        Self {
            name,
            called: &[],
            recognized_by: Fact::Unknown,
            dialect: Fact::Unknown,
            retry: Fact::Unknown,
            connection_test: Fact::Unknown,
            admin: Fact::Unknown,
            next: Fact::Unknown,
            advice: Fact::Unknown,
            token_place: Fact::Unknown,
            own_secrets: Fact::Unknown,
            accepts_underscore: Fact::Unknown,
            after_absence: Fact::Unknown,
            retries_deactivation: Fact::Unknown,
            preset: Fact::Unknown,
            tracks: Fact::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
