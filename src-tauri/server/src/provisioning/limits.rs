//! How much a client may take.

use std::time::Duration;

/// How much a client may take of this server's time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request body. 4 MiB: Okta pushes a group of 10,000 members in one body of about 1 MB.
    pub body_bytes: usize,
    /// For the head of a request to arrive, from the end of the request before. Tunnels keep idle connections for about 90 seconds; one
    /// that is closed under them can cost a request.
    pub head: Duration,
    /// For the body of a request to arrive.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 4 << 20, head: Duration::from_secs(120), body: Duration::from_secs(30) }
    }
}
/// Operations in one bulk request at the most.
pub(super) const MOST_OPERATIONS: usize = 1_000;
