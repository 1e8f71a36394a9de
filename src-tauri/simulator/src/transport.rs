//! Where requests go: to a server, or to the ideal one of a rehearsal.

use wire::{Answer, NoAnswer};

use crate::exchange::{Exchange, Request};
use crate::rehearsal::IdealServer;
use crate::target::{Connection, Target};

/// Takes requests.
pub(crate) enum Transport {
    /// To a server.
    Connection(Box<Connection>),
    /// To nobody: the answers are those of a server that does everything right.
    Rehearsal(Box<IdealServer>),
}

impl From<&Target> for Transport {
    fn from(target: &Target) -> Self {
        Self::Connection(Box::new(target.open()))
    }
}

impl Transport {
    /// Sends a request; returns the answer, and the exchange as it is kept.
    pub(crate) async fn send(&mut self, request: &Request) -> (Result<Answer, NoAnswer>, Exchange) {
        match self {
            Self::Connection(connection) => connection.send(request).await,
            // Nobody looks at what was sent.
            Self::Rehearsal(ideal) => (Ok(ideal.answer(request)), Exchange::default()),
        }
    }
}
