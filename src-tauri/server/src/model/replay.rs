//! Repeating a recorded request.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Change, Sentence};

/// What repeating a recorded request would do. Nothing has happened yet.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplayPlan {
    /// The HTTP method.
    pub method: String,
    /// Where it goes: `https://ada.example/scim/v2/k3v9tq2mxa/Users`.
    pub url: String,
    /// Why it cannot be repeated; `None`: it can.
    pub refusal: Option<String>,
    /// How it differs from the first time, a sentence each.
    pub differences: Vec<String>,
    /// Whether it creates, changes or deletes.
    pub is_write: bool,
    /// What came of it when it was tried and taken back; `None`: it cannot be tried.
    pub expected: Option<ExpectedOutcome>,
}

/// What came of a request that was carried out and taken back.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedOutcome {
    /// The HTTP status.
    pub status: u16,
    /// What happens, without who does it: "updated Ada Lovelace, 2 attributes".
    pub summary: Sentence,
    /// "Changed 2 attributes of Ada Lovelace".
    pub effect: String,
    /// The `detail` of the error that is answered.
    pub error: Option<String>,
    /// What changes.
    pub changes: Vec<Change>,
}
