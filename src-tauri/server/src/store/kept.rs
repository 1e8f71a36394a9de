//! Table `kept`: how many requests are kept and what they take, so that those of some push out no other's.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};

use super::Result;
use super::activity::NONE;
use super::sql::{execute, fetch_all, fetch_optional};
use crate::model::DirectoryKey;

/// With which others a request is kept: whose it is, as far as its token says, and whether that one got what it asked for; or that a person
/// has pinned it. Each kind is kept within bounds of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Sender {
    /// An identity provider's, a person's or the Simulator's.
    #[default]
    Known,
    /// It shows no token that was given out here.
    Stranger,
    /// It shows one that was replaced, or that opens another directory.
    ClosedToken,
    /// A known one's that was answered with an error.
    Failed,
    /// Anybody's that a person has pinned: it stays until it is pinned no more.
    Pinned,
}

impl Sender {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Known, Self::Stranger, Self::ClosedToken, Self::Failed, Self::Pinned];

    /// As it stands in a column.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Known => 0,
            Self::Stranger => 1,
            Self::ClosedToken => 2,
            Self::Failed => 3,
            Self::Pinned => 4,
        }
    }

    /// With which others a request is kept that failed or did not.
    pub(crate) fn answered(self, is_failure: bool) -> Self {
        if self == Self::Known && is_failure { Self::Failed } else { self }
    }
}

impl ToSql for Sender {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.number().into())
    }
}

impl FromSql for Sender {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        Self::ALL.into_iter().find(|sender| sender.number() == number).ok_or(FromSqlError::OutOfRange(number))
    }
}

/// Requests that are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) requests: i64,
    pub(crate) bytes: i64,
}

impl Kept {
    /// One more.
    pub(crate) fn add(&mut self, bytes: i64) {
        self.requests += 1;
        self.bytes += bytes;
    }

    pub(crate) fn negative(self) -> Self {
        Self { requests: -self.requests, bytes: -self.bytes }
    }
}

/// Counts requests of a directory (`None`: of none) that came or went.
pub(crate) fn count(c: &Connection, directory: Option<DirectoryKey>, sender: Sender, kept: Kept) -> Result<()> {
    let sql = "INSERT INTO kept (directory, sender, requests, bytes) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes";
    execute(c, sql, params![directory.unwrap_or(NONE), sender, kept.requests, kept.bytes])
}

/// What is kept of a directory, or of none.
pub(crate) fn of(c: &Connection, directory: Option<DirectoryKey>, sender: Sender) -> Result<Kept> {
    let sql = "SELECT requests, bytes FROM kept WHERE directory = ?1 AND sender = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok(Kept { requests: row.get(0)?, bytes: row.get(1)? });
    Ok(fetch_optional(c, sql, params![directory.unwrap_or(NONE), sender], read)?.unwrap_or_default())
}

/// What is kept of all directories, and of none.
pub(crate) fn of_all(c: &Connection) -> Result<Vec<(Sender, Kept)>> {
    let sql = "SELECT sender, sum(requests), sum(bytes) FROM kept GROUP BY sender";
    fetch_all(c, sql, [], |row| Ok((row.get(0)?, Kept { requests: row.get(1)?, bytes: row.get(2)? })))
}

/// Forgets a directory that is gone, of which nothing is kept.
pub(super) fn forget(c: &Connection, directory: DirectoryKey) -> Result<()> {
    execute(c, "DELETE FROM kept WHERE directory = ?1", [directory])
}
