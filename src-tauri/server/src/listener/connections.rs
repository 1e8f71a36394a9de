//! The connections of a listener: how many there are, what each is doing, and which is closed to make room.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::AbortHandle;

use crate::provisioning::Limits;

/// The open connections of a listener.
#[derive(Default)]
pub(super) struct Connections {
    open: HashMap<u64, (Activity, AbortHandle)>,
    opened: u64,
}

impl Connections {
    /// Forgets those that have ended.
    fn tidy(&mut self) {
        self.open.retain(|_, (_, task)| !task.is_finished());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether there is room for one more; if need be, the one is closed that has been idle for the longest time.
    pub(super) fn make_room(&mut self, most: usize) -> bool {
        if self.open.len() >= most {
            self.tidy();
        }
        if self.open.len() < most {
            return true;
        }
        let idle = self.open.iter().filter_map(|(id, (activity, _))| Some((activity.idle_since()?, *id)));
        let Some((_, longest)) = idle.min() else { return false };
        self.close(longest);
        true
    }

    pub(super) fn add(&mut self, activity: Activity, task: AbortHandle) {
        self.opened += 1;
        self.open.insert(self.opened, (activity, task));
    }

    /// Closes those that take too long.
    pub(super) fn close_late(&mut self, limits: &Limits, now: Instant) {
        self.tidy();
        self.close_if(|activity| activity.is_late(limits, now));
    }

    /// Closes those on which a request has begun to arrive and is not there: nothing was promised to anybody.
    pub(super) fn close_unasked(&mut self) {
        self.close_if(Activity::is_reading_head);
    }

    fn close_if(&mut self, condition: impl Fn(&Activity) -> bool) {
        let ids: Vec<u64> =
            self.open.iter().filter(|(_, (activity, _))| condition(activity)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.close(id));
    }

    fn close(&mut self, id: u64) {
        if let Some((_, task)) = self.open.remove(&id) {
            task.abort();
        }
    }
}

/// What a connection is doing. Cheap to clone.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    phase: Phase,
    /// Since when.
    since: Instant,
    /// Parts of the request at hand that are not over: its body and its answer.
    under_way: u8,
    /// Since when the client has taken nothing of what is sent.
    blocked: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte of a request has come yet.
    New,
    /// Between two requests.
    Idle,
    /// A head is arriving.
    Head,
    /// A request is read or answered.
    Request,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State { phase: Phase::New, since: Instant::now(), under_way: 0, blocked: None };
        Self(Arc::new(Mutex::new(state)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the head of a request has arrived. The request is over when both parts are gone: for its body and for its answer.
    pub(super) fn begin(&self) -> (Part, Part) {
        self.lock().enter(Phase::Request);
        (self.part(), self.part())
    }

    fn part(&self) -> Part {
        self.lock().under_way += 1;
        Part(self.clone())
    }

    fn idle_since(&self) -> Option<Instant> {
        let state = self.lock();
        if state.phase == Phase::Request { state.blocked } else { Some(state.since) }
    }

    fn is_reading_head(&self) -> bool {
        self.lock().phase == Phase::Head
    }

    fn is_late(&self, limits: &Limits, now: Instant) -> bool {
        let state = self.lock();
        let has_passed = |since: Instant, limit| now.saturating_duration_since(since) > limit;
        let is_over = match state.phase {
            Phase::New | Phase::Head => has_passed(state.since, limits.head),
            Phase::Idle => has_passed(state.since, limits.idle),
            // What takes long is the server's, and has limits of its own.
            Phase::Request => false,
        };
        is_over || state.blocked.is_some_and(|since| has_passed(since, limits.write))
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        (self.phase, self.since) = (phase, Instant::now());
    }
}

/// A part of a request that is under way as long as this is there.
pub(super) struct Part(Activity);

impl Drop for Part {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way -= 1;
        if state.under_way == 0 {
            state.enter(Phase::Idle);
        }
    }
}

/// A body on its way, which is under way as long as anybody holds it.
pub(super) struct Held<B> {
    body: B,
    _under_way: Part,
}

impl<B> Held<B> {
    pub(super) fn new(body: B, part: Part) -> Self {
        Self { body, _under_way: part }
    }
}

impl<B: Body + Unpin> Body for Held<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection whose reads and writes are noted.
pub(super) struct Watched<T> {
    inner: T,
    activity: Activity,
}

impl<T> Watched<T> {
    pub(super) fn new(inner: T, activity: Activity) -> Self {
        Self { inner, activity }
    }

    fn note_write<R>(&self, written: Poll<R>) -> Poll<R> {
        let blocked = &mut self.activity.lock().blocked;
        *blocked = written.is_pending().then(|| blocked.unwrap_or_else(Instant::now));
        written
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            let mut state = self.activity.lock();
            match state.phase {
                Phase::Idle => state.enter(Phase::Head),
                // Its time has begun with the connection.
                Phase::New => state.phase = Phase::Head,
                Phase::Head | Phase::Request => {}
            }
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.note_write(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.note_write(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
