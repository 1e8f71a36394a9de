//! Putting a backup in the place of a data folder that no server has open: at once, or, where one has, at its next start. What was there before
//! is kept beside it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::backup::{BackupError, CONTENTS, Contents, PROGRAM, check_space};
use super::connection::{cut_journal, version};
use super::files::{
    BEFORE_RESTORE, REQUESTS, STAGED, TRUTH, copy_to_new, create_new_private_file, make_numbered, numbered,
    remove_journal, sync_folder,
};
use super::open::take;
use super::{doctor, migrations};
use crate::clock::Millis;
use crate::private_folder;

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

/// Where a restore that was prepared goes to be removed: with one step, so that what is left of it is never taken for half of one.
const DISCARDED: &str = "restore-discarded";

/// The file of a restore that was prepared, which says what it is.
const STAGED_JSON: &str = "restore.json";

/// A restore that the next start carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Staged {
    /// The name of the backup.
    pub(crate) backup: String,
    /// When it was asked for.
    pub(crate) at: Millis,
}

/// A restore that a start has carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The name of the backup.
    pub backup: String,
    /// Where what was there before is, if there was anything.
    pub before: Option<PathBuf>,
}

/// Puts a backup in the place of a data folder that no server has open. Returns where what was there before is, if there was anything.
/// `stamp` names that folder.
///
/// # Errors
/// If a server has the folder open, or the file is not a whole backup that this version can read; then nothing was changed.
pub(crate) fn restore(folder: &Path, file: &Path, stamp: &str) -> Result<Option<PathBuf>, BackupError> {
    let archive = open(file)?;
    private_folder::create(folder).map_err(|error| at(folder, &error))?;
    let _lock = take(folder)?;
    let restored = unpack_whole(folder, file, archive).and_then(|unpacked| {
        // Who restores this one does not want another one restored at the next start.
        unstage(folder).and_then(|_| put_in_place(folder, unpacked, stamp)).map_err(|error| at(folder, &error))
    });
    remove_unpacked(folder);
    restored
}

/// Prepares a restore in a data folder that this process has open, for its next start: the backup is unpacked and looked through as a whole.
///
/// # Errors
/// If it is not a whole backup that this version can read; then what was prepared before stays.
pub(super) fn stage(folder: &Path, file: &Path, staged: &Staged) -> Result<(), BackupError> {
    let prepared = unpack_whole(folder, file, open(file)?).and_then(|unpacked| {
        let put = || {
            let mut json = create_new_private_file(&unpacked.join(STAGED_JSON))?;
            json.write_all(&serde_json::to_vec(staged)?)?;
            json.sync_all()?;
            sync_folder(&unpacked)?;
            unstage(folder)?;
            std::fs::rename(&unpacked, folder.join(STAGED))?;
            sync_folder(folder)
        };
        put().map_err(|error: std::io::Error| at(folder, &error))
    });
    remove_unpacked(folder);
    prepared
}

/// The restore that the next start carries out.
///
/// # Errors
/// If it cannot be read.
pub(super) fn staged(folder: &Path) -> std::io::Result<Option<Staged>> {
    match std::fs::read(folder.join(STAGED).join(STAGED_JSON)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        json => Ok(Some(serde_json::from_slice(&json?)?)),
    }
}

/// Calls off a restore that was prepared; false: there is none.
///
/// # Errors
/// If it cannot be removed.
pub(super) fn unstage(folder: &Path) -> std::io::Result<bool> {
    remove(&folder.join(DISCARDED));
    match std::fs::rename(folder.join(STAGED), folder.join(DISCARDED)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        renamed => renamed?,
    }
    sync_folder(folder)?;
    remove(&folder.join(DISCARDED));
    Ok(true)
}

