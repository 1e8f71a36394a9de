//! API keys of the software under test, what it asked for, and the port of the integration listener.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::{Body, Params, number};
use super::settings::{OpenListener, check_port, save, status};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::api_calls::{self, ApiCallQuery};
use crate::directory::api_keys::{self, NewApiKey};
use crate::directory::settings::SettingsPatch;
use crate::model::{ApiCallDetail, ApiCallPage, ApiKey, ApiKeyCreated, ApiKeyId, EnvironmentId, Status};

/// The API keys of an environment: those in force, then those that were revoked; the newest first.
#[utoipa::path(
    get, path = "/api/environments/{id}/api-keys", tag = "integration", params(("id" = EnvironmentId, Path)),
    responses((status = 200, body = Vec<ApiKey>), (status = 404, body = ApiError))
)]
pub(super) async fn list_api_keys(core: State<Core>, Path(id): Path<EnvironmentId>) -> Answer<Vec<ApiKey>> {
    Ok(Json(core.run(move |core| api_keys::list(core, &id)).await?))
}

/// Creates an API key. This answer is the only one that has it.
#[utoipa::path(
    post, path = "/api/environments/{id}/api-keys", tag = "integration", params(("id" = EnvironmentId, Path)), request_body = NewApiKey,
    responses((status = 201, body = ApiKeyCreated), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn create_api_key(
    core: State<Core>,
    Path(id): Path<EnvironmentId>,
    Body(new): Body<NewApiKey>,
) -> Created<ApiKeyCreated> {
    created(core.run(move |core| api_keys::create(core, &id, &new)).await?)
}

/// Revokes an API key: the very next request with it is refused.
#[utoipa::path(
    delete, path = "/api/api-keys/{id}", tag = "integration", params(("id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKey), (status = 404, body = ApiError))
)]
pub(super) async fn revoke_api_key(core: State<Core>, Path(id): Path<ApiKeyId>) -> Answer<ApiKey> {
    Ok(Json(core.run(move |core| api_keys::revoke(core, &id)).await?))
}

/// What was asked of the integration API with keys of an environment, and with keys that nobody knows; the newest first.
#[utoipa::path(
    get, path = "/api/environments/{id}/api-calls", tag = "integration", params(("id" = EnvironmentId, Path), ApiCallQuery),
    responses((status = 200, body = ApiCallPage), (status = 404, body = ApiError))
)]
pub(super) async fn list_api_calls(
    core: State<Core>,
    Path(id): Path<EnvironmentId>,
    Params(query): Params<ApiCallQuery>,
) -> Answer<ApiCallPage> {
    Ok(Json(core.run(move |core| api_calls::list(core, &id, &query)).await?))
}

/// Deletes what was asked of the integration API with keys of an environment, and with keys that nobody knows.
#[utoipa::path(
    delete, path = "/api/environments/{id}/api-calls", tag = "integration", params(("id" = EnvironmentId, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_api_calls(core: State<Core>, Path(id): Path<EnvironmentId>) -> Done {
    core.run(move |core| api_calls::delete(core, &id)).await?;
    Ok(NoContent)
}

/// A request to the integration API with its answer.
#[utoipa::path(
    get, path = "/api/api-calls/{id}", tag = "integration", params(("id" = i64, Path)),
    responses((status = 200, body = ApiCallDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_api_call(core: State<Core>, Path(id): Path<String>) -> Answer<ApiCallDetail> {
    let id = number(&id, "number of an API call")?;
    Ok(Json(core.run(move |core| api_calls::read(core, id)).await?))
}

/// Opens the integration listener on a port, or moves it there.
#[utoipa::path(
    post, path = "/api/integration-listener", tag = "integration", request_body = OpenListener,
    responses((status = 200, body = Status), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn open_integration_listener(
    state: State<ControlState>,
    Body(open): Body<OpenListener>,
) -> Answer<Status> {
    check_port("port", open.port)?;
    state.integration.open(open.port).await?;
    save(&state, SettingsPatch { integration_port: Some(open.port), ..SettingsPatch::default() }).await?;
    Ok(Json(status(&state).await?))
}
