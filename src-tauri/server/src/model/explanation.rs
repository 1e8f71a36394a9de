//! What a recorded request meant, in words that are derived from what was recorded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PathPart;
use super::{DatedText, ExchangeId, ResourceKind};

/// Why a request came out as it did, and what follows from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Why it failed; `None`: it did not.
    pub cause: Option<DatedText>,
    /// What to do about it.
    pub fix: Option<Fix>,
    /// The path that came, held against the one that would have been right; empty: that is not known, or nothing is wrong with it.
    pub path: Vec<PathPart>,
    /// What it did: "Changed 2 attributes of Ada Lovelace", "Changed nothing", "Found 1 user".
    pub effect: String,
    /// What the administrator of the identity provider is told.
    pub admin_sees: Option<AdminView>,
    /// What the identity provider does next.
    pub next: Option<NextStep>,
    /// What the standard says of such a request.
    pub rfc: Option<RfcRemark>,
}

/// What to do about a request that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// A sentence or two.
    pub text: String,
    /// The base URL that would have been right.
    pub base_url: Option<String>,
    /// What can be done about it in the window.
    pub action: Option<FixAction>,
    /// The user or group that has the name already.
    pub taken_by: Option<TakenBy>,
}

/// Who or what has already what no two may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenBy {
    /// A user or a group.
    pub kind: ResourceKind,
    /// The SCIM `id`; it may have been deleted since.
    pub id: String,
}

/// What can be done in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum FixAction {
    /// Generate a token.
    Token,
    /// Edit the directory's policy.
    Policy,
}

/// What the administrator of an identity provider is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminView {
    /// "Okta".
    pub provider: String,
    /// In its words, as far as they are known; `…` stands for what is not known here.
    pub text: String,
    /// How well that is known: "As published logs show it."
    pub evidence: String,
}

/// What an identity provider does after a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextStep {
    /// A sentence: "Okta creates the user next: POST /Users."
    pub text: String,
    /// The request in which it did so.
    pub exchange_id: Option<ExchangeId>,
}

/// What the standard says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RfcRemark {
    /// A sentence or two.
    pub text: String,
    /// `RFC 7644 §3.5.1`.
    pub section: String,
    /// The section's title: "Replacing with PUT".
    pub title: Option<String>,
}

/// A tolerance that was used, or another remark on a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeNote {
    /// A stable name: `string-boolean`.
    pub rule: String,
    /// The rule in a few words: "Boolean sent as text".
    pub title: Option<String>,
    /// What happened, as a sentence.
    pub text: String,
    /// What the standard says: `RFC 7643 §2.3.2`.
    pub section: String,
    /// The section's title: "Boolean".
    pub section_title: Option<String>,
}
