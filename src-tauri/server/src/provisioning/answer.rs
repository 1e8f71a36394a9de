//! The way of a request: head, body, answer, record.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::http::{Request, Response};
use futures_util::FutureExt;
use scim::ScimError;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::admission::{self, Access, Admission, AdmittedRequest, Place, ProvisioningRequest};
use super::arrived::Arrived;
use super::body::{self, RequestBody};
use super::limits::Limits;
use super::outcome::HandlerOutcome;
use super::recorder::{RecordedRequest, Recorder};
use super::reply::Reply;
use super::strangers::Strangers;
use super::{dispatch, forward, self_check};
use crate::core::Core;
use crate::model::DirectoryKey;
use crate::store::StoreError;
use crate::store::kept::Sender;

/// What answers requests.
pub(crate) struct Provisioning {
    pub(super) core: Core,
    pub(super) recorder: Recorder,
    pub(super) limits: Limits,
    strangers: Strangers,
    /// A permit for each KiB of a body that is in memory.
    bodies: Arc<Semaphore>,
    /// A permit for each KiB of those that wait to be passed on: they leave half of the room to all others, whatever the servers do.
    passed_on: Arc<Semaphore>,
    /// A permit for each request that may take a thread at once: the control API needs threads, too.
    threads: Semaphore,
    /// A permit for each request without a thread that may wait for the writer at once.
    writes: Semaphore,
    /// A permit for each query that may look at all there is at once: those that an index serves need processors, too.
    searches: Semaphore,
    /// A permit for each bulk request at once: each takes its thread for as long as all its operations take.
    bulks: Semaphore,
}

/// Bytes of a body that are not counted among those in memory: each connection has as much anyway.
const SMALL_BODY: u64 = 64 << 10;

/// What is told to somebody for whose body there is no room.
const TOO_MUCH: &str = "Too much is arriving at once. Nothing was changed; try again in a few seconds.";

/// Requests that take a thread at once. Each has memory of its own.
const MOST_THREADS: usize = 32;

/// Requests without a thread that wait for the writer at once: as many share a commit, and the writer's queue has room for more.
const MOST_WRITES: usize = 256;

/// Bulk requests at once.
const MOST_BULKS: usize = 4;

