//! Tables `members` and `former_members`: who is in a group, and who was. One more member costs one row, however large the group is.

mod windows;

use rusqlite::{Connection, Row, params};
use scim::Member;

use super::Result;
use super::changes::read_moved;
use super::resources::KnownResource;
use super::sql::{Kind, execute, fetch_all, fetch_one, fetch_optional, run};
use crate::facts::shown;
use crate::model::{ChangeSeq, DirectoryKey, Moved, ResourceKey, ResourceKind, ResourceRef};

pub(crate) use windows::{MemberListing, MemberOrder, Time, list, moved_by};

/// A member as an identity provider reads it, with what it is here.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub(crate) value: String,
    pub(crate) display: Option<String>,
    /// As it was sent.
    pub(crate) sent_kind: Option<String>,
    /// `None`: nothing here has this id.
    pub(crate) kind: Option<ResourceKind>,
    pub(crate) name: Option<String>,
}

/// A member's time in a group, at its end.
#[derive(Clone, Debug)]
pub(crate) struct FormerMembership {
    value: String,
    display: Option<String>,
    kind: Option<String>,
    /// The key of what it was here; `None`: nobody here knew it.
    resource: Option<ResourceKey>,
    /// The change that it came by.
    pub(crate) came: ChangeSeq,
}

impl FormerMembership {
    /// What is shown of the member: its `display`, else `name`, that of what it is here.
    pub(crate) fn shown_name<'m>(&'m self, name: Option<&'m str>) -> Option<&'m str> {
        self.display.as_deref().or(name)
    }

    /// Its type, as it was sent.
    pub(crate) fn sent_kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }
}

impl MemberRow {
    /// One that has just been added.
    pub(crate) fn new(member: &Member, known: Option<&KnownResource>) -> Self {
        Self {
            value: member.value.clone(),
            display: member.display.clone(),
            sent_kind: member.kind.clone(),
            kind: known.map(|known| known.kind),
            name: known.map(|known| known.name.clone()),
        }
    }

    /// The `display` that a read shows: as it was sent, else the name of what it is here.
    pub(crate) fn shown_name(&self) -> Option<&str> {
        self.display.as_deref().or(self.name.as_deref())
    }

    pub(crate) fn to_ref(&self) -> ResourceRef {
        let name = self.name.clone().or_else(|| self.display.clone()).unwrap_or_else(|| self.value.clone());
        ResourceRef { id: self.value.clone(), kind: self.kind, name: shown(&name) }
    }
}

/// The members of a group in the order in which they came.
pub(crate) fn all(c: &Connection, group: ResourceKey) -> Result<Vec<MemberRow>> {
    let sql =
        "SELECT m.value, m.display, m.kind, k.kind, k.name FROM members m LEFT JOIN resources k ON k.key = m.resource
               WHERE m.group_key = ?1 ORDER BY m.came, m.key";
    fetch_all(c, sql, [group], read_row)
}

/// The member of a group that has this id.
pub(crate) fn by_id(c: &Connection, group: ResourceKey, id: &str) -> Result<Option<MemberRow>> {
    let sql =
        "SELECT m.value, m.display, m.kind, k.kind, k.name FROM members m LEFT JOIN resources k ON k.key = m.resource
               WHERE m.group_key = ?1 AND m.value = ?2";
    fetch_optional(c, sql, params![group, id], read_row)
}

/// The members that a group had after the change `seq`, in the order in which they came.
pub(crate) fn all_after(c: &Connection, group: ResourceKey, seq: ChangeSeq) -> Result<Vec<MemberRow>> {
    let sql = "SELECT m.value, m.display, m.kind, k.kind, k.name FROM (
           SELECT value, display, kind, resource, came, key FROM members WHERE group_key = ?1 AND came <= ?2
           UNION ALL
           SELECT value, display, kind, resource, came, key FROM former_members WHERE group_key = ?1 AND came <= ?2 AND went > ?2
         ) m LEFT JOIN resources k ON k.key = m.resource ORDER BY m.came, m.key";
    fetch_all(c, sql, params![group, seq], read_row)
}

/// The first few members of a group, for a glance.
pub(crate) fn first(c: &Connection, group: ResourceKey, limit: u32) -> Result<Vec<ResourceRef>> {
    let sql =
        "SELECT m.value, m.display, m.kind, k.kind, k.name FROM members m LEFT JOIN resources k ON k.key = m.resource
               WHERE m.group_key = ?1 ORDER BY m.came, m.key LIMIT ?2";
    fetch_all(c, sql, params![group, limit], |row| Ok(read_row(row)?.to_ref()))
}

/// What members of a group are called in their directory, by `userName` or `displayName`, in the order in which they came; of one that nobody
/// here knows, its id.
pub(crate) fn names(c: &Connection, group: ResourceKey) -> Result<Vec<(ResourceKind, String)>> {
    let sql = "SELECT k.kind, CASE k.kind WHEN 'user' THEN k.user_name WHEN 'group' THEN k.name ELSE m.value END
               FROM members m LEFT JOIN resources k ON k.key = m.resource WHERE m.group_key = ?1 ORDER BY m.came, m.key";
    fetch_all(c, sql, [group], |row| {
        let (kind, name): (Option<Kind>, _) = row.try_into()?;
        Ok((kind.map_or(ResourceKind::User, |Kind(kind)| kind), name))
    })
}

