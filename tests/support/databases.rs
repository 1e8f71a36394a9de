//! Data folders of earlier versions: tests/data/databases, whose README.md says what is in them.
#![allow(dead_code, reason = "not every test program that shares this file looks at everything")]

use std::path::Path;

/// `vN.sql` at place N - 1.
const VERSIONS: [&str; 8] = [
    include_str!("../data/databases/v1.sql"),
    include_str!("../data/databases/v2.sql"),
    include_str!("../data/databases/v3.sql"),
    include_str!("../data/databases/v4.sql"),
    include_str!("../data/databases/v5.sql"),
    include_str!("../data/databases/v6.sql"),
    include_str!("../data/databases/v7.sql"),
    include_str!("../data/databases/v8.sql"),
];

/// The newest schema that has a file.
pub(crate) const NEWEST: usize = VERSIONS.len();

/// What the program with schema [`NEWEST`] answered: JSON by path.
pub(crate) const ANSWERS: &str = include_str!("../data/databases/v8.answers.json");

/// Acme Corp's directory.
pub(crate) const OKTA: &str = "qb7yyqb5pg";
/// Its token.
pub(crate) const TOKEN: &str = "scimsetup-TU0uWYwHp_7j4sHfXyWXzDeoR8DZIFX0jmlGrxlPRp4";
/// The token before.
pub(crate) const RETIRED_TOKEN: &str = "scimsetup-sdaUKDoJBLibCRrXHQASwOl2SRDEUke4COhKQdDs87U";
/// Globex's directory that deletes softly.
pub(crate) const ONELOGIN: &str = "jdmb7w32gi";
/// Its token.
pub(crate) const ONELOGIN_TOKEN: &str = "scimsetup-emZtrrR_oNR2F0tWQ_3mmXFzKu0AgVcyDHJzQHa6_b8";
/// Globex's directory that is being set up.
pub(crate) const ENTRA: &str = "hd6yvgj9zt";

pub(crate) const ADA: &str = "9f303c74-6e59-4037-94bc-fd358e2abdf7";
pub(crate) const SOREN: &str = "a4ef2316-6af1-489e-889f-bb04e6e1b600";
/// Deleted.
pub(crate) const EDSGER: &str = "95f3e653-3303-4ab0-a8ef-64f3ebefff7b";
/// Deleted softly.
pub(crate) const LISE: &str = "9286c587-9e0e-4657-b48b-8aa9fb2b0317";
pub(crate) const ENGINEERING: &str = "da4b808f-b1a8-4f3d-a046-858332b05bb0";
pub(crate) const ALL_STAFF: &str = "ff5677a8-4531-403c-b5c5-5f50852b58af";

/// Makes `folder` what the program with this schema left.
pub(crate) fn leave(schema: usize, folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    let database = rusqlite::Connection::open(folder.join("scim-setup.sqlite3")).expect("a database");
    // As the program had it; and one step for each statement would take its time.
    database.execute_batch("PRAGMA journal_mode = WAL; BEGIN;").expect("a transaction");
    database.execute_batch(VERSIONS[schema - 1]).unwrap_or_else(|error| panic!("v{schema}.sql: {error}"));
    database.execute_batch("COMMIT").expect("a file");
}
