//! What to tell of a check, and one thing to do.

use crate::model::{TunnelCode, TunnelOutcome};

/// What to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: TunnelCode,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) advice: Option<String>,
    pub(crate) command: Option<String>,
}

impl Finding {
    pub(super) fn new(code: TunnelCode, title: &str, text: String) -> Self {
        Self { code, title: title.to_owned(), text, advice: None, command: None }
    }

    pub(super) fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    pub(super) fn with_command(self, command: Option<String>) -> Self {
        Self { command, ..self }
    }

    /// Whether this process answered.
    pub(crate) fn is_from_here(&self) -> bool {
        matches!(self.code, TunnelCode::Works | TunnelCode::PathChanged | TunnelCode::AuthorizationLost)
    }

    /// What it means.
    pub(crate) fn outcome(&self) -> TunnelOutcome {
        match self.code {
            TunnelCode::Works => TunnelOutcome::Works,
            TunnelCode::CouldNotCheck => TunnelOutcome::Unknown,
            _ => TunnelOutcome::Problem,
        }
    }
}
