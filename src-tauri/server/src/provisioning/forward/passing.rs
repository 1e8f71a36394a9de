//! Bodies on their way from one side to the other: what has been read of one, and the rest, which is passed on as it comes.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::HttpBody;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::{Instant, Sleep};
use wire::{BodyError, PassedBody};

/// How far a body has been read.
pub(in crate::provisioning) struct Begun {
    pub(super) pieces: VecDeque<Bytes>,
    /// `None`: that was all.
    pub(super) rest: Option<PassedBody>,
}

/// What came of the rest of a body.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    /// Bytes that were passed on, those that were read before included.
    pub(super) length: u64,
    /// Whether it came to its end.
    pub(super) is_whole: bool,
}

/// A body that is sent: what was read of one, then the rest as it comes.
pub(super) struct Passing {
    pieces: VecDeque<Bytes>,
    rest: Option<PassedBody>,
    /// When the rest is given up.
    until: Option<Pin<Box<Sleep>>>,
    ended: Ended,
    tell: Option<oneshot::Sender<Ended>>,
    /// Who asks whether somebody still waits for what it is sent for; `None`: nobody does.
    turn: Option<Turn>,
    _rooms: Vec<OwnedSemaphorePermit>,
}

/// Whether a request has begun to be sent or its client has hung up: what comes first is how it is. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Turn(Arc<AtomicBool>);

impl Turn {
    /// Whether this comes first.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

impl Begun {
    /// Reads a body to its end, or until there are more than `most` bytes of it.
    ///
    /// # Errors
    /// If it breaks off; how many bytes had come by then is beside the reason.
    pub(super) async fn read<B>(body: B, most: usize) -> Result<Self, (usize, BodyError)>
    where
        B: HttpBody<Data = Bytes, Error: Into<BodyError>> + Send + Unpin + 'static,
    {
        let (mut body, mut pieces, mut length) = (body, VecDeque::new(), 0);
        while length <= most {
            match body.frame().await {
                None => return Ok(Self { pieces, rest: None }),
                Some(Err(error)) => return Err((length, error.into())),
                Some(Ok(frame)) => {
                    // Trailers are for this hop: nobody said that they may be merged (RFC 9110 §6.5.1).
                    let Ok(data) = frame.into_data() else { continue };
                    length += data.len();
                    pieces.extend(Some(data).filter(|data| !data.is_empty()));
                }
            }
        }
        if body.is_end_stream() {
            return Ok(Self { pieces, rest: None });
        }
        Ok(Self { pieces, rest: Some(body.map_err(Into::into).boxed_unsync()) })
    }

    /// Bytes that have been read.
    pub(in crate::provisioning) fn length(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    /// Reads on, to the end or until there are more than `most` bytes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) async fn read_on(self, most: usize) -> Result<Self, (usize, BodyError)> {
        let Some(rest) = self.rest else { return Ok(self) };
        let read = self.pieces.iter().map(Bytes::len).sum::<usize>();
        let mut pieces = self.pieces;
        let further =
            Self::read(rest, most.saturating_sub(read)).await.map_err(|(more, error)| (read + more, error))?;
        pieces.extend(further.pieces);
        Ok(Self { pieces, rest: further.rest })
    }

    /// The body to send. `until` is when the rest is given up; what comes of it is told. `rooms` are kept as long as it is
    /// there.
    pub(super) fn pass_on(
        self,
        until: Instant,
        rooms: Vec<OwnedSemaphorePermit>,
    ) -> (Passing, oneshot::Receiver<Ended>) {
        let (tell, ended) = oneshot::channel();
        let until = self.rest.is_some().then(|| Box::pin(tokio::time::sleep_until(until)));
        let passing = Passing {
            pieces: self.pieces,
            rest: self.rest,
            until,
            ended: Ended::default(),
            tell: Some(tell),
            turn: None,
            _rooms: rooms,
        };
        (passing, ended)
    }
}

impl Passing {
    /// Is sent only if it takes the turn.
    pub(super) fn after(mut self, turn: Turn) -> Self {
        self.turn = Some(turn);
        self
    }

    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if let Some(until) = &mut self.until
            && until.as_mut().poll(cx).is_ready()
        {
            self.rest = None;
            return Poll::Ready(Some(Err("the rest did not come in time".into())));
        }
        loop {
            let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
            match std::task::ready!(Pin::new(rest).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    return Poll::Ready(Some(Ok(data)));
                }
                Some(Err(error)) => {
                    self.rest = None;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.rest = None;
                    self.ended.is_whole = true;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

impl HttpBody for Passing {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.turn.take().is_some_and(|turn| !turn.take()) {
            self.rest = None;
            self.pieces.clear();
            return Poll::Ready(Some(Err("its client has hung up".into())));
        }
        let next = match self.pieces.pop_front() {
            Some(piece) => Some(Ok(piece)),
            None => std::task::ready!(self.poll_rest(cx)),
        };
        if let Some(Ok(piece)) = &next {
            self.ended.length += piece.len() as u64;
        }
        if self.pieces.is_empty() && self.rest.is_none() && !matches!(next, Some(Err(_))) {
            self.ended.is_whole = true;
        }
        Poll::Ready(next.map(|next| next.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let read = self.pieces.iter().map(|piece| piece.len() as u64).sum();
        match self.rest.as_ref().map(HttpBody::size_hint) {
            None => SizeHint::with_exact(read),
            Some(rest) => {
                let mut hint = SizeHint::new();
                hint.set_lower(read + rest.lower());
                if let Some(upper) = rest.upper() {
                    hint.set_upper(read + upper);
                }
                hint
            }
        }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if let Some(tell) = self.tell.take() {
            // An error means that nobody wants to know.
            let _ = tell.send(self.ended);
        }
    }
}
