//! The setup guide.

use axum::Json;
use axum::extract::{Path, State};
use simulator::SimulatedProvider;

use super::answer::Answer;
use super::error::ApiError;
use super::extract::{Body, Params};
use crate::core::Core;
use crate::directory::guide;
use crate::model::{DirectoryId, Guide, GuidePatch, GuideQuery, GuideTrack, IdentityProvider, IdpId};

/// The identity providers that a directory can be set up for, in the order in which they are offered.
#[utoipa::path(get, path = "/api/identity-providers", tag = "guide", responses((status = 200, body = [IdentityProvider])))]
pub(super) async fn list_identity_providers() -> Json<Vec<IdentityProvider>> {
    let all = IdpId::ALL.into_iter().filter(|id| !id.tracks().is_empty()).map(|id| IdentityProvider {
        id,
        name: if id == IdpId::Generic { "Other" } else { id.name() }.to_owned(),
        tracks: id.tracks().iter().filter_map(|track| to_track(id, track)).collect(),
    });
    Json(all.collect())
}

fn to_track(id: IdpId, track: &idp::track::Track) -> Option<GuideTrack> {
    let mut own = SimulatedProvider::ALL.into_iter().filter(|provider| provider.idp() == id);
    let simulated = own.find(|provider| provider.track() == track.id)?;
    Some(GuideTrack { id: track.id, app: track.app.to_owned(), simulated })
}

/// How far the setup of a directory has come: its steps, the current one, and why it may not go on.
#[utoipa::path(
    get, path = "/api/directories/{id}/guide", tag = "guide", params(("id" = DirectoryId, Path), GuideQuery),
    responses((status = 200, body = Guide), (status = 404, body = ApiError))
)]
pub(super) async fn read_guide(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<GuideQuery>,
) -> Answer<Guide> {
    Ok(Json(core.run(move |core| guide::read_guide(core, &id, query.track)).await?))
}

/// Chooses the track of the guide, and ticks steps of it by hand.
#[utoipa::path(
    patch, path = "/api/directories/{id}/guide", tag = "guide", params(("id" = DirectoryId, Path)), request_body = GuidePatch,
    responses((status = 200, body = Guide), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_guide(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Body(patch): Body<GuidePatch>,
) -> Answer<Guide> {
    Ok(Json(core.run(move |core| guide::update_guide(core, &id, patch)).await?))
}
