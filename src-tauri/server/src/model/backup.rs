//! What is kept in the data folder beside the databases: backups, and what was put aside.

use serde::Serialize;
use utoipa::ToSchema;

use super::Timestamp;

/// A backup in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Backup {
    /// The name of its file: `scim-setup-20260607-120311.backup`.
    pub name: String,
    /// The whole path of its file, as `scim-setup restore` takes it.
    pub path: String,
    /// When it was made.
    pub at: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// A backup that takes the place of what is there when SCIM Setup starts the next time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagedRestore {
    /// The name of its file: `scim-setup-20260607-120311.backup`.
    pub backup: String,
    /// When it was asked for.
    pub at: Timestamp,
}

/// Something that was put aside in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetAside {
    /// Its name in the data folder: `before-restore-20260607-120311`.
    pub name: String,
    /// What it is.
    pub what: SetAsideWhat,
    /// The whole path.
    pub path: String,
    /// When it was last written.
    pub at: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// What was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SetAsideWhat {
    /// A folder with the databases that a restore has replaced.
    Replaced,
    /// A damaged record of requests.
    Damaged,
}
