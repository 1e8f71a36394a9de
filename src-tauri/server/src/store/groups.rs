//! Which groups something is in: tables `members` and `former_members`, from the member's side.

use rusqlite::{Connection, params};

use super::Result;
use super::resources::read_ref;
use super::sql::{fetch_all, fetch_one};
use crate::model::{ChangeSeq, DirectoryKey, ResourceKey, ResourceRef};

/// The keys and names of the groups of a directory that have `id` as a direct member, by name.
pub(crate) fn of_member(c: &Connection, directory: DirectoryKey, id: &str) -> Result<Vec<(ResourceKey, ResourceRef)>> {
    let sql = "SELECT g.id, g.kind, g.name, g.key FROM members m JOIN resources g ON g.key = m.group_key
               WHERE m.value = ?2 AND g.directory = ?1 ORDER BY g.lookup_key, g.key";
    fetch_all(c, sql, params![directory, id], |row| Ok((row.get(3)?, read_ref(row)?)))
}

/// The groups that `id` was a direct member of after the change `seq`, by name, at most `limit`, and how many there were.
pub(crate) fn of_member_after(
    c: &Connection,
    directory: DirectoryKey,
    id: &str,
    seq: ChangeSeq,
    limit: u32,
) -> Result<(Vec<ResourceRef>, u64)> {
    const AFTER: &str = "SELECT g.key FROM members m JOIN resources g ON g.key = m.group_key
           WHERE m.value = ?2 AND g.directory = ?1 AND m.came <= ?3
         UNION ALL
         SELECT g.key FROM former_members f JOIN resources g ON g.key = f.group_key
           WHERE f.value = ?2 AND g.directory = ?1 AND f.came <= ?3 AND f.went > ?3";
    let count =
        fetch_one(c, &format!("SELECT count(*) FROM ({AFTER})"), params![directory, id, seq], |row| row.get(0))?;
    let sql = format!("SELECT id, kind, name FROM resources WHERE key IN ({AFTER}) ORDER BY lookup_key, key LIMIT ?4");
    Ok((fetch_all(c, &sql, params![directory, id, seq, limit], read_ref)?, count))
}

// In these two, `CROSS JOIN` has SQLite begin with the few ids: a group of everybody is never read as a whole.
const OF_MEMBERS: &str =
    "SELECT g.id, g.kind, g.name, m.value FROM json_each(?2) i CROSS JOIN members m ON m.value = i.value
     CROSS JOIN resources g ON g.key = m.group_key WHERE g.directory = ?1 ORDER BY g.lookup_key, g.key";
const ABOVE: &str = "WITH RECURSIVE above (member, key, id) AS (
       SELECT m.value, g.key, g.id FROM json_each(?2) i CROSS JOIN members m ON m.value = i.value
         CROSS JOIN resources g ON g.key = m.group_key WHERE g.directory = ?1
       UNION
       SELECT a.member, g.key, g.id FROM above a CROSS JOIN members m ON m.value = a.id
         CROSS JOIN resources g ON g.key = m.group_key AND g.directory = ?1
     )
     SELECT g.id, g.kind, g.name, a.member FROM above a CROSS JOIN resources g ON g.key = a.key ORDER BY g.lookup_key, g.key";

/// The groups of a directory that any of `ids` is a direct member of, each with the member's id, by name.
pub(crate) fn of_members(c: &Connection, directory: DirectoryKey, ids: &[&str]) -> Result<Vec<(String, ResourceRef)>> {
    match ids {
        [id] => Ok(of_member(c, directory, id)?.into_iter().map(|(_, group)| ((*id).to_owned(), group)).collect()),
        _ => with_members(c, OF_MEMBERS, directory, ids),
    }
}

/// Whether anything has `id` as a direct member.
pub(crate) fn is_member(c: &Connection, id: &str) -> Result<bool> {
    fetch_one(c, "SELECT EXISTS (SELECT 1 FROM members WHERE value = ?1)", [id], |row| row.get(0))
}

/// The groups that contain any of the groups `ids`, at whatever depth, each with the id of that group, by name. Groups that contain each
/// other end the walk, they do not prolong it.
pub(crate) fn above(c: &Connection, directory: DirectoryKey, ids: &[&str]) -> Result<Vec<(String, ResourceRef)>> {
    with_members(c, ABOVE, directory, ids)
}

fn with_members(
    c: &Connection,
    sql: &str,
    directory: DirectoryKey,
    ids: &[&str],
) -> Result<Vec<(String, ResourceRef)>> {
    let values = params![directory, serde_json::to_string(ids)?];
    fetch_all(c, sql, values, |row| Ok((row.get(3)?, read_ref(row)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, sql};

    #[test]
    fn no_group_is_read_as_a_whole_to_learn_who_is_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        for query in [OF_MEMBERS, ABOVE] {
            let plan = sql::plan(&store, query);
            let lines = plan.split("; ").filter(|line| line.contains(" m ") || line.contains(" g "));
            for line in lines {
                assert!(
                    line.contains("members_by_value (value=?)") || line.contains("INTEGER PRIMARY KEY"),
                    "{line} of {plan}"
                );
            }
        }
    }
}
