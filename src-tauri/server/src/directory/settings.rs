//! What a person sets for the whole program.

use serde::Deserialize;
use utoipa::ToSchema;

use super::present;
use crate::core::Core;
use crate::model::{Event, Notify, Settings, Theme};
use crate::store::{StoreError, settings};

/// What changes of the settings.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct SettingsPatch {
    /// The port of the provisioning listener, which moves at once.
    pub(crate) port: Option<u16>,
    /// The port of the integration listener, which moves at once.
    pub(crate) integration_port: Option<u16>,
    /// Whether the integration API says of deactivated users that they are deleted.
    pub(crate) deactivated_is_deleted: Option<bool>,
    /// Which colors.
    pub(crate) theme: Option<Theme>,
    /// Recorded requests that each directory keeps, 100 to 1,000,000.
    pub(crate) keep_exchanges: Option<u32>,
    /// Megabytes that the recorded requests of all directories take at the most, 10 to 100,000.
    pub(crate) keep_megabytes: Option<u32>,
    /// After how many days recorded requests are deleted, 1 to 3,650; `null`: whatever their age.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    pub(crate) keep_days: Option<Option<u32>>,
    /// Changes of each user and group that its history keeps, 10 to 100,000.
    pub(crate) keep_changes: Option<u32>,
    /// Deleted users and groups that each directory keeps, 10 to 100,000.
    pub(crate) keep_deleted: Option<u32>,
    /// After how many days changes go from the history, and deleted users and groups altogether, 1 to 3,650; `null`: whatever their age.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    pub(crate) keep_change_days: Option<Option<u32>>,
    /// Which notifications the desktop shows.
    pub(crate) notify: Option<Notify>,
    /// Whether closing the window leaves the program running in the tray, where there is one.
    pub(crate) stay_in_tray: Option<bool>,
}

impl SettingsPatch {
    /// Whether it says how much is kept.
    pub(crate) fn is_about_limits(&self) -> bool {
        let Self { keep_exchanges, keep_megabytes, keep_days, keep_changes, keep_deleted, keep_change_days, .. } = self;
        let is_some = [keep_exchanges, keep_megabytes, keep_changes, keep_deleted].iter().any(|keep| keep.is_some());
        is_some || keep_days.is_some() || keep_change_days.is_some()
    }
}

/// What is set.
///
/// # Errors
/// If the database refuses.
pub(crate) fn read_settings(core: &Core) -> Result<Settings, StoreError> {
    core.store.read(settings::read)
}

/// Saves what changes and returns all settings. The listener is not moved here.
///
/// # Errors
/// If the database refuses.
pub(crate) fn update_settings(core: &Core, patch: SettingsPatch) -> Result<Settings, StoreError> {
    let live = core.live.clone();
    core.store.write(move |tx| {
        let before = settings::read(tx)?;
        let after = Settings {
            port: patch.port.unwrap_or(before.port),
            integration_port: patch.integration_port.unwrap_or(before.integration_port),
            deactivated_is_deleted: patch.deactivated_is_deleted.unwrap_or(before.deactivated_is_deleted),
            theme: patch.theme.unwrap_or(before.theme),
            keep_exchanges: patch.keep_exchanges.unwrap_or(before.keep_exchanges),
            keep_megabytes: patch.keep_megabytes.unwrap_or(before.keep_megabytes),
            keep_days: patch.keep_days.unwrap_or(before.keep_days),
            keep_changes: patch.keep_changes.unwrap_or(before.keep_changes),
            keep_deleted: patch.keep_deleted.unwrap_or(before.keep_deleted),
            keep_change_days: patch.keep_change_days.unwrap_or(before.keep_change_days),
            notify: patch.notify.unwrap_or(before.notify),
            stay_in_tray: patch.stay_in_tray.unwrap_or(before.stay_in_tray),
        };
        settings::save(tx, &after)?;
        tx.after_commit(move || live.publish(Event::Status));
        Ok(after)
    })
}
