//! Status, settings, and the provisioning listener's port.

use axum::Json;
use axum::extract::State;
use axum::response::NoContent;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::Answer;
use super::error::ApiError;
use super::extract::Body;
use super::state::ControlState;
use crate::core::Core;
use crate::directory::settings::{self, SettingsPatch};
use crate::directory::{self, absence, data_folder, retention};
use crate::model::{Settings, Status};

/// Requests that a directory may keep: enough to look back, and few enough for the disk.
const KEEP: std::ops::RangeInclusive<u32> = 100..=1_000_000;

/// Megabytes that all requests may take: room for the largest requests several times over, and up to a disk of its own.
const KEEP_MEGABYTES: std::ops::RangeInclusive<u32> = 10..=100_000;

/// Days that a request or a change may be kept: up to ten years.
const KEEP_DAYS: std::ops::RangeInclusive<u32> = 1..=3_650;

/// Changes that a history may keep, and deleted resources of a directory: enough to see what came of a test, and no more than can be looked
/// through.
const KEEP_CHANGES: std::ops::RangeInclusive<u32> = 10..=100_000;

/// The port to open.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OpenListener {
    /// 1024 to 65535, or 0 for any.
    pub(super) port: u16,
}

/// How the program is doing.
#[utoipa::path(get, path = "/api/status", tag = "settings", responses((status = 200, body = Status)))]
pub(super) async fn read_status(state: State<ControlState>) -> Answer<Status> {
    Ok(Json(status(&state).await?))
}

/// Says no more that the program was not there: a person has read it.
#[utoipa::path(delete, path = "/api/status/absence", tag = "settings", responses((status = 204)))]
pub(super) async fn dismiss_absence(core: State<Core>) -> NoContent {
    absence::dismiss(&core);
    NoContent
}

/// What is set.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses((status = 200, body = Settings)))]
pub(super) async fn read_settings(core: State<Core>) -> Answer<Settings> {
    Ok(Json(core.run(settings::read_settings).await?))
}

/// Changes settings. A port that cannot be used changes nothing.
#[utoipa::path(
    patch, path = "/api/settings", tag = "settings", request_body = SettingsPatch,
    responses((status = 200, body = Settings), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_settings(state: State<ControlState>, Body(patch): Body<SettingsPatch>) -> Answer<Settings> {
    if patch.keep_exchanges.is_some_and(|keep| !KEEP.contains(&keep)) {
        return Err(ApiError::invalid("keepExchanges", "Keep between 100 and 1,000,000 requests."));
    }
    if patch.keep_megabytes.is_some_and(|megabytes| !KEEP_MEGABYTES.contains(&megabytes)) {
        return Err(ApiError::invalid("keepMegabytes", "Keep between 10 and 100,000 MB of requests."));
    }
    if patch.keep_days.flatten().is_some_and(|days| !KEEP_DAYS.contains(&days)) {
        return Err(ApiError::invalid("keepDays", "Keep requests for 1 to 3,650 days, or whatever their age."));
    }
    if patch.keep_changes.is_some_and(|keep| !KEEP_CHANGES.contains(&keep)) {
        return Err(ApiError::invalid("keepChanges", "Keep between 10 and 100,000 changes to each user and group."));
    }
    if patch.keep_deleted.is_some_and(|keep| !KEEP_CHANGES.contains(&keep)) {
        let text = "Keep between 10 and 100,000 deleted users and groups per directory.";
        return Err(ApiError::invalid("keepDeleted", text));
    }
    if patch.keep_change_days.flatten().is_some_and(|days| !KEEP_DAYS.contains(&days)) {
        return Err(ApiError::invalid("keepChangeDays", "Keep changes for 1 to 3,650 days, or whatever their age."));
    }
    if patch.port.is_some() && patch.integration_port.is_some() {
        return Err(ApiError::invalid("integrationPort", "Change one port at a time: each can be taken."));
    }
    if let Some(port) = patch.port {
        check_port("port", port)?;
        state.listener.open(port).await?;
    }
    if let Some(port) = patch.integration_port {
        check_port("integrationPort", port)?;
        state.integration.open(port).await.map_err(|error| ApiError::from(error).about("integrationPort"))?;
    }
    let is_about_limits = patch.is_about_limits();
    let saved = save(&state, patch).await?;
    if is_about_limits {
        state.core.run(retention::apply_limits).await?;
    }
    Ok(Json(saved))
}

/// Opens the provisioning listener on a port, or moves it there.
#[utoipa::path(
    post, path = "/api/listener", tag = "settings", request_body = OpenListener,
    responses((status = 200, body = Status), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn open_listener(state: State<ControlState>, Body(open): Body<OpenListener>) -> Answer<Status> {
    check_port("port", open.port)?;
    state.listener.open(open.port).await?;
    save(&state, SettingsPatch { port: Some(open.port), ..SettingsPatch::default() }).await?;
    Ok(Json(status(&state).await?))
}

pub(super) fn check_port(field: &'static str, port: u16) -> Result<(), ApiError> {
    if (1..1024).contains(&port) {
        return Err(ApiError::invalid(field, "Port must be between 1024 and 65535."));
    }
    Ok(())
}

pub(super) async fn save(state: &ControlState, patch: SettingsPatch) -> Result<Settings, ApiError> {
    Ok(state.core.run(move |core| settings::update_settings(core, patch)).await?)
}

pub(super) async fn status(state: &ControlState) -> Result<Status, ApiError> {
    let read = |core: &Core| Ok::<_, directory::Error>((core.store.bytes()?, data_folder::staged_restore(core)?));
    let (data_bytes, staged_restore) = state.core.run(read).await?;
    Ok(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("SCIM_SETUP_COMMIT").to_owned(),
        data_folder: state.core.store.folder().display().to_string(),
        data_bytes,
        log_folder: state.log.folder().map(|folder| folder.display().to_string()),
        listener: state.core.listener(),
        integration_listener: state.integration.state().await,
        control_url: state.url.clone(),
        recording_problem: state.core.recording_problem(),
        tunnels: state.tunnel.checks(),
        staged_restore,
        absence: state.core.absence(),
    })
}
