//! What the software under test is told of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happened, by the name that the software under test knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum AppEventType {
    /// A user is new.
    #[serde(rename = "user.created")]
    UserCreated,
    /// Attributes of a user changed.
    #[serde(rename = "user.updated")]
    UserUpdated,
    /// `active` of a user went from true to false.
    #[serde(rename = "user.deactivated")]
    UserDeactivated,
    /// `active` of a user went from false to true.
    #[serde(rename = "user.reactivated")]
    UserReactivated,
    /// A user is gone.
    #[serde(rename = "user.deleted")]
    UserDeleted,
    /// A group is new.
    #[serde(rename = "group.created")]
    GroupCreated,
    /// Attributes of a group changed.
    #[serde(rename = "group.updated")]
    GroupUpdated,
    /// A group is gone, and with it who was in it.
    #[serde(rename = "group.deleted")]
    GroupDeleted,
    /// Somebody came to a group.
    #[serde(rename = "group.member_added")]
    MemberAdded,
    /// Somebody left a group.
    #[serde(rename = "group.member_removed")]
    MemberRemoved,
}

impl AppEventType {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserDeactivated,
        Self::UserReactivated,
        Self::UserDeleted,
        Self::GroupCreated,
        Self::GroupUpdated,
        Self::GroupDeleted,
        Self::MemberAdded,
        Self::MemberRemoved,
    ];

    /// Whether it is about a user; others are about a group.
    pub(crate) fn is_about_user(self) -> bool {
        matches!(
            self,
            Self::UserCreated | Self::UserUpdated | Self::UserDeactivated | Self::UserReactivated | Self::UserDeleted
        )
    }
}
