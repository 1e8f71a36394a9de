//! The two types of resources that every directory has.

use serde::{Deserialize, Serialize};

/// A user or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum ResourceKind {
    /// A SCIM User.
    User,
    /// A SCIM Group.
    Group,
}

impl ResourceKind {
    /// What people call one of them: `user`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// Where resources of this type are: `Users`, RFC 7644 §3.2.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }
}
