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
mod operations;
mod organizations;
mod people;
mod settings;
mod simulations;
mod state;
mod tunnel;
mod window;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request};
use futures_util::Stream;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) use guard::guarded;
pub use operations::openapi_json;
pub(crate) use state::ControlState;

use self::error::ApiError;
use self::operations::router;
use crate::core::Core;
use crate::directory::settings::read_settings;
use crate::directory::tree;
use crate::insight::summary;
use crate::model::{Event, NoticePlace, Settings, Summary};

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

    /// Carries out one request: `("POST", "/api/environments", {"name":"Staging"})` → `(201, {…})`. An empty answer is `null`.
    pub async fn request(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, bytes) = match self.carry(method, path, body).await {
            Ok(answer) => answer,
            Err(refusal) => return refusal.into_parts(),
        };
        if bytes.is_empty() {
            return (status, Value::Null);
        }
        serde_json::from_slice(&bytes).map_or_else(|_| ApiError::internal().into_parts(), |body| (status, body))
    }

    /// What is at a path, byte for byte, to be saved as a file.
    ///
    /// # Errors
    /// A sentence: why there is nothing to save.
    pub async fn download(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.carry("GET", path, None).await {
            Ok((200, bytes)) => Ok(bytes),
            Ok((_, bytes)) => {
                let refusal: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let message = refusal["message"].as_str();
                Err(message.unwrap_or("The server did not answer as it should.").to_owned())
            }
            Err(refusal) => Err(refusal.message().to_owned()),
        }
    }

    async fn carry(&self, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Vec<u8>), ApiError> {
        let request = Method::from_bytes(method.as_bytes()).ok().and_then(|method| {
            let request = Request::builder().method(method).uri(path);
            match body {
                Some(body) => request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
                None => request.body(Body::empty()),
            }
            .ok()
        });
        let request = request.ok_or_else(|| ApiError::invalid_request(format!("{method} {path} is no request.")))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.map_err(|_| ApiError::internal())?;
        Ok((status, bytes.into()))
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
