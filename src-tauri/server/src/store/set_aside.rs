//! What was put aside in the data folder, for a person to look at or to delete: damaged records of requests, and what a restore has replaced.

use std::path::Path;

use super::Result;
use super::files::{BEFORE_RESTORE, DAMAGED, Entry, entries};
use crate::model::SetAsideWhat;

/// What was put aside in a data folder.
pub(super) fn list(folder: &Path) -> Result<Vec<(SetAsideWhat, Entry)>> {
    let what = |entry: &Entry| match entry.is_folder {
        true if entry.name.starts_with(BEFORE_RESTORE) => Some(SetAsideWhat::Replaced),
        false if entry.name.starts_with(DAMAGED) => Some(SetAsideWhat::Damaged),
        _ => None,
    };
    Ok(entries(folder)?.into_iter().filter_map(|entry| Some((what(&entry)?, entry))).collect())
}

/// Deletes one; false: there is none with this name.
pub(super) fn delete(folder: &Path, name: &str) -> Result<bool> {
    let Some((_, entry)) = list(folder)?.into_iter().find(|(_, entry)| entry.name == name) else { return Ok(false) };
    if entry.is_folder {
        std::fs::remove_dir_all(entry.path)?
    } else {
        std::fs::remove_file(entry.path)?
    }
    Ok(true)
}
