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
use tokio::sync::Semaphore;

pub(crate) use recorder::Recorder;

use self::body::RequestBody;
use self::dispatch::{Access, Admission, AdmittedRequest, HandlerOutcome, ProvisioningRequest};
use self::recorder::RecordedRequest;
use crate::clock::Millis;
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
    /// A permit for each request that may wait for the disk at once: the others need threads, too.
    waiting: Arc<Semaphore>,
}

/// Requests that wait for the disk at once. As many share a commit, and each needs a thread with memory of its own.
const MOST_WAITING: usize = 32;

impl Provisioning {
    pub(crate) fn new(core: Core, recorder: Recorder, limits: Limits) -> Self {
        Self { core, recorder, limits, waiting: Arc::new(Semaphore::new(MOST_WAITING)) }
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
        let (body, mut outcome) = match admission {
            Admission::Admitted(admitted) => {
                let body = Arc::new(body::read(&head, body, &self.limits).await);
                let outcome = self.carry_out(*admitted, &head, &body).await;
                (body, outcome.unwrap_or_else(|| panicked(id, &head)))
            }
            Admission::Answered(outcome) => {
                return self.answer_by_head(Timed { id, at, started }, head, body, *outcome).await;
            }
        };
        let sent = std::mem::take(&mut outcome.reply).into_parts(&head);
        let (duration, response) = (started.elapsed(), sent.clone().into_http());
        let recorded = RecordedRequest { id, at, duration, head, body, outcome, sent, replay_of: None };
        self.recorder.record(recorded).await;
        response
    }

    /// Carries out what was admitted: a brief read where it is, anything else on a thread that may wait. `None`: it panicked.
    async fn carry_out(
        &self,
        admitted: AdmittedRequest,
        head: &Arc<Parts>,
        body: &Arc<RequestBody>,
    ) -> Option<HandlerOutcome> {
        if admitted.is_brief() {
            return caught(|| dispatch::carry_out(&self.core, &self.limits, admitted, head, body));
        }
        // Nobody closes it.
        let _waiting = self.waiting.acquire().await;
        let (limits, arrived, body) = (self.limits, head.clone(), body.clone());
        let work =
            move |core: &Core| Ok::<_, StoreError>(dispatch::carry_out(core, &limits, admitted, &arrived, &body));
        self.core.run(work).await.ok()
    }

    /// Answers a request for which its head is enough. Its body is read on behind the answer.
    async fn answer_by_head(
        &self,
        timed: Timed,
        head: Arc<Parts>,
        body: Body,
        mut outcome: HandlerOutcome,
    ) -> Response<Body> {
        let sent = std::mem::take(&mut outcome.reply).into_parts(&head);
        let (duration, response) = (timed.started.elapsed(), sent.clone().into_http());
        let (recorder, limits) = (self.recorder.clone(), self.limits);
        let has_body = !body.is_end_stream();
        let record = async move {
            let body = Arc::new(body::skim(body, &limits).await);
            let Timed { id, at, .. } = timed;
            recorder.record(RecordedRequest { id, at, duration, head, body, outcome, sent, replay_of: None }).await;
        };
        if has_body {
            tokio::spawn(record);
        } else {
            record.await;
        }
        response
    }
}

/// Which request, and since when.
struct Timed {
    id: i64,
    at: Millis,
    started: Instant,
}

/// What `work` returns; `None`: it panicked.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn panicked(id: i64, head: &Parts) -> HandlerOutcome {
    tracing::error!(exchange = id, "a request made the server panic");
    HandlerOutcome::panicked(head)
}
