//! What was found wrong with the data folder.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a look through the data folder found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataCheck {
    /// Whether all is in order, after what was repaired.
    pub is_healthy: bool,
    /// What was found; empty: nothing.
    pub findings: Vec<DataFinding>,
    /// Whether the lists were compared with the users and groups that they are made of: not while they are behind, nor where something
    /// keeps them from being read.
    #[serde(default)]
    pub are_lists_compared: bool,
    /// What the data folder takes of the disk, in bytes.
    pub bytes: u64,
    /// How much of the disk was given back.
    pub freed_bytes: u64,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataFinding {
    /// A sentence that says what, and what it means.
    pub text: String,
    /// What became of it.
    pub outcome: DataOutcome,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DataOutcome {
    /// It can be repaired.
    Repairable,
    /// It was repaired.
    Repaired,
    /// It cannot be repaired.
    BeyondRepair,
}