/// Carries out the restore that was prepared, if one was, before anybody opens the folder. One that was broken off goes on where it was.
///
/// # Errors
/// If another process has the folder, or it cannot be written. The next start tries again.
pub(crate) fn restore_staged(folder: &Path, stamp: &str) -> Result<Option<Restored>, BackupError> {
    let staged = || staged(folder).map_err(|error| at(&folder.join(STAGED), &error));
    if staged()?.is_none() {
        return Ok(None);
    }
    let _lock = take(folder)?;
    // Somebody else may have carried it out just before.
    let Some(Staged { backup, .. }) = staged()? else { return Ok(None) };
    let unpacked = folder.join(STAGED);
    let put = || {
        let before = match unpacked.join(TRUTH).exists() {
            true => put_in_place(folder, unpacked.clone(), stamp)?,
            // It is in its place already, and nobody has opened it since: unless it was an earlier version, which began a new record.
            false if folder.join(REQUESTS).exists() => None,
            false => {
                add_record(&Places { folder: folder.to_owned(), unpacked: unpacked.clone(), before: None })?;
                None
            }
        };
        unstage(folder)?;
        Ok(before)
    };
    let before = put().map_err(|error: std::io::Error| at(folder, &error))?;
    Ok(Some(Restored { backup, before }))
}

fn at(path: &Path, error: &std::io::Error) -> BackupError {
    BackupError::File(path.to_owned(), error.to_string())
}

fn open(file: &Path) -> Result<File, BackupError> {
    File::open(file).map_err(|error| at(file, &error))
}

/// Unpacks a backup in the data folder, looks through it, and returns where it is.
fn unpack_whole(folder: &Path, file: &Path, archive: File) -> Result<PathBuf, BackupError> {
    remove_unpacked(folder);
    let unpacked = folder.join(UNPACKED);
    let contents = unpack(file, archive, &unpacked)?;
    check(file, &unpacked, &contents)?;
    Ok(unpacked)
}

/// Removes what a restore has unpacked or called off. Nobody else may have the folder open.
pub(super) fn remove_unpacked(folder: &Path) {
    [UNPACKED, DISCARDED].iter().for_each(|name| remove(&folder.join(name)));
}

fn remove(unpacked: &Path) {
    if let Err(error) = std::fs::remove_dir_all(unpacked)
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
    check_space(to.parent().unwrap_or(to), found.len())?;
    private_folder::create_new(to).map_err(cannot)?;
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
    number_anew(&unpacked.join(TRUTH), stamp).map_err(std::io::Error::other)?;
    let is_new = !folder.join(TRUTH).exists() && !folder.join(REQUESTS).exists();
    let before = if is_new { None } else { Some(create_before(folder, stamp)?) };
    let places = Places { folder: folder.to_owned(), unpacked, before };
    STEPS.iter().try_for_each(|step| step(&places))?;
    Ok(places.before)
}

/// Has changes from now on numbered beyond all that came after the backup, wherever that was: what the software under test was told under a
/// number is never something else, and it hears that it has missed what was restored. `stamp` is a later one for each restore.
fn number_anew(truth: &Path, stamp: &str) -> rusqlite::Result<()> {
    let digits: String = stamp.chars().filter(char::is_ascii_digit).collect();
    let Ok(number) = digits.parse::<i64>() else { return Ok(()) };
    let mut connection = Connection::open(truth)?;
    let tx = connection.transaction()?;
    tx.execute("UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'changes'", [number])?;
    // Earlier versions told nobody.
    if tx.table_exists(None, "events_gone")? {
        let sql = "INSERT INTO events_gone SELECT e.id, s.seq FROM environments e JOIN sqlite_sequence s ON s.name = 'changes' WHERE true
                   ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)";
        tx.execute(sql, [])?;
    }
    tx.commit()
}

/// Makes the folder for what was there before. One that is there has what another restore has replaced.
fn create_before(folder: &Path, stamp: &str) -> std::io::Result<PathBuf> {
    let made = make_numbered(
        |number| numbered(&format!("{BEFORE_RESTORE}{stamp}"), number, ""),
        |error: &std::io::Error| error.kind() == ErrorKind::AlreadyExists,
        |name| private_folder::create_new(&folder.join(name)),
    );
    made.map(|(name, ())| folder.join(name))
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
    match Connection::open(path).and_then(|c| cut_journal(&c)) {
        Ok(true) => {}
        Ok(false) => tracing::debug!("a database that is replaced keeps its journal: another program reads it"),
        Err(error) => tracing::debug!(%error, "a database that is replaced keeps its journal"),
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
