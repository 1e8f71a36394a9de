//! Tables `resources` and `resource_emails`: the users and groups that there are or were. The body of each is that of its last change, in
//! `versions`.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Params, Row, params, params_from_iter};
use scim::{Resource, comparison_key};

use super::Result;
use super::sql::{self, Json, Kind, clamp, execute, fetch_all, fetch_one, fetch_optional};
use crate::clock::Millis;
use crate::model::{Actor, ChangeSeq, DirectoryKey, ResourceKey, ResourceKind, ResourceRef, ResourceState};

/// A stored user or group, without its members, as it is changed.
#[derive(Clone, Debug)]
pub(crate) struct ResourceRecord {
    /// 0 before it is inserted.
    pub(crate) key: ResourceKey,
    pub(crate) kind: ResourceKind,
    pub(crate) id: String,
    /// What a person is shown; of a group its `displayName`.
    pub(crate) name: String,
    /// Empty for groups.
    pub(crate) user_name: String,
    pub(crate) external_id: Option<String>,
    /// Groups are.
    pub(crate) active: bool,
    /// The resource without `id`, `meta`, `groups` and `members`.
    pub(crate) body: Resource,
    pub(crate) version: i64,
    pub(crate) source: Actor,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
    /// Of its own.
    pub(crate) last_change: ChangeSeq,
}

/// The same as it is shown: with its body as the JSON text that it is.
#[derive(Clone, Debug)]
pub(crate) struct StoredResource {
    pub(crate) key: ResourceKey,
    pub(crate) kind: ResourceKind,
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
    pub(crate) body: String,
}

/// What is read of a resource and its newest version.
pub(crate) trait Stored: Sized {
    /// Of the tables `r` and `v`.
    const COLUMNS: &str;

    /// Reads them.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;
}

impl Stored for ResourceRecord {
    const COLUMNS: &str =
        "r.key, r.kind, r.id, r.name, r.user_name, r.external_id, r.state, v.body, r.version, r.source, r.created_at,
         r.modified_at, r.last_change";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            kind: row.get::<_, Kind>(1)?.0,
            id: row.get(2)?,
            name: row.get(3)?,
            user_name: row.get(4)?,
            external_id: row.get(5)?,
            active: row.get::<_, ResourceState>(6)? == ResourceState::Active,
            body: row.get::<_, Json<_>>(7)?.0,
            version: row.get(8)?,
            source: row.get(9)?,
            created_at: row.get(10)?,
            modified_at: row.get(11)?,
            last_change: row.get(12)?,
        })
    }
}

impl Stored for StoredResource {
    const COLUMNS: &str = "r.key, r.kind, r.id, r.version, r.created_at, r.modified_at, v.body";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (key, Kind(kind), id, version, created_at, modified_at, body) = row.try_into()?;
        Ok(Self { key, kind, id, version, created_at, modified_at, body })
    }
}

/// A resource that is there, as a reference to it is read.
#[derive(Clone, Debug)]
pub(crate) struct KnownResource {
    pub(crate) key: ResourceKey,
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
}

/// What an index finds resources of a kind by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Term {
    Id(String),
    /// The comparison key of a `userName` of users, a `displayName` of groups.
    Name(String),
    ExternalId(String),
    /// Users with an email address of this comparison key, and the one whose `userName` it is.
    Email(String),
    Active(bool),
    ModifiedFrom(Millis),
    ModifiedUntil(Millis),
    /// Groups with this direct member.
    Member(String),
}

impl Term {
    /// Whether it is met by a few resources at the most.
    pub(crate) fn is_narrow(&self) -> bool {
        matches!(self, Self::Id(_) | Self::Name(_) | Self::ExternalId(_) | Self::Email(_))
    }

