//! Webhooks: where the software under test is told what happens, and what was sent.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::{Body, Params};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::deliveries::{self, DeliveryQuery};
use crate::directory::webhooks::{self, NewWebhook, WebhookPatch};
use crate::model::{Delivery, DeliveryDetail, DeliveryPage, EnvironmentId, Webhook, WebhookId, WebhookWithSecret};

/// The webhooks of an environment, the oldest first.
#[utoipa::path(
    get, path = "/api/environments/{id}/webhooks", tag = "integration", params(("id" = EnvironmentId, Path)),
    responses((status = 200, body = Vec<Webhook>), (status = 404, body = ApiError))
)]
pub(super) async fn list_webhooks(core: State<Core>, Path(id): Path<EnvironmentId>) -> Answer<Vec<Webhook>> {
    Ok(Json(core.run(move |core| webhooks::list(core, &id)).await?))
}

/// Adds a webhook, which is told of what happens from now on. This answer is the only one that has its secret.
#[utoipa::path(
    post, path = "/api/environments/{id}/webhooks", tag = "integration", params(("id" = EnvironmentId, Path)), request_body = NewWebhook,
    responses((status = 201, body = WebhookWithSecret), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn create_webhook(
    core: State<Core>,
    Path(id): Path<EnvironmentId>,
    Body(new): Body<NewWebhook>,
) -> Created<WebhookWithSecret> {
    created(core.run(move |core| webhooks::create(core, &id, new)).await?)
}

/// Changes a webhook. One that is enabled again goes on where it stopped, and sends at once what waits.
#[utoipa::path(
    patch, path = "/api/webhooks/{id}", tag = "integration", params(("id" = WebhookId, Path)), request_body = WebhookPatch,
    responses((status = 200, body = Webhook), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_webhook(
    core: State<Core>,
    Path(id): Path<WebhookId>,
    Body(patch): Body<WebhookPatch>,
) -> Answer<Webhook> {
    Ok(Json(core.run(move |core| webhooks::update(core, &id, patch)).await?))
}

/// Deletes a webhook with its log.
#[utoipa::path(
    delete, path = "/api/webhooks/{id}", tag = "integration", params(("id" = WebhookId, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_webhook(core: State<Core>, Path(id): Path<WebhookId>) -> Done {
    core.run(move |core| webhooks::delete(core, &id)).await?;
    Ok(NoContent)
}

/// Gives a webhook another secret: what is sent from now on is signed with that one. This answer is the only one that has it.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/secret", tag = "integration", params(("id" = WebhookId, Path)),
    responses((status = 201, body = WebhookWithSecret), (status = 404, body = ApiError))
)]
pub(super) async fn rotate_webhook_secret(core: State<Core>, Path(id): Path<WebhookId>) -> Created<WebhookWithSecret> {
    created(core.run(move |core| webhooks::rotate_secret(core, &id)).await?)
}

/// Sends a test and answers what came of it.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/test", tag = "integration", params(("id" = WebhookId, Path)),
    responses((status = 201, body = Delivery), (status = 404, body = ApiError))
)]
pub(super) async fn test_webhook(state: State<ControlState>, Path(id): Path<WebhookId>) -> Created<Delivery> {
    created(state.webhooks.send_test(&id).await?)
}

/// What a webhook sent and what waits, the newest first.
#[utoipa::path(
    get, path = "/api/webhooks/{id}/deliveries", tag = "integration", params(("id" = WebhookId, Path), DeliveryQuery),
    responses((status = 200, body = DeliveryPage), (status = 404, body = ApiError))
)]
pub(super) async fn list_deliveries(
    core: State<Core>,
    Path(id): Path<WebhookId>,
    Params(query): Params<DeliveryQuery>,
) -> Answer<DeliveryPage> {
    Ok(Json(core.run(move |core| deliveries::list(core, &id, &query)).await?))
}

/// A delivery with what is sent and what was tried.
#[utoipa::path(
    get, path = "/api/webhooks/{id}/deliveries/{event}", tag = "integration", params(("id" = WebhookId, Path), ("event" = String, Path)),
    responses((status = 200, body = DeliveryDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_delivery(
    state: State<ControlState>,
    Path((id, event)): Path<(WebhookId, String)>,
) -> Answer<DeliveryDetail> {
    Ok(Json(state.webhooks.read_delivery(&id, event).await?))
}

/// Sends an event once more, whatever waits, and answers what came of it.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/deliveries/{event}/attempts", tag = "integration",
    params(("id" = WebhookId, Path), ("event" = String, Path)),
    responses((status = 201, body = Delivery), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn send_delivery_again(
    state: State<ControlState>,
    Path((id, event)): Path<(WebhookId, String)>,
) -> Created<Delivery> {
    created(state.webhooks.send_again(&id, event).await?)
}
