//! An answer of which only the head and the beginning of the body matter.

use std::time::Instant;

use http_body_util::BodyExt;
use tokio::time::timeout_at;

use super::{Address, Answer, Client, Idle, NoAnswer, answer, build, within};

/// The head of an answer and the beginning of its body.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The answer; of the body what was read, as it came.
    pub answer: Answer,
    /// Whether the body ended there.
    pub is_whole: bool,
}

impl Client {
    /// Sends one request and reads at most `most` bytes of what comes back, for as long as the limit of time allows. Once the head is there,
    /// it is an answer, whether or not the body ends.
    ///
    /// # Errors
    /// If no head of an answer came within the limit of time.
    pub async fn send_for_beginning(
        &mut self,
        to: &Address,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
        most: usize,
    ) -> Result<Beginning, NoAnswer> {
        let request = build(to, method, path, headers, Some(body))?;
        let (started, time) = (Instant::now(), self.limits.time);
        let deadline = tokio::time::Instant::now() + time;
        let (response, sender) = within(time, self.ask(to, request)).await?;
        let (head, mut incoming) = response.into_parts();
        let (mut body, mut is_whole) = (Vec::new(), false);
        while body.len() <= most && !is_whole {
            match timeout_at(deadline, incoming.frame()).await {
                Ok(Some(Ok(frame))) => body.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
                Ok(None) => is_whole = true,
                Ok(Some(Err(_))) | Err(_) => break,
            }
        }
        is_whole &= body.len() <= most;
        body.truncate(most);
        let duration = started.elapsed();
        if is_whole && !sender.is_closed() && !head.status.is_server_error() {
            self.idle = Some(Idle { at: to.url.origin(), since: Instant::now(), sender });
        }
        Ok(Beginning { answer: answer(&head, body, duration), is_whole })
    }
}
