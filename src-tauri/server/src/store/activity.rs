//! Tables `activity` and `token_uses`: what the requests of a directory add up to.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{Json, execute, fetch_optional};
use crate::clock::Millis;
use crate::model::{Authorization, Counts, DirectoryKey, ExchangeId, MisaddressedRequests};
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

/// Counts requests of a directory (`None`: of none) that went because of the limits.
pub(super) fn count_let_go(c: &Connection, directory: Option<DirectoryKey>, number: i64) -> Result<()> {
    let sql = "UPDATE activity SET let_go = let_go + ?2 WHERE directory = ?1";
    execute(c, sql, params![directory.unwrap_or(NONE), number])
}

/// Forgets alarms about requests of a directory that are not kept any more. Those of none may have been meant for any.
pub(super) fn forget_alarms(c: &Connection, directory: Option<DirectoryKey>) -> Result<()> {
    let misaddressed =
        "UPDATE activity SET misaddressed = NULL WHERE (?1 = 0 OR directory = ?1) AND misaddressed IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM exchanges WHERE id = json_extract(misaddressed, '$.exchangeId'))";
    let rejected = "UPDATE activity SET rejected_exchange = NULL WHERE directory = ?1 AND rejected_exchange IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM exchanges WHERE id = rejected_exchange)";
    execute(c, misaddressed, [directory.unwrap_or(NONE)])?;
    execute(c, rejected, [directory.unwrap_or(NONE)])
}

/// Says no more how many went: a person deletes the others.
pub(super) fn forget_let_go(c: &Connection, directory: Option<DirectoryKey>) -> Result<()> {
    execute(c, "UPDATE activity SET let_go = 0 WHERE directory = ?1", [directory.unwrap_or(NONE)])
}

/// How many requests of a directory are kept, or of none; users and groups are not counted.
pub(crate) fn counts(c: &Connection, directory: Option<DirectoryKey>) -> Result<Counts> {
    let sql = "SELECT exchange_count, error_count, write_count, note_count, let_go,
               (SELECT requests FROM kept WHERE directory = ?1 AND sender = 4) FROM activity WHERE directory = ?1";
    let read = |row: &Row<'_>| {
        let (exchanges, errors, writes, notes, let_go, pinned) = row.try_into()?;
        let pinned: Option<u64> = pinned;
        Ok(Counts { exchanges, errors, writes, notes, let_go, pinned: pinned.unwrap_or(0), ..Counts::default() })
    };
    Ok(fetch_optional(c, sql, [directory.unwrap_or(NONE)], read)?.unwrap_or_default())
}

/// Two refusals within this time, ten minutes, are an alarm, whoever sends them.
const REPEATED_WITHIN: Millis = 10 * 60_000;

/// What the newest requests of a directory say of it.
#[derive(Debug, Default)]
pub(crate) struct Newest {
    /// When the last one arrived, and what it was answered with.
    last: Option<(Millis, u16)>,
    rejected: Option<Rejected>,
    misaddressed: Option<MisaddressedRequests>,
}

/// A request that was refused for its token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused<'a> {
    pub(crate) authorization: &'a Authorization,
    pub(crate) exchange: ExchangeId,
    /// Whether it looks like the directory's identity provider: of anybody else, one alone raises no alarm.
    pub(crate) is_of_provider: bool,
}

/// Requests that were refused for their token, since the last accepted one.
#[derive(Debug)]
struct Rejected {
    /// 0: one of somebody who may be anybody, which waits for another one.
    count: i64,
    since: Millis,
    /// Of the newest of them, JSON.
    reason: String,
    verdict: Option<String>,
    exchange: Option<ExchangeId>,
    last_four: Option<String>,
}

