//! Environments, organizations and directories together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Counts, Directory, Environment, Organization};

/// Everything the sidebar shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tree {
    /// By name.
    pub environments: Vec<Environment>,
    /// By name.
    pub organizations: Vec<Organization>,
    /// Primary first, then by name.
    pub directories: Vec<Directory>,
    /// Requests that address no directory.
    pub unattributed: Counts,
}

/// What is in a demo that the simulator did not make there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DemoContents {
    /// Users, groups and recorded requests that are not the simulator's, or not its alone.
    pub real: Contents,
    /// Whether a bearer token is in force: the simulator needs none.
    pub has_token: bool,
}

/// What goes when something is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Organizations in it.
    pub organizations: u64,
    /// Directories in it.
    pub directories: u64,
    /// Users in it.
    pub users: u64,
    /// Groups in it.
    pub groups: u64,
    /// Recorded requests in it.
    pub exchanges: u64,
}
