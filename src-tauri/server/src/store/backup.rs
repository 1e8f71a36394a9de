//! Backups of a data folder: a tar archive with a copy of each database, as both were at one moment.
//!
//! A backup is made whether or not a server has the folder open; it holds what the folder holds, so that only its owner can read it. One is
//! restored where no server is: what was there before is kept beside it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::connection::{BUSY, OpenError, version};
use super::files::{
    BACKUP, BACKUPS, BEFORE_RESTORE, REQUESTS, REQUESTS_SCHEMA, TRUTH, create_private, create_private_file,
    remove_journal, sync_folder,
};
use super::open::take;
use super::{StoreError, doctor, migrations};
use crate::clock::Millis;

/// The file of an archive that says what it is, and comes first.
const CONTENTS: &str = "backup.json";

/// Where a backup is unpacked in the data folder, before it takes its place.
const UNPACKED: &str = "restoring";

/// Bytes of [`CONTENTS`] that are read.
const MOST_CONTENTS: u64 = 64 << 10;

/// Why there is no backup, or why it was not restored, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file is there already.
    #[error("{0} is there already. Choose another name; nothing was overwritten.")]
    Exists(PathBuf),
    /// There is nothing to back up.
    #[error("The data folder {0} has no database.")]
    NoData(PathBuf),
    /// A file or folder cannot be read or written.
    #[error("{0}: {1}.")]
    File(PathBuf, String),
    /// It is not a backup.
    #[error("{0} is not a backup of SCIM Setup: {1}. Nothing was changed.")]
    NotBackup(PathBuf, String),
    /// A newer program made it.
    #[error("{0} was made by a newer SCIM Setup ({1}). Update SCIM Setup. Nothing was changed.")]
    Newer(PathBuf, String),
    /// It is damaged.
    #[error("The backup {0} is damaged: {1} Nothing was changed.")]
    Damaged(PathBuf, String),
}

/// What an archive says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    /// `SCIM Setup`
    program: String,
    /// Its version.
    version: String,
    /// The versions of the schemas.
    truth: i64,
    requests: Option<i64>,
}

const PROGRAM: &str = "SCIM Setup";

/// Writes a backup of a data folder to a new file, and returns how many bytes it has. Whoever writes meanwhile is not held up.
///
/// # Errors
/// If the file is there already or cannot be written, or the data cannot be read. Then no file is left.
pub fn back_up(folder: &Path, file: &Path) -> Result<u64, BackupError> {
    if !folder.join(TRUTH).exists() {
        return Err(BackupError::NoData(folder.to_owned()));
    }
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let at = |path: &Path, error: &dyn std::fmt::Display| BackupError::File(path.to_owned(), error.to_string());
    // Beside the file, so that it is on the same disk, which has to have the room anyway.
    let [archive, truth, requests] = ["part", "users.part", "requests.part"].map(|ending| beside(file, ending));
    let made = copy(folder, &truth, &requests).map_err(|error| at(folder, &error)).and_then(|contents| {
        let written = pack(&archive, &contents, &truth, contents.requests.map(|_| requests.as_path()));
        let bytes = written.map_err(|error| at(file, &error))?;
        // Unlike a new name for the only one, a second name does not overwrite what somebody has put there meanwhile.
        std::fs::hard_link(&archive, file)
            .or_else(|_| {
                if file.exists() {
                    Err(std::io::ErrorKind::AlreadyExists.into())
                } else {
                    std::fs::rename(&archive, file)
                }
            })
            .map_err(|error| at(file, &error))?;
        Ok(bytes)
    });
    for part in [archive, truth, requests] {
        // What is left of a part is found by whoever looks for it; the backup is there, or it was said why not.
        let _ = std::fs::remove_file(part);
    }
    made
}

/// A backup in the data folder.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) at: Millis,
    pub(crate) bytes: u64,
}

/// The backups in a data folder.
pub(super) fn list(folder: &Path) -> Result<Vec<Kept>, StoreError> {
    let entries = match std::fs::read_dir(folder.join(BACKUPS)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| StoreError::Unreadable(error.to_string()))?,
    };
    // One that has gone meanwhile is not listed.
    Ok(entries.filter_map(|entry| kept(&entry.ok()?)).collect())
}

