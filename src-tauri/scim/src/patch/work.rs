//! A bound on what one PATCH can ask for.

use serde_json::Value;

use crate::{Filter, Result, ScimError};

/// Values that are looked at or written during one PATCH at the most: 1,000 operations, each with a filter, on nearly 1,000 values. A
/// body of 2 MiB could ask for 1,000 times as many.
const MOST_STEPS: usize = 1_000_000;

/// Bytes of text that take about as long to compare as a value without any. Most email addresses have fewer.
const BYTES_OF_A_STEP: usize = 32;

/// The same where all of them are ASCII, for which letter case is simple.
const ASCII_BYTES_OF_A_STEP: usize = 512;

/// What it costs that a member who has come and left again does so once more: that may be 5,000 times.
const STEPS_OF_A_RETURN: usize = 200;

/// What is left of the bound.
pub struct PatchWork(usize);

impl Default for PatchWork {
    fn default() -> Self {
        Self(MOST_STEPS)
    }
}

impl PatchWork {
    /// For a member that comes and leaves again within one PATCH, or leaves and comes back, not for the first time: that is a few writes
    /// for nothing.
    ///
    /// # Errors
    /// 413 if nothing is left.
    pub fn spend_on_return(&mut self) -> Result<()> {
        self.spend(STEPS_OF_A_RETURN).map_err(|_| {
            ScimError::payload_too_large(
                "These operations add and remove the same members again and again. Send only the final state.",
            )
        })
    }

    /// For a filter on each of so many members of a group.
    ///
    /// # Errors
    /// 413 if nothing is left.
    pub fn spend_on_members(&mut self, filter: &Filter, members: usize) -> Result<()> {
        self.spend(members.saturating_mul(filter.comparisons())).map_err(|_| {
            ScimError::payload_too_large(
                "The operations take too long on so many members; send fewer of them at a time, or name each member by its id: \
                 members[value eq \"…\"]. The limit is 1,000,000 comparisons in one PATCH.",
            )
        })
    }

    /// # Errors
    /// 413 if nothing is left.
    pub(super) fn spend(&mut self, steps: usize) -> Result<()> {
        self.0 = self.0.checked_sub(steps).ok_or_else(|| {
            ScimError::payload_too_large(
                "The operations take too long on so many values; send fewer of them at a time.",
            )
        })?;
        Ok(())
    }

    /// For a filter on each of these values.
    ///
    /// # Errors
    /// As [`PatchWork::spend`].
    pub(super) fn spend_on_filter(&mut self, filter: &Filter, values: &[Value]) -> Result<()> {
        self.spend((values.len() + texts(values)).saturating_mul(filter.comparisons()))
    }

    /// For looking at each of these values.
    ///
    /// # Errors
    /// As [`PatchWork::spend`].
    pub(super) fn spend_on_reading(&mut self, values: &[Value]) -> Result<()> {
        self.spend(values.len() + texts(values))
    }

    /// For comparing each of these values with each of those: both are folded for it, each time.
    ///
    /// # Errors
    /// As [`PatchWork::spend`].
    pub(super) fn spend_on_pairs(&mut self, these: &[Value], those: &[Value]) -> Result<()> {
        let pairs = these.len().saturating_mul(those.len());
        let of_these = texts(these).saturating_mul(those.len());
        let of_those = texts(those).saturating_mul(these.len());
        self.spend(pairs.saturating_add(of_these).saturating_add(of_those))
    }

    /// For writing a value into each of so many others.
    ///
    /// # Errors
    /// As [`PatchWork::spend`].
    pub(super) fn spend_on_copies(&mut self, value: Option<&Value>, copies: usize) -> Result<()> {
        self.spend(copies.saturating_mul(value.map_or(1, size)))
    }
}

/// What the texts in values cost beyond the values themselves.
fn texts(values: &[Value]) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) if text.is_ascii() => text.len() / ASCII_BYTES_OF_A_STEP,
            Value::String(text) => text.len() / BYTES_OF_A_STEP,
            Value::Array(elements) => texts(elements),
            Value::Object(object) => object.values().map(of).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
    }

    values.iter().map(of).sum()
}

/// Values in a value; texts count by their length.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / 16,
        Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Value::Object(object) => 1 + object.iter().map(|(name, value)| name.len() / 16 + size(value)).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}
