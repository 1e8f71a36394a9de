//! Serving connections with time limits, and ending without cutting anybody off.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tower::ServiceExt;

use super::connections::{Activity, Connections, Held, Watched};
use crate::provisioning::{Limits, OfValidToken, Provisioning};

/// How long a connection may take to finish after the listener has closed.
const GRACE: Duration = Duration::from_secs(10);

/// Headers of a request at the most; tunnels and proxies add theirs.
const MOST_HEADERS: usize = 256;

/// How often connections are looked at that may take too long.
const LOOKS: Duration = Duration::from_secs(1);

/// How often connections are looked at, once the listener has closed, on which a request has begun that will not come.
const LOOKS_AT_END: Duration = Duration::from_millis(100);

/// Waits after `accept` fails, for instance because all file descriptors are in use, and while no connection can be closed to make room.
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
        let limits = provisioning.limits();
        let unreadable = provisioning.clone();
        let answer = move |request| {
            let provisioning = provisioning.clone();
            async move { provisioning.answer(request).await }
        };
        let mut http = http();
        // What a client asked for is done and recorded though it hangs up before it is answered, as they do after a time.
        http.half_close(true);
        Self::start(socket, limits, http, answer, move |error| unreadable.record_unreadable(error))
    }

    /// Serves a router.
    pub(crate) fn router(socket: TcpListener, router: Router, limits: Limits) -> Self {
        let answer = move |request| {
            let router = router.clone();
            async move {
                let Ok(response) = router.oneshot(request).await;
                response
            }
        };
        let unreadable = |error: &hyper::Error| tracing::debug!(%error, "a request could not be read");
        Self::start(socket, limits, http(), answer, unreadable)
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
    fn start<A, F, U>(socket: TcpListener, limits: Limits, http: Builder, answer: A, unreadable: U) -> Self
    where
        U: Fn(&hyper::Error) + Clone + Send + Sync + 'static,
        A: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let address = socket.local_addr().unwrap_or_else(|_| super::loopback(0));
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            let mut connections = Connections::default();
            let mut looks = tokio::time::interval(LOOKS.min(limits.head / 4));
            looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let serve = |stream: TcpStream, connections: &mut Connections| {
                // An answer is one write: nothing is gained by waiting for more. That it cannot be set costs time, not answers.
                let _ = stream.set_nodelay(true);
                let (answer, activity) = (answer.clone(), Activity::new());
                let stream = TokioIo::new(Watched::new(stream, activity.clone()));
                let noted = activity.clone();
                let service = service_fn(move |mut request: Request<Incoming>| {
                    if let Some(target) = noted.take_sent_target(request.uri()) {
                        request.extensions_mut().insert(target);
                    }
                    let (reading, answering) = noted.begin();
                    let (noted, response) =
                        (noted.clone(), answer(request.map(|body| Body::new(Held::new(body, reading)))));
                    async move {
                        let response = response.await;
                        if response.extensions().get::<OfValidToken>().is_some() {
                            noted.trust();
                        }
                        Ok::<_, Infallible>(response.map(|body| Held::new(body, answering)))
                    }
                });
                let connection = graceful.watch(http.serve_connection(stream, service));
                let unreadable = unreadable.clone();
                let task = tokio::spawn(async move {
                    match connection.await {
                        Err(error) if error.is_parse() => unreadable(&error),
                        Err(error) => tracing::debug!(%error, "a connection ended early"),
                        Ok(()) => {}
                    }
                });
                connections.add(activity, task.abort_handle());
            };
            'accepting: loop {
                let accepted = tokio::select! {
                    accepted = socket.accept() => accepted,
                    _ = looks.tick(), if !connections.is_empty() => {
                        connections.close_late(&limits, Instant::now());
                        continue;
                    }
                    // Both a `true` and a dropped sender mean: stop.
                    _ = stopped.changed() => break,
                };
                match accepted {
                    Ok((stream, _)) => {
                        // While all are being answered, who comes waits.
                        while !connections.make_room(limits.connections) {
                            tokio::select! {
                                () = tokio::time::sleep(ACCEPT_PAUSE) => connections.close_late(&limits, Instant::now()),
                                _ = stopped.changed() => break 'accepting,
                            }
                        }
                        serve(stream, &mut connections);
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
            // Whoever has connected already is answered: closing the socket would reset them.
            while let Some(Ok((stream, _))) = socket.accept().now_or_never() {
                serve(stream, &mut connections);
            }
            drop(socket);
            let ending = async {
                let mut ended = pin!(graceful.shutdown());
                // Again and again: of one that was accepted just now, nothing is read yet.
                while tokio::time::timeout(LOOKS_AT_END, &mut ended).await.is_err() {
                    connections.close_unasked();
                }
            };
            if tokio::time::timeout(GRACE, ending).await.is_err() {
                tracing::warn!(grace_s = GRACE.as_secs(), "some connections were still open at the end");
            }
        });
        Self { address, stop, task }
    }
}

/// How connections are served. How long they may take is not left to hyper, which has one limit for what has several here.
fn http() -> Builder {
    let mut http = Builder::new();
    http.header_read_timeout(None).keep_alive(true).max_headers(MOST_HEADERS);
    http
}
