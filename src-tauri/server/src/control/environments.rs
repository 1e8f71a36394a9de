//! Environments and the tree of everything.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::Body;
use super::state::ControlState;
use crate::core::Core;
use crate::directory::environments::{self, EnvironmentPatch, NewEnvironment};
use crate::directory::tree;
use crate::insight::public_url;
use crate::model::{CheckedUrl, Contents, Environment, EnvironmentId, Tree};

/// The name of what is to be deleted, typed by the person who wants that.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Confirmation {
    /// Exactly as it is.
    pub(super) name: String,
}

/// A public URL as pasted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PastedUrl {
    /// As pasted.
    url: String,
    /// Whether it may be `http` or a private host.
    #[serde(default)]
    local_only: bool,
}

/// Says what a pasted public URL becomes, or why it cannot be used.
#[utoipa::path(
    post, path = "/api/public-url/check", tag = "environments", request_body = PastedUrl,
    responses((status = 200, body = CheckedUrl), (status = 422, body = ApiError))
)]
pub(super) async fn check_public_url(Body(pasted): Body<PastedUrl>) -> Answer<CheckedUrl> {
    public_url::check(&pasted.url, pasted.local_only)
        .map(Json)
        .map_err(|message| ApiError::invalid("publicUrl", message))
}

/// Environments, organizations and directories.
#[utoipa::path(get, path = "/api/tree", tag = "environments", responses((status = 200, body = Tree)))]
pub(super) async fn read_tree(core: State<Core>) -> Answer<Tree> {
    Ok(Json(core.run(tree::read).await?))
}

/// Creates an environment.
#[utoipa::path(
    post, path = "/api/environments", tag = "environments", request_body = NewEnvironment,
    responses((status = 201, body = Environment), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn create_environment(core: State<Core>, Body(new): Body<NewEnvironment>) -> Created<Environment> {
    created(core.run(move |core| environments::create(core, new)).await?)
}

/// Changes an environment.
#[utoipa::path(
    patch, path = "/api/environments/{id}", tag = "environments", params(("id" = EnvironmentId, Path)), request_body = EnvironmentPatch,
    responses((status = 200, body = Environment), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_environment(
    state: State<ControlState>,
    Path(id): Path<EnvironmentId>,
    Body(patch): Body<EnvironmentPatch>,
) -> Answer<Environment> {
    let updated = state.core.run(move |core| environments::update(core, &id, patch)).await?;
    state.tunnel.forget_unless(&updated.id, updated.public_url.as_deref());
    Ok(Json(updated))
}

/// Deletes an environment with all that is in it.
#[utoipa::path(
    delete, path = "/api/environments/{id}", tag = "environments", params(("id" = EnvironmentId, Path)), request_body = Confirmation,
    responses((status = 204), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn delete_environment(
    state: State<ControlState>,
    Path(id): Path<EnvironmentId>,
    Body(confirmation): Body<Confirmation>,
) -> Done {
    let deleted = id.clone();
    state.core.run(move |core| environments::delete(core, &deleted, &confirmation.name)).await?;
    state.tunnel.forget_unless(&id, None);
    state.simulations.forget_deleted();
    Ok(NoContent)
}

/// Says what deleting it would delete.
#[utoipa::path(
    get, path = "/api/environments/{id}/contents", tag = "environments", params(("id" = EnvironmentId, Path)),
    responses((status = 200, body = Contents), (status = 404, body = ApiError))
)]
pub(super) async fn read_environment_contents(core: State<Core>, Path(id): Path<EnvironmentId>) -> Answer<Contents> {
    Ok(Json(core.run(move |core| environments::read_contents(core, &id)).await?))
}
