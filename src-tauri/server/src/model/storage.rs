//! What the data folder takes of the disk.

use serde::Serialize;
use utoipa::ToSchema;

/// What the data folder takes of the disk, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// Of all its files.
    pub bytes: u64,
    /// For what, the most first; all of it together is `bytes`.
    pub parts: Vec<StoragePart>,
}

/// A part of what the data folder takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoragePart {
    /// For what.
    pub what: Stored,
    /// How much.
    pub bytes: u64,
}

/// What takes room in the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Stored {
    /// Recorded requests with their answers.
    Requests,
    /// What users and groups were before, and what changed.
    History,
    /// What users and groups are, and who is in which group.
    People,
    /// What lists and searches read, derived from the others.
    Lists,
    /// Pages that the next rows will take.
    Free,
    /// What was written lately and is not folded into the databases yet.
    Journals,
    /// Backups in the data folder.
    Backups,
    /// What was put aside: damaged records of requests, and what a restore has replaced.
    SetAside,
    /// Everything else: environments, directories, tokens, settings, small files.
    Other,
}
