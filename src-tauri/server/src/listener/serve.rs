//! Serving connections with time limits, and ending without cutting anybody off.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::provisioning::Provisioning;

/// How long a connection may take to finish after the listener has closed.
const GRACE: Duration = Duration::from_secs(10);

/// Headers of a request at the most; tunnels and proxies add theirs.
const MOST_HEADERS: usize = 256;

/// Waits after `accept` fails, for instance because all file descriptors are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound listener and the task that serves it. Dropping it stops accepting.
pub(crate) struct Serving {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Serves the provisioning listener.
    pub(crate) fn provisioning(socket: TcpListener, provisioning: Arc<Provisioning>) -> Self {
        let head = provisioning.limits().head;
        let unreadable = provisioning.clone();
        let answer = move |request| {
            let provisioning = provisioning.clone();
            async move { provisioning.answer(request).await }
        };
        let mut http = http(head);
        // What a client asked for is done and recorded though it hangs up before it is answered, as they do after a time.
        http.half_close(true);
        Self::start(socket, http, answer, move |error| unreadable.record_unreadable(error))
    }

    /// Serves a router.
    pub(crate) fn router(socket: TcpListener, router: Router, head: Duration) -> Self {
        let answer = move |request| {
            let router = router.clone();
            async move {
                let Ok(response) = router.oneshot(request).await;
                response
            }
        };
        Self::start(socket, http(head), answer, |error| tracing::debug!(%error, "a request could not be read"))
    }

    /// Where it is bound.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting and waits until every accepted request is answered, at most [`GRACE`].
    pub(crate) async fn close(self) {
        // An error means that the task has ended already.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a listener's task failed");
        }
    }

    /// Accepts connections and serves them until it is closed. `unreadable` is told of what was not an HTTP request; hyper has refused it already.
    fn start<A, F, U>(socket: TcpListener, http: Builder, answer: A, unreadable: U) -> Self
    where
        U: Fn(&hyper::Error) + Clone + Send + Sync + 'static,
        A: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let address = socket.local_addr().unwrap_or_else(|_| super::loopback(0));
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            let serve = |stream: TcpStream| {
                // An answer is one write: nothing is gained by waiting for more. That it cannot be set costs time, not answers.
                let _ = stream.set_nodelay(true);
                let answer = answer.clone();
                let service = service_fn(move |request: Request<Incoming>| {
                    let response = answer(request.map(Body::new));
                    async move { Ok::<_, Infallible>(response.await) }
                });
                let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
                let unreadable = unreadable.clone();
                tokio::spawn(async move {
                    match connection.await {
                        Err(error) if error.is_parse() => unreadable(&error),
                        Err(error) => tracing::debug!(%error, "a connection ended early"),
                        Ok(()) => {}
                    }
                });
            };
            loop {
                let accepted = tokio::select! {
                    accepted = socket.accept() => accepted,
                    // Both a `true` and a dropped sender mean: stop.
                    _ = stopped.changed() => break,
                };
                match accepted {
                    Ok((stream, _)) => serve(stream),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
            // Whoever has connected already is answered: closing the socket would reset them.
            while let Some(Ok((stream, _))) = socket.accept().now_or_never() {
                serve(stream);
            }
            drop(socket);
            if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
                tracing::warn!(grace_s = GRACE.as_secs(), "some connections were still open at the end");
            }
        });
        Self { address, stop, task }
    }
}

/// How connections are served. `head` is how long the head of a request may take.
fn http(head: Duration) -> Builder {
    let mut http = Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head).keep_alive(true).max_headers(MOST_HEADERS);
    http
}
