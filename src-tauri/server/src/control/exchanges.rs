//! The recorded requests.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::{IntoResponse, NoContent, Response};

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::{Body, Params, number};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::cases::{self, CaseQuery};
use crate::directory::exchanges::{self, DeleteExchanges, ExchangeQuery};
use crate::directory::marks::{self, ExchangePatch};
use crate::model::{DirectoryId, Exchange, ExchangeId, ExchangePage, ExchangeRow, ReplayPlan};

/// A window of the recorded requests, newest first; the id `unattributed` lists those of no directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/exchanges", tag = "exchanges", params(("id" = DirectoryId, Path), ExchangeQuery),
    responses((status = 200, body = ExchangePage), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn list_exchanges(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<ExchangeQuery>,
) -> Answer<ExchangePage> {
    Ok(Json(core.run(move |core| exchanges::list_exchanges(core, &id, &query)).await?))
}

/// The recorded requests that a query finds as an HTTP archive, HAR 1.2, the oldest first; of very many the newest.
#[utoipa::path(
    get, path = "/api/directories/{id}/exchanges.har", tag = "exchanges", params(("id" = DirectoryId, Path), CaseQuery),
    responses((status = 200, body = Value), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn archive_exchanges(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<CaseQuery>,
) -> Result<Response, ApiError> {
    let archive = core.run(move |core| cases::archive(core, &id, &query)).await?;
    let attachment = "attachment; filename=\"scim-requests.har\"";
    Ok(([(CONTENT_DISPOSITION, attachment)], Json(archive)).into_response())
}

/// A recorded request with its answer and what it changed.
#[utoipa::path(
    get, path = "/api/exchanges/{id}", tag = "exchanges", params(("id" = ExchangeId, Path)),
    responses((status = 200, body = Exchange), (status = 404, body = ApiError))
)]
pub(super) async fn read_exchange(core: State<Core>, Path(id): Path<String>) -> Answer<Exchange> {
    let id: ExchangeId = number(&id, "request's id")?;
    Ok(Json(core.run(move |core| exchanges::read_exchange(core, id)).await?))
}

/// Earlier requests of the same kind, 20 at the most: those to the same address first, the newest first.
#[utoipa::path(
    get, path = "/api/exchanges/{id}/comparable", tag = "exchanges", params(("id" = ExchangeId, Path)),
    responses((status = 200, body = Vec<ExchangeRow>), (status = 404, body = ApiError))
)]
pub(super) async fn comparable_exchanges(core: State<Core>, Path(id): Path<String>) -> Answer<Vec<ExchangeRow>> {
    let id: ExchangeId = number(&id, "request's id")?;
    Ok(Json(core.run(move |core| exchanges::comparable_exchanges(core, id)).await?))
}

/// Pins a recorded request, so that it stays whatever the limits are, or writes a note about it.
#[utoipa::path(
    patch, path = "/api/exchanges/{id}", tag = "exchanges", params(("id" = ExchangeId, Path)), request_body = ExchangePatch,
    responses((status = 200, body = Exchange), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn mark_exchange(
    core: State<Core>,
    Path(id): Path<String>,
    Body(patch): Body<ExchangePatch>,
) -> Answer<Exchange> {
    let id: ExchangeId = number(&id, "request's id")?;
    Ok(Json(core.run(move |core| marks::mark_exchange(core, id, patch)).await?))
}

/// Deletes the recorded requests of a directory, those that are pinned aside; the id `unattributed` deletes those of no directory. Users and
/// groups stay.
#[utoipa::path(
    delete, path = "/api/directories/{id}/exchanges", tag = "exchanges", params(("id" = DirectoryId, Path), DeleteExchanges),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_exchanges(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<DeleteExchanges>,
) -> Done {
    core.run(move |core| exchanges::delete_exchanges(core, &id, query)).await?;
    Ok(NoContent)
}

/// Says what repeating a recorded request would do, found out by carrying it out and taking that back.
#[utoipa::path(
    get, path = "/api/exchanges/{id}/replay", tag = "exchanges", params(("id" = ExchangeId, Path)),
    responses((status = 200, body = ReplayPlan), (status = 404, body = ApiError))
)]
pub(super) async fn read_replay(state: State<ControlState>, Path(id): Path<String>) -> Answer<ReplayPlan> {
    Ok(Json(state.listener.provisioning().rehearse(number(&id, "request's id")?).await?))
}

/// Repeats a recorded request, without its token, and answers with the repetition as it was recorded.
#[utoipa::path(
    post, path = "/api/exchanges/{id}/replay", tag = "exchanges", params(("id" = ExchangeId, Path)),
    responses((status = 201, body = Exchange), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn replay_exchange(state: State<ControlState>, Path(id): Path<String>) -> Created<Exchange> {
    let repetition = state.listener.provisioning().replay(number(&id, "request's id")?).await?;
    created(state.core.run(move |core| exchanges::read_exchange(core, repetition)).await?)
}
