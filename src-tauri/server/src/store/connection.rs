//! A connection to one database: how it is opened and configured, or in a sentence why not.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode};

use super::files::{REQUESTS_SCHEMA, create_private_file};

/// KiB of its database that a connection that reads keeps in memory: there may be a dozen of them.
const CACHE: i64 = 1 << 10;

/// How long a connection waits for a lock that a checkpoint holds.
pub(super) const BUSY: Duration = Duration::from_secs(5);

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
    /// It was to be looked through, and something other than damage was in the way.
    #[error("The data folder {0} could not be looked through: {1}. Nothing is known to be wrong with it; try again.")]
    NotExamined(PathBuf, String),
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

/// Refuses a database that is not one of this program's, or cannot be written.
pub(super) fn check(connection: &Connection, path: &Path, newest: i64) -> Result<(), OpenError> {
    let version = explaining(path, || version(connection))?;
    if version > newest {
        return Err(OpenError::Newer(path.to_owned(), version, newest));
    }
    if version == 0 && !explaining(path, || is_empty(connection))? {
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
    add_keys(connection)
}

/// Teaches a connection the functions `comparison_key` and `search_key`: [`scim::comparison_key`] and [`scim::search_key`] of a text, NULL
/// of NULL.
pub(super) fn add_keys(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let add = |name, key: fn(&str) -> String| {
        connection.create_scalar_function(name, 1, flags, move |values| {
            Ok(values.get::<Option<String>>(0)?.map(|text| key(&text)))
        })
    };
    add("comparison_key", scim::comparison_key)?;
    add("search_key", scim::search_key)
}

/// Makes a connection one that reads the databases with these names.
pub(super) fn configure_reader(connection: &Connection, schemas: &[&str]) -> rusqlite::Result<()> {
    configure(connection)?;
    schemas.iter().try_for_each(|schema| connection.pragma_update(Some(*schema), "cache_size", -CACHE))
}

/// Makes a connection the one that writes. `synchronous` says when a commit waits for the disk. What is deleted is overwritten: pages that
/// become free are mostly used again in the same commit, and written once.
pub(super) fn configure_writer(connection: &Connection, synchronous: &str) -> rusqlite::Result<()> {
    configure(connection)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
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

/// Folds the journal of a database into it and cuts it to nothing; false: somebody reads out of it, so that some of it stays.
pub(super) fn cut_journal(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(!row.get::<_, bool>(0)?))
}

/// Has a connection know the record of requests at `path` as well.
pub(super) fn attach_requests(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
    connection.execute(&format!("ATTACH ?1 AS {REQUESTS_SCHEMA}"), [path.display().to_string()]).map(drop)
}

/// The version of the database that a connection knows by this name.
pub(super) fn version_of(connection: &Connection, schema: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("PRAGMA {schema}.user_version"), [], |row| row.get(0))
}

/// The version of the database at hand; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    version_of(connection, "main")
}

/// Whether there is no table yet.
fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}