    /// The index that finds what meets it, as SQLite is told to use it, and how much that is as a rule, compared with the others.
    fn index(&self, kind: ResourceKind) -> (u8, &'static str) {
        match self {
            // The key of the table.
            Self::Id(_) => (0, ""),
            Self::Name(_) => match kind {
                ResourceKind::User => (1, "INDEXED BY resources_users_by_name"),
                ResourceKind::Group => (1, "INDEXED BY resources_groups_by_name"),
            },
            Self::ExternalId(_) => (2, "INDEXED BY resources_by_external_id"),
            // Found by keys.
            Self::Email(_) => (3, "NOT INDEXED"),
            Self::Member(_) => (4, "NOT INDEXED"),
            Self::ModifiedFrom(_) => (5, "NOT INDEXED"),
            Self::Active(false) => (6, "INDEXED BY resources_deactivated"),
            Self::Active(true) | Self::ModifiedUntil(_) => (7, IN_ORDER),
        }
    }
}

/// The index that finds all resources of a kind, in the order in which they were created.
const IN_ORDER: &str = "INDEXED BY resources_in_order";

impl ResourceRecord {
    /// What look-ups compare.
    fn lookup_key(&self) -> String {
        match self.kind {
            ResourceKind::User => comparison_key(&self.user_name),
            ResourceKind::Group => comparison_key(&self.name),
        }
    }

    fn state(&self) -> ResourceState {
        if self.active { ResourceState::Active } else { ResourceState::Deactivated }
    }
}

/// Stores a resource that is new, or comes back under the `id` that it had, and sets its `key`. Its body is stored with its change, which
/// comes after: see [`super::versions`].
pub(crate) fn insert(c: &Connection, directory: DirectoryKey, record: &mut ResourceRecord) -> Result<()> {
    let sql = "INSERT INTO resources (directory, kind, state, id, name, lookup_key, user_name, external_id, source, version, created_at,
               modified_at, last_change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
               ON CONFLICT (directory, id) DO UPDATE SET state = excluded.state, name = excluded.name, lookup_key = excluded.lookup_key,
               user_name = excluded.user_name, external_id = excluded.external_id, source = excluded.source, version = excluded.version,
               created_at = excluded.created_at, modified_at = excluded.modified_at, last_change = excluded.last_change
               RETURNING key";
    let values = params![
        directory,
        sql::word(record.kind),
        record.state(),
        record.id,
        record.name,
        record.lookup_key(),
        record.user_name,
        record.external_id,
        record.source,
        record.version,
        record.created_at,
        record.modified_at,
        record.last_change,
    ];
    record.key = fetch_one(c, sql, values, |row| row.get(0))?;
    each_email(c, INDEX_EMAIL, directory, record.key, &emails(record))
}

/// Stores what a resource has become.
pub(crate) fn update(
    c: &Connection,
    directory: DirectoryKey,
    before: &ResourceRecord,
    after: &ResourceRecord,
) -> Result<()> {
    let sql = "UPDATE resources SET version = ?2, modified_at = ?3, last_change = ?4 WHERE key = ?1";
    execute(c, sql, params![after.key, after.version, after.modified_at, after.last_change])?;
    // Apart, because SQLite writes each index anew whose columns are named, even with what they were.
    let indexed = |record: &ResourceRecord| (record.state(), record.lookup_key(), record.external_id.clone());
    if indexed(before) != indexed(after) || (&before.name, &before.user_name) != (&after.name, &after.user_name) {
        let sql = "UPDATE resources SET state = ?2, name = ?3, lookup_key = ?4, user_name = ?5, external_id = ?6 WHERE key = ?1";
        let (state, lookup_key) = (after.state(), after.lookup_key());
        execute(c, sql, params![after.key, state, after.name, lookup_key, after.user_name, after.external_id])?;
    }
    let (old, new) = (emails(before), emails(after));
    if old != new {
        each_email(c, FORGET_EMAIL, directory, before.key, &old)?;
        each_email(c, INDEX_EMAIL, directory, after.key, &new)?;
    }
    Ok(())
}

/// Notes that a resource is gone by the change `seq`. Its history stays.
pub(crate) fn delete(c: &Connection, directory: DirectoryKey, record: &ResourceRecord, seq: ChangeSeq) -> Result<()> {
    let sql = "UPDATE resources SET state = ?2, last_change = ?3 WHERE key = ?1";
    execute(c, sql, params![record.key, ResourceState::Deleted, seq])?;
    each_email(c, FORGET_EMAIL, directory, record.key, &emails(record))
}

