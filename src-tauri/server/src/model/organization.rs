//! Organizations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EnvironmentId, OrganizationId, Timestamp};

/// A customer of the software under test, such as "Acme Corp".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Opaque, lower-case letters and digits.
    pub id: OrganizationId,
    /// The environment it belongs to.
    pub environment_id: EnvironmentId,
    /// Unique in its environment, whatever the letter case.
    pub name: String,
    /// The id that the software under test knows it by; unique in its environment.
    pub external_id: Option<String>,
    /// Domains that its people's email addresses should have: `example.com`.
    pub email_domains: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}
