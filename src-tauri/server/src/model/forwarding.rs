//! Directories that pass on what they are asked to a SCIM server of the person's own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ForeignToken;

/// Who has changed what is found changed by reading it there.
pub(crate) const ITS_SERVER: &str = "Your server";

/// Where the requests of a directory are passed on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forwarding {
    /// The base URL of the person's own server, without a trailing slash: `http://localhost:8080/scim/v2`.
    pub to: String,
    /// Which token goes there.
    pub token: TokenForwarding,
    /// Whether the token that should go there is not known, because it was never given or SCIM Setup has been restarted since: it is kept
    /// in memory only.
    pub is_token_missing: bool,
}

/// Which token goes to the server that requests are passed on to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TokenForwarding {
    /// The identity provider's own, as it sends it: the server decides whom it lets in.
    #[default]
    PassOn,
    /// One that a person has given here. The identity provider shows the directory's token, which is checked here.
    Replace,
}

/// Where to pass on the requests of a directory.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForwardingRequest {
    /// The base URL: `http://localhost:8080/scim/v2`.
    pub(crate) to: String,
    /// Which token goes there; left out: the identity provider's own.
    #[serde(default)]
    pub(crate) token: TokenForwarding,
    /// The token to put in the place of the identity provider's, for `replace`; left out: the one that is known, if any. It is kept in
    /// memory and never written down.
    #[serde(default, skip_serializing)]
    pub(crate) secret: Option<ForeignToken>,
    /// Whether a person has agreed to send there, if the server is not on this machine or in a private network.
    #[serde(default)]
    pub(crate) confirmed: bool,
}

/// What came of asking a server whether it is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForwardingCheck {
    /// Whether it answered as a SCIM server does that lets the request in.
    pub is_ready: bool,
    /// The HTTP status of its answer; `None`: there was none.
    pub status: Option<u16>,
    /// What came of it, and what to do, in a sentence or two.
    pub text: String,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

/// Who gave the answer to a request that was to be passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AnsweredBy {
    /// SCIM Setup, because the other server could not be asked or gave no answer.
    #[default]
    Us,
    /// The server that the request was passed on to.
    YourServer,
}

/// What became of a request that was to be passed on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ForwardedExchange {
    /// The base URL that it was for.
    #[schema(required)]
    pub to: String,
    /// Who answered.
    #[schema(required)]
    pub answered_by: AnsweredBy,
    /// How long that server took, in milliseconds, from being asked to the end of its answer, or until it was given up; `None`: it was not
    /// asked.
    #[schema(required)]
    pub target_ms: Option<f64>,
    /// Addresses in the answer that were those of that server, and were made those of this directory.
    #[schema(required)]
    pub rewritten: u32,
    /// What else is to be known of how it was passed on, in sentences.
    #[schema(required)]
    pub remarks: Vec<String>,
    /// Rules that the answer of that server breaks.
    #[schema(required)]
    pub faults: Vec<AnswerFault>,
}

/// A rule that an answer breaks, as a check that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerFault {
    /// The id of the check that has the rule: `rfc-filter-no-match`.
    pub rule: String,
    /// The rule in a few words: "No match is an empty list".
    pub title: String,
    /// Whether it stops the identity provider.
    pub weight: FaultWeight,
    /// What is wrong, and why it matters.
    pub text: String,
    /// What should have come, as JSON text.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Where the rule stands: `RFC 7644 §3.4.2`.
    pub section: String,
    /// What to change in the server.
    pub fix: String,
}

/// How much a fault matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum FaultWeight {
    /// The identity provider cannot go on.
    Fails,
    /// The identity provider goes on; it should be otherwise all the same.
    Warns,
}