/// The resource of a directory with this `id`, if it is there.
pub(crate) fn by_id<R: Stored>(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    id: &str,
) -> Result<Option<R>> {
    find(c, "r.directory = ?1 AND r.id = ?2 AND r.kind = ?3", params![directory, id, sql::word(kind)])
}

/// The resource with this key, if it is there.
pub(crate) fn by_key<R: Stored>(c: &Connection, key: ResourceKey) -> Result<Option<R>> {
    find(c, "r.key = ?1", [key])
}

/// The user with this `userName`, whatever its letter case.
pub(crate) fn by_user_name(c: &Connection, directory: DirectoryKey, user_name: &str) -> Result<Option<ResourceRecord>> {
    find(c, "r.directory = ?1 AND r.lookup_key = ?2 AND r.kind = 'user'", params![directory, comparison_key(user_name)])
}

/// The one that meets a condition, if it is there.
fn find<R: Stored>(c: &Connection, condition: &str, values: impl Params) -> Result<Option<R>> {
    let sql = format!(
        "SELECT {} FROM resources r JOIN versions v ON v.seq = r.last_change WHERE {condition} AND r.state <> 'deleted'",
        R::COLUMNS
    );
    fetch_optional(c, &sql, values, R::read)
}

/// The id of another group with this name, whatever the letter case. `except` is a key; 0 for none.
pub(crate) fn id_of_group(
    c: &Connection,
    directory: DirectoryKey,
    display_name: &str,
    except: ResourceKey,
) -> Result<Option<String>> {
    let sql = "SELECT id FROM resources WHERE directory = ?1 AND lookup_key = ?2 AND kind = 'group' AND state <> 'deleted' AND key <> ?3
               LIMIT 1";
    fetch_optional(c, sql, params![directory, comparison_key(display_name), except], |row| row.get(0))
}

/// The id of another resource of a kind with this `externalId`. `except` is a key; 0 for none.
pub(crate) fn id_by_external_id(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    external_id: &str,
    except: ResourceKey,
) -> Result<Option<String>> {
    let sql = "SELECT id FROM resources WHERE directory = ?1 AND external_id = ?2 AND state <> 'deleted' AND kind = ?3 AND key <> ?4 LIMIT 1";
    let values = params![directory, external_id, sql::word(kind), except];
    fetch_optional(c, sql, values, |row| row.get(0))
}

/// Whether a user of this `userName`, or a group of this name, is there.
pub(crate) fn is_taken(c: &Connection, directory: DirectoryKey, kind: ResourceKind, name: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM resources WHERE directory = ?1 AND lookup_key = ?2 AND kind = ?3 AND state <> 'deleted')";
    fetch_one(c, sql, params![directory, comparison_key(name), sql::word(kind)], |row| row.get(0))
}

/// Whether `?2` created it and nobody else has changed it since: what an identity provider has found and writes to is its own by then.
const MADE_BY: &str =
    "source = ?2 AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.resource = resources.key AND c.actor <> ?2)";

/// Ids and names of those that somebody alone made: `Simulator`.
pub(crate) fn made_by(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    maker: &Actor,
) -> Result<Vec<(String, String)>> {
    let sql = format!(
        "SELECT id, iif(kind = 'user', user_name, name) FROM resources
         WHERE directory = ?1 AND {MADE_BY} AND kind = ?3 AND state <> 'deleted' ORDER BY key"
    );
    fetch_all(c, &sql, params![directory, maker, sql::word(kind)], |row| row.try_into())
}

/// How many users and groups are there that somebody has not made alone.
pub(crate) fn count_not_made_by(c: &Connection, directory: DirectoryKey, maker: &Actor) -> Result<(u64, u64)> {
    let sql = format!(
        "SELECT ifnull(sum(kind = 'user'), 0), ifnull(sum(kind = 'group'), 0) FROM resources
         WHERE directory = ?1 AND NOT ({MADE_BY}) AND state <> 'deleted'"
    );
    fetch_one(c, &sql, params![directory, maker], |row| row.try_into())
}

/// What an id stands for in a directory, if it is there.
pub(crate) fn resolve(c: &Connection, directory: DirectoryKey, id: &str) -> Result<Option<KnownResource>> {
    let sql = "SELECT key, kind, name FROM resources WHERE directory = ?1 AND id = ?2 AND state <> 'deleted'";
    fetch_optional(c, sql, params![directory, id], |row| {
        let (key, Kind(kind), name) = row.try_into()?;
        Ok(KnownResource { key, kind, name })
    })
}

