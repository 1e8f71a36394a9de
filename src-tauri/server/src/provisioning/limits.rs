//! How much a client may take.

use std::time::Duration;

/// How much a client may take of this server's time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request body. 4 MiB: Okta pushes a group of 10,000 members in one body of about 1 MB.
    pub body_bytes: usize,
    /// Bytes of all request bodies that arrive or are carried out at once. Who finds no room within a third of [`Limits::body`] is told to come again.
    pub bodies_bytes: usize,
    /// Connections at once, to each listener; fewer where the system allows few open files. Who connects when there are as many has the most
    /// dispensable one closed: that has not asked, or has been idle for the longest time.
    pub connections: usize,
    /// For the head of a request to arrive, from its first byte; of the first one, from connecting.
    pub head: Duration,
    /// Between two requests on one connection. Tunnels keep idle connections for about 90 seconds; one that is closed under them can cost a
    /// request.
    pub idle: Duration,
    /// For the body of a request to arrive.
    pub body: Duration,
    /// For the client to take so much of an answer that the system has room for more: on a slow tunnel that may be a megabyte.
    pub write: Duration,
    /// For a request to change what is stored, while others wait for the one writer: a group of 100,000 members comes in 2 seconds.
    pub change: Duration,
    /// For a query, most of which no index may help.
    pub query: Duration,
    /// For a request to wait until it is begun.
    pub wait: Duration,
    /// For the server that a request is passed on to, from its arrival to the end of the answer. 55 s: Okta gives up after 60 (OktaFAQ).
    pub target: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let [head, idle, body, write] = [10, 120, 30, 120].map(Duration::from_secs);
        let [change, query, wait, target] = [5, 10, 10, 55].map(Duration::from_secs);
        Self {
            body_bytes: 4 << 20,
            bodies_bytes: 64 << 20,
            connections: 1_024,
            head,
            idle,
            body,
            write,
            change,
            query,
            wait,
            target,
        }
    }
}

/// Operations in one bulk request at the most.
pub(super) const MOST_OPERATIONS: usize = 1_000;