/// The ids of all members.
pub(crate) fn ids(c: &Connection, group: ResourceKey) -> Result<Vec<String>> {
    fetch_all(c, "SELECT value FROM members WHERE group_key = ?1 ORDER BY key", [group], |row| row.get(0))
}

/// Adds a member by the change `came`; false if it was one already. `resource` is the key of what it is here.
pub(crate) fn add(
    c: &Connection,
    group: ResourceKey,
    member: &Member,
    resource: Option<ResourceKey>,
    came: ChangeSeq,
) -> Result<bool> {
    let sql = "INSERT INTO members (group_key, value, display, kind, resource, came) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT DO NOTHING";
    let values = params![group, member.value, member.display, member.kind, resource, came];
    Ok(run(c, sql, values)? > 0)
}

/// Removes a member; `None` if it was not one.
pub(crate) fn remove(c: &Connection, group: ResourceKey, id: &str) -> Result<Option<FormerMembership>> {
    let sql = "DELETE FROM members WHERE group_key = ?1 AND value = ?2 RETURNING value, display, kind, resource, came";
    let read = |row: &Row<'_>| {
        let (value, display, kind, resource, came) = row.try_into()?;
        Ok(FormerMembership { value, display, kind, resource, came })
    };
    fetch_optional(c, sql, params![group, id], read)
}

/// Keeps who was in a group and left it by the change `went`.
pub(crate) fn remember(c: &Connection, group: ResourceKey, stay: &FormerMembership, went: ChangeSeq) -> Result<()> {
    let FormerMembership { value, display, kind, resource, came } = stay;
    let sql = "INSERT INTO former_members (group_key, resource, value, display, kind, came, went) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    execute(c, sql, params![group, resource, value, display, kind, came, went])
}

/// How many members of a group nobody here knows.
pub(crate) fn count_unknown(c: &Connection, group: ResourceKey) -> Result<u64> {
    let sql = "SELECT count(*) FROM members WHERE group_key = ?1 AND resource IS NULL";
    fetch_one(c, sql, [group], |row| row.get(0))
}

/// The keys of the known resources that came to a group, or left it, by the change `seq`.
pub(super) fn moved(c: &Connection, group: ResourceKey, seq: ChangeSeq) -> Result<Vec<(ResourceKey, Moved)>> {
    let sql = "SELECT resource, 1 FROM members WHERE group_key = ?1 AND came = ?2 AND resource IS NOT NULL
         UNION ALL SELECT resource, 1 FROM former_members WHERE group_key = ?1 AND came = ?2 AND resource IS NOT NULL
         UNION ALL SELECT resource, 2 FROM former_members WHERE group_key = ?1 AND went = ?2 AND resource IS NOT NULL";
    let moved: Vec<_> = fetch_all(c, sql, params![group, seq], |row| {
        let key = row.get(0)?;
        Ok(read_moved(row, 1)?.map(|how| (key, how)))
    })?;
    Ok(moved.into_iter().flatten().collect())
}

/// The keys of the groups that a resource was a member of before the change `seq`, with which it came.
pub(super) fn groups_before(
    c: &Connection,
    resource: ResourceKey,
    id: &str,
    seq: ChangeSeq,
) -> Result<Vec<ResourceKey>> {
    let sql = "SELECT group_key FROM members WHERE value = ?2 AND resource = ?1 AND came < ?3";
    fetch_all(c, sql, params![resource, id, seq], |row| row.get(0))
}

/// How many groups a resource is a direct member of.
pub(super) fn count_groups(c: &Connection, resource: ResourceKey, id: &str) -> Result<u64> {
    let sql = "SELECT count(*) FROM members WHERE value = ?2 AND resource = ?1";
    fetch_one(c, sql, params![resource, id], |row| row.get(0))
}

/// Recognizes a resource that has just come where it has been a member before.
pub(crate) fn recognize(c: &Connection, directory: DirectoryKey, id: &str, resource: ResourceKey) -> Result<()> {
    let sql = "UPDATE members SET resource = ?3 WHERE value = ?2 AND resource IS NULL
               AND (SELECT directory FROM resources WHERE key = group_key) = ?1";
    execute(c, sql, params![directory, id, resource])
}

/// Gives the members that a resource is in its directory the new display text where they show the old one. Another directory may have members
/// of the same id.
pub(crate) fn refresh_display(
    c: &Connection,
    (resource, id): (ResourceKey, &str),
    before: &str,
    after: &str,
) -> Result<()> {
    let sql = "UPDATE members SET display = ?4 WHERE value = ?2 AND resource = ?1 AND display = ?3";
    execute(c, sql, params![resource, id, before, after])
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<MemberRow> {
    let (value, display, sent_kind, kind, name): (_, _, _, Option<Kind>, _) = row.try_into()?;
    Ok(MemberRow { value, display, sent_kind, kind: kind.map(|Kind(kind)| kind), name })
}
