//! The control API: everything that a person can do, for the window, the browser, the command line and tests.
//!
//! One router, described by one OpenAPI document. The window calls it in process; a listener serves it behind a key.

mod answer;
mod browse;
mod directories;
mod environments;
mod error;
mod exchanges;
mod extract;
mod find;
mod guard;
mod guide;
mod interface;
mod live;
mod organizations;
mod people;
mod settings;
mod simulations;
mod tunnel;
mod window;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::FromRef;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use futures_util::Stream;
use serde_json::Value;
use tower::ServiceExt;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use guard::guarded;

use self::error::ApiError;
use crate::core::Core;
use crate::directory::settings::read_settings;
use crate::directory::tree;
use crate::insight::summary;
use crate::listener::Listener;
use crate::model::{Event, NoticePlace, Settings, Summary};
use crate::simulations::Simulations;
use crate::tunnel::Tunnel;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ControlState {
    core: Core,
    listener: Listener,
    tunnel: Tunnel,
    simulations: Simulations,
    /// Where the control listener is; `None`: there is none.
    url: Option<String>,
}

impl ControlState {
    pub(crate) fn new(core: Core, listener: Listener, tunnel: Tunnel, simulations: Simulations) -> Self {
        Self { core, listener, tunnel, simulations, url: None }
    }

    pub(crate) fn with_url(self, url: String) -> Self {
        Self { url: Some(url), ..self }
    }
}

impl FromRef<ControlState> for Core {
    fn from_ref(state: &ControlState) -> Self {
        state.core.clone()
    }
}

/// The control API in process. Cheap to clone.
#[derive(Clone)]
pub struct Control {
    router: Router,
    core: Core,
}

impl Control {
    pub(crate) fn new(state: ControlState) -> Self {
        Self { core: state.core.clone(), router: router(state) }
    }

    /// Answers one request. Of its address only the path and the query count.
    pub async fn respond(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let response = match self.router.clone().oneshot(request.map(Body::from)).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (mut head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer of the control API broke off");
            head.status = StatusCode::INTERNAL_SERVER_ERROR;
            Bytes::new()
        });
        Response::from_parts(head, body.into())
    }

    /// What is at a path, byte for byte, to be saved as a file.
    ///
    /// # Errors
    /// A sentence: why there is nothing to save.
    pub async fn download(&self, path: &str) -> Result<Vec<u8>, String> {
        let request = Request::get(path).body(Vec::new()).map_err(|_| format!("{path} is no path."))?;
        let response = self.respond(request).await;
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        let refusal: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let message = refusal["message"].as_str();
        Err(message.unwrap_or("The server did not answer as it should.").to_owned())
    }

    /// How the program is doing, in a line; `None`: the store cannot be read, which is in the log.
    pub async fn summary(&self) -> Option<Summary> {
        let tree = self.core.run(tree::read).await;
        let logged = tree.inspect_err(|error| tracing::error!(%error, "the tree could not be read"));
        Some(summary::summarize(&self.core.listener(), &logged.ok()?))
    }

    /// What is set; `None`: the store cannot be read, which is in the log.
    pub async fn settings(&self) -> Option<Settings> {
        let settings = self.core.run(read_settings).await;
        settings.inspect_err(|error| tracing::error!(%error, "the settings could not be read")).ok()
    }

    /// Tells each time somebody asks for the window, and where to go there. Whoever calls this has a window.
    pub fn window_requests(&self) -> impl Stream<Item = Option<NoticePlace>> + Send + use<> {
        self.core.window_requests()
    }

    /// What was committed, in batches; the first tells to read everything.
    pub fn watch(&self) -> impl Stream<Item = Vec<Event>> + Send + use<> {
        self.core.live.watch()
    }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "SCIM Setup control API",
    description = "Everything that the window of SCIM Setup can do. On loopback only, with a key."
))]
struct Document;

/// All operations, unguarded.
pub(crate) fn router(state: ControlState) -> Router {
    let (router, _) = operations().split_for_parts();
    router
        .route("/api/openapi.json", get(|| async { ([(CONTENT_TYPE, "application/json")], openapi_json()) }))
        .fallback(|| async { ApiError::not_found("There is no such operation. GET /api/openapi.json lists them.") })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .with_state(state)
}

/// The OpenAPI document, indented, with a line break at the end.
pub fn openapi_json() -> String {
    let (_, document) = operations().split_for_parts();
    // A document that is built from types has no value that JSON cannot hold.
    let mut text = document.to_pretty_json().expect("the OpenAPI document is JSON");
    text.push('\n');
    text
}

fn operations() -> OpenApiRouter<ControlState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(settings::read_status))
        .routes(routes!(settings::dismiss_absence))
        .routes(routes!(settings::read_settings, settings::update_settings))
        .routes(routes!(settings::open_listener))
        .routes(routes!(environments::check_public_url))
        .routes(routes!(environments::read_tree))
        .routes(routes!(environments::create_environment))
        .routes(routes!(environments::update_environment, environments::delete_environment))
        .routes(routes!(environments::read_environment_contents))
        .routes(routes!(tunnel::check_tunnel))
        .routes(routes!(tunnel::detect_tunnels))
        .routes(routes!(organizations::create_organization))
        .routes(routes!(organizations::update_organization, organizations::delete_organization))
        .routes(routes!(organizations::read_organization_contents))
        .routes(routes!(directories::create_directory))
        .routes(routes!(directories::read_directory, directories::update_directory, directories::delete_directory))
        .routes(routes!(directories::read_directory_contents))
        .routes(routes!(directories::create_token))
        .routes(routes!(directories::forget_former_url))
        .routes(routes!(directories::list_policy_presets))
        .routes(routes!(people::list_users))
        .routes(routes!(people::read_user))
        .routes(routes!(people::read_user_history))
        .routes(routes!(people::read_user_at))
        .routes(routes!(people::list_groups))
        .routes(routes!(people::read_group))
        .routes(routes!(people::read_group_history))
        .routes(routes!(people::read_group_at))
        .routes(routes!(people::list_members))
        .routes(routes!(people::list_moved_members))
        .routes(routes!(exchanges::list_exchanges, exchanges::delete_exchanges))
        .routes(routes!(exchanges::archive_exchanges))
        .routes(routes!(exchanges::read_exchange))
        .routes(routes!(exchanges::read_replay, exchanges::replay_exchange))
        .routes(routes!(browse::list_changes))
        .routes(routes!(guide::read_guide, guide::update_guide))
        .routes(routes!(find::find))
        .routes(routes!(simulations::read_simulator))
        .routes(routes!(simulations::start_simulation))
        .routes(routes!(simulations::read_simulation))
        .routes(routes!(simulations::stop_simulation))
        .routes(routes!(simulations::read_simulation_step))
        .routes(routes!(simulations::read_simulation_check))
        .routes(routes!(simulations::export_simulation))
        .routes(routes!(simulations::start_demo))
        .routes(routes!(simulations::delete_demo))
        .routes(routes!(window::show_window))
        .routes(routes!(window::read_summary))
        .routes(routes!(live::watch_live))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_openapi_document_is_fresh() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == super::openapi_json(),
            "openapi.json is stale: run `cargo run -p cli -- openapi > src-tauri/server/openapi.json`, then `npm run generate` in ui"
        );
    }
}
