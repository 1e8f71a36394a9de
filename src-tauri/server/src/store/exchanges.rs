//! Table `exchanges`: what lists show, search and count of every request to the provisioning listener.

pub(crate) mod catch_up;
mod search;

use std::collections::HashMap;

use rusqlite::{Connection, Row, ToSql, params};

use super::activity::{self, RequestCounts};
use super::kept::{self, Kept, Sender};
use super::sql::{Json, execute, fetch_all, fetch_one, fetch_optional};
use super::{Result, exchange_details, sightings, sql};
use crate::clock::{Millis, rfc3339};
use crate::facts::{ExchangeDetails, Facts, SearchText};
use crate::model::{ChangeSeq, DirectoryKey, ExchangeId, ExchangeRow};

pub(crate) use search::{Condition, ExchangeListing, ExchangeTerm, list, total};

/// Requests that one write lets go of at the most, so that nobody waits long behind it.
const MOST_AT_ONCE: u64 = 2_000;

/// Requests that showed no known token that are kept of each directory, and of none.
const STRANGERS: u32 = 200;

/// The same of those whose token was replaced, or is another directory's: an identity provider that still has it is told of by the first.
const CLOSED_TOKENS: u32 = 1_000;

/// What each of these three kinds may take of the bytes of all requests: one of so many.
const OTHERS_PART: u64 = 8;

/// That no person has pinned a request; of few it is known without a look at them.
const NOT_PINNED: &str = "id NOT IN (SELECT exchange FROM marks WHERE sender IS NOT NULL)";

/// Bytes that a request takes, with what its row and its places in indexes need beside the texts. None of it is read for that.
pub(super) const BYTES: &str =
    "200 + octet_length(path) + octet_length(summary) + ifnull(octet_length(facts), 0) + octet_length(users)
     + octet_length(groups) + ifnull(octet_length(text), 0) + ifnull(octet_length(details), 0)";

/// A request that was answered, ready to be stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewExchange {
    /// As lists show it, without the id of its directory.
    pub(crate) row: ExchangeRow,
    /// The key of the directory; `None`: none was addressed, or an unknown one.
    pub(crate) directory: Option<DirectoryKey>,
    pub(crate) at: Millis,
    pub(crate) duration_us: i64,
    pub(crate) facts: Facts,
    pub(crate) search_text: SearchText,
    /// The first and the last change that it made.
    pub(crate) changes: Option<(ChangeSeq, ChangeSeq)>,
    pub(crate) details: ExchangeDetails,
}

impl NewExchange {
    /// Its notes, and what is wrong with the answer of another server.
    pub(crate) fn note_count(&self) -> u64 {
        let faults = self.facts.forwarded.as_ref().map_or(0, |forwarded| forwarded.faults.len());
        (self.details.notes.len() + faults) as u64
    }
}

const ROW: &str = "e.id, d.id, e.at, e.method, e.path, e.status, e.duration_us, e.actor, e.summary, e.note_count, e.is_write, e.story,
     e.replay_of, e.is_simulated, m.sender IS NOT NULL, m.annotation
     FROM exchanges e LEFT JOIN directories d ON d.key = e.directory LEFT JOIN marks m ON m.exchange = e.id";

/// Stores a request under the key of its directory, if that is there still, and returns how many bytes it takes. To be counted with
/// [`activity::count`] and [`kept::count`].
pub(crate) fn insert(
    c: &Connection,
    new: &NewExchange,
    directory: Option<DirectoryKey>,
    sender: Sender,
) -> Result<i64> {
    let sql = format!(
        "INSERT INTO exchanges (id, directory, at, method, path, status, duration_us, actor, summary, note_count, is_write, facts, story,
         replay_of, users, groups, text, is_simulated, first_change, last_change, details, sender)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
         RETURNING {BYTES}"
    );
    let NewExchange { row, search_text, .. } = new;
    let values = params![
        row.id,
        directory,
        new.at,
        row.method,
        row.path,
        row.status,
        new.duration_us,
        row.actor,
        serde_json::to_string(&row.summary)?,
        sql::clamp(new.note_count()),
        row.is_write,
        serde_json::to_string(&new.facts)?,
        row.story,
        row.replay_of,
        search_text.users,
        search_text.groups,
        search_text.text,
        row.is_simulated,
        new.changes.map(|(first, _)| first),
        new.changes.map(|(_, last)| last),
        exchange_details::pack(&new.details)?,
        sender,
    ];
    fetch_one(c, &sql, values, |row| row.get(0))
}

