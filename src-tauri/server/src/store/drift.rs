//! Table `drift`: users whose last push failed.

use rusqlite::{Connection, params};

use super::Result;
use super::sql::{Json, execute, fetch_one, fetch_optional, run};
use crate::clock::{Millis, rfc3339};
use crate::facts::shown;
use crate::model::{Actor, Drift, DriftKind, ExchangeId, ResourceKey};

/// A push that failed.
#[derive(Clone, Debug)]
pub(crate) struct NewDrift<'a> {
    pub(crate) kind: DriftKind,
    pub(crate) at: Millis,
    pub(crate) exchange_id: ExchangeId,
    pub(crate) actor: &'a Actor,
    pub(crate) method: &'a str,
    pub(crate) status: u16,
    pub(crate) reason: &'a str,
}

/// Notes that the newest push of the user with this key failed.
pub(crate) fn begin(c: &Connection, resource: ResourceKey, new: &NewDrift<'_>) -> Result<()> {
    let NewDrift { at, exchange_id, actor, method, status, .. } = new;
    let (kind, reason) = (serde_json::to_string(&new.kind)?, shown(new.reason));
    let sql = "INSERT INTO drift (resource, kind, at, exchange_id, actor, method, status, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT DO UPDATE SET kind = excluded.kind, at = excluded.at, exchange_id = excluded.exchange_id, actor = excluded.actor,
               method = excluded.method, status = excluded.status, reason = excluded.reason";
    execute(c, sql, params![resource, kind, at, exchange_id, actor, method, status, reason])
}

/// Notes that a push worked; false if none had failed.
pub(crate) fn end(c: &Connection, resource: ResourceKey) -> Result<bool> {
    Ok(run(c, "DELETE FROM drift WHERE resource = ?1", [resource])? > 0)
}

/// Whether the newest push of anybody failed.
pub(crate) fn is_any(c: &Connection) -> Result<bool> {
    fetch_one(c, "SELECT EXISTS (SELECT 1 FROM drift)", [], |row| row.get(0))
}

/// The failed push of a user, if the newest one failed.
pub(crate) fn of(c: &Connection, resource: ResourceKey) -> Result<Option<Drift>> {
    let sql = "SELECT kind, at, exchange_id, actor, method, status, reason FROM drift WHERE resource = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let (Json(kind), at, exchange_id, actor, method, status, reason) = row.try_into()?;
        let actor: Actor = actor;
        let retries_deactivation = actor.idp().and_then(|idp| idp.idp().retries_deactivation.value());
        Ok(Drift { kind, at: rfc3339(at), exchange_id, actor, retries_deactivation, method, status, reason })
    };
    fetch_optional(c, sql, [resource], read)
}
