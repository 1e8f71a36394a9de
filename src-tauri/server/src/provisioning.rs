//! The provisioning listener: what the tunnel exposes. It answers SCIM, always with a SCIM body, and nothing else.
//!
//! One request, in order: read the body within limits → find the directory → check the token → carry it out → answer → hand the whole
//! exchange to the recorder. Whatever goes wrong on the way, a panic included, ends in a SCIM error that is recorded like any answer.
//! Before all that comes the app's question to itself through the tunnel (`self_check.rs`), which is nobody's exchange.

mod addresses;
mod auth;
mod body;
mod bulk;
mod discovery;
mod dispatch;
mod groups;
mod lists;
mod mask;
mod query;
mod recorder;
mod replay;
mod reply;
mod route;
mod self_check;
mod users;
mod visits;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, Response};

pub(crate) use recorder::Recorder;

use self::body::RequestBody;
use self::dispatch::{Access, HandlerOutcome, ProvisioningRequest};
use self::recorder::RecordedRequest;
use crate::core::Core;
use crate::store::StoreError;

/// How much a client may take of this server's time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request body. 4 MiB: Okta pushes a group of 10,000 members in one body of about 1 MB.
    pub body_bytes: usize,
    /// For the head of a request to arrive, from the end of the request before. Tunnels keep idle connections for about 90 seconds; one
    /// that is closed under them can cost a request.
    pub head: Duration,
    /// For the body of a request to arrive.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 4 << 20, head: Duration::from_secs(120), body: Duration::from_secs(30) }
    }
}

/// What answers requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Provisioning {
    core: Core,
    recorder: Recorder,
    limits: Limits,
}

/// A request that has arrived.
struct Arrived {
    head: axum::http::request::Parts,
    body: RequestBody,
}

impl Provisioning {
    pub(crate) fn new(core: Core, recorder: Recorder, limits: Limits) -> Self {
        Self { core, recorder, limits }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// Has it recorded that something arrived which is no HTTP request. hyper has answered it already, without a body.
    pub(crate) fn record_unreadable(&self, error: &hyper::Error) {
        self.recorder.record_unreadable(self.core.next_exchange_id(), self.core.clock.now(), error);
    }

    /// Answers one request and has it recorded.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        if let Some(answer) = self_check::answer(&self.core.proof, &request) {
            return answer;
        }
        let (started, at, id) = (Instant::now(), self.core.clock.now(), self.core.next_exchange_id());
        let (head, body) = request.into_parts();
        let body = body::read(&head, body, &self.limits).await;
        let arrived = Arc::new(Arrived { head, body });
        let (work, limits) = (arrived.clone(), self.limits);
        let mut outcome = self
            .core
            .run(move |core| {
                let request = ProvisioningRequest { id, at, head: &work.head, body: &work.body, access: Access::Token };
                Ok::<_, StoreError>(dispatch::carry_out(core, &limits, &request))
            })
            .await
            .unwrap_or_else(|_| {
                tracing::error!(exchange = id, "a request made the server panic");
                HandlerOutcome::panicked(&arrived.head)
            });
        let sent = std::mem::take(&mut outcome.reply).into_parts(&arrived.head);
        let (duration, response) = (started.elapsed(), sent.clone().into_http());
        self.recorder.record(RecordedRequest { id, at, duration, arrived, outcome, sent, replay_of: None }).await;
        response
    }
}
