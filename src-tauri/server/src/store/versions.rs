//! Table `versions`: what each resource was after each of its changes.

use rusqlite::{Connection, OptionalExtension, params};
use scim::Resource;

use super::StoreError;
use super::groups::GroupRecord;
use super::users::{UserRecord, json};
use crate::clock::Millis;

/// A resource at one point of its history.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// The resource without `id`, `meta`, `groups` and `members`.
    pub(crate) body: Resource,
    pub(crate) version: i64,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
}

impl Version {
    pub(crate) fn of_user(user: &UserRecord) -> Self {
        let UserRecord { body, version, created_at, modified_at, .. } = user;
        Self { body: body.clone(), version: *version, created_at: *created_at, modified_at: *modified_at }
    }

    pub(crate) fn of_group(group: &GroupRecord) -> Self {
        let GroupRecord { body, version, created_at, modified_at, .. } = group;
        Self { body: body.clone(), version: *version, created_at: *created_at, modified_at: *modified_at }
    }
}

/// Keeps what a resource is after the change `seq`; of a deleted one, what it was before.
pub(crate) fn insert(c: &Connection, seq: i64, version: &Version) -> Result<(), StoreError> {
    c.prepare_cached("INSERT INTO versions (seq, body, version, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            seq,
            serde_json::to_string(&version.body)?,
            version.version,
            version.created_at,
            version.modified_at,
        ])?;
    Ok(())
}

/// What a resource was after one of its own changes; `None`: it is not known, because that was before versions were kept.
pub(crate) fn after(c: &Connection, seq: i64) -> Result<Option<Version>, StoreError> {
    let sql = "SELECT body, version, created_at, modified_at FROM versions WHERE seq = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Version { body: json(row, 0)?, version: row.get(1)?, created_at: row.get(2)?, modified_at: row.get(3)? })
    };
    Ok(c.prepare_cached(sql)?.query_row([seq], read).optional()?)
}
