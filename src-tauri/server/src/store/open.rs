//! Opening a data folder, or saying in a sentence why not.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use super::migrations;

/// The name of the truth inside the data folder.
pub(super) const DATABASE: &str = "scim-setup.sqlite3";

/// KiB of its database that a connection that reads keeps in memory: there may be a dozen of them.
const CACHE: i64 = 1 << 10;

/// How long a connection waits for a lock that a checkpoint holds.
const BUSY: Duration = Duration::from_secs(5);

/// Why a data folder could not be opened. The message is for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process owns it.
    #[error(
        "The data folder {0} is in use by another SCIM Setup. Close that one, or choose another folder with --data."
    )]
    InUse(PathBuf),
    /// It cannot be created or written.
    #[error("The data folder {0} cannot be written: {1}. Make it writable, or choose another folder with --data.")]
    NotWritable(PathBuf, String),
    /// A newer program wrote it.
    #[error(
        "The database {0} was written by a newer SCIM Setup (its version is {1}, this one knows {2}). Update SCIM Setup, or choose another \
         folder with --data. Nothing was changed."
    )]
    Newer(PathBuf, i64, i64),
    /// A version before this one wrote it, and the way from there failed.
    #[error(
        "The database {0} is of an earlier SCIM Setup and could not be brought up to date: {1}. It is as it was, and the next start tries again."
    )]
    NotMigrated(PathBuf, String),
    /// It is damaged, or no database at all.
    #[error(
        "The database {0} cannot be read: {1}. Move it away to start afresh, or choose another folder with --data. Nothing was changed."
    )]
    Corrupt(PathBuf, String),
}

/// Takes possession of the folder and opens the write connection of its truth, migrated. A folder of an earlier version is migrated whole.
pub(super) fn open(folder: &Path) -> Result<(File, Connection), OpenError> {
    let not_writable = |error: &dyn std::fmt::Display| OpenError::NotWritable(folder.to_owned(), error.to_string());
    create_private(folder).map_err(|error| not_writable(&error))?;
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))
        .map_err(|error| not_writable(&error))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Err(OpenError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => return Err(not_writable(&error)),
    }
    let path = folder.join(DATABASE);
    let mut connection = open_file(&path, migrations::TRUTH.newest())?;
    let version = explaining(&path, || migrations::version(&connection))?;
    if version < migrations::TRUTH.newest() {
        migrations::migrate_folder(folder, connection, &migrations::TRUTH)
            .map_err(|error| OpenError::NotMigrated(path.clone(), error.to_string()))?;
        connection = open_file(&path, migrations::TRUTH.newest())?;
    }
    // A commit that was acknowledged survives a power cut, not only a crash of this process.
    explaining(&path, || configure_writer(&connection, "FULL"))?;
    Ok((lock, connection))
}

/// Opens a database of this program to write to, creates it if it is missing, and changes nothing in it. `newest` is the newest version that
/// is known.
pub(super) fn open_file(path: &Path, newest: i64) -> Result<Connection, OpenError> {
    let not_writable = |error: &dyn std::fmt::Display| OpenError::NotWritable(path.to_owned(), error.to_string());
    create_private_file(path).map_err(|error| not_writable(&error))?;
    let connection = Connection::open(path).map_err(|error| not_writable(&error))?;
    check(&connection, path, newest)?;
    Ok(connection)
}

fn check(connection: &Connection, path: &Path, newest: i64) -> Result<(), OpenError> {
    let version = explaining(path, || migrations::version(connection))?;
    if version > newest {
        return Err(OpenError::Newer(path.to_owned(), version, newest));
    }
    if version == 0 && !explaining(path, || migrations::is_empty(connection))? {
        return Err(OpenError::Corrupt(path.to_owned(), "another program made it".to_owned()));
    }
    // SQLite opens a file that it may not write for reading, without a word.
    if explaining(path, || connection.is_readonly("main"))? {
        return Err(OpenError::NotWritable(path.to_owned(), "it is read-only".to_owned()));
    }
    Ok(())
}

/// How every connection is used.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Else SQLite plans a statement anew for each value that might let another partial index serve, which costs more than the statement.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Makes a connection one that reads the databases with these names.
pub(super) fn configure_reader(connection: &Connection, schemas: &[&str]) -> rusqlite::Result<()> {
    configure(connection)?;
    schemas.iter().try_for_each(|schema| connection.pragma_update(Some(*schema), "cache_size", -CACHE))
}

/// Makes a connection the one that writes. `synchronous` says when a commit waits for the disk.
pub(super) fn configure_writer(connection: &Connection, synchronous: &str) -> rusqlite::Result<()> {
    configure(connection)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON;"
    ))
}

/// What SQLite refuses about the file at `path`, as a sentence.
pub(super) fn explaining<T>(path: &Path, work: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, OpenError> {
    work().map_err(|error| match error.sqlite_error_code() {
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::CannotOpen
            | ErrorCode::DiskFull
            // Somebody else uses it, or there is no memory: it is in order.
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OutOfMemory,
        ) => OpenError::NotWritable(path.to_owned(), reason(&error)),
        _ => OpenError::Corrupt(path.to_owned(), reason(&error)),
    })
}

/// SQLite's words, without the statement that it was about.
fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Makes sure that the database is there, and if it was not, that nobody else can read it. SQLite's other files take after it.
pub(super) fn create_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // One that may only be read is told apart later, by what is in it.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied && path.exists() => Ok(()),
        other => other.map(drop),
    }
}

/// Removes what SQLite keeps beside a database that is closed, or was moved away.
pub(super) fn remove_journal(database: &Path) -> std::io::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes sure that files that were renamed keep their new names after a power cut.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and renaming is durable by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(DATABASE);
        drop(open(folder.path()).expect("it is migrated"));
        // As root a file's mode stops nobody, so the connection itself is read-only.
        let connection =
            Connection::open_with_flags(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it can be read");
        let error = check(&connection, &path, migrations::TRUTH.newest()).expect_err("it cannot be written");
        assert!(matches!(&error, OpenError::NotWritable(named, _) if *named == path), "{error}");
        assert!(error.to_string().contains("read-only"), "{error}");
    }

    #[test]
    fn a_statement_is_planned_once_whatever_it_is_asked_with() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_lock, connection) = open(folder.path()).expect("it is migrated");
        let sql =
            "SELECT key FROM resources WHERE directory = ?1 AND lookup_key = ?2 AND kind = ?3 AND state <> 'deleted'";
        let mut statement = connection.prepare(sql).expect("a statement");
        for kind in ["user", "group", "user"] {
            assert!(!statement.exists((1, "ada", kind)).expect("an answer"));
        }
        assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
    }

    #[test]
    fn a_database_of_another_program_is_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(DATABASE);
        Connection::open(&path).expect("a database").execute_batch("CREATE TABLE users (a)").expect("a table");
        let before = std::fs::read(&path).expect("a file");
        let error = open(folder.path()).expect_err("it is another program's");
        assert!(matches!(&error, OpenError::Corrupt(named, _) if *named == path), "{error}");
        assert_eq!(std::fs::read(&path).expect("a file"), before);
    }
}