fn kept(entry: &std::fs::DirEntry) -> Option<Kept> {
    let (file, name) = (entry.metadata().ok()?, entry.file_name().into_string().ok()?);
    let at = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_millis();
    let is_backup = file.is_file() && name.ends_with(BACKUP);
    let (path, at) = (entry.path(), Millis::try_from(at).unwrap_or(Millis::MAX));
    is_backup.then_some(Kept { name, path, at, bytes: file.len() })
}

/// Makes one more, and returns its name.
pub(super) fn add(folder: &Path, stamp: &str) -> Result<String, BackupError> {
    let backups = folder.join(BACKUPS);
    create_private(&backups).map_err(|error| BackupError::File(backups.clone(), error.to_string()))?;
    let name = format!("scim-setup-{stamp}{BACKUP}");
    back_up(folder, &backups.join(&name)).map(|_| name)
}

/// Deletes one; false: there is none with this name.
pub(super) fn delete(folder: &Path, name: &str) -> Result<bool, StoreError> {
    let Some(kept) = list(folder)?.into_iter().find(|kept| kept.name == name) else { return Ok(false) };
    std::fs::remove_file(kept.path).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(true)
}

/// The name of a file beside another.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Copies both databases as they are at one moment.
fn copy(folder: &Path, truth: &Path, requests: &Path) -> Result<Contents, StoreError> {
    let from = Connection::open_with_flags(folder.join(TRUTH), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    from.busy_timeout(BUSY)?;
    // Before there was a record of requests of its own, all of it stood in one database.
    let has_requests = folder.join(REQUESTS).exists();
    if has_requests {
        let path = folder.join(REQUESTS).display().to_string();
        from.execute(&format!("ATTACH ?1 AS {REQUESTS_SCHEMA}"), [path])?;
    }
    from.execute_batch("BEGIN")?;
    let seen = |schema: &str| from.query_row(&format!("SELECT count(*) FROM {schema}.sqlite_schema"), [], |_| Ok(()));
    // A reader sees a database as it is when it first looks. The record is derived from the truth: never may it be ahead.
    if has_requests {
        seen(REQUESTS_SCHEMA)?;
    }
    seen("main")?;
    let number = |schema: &str| from.query_row(&format!("PRAGMA {schema}.user_version"), [], |row| row.get(0));
    let contents = Contents {
        program: PROGRAM.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        truth: number("main")?,
        requests: has_requests.then(|| number(REQUESTS_SCHEMA)).transpose()?,
    };
    copy_one(&from, "main", truth)?;
    if has_requests {
        copy_one(&from, REQUESTS_SCHEMA, requests)?;
    }
    Ok(contents)
}

fn copy_one(from: &Connection, schema: &str, path: &Path) -> Result<(), StoreError> {
    create_private_file(path).map_err(|error| StoreError::Sqlite(format!("{}: {error}", path.display())))?;
    let mut copy = Connection::open(path)?;
    Backup::new_with_names(from, schema, &mut copy, "main")?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    // Nothing of it stands in a journal of its own.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}

fn pack(archive: &Path, contents: &Contents, truth: &Path, requests: Option<&Path>) -> std::io::Result<u64> {
    create_private_file(archive)?;
    let mut tar = tar::Builder::new(File::options().write(true).truncate(true).open(archive)?);
    let json = serde_json::to_vec(contents)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(json.len() as u64);
    header.set_mode(0o600);
    tar.append_data(&mut header, CONTENTS, json.as_slice())?;
    for (name, path) in [(TRUTH, Some(truth)), (REQUESTS, requests)] {
        if let Some(path) = path {
            tar.append_path_with_name(path, name)?;
        }
    }
    let file = tar.into_inner()?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
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
    let unpacked = folder.join(UNPACKED);
    let restored = unpack(file, archive, &unpacked)
        .and_then(|()| check(file, &unpacked))
        .and_then(|()| put_in_place(folder, &unpacked, stamp).map_err(|error| at(folder, &error)));
    if let Err(error) = std::fs::remove_dir_all(&unpacked)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, path = %unpacked.display(), "what was unpacked could not be removed");
    }
    restored
}

