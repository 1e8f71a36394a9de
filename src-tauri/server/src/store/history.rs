//! Letting go of changes that are many or old: tables `changes`, `versions` and `former_members`.
//!
//! Of each resource there stay its newest changes, without a gap, and of those before them the ones that more is built on: that it was created,
//! its last, by which it is what it is, and those by which members of a group came that are in it still.

use rusqlite::{Connection, params};

use super::Result;
use super::sql::{execute, fetch_all, fetch_optional};
use crate::clock::Millis;
use crate::model::{ChangeSeq, DirectoryKey, ResourceKey};

/// Changes that one write lets go of, so that nobody waits long behind it: each has a version, which may be long.
pub(super) const MOST_AT_ONCE: u32 = 100;

/// Which changes of a resource stay, or which of those that were deleted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    /// How many of the newest.
    pub(crate) newest: u32,
    /// Those from then on; `None`: whatever their age.
    pub(crate) since: Option<Millis>,
}

/// What of the change `c` of the resource `r` is never let go of.
const FREE: &str = "c.kind <> 'created' AND c.seq <> r.last_change
     AND NOT EXISTS (SELECT 1 FROM members m WHERE m.group_key = c.resource AND m.came = c.seq)";

/// The resources that have changed after `seq` and have more changes than `newest`.
pub(crate) fn with_more(c: &Connection, newest: u32, seq: ChangeSeq) -> Result<Vec<ResourceKey>> {
    // All of them are in an index; the others are few.
    let among = if seq > ChangeSeq(0) { "AND resource IN (SELECT resource FROM changes WHERE seq > ?2)" } else { "" };
    let sql = format!(
        "SELECT resource FROM changes WHERE ?2 >= 0 {among} GROUP BY resource HAVING count(*) > ?1 ORDER BY resource"
    );
    fetch_all(c, &sql, params![newest, seq], |row| row.get(0))
}

/// The resources of a directory that have changes from before `at` that need not stay.
pub(crate) fn with_older(c: &Connection, directory: DirectoryKey, at: Millis) -> Result<Vec<ResourceKey>> {
    let sql = format!(
        "SELECT DISTINCT c.resource FROM changes c JOIN resources r ON r.key = c.resource
         WHERE c.directory = ?1 AND c.at < ?2 AND {FREE}"
    );
    fetch_all(c, &sql, params![directory, at], |row| row.get(0))
}

/// Lets go of some changes of a resource, and returns whether there are more of them to go.
pub(crate) fn retain_some(c: &Connection, resource: ResourceKey, retention: Retention) -> Result<bool> {
    let Some(first) = first_kept(c, resource, retention)? else { return Ok(false) };
    let sql = format!(
        "DELETE FROM changes WHERE seq IN (
           SELECT c.seq FROM changes c JOIN resources r ON r.key = c.resource
           WHERE c.resource = ?1 AND c.seq < ?2 AND {FREE} ORDER BY c.seq LIMIT ?3)
         RETURNING seq, members IS NOT NULL"
    );
    let gone: Vec<(ChangeSeq, bool)> =
        fetch_all(c, &sql, params![resource, first, MOST_AT_ONCE], |row| row.try_into())?;
    // Who was a member only in between is in no list that can be asked for. Who was one when the group was created is.
    let sql = "DELETE FROM former_members WHERE key IN (
                 SELECT f.key FROM former_members f WHERE f.group_key = ?1 AND f.went < ?2
                   AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.seq = f.came AND c.kind = 'created')
                 ORDER BY f.went LIMIT ?3)
               RETURNING went";
    let left: Vec<ChangeSeq> = fetch_all(c, sql, params![resource, first, MOST_AT_ONCE], |row| row.get(0))?;
    // A later change, which stays, says what a user is; members are added up, one change after the other.
    let of_members = gone.iter().filter(|(_, is_of_members)| *is_of_members).map(|(seq, _)| *seq);
    if let Some(newest) = of_members.chain(left.iter().copied()).max() {
        note_trimmed(c, newest)?;
    }
    Ok(gone.len().max(left.len()) == MOST_AT_ONCE as usize)
}

/// Notes a change that was let go of: lists that have not read it are built anew.
pub(super) fn note_trimmed(c: &Connection, seq: ChangeSeq) -> Result<()> {
    let sql =
        "INSERT INTO trimmed_history (only, seq) VALUES (1, ?1) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)";
    execute(c, sql, [seq])
}

/// The newest change that was let go of and that lists would have had to add up.
pub(crate) fn trimmed(c: &Connection) -> Result<ChangeSeq> {
    let found = fetch_optional(c, "SELECT seq FROM trimmed_history", [], |row| row.get(0))?;
    Ok(found.unwrap_or(ChangeSeq(0)))
}

