//! The operations, and what every request passes on its way to them.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Response};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Code, IntegrationError};
use super::events::{Closing, Streams};
use super::recorder::Recorder;
use super::{events, guard, resources};
use crate::core::Core;

#[derive(OpenApi)]
#[openapi(info(
    title = "SCIM Setup integration API",
    description = "What the software under test reads from SCIM Setup. On this machine only, with an API key of an environment as the bearer token."
))]
struct Document;

/// What every request needs.
#[derive(Clone)]
struct Doorkeeper {
    core: Core,
    recorder: Recorder,
    port: u16,
}

/// The integration API as it is answered on `port`.
pub(super) fn router(core: Core, recorder: Recorder, streams: Streams, closing: Closing, port: u16) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(resources::list_users))
        .routes(routes!(resources::read_user))
        .routes(routes!(resources::list_groups))
        .routes(routes!(resources::read_group))
        .routes(routes!(events::read_events))
        .split_for_parts();
    let document = Arc::new(document);
    let missing = || async {
        let text = "The integration API does not have this path. GET /v1/openapi.json lists what there is.";
        IntegrationError::new(Code::NotFound, text)
    };
    let no_method = || async {
        IntegrationError::new(
            Code::MethodNotAllowed,
            "This path is only read. The identity provider changes what is there.",
        )
    };
    router
        .route("/v1/openapi.json", get(move || async move { Json((*document).clone()) }))
        .fallback(missing)
        .method_not_allowed_fallback(no_method)
        .with_state(core.clone())
        .layer(Extension(streams))
        .layer(Extension(closing))
        .layer(from_fn_with_state(Doorkeeper { core, recorder, port }, admit))
}

/// Admits a request or refuses it, and records it with its answer.
async fn admit(State(doorkeeper): State<Doorkeeper>, request: Request, next: Next) -> Response<Body> {
    let Doorkeeper { core, recorder, port } = doorkeeper;
    let (began, at) = (Instant::now(), core.clock.now());
    let (mut head, body) = request.into_parts();
    let asked = head.clone();
    let holder = guard::holder(&core, &head.headers).await;
    let known = holder.as_ref().ok().cloned().flatten();
    let admitted = guard::check_source(&head.headers, port)
        .and_then(|()| holder?.filter(|holder| holder.is_in_force).ok_or_else(guard::unauthenticated));
    let is_accepted = admitted.is_ok();
    let mut response = match admitted {
        Ok(holder) => {
            head.extensions.insert(holder);
            next.run(Request::from_parts(head, body)).await
        }
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    recorder.record(&asked, known.as_ref(), is_accepted, response, (at, began)).await
}
