//! Cases: requests that one person shows to another.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::{IntoResponse, NoContent, Response};

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::{Params, number};
use crate::core::Core;
use crate::directory::cases::{self, CaseQuery};
use crate::model::{Case, CasePreview, CaseRow, DirectoryId, Exchange, ExchangeId, OpenedCase};

/// Recorded requests with all that explains them as a file that another SCIM Setup opens, the oldest first; of very many the newest. The id
/// `unattributed` is for those of no directory. Secrets are masked; with `anonymize`, names and addresses stand for others.
#[utoipa::path(
    get, path = "/api/directories/{id}/case", tag = "cases", params(("id" = DirectoryId, Path), CaseQuery),
    responses((status = 200, body = Case), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn export_case(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<CaseQuery>,
) -> Result<Response, ApiError> {
    let case = core.run(move |core| cases::export(core, &id, &query)).await?;
    Ok(([(CONTENT_DISPOSITION, "attachment; filename=\"case.scim.json\"")], Json(case)).into_response())
}

/// What such a file would have in it, and what would be replaced by what.
#[utoipa::path(
    get, path = "/api/directories/{id}/case/preview", tag = "cases", params(("id" = DirectoryId, Path), CaseQuery),
    responses((status = 200, body = CasePreview), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn preview_case(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<CaseQuery>,
) -> Answer<CasePreview> {
    Ok(Json(core.run(move |core| cases::preview(core, &id, &query)).await?))
}

/// The cases that were opened here, the newest first.
#[utoipa::path(get, path = "/api/cases", tag = "cases", responses((status = 200, body = Vec<CaseRow>)))]
pub(super) async fn list_cases(core: State<Core>) -> Answer<Vec<CaseRow>> {
    Ok(Json(core.run(cases::list).await?))
}

/// Opens a case: keeps what is in the file, to be looked at. Nothing of it becomes part of a directory.
#[utoipa::path(
    post, path = "/api/cases", tag = "cases", request_body(content = Value, description = "The file, a `Case`"),
    responses((status = 201, body = OpenedCase), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn open_case(core: State<Core>, file: Result<Bytes, BytesRejection>) -> Created<OpenedCase> {
    let file = file.map_err(|rejection| ApiError::invalid_request(rejection.body_text()))?;
    created(core.run(move |core| cases::open(core, &file)).await?)
}

/// A case that was opened here.
#[utoipa::path(
    get, path = "/api/cases/{id}", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = OpenedCase), (status = 404, body = ApiError))
)]
pub(super) async fn read_case(core: State<Core>, Path(id): Path<String>) -> Answer<OpenedCase> {
    Ok(Json(core.run(move |core| cases::read(core, &id)).await?))
}

/// A request of a case, as it was explained where it was recorded.
#[utoipa::path(
    get, path = "/api/cases/{id}/exchanges/{exchange}", tag = "cases",
    params(("id" = String, Path), ("exchange" = ExchangeId, Path)),
    responses((status = 200, body = Exchange), (status = 404, body = ApiError))
)]
pub(super) async fn read_case_exchange(
    core: State<Core>,
    Path((id, exchange)): Path<(String, String)>,
) -> Answer<Exchange> {
    let exchange: ExchangeId = number(&exchange, "request's id")?;
    Ok(Json(core.run(move |core| cases::read_exchange(core, &id, exchange)).await?))
}

/// Closes a case. Its file, wherever it came from, stays.
#[utoipa::path(
    delete, path = "/api/cases/{id}", tag = "cases", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn close_case(core: State<Core>, Path(id): Path<String>) -> Done {
    core.run(move |core| cases::close(core, &id)).await?;
    Ok(NoContent)
}
