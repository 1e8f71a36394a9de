//! Letting go of users and groups that were deleted: the newest of each directory are kept, with what is known of them.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::changes::first_since;
use super::history::{MOST_AT_ONCE, Retention, note_trimmed};
use super::sql::{execute, fetch_all, fetch_optional, run};
use crate::model::{ChangeSeq, DirectoryKey, ResourceKey};

/// Those of the directory `?1` that were deleted by the change `?2`, or before it or `?3`.
const EXCESS: &str = "SELECT key FROM resources
     WHERE directory = ?1 AND state = 'deleted' AND (last_change <= ?2 OR last_change < ?3) ORDER BY last_change";

/// The deleted resources of a directory that need not stay, in the order in which they were deleted.
pub(crate) fn excess(c: &Connection, directory: DirectoryKey, retention: Retention) -> Result<Vec<ResourceKey>> {
    let sql = "SELECT last_change FROM resources WHERE directory = ?1 AND state = 'deleted' ORDER BY last_change DESC LIMIT 1 OFFSET ?2";
    let newest = fetch_optional(c, sql, params![directory, retention.newest], |row| row.get(0))?;
    let young = retention.since.map_or(Ok(ChangeSeq(0)), |at| first_since(c, directory, at))?;
    fetch_all(c, EXCESS, params![directory, newest.unwrap_or(ChangeSeq(0)), young], |row| row.get(0))
}

/// Removes deleted resources one after the other, as much as one write may, and returns how many of them are done with: they are gone, or have
/// come back. What other groups know of them as former members stays, with their names.
pub(crate) fn remove_some(c: &Connection, resources: &[ResourceKey]) -> Result<usize> {
    let mut room = MOST_AT_ONCE as usize;
    for (done, resource) in resources.iter().enumerate() {
        if !remove(c, *resource, &mut room)? {
            return Ok(done);
        }
    }
    Ok(resources.len())
}

