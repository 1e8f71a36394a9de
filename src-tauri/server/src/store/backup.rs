//! Backups of a data folder: a tar archive with a copy of each database, as both were at one moment.
//!
//! A backup is made whether or not a server has the folder open; it holds what the folder holds, so that only its owner can read it.
//! `restore.rs` puts one in the place of a folder.

use std::fs::File;
use std::io::{ErrorKind, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use serde::{Deserialize, Serialize};
use tempfile::{TempDir, TempPath};

use super::StoreError;
use super::connection::{BUSY, OpenError, attach_requests, version, version_of};
use super::files::{
    BACKUP, BACKUPS, Entry, REQUESTS, REQUESTS_SCHEMA, TRUTH, copy_to_new, create_new_private_file, entries,
    make_numbered, numbered,
};
use crate::private_folder;

/// The file of an archive that says what it is, and comes first.
pub(super) const CONTENTS: &str = "backup.json";

/// What the names of the folders begin with in which backups are made, each beside its file.
const PARTS: &str = ".scim-setup-backup-";

/// The archive in such a folder. Locked as long as it is written.
const ARCHIVE: &str = "archive";

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
    /// A folder has too little space: what is needed and what is free, in bytes.
    #[error("There is too little space in {0}: {needed} MB are needed, and {free} MB are free. Nothing was changed.", needed = .1.div_ceil(MEGABYTE), free = .2 / MEGABYTE)]
    NoSpace(PathBuf, u64, u64),
    /// A newer program made it.
    #[error("{0} was made by a newer SCIM Setup ({1}). Update SCIM Setup. Nothing was changed.")]
    Newer(PathBuf, String),
    /// It is damaged.
    #[error("The backup {0} is damaged: {1} Nothing was changed.")]
    Damaged(PathBuf, String),
}

const MEGABYTE: u64 = 1_000_000;

/// Bytes of a disk that are left to those who write meanwhile.
const SPARE: u64 = 64 << 20;

/// Refuses to write so many bytes to a folder whose disk has less: who fills it keeps everybody from writing until it is removed again.
pub(super) fn check_space(folder: &Path, bytes: u64) -> Result<(), BackupError> {
    let free = fs4::available_space(folder).map_err(|error| BackupError::File(folder.to_owned(), error.to_string()))?;
    let needed = bytes.saturating_add(SPARE);
    if needed > free { Err(BackupError::NoSpace(folder.to_owned(), needed, free)) } else { Ok(()) }
}

/// What an archive says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents {
    /// `SCIM Setup`
    pub(super) program: String,
    /// Its version.
    pub(super) version: String,
    /// The versions of the schemas.
    pub(super) truth: i64,
    pub(super) requests: Option<i64>,
}

pub(super) const PROGRAM: &str = "SCIM Setup";

/// Writes a backup of a data folder to a new file, and returns how many bytes it has. Whoever writes meanwhile is not held up.
///
/// # Errors
/// If the file is there already or cannot be written, or the data cannot be read. Then no file is left.
pub fn back_up(folder: &Path, file: &Path) -> Result<u64, BackupError> {
    if !folder.join(TRUTH).exists() {
        return Err(BackupError::NoData(folder.to_owned()));
    }
    let cannot = |error: std::io::Error| BackupError::File(file.to_owned(), error.to_string());
    // A link is something, too, wherever it leads.
    match std::fs::symlink_metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(cannot(error)),
        Ok(_) => return Err(BackupError::Exists(file.to_owned())),
    }
    let parts = parts_beside(file).map_err(cannot)?;
    let bytes = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |found| found.len());
    let databases: u64 = [TRUTH, REQUESTS].iter().map(|name| bytes(name) + bytes(&format!("{name}-wal"))).sum();
    // The copies of both, and the archive of them.
    check_space(parts.path(), 2 * databases)?;
    let archive = parts.path().join(ARCHIVE);
    let mut opened = create_new_private_file(&archive).map_err(cannot)?;
    opened.lock().map_err(cannot)?;
    let contents = copy(folder, parts.path()).map_err(|error| match error {
        CopyError::Nothing => BackupError::NoData(folder.to_owned()),
        CopyError::Read(error) => BackupError::File(folder.to_owned(), error.to_string()),
        CopyError::Write(error) => BackupError::File(file.to_owned(), error.to_string()),
    })?;
    let bytes = pack(&opened, &contents, parts.path()).map_err(cannot)?;
    put_in_place(&mut opened, archive, file).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => cannot(error),
    })?;
    Ok(bytes)
}

