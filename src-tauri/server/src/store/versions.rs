//! Table `versions`: what each resource was after each of its changes. That of the last one is what it is.

use rusqlite::{Connection, Row, params};
use scim::Resource;

use super::Result;
use super::resources::ResourceRecord;
use super::sql::{Json, execute, fetch_optional};
use crate::clock::Millis;
use crate::model::ChangeSeq;

/// A resource at one point of its history.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// The resource without `id`, `meta`, `groups` and `members`.
    pub(crate) body: Resource,
    pub(crate) version: i64,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
}

/// Keeps what a resource is after the change `seq`; of a deleted one, what it was before.
pub(crate) fn insert(c: &Connection, seq: ChangeSeq, record: &ResourceRecord) -> Result<()> {
    let ResourceRecord { version, created_at, modified_at, .. } = record;
    let body = serde_json::to_string(&record.body)?;
    let sql = "INSERT INTO versions (seq, body, version, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    execute(c, sql, params![seq, body, version, created_at, modified_at])
}

/// What a resource was after one of its own changes; `None`: it is not known, because that was before versions were kept.
pub(crate) fn after(c: &Connection, seq: ChangeSeq) -> Result<Option<Version>> {
    let sql = "SELECT body, version, created_at, modified_at FROM versions WHERE seq = ?1";
    let read = |row: &Row<'_>| {
        let (Json(body), version, created_at, modified_at) = row.try_into()?;
        Ok(Version { body, version, created_at, modified_at })
    };
    fetch_optional(c, sql, [seq], read)
}