/// The first change of a resource that stays for itself.
fn first_kept(c: &Connection, resource: ResourceKey, retention: Retention) -> Result<Option<ChangeSeq>> {
    let last = "SELECT last_change FROM resources WHERE key = ?1";
    let Some(mut first) = fetch_optional(c, last, [resource], |row| row.get::<_, ChangeSeq>(0))? else {
        return Ok(None);
    };
    let newest = "SELECT seq FROM changes WHERE resource = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2";
    let newest = fetch_optional(c, newest, params![resource, retention.newest.saturating_sub(1)], |row| row.get(0))?;
    // There are no more than may stay.
    let newest = newest.unwrap_or(ChangeSeq(0));
    let young = match retention.since {
        None => ChangeSeq(0),
        Some(at) => {
            let young = "SELECT seq FROM changes WHERE resource = ?1 AND at >= ?2 ORDER BY seq LIMIT 1";
            fetch_optional(c, young, params![resource, at], |row| row.get(0))?.unwrap_or(ChangeSeq::MAX)
        }
    };
    first = first.min(newest.max(young));
    Ok((first > ChangeSeq(0)).then_some(first))
}

/// From which of its changes on all of a resource are there, with the version after each; `None`: none of them is missing.
pub(crate) fn gap(c: &Connection, resource: ResourceKey) -> Result<Option<ChangeSeq>> {
    // What is kept of one that was deleted has the version of before.
    let sql = "SELECT count(*) FROM changes WHERE resource = ?1 AND kind <> 'deleted'";
    let count: i64 = c.prepare_cached(sql)?.query_row([resource], |row| row.get(0))?;
    let version = "SELECT version FROM resources WHERE key = ?1";
    let version = fetch_optional(c, version, [resource], |row| row.get::<_, i64>(0))?.unwrap_or(0);
    if version <= count {
        return Ok(None);
    }
    let sql = "SELECT c.seq, v.version FROM changes c JOIN versions v ON v.seq = c.seq
               WHERE c.resource = ?1 AND c.kind <> 'deleted' ORDER BY c.seq DESC";
    let mut statement = c.prepare_cached(sql)?;
    let mut rows = statement.query([resource])?;
    let mut newer: Option<(ChangeSeq, i64)> = None;
    while let Some(row) = rows.next()? {
        let (seq, version) = (row.get(0)?, row.get(1)?);
        if let Some((next, after)) = newer
            && version + 1 < after
        {
            return Ok(Some(next));
        }
        newer = Some((seq, version));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, StoreError, listing};

    const GROUP: &str = "
        INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
        INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
        INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
        VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);
        INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at, last_change)
        VALUES (1, 1, 'group', 'active', 'g', 'Engineering', 'engineering', '', 'okta', 1, 0, 0, 1);
        INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor)
        VALUES (1, 1, 1, 0, 'created', 'Engineering', '[]', 'okta');";

    /// A member comes or leaves, by the change `seq`.
    fn moved(seq: i64, is_arrival: bool) -> String {
        let (came, left) = if is_arrival { (1, 0) } else { (0, 1) };
        let members = match is_arrival {
            true => format!("INSERT INTO members (group_key, value, came) VALUES (1, 'm{seq}', {seq});"),
            false => "DELETE FROM members WHERE key = (SELECT min(key) FROM members);".to_owned(),
        };
        format!(
            r#"{members} UPDATE resources SET last_change = {seq};
               INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, members, actor)
               VALUES ({seq}, 1, 1, {seq}, 'membersChanged', 'Engineering', '[]',
                 '{{"addedCount":{came},"removedCount":{left},"added":[],"removed":[]}}', 'okta');"#
        )
    }

    fn write(store: &Store, sql: String) {
        store.write(move |tx| Ok::<_, StoreError>(tx.execute_batch(&sql)?)).expect("it is written");
    }

    /// How many members the lists show, and how many there are.
    fn sizes(store: &Store) -> (i64, i64) {
        listing::derive_some(store).expect("the lists are derived");
        let sql = "SELECT size, (SELECT count(*) FROM members) FROM requests.listing WHERE key = 1";
        store
            .read_with_requests(|c| fetch_optional(c, sql, [], |row| row.try_into()))
            .map(|found| found.expect("a row"))
            .expect("sizes")
    }

    #[test]
    fn lists_that_are_behind_what_was_let_go_of_are_built_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        write(&store, format!("{GROUP}{}{}{}", moved(2, true), moved(3, true), moved(4, true)));
        assert_eq!(sizes(&store), (3, 3));
        // Two leave and one comes while nobody derives the lists, and only the newest change stays.
        write(&store, format!("{}{}{}", moved(5, false), moved(6, false), moved(7, true)));
        let retention = Retention { newest: 1, since: None };
        store.write(move |tx| retain_some(tx, ResourceKey(1), retention)).expect("it is shortened");
        let left = "SELECT count(*) FROM changes WHERE seq IN (5, 6)";
        let left: i64 = store.read(|c| crate::store::sql::fetch_one(c, left, [], |row| row.get(0))).expect("a number");
        assert_eq!(left, 0, "the lists have not read them");
        assert_eq!(sizes(&store), (2, 2));
    }
}
