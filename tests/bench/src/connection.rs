//! One connection that is kept open, as Okta keeps its own.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::answer::{self, Answer};

/// 64 KiB: a page of 100 users arrives in one or two reads.
const ROOM: usize = 64 << 10;
/// After so long an answer will not come. A group of 1,000,000 members that is filled by thousands takes seconds for each.
const PATIENCE: Duration = Duration::from_secs(60);

/// A keep-alive connection; one request at a time.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    /// # Errors
    /// If nobody listens there.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, String> {
        let unreachable = |error| format!("{address} cannot be reached: {error}");
        let stream = TcpStream::connect(address).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(Self { stream, received: Vec::with_capacity(ROOM) })
    }

    /// Sends a rendered request and returns the answer to it.
    ///
    /// # Errors
    /// If the connection ends, what arrives is not an answer, or nothing arrives in [`PATIENCE`].
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer, String> {
        timeout(PATIENCE, self.exchange(request)).await.map_err(|_| format!("no answer in {} s", PATIENCE.as_secs()))?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.stream.write_all(request).await.map_err(|error| format!("the request cannot be sent: {error}"))?;
        self.received.clear();
        loop {
            self.received.reserve(ROOM);
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) => return Err("the connection was closed before the answer".to_owned()),
                Ok(_) => {}
                Err(error) => return Err(format!("the answer cannot be read: {error}")),
            }
            if let Some(answer) = answer::read(&self.received)? {
                return Ok(answer);
            }
        }
    }
}
