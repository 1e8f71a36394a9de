//! Table `tokens`: the hash in force of each directory, and the hashes it replaced.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::clock::Millis;
use crate::secret::TokenHash;

/// A token that was made here.
pub(crate) struct TokenRow {
    /// The key of its directory.
    pub(crate) directory: i64,
    pub(crate) directory_name: String,
    pub(crate) last_four: String,
    /// `None`: in force.
    pub(crate) retired_at: Option<Millis>,
}

/// Puts a token in force and retires the one before.
pub(crate) fn replace(
    c: &Connection,
    directory: i64,
    hash: &TokenHash,
    last_four: &str,
    at: Millis,
) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE tokens SET retired_at = ?2 WHERE directory = ?1 AND retired_at IS NULL")?
        .execute(params![directory, at])?;
    c.prepare_cached("INSERT INTO tokens (hash, directory, last_four, created_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![hash.0.as_slice(), directory, last_four, at])?;
    Ok(())
}

/// The token with this hash, of whatever directory, in force or not.
pub(crate) fn find(c: &Connection, hash: &TokenHash) -> Result<Option<TokenRow>, StoreError> {
    let sql = "SELECT t.hash, t.directory, d.name, t.last_four, t.retired_at FROM tokens t JOIN directories d ON d.key = t.directory
               WHERE t.hash = ?1";
    let found = c
        .prepare_cached(sql)?
        .query_row([hash.0.as_slice()], |row| {
            let stored: [u8; 32] = row.get(0)?;
            let token = TokenRow {
                directory: row.get(1)?,
                directory_name: row.get(2)?,
                last_four: row.get(3)?,
                retired_at: row.get(4)?,
            };
            Ok((TokenHash(stored), token))
        })
        .optional()?;
    // The index compares hashes, which say nothing of the token; the verdict itself takes the same time for every hash.
    Ok(found.filter(|(stored, _)| stored == hash).map(|(_, token)| token))
}

/// Whether a directory has a token in force.
pub(crate) fn has_token(c: &Connection, directory: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tokens WHERE directory = ?1 AND retired_at IS NULL)";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| row.get(0))?)
}

/// When the token in force of a directory was generated.
pub(crate) fn created_at(c: &Connection, directory: i64) -> Result<Option<Millis>, StoreError> {
    let sql = "SELECT created_at FROM tokens WHERE directory = ?1 AND retired_at IS NULL";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| row.get(0)).optional()?)
}
