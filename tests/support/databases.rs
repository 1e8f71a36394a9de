//! Data folders of earlier versions: tests/data/databases, whose README.md says what is in them.
#![allow(dead_code, reason = "not every test program that shares this file looks at everything")]

use std::path::Path;

/// By the schema of the truth: what both databases hold, the second of which is there from 10 on.
const VERSIONS: [(usize, &str, Option<&str>); 11] = [
    (1, include_str!("../data/databases/v1.sql"), None),
    (2, include_str!("../data/databases/v2.sql"), None),
    (3, include_str!("../data/databases/v3.sql"), None),
    (4, include_str!("../data/databases/v4.sql"), None),
    (5, include_str!("../data/databases/v5.sql"), None),
    (6, include_str!("../data/databases/v6.sql"), None),
    (7, include_str!("../data/databases/v7.sql"), None),
    (8, include_str!("../data/databases/v8.sql"), None),
    (10, include_str!("../data/databases/v10.sql"), Some(include_str!("../data/databases/v10.requests.sql"))),
    (11, include_str!("../data/databases/v11.sql"), Some(include_str!("../data/databases/v11.requests.sql"))),
    (12, include_str!("../data/databases/v12.sql"), Some(include_str!("../data/databases/v12.requests.sql"))),
];

/// The schemas that have a file, ascending.
pub(crate) fn schemas() -> impl Iterator<Item = usize> {
    VERSIONS.iter().map(|(schema, ..)| *schema)
}

/// The schema of the version that gave [`ANSWERS`].
pub(crate) const ANSWERED: usize = 8;

/// What it answered: JSON by path.
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
    let (_, truth, requests) = VERSIONS.iter().find(|(version, ..)| *version == schema).expect("it has a file");
    std::fs::create_dir_all(folder).expect("a folder");
    create(&folder.join("scim-setup.sqlite3"), "", truth);
    if let Some(requests) = requests {
        let settings = match schema {
            10 => "PRAGMA page_size = 2048; PRAGMA auto_vacuum = INCREMENTAL;",
            _ => "PRAGMA page_size = 2048;",
        };
        create(&folder.join("requests.sqlite3"), settings, requests);
    }
}

/// Makes a database as the program had it.
fn create(path: &Path, settings: &str, sql: &str) {
    let database = rusqlite::Connection::open(path).expect("a database");
    // One step for each statement would take its time.
    let sql = format!("{settings} PRAGMA foreign_keys = OFF; PRAGMA journal_mode = WAL; BEGIN; {sql} COMMIT;");
    database.execute_batch(&sql).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