/// Lets go of the oldest requests of a directory (`None`: of those of no directory) until `keep` are left, and of those that have no token
/// that opens it until there are as few as are kept of them, and returns how many went. Of very many some stay for the next time.
pub(crate) fn retain_newest(c: &Connection, directory: Option<DirectoryKey>, keep: u32) -> Result<usize> {
    let mut gone = 0;
    for sender in Sender::ALL {
        let keep = match sender {
            Sender::Known | Sender::Failed => keep,
            Sender::Stranger => keep.min(STRANGERS),
            Sender::ClosedToken => keep.min(CLOSED_TOKENS),
            Sender::Pinned => continue,
        };
        let kept = kept::of(c, directory, sender)?.requests;
        let excess = kept.saturating_sub(i64::from(keep)).clamp(0, MOST_AT_ONCE as i64);
        if excess > 0 {
            let which = format!(
                "id IN (SELECT id FROM exchanges WHERE directory IS ?1 AND sender = {} ORDER BY id LIMIT ?2)",
                sender.number()
            );
            gone += let_go(c, &which, params![directory, excess])?.len();
        }
    }
    Ok(gone)
}

/// Lets go of the oldest requests, whatever they addressed, until all together take no more than `bytes`; those that have no token that
/// opens their directory have a small part of it. Returns the keys of the directories of those that went. Of very many some stay for the next
/// time.
pub(crate) fn retain_bytes(c: &Connection, bytes: u64) -> Result<Vec<Option<DirectoryKey>>> {
    let part = bytes / OTHERS_PART;
    let mut gone = Vec::new();
    for (sender, kept) in kept::of_all(c)?.into_iter().filter(|(sender, _)| *sender != Sender::Pinned) {
        let most = if sender == Sender::Known { bytes - 3 * part } else { part };
        let excess = kept.bytes.saturating_sub(i64::try_from(most).unwrap_or(i64::MAX));
        if excess > 0 {
            let last = oldest_with(c, sender, excess)?;
            let which = format!("id <= ?1 AND {}", oldest_of(sender));
            gone.extend(let_go(c, &which, params![last])?);
        }
    }
    Ok(gone)
}

/// What is true of the requests of a sender, so that an index finds the oldest: they are few among many others, or the others among them.
fn oldest_of(sender: Sender) -> String {
    match sender {
        Sender::Known => "+sender = 0".into(),
        sender => format!("sender = {0} AND sender > 0", sender.number()),
    }
}

/// The last of the oldest requests of a sender that together take so many bytes, or of as many as go at once.
fn oldest_with(c: &Connection, sender: Sender, bytes: i64) -> Result<ExchangeId> {
    let sql = format!("SELECT id, {BYTES} FROM exchanges WHERE {} ORDER BY id LIMIT ?1", oldest_of(sender));
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query([MOST_AT_ONCE])?;
    let (mut last, mut left) = (ExchangeId(0), bytes);
    while left > 0
        && let Some(row) = rows.next()?
    {
        last = row.get(0)?;
        left -= row.get::<_, i64>(1)?;
    }
    Ok(last)
}

/// Deletes the oldest requests that arrived before `at`, and returns the keys of their directories. Of very many some stay for the next
/// time.
pub(crate) fn delete_older(c: &Connection, at: Millis) -> Result<Vec<Option<DirectoryKey>>> {
    // Ids grow in order of arrival: the oldest are looked at, and no others.
    let which = format!("at < ?1 AND id IN (SELECT id FROM exchanges WHERE {NOT_PINNED} ORDER BY id LIMIT ?2)");
    let_go(c, &which, params![at, MOST_AT_ONCE])
}

/// What becomes of pinned requests where others are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pinned {
    Stay,
    Go,
}

