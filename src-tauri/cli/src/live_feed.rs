//! Follows the live feed of a SCIM Setup that is running: server-sent events, each `data:` a batch.

use server::model::Event;
use wire::Stream;

/// A batch of 500 events, each with its fields, is about 1 MiB; more is told as a resync.
const LONGEST_BATCH: usize = 64 << 20;

/// What is between two server-sent events.
const END: &[u8] = b"\n\n";

/// The live feed, from when it was opened.
pub(crate) struct LiveFeed {
    stream: Stream,
    /// What came of an event that is not complete.
    begun: Vec<u8>,
}

impl LiveFeed {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, begun: Vec::new() }
    }

    /// The next batch; the first is a resync.
    ///
    /// # Errors
    /// A sentence if the feed has ended, or is not one.
    pub(crate) async fn next(&mut self) -> Result<Vec<Event>, String> {
        loop {
            while let Some(end) = self.begun.windows(END.len()).position(|bytes| bytes == END) {
                let event: Vec<u8> = self.begun.drain(..end + END.len()).collect();
                // What begins with a colon only says that somebody is still there.
                if let Some(batch) = event.strip_prefix(b"data:") {
                    return serde_json::from_slice(batch)
                        .map_err(|error| format!("the live feed cannot be read: {error}"));
                }
            }
            match self.stream.next().await {
                Ok(Some(bytes)) => self.begun.extend_from_slice(&bytes),
                Ok(None) => return Err("the SCIM Setup that was asked has ended".to_owned()),
                Err(error) => return Err(format!("the live feed was lost: {error}")),
            }
            if self.begun.len() > LONGEST_BATCH {
                return Err("the live feed sends more than it should".to_owned());
            }
        }
    }
}