/// A new folder of this run alone, beside the file: on the same disk, which has to have the room anyway. It goes with the value.
fn parts_beside(file: &Path) -> std::io::Result<TempDir> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(PARTS);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent)
}

/// Gives the archive its name without replacing what somebody has put there meanwhile.
fn put_in_place(opened: &mut File, archive: PathBuf, file: &Path) -> std::io::Result<()> {
    let Err(refused) = TempPath::try_from_path(archive)?.persist_noclobber(file) else { return Ok(()) };
    if refused.error.kind() == ErrorKind::AlreadyExists {
        return Err(refused.error);
    }
    // Some disks, mostly those of the network, can neither rename in this way nor give a file a second name.
    opened.rewind()?;
    copy_to_new(opened, file)
}

/// Removes what backups have left in the data folder that did not come to their end.
pub(super) fn remove_parts(folder: &Path) {
    let entries = std::fs::read_dir(folder.join(BACKUPS)).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PARTS)) {
        // One that somebody makes now has a locked archive.
        let is_left = File::open(entry.path().join(ARCHIVE)).is_ok_and(|archive| archive.try_lock().is_ok());
        if is_left && let Err(error) = std::fs::remove_dir_all(entry.path()) {
            tracing::warn!(%error, path = %entry.path().display(), "what is left of a backup could not be removed");
        }
    }
}

/// The backups in a data folder.
pub(super) fn list(folder: &Path) -> Result<Vec<Entry>, StoreError> {
    let mut backups = entries(&folder.join(BACKUPS))?;
    backups.retain(|entry| !entry.is_folder && entry.name.ends_with(BACKUP));
    Ok(backups)
}

/// The backup of a data folder with this name.
pub(super) fn find(folder: &Path, name: &str) -> Result<Option<Entry>, StoreError> {
    Ok(list(folder)?.into_iter().find(|entry| entry.name == name))
}

/// Makes one more, and returns its name. The second one of a second has a number in its name.
pub(super) fn add(folder: &Path, stamp: &str) -> Result<String, BackupError> {
    let backups = folder.join(BACKUPS);
    private_folder::create_part(&backups).map_err(|error| BackupError::File(backups.clone(), error.to_string()))?;
    let made = make_numbered(
        |number| numbered(&format!("scim-setup-{stamp}"), number, BACKUP),
        |error| matches!(error, BackupError::Exists(_)),
        |name| back_up(folder, &backups.join(name)),
    );
    made.map(|(name, _)| name)
}

/// Deletes one; false: there is none with this name.
pub(super) fn delete(folder: &Path, name: &str) -> Result<bool, StoreError> {
    let Some(backup) = find(folder, name)? else { return Ok(false) };
    std::fs::remove_file(backup.path)?;
    Ok(true)
}

/// Why there are no copies of the databases.
enum CopyError {
    /// There is nothing to copy.
    Nothing,
    /// The data folder cannot be read.
    Read(StoreError),
    /// What is beside the backup's file cannot be written.
    Write(StoreError),
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Read(error.into())
    }
}

