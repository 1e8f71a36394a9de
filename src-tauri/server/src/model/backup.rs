//! A backup in the data folder.

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
