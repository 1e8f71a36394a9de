//! A time without this program.

use serde::Serialize;
use utoipa::ToSchema;

use super::{DirectoryId, Timestamp};

/// A time in which identity providers got no answer, because the program was not running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// Why.
    pub cause: AbsenceCause,
    /// When the program was last seen running.
    pub since: Timestamp,
    /// When it was there again.
    pub until: Timestamp,
    /// Who may have tried something meanwhile, the one that was last active first.
    pub providers: Vec<AbsentFor>,
}

/// Why the program was not running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AbsenceCause {
    /// It was closed, or ended by force.
    Closed,
    /// The computer slept.
    Slept,
}

/// An identity provider that may have missed the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AbsentFor {
    /// "Okta", "your provider".
    pub provider: String,
    /// The directories that it uses.
    pub directory_ids: Vec<DirectoryId>,
    /// What it does with what it could not deliver, and what to do about it.
    pub advice: String,
}