/// Deletes some of the requests with an id up to `last`, as a person wants, and returns whether there are more of them.
pub(crate) fn delete_some(
    c: &Connection,
    directory: Option<DirectoryKey>,
    last: ExchangeId,
    pinned: Pinned,
) -> Result<bool> {
    let concerned = if pinned == Pinned::Go { "true" } else { NOT_PINNED };
    let which = format!(
        "id IN (SELECT id FROM exchanges WHERE directory IS ?1 AND id <= ?2 AND {concerned} ORDER BY id LIMIT ?3)"
    );
    activity::forget_let_go(c, directory)?;
    let gone = delete(c, &which, params![directory, last, MOST_AT_ONCE])?;
    forget_traces(c, directory)?;
    Ok(gone.len() as u64 == MOST_AT_ONCE)
}

/// Forgets what else has texts of requests that are not kept any more. It is done with each batch that is recorded in a full directory, so
/// the others are not looked at.
fn forget_traces(c: &Connection, directory: Option<DirectoryKey>) -> Result<()> {
    activity::forget_alarms(c, directory)?;
    directory.map_or(Ok(()), |directory| sightings::forget_paths(c, directory))
}

/// Deletes requests because of the limits, which the end of their list says.
fn let_go(c: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Vec<Option<DirectoryKey>>> {
    let gone = delete(c, which, values)?;
    let mut numbers = HashMap::<_, i64>::new();
    gone.iter().for_each(|directory| *numbers.entry(*directory).or_default() += 1);
    for (directory, number) in numbers {
        activity::count_let_go(c, directory, number)?;
        forget_traces(c, directory)?;
    }
    Ok(gone)
}

/// Deletes the requests that meet a condition, counts them out, and returns the keys of their directories.
fn delete(c: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Vec<Option<DirectoryKey>>> {
    let sql = format!(
        "DELETE FROM exchanges WHERE {which} RETURNING directory, status >= 400, is_write, note_count > 0, sender, {BYTES}"
    );
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut counts = HashMap::<Option<DirectoryKey>, RequestCounts>::new();
    let (mut deleted, mut kept) = (Vec::new(), HashMap::<_, Kept>::new());
    while let Some(row) = rows.next()? {
        let directory = row.get(0)?;
        counts.entry(directory).or_default().add(row.get(1)?, row.get(2)?, row.get(3)?);
        kept.entry((directory, row.get::<_, Sender>(4)?)).or_default().add(row.get(5)?);
        deleted.push(directory);
    }
    drop(rows);
    for (directory, counts) in counts {
        activity::count(c, directory, counts.negative())?;
    }
    for ((directory, sender), gone) in kept {
        kept::count(c, directory, sender, gone.negative())?;
    }
    Ok(deleted)
}

/// Notes the newest request that is recorded.
pub(crate) fn note_newest(c: &Connection, id: ExchangeId) -> Result<()> {
    let sql = "INSERT INTO recorded (only, id) VALUES (1, ?1) ON CONFLICT DO UPDATE SET id = max(id, excluded.id)";
    execute(c, sql, [id])
}

/// The newest requests that changed something, as the changes name them: those of the newest 10,000 changes.
const NEWEST_CAUSES: &str = "SELECT exchange_id FROM changes WHERE seq > (SELECT ifnull(max(seq), 0) FROM changes) - 10000 AND exchange_id IS NOT NULL";

/// The highest id that a request has had, even if the request itself is gone; 0 if there was none. Reads both databases.
pub(crate) fn newest_id(c: &Connection) -> Result<ExchangeId> {
    let sql = format!(
        "SELECT max(ifnull((SELECT id FROM recorded), 0), ifnull((SELECT max(exchange_id) FROM ({NEWEST_CAUSES})), 0))"
    );
    Ok(c.query_row(&sql, [], |row| row.get(0))?)
}

/// How many requests changed something and were not recorded, because the program was ended in between. Reads both databases.
pub(crate) fn count_lost(c: &Connection) -> Result<u64> {
    let sql = format!(
        "SELECT count(DISTINCT exchange_id) FROM ({NEWEST_CAUSES}) WHERE exchange_id > (SELECT id FROM recorded)"
    );
    Ok(c.query_row(&sql, [], |row| row.get(0))?)
}

pub(crate) fn row(c: &Connection, id: ExchangeId) -> Result<Option<ExchangeRow>> {
    let sql = format!("SELECT {ROW} WHERE e.id = ?1");
    fetch_optional(c, &sql, [id], read_row)
}

/// What is known of a request.
pub(crate) fn facts(c: &Connection, id: ExchangeId) -> Result<Facts> {
    let sql = "SELECT facts FROM exchanges WHERE id = ?1 AND facts IS NOT NULL";
    let facts: Option<Json<_>> = fetch_optional(c, sql, [id], |row| row.get(0))?;
    Ok(facts.map_or_else(Facts::default, |Json(facts)| facts))
}

/// The first and the last change that a request made.
pub(crate) fn changes(c: &Connection, id: ExchangeId) -> Result<Option<(ChangeSeq, ChangeSeq)>> {
    let sql = "SELECT first_change, last_change FROM exchanges WHERE id = ?1 AND first_change IS NOT NULL";
    fetch_optional(c, sql, [id], |row| row.try_into())
}

/// When a request arrived.
pub(crate) fn at(c: &Connection, id: ExchangeId) -> Result<Millis> {
    let sql = "SELECT at FROM exchanges WHERE id = ?1";
    Ok(fetch_optional(c, sql, [id], |row| row.get(0))?.unwrap_or_default())
}

/// Requests that are looked at for one to compare with.
const MOST_COMPARED: u32 = 2_000;

/// Earlier requests of the kind of `id` in its directory, at most `limit`: those to the same address first, the newest first.
pub(crate) fn comparable(c: &Connection, id: ExchangeId, limit: u32) -> Result<Vec<ExchangeRow>> {
    let sql = "SELECT e.id FROM exchanges t, (
                 SELECT id, method, path, facts FROM exchanges
                 WHERE directory IS (SELECT directory FROM exchanges WHERE id = ?1) AND id < ?1 ORDER BY id DESC LIMIT ?2
               ) e WHERE t.id = ?1 AND e.method = t.method AND e.facts -> '$.operation' IS t.facts -> '$.operation'
               ORDER BY e.path <> t.path, e.id DESC LIMIT ?3";
    let ids: Vec<ExchangeId> = fetch_all(c, sql, params![id, MOST_COMPARED, limit], |row| row.get(0))?;
    ids.into_iter().filter_map(|id| row(c, id).transpose()).collect()
}

/// How many requests of a directory are kept that the simulator did not send.
pub(crate) fn count_real(c: &Connection, directory: DirectoryKey) -> Result<u64> {
    let sql = "SELECT count(*) FROM exchanges WHERE directory = ?1 AND is_simulated = 0";
    fetch_one(c, sql, [directory], |row| row.get(0))
}

/// The requests of a story with what is known of each, in order, at most `limit`.
pub(crate) fn of_story(c: &Connection, story: ExchangeId, limit: u32) -> Result<Vec<(ExchangeRow, Facts)>> {
    let sql = format!("SELECT {ROW} WHERE e.story = ?1 ORDER BY e.id LIMIT ?2");
    let rows: Vec<_> = fetch_all(c, &sql, params![story, limit], read_row)?;
    let with_facts = |row: ExchangeRow| {
        let facts = facts(c, row.id)?;
        Ok((row, facts))
    };
    rows.into_iter().map(with_facts).collect()
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ExchangeRow> {
    Ok(ExchangeRow {
        id: row.get(0)?,
        directory_id: row.get(1)?,
        at: rfc3339(row.get(2)?),
        method: row.get(3)?,
        path: row.get(4)?,
        status: row.get(5)?,
        duration_ms: row.get::<_, f64>(6)? / 1_000.0,
        actor: row.get(7)?,
        summary: row.get::<_, Json<_>>(8)?.0,
        note_count: row.get(9)?,
        is_write: row.get(10)?,
        story: row.get(11)?,
        replay_of: row.get(12)?,
        is_simulated: row.get(13)?,
        is_pinned: row.get(14)?,
        annotation: row.get::<_, Option<String>>(15)?.map(|annotation| ExchangeRow::glance(&annotation)),
    })
}

#[cfg(test)]
mod tests;
