//! What an identity provider's administrator sees when something fails.

use serde::Serialize;

use crate::evidence::Evidence;

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
pub enum Job {
    /// Testing or saving the connection.
    #[default]
    Connect,
    /// Reading the server's users and groups.
    Import,
    /// Looking whether somebody exists.
    Verify(Who),
    /// Reading somebody by id, to change them then.
    Read(Who),
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
    /// Sending a group or its members, by its name.
    PushGroup(String),
}

/// Somebody, for a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `ada@example.com`
    pub user_name: String,
    /// `Ada Lovelace`
    pub name: String,
}

/// How something failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure<'a> {
    /// There was no answer; why, in the words of who waited for it.
    NoAnswer(&'a str),
    /// The answer will not do; why, in the words of who got it.
    Answer(&'a str),
    /// The answer to a creation has no user with an id.
    NoUser,
    /// The answer to an activation says that the user is still inactive.
    StillInactive,
    /// The answer has no list of users.
    NoList,
}