/// The key of a resource that is or was there.
pub(crate) fn key(c: &Connection, directory: DirectoryKey, id: &str) -> Result<Option<ResourceKey>> {
    let sql = "SELECT key FROM resources WHERE directory = ?1 AND id = ?2";
    fetch_optional(c, sql, params![directory, id], |row| row.get(0))
}

/// The user who came with the `userName` of this deleted one later.
pub(crate) fn successor(c: &Connection, directory: DirectoryKey, id: &str) -> Result<Option<ResourceRef>> {
    let sql = "SELECT n.id, n.kind, n.name FROM resources o JOIN resources n ON n.directory = o.directory AND n.lookup_key = o.lookup_key
                 AND n.kind = 'user' AND n.state <> 'deleted'
               WHERE o.directory = ?1 AND o.id = ?2 AND o.kind = 'user' AND o.state = 'deleted' AND o.lookup_key <> ''";
    fetch_optional(c, sql, params![directory, id], read_ref)
}

/// How many resources of a kind are there. Reads an index from end to end: see [`super::progress`].
pub(super) fn count(c: &Connection, directory: DirectoryKey, kind: ResourceKind) -> Result<u64> {
    let sql = "SELECT count(*) FROM resources WHERE directory = ?1 AND kind = ?2 AND state <> 'deleted'";
    fetch_one(c, sql, params![directory, sql::word(kind)], |row| row.get(0))
}

/// A window of the resources of a kind whose keys are greater than `after`, in the order in which they were created.
pub(super) fn page(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    after: ResourceKey,
    offset: u64,
    limit: u64,
) -> Result<Vec<StoredResource>> {
    // The keys first: what is skipped is counted in the index, and no row of it is read.
    let sql = format!(
        "SELECT {} FROM (SELECT key FROM resources {IN_ORDER}
           WHERE directory = ?1 AND kind = ?2 AND state <> 'deleted' AND key > ?5 ORDER BY key LIMIT ?3 OFFSET ?4) w
         JOIN resources r ON r.key = w.key JOIN versions v ON v.seq = r.last_change ORDER BY r.key",
        StoredResource::COLUMNS
    );
    fetch_all(c, &sql, params![directory, sql::word(kind), clamp(limit), clamp(offset), after], StoredResource::read)
}

/// Calls `visit` with each resource of a kind that meets all `terms`, in the order in which they were created, until it fails.
pub(crate) fn each(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    terms: &[Term],
    mut visit: impl FnMut(StoredResource) -> Result<()>,
) -> Result<()> {
    let (sql, values) = select(directory, kind, terms);
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), StoredResource::read)?;
    for row in rows {
        visit(row?)?;
    }
    Ok(())
}

/// The query for resources of a kind that meet all `terms`, and its values.
fn select(directory: DirectoryKey, kind: ResourceKind, terms: &[Term]) -> (String, Vec<SqlValue>) {
    // A word of the text, so that an index of a part of the rows is known to serve. So is `deactivated`.
    let kind_word = sql::word(kind);
    // SQLite is told which index to begin with: it knows nothing of the values, and takes the order of the result for what costs most.
    let (_, index) = terms.iter().map(|term| term.index(kind)).min().unwrap_or((u8::MAX, IN_ORDER));
    let mut sql = format!(
        "SELECT {} FROM resources r {index} CROSS JOIN versions v ON v.seq = r.last_change
         WHERE r.directory = ? AND r.state <> 'deleted' AND r.kind = '{kind_word}'",
        StoredResource::COLUMNS
    );
    let mut values = vec![SqlValue::from(directory)];
    for term in terms {
        let (condition, own): (_, Vec<SqlValue>) = match term {
            Term::Id(id) => ("r.id = ?", vec![id.clone().into()]),
            Term::Name(name) => ("r.lookup_key = ?", vec![name.clone().into()]),
            Term::ExternalId(id) => ("r.external_id = ?", vec![id.clone().into()]),
            Term::Email(value) => (
                "r.key IN (SELECT resource FROM resource_emails WHERE directory = ? AND value_key = ?
                   UNION ALL SELECT key FROM resources WHERE directory = ? AND lookup_key = ? AND kind = 'user' AND state <> 'deleted')",
                vec![directory.into(), value.clone().into(), directory.into(), value.clone().into()],
            ),
            Term::Active(true) => ("r.state = 'active'", Vec::new()),
            Term::Active(false) => ("r.state = 'deactivated'", Vec::new()),
            Term::ModifiedFrom(at) => (
                "r.key IN (SELECT resource FROM changes WHERE directory = ? AND at >= ?)",
                vec![directory.into(), (*at).into()],
            ),
            Term::ModifiedUntil(at) => ("r.modified_at <= ?", vec![(*at).into()]),
            Term::Member(id) => ("r.key IN (SELECT group_key FROM members WHERE value = ?)", vec![id.clone().into()]),
        };
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.extend(own);
    }
    sql.push_str(" ORDER BY r.key");
    (sql, values)
}