impl Newest {
    /// Takes in that a request arrived. `refused` says why its token was; one that was accepted ends the run of refusals.
    pub(crate) fn note(
        &mut self,
        at: Millis,
        status: u16,
        is_accepted: bool,
        refused: Option<Refused<'_>>,
    ) -> Result<()> {
        self.last = Some((at, status));
        if let Some(Refused { authorization, exchange, is_of_provider }) = refused {
            let Authorization { text, verdict, last_four, .. } = authorization;
            let before = self.rejected.as_ref().map(|before| (before.count, before.since));
            let (count, since) = match before {
                Some((count @ 1.., since)) => (count + 1, since),
                Some((_, since)) if self.is_repeated_by(at) => (2, since),
                _ => (i64::from(is_of_provider), at),
            };
            self.rejected = Some(Rejected {
                count,
                since,
                reason: serde_json::to_string(text)?,
                verdict: Some(serde_json::to_string(verdict)?),
                exchange: Some(exchange),
                last_four: last_four.clone(),
            });
        } else if is_accepted {
            (self.rejected, self.misaddressed) = (None, None);
        }
        Ok(())
    }

    /// Takes in that a request went to an address that is nearly this directory's.
    pub(crate) fn note_misaddressed(&mut self, mut newest: MisaddressedRequests) {
        if let Some(before) = self.misaddressed.take() {
            newest.count += before.count;
            newest.since = before.since;
        }
        self.misaddressed = Some(newest);
    }

    /// Whether a request that is refused for its token `at` this time is not the first.
    pub(crate) fn is_repeated_by(&self, at: Millis) -> bool {
        self.rejected.as_ref().is_some_and(|before| before.count > 0 || at - before.since <= REPEATED_WITHIN)
    }

    /// Whether requests were refused for their token since the last accepted one.
    pub(crate) fn is_refusing(&self) -> bool {
        self.rejected.as_ref().is_some_and(|rejected| rejected.count > 0)
    }
}

/// What the newest requests of a directory say of it.
pub(crate) fn newest(c: &Connection, directory: DirectoryKey) -> Result<Newest> {
    let sql = "SELECT last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason, rejected_verdict,
               rejected_exchange, rejected_last_four, misaddressed FROM activity WHERE directory = ?1";
    let read = |row: &Row<'_>| {
        let last = row.get::<_, Option<_>>(0)?.zip(row.get(1)?);
        let (count, verdict, exchange, last_four) = (row.get(2)?, row.get(5)?, row.get(6)?, row.get(7)?);
        let rejected = row.get::<_, Option<_>>(3)?.zip(row.get(4)?);
        let rejected = rejected.map(|(since, reason)| Rejected { count, since, reason, verdict, exchange, last_four });
        Ok(Newest { last, rejected, misaddressed: row.get::<_, Option<Json<_>>>(8)?.map(|Json(stored)| stored) })
    };
    Ok(fetch_optional(c, sql, [directory], read)?.unwrap_or_default())
}

/// Keeps what the newest requests of a directory say of it.
pub(crate) fn set_newest(c: &Connection, directory: DirectoryKey, newest: &Newest) -> Result<()> {
    let (last, rejected) = (newest.last, newest.rejected.as_ref());
    let sql = "INSERT INTO activity (directory, last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason,
               rejected_verdict, rejected_exchange, rejected_last_four, misaddressed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT DO UPDATE SET last_request_at = excluded.last_request_at, last_request_status = excluded.last_request_status,
               rejected_count = excluded.rejected_count, rejected_since = excluded.rejected_since,
               rejected_reason = excluded.rejected_reason, rejected_verdict = excluded.rejected_verdict,
               rejected_exchange = excluded.rejected_exchange, rejected_last_four = excluded.rejected_last_four,
               misaddressed = excluded.misaddressed";
    let misaddressed = newest.misaddressed.as_ref().map(serde_json::to_string).transpose()?;
    let values = params![
        directory,
        last.map(|(at, _)| at),
        last.map(|(_, status)| status),
        rejected.map_or(0, |rejected| rejected.count),
        rejected.map(|rejected| rejected.since),
        rejected.map(|rejected| &rejected.reason),
        rejected.and_then(|rejected| rejected.verdict.as_ref()),
        rejected.and_then(|rejected| rejected.exchange),
        rejected.and_then(|rejected| rejected.last_four.as_ref()),
        misaddressed,
    ];
    execute(c, sql, values)
}

/// Notes that a token was accepted.
pub(crate) fn note_token(c: &Connection, hash: &TokenHash, at: Millis) -> Result<()> {
    let sql = "INSERT INTO token_uses (hash, last_used_at) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET last_used_at = max(last_used_at, excluded.last_used_at)";
    execute(c, sql, params![hash.0.as_slice(), at])
}
