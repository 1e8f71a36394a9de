//! Tables `webhook_progress` and `deliveries`, in the other database: how far each webhook is, what it sent, and what waits.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{Json, Kind, execute, fetch_all, fetch_one, fetch_optional, run, word};
use crate::clock::{Millis, rfc3339};
use crate::model::{
    ChangeSeq, Delivery, DeliveryAttempt, DeliveryId, DeliveryState, DirectoryId, DirectoryKey, ResourceKey,
    ResourceKind, ResourceRef, Timestamp, WebhookId,
};

/// How many deliveries of each webhook are kept that do not wait any more, and how many bytes of what was tried.
const KEPT: u32 = 1_000;
const BYTES_KEPT: u64 = 16 << 20;

/// Attempts of a delivery that are kept: those of the schedule, and some that a person wanted; and bytes of them.
const ATTEMPTS_KEPT: usize = 16;
const ATTEMPT_BYTES_KEPT: usize = 64 << 10;

const COLUMNS: &str = "id, webhook, event, type, at, directory_id, resource_kind, resource_id, resource_name, state, attempts, attempted_at,
                       next_try_at, status, duration, error";

/// The place of an event: its change, and which one of those that the change makes it is; `u64::MAX`: all of them.
pub(crate) type Place = (ChangeSeq, u64);

/// How far a webhook is, and how it is doing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Progress {
    pub(crate) place: Place,
    pub(crate) last_delivered_at: Option<Millis>,
    pub(crate) failing_since: Option<Millis>,
    /// Of the time since then that in which it was tried.
    pub(crate) failing_for: Millis,
    /// Before then nothing is sent, as the receiver asked.
    pub(crate) paused_until: Option<Millis>,
    pub(crate) error: Option<String>,
    pub(crate) missed_at: Option<Millis>,
}

/// An event as the log names it.
#[derive(Clone, Debug)]
pub(crate) struct DeliveredEvent {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    /// `None`: it is a test.
    pub(crate) about: Option<About>,
}

/// What an event is about.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) place: Place,
    pub(crate) directory: DirectoryKey,
    pub(crate) directory_id: DirectoryId,
    pub(crate) resource: ResourceKey,
    pub(crate) kind: ResourceKind,
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What became of an event.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) event: DeliveredEvent,
    /// `None`: it waits for an earlier one, or cannot be sent any more.
    pub(crate) attempt: Option<DeliveryAttempt>,
    pub(crate) attempted_at: Option<Millis>,
    /// SHA-256 of the body that was sent.
    pub(crate) body_digest: Option<Vec<u8>>,
    /// `None`: what it was; of one that is new, failed.
    pub(crate) state: Option<DeliveryState>,
    pub(crate) next_try_at: Option<Millis>,
    /// Whether it counts as one of the attempts of the schedule.
    pub(crate) is_scheduled: bool,
    pub(crate) is_reached: bool,
}

/// A delivery with what was tried.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) delivery: Delivery,
    pub(crate) attempts: Vec<DeliveryAttempt>,
    /// SHA-256 of the body that was sent, empty if it was not always the same; `None`: nothing was sent.
    pub(crate) body_digest: Option<Vec<u8>>,
}

/// An event that is to be sent again, or waits for another.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) event: String,
    pub(crate) place: Place,
    pub(crate) resource: ResourceKey,
    /// How often the schedule has had it sent.
    pub(crate) tries: u32,
    /// `None`: as soon as nothing stands before it.
    pub(crate) next_try_at: Option<Millis>,
    /// Whether the newest attempt reached somebody.
    pub(crate) is_reached: bool,
}

/// How far a webhook is; `None`: that is not known.
pub(crate) fn progress(c: &Connection, webhook: &WebhookId) -> Result<Option<Progress>> {
    let sql = "SELECT seq, place, last_delivered_at, failing_since, error, missed_at, failing_for, paused_until FROM webhook_progress WHERE webhook = ?1";
    fetch_optional(c, sql, [webhook], |row| {
        Ok(Progress {
            place: (row.get(0)?, from_column(row.get(1)?)),
            last_delivered_at: row.get(2)?,
            failing_since: row.get(3)?,
            error: row.get(4)?,
            missed_at: row.get(5)?,
            failing_for: row.get(6)?,
            paused_until: row.get(7)?,
        })
    })
}

/// Stores how far a webhook is.
pub(crate) fn save_progress(c: &Connection, webhook: &WebhookId, progress: &Progress) -> Result<()> {
    let Progress { place: (seq, place), last_delivered_at, failing_since, failing_for, paused_until, error, missed_at } =
        progress;
    let sql = "INSERT OR REPLACE INTO webhook_progress (webhook, seq, place, last_delivered_at, failing_since, failing_for, paused_until, error, missed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let place = column(*place);
    execute(
        c,
        sql,
        params![webhook, seq, place, last_delivered_at, failing_since, failing_for, paused_until, error, missed_at],
    )
}

