//! Organizations.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;

use super::answer::{Answer, Created, Done, created};
use super::environments::Confirmation;
use super::error::ApiError;
use super::extract::Body;
use super::state::ControlState;
use crate::core::Core;
use crate::directory::organizations::{self, NewOrganization, OrganizationPatch};
use crate::model::{Contents, Organization, OrganizationId};

/// Creates an organization.
#[utoipa::path(
    post, path = "/api/organizations", tag = "organizations", request_body = NewOrganization,
    responses((status = 201, body = Organization), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn create_organization(core: State<Core>, Body(new): Body<NewOrganization>) -> Created<Organization> {
    created(core.run(move |core| organizations::create(core, new)).await?)
}

/// Changes an organization.
#[utoipa::path(
    patch, path = "/api/organizations/{id}", tag = "organizations", params(("id" = OrganizationId, Path)), request_body = OrganizationPatch,
    responses((status = 200, body = Organization), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_organization(
    core: State<Core>,
    Path(id): Path<OrganizationId>,
    Body(patch): Body<OrganizationPatch>,
) -> Answer<Organization> {
    Ok(Json(core.run(move |core| organizations::update(core, &id, patch)).await?))
}

/// Deletes an organization with all that is in it.
#[utoipa::path(
    delete, path = "/api/organizations/{id}", tag = "organizations", params(("id" = OrganizationId, Path)), request_body = Confirmation,
    responses((status = 204), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn delete_organization(
    state: State<ControlState>,
    Path(id): Path<OrganizationId>,
    Body(confirmation): Body<Confirmation>,
) -> Done {
    state.core.run(move |core| organizations::delete(core, &id, &confirmation.name)).await?;
    state.simulations.forget_deleted();
    Ok(NoContent)
}

/// Says what deleting it would delete.
#[utoipa::path(
    get, path = "/api/organizations/{id}/contents", tag = "organizations", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = Contents), (status = 404, body = ApiError))
)]
pub(super) async fn read_organization_contents(core: State<Core>, Path(id): Path<OrganizationId>) -> Answer<Contents> {
    Ok(Json(core.run(move |core| organizations::read_contents(core, &id)).await?))
}
