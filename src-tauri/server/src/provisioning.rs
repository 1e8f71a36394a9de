//! The provisioning listener: what the tunnel exposes. It answers SCIM, always with a SCIM body, and nothing else.
//!
//! One request, in order: by the head find the directory and check the token → read the body within limits → carry it out → answer → hand the
//! whole exchange to the recorder. A request that is refused by its head is answered before its body is looked at. Whatever goes wrong on the way, a panic included, ends in a SCIM error that is recorded like any answer.
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

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::http::request::Parts;
use axum::http::{Request, Response};
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub(crate) use recorder::Recorder;

use self::body::RequestBody;
use self::dispatch::{Access, Admission, AdmittedRequest, HandlerOutcome, Place, ProvisioningRequest};
use self::recorder::RecordedRequest;
use crate::clock::Millis;
use crate::core::Core;
use crate::model::ExchangeId;
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

/// What answers requests.
pub(crate) struct Provisioning {
    core: Core,
    recorder: Recorder,
    limits: Limits,
    /// A permit for each request that may take a thread at once: the control API needs threads, too.
    threads: Semaphore,
    /// A permit for each request without a thread that may wait for the writer at once.
    writes: Semaphore,
}

/// Requests that take a thread at once. Each has memory of its own.
const MOST_THREADS: usize = 32;

/// Requests without a thread that wait for the writer at once: as many share a commit, and the writer's queue has room for more.
const MOST_WRITES: usize = 256;

impl Provisioning {
    pub(crate) fn new(core: Core, recorder: Recorder, limits: Limits) -> Self {
        let [threads, writes] = [MOST_THREADS, MOST_WRITES].map(Semaphore::new);
        Self { core, recorder, limits, threads, writes }
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
        let head = Arc::new(head);
        let asked = ProvisioningRequest { id, at, head: &head, body: &RequestBody::none(), access: Access::Token };
        let admission = caught(|| dispatch::admit(&self.core, &self.limits, &asked))
            .unwrap_or_else(|| Admission::Answered(Box::new(panicked(id, &head))));
        let arrived = Arrived { id, at, started, head };
        match admission {
            Admission::Answered(outcome) => self.answer_by_head(arrived, body, *outcome).await,
            Admission::Admitted(admitted) => self.carry_out(arrived, *admitted, body).await,
        }
    }

    /// Reads the body of what was admitted, carries it out and has it recorded.
    async fn carry_out(&self, arrived: Arrived, admitted: AdmittedRequest, body: Body) -> Response<Body> {
        let head = arrived.head.clone();
        let body = Arc::new(body::read(&head, body, &self.limits).await);
        let place = admitted.place(&body);
        // Nobody closes them.
        let _permit = match place {
            Place::Here => None,
            Place::AwaitingWriter => self.writes.acquire().await.ok(),
            Place::Thread => self.threads.acquire().await.ok(),
        };
        let outcome = if place == Place::Thread {
            let (limits, body, runtime) = (self.limits, body.clone(), Handle::current());
            let work = move |core: &Core| {
                Ok::<_, StoreError>(runtime.block_on(dispatch::carry_out(core, &limits, admitted, &head, &body)))
            };
            self.core.run(work).await.ok()
        } else {
            let work = dispatch::carry_out(&self.core, &self.limits, admitted, &head, &body);
            AssertUnwindSafe(work).catch_unwind().await.ok()
        };
        let outcome = outcome.unwrap_or_else(|| panicked(arrived.id, &arrived.head));
        let (response, recorded) = arrived.answered(outcome, body);
        self.recorder.record(recorded).await;
        response
    }

    /// Answers a request for which its head is enough. Its body is read on behind the answer.
    async fn answer_by_head(&self, arrived: Arrived, body: Body, outcome: HandlerOutcome) -> Response<Body> {
        let (recorder, limits) = (self.recorder.clone(), self.limits);
        let has_body = !body.is_end_stream();
        let (response, recorded) = arrived.answered(outcome, Arc::new(RequestBody::none()));
        let record = async move {
            let body = Arc::new(body::skim(body, &limits).await);
            recorder.record(RecordedRequest { body, ..recorded }).await;
        };
        if has_body {
            tokio::spawn(record);
        } else {
            record.await;
        }
        response
    }
}

/// A request of which the head has arrived.
struct Arrived {
    id: ExchangeId,
    at: Millis,
    started: Instant,
    head: Arc<Parts>,
}

impl Arrived {
    /// The answer, and what is recorded.
    fn answered(self, mut outcome: HandlerOutcome, body: Arc<RequestBody>) -> (Response<Body>, RecordedRequest) {
        let Self { id, at, started, head } = self;
        let sent = std::mem::take(&mut outcome.reply).into_parts(&head);
        let (duration, response) = (started.elapsed(), sent.clone().into_http());
        (response, RecordedRequest { id, at, duration, head, body, outcome, sent, replay_of: None })
    }
}

/// What `work` returns; `None`: it panicked.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn panicked(id: ExchangeId, head: &Parts) -> HandlerOutcome {
    tracing::error!(exchange = %id, "a request made the server panic");
    HandlerOutcome::panicked(head)
}
