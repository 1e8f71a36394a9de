//! Cases that were opened here, a file each in the folder `cases` of the data folder: a line that says what it is about, and one for each
//! request.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::files::create_new_private_file;
use super::{Result, StoreError};
use crate::clock::Millis;
use crate::private_folder;

const CASES: &str = "cases";

/// A case as it is kept.
#[derive(Debug)]
pub(crate) struct KeptCase {
    pub(crate) id: String,
    /// When it was opened.
    pub(crate) at: Millis,
    pub(crate) bytes: u64,
    /// Its first line.
    pub(crate) about: String,
}

/// Keeps a case: its lines, none of which has a line break.
///
/// # Errors
/// If it cannot be written; then nothing of it is left.
pub(super) fn add(folder: &Path, id: &str, lines: &[String]) -> Result<()> {
    private_folder::create_part(&folder.join(CASES)).map_err(unreadable)?;
    let path = path(folder, id).ok_or_else(|| StoreError::Unreadable(format!("{id} is not the id of a case")))?;
    let mut file = create_new_private_file(&path).map_err(unreadable)?;
    let written = lines.iter().try_for_each(|line| writeln!(file, "{line}")).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // It is ours, and why it is not kept is said anyway.
        let _ = std::fs::remove_file(&path);
        unreadable(error)
    })
}

/// All that are kept.
pub(super) fn list(folder: &Path) -> Result<Vec<KeptCase>> {
    let entries = match std::fs::read_dir(folder.join(CASES)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    // One that has gone meanwhile is not listed.
    Ok(entries.filter_map(|entry| kept(&entry.ok()?.path())).collect())
}

fn kept(path: &Path) -> Option<KeptCase> {
    let mut lines = BufReader::new(File::open(path).ok()?);
    let file = lines.get_ref().metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut about = String::new();
    lines.read_line(&mut about).ok()?;
    let at = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_millis();
    let id = path.file_name()?.to_str()?.strip_suffix(ENDING)?.to_owned();
    Some(KeptCase { id, at: Millis::try_from(at).unwrap_or(Millis::MAX), bytes: file.len(), about })
}

/// The lines of a case; `None`: it is not kept.
pub(super) fn read(folder: &Path, id: &str) -> Result<Option<Vec<String>>> {
    let text = path(folder, id).map(std::fs::read_to_string).map_or(Ok(None), if_there)?;
    Ok(text.map(|text| text.lines().map(str::to_owned).collect()))
}

/// Deletes a case; false: it is not kept.
pub(super) fn delete(folder: &Path, id: &str) -> Result<bool> {
    Ok(path(folder, id).map(std::fs::remove_file).map_or(Ok(None), if_there)?.is_some())
}

/// What the names of the files end in.
const ENDING: &str = ".jsonl";

/// Where a case is; `None`: nothing has such an id, and it leads to no other file.
fn path(folder: &Path, id: &str) -> Option<PathBuf> {
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| folder.join(CASES).join(format!("{id}{ENDING}")))
}

/// What was done with a file; `None`: there is none.
fn if_there<T>(done: std::io::Result<T>) -> Result<Option<T>> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        done => done.map(Some).map_err(unreadable),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unreadable(error: std::io::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}