/// Removes one, as far as there is `room` for rows; false: there was not enough.
fn remove(c: &Connection, resource: ResourceKey, room: &mut usize) -> Result<bool> {
    let sql = "SELECT id, name FROM resources WHERE key = ?1 AND state = 'deleted'";
    let read = |row: &Row<'_>| row.try_into();
    let Some((id, name)) = fetch_optional::<(String, String)>(c, sql, [resource], read)? else { return Ok(true) };
    let sql = "UPDATE former_members SET resource = NULL, display = ifnull(display, ?3)
               WHERE key IN (SELECT key FROM former_members WHERE value = ?2 AND resource = ?1 LIMIT ?4)";
    let renamed = run(c, sql, params![resource, id, name, *room as i64])?;
    let sql = "DELETE FROM former_members WHERE key IN (SELECT key FROM former_members WHERE group_key = ?1 LIMIT ?2)";
    let left = run(c, sql, params![resource, room.saturating_sub(renamed) as i64])?;
    *room = room.saturating_sub(renamed + left);
    // The oldest first: what is left of it, if this is not all, reads as a history that was shortened.
    let sql = "DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE resource = ?1 ORDER BY seq LIMIT ?2) RETURNING seq";
    let gone: Vec<ChangeSeq> = fetch_all(c, sql, params![resource, *room as i64], |row| row.get(0))?;
    // Lists that have not read them do not know that it was deleted.
    gone.iter().max().map_or(Ok(()), |newest| note_trimmed(c, *newest))?;
    *room = room.saturating_sub(gone.len());
    if *room == 0 {
        return Ok(false);
    }
    // Who is forgotten does not come back under the id of before.
    let sql = "DELETE FROM deleted_users WHERE (directory, user_name_key, id) =
                 (SELECT directory, lookup_key, id FROM resources WHERE key = ?1)";
    execute(c, sql, [resource])?;
    execute(c, "DELETE FROM resources WHERE key = ?1", [resource])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::fetch_one;
    use crate::store::{Store, StoreError, listing};

    /// The group 1 with the member 2, by the change 2.
    const GROUP: &str = "
        INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
        INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
        INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
        VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);
        INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at, last_change)
        VALUES (2, 1, 'user', 'active', 'u', 'Ada', 'ada', 'ada', 'okta', 1, 0, 0, 1),
          (1, 1, 'group', 'active', 'g', 'Engineering', 'engineering', '', 'okta', 1, 0, 0, 2);
        INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor, members)
        VALUES (1, 1, 2, 0, 'created', 'Ada', '[]', 'okta', NULL),
          (2, 1, 1, 0, 'created', 'Engineering', '[]', 'okta', '{\"addedCount\":1,\"removedCount\":0,\"added\":[],\"removed\":[]}');
        INSERT INTO members (group_key, value, resource, came) VALUES (1, 'u', 2, 2);";

    /// The group is deleted by the change `seq`.
    fn deletion(seq: i64) -> String {
        format!(
            r#"DELETE FROM members;
               INSERT INTO former_members (group_key, value, resource, came, went) VALUES (1, 'u', 2, 2, {seq});
               UPDATE resources SET state = 'deleted', last_change = {seq} WHERE key = 1;
               INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor, members)
               VALUES ({seq}, 1, 1, 0, 'deleted', 'Engineering', '[]', 'okta', '{{"addedCount":0,"removedCount":1,"added":[],"removed":[]}}');"#
        )
    }

    fn store(folder: &std::path::Path) -> Store {
        let (store, _) = Store::open(folder).expect("a store");
        write(&store, GROUP.to_owned());
        listing::derive_some(&store).expect("the lists are derived");
        store
    }

    fn write(store: &Store, sql: String) {
        store.write(move |tx| Ok::<_, StoreError>(tx.execute_batch(&sql)?)).expect("it is written");
    }

    fn number(store: &Store, sql: &str) -> i64 {
        store.read_with_requests(|c| fetch_one(c, sql, [], |row| row.get(0))).expect("a number")
    }

    #[test]
    fn a_long_history_goes_in_several_writes_and_the_row_of_the_lists_after_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        write(
            &store,
            format!(
                "WITH RECURSIVE n (seq) AS (VALUES (3) UNION ALL SELECT seq + 1 FROM n WHERE seq < 230)
                 INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor)
                 SELECT seq, 1, 1, 0, 'updated', 'Engineering', '[]', 'okta' FROM n; {}",
                deletion(231)
            ),
        );
        while listing::derive_some(&store).expect("the lists are derived").seq < ChangeSeq(231) {}
        let retention = Retention { newest: 0, since: None };
        let excess = store.read(|c| excess(c, DirectoryKey(1), retention)).expect("they are read");
        assert_eq!(excess, [ResourceKey(1)], "who is there is never among them");
        let changes = "SELECT count(*) FROM changes WHERE resource = 1";
        let mut before = number(&store, changes);
        let mut writes = 1;
        while store.write(|tx| remove_some(tx, &[ResourceKey(1)])).expect("some is removed") == 0 {
            let left = number(&store, changes);
            assert!((1..=i64::from(MOST_AT_ONCE)).contains(&(before - left)), "{before} to {left}");
            (before, writes) = (left, writes + 1);
        }
        assert_eq!((writes, number(&store, changes)), (3, 0));
        assert_eq!(number(&store, "SELECT count(*) FROM resources"), 1, "the user is there");
        assert_eq!(number(&store, "SELECT count(*) FROM former_members"), 0);

        let gone = || store.read_with_requests(listing::without_resource).expect("they are read");
        assert_eq!(gone(), [ResourceKey(1)]);
        store.write_requests(|tx| listing::forget(tx, &[ResourceKey(1)])).expect("it is forgotten");
        assert_eq!((gone(), number(&store, "SELECT sum(deleted) FROM requests.listing_counts")), (vec![], 0));
    }

    #[test]
    fn lists_that_have_not_read_a_deletion_are_built_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        let groups = "SELECT size FROM requests.listing WHERE key = 2";
        assert_eq!(number(&store, groups), 1);
        write(&store, deletion(3));
        assert_eq!(store.write(|tx| remove_some(tx, &[ResourceKey(1)])).expect("it is removed"), 1);
        listing::derive_some(&store).expect("the lists are derived");
        assert_eq!(number(&store, groups), 0, "the group is gone");
        assert_eq!(number(&store, "SELECT count(*) FROM requests.listing"), 1);
    }

    #[test]
    fn the_oldest_are_found_by_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        let plan = crate::store::sql::plan(&store, EXCESS);
        assert!(plan.contains("COVERING INDEX resources_deleted (directory=?)") && !plan.contains("TEMP"), "{plan}");
    }
}