impl Provisioning {
    pub(crate) fn new(core: Core, recorder: Recorder, limits: Limits) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let [threads, writes, searches, bulks] =
            [MOST_THREADS, MOST_WRITES, processors.max(2), MOST_BULKS].map(Semaphore::new);
        let one = kibibytes(limits.body_bytes as u64) as usize;
        let [bodies, passed_on] =
            [limits.bodies_bytes >> 10, limits.bodies_bytes >> 11].map(|most| Arc::new(Semaphore::new(most.max(one))));
        Self {
            core,
            recorder,
            limits,
            strangers: Strangers::new(),
            bodies,
            passed_on,
            threads,
            writes,
            searches,
            bulks,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// Has it recorded that something arrived which is not an HTTP request. hyper has answered it already, without a body.
    pub(crate) fn record_unreadable(&self, error: &hyper::Error) {
        let at = self.core.clock.now();
        if self.strangers.admit(Sender::Stranger, None) {
            self.recorder.record_unreadable(self.core.next_exchange_id(), at, error);
        } else {
            self.recorder.count_unlisted(Sender::Stranger, None, at);
        }
    }

    /// Answers one request and has it recorded.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        if let Some(answer) = self_check::answer(&self.core, &request) {
            return answer;
        }
        let (started, at, id) = (Instant::now(), self.core.clock.now(), self.core.next_exchange_id());
        let (head, body) = request.into_parts();
        let head = Arc::new(head);
        let asked = ProvisioningRequest { id, at, head: &head, body: &RequestBody::none(), access: Access::Token };
        let admission = catch_unwind(AssertUnwindSafe(|| admission::admit(&self.core, &self.limits, &asked))).ok();
        let arrived = Arrived { id, at, started, head: head.clone() };
        let admission = admission.unwrap_or_else(|| Admission::Answered(Box::new(arrived.panicked())));
        match admission {
            Admission::Answered(outcome) if !self.strangers.admit(outcome.sender, outcome.directory) => {
                self.turn_away(&arrived, body, outcome.sender, outcome.directory)
            }
            Admission::Answered(outcome) => self.answer_by_head(arrived, body, *outcome).await,
            Admission::Admitted(admitted) if admitted.scope.forwarding.is_some() => {
                let (sender, directory) = (admitted.outcome.sender, admitted.outcome.directory);
                // Whom the server has not let in yet may be anybody.
                if !self.strangers.admit(sender, directory) {
                    return self.turn_away(&arrived, body, sender, directory);
                }
                self.pass_on(arrived, *admitted, body).await
            }
            Admission::Admitted(admitted) => self.carry_out(arrived, *admitted, body).await,
        }
    }

    /// Reads the body of what was admitted, carries it out and has it recorded.
    async fn carry_out(&self, arrived: Arrived, admitted: AdmittedRequest, body: Body) -> Response<Body> {
        let head = arrived.head.clone();
        let (body, room) = match self.room_for(&self.bodies, body.size_hint().upper()).await {
            Some(room) => (body::read(&self.core, &head, body, &self.limits).await, Some(room)),
            None => {
                body::discard(&self.core, body);
                (RequestBody::Refused(ScimError::unavailable(TOO_MUCH)), None)
            }
        };
        let body = Arc::new(body);
        let place = admitted.place(&body);
        let Ok(_turn) = tokio::time::timeout(self.limits.wait, self.turn(place)).await else {
            let response = Err(StoreError::Busy.into());
            let outcome = admitted.outcome.finish(&self.core, admitted.notes, response);
            let (response, recorded) = arrived.answered(outcome, body);
            drop(room);
            self.recorder.record(recorded).await;
            return response;
        };
        let outcome = if matches!(place, Place::Thread | Place::Search | Place::Bulk) {
            let (limits, body, runtime) = (self.limits, body.clone(), Handle::current());
            let work = move |core: &Core| {
                Ok::<_, StoreError>(runtime.block_on(dispatch::carry_out(core, &limits, admitted, place, &head, &body)))
            };
            self.core.run(work).await.ok()
        } else {
            let work = dispatch::carry_out(&self.core, &self.limits, admitted, place, &head, &body);
            AssertUnwindSafe(work).catch_unwind().await.ok()
        };
        let outcome = outcome.unwrap_or_else(|| arrived.panicked());
        let (response, recorded) = arrived.answered(outcome, body);
        // What waits to be recorded has a bound of its own.
        drop(room);
        self.recorder.record(recorded).await;
        response
    }

    /// Reads the body of what a directory passes on, and passes it on.
    async fn pass_on(&self, arrived: Arrived, admitted: AdmittedRequest, body: Body) -> Response<Body> {
        let most = self.limits.body_bytes as u64;
        let length = body.size_hint().upper().map(|length| length.min(most));
        let share = self.room_for(&self.passed_on, length).await;
        let room = if share.is_some() { self.room_for(&self.bodies, length).await } else { None };
        let (body, rooms) = match (share, room) {
            (Some(share), Some(room)) => {
                (forward::read_request(&self.core, body, &self.limits).await, vec![share, room])
            }
            _ => {
                body::discard(&self.core, body);
                (Err(ScimError::unavailable(TOO_MUCH)), Vec::new())
            }
        };
        match body {
            Ok(body) => {
                let (core, recorder) = (self.core.clone(), self.recorder.clone());
                // A body whose length nobody knew has taken room for the longest one.
                let length = counted(body.length() as u64);
                let rooms = rooms.into_iter().filter_map(|room| shrunk(room, length)).collect();
                forward::pass_on(core, self.limits, recorder, arrived, admitted, (body, rooms)).await
            }
            Err(error) => {
                let outcome = admitted.outcome.finish(&self.core, admitted.notes, Err(error.into()));
                let (response, recorded) = arrived.answered(outcome, Arc::new(RequestBody::none()));
                self.recorder.record_now(recorded);
                response
            }
        }
    }

    /// Waits until as few others are at the same place as it has room for.
    async fn turn(&self, place: Place) -> [Option<SemaphorePermit<'_>>; 2] {
        // Nobody closes them.
        match place {
            Place::Here => [None, None],
            Place::AwaitingWriter => [self.writes.acquire().await.ok(), None],
            Place::Thread => [self.threads.acquire().await.ok(), None],
            // Who waits for the others takes no thread from those who do not.
            Place::Search => [self.searches.acquire().await.ok(), self.threads.acquire().await.ok()],
            Place::Bulk => [self.bulks.acquire().await.ok(), self.threads.acquire().await.ok()],
        }
    }

    /// Waits until there is room in memory for a body of a length in bytes, `None`: nobody knows. `None`: there was none within a third of the
    /// time that a body may take.
    async fn room_for(&self, rooms: &Arc<Semaphore>, length: Option<u64>) -> Option<OwnedSemaphorePermit> {
        let most = self.limits.body_bytes as u64;
        // One that is too large is not read.
        let bytes = match length {
            Some(length) if length > most => 0,
            length => counted(length.unwrap_or(most)),
        };
        let room = rooms.clone().acquire_many_owned(kibibytes(bytes));
        // Nobody closes it.
        tokio::time::timeout(self.limits.body / 3, room).await.ok()?.ok()
    }

    /// Answers one too many of those who have no token that opens the directory; it is only counted.
    fn turn_away(
        &self,
        arrived: &Arrived,
        body: Body,
        sender: Sender,
        directory: Option<DirectoryKey>,
    ) -> Response<Body> {
        body::discard(&self.core, body);
        self.recorder.count_unlisted(sender, directory, arrived.at);
        let error = ScimError::too_many_requests(
            "Too many requests came without a valid bearer token. Check the token, and try again in a few seconds.",
        );
        Reply::error(&error).into_parts(&arrived.head).into_http()
    }

    /// Answers a request for which its head is enough. Its body is read on behind the answer.
    async fn answer_by_head(&self, arrived: Arrived, body: Body, outcome: HandlerOutcome) -> Response<Body> {
        let (core, recorder, limits) = (self.core.clone(), self.recorder.clone(), self.limits);
        let has_body = !body.is_end_stream();
        let (response, recorded) = arrived.answered(outcome, Arc::new(RequestBody::none()));
        let record = async move {
            let body = Arc::new(body::skim(&core, body, &limits).await);
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

/// Bytes of a body for which there has to be room: a small one waits for no other.
fn counted(length: u64) -> u64 {
    if length <= SMALL_BODY { 0 } else { length }
}

/// As much of a room as a body of `length` bytes takes, the rest of it given back.
fn shrunk(mut room: OwnedSemaphorePermit, length: u64) -> Option<OwnedSemaphorePermit> {
    let taken = room.num_permits().min(kibibytes(length) as usize);
    room.split(taken)
}

/// Of a body, the last one begun counted whole.
fn kibibytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
