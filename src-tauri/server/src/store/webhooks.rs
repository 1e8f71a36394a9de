//! Table `webhooks`. How far each is and how it is doing stands in the other database, which may be lost.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_one, fetch_optional, run};
use crate::clock::{Millis, rfc3339};
use crate::model::{
    AppEventType, ChangeSeq, EnvironmentId, Webhook, WebhookDisabled, WebhookDisabledBecause, WebhookId,
};
use crate::secret::WebhookSecret;

const COLUMNS: &str = "w.id, w.environment_id, w.url, w.types, w.is_temporary, w.created_at, w.disabled_at, w.disabled_because,
                       p.last_delivered_at, p.failing_since, p.error, p.missed_at,
                       (SELECT count(*) FROM requests.deliveries d WHERE d.webhook = w.id AND d.state = 'waiting'),
                       max((SELECT min(next_try_at) FROM requests.deliveries d WHERE d.webhook = w.id AND d.state = 'waiting'), ifnull(p.paused_until, 0)),
                       w.is_confirmed
                       FROM webhooks w LEFT JOIN requests.webhook_progress p ON p.webhook = w.id";

/// What sending needs of a webhook.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Endpoint {
    pub(crate) id: WebhookId,
    pub(crate) environment: EnvironmentId,
    pub(crate) url: String,
    /// Whether a person agreed to send there if it is neither on this machine nor in a private network.
    pub(crate) is_confirmed: bool,
    /// `None`: all.
    pub(crate) types: Option<Vec<AppEventType>>,
    pub(crate) secret: WebhookSecret,
    pub(crate) is_temporary: bool,
    pub(crate) created_at: Millis,
    /// How often a person has changed it.
    pub(crate) revision: u32,
    pub(crate) disabled: Option<(Millis, WebhookDisabledBecause)>,
}

/// Stores a webhook that is told of what happens after `seq`.
pub(crate) fn insert(c: &Connection, endpoint: &Endpoint, seq: ChangeSeq) -> Result<()> {
    let Endpoint { id, environment, url, is_confirmed, types, secret, is_temporary, created_at, .. } = endpoint;
    let types = types.as_ref().map(serde_json::to_string).transpose()?;
    let sql = "INSERT INTO webhooks (id, environment_id, url, is_confirmed, types, secret, is_temporary, created_at, seq, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
    execute(c, sql, params![id, environment, url, is_confirmed, types, secret.reveal(), is_temporary, created_at, seq])
}

/// Stores what a person has made of one.
pub(crate) fn save(c: &Connection, endpoint: &Endpoint) -> Result<()> {
    let Endpoint { id, url, is_confirmed, types, secret, disabled, .. } = endpoint;
    let types = types.as_ref().map(serde_json::to_string).transpose()?;
    let (at, because) = disabled.unzip();
    let sql = "UPDATE webhooks SET url = ?2, types = ?3, secret = ?4, disabled_at = ?5, disabled_because = ?6, is_confirmed = ?7, revision = revision + 1 WHERE id = ?1";
    execute(c, sql, params![id, url, types, secret.reveal(), at, because, is_confirmed])
}

/// Disables one that is as it was when something was sent there; false: it is gone, was disabled before, or a person has changed it since.
pub(crate) fn disable(c: &Connection, known: &Endpoint, at: Millis, because: WebhookDisabledBecause) -> Result<bool> {
    let sql = "UPDATE webhooks SET disabled_at = ?3, disabled_because = ?4 WHERE id = ?1 AND revision = ?2 AND disabled_at IS NULL";
    Ok(run(c, sql, params![known.id, known.revision, at, because])? > 0)
}

/// Notes up to where all is sent at least.
pub(crate) fn set_seq(c: &Connection, id: &WebhookId, seq: ChangeSeq) -> Result<()> {
    execute(c, "UPDATE webhooks SET seq = ?2 WHERE id = ?1", params![id, seq])
}

/// Up to where all is sent at least; `None`: there is none with this id.
pub(crate) fn seq(c: &Connection, id: &WebhookId) -> Result<Option<ChangeSeq>> {
    fetch_optional(c, "SELECT seq FROM webhooks WHERE id = ?1", [id], |row| row.get(0))
}

