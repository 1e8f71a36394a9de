//! The schema, as steps that are only ever added to.

use rusqlite::Connection;

/// Every step, in order. A database's `user_version` is the number of steps it has taken.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_schemas_and_soft_deletion.sql"),
    include_str!("migrations/0003_guide.sql"),
    include_str!("migrations/0004_exchange_details.sql"),
    include_str!("migrations/0005_former_urls.sql"),
    include_str!("migrations/0006_catalog_and_history.sql"),
    include_str!("migrations/0007_simulated.sql"),
    include_str!("migrations/0008_rejected_verdict.sql"),
    include_str!("migrations/0009_facts.sql"),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A database as the version before step `number` left it.
    fn before(number: usize) -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch("PRAGMA foreign_keys = ON").expect("a setting");
        for step in &STEPS[..number - 1] {
            connection.execute_batch(step).expect("a step");
        }
        connection.pragma_update(None, "user_version", number - 1).expect("its version");
        connection
    }

    #[test]
    fn recorded_requests_are_carried_over() {
        let mut connection = before(4);
        connection
            .execute_batch(
                "INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
                 INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
                 INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
                 VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);
                 INSERT INTO exchanges (id, directory, at, method, target, path, status, duration_us, actor, summary, note_count, notes, auth,
                   client, came_through, request, response) VALUES
                   (7, 1, 70, 'PUT', '/scim/v2/one/Users/1', '/Users/1', 400, 9, 'Okta', '{}', 1, '[1]', 'auth', 'ua', 'https', 'in', 'out'),
                   (8, NULL, 80, 'GET', '/', '/', 404, 9, 'curl', '{}', 0, '[]', 'auth', NULL, NULL, 'in', 'out');",
            )
            .expect("what an earlier version kept");
        migrate(&mut connection).expect("the rest of the steps");
        let line = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).expect("a row");
        assert_eq!(
            line(
                "SELECT group_concat(id || ' ' || ifnull(directory, '-') || ' ' || method || ' ' || is_write, ', ') FROM exchanges"
            ),
            "7 1 PUT 1, 8 - GET 0"
        );
        assert_eq!(
            line(
                "SELECT target || ' ' || client || ' ' || came_through || ' ' || notes || ' ' || request || ' ' || response FROM exchange_details"
            ),
            "/scim/v2/one/Users/1 ua https [1] in out"
        );
        let counts = "exchange_count || ' ' || error_count || ' ' || write_count || ' ' || note_count";
        assert_eq!(line(&format!("SELECT {counts} FROM directories")), "1 1 1 1");
        assert_eq!(line(&format!("SELECT {counts} FROM unattributed")), "1 1 0 0");
        connection.execute_batch("DELETE FROM directories").expect("it can be deleted");
        assert_eq!(line("SELECT group_concat(id) FROM exchange_details"), "8", "details go with their request");
    }
}
