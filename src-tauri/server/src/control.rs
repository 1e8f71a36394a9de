//! The control API: everything that a person can do, for the window, the browser, the command line and tests.
//!
//! One router, described by one OpenAPI document. The window calls it in process; a listener serves it behind a key.

mod answer;
mod batches;
mod browse;
mod cases;
mod data;
mod directories;
mod environments;
mod error;
mod exchanges;
mod extract;
mod find;
mod guard;
mod guide;
mod integration;
mod interface;
mod live;
mod openapi;
mod operations;
mod organizations;
mod people;
mod router;
mod settings;
mod simulations;
mod state;
mod tunnel;
mod webhooks;
mod window;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response, StatusCode};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) use guard::guarded;
pub use openapi::openapi_json;
pub(crate) use state::ControlState;

use self::router::router;
use crate::core::Core;
use crate::directory::settings::read_settings;
use crate::directory::tree;
use crate::insight::summary;
use crate::model::{Event, NoticePlace, Settings, Summary};

/// Bytes of a refusal: a sentence.
const LONGEST_REFUSAL: usize = 1 << 20;

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
        let Ok(response) = self.router.clone().oneshot(request.map(Body::from)).await;
        let (mut head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer of the control API broke off");
            head.status = StatusCode::INTERNAL_SERVER_ERROR;
            Bytes::new()
        });
        Response::from_parts(head, body.into())
    }

    /// Hands what is at a path to `take`, byte for byte and piece by piece, to be saved as a file: it may be larger than the memory.
    ///
    /// # Errors
    /// A sentence: why there is nothing to save, why it broke off, or what `take` says.
    pub async fn download(&self, path: &str, mut take: impl FnMut(&[u8]) -> Result<(), String>) -> Result<(), String> {
        let request = Request::get(path).body(Body::empty()).map_err(|_| format!("{path} is not a path."))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        if !response.status().is_success() {
            let body = to_bytes(response.into_body(), LONGEST_REFUSAL).await.unwrap_or_default();
            let refusal: Value = serde_json::from_slice(&body).unwrap_or_default();
            return Err(refusal["message"].as_str().unwrap_or("The server did not answer as it should.").to_owned());
        }
        let mut pieces = response.into_body().into_data_stream();
        while let Some(piece) = pieces.next().await {
            take(&piece.map_err(|error| format!("The file could not be read to its end: {error}."))?)?;
        }
        Ok(())
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
