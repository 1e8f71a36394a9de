//! Follows server-sent events of a SCIM Setup that is running: the live feed, each `data:` a batch, and the events of the integration API.

use server::model::Event;
use wire::Stream;

/// A batch of 500 events, each with its fields, is about 1 MiB; more is told as a resync.
const LONGEST: usize = 64 << 20;

/// What is between two server-sent events.
const END: &[u8] = b"\n\n";

/// Server-sent events, from when the stream was opened.
pub(crate) struct SentEvents {
    stream: Stream,
    /// What came of an event that is not complete.
    begun: Vec<u8>,
}

/// The live feed, from when it was opened.
pub(crate) struct LiveFeed(SentEvents);

impl SentEvents {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, begun: Vec::new() }
    }

    /// The data of the next event.
    ///
    /// # Errors
    /// A sentence if the stream has ended, or is not one.
    pub(crate) async fn next(&mut self) -> Result<Vec<u8>, String> {
        loop {
            while let Some(end) = self.begun.windows(END.len()).position(|bytes| bytes == END) {
                let event: Vec<u8> = self.begun.drain(..end + END.len()).collect();
                // What begins with a colon only says that somebody is still there; other lines name the event.
                let data = event.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"data:"));
                if let Some(data) = data {
                    return Ok(data.trim_ascii().to_vec());
                }
            }
            match self.stream.next().await {
                Ok(Some(bytes)) => self.begun.extend_from_slice(&bytes),
                Ok(None) => return Err("the SCIM Setup that was asked has ended".to_owned()),
                Err(error) => return Err(format!("the events of the SCIM Setup that was asked were lost: {error}")),
            }
            if self.begun.len() > LONGEST {
                return Err("the SCIM Setup that was asked sends more events at once than it should".to_owned());
            }
        }
    }
}

impl LiveFeed {
    pub(crate) fn new(stream: Stream) -> Self {
        Self(SentEvents::new(stream))
    }

    /// The next batch; the first is a resync.
    ///
    /// # Errors
    /// A sentence if the feed has ended, or is not one.
    pub(crate) async fn next(&mut self) -> Result<Vec<Event>, String> {
        let batch = self.0.next().await?;
        serde_json::from_slice(&batch).map_err(|error| format!("the live feed cannot be read: {error}"))
    }
}
