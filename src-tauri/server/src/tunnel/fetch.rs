//! One GET on one connection: no redirects, no cookies, no more than a few bytes.

use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// Who asks. Not a browser's name: tunnels show browsers a warning page.
const ASKER: &str = concat!("SCIM-Setup/", env!("CARGO_PKG_VERSION"), " (tunnel check)");

/// An answer, its body cut off where the limit is.
pub(super) struct Fetched {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Asks for `path` on an open connection and reads at most `limit` bytes of the body.
///
/// # Errors
/// If the connection breaks off before the head of the answer, or what comes is not HTTP.
pub(super) async fn get<S>(
    stream: S,
    host: &str,
    path: &str,
    headers: &HeaderMap,
    limit: usize,
) -> Result<Fetched, hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driven = AbortOnDrop(tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the connection of a check ended early");
        }
    }));
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.uri_mut() = path.parse().unwrap_or_default();
    *request.headers_mut() = headers.clone();
    for (name, value) in [(HOST, host), (USER_AGENT, ASKER)] {
        if let Ok(value) = value.parse() {
            request.headers_mut().insert(name, value);
        }
    }
    let response = sender.send_request(request).await?;
    let (head, mut incoming) = response.into_parts();
    let mut body = Vec::new();
    while body.len() < limit {
        // A body that breaks off still says who sent its beginning.
        let Some(Ok(frame)) = incoming.frame().await else { break };
        if let Some(data) = frame.data_ref() {
            body.extend_from_slice(&data[..data.len().min(limit - body.len())]);
        }
    }
    drop(driven);
    Ok(Fetched { status: head.status.as_u16(), headers: head.headers, body })
}

/// Ends a task when the future that needs it is dropped, as a timeout does.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
