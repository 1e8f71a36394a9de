//! Users and groups in the order in which they came, deleted ones included.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{fetch_all, fetch_optional, word};
use crate::model::{ChangeSeq, DirectoryKey, EnvironmentId, ResourceKey, ResourceKind, ResourceState};

/// Those behind `?3`, each part from its own index.
const AFTER: &str = "SELECT * FROM (
     SELECT key, id, state FROM resources INDEXED BY resources_in_order
     WHERE directory = ?1 AND kind = ?2 AND state <> 'deleted' AND key > ?3 ORDER BY key LIMIT ?4
   ) UNION ALL SELECT * FROM (
     SELECT key, id, state FROM resources INDEXED BY resources_deleted_by_key
     WHERE directory = ?1 AND kind = ?2 AND state = 'deleted' AND key > ?3 ORDER BY key LIMIT ?4
   ) ORDER BY key LIMIT ?4";

/// A user or group that there is or was.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) key: ResourceKey,
    pub(crate) id: String,
    pub(crate) state: ResourceState,
}

/// Those of a directory behind `after`.
pub(crate) fn after(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    after: ResourceKey,
    limit: u32,
) -> Result<Vec<Found>> {
    fetch_all(c, AFTER, params![directory, word(kind), after, limit], read_row)
}

/// The users behind `after` that are direct members of a group.
pub(crate) fn members_after(c: &Connection, group: ResourceKey, after: ResourceKey, limit: u32) -> Result<Vec<Found>> {
    let sql = "SELECT DISTINCT r.key, r.id, r.state FROM members m JOIN resources r ON r.key = m.resource
               WHERE m.group_key = ?1 AND m.resource > ?2 AND r.kind = 'user' ORDER BY r.key LIMIT ?3";
    fetch_all(c, sql, params![group, after, limit], read_row)
}

/// The one of a directory with this id.
pub(crate) fn find(c: &Connection, directory: DirectoryKey, kind: ResourceKind, id: &str) -> Result<Option<Found>> {
    let sql = "SELECT key, id, state FROM resources WHERE directory = ?1 AND id = ?2 AND kind = ?3";
    fetch_optional(c, sql, params![directory, id, word(kind)], read_row)
}

/// Up to which change something that happened in an environment is not kept any more; 0: all is.
pub(crate) fn gone_up_to(c: &Connection, environment: &EnvironmentId) -> Result<ChangeSeq> {
    let sql = "SELECT seq FROM events_gone WHERE environment_id = ?1";
    Ok(fetch_optional(c, sql, [environment], |row| row.get(0))?.unwrap_or_default())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found { key: row.get(0)?, id: row.get(1)?, state: row.get(2)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::sql::plan;

    #[test]
    fn a_page_reads_no_row_but_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let plan = plan(&store, AFTER);
        assert!(!plan.contains("SCAN resources"), "{plan}");
        for index in ["resources_in_order", "resources_deleted_by_key"] {
            assert!(plan.contains(&format!("{index} (directory=? AND kind=? AND rowid>?)")), "{plan}");
        }
    }
}
