//! An answer whose body is read as it comes, because it may not end.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::{Address, Client, NoAnswer, Sender, broke_off, build, within};

/// The head of an answer, and its body piece by piece.
pub struct Stream {
    /// The status.
    pub status: u16,
    body: Incoming,
    /// How long a piece may take.
    time: Duration,
    /// The connection ends with it.
    _sender: Sender,
}

impl Client {
    /// Asks for `path` on a connection of its own and returns as soon as the head of the answer is there.
    ///
    /// # Errors
    /// If there is no head within the limit of time.
    pub async fn stream(&self, to: &Address, path: &str, headers: &[(String, String)]) -> Result<Stream, NoAnswer> {
        let (request, time) = (build(to, "GET", path, headers, None)?, self.limits.time);
        let open = async {
            let mut sender = self.connect(to).await?;
            let response = sender.send_request(request).await.map_err(|error| broke_off(&error))?;
            Ok(Stream { status: response.status().as_u16(), body: response.into_body(), time, _sender: sender })
        };
        within(time, open).await
    }
}

impl Stream {
    /// The next bytes, as they came; `None`: that was all.
    ///
    /// # Errors
    /// If the connection breaks off, or nothing comes for as long as a whole answer may take.
    pub async fn next(&mut self) -> Result<Option<Bytes>, NoAnswer> {
        let read = async {
            while let Some(frame) = self.body.frame().await {
                if let Ok(data) = frame.map_err(|error| broke_off(&error))?.into_data() {
                    return Ok(Some(data));
                }
            }
            Ok(None)
        };
        within(self.time, read).await
    }
}
