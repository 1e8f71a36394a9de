//! Bearer tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;

/// What is kept of a bearer token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    /// The last four characters.
    pub last_four: String,
    /// When it was generated.
    pub created_at: Timestamp,
    /// When it was last accepted.
    pub last_used_at: Option<Timestamp>,
    /// Whether it replaced an earlier one.
    pub is_rotated: bool,
}

/// The one answer that carries a plain token. It is not kept anywhere.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenCreated {
    /// The token: `scimsetup-` and 43 characters.
    pub token: String,
    /// The last four characters.
    pub last_four: String,
    /// When it was generated.
    pub created_at: Timestamp,
}
