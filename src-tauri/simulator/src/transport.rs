//! Where requests go: to a server, or to the ideal one of a rehearsal.

use std::time::Duration;

use wire::{Answer, NoAnswer};

use crate::exchange::{Exchange, Request, Secrets};
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
    pub(crate) fn is_rehearsal(&self) -> bool {
        matches!(self, Self::Rehearsal(_))
    }

    /// How the last request was answered; `None`: it was not.
    pub(crate) fn last_status(&self) -> Option<u16> {
        match self {
            Self::Connection(connection) => connection.last_status(),
            Self::Rehearsal(_) => Some(200),
        }
    }

    /// Sends a request; returns the answer, and the exchange as it is kept.
    pub(crate) async fn send(&mut self, request: &Request) -> (Result<Answer, NoAnswer>, Exchange) {
        match self {
            Self::Connection(connection) => connection.send(request).await,
            Self::Rehearsal(ideal) => {
                let outcome = Ok(ideal.answer(request));
                let secrets = Secrets::default();
                let sent = secrets.message(&request.headers, request.body.as_deref().unwrap_or_default().as_bytes());
                let exchange = secrets.exchange(request.method, request.target.clone(), sent, &outcome, Duration::ZERO);
                (outcome, exchange)
            }
        }
    }
}
