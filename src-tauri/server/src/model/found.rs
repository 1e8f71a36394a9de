//! What a search over everything finds.

use serde::Serialize;
use utoipa::ToSchema;

use super::{DirectoryId, ExchangeRow, ResourceKind};

/// The first of what was found, of each kind, across all directories.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// The ones that changed last first.
    pub users: Vec<FoundResource>,
    /// The ones that changed last first.
    pub groups: Vec<FoundResource>,
    /// The newest first.
    pub exchanges: Vec<ExchangeRow>,
    /// Why requests cannot be searched for this: "Unknown filter “color:”. …"
    pub problem: Option<String>,
    /// Whether there was no time to look into all requests; older ones may match, too.
    pub is_partial: bool,
}

/// A user or group that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundResource {
    /// Where it is.
    pub directory_id: DirectoryId,
    /// What it is.
    pub kind: ResourceKind,
    /// The SCIM `id`.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// Of a user, the SCIM `userName`.
    pub user_name: Option<String>,
    /// Of a user, the SCIM `active`; groups always are.
    pub active: bool,
}
