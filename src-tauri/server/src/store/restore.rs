//! Putting a backup in the place of a data folder that no server has open. What was there before is kept beside it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::backup::{BackupError, CONTENTS, Contents, PROGRAM};
use super::connection::version;
use super::files::{
    BEFORE_RESTORE, REQUESTS, TRUTH, copy_to_new, create_new_private, create_new_private_file, create_private,
    remove_journal, sync_folder,
};
use super::open::take;
use super::{doctor, migrations};

/// Where a backup is unpacked in the data folder, before it takes its place.
const UNPACKED: &str = "restoring";

/// Bytes of [`CONTENTS`] that are read.
const MOST_CONTENTS: u64 = 64 << 10;

/// What is done to a data folder, in this order. Whatever ends the program in between, a record of requests never stands beside the truth of
/// another folder: for one that is missing, the next start begins a new one.
const STEPS: [fn(&Places) -> std::io::Result<()>; 4] = [keep_what_is_there, remove_record, replace_truth, add_record];

/// What the steps are done with.
struct Places {
    /// The data folder.
    folder: PathBuf,
    /// What takes the place of what is in it.
    unpacked: PathBuf,
    /// Where what is in it is kept; `None`: there is nothing.
    before: Option<PathBuf>,
}

/// Puts a backup in the place of a data folder that no server has open. Returns where what was there before is, if there was anything.
/// `stamp` names that folder.
///
/// # Errors
/// If a server has the folder open, or the file is not a whole backup that this version can read; then nothing was changed.
pub(crate) fn restore(folder: &Path, file: &Path, stamp: &str) -> Result<Option<PathBuf>, BackupError> {
    let at = |path: &Path, error: &dyn std::fmt::Display| BackupError::File(path.to_owned(), error.to_string());
    let archive = File::open(file).map_err(|error| at(file, &error))?;
    create_private(folder).map_err(|error| at(folder, &error))?;
    let _lock = take(folder)?;
    remove_unpacked(folder);
    let unpacked = folder.join(UNPACKED);
    let restored = unpack(file, archive, &unpacked)
        .and_then(|contents| check(file, &unpacked, &contents))
        .and_then(|()| put_in_place(folder, unpacked, stamp).map_err(|error| at(folder, &error)));
    remove_unpacked(folder);
    restored
}

/// Removes what a restore has unpacked. Nobody else may have the folder open.
pub(super) fn remove_unpacked(folder: &Path) {
    let unpacked = folder.join(UNPACKED);
    if let Err(error) = std::fs::remove_dir_all(&unpacked)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(%error, path = %unpacked.display(), "what was unpacked could not be removed");
    }
}

