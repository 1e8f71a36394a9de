//! What users and groups have in common.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A user or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResourceKind {
    /// A SCIM User.
    User,
    /// A SCIM Group.
    Group,
}

/// A named pointer to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// The SCIM `id`.
    pub id: String,
    /// What it is; `None`: no resource here has this id.
    #[schema(required)]
    pub kind: Option<ResourceKind>,
    /// The name to show.
    pub name: String,
}

impl ResourceKind {
    /// What people call one of them.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}
