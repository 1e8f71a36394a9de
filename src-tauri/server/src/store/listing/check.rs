//! Whether lists show what is in the truth.

use rusqlite::Connection;

use super::derive::untouched;
use crate::model::ResourceKey;
use crate::store::Result;
use crate::store::sql::fetch_one;

/// How many users and groups lists show in another way than they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Differences {
    /// Those that they do not show.
    pub(in crate::store) missing: u64,
    /// Those that they show under another name, state or number.
    pub(in crate::store) changed: u64,
    /// Those that they show and that are not there.
    pub(in crate::store) extra: u64,
}

/// Compares the lists, which are current, with the truth: all of both is read, in one snapshot.
pub(in crate::store) fn compare(c: &Connection) -> Result<Differences> {
    let mut differences = Differences::default();
    let mut statement = c.prepare("SELECT key FROM resources")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key: ResourceKey = row.get(0)?;
        let Some(derivation) = untouched(c, key)? else { continue };
        match derivation.is_shown(c)? {
            Some(true) => {}
            Some(false) => differences.changed += 1,
            None => differences.missing += 1,
        }
    }
    // Those of a directory that is gone go by themselves.
    let extra = "SELECT count(*) FROM listing l JOIN directories d ON d.key = l.directory
                 WHERE NOT EXISTS (SELECT 1 FROM resources r WHERE r.key = l.key)";
    differences.extra = fetch_one(c, extra, [], |row| row.get(0))?;
    Ok(differences)
}
