//! What an identity provider's administrator sees when something fails.

use serde::Serialize;
use serde_json::Value;

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
    /// The same in a sentence or two: what of the words is known from where.
    #[serde(skip)]
    pub known_from: &'static str,
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

/// How a job failed.
#[derive(Clone, Copy, Debug)]
pub enum Failure<'a> {
    /// There was no answer: why, and the same in the words of who waited for it.
    NoAnswer(NoAnswer<'a>, &'a str),
    /// The answer will not do.
    Response(Response<'a>),
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer<'a> {
    /// None came in time.
    TimedOut,
    /// Nobody listens at this host and port.
    Refused(&'a str),
    /// This host is unknown.
    UnknownHost(&'a str),
    /// Anything else.
    Other,
}

/// An answer that will not do.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Its phrase: `Not Found`.
    pub phrase: &'a str,
    /// The body as text.
    pub body: &'a str,
    /// The body as JSON; `None`: it is empty, or no JSON.
    pub json: Option<&'a Value>,
    /// What an error says: its `detail`.
    pub detail: Option<&'a str>,
    /// What is wrong with an answer that is not an error, in the words of who got it.
    pub because: &'a str,
}

/// What an administrator sees of a job, which worked if there is no failure, in the app of this name; `None`: nothing.
pub type Admin = fn(&Job, Option<&Failure<'_>>, &str) -> Option<Shown>;

impl Job {
    /// Whom it is about, if it is about somebody.
    pub(crate) fn who(&self) -> Option<&Who> {
        match self {
            Self::Verify(who)
            | Self::Read(who)
            | Self::Create(who)
            | Self::Update(who)
            | Self::Deactivate(who)
            | Self::Reactivate(who)
            | Self::Delete(who) => Some(who),
            Self::Connect | Self::Import | Self::PushGroup(_) => None,
        }
    }
}

impl Response<'_> {
    /// Whether its status is one of success.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it has a body that is not JSON.
    pub(crate) fn is_garbled(&self) -> bool {
        self.json.is_none() && !self.body.trim().is_empty()
    }
}
