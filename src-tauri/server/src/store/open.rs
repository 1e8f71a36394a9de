//! Opening a data folder, or saying in a sentence why not.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{StoreError, migrations};

/// The database's name inside the data folder.
const DATABASE: &str = "scim-setup.sqlite3";

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
    /// It is damaged, or no database at all.
    #[error(
        "The database {0} cannot be read: {1}. Move it away to start afresh, or choose another folder with --data. Nothing was changed."
    )]
    Corrupt(PathBuf, String),
}

/// Takes possession of the folder and opens its write connection, migrated.
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
    create_private_file(&path).map_err(|error| not_writable(&error))?;
    let mut connection = Connection::open(&path).map_err(|error| not_writable(&error))?;
    prepare(&mut connection, &path)?;
    Ok((lock, connection))
}

/// A connection that can only read.
pub(super) fn open_reader(folder: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(DATABASE), flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn prepare(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let explain = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen | ErrorCode::DiskFull) => {
            OpenError::NotWritable(path.to_owned(), reason(&error))
        }
        _ => OpenError::Corrupt(path.to_owned(), reason(&error)),
    };
    let version = migrations::version(connection).map_err(explain)?;
    if version > migrations::NEWEST {
        return Err(OpenError::Newer(path.to_owned(), version, migrations::NEWEST));
    }
    if version == 0 && !migrations::is_empty(connection).map_err(explain)? {
        return Err(OpenError::Corrupt(path.to_owned(), "another program made it".to_owned()));
    }
    // SQLite opens a file that it may not write for reading, without a word.
    if connection.is_readonly("main").map_err(explain)? {
        return Err(OpenError::NotWritable(path.to_owned(), "it is read-only".to_owned()));
    }
    connection.busy_timeout(BUSY).map_err(explain)?;
    connection.set_prepared_statement_cache_capacity(64);
    // FULL: a commit that was acknowledged survives a power cut, not only a crash of this process.
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(explain)?;
    migrations::migrate(connection).map_err(explain)
}

/// SQLite's words, without the statement that it was about.
fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Makes sure that the database is there, and if it was not, that nobody else can read it. SQLite's other files take after it.
fn create_private_file(path: &Path) -> std::io::Result<()> {
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
        let mut connection = Connection::open(&path).expect("a database");
        prepare(&mut connection, &path).expect("it is migrated");
        drop(connection);
        // As root a file's mode stops nobody, so the connection itself is read-only.
        let mut connection =
            Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it can be read");
        let error = prepare(&mut connection, &path).expect_err("it cannot be written");
        assert!(matches!(&error, OpenError::NotWritable(named, _) if *named == path), "{error}");
        assert!(error.to_string().contains("read-only"), "{error}");
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