/// Copies both databases as they are at one moment to files of the same names in `parts`.
fn copy(folder: &Path, parts: &Path) -> Result<Contents, CopyError> {
    let from = Connection::open_with_flags(folder.join(TRUTH), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    from.busy_timeout(BUSY)?;
    // Before there was a record of requests of its own, all of it stood in one database.
    let has_file = folder.join(REQUESTS).exists();
    if has_file {
        attach_requests(&from, &folder.join(REQUESTS))?;
    }
    from.execute_batch("BEGIN")?;
    let seen = |schema: &str| from.query_row(&format!("SELECT count(*) FROM {schema}.sqlite_schema"), [], |_| Ok(()));
    // A reader sees a database as it is when it first looks. The record is derived from the truth: never may it be ahead.
    if has_file {
        seen(REQUESTS_SCHEMA)?;
    }
    seen("main")?;
    let truth = version(&from)?;
    // A first start that did not come to its end leaves files without a table.
    let requests =
        if has_file { Some(version_of(&from, REQUESTS_SCHEMA)?).filter(|version| *version > 0) } else { None };
    if truth <= 0 {
        return Err(CopyError::Nothing);
    }
    copy_one(&from, "main", &parts.join(TRUTH))?;
    if requests.is_some() {
        copy_one(&from, REQUESTS_SCHEMA, &parts.join(REQUESTS))?;
    }
    Ok(Contents { program: PROGRAM.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), truth, requests })
}

fn copy_one(from: &Connection, schema: &str, path: &Path) -> Result<(), CopyError> {
    let write = |error: rusqlite::Error| CopyError::Write(error.into());
    create_new_private_file(path).map_err(|error| CopyError::Write(StoreError::Sqlite(error.to_string())))?;
    let mut copy = Connection::open(path).map_err(write)?;
    let copied = Backup::new_with_names(from, schema, &mut copy, "main")
        .and_then(|backup| backup.run_to_completion(i32::MAX, Duration::ZERO, None));
    copied.map_err(|error| if is_of_source(&error) { error.into() } else { write(error) })?;
    // Nothing of it stands in a journal of its own.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(write)
}

/// Whether a copy failed because of what is copied: nobody else knows of the copy, and it is only written.
fn is_of_source(error: &rusqlite::Error) -> bool {
    let is_read = error
        .sqlite_error()
        .is_some_and(|error| [ffi::SQLITE_IOERR_READ, ffi::SQLITE_IOERR_SHORT_READ].contains(&error.extended_code));
    let codes =
        [ErrorCode::DatabaseCorrupt, ErrorCode::NotADatabase, ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
    is_read || error.sqlite_error_code().is_some_and(|code| codes.contains(&code))
}

fn pack(archive: &File, contents: &Contents, parts: &Path) -> std::io::Result<u64> {
    let mut tar = tar::Builder::new(archive);
    let json = serde_json::to_vec(contents)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(json.len() as u64);
    header.set_mode(0o600);
    tar.append_data(&mut header, CONTENTS, json.as_slice())?;
    tar.append_path_with_name(parts.join(TRUTH), TRUTH)?;
    if contents.requests.is_some() {
        tar.append_path_with_name(parts.join(REQUESTS), REQUESTS)?;
    }
    tar.into_inner()?.sync_all()?;
    Ok(archive.metadata()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn what_a_backup_has_left_goes_with_the_next_start_unless_somebody_makes_it_now() {
        let folder = tempfile::tempdir().expect("a folder");
        private_folder::create_part(&folder.path().join(BACKUPS)).expect("a folder");
        let file = folder.path().join(BACKUPS).join("b");
        let [left, made] = [(), ()].map(|()| parts_beside(&file).expect("a folder").keep());
        let [_, archive] = [&left, &made].map(|parts| create_new_private_file(&parts.join(ARCHIVE)).expect("a file"));
        archive.lock().expect("nobody else has it");
        Store::open(folder.path()).expect("a store").0.close();
        assert!(!left.exists() && made.exists());
    }

    #[test]
    fn a_backup_is_put_where_nothing_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("b");
        std::fs::write(&file, "somebody's").expect("a file");
        let archive = folder.path().join(ARCHIVE);
        let mut opened = create_new_private_file(&archive).expect("a file");
        let refused = put_in_place(&mut opened, archive, &file).expect_err("something is there");
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        let refused = copy_to_new(&mut opened, &file).expect_err("something is there");
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&file).expect("a file"), b"somebody's");
    }
}
