//! Members of a group.

use serde::Serialize;

use crate::Filter;

/// A member of a group, RFC 7643 §4.2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Member {
    /// The `id` of a user or a group.
    pub value: String,
    /// A name for people, as the client sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// `User` or `Group`, if the client says so.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl Member {
    /// Whether this member meets the value filter of `members[…]`.
    pub fn matches(&self, _filter: &Filter) -> bool {
        false
    }
}