/// Unpacks what belongs to a backup, and nothing else.
fn unpack(file: &Path, archive: File, to: &Path) -> Result<(), BackupError> {
    let not_backup = |error: &dyn std::fmt::Display| BackupError::NotBackup(file.to_owned(), error.to_string());
    let cannot = |error: std::io::Error| BackupError::File(to.to_owned(), error.to_string());
    if to.exists() {
        // Left by a restore that did not come to its end.
        std::fs::remove_dir_all(to).map_err(cannot)?;
    }
    create_private(to).map_err(cannot)?;
    let mut tar = tar::Archive::new(archive);
    let mut contents: Option<Contents> = None;
    for entry in tar.entries().map_err(|error| not_backup(&error))? {
        let mut entry = entry.map_err(|error| not_backup(&error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        match name.as_str() {
            CONTENTS if contents.is_none() => {
                let mut json = Vec::new();
                entry.by_ref().take(MOST_CONTENTS).read_to_end(&mut json).map_err(|error| not_backup(&error))?;
                let read: Contents = serde_json::from_slice(&json).map_err(|error| not_backup(&error))?;
                let newest = (migrations::TRUTH.newest(), migrations::REQUESTS.newest());
                if read.truth > newest.0 || read.requests.is_some_and(|requests| requests > newest.1) {
                    return Err(BackupError::Newer(file.to_owned(), read.version));
                }
                contents = Some(read);
            }
            TRUTH | REQUESTS if contents.is_some() => {
                let path = to.join(&name);
                create_private_file(&path).map_err(cannot)?;
                let mut unpacked = File::options().write(true).open(&path).map_err(cannot)?;
                std::io::copy(&mut entry, &mut unpacked).map_err(|error| not_backup(&error))?;
                unpacked.sync_all().map_err(cannot)?;
            }
            _ => return Err(not_backup(&format!("it begins with {name:?}"))),
        }
    }
    let contents = contents.filter(|contents| contents.program == PROGRAM);
    let contents = contents.ok_or_else(|| not_backup(&"it does not say so"))?;
    let is_whole = |name: &str| to.join(name).exists();
    match is_whole(TRUTH) && (contents.requests.is_none() || is_whole(REQUESTS)) {
        true => Ok(()),
        false => Err(not_backup(&"a database is missing")),
    }
}

/// Refuses what cannot be read as a whole.
fn check(file: &Path, unpacked: &Path) -> Result<(), BackupError> {
    let found = Connection::open_with_flags(unpacked.join(TRUTH), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let version =
        found.and_then(|c| version(&c)).map_err(|error| BackupError::Damaged(file.to_owned(), format!("{error}.")))?;
    if version > migrations::TRUTH.newest() {
        return Err(BackupError::Newer(file.to_owned(), version.to_string()));
    }
    match doctor::unreadable(unpacked) {
        Ok(None) => Ok(()),
        Ok(Some(text)) => Err(BackupError::Damaged(file.to_owned(), text)),
        Err(error) => Err(BackupError::File(unpacked.to_owned(), error.to_string())),
    }
}

/// Keeps what is there, and puts in its place what was unpacked. The truth comes last: until then it is the old one.
fn put_in_place(folder: &Path, unpacked: &Path, stamp: &str) -> std::io::Result<Option<PathBuf>> {
    let before = folder.join(format!("{BEFORE_RESTORE}{stamp}"));
    let is_new = !folder.join(TRUTH).exists() && !folder.join(REQUESTS).exists();
    if !is_new {
        create_private(&before)?;
    }
    for name in [REQUESTS, TRUTH] {
        let (path, new) = (folder.join(name), unpacked.join(name));
        if path.exists() {
            // One that is damaged keeps its journal as it is.
            fold(&path);
            keep(&path, &before.join(name))?;
            for ending in ["-wal", "-shm", "-journal"] {
                let journal = folder.join(format!("{name}{ending}"));
                if journal.exists() {
                    keep(&journal, &before.join(format!("{name}{ending}")))?;
                }
            }
            remove_journal(&path)?;
        }
        if new.exists() {
            std::fs::rename(new, path)?;
        } else if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    sync_folder(folder)?;
    Ok((!is_new).then_some(before))
}

/// Folds the journal of a database into it, as far as that can be done.
fn fold(path: &Path) {
    let folded = Connection::open(path).and_then(|c| c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    if let Err(error) = folded {
        tracing::debug!(%error, "a database that is replaced keeps its journal");
    }
}

/// Gives a file a second name, or makes a copy where a file has one name only.
fn keep(path: &Path, kept: &Path) -> std::io::Result<()> {
    std::fs::hard_link(path, kept).or_else(|_| std::fs::copy(path, kept).map(drop))
}
