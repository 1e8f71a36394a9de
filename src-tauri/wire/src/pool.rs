//! Connections to one server, for whoever passes on what others ask: bodies go through as they come, in both directions.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::SendRequest;
use hyper::{Method, Request, Response};

use super::body::PassedBody;
use super::connect::connect;
use super::tls::Tls;
use super::{Address, IDLE, NoAnswer, broke_off};

/// Connections that are kept open while nobody uses them.
const MOST_IDLE: usize = 32;

/// How long a connection may take to be ready again after its answer has been read. It is ready at once, unless the server has closed it.
const READY: Duration = Duration::from_millis(50);

/// Connections to one server: those that are open and idle, the newest last. Cheap to clone.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    to: Address,
    tls: Tls,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    since: Instant,
    sender: SendRequest<PassedBody>,
}

/// The body of an answer, as it comes. Once it has come to its end, its connection can be used again.
pub struct AnswerBody {
    body: Incoming,
    connection: Option<(Pool, SendRequest<PassedBody>)>,
}

impl Pool {
    /// No connections to a server yet.
    pub fn new(to: Address, tls: Tls) -> Self {
        Self(Arc::new(Inner { to, tls, idle: Mutex::default() }))
    }

    /// Sends a request and returns when the head of its answer is there. What stands in the request is sent as it is; it needs a `Host`.
    /// A GET or HEAD without a body takes an idle connection, and another one where that was closed before there was an answer. All others have
    /// a new connection: what is sent on one that the server is just closing may or may not have been heard.
    ///
    /// # Errors
    /// If no answer comes. Who does not want to wait for ever sets a limit of time.
    pub async fn send(&self, request: Request<PassedBody>) -> Result<Response<AnswerBody>, NoAnswer> {
        let mut request = request;
        if let Some(again) = again(&request)
            && let Some(mut sender) = self.take_idle().await
        {
            if let Ok(response) = sender.send_request(request).await {
                return Ok(self.answered(response, sender));
            }
            request = again;
        }
        let mut sender = connect(&self.0.to, self.0.tls.connector_for(&self.0.to).await).await?;
        let response = sender.send_request(request).await.map_err(|error| broke_off(&error))?;
        Ok(self.answered(response, sender))
    }

    fn answered(&self, response: Response<Incoming>, sender: SendRequest<PassedBody>) -> Response<AnswerBody> {
        response.map(|body| {
            let mut body = AnswerBody { body, connection: Some((self.clone(), sender)) };
            if body.body.is_end_stream() {
                body.give_back();
            }
            body
        })
    }

    async fn take_idle(&self) -> Option<SendRequest<PassedBody>> {
        loop {
            let Idle { since, mut sender } = self.idle().pop()?;
            if since.elapsed() < IDLE && matches!(tokio::time::timeout(READY, sender.ready()).await, Ok(Ok(()))) {
                return Some(sender);
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AnswerBody {
    fn give_back(&mut self) {
        let Some((pool, sender)) = self.connection.take().filter(|(_, sender)| !sender.is_closed()) else { return };
        let mut idle = pool.idle();
        idle.retain(|idle| idle.since.elapsed() < IDLE);
        if idle.len() < MOST_IDLE {
            idle.push(Idle { since: Instant::now(), sender });
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) {
            self.give_back();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The same request, if it can be sent twice without harm: it only reads and has no body (RFC 9110 §9.2.1).
fn again(request: &Request<PassedBody>) -> Option<Request<PassedBody>> {
    use http_body_util::{BodyExt, Empty};
    if !request.body().is_end_stream() || ![Method::GET, Method::HEAD].contains(request.method()) {
        return None;
    }
    let mut again = Request::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.headers_mut() = request.headers().clone();
    Some(again)
}
