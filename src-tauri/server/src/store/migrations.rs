//! The schemas, as steps that are only ever added to.
//!
//! The truth of an earlier version is never changed in place: a copy takes the steps, and takes its place when all have worked. The record of
//! requests takes its own in one transaction. What goes wrong on the way leaves the file as it was, and the next start tries again.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::connection::{add_keys, attach_requests, version};
use super::exchange_details;
use super::files::{self, create_private_file, remove_journal, sync_folder};

/// The steps of a schema, in order. A database's `user_version` is the number of steps it has taken.
pub(super) struct Steps(&'static [&'static str]);

/// Of the truth.
pub(super) const TRUTH: Steps = Steps(&[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_schemas_and_soft_deletion.sql"),
    include_str!("migrations/0003_guide.sql"),
    include_str!("migrations/0004_exchange_details.sql"),
    include_str!("migrations/0005_former_urls.sql"),
    include_str!("migrations/0006_catalog_and_history.sql"),
    include_str!("migrations/0007_simulated.sql"),
    include_str!("migrations/0008_rejected_verdict.sql"),
    include_str!("migrations/0009_facts.sql"),
    // One step: no file ever stood between the two.
    concat!(include_str!("migrations/0010_requests.sql"), include_str!("migrations/0010_resources.sql")),
    include_str!("migrations/0011_emails_that_are_names.sql"),
    include_str!("migrations/0012_actors.sql"),
    include_str!("migrations/0013_comparison_keys.sql"),
    include_str!("migrations/0014_trimmed_history.sql"),
    include_str!("migrations/0015_deleted_in_order.sql"),
    include_str!("migrations/0016_api_keys.sql"),
    include_str!("migrations/0017_webhooks.sql"),
    include_str!("migrations/0018_forwarding.sql"),
]);

/// Of what was heard.
pub(super) const REQUESTS: Steps = Steps(&[
    include_str!("requests/0001_initial.sql"),
    include_str!("requests/0002_compressed_bodies.sql"),
    include_str!("requests/0003_packed_details.sql"),
    include_str!("requests/0004_actors.sql"),
    include_str!("requests/0005_strangers.sql"),
    include_str!("requests/0006_comparison_keys.sql"),
    include_str!("requests/0007_kept.sql"),
    include_str!("requests/0008_alarms.sql"),
    include_str!("requests/0009_let_go.sql"),
    include_str!("requests/0010_search_keys.sql"),
    include_str!("requests/0011_collation.sql"),
    include_str!("requests/0012_api_calls.sql"),
    include_str!("requests/0013_marks.sql"),
    include_str!("requests/0014_deliveries.sql"),
    include_str!("requests/0015_app_reads.sql"),
]);

/// The version from which on there are two databases. Before it, requests were part of the truth.
const SPLIT: i64 = 10;

/// Bytes of a page of the truth. Small: a commit writes every page that it touches, and most touch one row of each.
const PAGE: u32 = 1 << 10;

/// Bytes of a page of what was heard. Larger than one of the truth: a commit adds many rows, one behind the other.
const REQUESTS_PAGE: u32 = 2 << 10;

/// What the name of a file ends in while it takes the steps.
const UNDER_WAY: &str = "migrating";

impl Steps {
    /// The version after the last step.
    pub(super) fn newest(&self) -> i64 {
        self.0.len() as i64
    }

    /// Takes the steps that are missing in one transaction: all of them, or on an error none.
    pub(super) fn migrate(&self, connection: &Connection) -> rusqlite::Result<()> {
        let taken = usize::try_from(version(connection)?).unwrap_or(0);
        if taken >= self.0.len() {
            return Ok(());
        }
        let transaction = connection.unchecked_transaction()?;
        for step in &self.0[taken..] {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", self.newest())?;
        transaction.commit()
    }
}

/// Why a folder is still of an earlier version.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("another program has it open; close that one")]
    InUse,
    #[error("{0} of its rows refer to others that are not there")]
    Inconsistent(i64),
}

