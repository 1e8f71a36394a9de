//! A request of which the head has arrived, and the answer to it.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::Response;
use axum::http::request::Parts;

use super::body::RequestBody;
use super::outcome::HandlerOutcome;
use super::recorder::RecordedRequest;
use crate::clock::Millis;
use crate::model::ExchangeId;
use crate::store::kept::Sender;

/// That the request showed a token that opens its directory. One of the extensions of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfValidToken;

/// A request of which the head has arrived.
#[derive(Clone)]
pub(super) struct Arrived {
    pub(super) id: ExchangeId,
    pub(super) at: Millis,
    pub(super) started: Instant,
    pub(super) head: Arc<Parts>,
}

impl Arrived {
    /// The answer, and what is recorded.
    pub(super) fn answered(
        self,
        mut outcome: HandlerOutcome,
        body: Arc<RequestBody>,
    ) -> (Response<Body>, RecordedRequest) {
        let Self { id, at, started, head } = self;
        let sent = std::mem::take(&mut outcome.reply).into_parts(&head);
        let (duration, mut response) = (started.elapsed(), sent.clone().into_http());
        mark(&mut response, outcome.sender);
        let recorded = RecordedRequest { id, at, duration, head, body, outcome, sent, replay_of: None, passage: None };
        (response, recorded)
    }

    /// The answer to one that made the server fail.
    pub(super) fn panicked(&self) -> HandlerOutcome {
        tracing::error!(exchange = %self.id, "a request made the server panic");
        HandlerOutcome::panicked(&self.head)
    }
}

/// Marks the answer to somebody whose token opens the directory.
pub(super) fn mark(response: &mut Response<Body>, sender: Sender) {
    if sender == Sender::Known {
        response.extensions_mut().insert(OfValidToken);
    }
}
