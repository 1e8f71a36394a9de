//! Tables `activity` and `token_uses`: what the requests of a directory add up to.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{execute, fetch_optional};
use crate::clock::Millis;
use crate::model::{Authorization, Counts, DirectoryKey};
use crate::secret::TokenHash;

/// The key of the row about requests that addressed no directory.
pub(super) const NONE: DirectoryKey = DirectoryKey(0);

/// Requests that come or go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestCounts {
    pub(crate) all: i64,
    pub(crate) errors: i64,
    pub(crate) writes: i64,
    pub(crate) notes: i64,
}

impl RequestCounts {
    /// One more.
    pub(crate) fn add(&mut self, is_error: bool, is_write: bool, has_notes: bool) {
        self.all += 1;
        self.errors += i64::from(is_error);
        self.writes += i64::from(is_write);
        self.notes += i64::from(has_notes);
    }

    pub(crate) fn negative(self) -> Self {
        let Self { all, errors, writes, notes } = self;
        Self { all: -all, errors: -errors, writes: -writes, notes: -notes }
    }
}

/// Counts requests of a directory (`None`: of none) that came or went.
pub(crate) fn count(c: &Connection, directory: Option<DirectoryKey>, counts: RequestCounts) -> Result<()> {
    let sql = "INSERT INTO activity (directory, exchange_count, error_count, write_count, note_count) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET exchange_count = exchange_count + excluded.exchange_count,
               error_count = error_count + excluded.error_count, write_count = write_count + excluded.write_count,
               note_count = note_count + excluded.note_count";
    let (directory, RequestCounts { all, errors, writes, notes }) = (directory.unwrap_or(NONE), counts);
    execute(c, sql, params![directory, all, errors, writes, notes])
}

/// How many requests of a directory are kept, or of none; users and groups are not counted.
pub(crate) fn counts(c: &Connection, directory: Option<DirectoryKey>) -> Result<Counts> {
    let sql = "SELECT exchange_count, error_count, write_count, note_count FROM activity WHERE directory = ?1";
    let read = |row: &Row<'_>| {
        let (exchanges, errors, writes, notes) = row.try_into()?;
        Ok(Counts { exchanges, errors, writes, notes, ..Counts::default() })
    };
    Ok(fetch_optional(c, sql, [directory.unwrap_or(NONE)], read)?.unwrap_or_default())
}

/// What the newest requests of a directory say of it.
#[derive(Debug, Default)]
pub(crate) struct Newest {
    /// When the last one arrived, and what it was answered with.
    last: Option<(Millis, u16)>,
    rejected: Option<Rejected>,
}

/// Requests that were refused for their token, since the last accepted one.
#[derive(Debug)]
struct Rejected {
    count: i64,
    since: Millis,
    /// Of the newest of them, JSON.
    reason: String,
    verdict: Option<String>,
}

impl Newest {
    /// Takes in that a request arrived. `rejected` says why its token was refused; one that was accepted ends the run of refusals.
    pub(crate) fn note(
        &mut self,
        at: Millis,
        status: u16,
        is_accepted: bool,
        rejected: Option<&Authorization>,
    ) -> Result<()> {
        self.last = Some((at, status));
        if let Some(Authorization { text, verdict, .. }) = rejected {
            let (count, since) = self.rejected.as_ref().map_or((0, at), |before| (before.count, before.since));
            let (reason, verdict) = (serde_json::to_string(text)?, Some(serde_json::to_string(verdict)?));
            self.rejected = Some(Rejected { count: count + 1, since, reason, verdict });
        } else if is_accepted {
            self.rejected = None;
        }
        Ok(())
    }

    /// Whether requests were refused for their token since the last accepted one.
    pub(crate) fn is_refusing(&self) -> bool {
        self.rejected.is_some()
    }
}

/// What the newest requests of a directory say of it.
pub(crate) fn newest(c: &Connection, directory: DirectoryKey) -> Result<Newest> {
    let sql = "SELECT last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason, rejected_verdict FROM activity
               WHERE directory = ?1";
    let read = |row: &Row<'_>| {
        let last = row.get::<_, Option<_>>(0)?.zip(row.get(1)?);
        let (count, verdict) = (row.get(2)?, row.get(5)?);
        let rejected = row.get::<_, Option<_>>(3)?.zip(row.get(4)?).filter(|_| count > 0);
        let rejected = rejected.map(|(since, reason)| Rejected { count, since, reason, verdict });
        Ok(Newest { last, rejected })
    };
    Ok(fetch_optional(c, sql, [directory], read)?.unwrap_or_default())
}

/// Keeps what the newest requests of a directory say of it.
pub(crate) fn set_newest(c: &Connection, directory: DirectoryKey, newest: &Newest) -> Result<()> {
    let (last, rejected) = (newest.last, newest.rejected.as_ref());
    let sql = "INSERT INTO activity (directory, last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason,
               rejected_verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT DO UPDATE SET last_request_at = excluded.last_request_at, last_request_status = excluded.last_request_status,
               rejected_count = excluded.rejected_count, rejected_since = excluded.rejected_since,
               rejected_reason = excluded.rejected_reason, rejected_verdict = excluded.rejected_verdict";
    let values = params![
        directory,
        last.map(|(at, _)| at),
        last.map(|(_, status)| status),
        rejected.map_or(0, |rejected| rejected.count),
        rejected.map(|rejected| rejected.since),
        rejected.map(|rejected| &rejected.reason),
        rejected.and_then(|rejected| rejected.verdict.as_ref()),
    ];
    execute(c, sql, values)
}

/// Notes that a token was accepted.
pub(crate) fn note_token(c: &Connection, hash: &TokenHash, at: Millis) -> Result<()> {
    let sql = "INSERT INTO token_uses (hash, last_used_at) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET last_used_at = max(last_used_at, excluded.last_used_at)";
    execute(c, sql, params![hash.0.as_slice(), at])
}
