//! API keys, with which the software under test reads what arrived.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiKeyId, EnvironmentId, Timestamp};

/// What is kept of an API key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Opaque, lower-case letters and digits.
    pub id: ApiKeyId,
    /// The environment whose directories it reads.
    pub environment_id: EnvironmentId,
    /// What it is for; unique among the keys of an environment that are not revoked, whatever the letter case.
    pub name: String,
    /// The last four characters.
    pub last_four: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last accepted.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is refused; `None`: it is accepted.
    pub revoked_at: Option<Timestamp>,
}

/// The one answer that carries a plain API key. It is not kept anywhere.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyCreated {
    /// The key: `scim-setup-key-` and 43 characters.
    pub key: String,
    /// What is kept of it.
    pub api_key: ApiKey,
}