/// False: there was none with this id.
pub(crate) fn delete(c: &Connection, id: &WebhookId) -> Result<bool> {
    Ok(run(c, "DELETE FROM webhooks WHERE id = ?1", [id])? > 0)
}

/// Deletes those that were to go with the program that ran.
pub(crate) fn delete_temporary(c: &Connection) -> Result<()> {
    execute(c, "DELETE FROM webhooks WHERE is_temporary", [])
}

/// Whether there is one that was to go with the program that ran.
pub(crate) fn has_temporary(c: &Connection) -> Result<bool> {
    fetch_one(c, "SELECT EXISTS (SELECT 1 FROM webhooks WHERE is_temporary)", [], |row| row.get(0))
}

/// How many an environment has.
pub(crate) fn count(c: &Connection, environment: &EnvironmentId) -> Result<usize> {
    fetch_one(c, "SELECT count(*) FROM webhooks WHERE environment_id = ?1", [environment], |row| row.get(0))
}

/// What sending needs of one.
pub(crate) fn endpoint(c: &Connection, id: &WebhookId) -> Result<Option<Endpoint>> {
    fetch_optional(c, &format!("{ENDPOINTS} WHERE id = ?1"), [id], read_endpoint)
}

/// What sending needs of all.
pub(crate) fn endpoints(c: &Connection) -> Result<Vec<Endpoint>> {
    fetch_all(c, ENDPOINTS, [], read_endpoint)
}

const ENDPOINTS: &str = "SELECT id, environment_id, url, types, secret, is_temporary, created_at, disabled_at, disabled_because, revision, is_confirmed FROM webhooks";

/// The webhooks of an environment, the oldest first. `c` reads both databases, as for [`by_id`].
pub(crate) fn all(c: &Connection, environment: &EnvironmentId) -> Result<Vec<Webhook>> {
    let sql = format!("SELECT {COLUMNS} WHERE w.environment_id = ?1 ORDER BY w.created_at, w.rowid");
    fetch_all(c, &sql, [environment], read_row)
}

/// The webhook with this id.
pub(crate) fn by_id(c: &Connection, id: &WebhookId) -> Result<Option<Webhook>> {
    fetch_optional(c, &format!("SELECT {COLUMNS} WHERE w.id = ?1"), [id], read_row)
}

fn read_endpoint(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let types: Option<Json<_>> = row.get(3)?;
    let (at, because): (Option<Millis>, Option<WebhookDisabledBecause>) = (row.get(7)?, row.get(8)?);
    Ok(Endpoint {
        id: row.get(0)?,
        environment: row.get(1)?,
        url: row.get(2)?,
        types: types.map(|Json(types)| types),
        secret: WebhookSecret::stored(row.get(4)?),
        is_temporary: row.get(5)?,
        created_at: row.get(6)?,
        disabled: at.zip(because),
        revision: row.get(9)?,
        is_confirmed: row.get(10)?,
    })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let types: Option<Json<_>> = row.get(3)?;
    let instant = |index: usize| row.get::<_, Option<Millis>>(index).map(|at| at.map(rfc3339));
    let (at, because): (Option<_>, Option<WebhookDisabledBecause>) = (instant(6)?, row.get(7)?);
    let failing_since = instant(9)?;
    Ok(Webhook {
        id: row.get(0)?,
        environment_id: row.get(1)?,
        url: row.get(2)?,
        types: types.map(|Json(types)| types),
        is_temporary: row.get(4)?,
        created_at: rfc3339(row.get(5)?),
        disabled: at.zip(because).map(|(at, because)| WebhookDisabled { at, because }),
        last_delivered_at: instant(8)?,
        error: row.get::<_, Option<String>>(10)?.filter(|_| failing_since.is_some()),
        failing_since,
        missed_at: instant(11)?,
        waiting: row.get(12)?,
        next_try_at: instant(13)?,
        is_confirmed: row.get(14)?,
    })
}
