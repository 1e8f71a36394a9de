//! Imports, exports, sample people, and changes of many users or groups at once.

use axum::Json;
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::answer::{Answer, Created, created};
use super::error::ApiError;
use super::extract::{Body, Params};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::StoreError;
use crate::directory::export::{self, ExportFormat, ExportQuery, Exported};
use crate::model::{Batch, DirectoryId, ImportPreview, NewBatch, NewImport, NewSamples};

/// Bytes of a file to import, as the JSON text that it comes in: 10,000 users of 3 KB.
pub(super) const MOST_BYTES: usize = 32 << 20;

/// Pieces of an export that wait until they are taken.
const PIECES: usize = 2;

/// Says what importing a file would do, found out by trying each row and taking it back.
#[utoipa::path(
    post, path = "/api/directories/{id}/imports/preview", tag = "batches", params(("id" = DirectoryId, Path)), request_body = NewImport,
    responses((status = 200, body = ImportPreview), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn preview_import(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(new): Body<NewImport>,
) -> Answer<ImportPreview> {
    Ok(Json(state.batches.preview_import(id, new).await?))
}

/// Begins to import users and groups from a file, as bulk requests that are recorded as yours.
#[utoipa::path(
    post, path = "/api/directories/{id}/imports", tag = "batches", params(("id" = DirectoryId, Path)), request_body = NewImport,
    responses((status = 201, body = Batch), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn start_import(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(new): Body<NewImport>,
) -> Created<Batch> {
    created(state.batches.start_import(id, new).await?)
}

/// Begins to add made-up people, whose names nobody in the directory has.
#[utoipa::path(
    post, path = "/api/directories/{id}/samples", tag = "batches", params(("id" = DirectoryId, Path)), request_body = NewSamples,
    responses((status = 201, body = Batch), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn start_samples(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(new): Body<NewSamples>,
) -> Created<Batch> {
    created(state.batches.start_samples(id, new).await?)
}

/// Begins to deactivate, reactivate or delete all users or groups of a selection, or to make them members of a group.
#[utoipa::path(
    post, path = "/api/directories/{id}/batches", tag = "batches", params(("id" = DirectoryId, Path)), request_body = NewBatch,
    responses((status = 201, body = Batch), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn start_batch(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(new): Body<NewBatch>,
) -> Created<Batch> {
    created(state.batches.start_change(id, new).await?)
}

/// Imports and other changes of many in a directory, under way or over, the oldest first. They are forgotten when the program ends.
#[utoipa::path(
    get, path = "/api/directories/{id}/batches", tag = "batches", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = [Batch]), (status = 404, body = ApiError))
)]
pub(super) async fn list_batches(state: State<ControlState>, Path(id): Path<DirectoryId>) -> Answer<Vec<Batch>> {
    Ok(Json(state.batches.list(&id)?))
}

/// An import or another change of many, under way or over.
#[utoipa::path(
    get, path = "/api/batches/{id}", tag = "batches", params(("id" = String, Path)),
    responses((status = 200, body = Batch), (status = 404, body = ApiError))
)]
pub(super) async fn read_batch(state: State<ControlState>, Path(id): Path<String>) -> Answer<Batch> {
    Ok(Json(state.batches.read_batch(&id)?))
}

/// Stops an import or another change of many: the request under way is finished, and what was done stays.
#[utoipa::path(
    post, path = "/api/batches/{id}/stop", tag = "batches", params(("id" = String, Path)),
    responses((status = 200, body = Batch), (status = 404, body = ApiError))
)]
pub(super) async fn stop_batch(state: State<ControlState>, Path(id): Path<String>) -> Answer<Batch> {
    Ok(Json(state.batches.stop(&id)?))
}

/// Users, groups or both as a file, which an import reads.
#[utoipa::path(
    get, path = "/api/directories/{id}/export", tag = "batches", params(("id" = DirectoryId, Path), ExportQuery),
    responses(
        (status = 200, content((serde_json::Value = "application/scim+json"), (String = "text/csv"))),
        (status = 404, body = ApiError), (status = 422, body = ApiError)
    )
)]
pub(super) async fn export_resources(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<ExportQuery>,
) -> Result<Response, ApiError> {
    let name = match query.what {
        Exported::Users => "users",
        Exported::Groups => "groups",
        Exported::All => "directory",
    };
    let (ending, media_type) = match query.format {
        ExportFormat::Json => ("json", "application/scim+json"),
        ExportFormat::Csv => ("csv", "text/csv; charset=utf-8; header=present"),
    };
    let export = core.run(move |core| export::prepare(core, &id, &query)).await?;
    let (sender, receiver) = mpsc::channel(PIECES);
    let writing = core.0.clone();
    tokio::task::spawn_blocking(move || {
        let written =
            export.write(&writing, &mut |piece| sender.blocking_send(Ok::<_, StoreError>(Bytes::from(piece))).is_ok());
        if let Err(error) = written {
            tracing::error!(%error, "an export broke off");
            // Nobody waits for it any more, or the answer breaks off, which is how a client knows.
            let _ = sender.blocking_send(Err(error));
        }
    });
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
    ];
    Ok((headers, HttpBody::from_stream(ReceiverStream::new(receiver))).into_response())
}
