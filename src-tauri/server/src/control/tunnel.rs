//! Whether the way from the internet leads here, and which tunnels run on this machine.

use axum::Json;
use axum::extract::{Path, State};

use super::answer::Answer;
use super::error::ApiError;
use super::state::ControlState;
use crate::directory::environments;
use crate::model::{DetectedTunnels, EnvironmentId, TunnelCheck};

/// Asks for this app through the public URL of an environment, and says what came of it. No token is sent.
///
/// It takes at most some ten seconds. The newest result of each environment is also part of the status.
#[utoipa::path(
    post, path = "/api/environments/{id}/tunnel-check", tag = "environments", params(("id" = EnvironmentId, Path)),
    responses((status = 200, body = TunnelCheck), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn check_tunnel(state: State<ControlState>, Path(id): Path<EnvironmentId>) -> Answer<TunnelCheck> {
    let environment = state.core.run(move |core| environments::read(core, &id)).await?;
    let checked = state.tunnel.check(&environment).await;
    checked.map(Json).ok_or_else(|| ApiError::invalid("publicUrl", "This environment has no tunnel URL to check."))
}

/// Asks ngrok and cloudflared on this machine for a tunnel to this app.
#[utoipa::path(
    post, path = "/api/tunnels/detect", tag = "environments", responses((status = 200, body = DetectedTunnels))
)]
pub(super) async fn detect_tunnels(state: State<ControlState>) -> Json<DetectedTunnels> {
    Json(state.tunnel.detect().await)
}