/// Records what became of an event, and returns its row.
pub(crate) fn record(c: &Connection, webhook: &WebhookId, recorded: &Recorded) -> Result<Option<Delivery>> {
    let Recorded { event, attempt, attempted_at, body_digest, state, next_try_at, is_scheduled, is_reached } = recorded;
    let known = fetch_optional(
        c,
        "SELECT id, detail FROM deliveries WHERE webhook = ?1 AND event = ?2",
        params![webhook, event.id],
        |row| Ok((row.get::<_, DeliveryId>(0)?, row.get::<_, Json<Vec<DeliveryAttempt>>>(1)?.0)),
    )?;
    let (id, mut attempts) = match known {
        Some((id, attempts)) => (id, attempts),
        None => (insert(c, webhook, event)?, Vec::new()),
    };
    let is_tried = attempt.is_some();
    let newest = attempt.clone();
    attempts.extend(newest.clone());
    let excess = attempts.len().saturating_sub(ATTEMPTS_KEPT);
    attempts.drain(..excess);
    let sql = "UPDATE deliveries SET state = ifnull(?2, state), next_try_at = iif(?2 IS NULL, next_try_at, ?3),
                 attempts = attempts + ?4, tries = tries + ?5, detail = ?6, bytes = length(?6), is_reached = ?7 WHERE id = ?1";
    let detail = bounded(attempts)?;
    execute(c, sql, params![id, state, next_try_at, is_tried, is_tried && *is_scheduled, detail, is_reached])?;
    if let Some(attempt) = newest {
        let sql = "UPDATE deliveries SET attempted_at = ?2, status = ?3, duration = ?4, error = ?5,
                     body_digest = iif(ifnull(body_digest, ?6) = ?6, ?6, x'') WHERE id = ?1";
        execute(
            c,
            sql,
            params![id, attempted_at, attempt.status, attempt.duration_micros, attempt.error, body_digest],
        )?;
    }
    fetch_optional(c, &format!("SELECT {COLUMNS} FROM deliveries WHERE id = ?1"), [id], read_row)
}

/// Attempts as JSON, without the answers of the oldest ones if that would be too much.
fn bounded(mut attempts: Vec<DeliveryAttempt>) -> Result<String> {
    let mut detail = serde_json::to_string(&attempts)?;
    for index in 0..attempts.len() {
        if detail.len() <= ATTEMPT_BYTES_KEPT {
            break;
        }
        let oldest = &mut attempts[index];
        (oldest.response_headers, oldest.response_body, oldest.is_truncated) = (Vec::new(), String::new(), true);
        detail = serde_json::to_string(&attempts)?;
    }
    Ok(detail)
}

fn insert(c: &Connection, webhook: &WebhookId, event: &DeliveredEvent) -> Result<DeliveryId> {
    let DeliveredEvent { id, kind, at, about } = event;
    let about = about.as_ref();
    let sql = "INSERT INTO deliveries (webhook, event, seq, place, type, at, directory, directory_id, resource, resource_kind, resource_id, resource_name,
                 state, attempts, tries, is_reached, bytes, detail)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'failed', 0, 0, 1, 2, '[]')";
    execute(
        c,
        sql,
        params![
            webhook,
            id,
            about.map(|about| about.place.0),
            about.map(|about| column(about.place.1)),
            kind,
            at,
            about.map(|about| about.directory),
            about.map(|about| &about.directory_id),
            about.map(|about| about.resource),
            about.map(|about| word(about.kind)),
            about.map(|about| &about.id),
            about.map(|about| &about.name),
        ],
    )?;
    Ok(DeliveryId(c.last_insert_rowid()))
}

/// Gives up an event that waits, with the reason; `None`: it does not wait.
pub(crate) fn give_up(c: &Connection, webhook: &WebhookId, event: &str, reason: &str) -> Result<Option<Delivery>> {
    let sql = "UPDATE deliveries SET state = 'failed', next_try_at = NULL, error = ?3 WHERE webhook = ?1 AND event = ?2 AND state = 'waiting'";
    if run(c, sql, params![webhook, event, reason])? == 0 {
        return Ok(None);
    }
    by_event(c, webhook, event).map(|found| found.map(|logged| logged.delivery))
}

/// Has everything sent again at once that waits for its time, and forgets since when it is failing and until when it pauses.
pub(crate) fn hurry(c: &Connection, webhook: &WebhookId, now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET next_try_at = ?2 WHERE webhook = ?1 AND state = 'waiting' AND next_try_at > ?2";
    execute(c, sql, params![webhook, now])?;
    execute(
        c,
        "UPDATE webhook_progress SET failing_since = NULL, failing_for = 0, paused_until = NULL WHERE webhook = ?1",
        [webhook],
    )
}

