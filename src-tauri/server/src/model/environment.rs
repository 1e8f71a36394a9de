//! Environments, and the public URL that each has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EnvironmentId, Timestamp};

/// A place with one public address, such as "Local": the tunnel URL belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Opaque, lower-case letters and digits.
    pub id: EnvironmentId,
    /// Unique, whatever the letter case.
    pub name: String,
    /// The address under which identity providers reach this machine: scheme and host, no trailing slash. `None`: this machine only.
    pub public_url: Option<String>,
    /// Whether `public_url` may be `http` or a private host.
    pub local_only: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What a pasted public URL becomes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedUrl {
    /// Scheme, host and port, without a trailing slash.
    pub url: String,
    /// What was taken away, in words: "Removed the path /scim/v2: the app adds it itself."
    pub trimmed: Option<String>,
}