/// The email addresses of a resource, by their comparison keys, without the one that it is looked up by: the index of names has that.
fn emails(record: &ResourceRecord) -> Vec<String> {
    let emails = record.body.get("emails").and_then(|emails| emails.as_array()).map(Vec::as_slice).unwrap_or_default();
    let emails = emails.iter().filter_map(|email| email.get("value")?.as_str().map(comparison_key));
    let lookup_key = record.lookup_key();
    emails.filter(|email| *email != lookup_key).collect()
}

/// A reference from a row of id, kind and name.
pub(super) fn read_ref(row: &Row<'_>) -> rusqlite::Result<ResourceRef> {
    let (id, Kind(kind), name) = row.try_into()?;
    Ok(ResourceRef { id, kind: Some(kind), name })
}

const INDEX_EMAIL: &str = "INSERT OR IGNORE INTO resource_emails (directory, value_key, resource) VALUES (?1, ?2, ?3)";
const FORGET_EMAIL: &str = "DELETE FROM resource_emails WHERE directory = ?1 AND value_key = ?2 AND resource = ?3";

/// Runs one of these for each address.
fn each_email(c: &Connection, sql: &str, directory: DirectoryKey, key: ResourceKey, emails: &[String]) -> Result<()> {
    let mut statement = c.prepare_cached(sql)?;
    for value in emails {
        statement.execute(params![directory, value, key])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::sql::plan;

    #[test]
    fn each_term_is_found_by_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let text = || "x".to_owned();
        for (kind, term, index) in [
            (ResourceKind::User, Term::Id(text()), "sqlite_autoindex_resources_1 (directory=? AND id=?)"),
            (ResourceKind::User, Term::Name(text()), "resources_users_by_name (directory=? AND lookup_key=?)"),
            (ResourceKind::Group, Term::Name(text()), "resources_groups_by_name (directory=? AND lookup_key=?)"),
            (ResourceKind::User, Term::ExternalId(text()), "resources_by_external_id (directory=? AND external_id=?)"),
            (
                ResourceKind::User,
                Term::Email(text()),
                "resource_emails USING PRIMARY KEY (directory=? AND value_key=?)",
            ),
            (ResourceKind::User, Term::Email(text()), "resources_users_by_name (directory=? AND lookup_key=?)"),
            (ResourceKind::Group, Term::Member(text()), "members_by_value (value=?)"),
            (ResourceKind::User, Term::ModifiedFrom(1), "changes_by_time (directory=? AND at>?)"),
            (ResourceKind::User, Term::Active(false), "resources_deactivated (directory=?)"),
            (ResourceKind::User, Term::Active(true), "resources_in_order (directory=? AND kind=?)"),
            (ResourceKind::User, Term::ModifiedUntil(1), "resources_in_order (directory=? AND kind=?)"),
        ] {
            // The first of a few decides; the others are looked at.
            for terms in [vec![term.clone()], vec![Term::ModifiedUntil(9), term.clone(), Term::Active(true)]] {
                let plan = plan(&store, &select(DirectoryKey(1), kind, &terms).0);
                assert!(plan.contains(index) && !plan.contains("SCAN"), "{terms:?}: {plan}");
            }
        }
    }
}