/// Takes the steps of the truth that a folder misses. `truth` is the open one; afterwards it has to be opened again. Before [`SPLIT`] the
/// database of requests is made by them, from there on it is another's: see [`migrate_requests`].
///
/// # Errors
/// Whatever goes wrong; then the files are as they were.
pub(super) fn migrate_folder(folder: &Path, truth: Connection, steps: &Steps) -> Result<(), MigrationError> {
    // The truth last: as long as it is the old one, the next start begins again.
    let names = if version(&truth)? < SPLIT { &[files::REQUESTS, files::TRUTH][..] } else { &[files::TRUTH] };
    let migrated = migrate_copies(folder, &truth, names, steps).and_then(|()| let_go(truth)).and_then(|()| {
        for name in names {
            let (path, copy) = (folder.join(name), copy_of(folder, name));
            std::fs::File::open(&copy)?.sync_all()?;
            remove_journal(&path)?;
            std::fs::rename(copy, path)?;
        }
        Ok(sync_folder(folder)?)
    });
    if migrated.is_err() {
        names.iter().for_each(|name| remove(&copy_of(folder, name)));
    }
    migrated
}

/// What is to be set before there is a table of what was heard.
pub(super) fn prepare_requests(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", REQUESTS_PAGE)
}

/// Takes the steps of what was heard that are missing.
pub(super) fn migrate_requests(connection: &Connection) -> rusqlite::Result<()> {
    let version = version(connection)?;
    exchange_details::earlier::add_function(connection)?;
    add_keys(connection)?;
    REQUESTS.migrate(connection)?;
    if (1..REQUESTS.newest()).contains(&version) {
        compact(connection);
    }
    Ok(())
}

/// Gives back the space that the steps left free, and lets go of what earlier versions kept to do that at any time: a third of the pages
/// that they wrote. It goes without, too, where the disk is too full for a copy.
fn compact(connection: &Connection) {
    if let Err(error) = connection.execute_batch("PRAGMA auto_vacuum = NONE; VACUUM") {
        tracing::warn!(%error, "the record of requests could not be made smaller");
    }
}

/// Folds the journal into its database and closes it, so that none of the old file is taken for one of the new.
fn let_go(truth: Connection) -> Result<(), MigrationError> {
    let is_busy: bool = truth.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy { Err(MigrationError::InUse) } else { Ok(()) }
}

/// Makes new files of these names that have taken the steps.
fn migrate_copies(folder: &Path, truth: &Connection, names: &[&str], steps: &Steps) -> Result<(), MigrationError> {
    for name in names {
        // Left by a start that did not come to its end.
        remove(&copy_of(folder, name));
        create_private_file(&copy_of(folder, name))?;
    }
    let [truth_copy, requests_copy] = [files::TRUTH, files::REQUESTS].map(|name| copy_of(folder, name));
    truth.pragma_update(None, "page_size", PAGE)?;
    truth.execute("VACUUM INTO ?1", params![truth_copy.display().to_string()])?;
    let copy = Connection::open(truth_copy)?;
    add_keys(&copy)?;
    // What refers to a table that is built anew goes on to refer to it by its name.
    copy.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;")?;
    if names.contains(&files::REQUESTS) {
        let requests = Connection::open(&requests_copy)?;
        prepare_requests(&requests)?;
        // As the step of the truth knows it.
        Steps(&REQUESTS.0[..1]).migrate(&requests)?;
        drop(requests);
        attach_requests(&copy, &requests_copy)?;
    }
    steps.migrate(&copy)?;
    let broken: i64 = copy.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if broken > 0 {
        return Err(MigrationError::Inconsistent(broken));
    }
    drop(copy);
    if names.contains(&files::REQUESTS) {
        migrate_requests(&Connection::open(&requests_copy)?)?;
    }
    Ok(())
}

fn copy_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{UNDER_WAY}"))
}

/// A copy that nobody needs. That it cannot be removed is found out when the next one is made.
fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
    let _ = remove_journal(path);
}

#[cfg(test)]
mod tests;
