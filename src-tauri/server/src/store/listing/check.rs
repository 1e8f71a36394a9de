//! Whether lists show what is in the truth.

use rusqlite::{Connection, params};

use super::derive::untouched;
use crate::model::ResourceKey;
use crate::store::Result;
use crate::store::sql::{fetch_all, fetch_one};

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

impl Differences {
    /// Compares up to `most` rows of the lists, which are current, with the truth: those behind `after`. Returns the last one that was
    /// compared; `None`: there are no more.
    pub(in crate::store) fn compare_some(
        &mut self,
        c: &Connection,
        after: ResourceKey,
        most: u32,
    ) -> Result<Option<ResourceKey>> {
        let sql = "SELECT key FROM resources WHERE key > ?1 ORDER BY key LIMIT ?2";
        let keys: Vec<ResourceKey> = fetch_all(c, sql, params![after, most], |row| row.get(0))?;
        for key in &keys {
            let Some(derivation) = untouched(c, *key)? else { continue };
            match derivation.is_shown(c)? {
                Some(true) => {}
                Some(false) => self.changed += 1,
                None => self.missing += 1,
            }
        }
        // Those of a directory that is gone go by themselves.
        let extra = "SELECT count(*) FROM listing l JOIN directories d ON d.key = l.directory
                     WHERE l.key > ?1 AND l.key <= ?2 AND NOT EXISTS (SELECT 1 FROM resources r WHERE r.key = l.key)";
        let last = keys.last().copied();
        let up_to = last.unwrap_or(ResourceKey(i64::MAX));
        self.extra += fetch_one(c, extra, params![after, up_to], |row| row.get::<_, u64>(0))?;
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, StoreError};

    #[test]
    fn what_differs_is_found_in_whatever_pieces_it_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let people = "INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
            INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
            INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
            VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);
            WITH RECURSIVE n (key) AS (VALUES (1) UNION ALL SELECT key + 2 FROM n WHERE key < 13)
            INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at, last_change)
            SELECT key, 1, 'user', 'active', 'u' || key, 'Ada', 'ada' || key, 'ada' || key, 'okta', 1, 0, 0, 1 FROM n;";
        store.write(|tx| Ok::<_, StoreError>(tx.execute_batch(people)?)).expect("it is written");
        // The first and the last, one between two users, one behind all, and the second one under another state.
        let damage = "DELETE FROM listing WHERE key IN (1, 13); UPDATE listing SET state = 'deactivated' WHERE key = 3;
            INSERT INTO listing SELECT key + 1, directory, kind, state, search, size, unknown, is_adrift, touched, touched_at, touched_how, sort_key
            FROM listing WHERE key = 5;
            INSERT INTO listing SELECT key + 50, directory, kind, state, search, size, unknown, is_adrift, touched, touched_at, touched_how, sort_key
            FROM listing WHERE key = 5;";
        super::super::derive_some(&store).expect("lists are built");
        store.write_requests(|tx| Ok::<_, StoreError>(tx.execute_batch(damage)?)).expect("it is damaged");
        for most in [1, 2, 3, 7, 100] {
            let mut found = Differences::default();
            let (mut after, mut pieces) = (ResourceKey(0), 0);
            let mut compare = |after| store.read_with_requests(|c| found.compare_some(c, after, most));
            while let Some(last) = compare(after).expect("they are compared") {
                (after, pieces) = (last, pieces + 1);
            }
            assert_eq!(found, Differences { missing: 2, changed: 1, extra: 2 }, "{most}");
            assert_eq!(pieces, 7_u32.div_ceil(most));
        }
    }
}
