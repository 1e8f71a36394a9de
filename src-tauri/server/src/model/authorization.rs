//! How the credentials of a request were judged.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DatedText;

/// How the credentials of a request were judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// The verdict.
    pub verdict: AuthVerdict,
    /// The verdict as a sentence.
    pub text: DatedText,
    /// What to do about it.
    #[serde(default)]
    pub advice: Option<String>,
    /// The last four characters of what was sent.
    pub last_four: Option<String>,
}

/// The verdict on the credentials of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AuthVerdict {
    /// The token in force.
    Matched,
    /// The endpoint needs none.
    NotNeeded,
    /// No `Authorization` header.
    Missing,
    /// Not `Bearer` and a token.
    Malformed,
    /// Nobody's token.
    Unknown,
    /// A token that was replaced.
    Retired,
    /// The token of another directory.
    OtherDirectory,
    /// The directory has no token yet.
    NoTokenYet,
    /// The directory in the path does not exist.
    UnknownDirectory,
    /// The request did not get that far.
    NotChecked,
}

impl AuthVerdict {
    /// Whether a token of this program was shown, in force or not: then the request is an identity provider's, else anybody's.
    pub(crate) fn is_of_known_token(self) -> bool {
        matches!(self, Self::Matched | Self::Malformed | Self::Retired | Self::OtherDirectory)
    }
}

/// Of a request that nobody has looked at.
impl Default for Authorization {
    fn default() -> Self {
        Self::new(AuthVerdict::NotChecked, "Not checked.")
    }
}

impl Authorization {
    /// A verdict that needs no advice.
    pub(crate) fn new(verdict: AuthVerdict, text: impl Into<DatedText>) -> Self {
        Self { verdict, text: text.into(), advice: None, last_four: None }
    }
}
