//! What users and groups have in common.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ResourceKind;

/// A named pointer to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// The SCIM `id`.
    pub id: String,
    /// What it is; `None`: no resource here has this id.
    pub kind: Option<ResourceKind>,
    /// The name to show.
    pub name: String,
}
