//! A bound on what one PATCH can ask for.

use serde_json::Value;

use crate::{Filter, Result, ScimError};

/// Values that are looked at or written during one PATCH at the most: 1,000 operations, each with a filter, on nearly 1,000 values. A
/// body of 2 MiB could ask for 1,000 times as many.
const MOST_STEPS: usize = 1_000_000;

/// What it costs that a member comes and leaves again: 5,000 may.
const STEPS_OF_A_RETURN: usize = 200;

/// What is left of the bound.
pub struct PatchWork(usize);

impl Default for PatchWork {
    fn default() -> Self {
        Self(MOST_STEPS)
    }
}

impl PatchWork {
    /// For a member that came and leaves again within one PATCH, or left and comes back: that is a few writes for nothing.
    ///
    /// # Errors
    /// 413 if nothing is left.
    pub fn spend_on_return(&mut self) -> Result<()> {
        self.spend(STEPS_OF_A_RETURN).map_err(|_| {
            ScimError::payload_too_large(
                "The operations add and remove the same members again and again; send what is to come of it.",
            )
        })
    }

    /// For a filter on each of so many members of a group.
    ///
    /// # Errors
    /// 413 if nothing is left.
    pub fn spend_on_members(&mut self, filter: &Filter, members: usize) -> Result<()> {
        self.spend_on_filter(filter, members).map_err(|_| {
            ScimError::payload_too_large(format!(
                "The operations take too long on so many members; send fewer of them at a time, or name each member by its id: \
                 members[value eq \"…\"]. {MOST_STEPS} comparisons are the most in one PATCH."
            ))
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

    /// For a filter on each of so many values.
    ///
    /// # Errors
    /// As [`Work::spend`].
    pub(super) fn spend_on_filter(&mut self, filter: &Filter, values: usize) -> Result<()> {
        self.spend(values.saturating_mul(filter.comparisons()))
    }

    /// For writing a value into each of so many others.
    ///
    /// # Errors
    /// As [`Work::spend`].
    pub(super) fn spend_on_copies(&mut self, value: Option<&Value>, copies: usize) -> Result<()> {
        self.spend(copies.saturating_mul(value.map_or(1, size)))
    }
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
