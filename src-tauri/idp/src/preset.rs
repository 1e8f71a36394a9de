//! What a ready-made policy is.

use scim::Policy;
use serde::{Deserialize, Serialize};

/// Which ready-made policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum PresetId {
    /// The default: accepts what identity providers send.
    Tolerant,
    /// By the letter of the RFCs.
    StrictRfc,
    /// What Okta gets along with best.
    OktaFriendly,
    /// What Microsoft's validator and Entra ID expect.
    EntraFriendly,
    /// As SSOReady's SCIM server behaves.
    SsoreadyLike,
}

/// A ready-made policy.
#[derive(Debug)]
pub struct Preset {
    /// What it is called: `Okta-friendly`.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// What it sets.
    pub policy: fn() -> Policy,
}
