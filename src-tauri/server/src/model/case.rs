//! Requests that one person shows to another: a file that leaves this program, and opens in another.

use idp::IdpId;
use scim::Policy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DeclaredSchema, Exchange, ExchangeRow, Timestamp};

/// What a file says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum CaseFormat {
    /// The first version.
    #[serde(rename = "scim-setup-case-1")]
    V1,
}

/// Recorded requests with all that explains them, to be shown to somebody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// What the file is.
    pub format: CaseFormat,
    /// What it is about.
    #[serde(flatten)]
    pub about: CaseAbout,
    /// The requests, the oldest first.
    pub exchanges: Vec<Exchange>,
}

/// What a case is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseAbout {
    /// What a person called it.
    pub title: String,
    /// The program that made it: "SCIM Setup 1.0.0".
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// The identity provider of the directory, as far as it is known.
    pub identity_provider: Option<IdpId>,
    /// How lenient the directory is; `None`: the requests addressed none.
    pub policy: Option<Policy>,
    /// Extensions that the directory declares.
    #[serde(default)]
    pub schemas: Vec<DeclaredSchema>,
    /// Whether names and addresses of people, groups and hosts stand for others.
    pub is_anonymized: bool,
    /// Older requests that had no place.
    #[serde(default)]
    pub omitted: u64,
}

/// A case that was opened here.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenedCase {
    /// Its id here.
    pub id: String,
    /// What it is about.
    pub about: CaseAbout,
    /// Its requests, the newest first.
    pub exchanges: Vec<ExchangeRow>,
}

/// A case that was opened here, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseRow {
    /// Its id here.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// What it takes of the disk.
    pub bytes: u64,
}

/// What a case would have in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CasePreview {
    /// How many requests.
    pub exchange_count: u64,
    /// Older ones that have no place.
    pub omitted: u64,
    /// How long the file would be.
    pub bytes: u64,
    /// How many values would be replaced, each counted once.
    pub replacement_count: u64,
    /// The first of them, in the order in which they stand.
    pub replacements: Vec<Replacement>,
    /// What people noted about the requests, as it would stand there; of many the first.
    pub annotations: Vec<String>,
}

/// A value, and what would stand for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    /// What it is the value of: `userName`, `emails.value`, `host`.
    pub of: String,
    /// As it is.
    pub from: String,
    /// As it would be.
    pub to: String,
}
