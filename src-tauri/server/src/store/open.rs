//! Opening a data folder, or saying in a sentence why not.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::connection::{OpenError, configure_writer, explaining, open_file, version};
use super::files::{self, TRUTH};
use super::migrations;

/// Takes possession of the folder and opens the write connection of its truth, migrated. A folder of an earlier version is migrated whole.
pub(super) fn open(folder: &Path) -> Result<(File, Connection), OpenError> {
    let not_writable = |error: &dyn std::fmt::Display| OpenError::NotWritable(folder.to_owned(), error.to_string());
    crate::private_folder::create(folder).map_err(|error| not_writable(&error))?;
    let lock = take(folder)?;
    let path = folder.join(TRUTH);
    let mut connection = open_file(&path, migrations::TRUTH.newest())?;
    let version = explaining(&path, || version(&connection))?;
    if version < migrations::TRUTH.newest() {
        migrations::migrate_folder(folder, connection, &migrations::TRUTH)
            .map_err(|error| OpenError::NotMigrated(path.clone(), error.to_string()))?;
        connection = open_file(&path, migrations::TRUTH.newest())?;
    }
    // A commit that was acknowledged survives a power cut, not only a crash of this process.
    explaining(&path, || configure_writer(&connection, "FULL"))?;
    Ok((lock, connection))
}

/// Takes possession of a folder that is there, as long as the file is open.
///
/// # Errors
/// If another process has it, or it cannot be written.
pub(super) fn take(folder: &Path) -> Result<File, OpenError> {
    let not_writable = |error: std::io::Error| OpenError::NotWritable(folder.to_owned(), error.to_string());
    let lock = files::open_lock(folder).map_err(not_writable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(not_writable(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::connection;

    #[test]
    fn a_database_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(TRUTH);
        drop(open(folder.path()).expect("it is migrated"));
        // As root a file's mode stops nobody, so the connection itself is read-only.
        let connection =
            Connection::open_with_flags(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it can be read");
        let error =
            connection::check(&connection, &path, migrations::TRUTH.newest()).expect_err("it cannot be written");
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
        let path = folder.path().join(TRUTH);
        Connection::open(&path).expect("a database").execute_batch("CREATE TABLE users (a)").expect("a table");
        let before = std::fs::read(&path).expect("a file");
        let error = open(folder.path()).expect_err("it is another program's");
        assert!(matches!(&error, OpenError::Corrupt(named, _) if *named == path), "{error}");
        assert_eq!(std::fs::read(&path).expect("a file"), before);
    }
}
