//! What came of asking for this app through its own public URL: from what was observed to a finding, and one thing to do.

mod finding;
mod judge;
mod observed;
mod operator;
mod response;
mod steps;

pub(crate) use judge::judge;
pub(crate) use observed::{Ended, Observed, Phase, TlsFault};
pub(crate) use response::Response;
pub(crate) use steps::steps;

use super::notices::Seen;
use crate::model::{TunnelCheck, TunnelOutcome};

/// Where this app answers its own question. The nonce follows.
pub(crate) const PATH: &str = "/.well-known/scim-setup/";

/// Carries the nonce too, for the case that the path arrives changed.
pub(crate) const NONCE_HEADER: &str = "scim-setup-check";

/// What the question carries as its `Authorization`, to see whether that arrives: no token of anybody.
pub(crate) const AUTHORIZATION_SENT: &str = "Bearer scim-setup-check";

/// What this app calls itself in its answer.
pub(crate) const PRODUCT: &str = "SCIM Setup";

/// What was asked, and what answer would be ours.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Scheme and host: `https://ada.ngrok.app`.
    pub(crate) url: String,
    /// The host name alone.
    pub(crate) host: String,
    /// Whether the URL is `https`.
    pub(crate) is_https: bool,
    /// The port of the provisioning listener, which the tunnel should forward to.
    pub(crate) port: u16,
    /// What this process would prove itself with.
    pub(crate) proof: String,
}

/// What a check says that the one before it did not: the tunnel was lost, or is back. Not to know is no news.
pub(crate) fn news(before: &TunnelCheck, after: &TunnelCheck) -> Option<Seen> {
    match (before.outcome, after.outcome) {
        (TunnelOutcome::Works, TunnelOutcome::Problem) => {
            Some(Seen::TunnelLost { url: after.url.clone(), text: after.text.clone() })
        }
        (TunnelOutcome::Problem, TunnelOutcome::Works) => Some(Seen::TunnelBack { url: after.url.clone() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