/// Unpacks what belongs to a backup, and nothing else.
fn unpack(file: &Path, archive: File, to: &Path) -> Result<Contents, BackupError> {
    let not_backup = |error: &dyn std::fmt::Display| BackupError::NotBackup(file.to_owned(), error.to_string());
    let cannot = |error: std::io::Error| BackupError::File(to.to_owned(), error.to_string());
    let found = archive.metadata().map_err(|error| not_backup(&error))?;
    if !found.is_file() {
        return Err(not_backup(&"it is not a file"));
    }
    create_new_private(to).map_err(cannot)?;
    let mut tar = tar::Archive::new(archive);
    let mut contents: Option<Contents> = None;
    for entry in tar.entries().map_err(|error| not_backup(&error))? {
        let mut entry = entry.map_err(|error| not_backup(&error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if contents.is_none() && name != CONTENTS {
            return Err(not_backup(&format!("it begins with {name:?}")));
        }
        if !entry.header().entry_type().is_file() {
            return Err(not_backup(&format!("{name:?} in it is not a regular file")));
        }
        // Nothing is compressed. What is larger than the archive says so to fill the disk.
        if entry.raw_file_position().saturating_add(entry.size()) > found.len() {
            return Err(not_backup(&format!("{name:?} in it is cut off")));
        }
        match (name.as_str(), &contents) {
            (CONTENTS, None) => {
                let mut json = Vec::new();
                entry.by_ref().take(MOST_CONTENTS).read_to_end(&mut json).map_err(|error| not_backup(&error))?;
                contents = Some(read(file, &json)?);
            }
            (TRUTH, Some(_)) | (REQUESTS, Some(Contents { requests: Some(_), .. })) => {
                let mut unpacked = match create_new_private_file(&to.join(&name)) {
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        return Err(not_backup(&format!("{name:?} is in it twice")));
                    }
                    created => created.map_err(cannot)?,
                };
                std::io::copy(&mut entry, &mut unpacked).map_err(cannot)?;
                unpacked.sync_all().map_err(cannot)?;
            }
            _ => return Err(not_backup(&format!("{name:?} does not belong in it"))),
        }
    }
    let contents = contents.ok_or_else(|| not_backup(&"it is empty"))?;
    let is_whole = |name: &str| to.join(name).exists();
    match is_whole(TRUTH) && (contents.requests.is_none() || is_whole(REQUESTS)) {
        true => Ok(contents),
        false => Err(not_backup(&"a database is missing")),
    }
}

/// Reads what an archive says of itself.
fn read(file: &Path, json: &[u8]) -> Result<Contents, BackupError> {
    let not_backup = |error: &dyn std::fmt::Display| BackupError::NotBackup(file.to_owned(), error.to_string());
    let contents: Contents = serde_json::from_slice(json).map_err(|error| not_backup(&error))?;
    if contents.program != PROGRAM {
        return Err(not_backup(&"another program made it"));
    }
    let newest = (migrations::TRUTH.newest(), migrations::REQUESTS.newest());
    if contents.truth > newest.0 || contents.requests.is_some_and(|requests| requests > newest.1) {
        return Err(BackupError::Newer(file.to_owned(), contents.version));
    }
    Ok(contents)
}

/// Refuses what cannot be read as a whole, and what is not what the archive says.
fn check(file: &Path, unpacked: &Path, contents: &Contents) -> Result<(), BackupError> {
    // A table that each version has.
    for (name, said, table) in
        [(TRUTH, Some(contents.truth), "directories"), (REQUESTS, contents.requests, "exchanges")]
    {
        let Some(said) = said else { continue };
        let found = Connection::open_with_flags(unpacked.join(name), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|c| Ok((version(&c)?, c.table_exists(None, table)?)));
        let (version, is_ours) =
            found.map_err(|error| BackupError::Damaged(file.to_owned(), format!("{name}: {error}.")))?;
        if version != said || version <= 0 || !is_ours {
            let why = format!("{name} in it is not the database that {CONTENTS} speaks of");
            return Err(BackupError::NotBackup(file.to_owned(), why));
        }
    }
    match doctor::unreadable(unpacked) {
        Ok(None) => Ok(()),
        Ok(Some(text)) => Err(BackupError::Damaged(file.to_owned(), text)),
        Err(error) => Err(BackupError::File(unpacked.to_owned(), error.to_string())),
    }
}

/// Keeps what is there, and puts in its place what was unpacked.
fn put_in_place(folder: &Path, unpacked: PathBuf, stamp: &str) -> std::io::Result<Option<PathBuf>> {
    let is_new = !folder.join(TRUTH).exists() && !folder.join(REQUESTS).exists();
    let before = if is_new { None } else { Some(create_before(folder, stamp)?) };
    let places = Places { folder: folder.to_owned(), unpacked, before };
    STEPS.iter().try_for_each(|step| step(&places))?;
    Ok(places.before)
}

/// Makes the folder for what was there before. One that is there has what another restore has replaced.
fn create_before(folder: &Path, stamp: &str) -> std::io::Result<PathBuf> {
    let mut before = folder.join(format!("{BEFORE_RESTORE}{stamp}"));
    let mut number = 1;
    loop {
        match create_new_private(&before) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            made => return made.map(|()| before),
        }
        before = folder.join(format!("{BEFORE_RESTORE}{stamp}-{number}"));
    }
}

fn keep_what_is_there(Places { folder, before, .. }: &Places) -> std::io::Result<()> {
    let Some(before) = before else { return Ok(()) };
    for name in [REQUESTS, TRUTH] {
        if !folder.join(name).exists() {
            continue;
        }
        // One that is damaged keeps its journal as it is.
        fold(&folder.join(name));
        for ending in ["", "-wal", "-shm", "-journal"] {
            let name = format!("{name}{ending}");
            if folder.join(&name).exists() {
                keep(&folder.join(&name), &before.join(&name))?;
            }
        }
    }
    sync_folder(before)?;
    sync_folder(folder)
}

fn remove_record(Places { folder, .. }: &Places) -> std::io::Result<()> {
    let path = folder.join(REQUESTS);
    remove_journal(&path)?;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => sync_folder(folder),
    }
}

fn replace_truth(Places { folder, unpacked, .. }: &Places) -> std::io::Result<()> {
    let path = folder.join(TRUTH);
    // SQLite would take it for a journal of the new one.
    remove_journal(&path)?;
    std::fs::rename(unpacked.join(TRUTH), path)?;
    sync_folder(folder)
}

fn add_record(Places { folder, unpacked, .. }: &Places) -> std::io::Result<()> {
    let new = unpacked.join(REQUESTS);
    if !new.exists() {
        return Ok(());
    }
    std::fs::rename(new, folder.join(REQUESTS))?;
    sync_folder(folder)
}

/// Folds the journal of a database into it, as far as that can be done.
fn fold(path: &Path) {
    let folded = Connection::open(path).and_then(|c| c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    if let Err(error) = folded {
        tracing::debug!(%error, "a database that is replaced keeps its journal");
    }
}

/// Gives a file a second name, or makes a copy where a file has one name only. Overwrites nothing.
fn keep(path: &Path, kept: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(path, kept) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => copy_to_new(&mut File::open(path)?, kept),
        linked => linked,
    }
}

#[cfg(test)]
mod tests;
