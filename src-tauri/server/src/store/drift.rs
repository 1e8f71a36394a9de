//! Table `drift`: users whose last push failed.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::users::{fold, json};
use crate::clock::{Millis, rfc3339};
use crate::model::{Drift, DriftKind};

/// A push that failed.
#[derive(Clone, Debug)]
pub(crate) struct NewDrift<'a> {
    pub(crate) kind: DriftKind,
    pub(crate) at: Millis,
    pub(crate) exchange_id: i64,
    pub(crate) actor: &'a str,
    pub(crate) method: &'a str,
    pub(crate) status: u16,
    pub(crate) reason: &'a str,
}

/// Notes that the newest push of the user with this row in the catalog failed.
pub(crate) fn begin(c: &Connection, listed: i64, new: &NewDrift<'_>) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO drift (listed, kind, at, exchange_id, actor, method, status, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET kind = excluded.kind, at = excluded.at, exchange_id = excluded.exchange_id, actor = excluded.actor,
         method = excluded.method, status = excluded.status, reason = excluded.reason",
    )?
    .execute(params![
        listed,
        serde_json::to_string(&new.kind)?,
        new.at,
        new.exchange_id,
        new.actor,
        new.method,
        new.status,
        super::catalog::shown(new.reason),
    ])?;
    Ok(())
}

/// Notes that a push worked; false if none had failed.
pub(crate) fn end(c: &Connection, listed: i64) -> Result<bool, StoreError> {
    Ok(c.prepare_cached("DELETE FROM drift WHERE listed = ?1")?.execute([listed])? > 0)
}

/// Whether the newest push of any user of a directory failed.
pub(crate) fn is_any(c: &Connection, directory: i64) -> Result<bool, StoreError> {
    let sql = "SELECT adrift_user_count > 0 FROM directories WHERE key = ?1";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// The failed push of a user, if the newest one failed.
pub(crate) fn of(c: &Connection, listed: i64) -> Result<Option<Drift>, StoreError> {
    let sql = "SELECT kind, at, exchange_id, actor, method, status, reason FROM drift WHERE listed = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Drift {
            kind: json(row, 0)?,
            at: rfc3339(row.get(1)?),
            exchange_id: row.get(2)?,
            actor: row.get(3)?,
            method: row.get(4)?,
            status: row.get(5)?,
            reason: row.get(6)?,
        })
    };
    Ok(c.prepare_cached(sql)?.query_row([listed], read).optional()?)
}

/// The row in the catalog, and the id, of the user of a directory with this id.
pub(crate) fn by_id(c: &Connection, directory: i64, id: &str) -> Result<Option<(i64, String)>, StoreError> {
    let sql = "SELECT key, id FROM catalog WHERE directory = ?1 AND id = ?2 AND kind = 0 AND state < 2";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The same of the user with this `userName`, whatever its letter case.
pub(crate) fn by_user_name(
    c: &Connection,
    directory: i64,
    user_name: &str,
) -> Result<Option<(i64, String)>, StoreError> {
    let sql = "SELECT k.key, k.id FROM users u JOIN catalog k ON k.directory = u.directory AND k.id = u.id
               WHERE u.directory = ?1 AND u.user_name_key = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(c.prepare_cached(sql)?.query_row(params![directory, fold(user_name)], read).optional()?)
}
