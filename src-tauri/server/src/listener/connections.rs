//! The connections of a listener: how many there are, what each is doing, and which is closed to make room.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::Uri;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::AbortHandle;

use super::request_line::RequestLine;
use crate::provisioning::{Limits, SentTarget};

/// How long a connection may be new before it is one that does not ask, and how long nothing of an answer may be taken before it is stuck.
const YOUNG: Duration = Duration::from_secs(1);
const STUCK: Duration = Duration::from_secs(5);

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

    /// Whether there is room for one more; if need be, the most dispensable one is closed, of several alike the one that has been so longest.
    pub(super) fn make_room(&mut self, most: usize) -> bool {
        if self.open.len() >= most {
            self.tidy();
        }
        if self.open.len() < most {
            return true;
        }
        let now = Instant::now();
        let idle = self.open.iter().filter_map(|(id, (activity, _))| Some((activity.idleness(now)?, *id)));
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

    /// Closes those on which a request has begun to arrive and is not there: nothing was promised to anybody. One more may begin after that.
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
    /// Since when it is answered, while its body still comes.
    answered: Option<Instant>,
    /// Since when the client has taken nothing of what is sent.
    blocked: Option<Instant>,
    /// Of the request whose head arrives, if it had to be encoded.
    sent_target: Option<SentTarget>,
    /// Whether a request on it showed a valid token.
    is_trusted: bool,
    /// Whether the body of a request was given up before its end: what comes then need not be the beginning of another one.
    has_lost_place: bool,
}

/// How dispensable a connection is, the most dispensable first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Idleness {
    /// It has connected and does not ask, or not to the end.
    Asking,
    /// It is answered, and sends a body on that nobody needs, or does not take the answer.
    Answered,
    /// Between two requests of strangers.
    Waiting,
    /// It has connected just now.
    Young,
    /// Between two requests, of which one showed a valid token. Nobody else can have many of these.
    Trusted,
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
        let state = State {
            phase: Phase::New,
            since: Instant::now(),
            under_way: 0,
            answered: None,
            blocked: None,
            sent_target: None,
            is_trusted: false,
            has_lost_place: false,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The target of the request whose head has arrived, as it was sent; `None`: as hyper read it, which is `read`.
    pub(super) fn take_sent_target(&self, read: &Uri) -> Option<SentTarget> {
        let target = self.lock().sent_target.take()?;
        let (encoded, target) = SentTarget::encode(target.0.as_bytes())?;
        (read.path_and_query()?.as_str() == encoded).then_some(target)
    }

    /// Notes that a request on the connection showed a valid token.
    pub(super) fn trust(&self) {
        self.lock().is_trusted = true;
    }

    /// Notes that the head of a request has arrived. The request is over when both parts are gone: for its body and for its answer.
    pub(super) fn begin(&self) -> (Part, Part) {
        let mut state = self.lock();
        state.enter(Phase::Request);
        state.under_way += 2;
        let part = |is_answer| Part { activity: self.clone(), is_answer };
        (part(false), part(true))
    }

    /// How dispensable a connection is, the most first, and since when; `None`: a request is under way. Those on which an identity provider
    /// waits for its next request are kept for as long as there are others, however new.
    fn idleness(&self, now: Instant) -> Option<(Idleness, Instant)> {
        let state = self.lock();
        let is_young = now.saturating_duration_since(state.since) < YOUNG;
        let is_stuck = |since: &Instant| now.saturating_duration_since(*since) > STUCK;
        match state.phase {
            Phase::New | Phase::Head if is_young => Some((Idleness::Young, state.since)),
            Phase::New | Phase::Head => Some((Idleness::Asking, state.since)),
            Phase::Idle if state.is_trusted => Some((Idleness::Trusted, state.since)),
            Phase::Idle => Some((Idleness::Waiting, state.since)),
            Phase::Request => {
                let since = state.answered.or(state.blocked.filter(is_stuck))?;
                Some((Idleness::Answered, since))
            }
        }
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
        (self.phase, self.since, self.answered) = (phase, Instant::now(), None);
    }
}

/// A part of a request that is under way as long as this is there.
pub(super) struct Part {
    activity: Activity,
    is_answer: bool,
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut state = self.activity.lock();
        state.under_way -= 1;
        if state.under_way == 0 {
            state.enter(Phase::Idle);
        } else if self.is_answer {
            state.answered = Some(Instant::now());
        }
    }
}

/// A body on its way, which is under way as long as anybody holds it.
pub(super) struct Held<B: Body> {
    body: B,
    has_ended: bool,
    under_way: Part,
}

impl<B: Body> Held<B> {
    pub(super) fn new(body: B, part: Part) -> Self {
        Self { body, has_ended: false, under_way: part }
    }
}

impl<B: Body> Drop for Held<B> {
    fn drop(&mut self) {
        if !self.has_ended && !self.body.is_end_stream() && !self.under_way.is_answer {
            self.under_way.activity.lock().has_lost_place = true;
        }
    }
}

impl<B: Body + Unpin> Body for Held<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        self.has_ended |= matches!(frame, Poll::Ready(None));
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection whose reads and writes are noted, and of which hyper gets request lines that it can read.
pub(super) struct Watched<T> {
    inner: T,
    activity: Activity,
    line: RequestLine,
}

impl<T> Watched<T> {
    pub(super) fn new(inner: T, activity: Activity) -> Self {
        Self { inner, activity, line: RequestLine::default() }
    }

    fn note_write<R>(&self, written: Poll<R>) -> Poll<R> {
        let blocked = &mut self.activity.lock().blocked;
        *blocked = written.is_pending().then(|| blocked.unwrap_or_else(Instant::now));
        written
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { inner, activity, line } = self.get_mut();
        let before = buf.filled().len();
        let begins = {
            let state = activity.lock();
            matches!(state.phase, Phase::New | Phase::Idle) && !state.has_lost_place
        };
        let read = line.poll_read(inner, begins, cx, buf);
        if buf.filled().len() > before || line.has_begun() {
            let mut state = activity.lock();
            match state.phase {
                Phase::Idle => state.enter(Phase::Head),
                // Its time has begun with the connection.
                Phase::New => state.phase = Phase::Head,
                Phase::Head | Phase::Request => {}
            }
        }
        read.map_ok(|sent| {
            if sent.is_some() {
                activity.lock().sent_target = sent;
            }
        })
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
