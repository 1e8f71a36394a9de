//! One GET on a connection that its user has opened, hop by hop: no redirects, no cookies, no more than a few bytes.

use std::time::Instant;

use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

use super::{Address, Answer, NoAnswer, answer, broke_off, build};

/// Asks for `path` on a connection to `to` that is open, and reads at most `limit` bytes of the body, as it comes: what is beyond is cut off.
///
/// # Errors
/// If the request cannot be sent, the connection breaks off before the head of the answer, or what comes is not HTTP.
pub async fn get<S>(
    stream: S,
    to: &Address,
    path: &str,
    headers: &[(String, String)],
    limit: usize,
) -> Result<Answer, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = build(to, "GET", path, headers, None)?;
    let broke_off = |error: hyper::Error| broke_off(&error);
    let started = Instant::now();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broke_off)?;
    // Ends with this, whatever ends it.
    let mut driven = JoinSet::new();
    driven.spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the connection of a check ended early");
        }
    });
    let (head, mut incoming) = sender.send_request(request).await.map_err(broke_off)?.into_parts();
    let mut body = Vec::new();
    while body.len() < limit {
        // A body that breaks off still says who sent its beginning.
        let Some(Ok(frame)) = incoming.frame().await else { break };
        if let Some(data) = frame.data_ref() {
            body.extend_from_slice(&data[..data.len().min(limit - body.len())]);
        }
    }
    Ok(answer(&head, body, started.elapsed()))
}
