//! How the program is doing, in a line.

use serde::Serialize;
use utoipa::ToSchema;

use super::DirectoryId;

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// In a word.
    pub state: SummaryState,
    /// In a line: "Listening on 127.0.0.1:7246".
    pub text: String,
    /// The directories with the newest requests, at most five.
    pub recent: Vec<RecentDirectory>,
}

/// How the program is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SummaryState {
    /// The provisioning listener answers.
    Listening,
    /// It answers, and the last requests of a directory were refused for their token.
    Refused,
    /// It is not open.
    NotListening,
}

/// A directory that was used lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentDirectory {
    /// The directory.
    pub id: DirectoryId,
    /// Its name and its organization's: "Okta Preview · Acme Corp".
    pub name: String,
    /// What to paste into the identity provider.
    pub base_url: String,
}
