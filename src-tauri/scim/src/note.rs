//! Tolerances that were used, so that a person can see where a client is not standard.

use serde::{Deserialize, Serialize};

use crate::error::REPEATED;
use crate::{is_placeholder, shortened};

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

    /// Says that a variable arrived in the place of its value, if it did.
    pub(crate) fn add_placeholder(&mut self, at: &dyn std::fmt::Display, text: &str) {
        if !self.is_full() && is_placeholder(text) {
            let shown = shortened(text, REPEATED);
            let text = format!(
                "`{at}` is {shown:?}, a placeholder that nobody filled in: its value was missing where it was sent."
            );
            self.add("placeholder", "RFC 7643 §2.3.1", text);
        }
    }

    /// Whether no further note is kept, so that none needs to be worded.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= MOST
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
