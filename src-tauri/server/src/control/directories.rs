//! Directories and their tokens.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, NoContent, Response};
use idp::{Preset, PresetId};
use scim::{Policy, PolicySwitch};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Answer, Created, Done, created};
use super::environments::Confirmation;
use super::error::ApiError;
use super::extract::{Body, Params};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::directories::{self, DirectoryPatch, NewDirectoryRequest};
use crate::directory::{browse, exchanges, former_url, forwarding, tokens};
use crate::model::{
    Contents, Directory, DirectoryId, Exchange, ExpectedOutcome, ForwardingCheck, ForwardingRequest, PolicyPreset,
    RequestDraft, TokenCreated,
};

/// For whom a server is asked.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(super) struct ForwardingCheckQuery {
    /// The directory whose token for its server is shown where none is given.
    directory_id: Option<DirectoryId>,
}

/// Creates a directory.
#[utoipa::path(
    post, path = "/api/directories", tag = "directories", request_body = NewDirectoryRequest,
    responses((status = 201, body = Directory), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn create_directory(core: State<Core>, Body(new): Body<NewDirectoryRequest>) -> Created<Directory> {
    created(core.run(move |core| directories::create(core, new)).await?)
}

/// Asks a server that a directory is to forward to whether it is there: it gets one GET of its configuration.
#[utoipa::path(
    post, path = "/api/forwarding-checks", tag = "directories", params(ForwardingCheckQuery), request_body = ForwardingRequest,
    responses((status = 200, body = ForwardingCheck), (status = 422, body = ApiError))
)]
pub(super) async fn check_forwarding(
    core: State<Core>,
    Params(query): Params<ForwardingCheckQuery>,
    Body(request): Body<ForwardingRequest>,
) -> Answer<ForwardingCheck> {
    Ok(Json(forwarding::check(&core, query.directory_id.as_ref(), &request).await?))
}

/// Changes a directory.
#[utoipa::path(
    patch, path = "/api/directories/{id}", tag = "directories", params(("id" = DirectoryId, Path)), request_body = DirectoryPatch,
    responses((status = 200, body = Directory), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_directory(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Body(patch): Body<DirectoryPatch>,
) -> Answer<Directory> {
    Ok(Json(core.run(move |core| directories::update(core, &id, patch)).await?))
}

/// Deletes a directory with all that is in it.
#[utoipa::path(
    delete, path = "/api/directories/{id}", tag = "directories", params(("id" = DirectoryId, Path)), request_body = Confirmation,
    responses((status = 204), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn delete_directory(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(confirmation): Body<Confirmation>,
) -> Done {
    state.core.run(move |core| directories::delete(core, &id, &confirmation.name)).await?;
    state.simulations.forget_deleted();
    Ok(NoContent)
}

/// Lets a directory begin anew: without its users, groups, requests and ticks, but with its base URL, token and settings.
#[utoipa::path(
    post, path = "/api/directories/{id}/reset", tag = "directories", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = Directory), (status = 404, body = ApiError))
)]
pub(super) async fn reset_directory(state: State<ControlState>, Path(id): Path<DirectoryId>) -> Answer<Directory> {
    // What goes on there would go on in the new one.
    state.simulations.end(&id).await;
    state.batches.end(&id).await;
    let directory = state.core.run(move |core| directories::reset(core, &id)).await?;
    Ok(Json(directory))
}

/// Sends a request of a person to a directory, which needs no token, and answers with it as it was recorded, whatever came of it.
#[utoipa::path(
    post, path = "/api/directories/{id}/requests", tag = "directories", params(("id" = DirectoryId, Path)), request_body = RequestDraft,
    responses((status = 201, body = Exchange), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn send_request(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(draft): Body<RequestDraft>,
) -> Created<Exchange> {
    let sent = state.listener.provisioning().send_draft(id, draft).await?;
    created(state.core.run(move |core| exchanges::read_exchange(core, sent)).await?)
}

/// Says what such a request would do, found out by carrying it out and taking that back.
#[utoipa::path(
    post, path = "/api/directories/{id}/requests/rehearsal", tag = "directories", params(("id" = DirectoryId, Path)),
    request_body = RequestDraft,
    responses((status = 200, body = ExpectedOutcome), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn rehearse_request(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(draft): Body<RequestDraft>,
) -> Answer<ExpectedOutcome> {
    Ok(Json(state.listener.provisioning().rehearse_draft(id, draft).await?))
}

/// Says what deleting it would delete.
#[utoipa::path(
    get, path = "/api/directories/{id}/contents", tag = "directories", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = Contents), (status = 404, body = ApiError))
)]
pub(super) async fn read_directory_contents(core: State<Core>, Path(id): Path<DirectoryId>) -> Answer<Contents> {
    Ok(Json(core.run(move |core| directories::read_contents(core, &id)).await?))
}

/// Reads a directory.
#[utoipa::path(
    get, path = "/api/directories/{id}", tag = "directories", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = Directory), (status = 404, body = ApiError))
)]
pub(super) async fn read_directory(core: State<Core>, Path(id): Path<DirectoryId>) -> Answer<Directory> {
    Ok(Json(core.run(move |core| browse::read_directory(core, &id)).await?))
}

/// Forgets what the identity provider still has after the base URL changed: it has been told.
#[utoipa::path(
    delete, path = "/api/directories/{id}/former-url", tag = "directories", params(("id" = DirectoryId, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn forget_former_url(core: State<Core>, Path(id): Path<DirectoryId>) -> Done {
    core.run(move |core| former_url::forget_former_url(core, &id)).await?;
    Ok(NoContent)
}

/// Generates a bearer token, which replaces the one before at once. This is the only answer that carries it.
#[utoipa::path(
    post, path = "/api/directories/{id}/token", tag = "directories", params(("id" = DirectoryId, Path)),
    responses((status = 201, body = TokenCreated), (status = 404, body = ApiError))
)]
pub(super) async fn create_token(core: State<Core>, Path(id): Path<DirectoryId>) -> Result<Response, ApiError> {
    let created = core.run(move |core| tokens::create_token(core, &id)).await?;
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(created)).into_response())
}

/// Lists the ready-made policies, in the order in which they are offered.
#[utoipa::path(
    get, path = "/api/policy-presets", tag = "directories",
    responses((status = 200, body = Vec<PolicyPreset>))
)]
pub(super) async fn list_policy_presets() -> Json<Vec<PolicyPreset>> {
    let presets = PresetId::ALL.map(|preset| {
        let &Preset { label, hint, policy } = preset.preset();
        PolicyPreset { preset, label, hint, policy: policy() }
    });
    Json(presets.into())
}

/// Lists the switches of a policy with their words, in the order in which they are offered.
#[utoipa::path(
    get, path = "/api/policy-switches", tag = "directories",
    responses((status = 200, body = Vec<PolicySwitch>))
)]
pub(super) async fn list_policy_switches() -> Json<Vec<PolicySwitch>> {
    Json(Policy::switches())
}
