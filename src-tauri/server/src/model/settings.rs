//! What a person can set for the whole program.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Notify;

/// The port that the provisioning listener asks for when nobody says otherwise.
pub const DEFAULT_PORT: u16 = 7246;

/// The port that the integration listener asks for when nobody says otherwise.
pub(crate) const DEFAULT_INTEGRATION_PORT: u16 = 7248;

/// What a person can set for the whole program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The port of the provisioning listener; 0 picks one.
    #[schema(required)]
    pub port: u16,
    /// The port of the integration listener; 0 picks one.
    #[schema(required)]
    pub integration_port: u16,
    /// Whether the integration API says of deactivated users that they are deleted, as SSOReady does: there, `deleted` is true of who is
    /// deactivated as well.
    #[schema(required)]
    pub deactivated_is_deleted: bool,
    /// `system`, `light` or `dark`.
    #[schema(required)]
    pub theme: Theme,
    /// How many recorded requests each directory keeps.
    #[schema(required)]
    pub keep_exchanges: u32,
    /// How many megabytes the recorded requests of all directories take at the most; the oldest go first.
    #[schema(required)]
    pub keep_megabytes: u32,
    /// After how many days recorded requests are deleted; `null`: whatever their age.
    #[schema(required)]
    pub keep_days: Option<u32>,
    /// How many changes of each user and group its history keeps at the most; the oldest go first.
    #[schema(required)]
    pub keep_changes: u32,
    /// How many deleted users and groups each directory keeps, with their history; those that were deleted first go first.
    #[schema(required)]
    pub keep_deleted: u32,
    /// After how many days changes go from the history, and deleted users and groups altogether; `null`: whatever their age.
    #[schema(required)]
    pub keep_change_days: Option<u32>,
    /// Which notifications the desktop shows.
    #[schema(required)]
    pub notify: Notify,
    /// Whether closing the window leaves the program running in the tray, where there is one.
    #[schema(required)]
    pub stay_in_tray: bool,
}

/// Which colors the window uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Settings {
    /// How many bytes recorded requests take at the most.
    pub(crate) fn keep_bytes(&self) -> u64 {
        u64::from(self.keep_megabytes) * 1_000_000
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            integration_port: DEFAULT_INTEGRATION_PORT,
            deactivated_is_deleted: false,
            theme: Theme::System,
            keep_exchanges: 5_000,
            keep_megabytes: 256,
            keep_days: None,
            keep_changes: 500,
            keep_deleted: 10_000,
            keep_change_days: None,
            notify: Notify::default(),
            stay_in_tray: false,
        }
    }
}
