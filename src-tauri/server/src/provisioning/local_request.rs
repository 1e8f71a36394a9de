//! A request that a person sends from the window: it needs no token, and otherwise goes the same way as every request, from the directory on.
//! It can be tried first: carried out and taken back.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::http::request::Parts;
use tokio::runtime::Handle;

use super::admission::{self, Access, Admission, ProvisioningRequest};
use super::arrived::Arrived;
use super::body::RequestBody;
use super::limits::Limits;
use super::outcome::HandlerOutcome;
use super::recorder::{self, RecordedRequest, Recorder};
use super::{dispatch, forward};
use crate::core::Core;
use crate::insight::explanation;
use crate::model::{ExchangeId, ExpectedOutcome};
use crate::store::StoreError;

/// What it calls itself.
pub(super) const AGENT: &str = "SCIM Setup";

/// A request of a person in the window.
pub(super) struct LocalRequest {
    pub(super) head: Parts,
    pub(super) body: Bytes,
    pub(super) access: Access,
}

/// One that was carried out.
pub(super) struct SentRequest {
    /// What it is recorded under.
    pub(super) id: ExchangeId,
    pub(super) status: u16,
    pub(super) body: Bytes,
}

impl LocalRequest {
    /// Carries it out. Blocks until it is recorded.
    ///
    /// # Errors
    /// If it could not be recorded.
    pub(super) fn send(
        self,
        core: &Core,
        limits: &Limits,
        recorder: &Recorder,
        replay_of: Option<ExchangeId>,
    ) -> Result<SentRequest, StoreError> {
        let (started, at, id) = (Instant::now(), core.clock.now(), core.next_exchange_id());
        let head = Arc::new(self.head);
        let (bytes, body) = (self.body.clone(), Arc::new(RequestBody::Whole(self.body)));
        let request = ProvisioningRequest { id, at, head: &head, body: &body, access: self.access };
        let (outcome, sent, passage) = match admission::admit(core, limits, &request) {
            Admission::Admitted(admitted) if admitted.scope.forwarding.is_some() => {
                let arrived = Arrived { id, at, started, head: head.clone() };
                let passed = forward::pass_on_locally(core, limits, &arrived, *admitted, bytes);
                let (outcome, sent, passage) = Handle::current().block_on(passed);
                (outcome, sent, Some(passage))
            }
            admission => {
                let mut outcome = dispatch::finish(core, limits, &request, admission);
                let sent = std::mem::take(&mut outcome.reply).into_parts(&head);
                (outcome, sent, None)
            }
        };
        let duration = started.elapsed();
        let answer = SentRequest { id, status: sent.status.as_u16(), body: sent.body.clone() };
        let recorded = RecordedRequest { id, at, duration, head, body, outcome, sent, replay_of, passage };
        recorder.record_and_wait(recorded)?;
        Ok(answer)
    }

    /// What sending it would do; `None`: that of a bulk request cannot be tried. Blocks; nothing is kept of it.
    pub(super) fn rehearse(self, core: &Core, limits: &Limits) -> Option<ExpectedOutcome> {
        let (core, head) = (&core.rehearsing(), &self.head);
        let body = RequestBody::Whole(self.body);
        let (id, at) = (core.next_exchange_id(), core.clock.now());
        let request = ProvisioningRequest { id, at, head, body: &body, access: self.access };
        let outcome = dispatch::rehearse(core, limits, &request)?;
        let facts = recorder::facts(head, &body, &outcome);
        let effect = explanation::effect(&facts, &outcome.changes);
        let summary = recorder::summary(head, &recorder::path_of(head, &outcome), &outcome, &facts);
        let HandlerOutcome { status, changes, .. } = outcome;
        let error = facts.refusal.and_then(|refusal| refusal.detail);
        Some(ExpectedOutcome { status, summary, effect, error, changes })
    }
}
