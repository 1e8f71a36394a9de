//! What the identity provider's administrator sees when something fails.

use serde::Serialize;

use idp::evidence::Evidence;

/// What an administrator is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// Where: `Dashboard → Tasks`.
    pub place: &'static str,
    /// The words.
    pub text: String,
    /// What the identity provider does next by itself, if anything.
    pub then: &'static str,
    /// How the words are known.
    pub evidence: Evidence,
}

/// What an identity provider is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Job {
    /// Testing or saving the connection.
    #[default]
    Connect,
    /// Reading the server's users and groups.
    Import,
    /// Looking whether somebody exists.
    Verify(Who),
    /// Creating somebody.
    Create(Who),
    /// Sending a changed profile.
    Update(Who),
    /// Deactivating somebody.
    Deactivate(Who),
    /// Activating somebody again.
    Reactivate(Who),
    /// Deleting somebody.
    Delete(Who),
    /// Sending a group or its members.
    PushGroup(String),
}

/// Somebody, for a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) user_name: String,
    pub(crate) name: String,
}