/// What waits, in order.
pub(crate) fn waiting(c: &Connection, webhook: &WebhookId) -> Result<Vec<Waiting>> {
    let sql = "SELECT event, seq, place, resource, tries, next_try_at, is_reached FROM deliveries
               WHERE webhook = ?1 AND state = 'waiting' ORDER BY seq, place";
    fetch_all(c, sql, [webhook], |row| {
        Ok(Waiting {
            event: row.get(0)?,
            place: (row.get(1)?, from_column(row.get(2)?)),
            resource: row.get(3)?,
            tries: row.get(4)?,
            next_try_at: row.get(5)?,
            is_reached: row.get(6)?,
        })
    })
}

/// Lets go of the oldest deliveries of a webhook that do not wait: of more than are kept, and of those before `oldest`. Of those that wait
/// only what was tried is let go of, if it is too much.
pub(crate) fn retain_newest(c: &Connection, webhook: &WebhookId, oldest: Option<Millis>) -> Result<()> {
    let of = "FROM deliveries WHERE webhook = ?1 AND state <> 'waiting'";
    let sql = format!("DELETE {of} AND id <= (SELECT id {of} ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    execute(c, &sql, params![webhook, KEPT])?;
    let too_many = "SELECT max(id) FROM (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS bytes FROM deliveries WHERE webhook = ?1) WHERE bytes > ?2";
    if let Some(newest) =
        fetch_one(c, too_many, params![webhook, BYTES_KEPT], |row| row.get::<_, Option<DeliveryId>>(0))?
    {
        execute(c, &format!("DELETE {of} AND id <= ?2"), params![webhook, newest])?;
        let sql = "UPDATE deliveries SET detail = '[]', bytes = 2 WHERE webhook = ?1 AND id <= ?2 AND bytes > 2";
        execute(c, sql, params![webhook, newest])?;
    }
    match oldest {
        Some(oldest) => execute(c, &format!("DELETE {of} AND attempted_at < ?2"), params![webhook, oldest]),
        None => Ok(()),
    }
}

/// Deliveries with an id below `before`, the newest first.
pub(crate) fn page(
    c: &Connection,
    webhook: &WebhookId,
    before: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<Delivery>> {
    let sql = format!("SELECT {COLUMNS} FROM deliveries WHERE webhook = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
    fetch_all(c, &sql, params![webhook, before.unwrap_or(DeliveryId(i64::MAX)), limit], read_row)
}

/// The delivery of an event, with what was tried.
pub(crate) fn by_event(c: &Connection, webhook: &WebhookId, event: &str) -> Result<Option<Logged>> {
    let sql = format!("SELECT {COLUMNS}, detail, body_digest FROM deliveries WHERE webhook = ?1 AND event = ?2");
    fetch_optional(c, &sql, params![webhook, event], |row| {
        Ok(Logged { delivery: read_row(row)?, attempts: row.get::<_, Json<_>>(16)?.0, body_digest: row.get(17)? })
    })
}

/// Lets go of what is kept of webhooks and directories that are gone. The ids of those that are there, and of directories their keys, are JSON
/// arrays.
pub(crate) fn forget_missing(c: &Connection, webhooks: &str, directories: &str) -> Result<()> {
    let missing = "NOT IN (SELECT value FROM json_each(?1))";
    execute(c, &format!("DELETE FROM deliveries WHERE webhook {missing}"), [webhooks])?;
    execute(c, &format!("DELETE FROM webhook_progress WHERE webhook {missing}"), [webhooks])?;
    execute(c, &format!("DELETE FROM deliveries WHERE directory {missing}"), [directories])
}

fn column(place: u64) -> i64 {
    place.try_into().unwrap_or(i64::MAX)
}

fn from_column(place: i64) -> u64 {
    if place == i64::MAX { u64::MAX } else { place.try_into().unwrap_or_default() }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let instant = |index: usize| row.get::<_, Option<Millis>>(index).map(|at| at.map(rfc3339));
    let kind: Option<Kind> = row.get(6)?;
    let (id, name): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
    let resource = id.zip(name).map(|(id, name)| ResourceRef { id, kind: kind.map(|Kind(kind)| kind), name });
    Ok(Delivery {
        id: row.get(0)?,
        webhook_id: row.get(1)?,
        event_id: row.get(2)?,
        kind: row.get(3)?,
        at: row.get(4)?,
        resource,
        directory_id: row.get(5)?,
        state: row.get(9)?,
        attempts: row.get(10)?,
        attempted_at: instant(11)?,
        next_try_at: instant(12)?,
        status: row.get(13)?,
        duration_micros: row.get(14)?,
        error: row.get(15)?,
    })
}
