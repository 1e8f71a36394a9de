//! The schema, as steps that are only ever added to.

use rusqlite::Connection;

/// Every step, in order. A database's `user_version` is the number of steps it has taken.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_schemas_and_soft_deletion.sql"),
    include_str!("migrations/0003_guide.sql"),
    include_str!("migrations/0004_catalog_and_history.sql"),
];

/// The version after the last step.
pub(super) const NEWEST: i64 = STEPS.len() as i64;

/// The version of the database at hand; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether there is no table yet.
pub(super) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// Takes the steps that are missing: all of them, or on an error none.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let taken = usize::try_from(version(connection)?).unwrap_or(0);
    if taken >= STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in &STEPS[taken..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", NEWEST)?;
    transaction.commit()
}
