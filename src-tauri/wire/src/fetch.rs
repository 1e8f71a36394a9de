//! One GET on a connection that its user has opened, hop by hop: no redirects, no cookies, no more than a few bytes.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// An answer, its body cut off where the limit is.
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// As they came.
    pub headers: HeaderMap,
    /// The body as it came, as far as it was read.
    pub body: Vec<u8>,
}

/// Asks for `path` on an open connection and reads at most `limit` bytes of the body. Exactly these headers are sent, so `Host` has to be
/// among them.
///
/// # Errors
/// If the connection breaks off before the head of the answer, or what comes is not HTTP.
pub async fn get<S>(stream: S, path: &str, headers: HeaderMap, limit: usize) -> Result<Fetched, hyper::Error>
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
    *request.headers_mut() = headers;
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
