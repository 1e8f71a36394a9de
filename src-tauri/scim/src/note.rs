//! Tolerances that were used, so that a person can see where a client is not standard.

use serde::{Deserialize, Serialize};

/// Notes of one request that are kept; one that sends 10,000 crooked values is told about the first of them.
const MOST: usize = 50;

/// One tolerance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// A stable name: `string-boolean`.
    pub rule: String,
    /// What the standard says: `RFC 7643 §2.3.2`.
    pub section: String,
    /// A sentence: "`active` was the string \"False\"; it was read as false."
    pub text: String,
}

/// The notes of one request, each once, in order.
#[derive(Clone, Debug, Default)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a note unless it is there already.
    pub fn add(&mut self, rule: &'static str, section: &'static str, text: impl Into<String>) {
        let text = text.into();
        let is_it = |note: &Note| note.rule == rule && note.text == text;
        if self.0.len() < MOST && !self.0.iter().any(is_it) {
            self.0.push(Note { rule: rule.to_owned(), section: section.to_owned(), text });
        }
    }

    /// The notes so far.
    pub fn as_slice(&self) -> &[Note] {
        &self.0
    }

    /// The notes.
    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
