//! Table `tokens`: the hash in force of each directory, and the hashes it replaced.

use rusqlite::{Connection, params};

use super::Result;
use super::sql::{execute, fetch_all, fetch_optional};
use crate::clock::Millis;
use crate::model::DirectoryKey;
use crate::secret::TokenHash;

/// A token that was made here.
#[derive(Clone, Debug)]
pub(crate) struct TokenRow {
    /// The key of its directory.
    pub(crate) directory: DirectoryKey,
    pub(crate) directory_name: String,
    pub(crate) last_four: String,
    /// `None`: in force.
    pub(crate) retired_at: Option<Millis>,
}

/// Puts a token in force and retires the one before.
pub(crate) fn replace(
    c: &Connection,
    directory: DirectoryKey,
    hash: &TokenHash,
    last_four: &str,
    at: Millis,
) -> Result<()> {
    let sql = "UPDATE tokens SET retired_at = ?2 WHERE directory = ?1 AND retired_at IS NULL";
    execute(c, sql, params![directory, at])?;
    let sql = "INSERT INTO tokens (hash, directory, last_four, created_at) VALUES (?1, ?2, ?3, ?4)";
    execute(c, sql, params![hash.0.as_slice(), directory, last_four, at])
}

/// All tokens, in force or not, by their hashes.
pub(crate) fn all(c: &Connection) -> Result<Vec<(TokenHash, TokenRow)>> {
    let sql = "SELECT t.hash, t.directory, d.name, t.last_four, t.retired_at FROM tokens t JOIN directories d ON d.key = t.directory";
    fetch_all(c, sql, [], |row| {
        let (hash, directory, directory_name, last_four, retired_at) = row.try_into()?;
        Ok((TokenHash(hash), TokenRow { directory, directory_name, last_four, retired_at }))
    })
}

/// When the token in force of a directory was generated.
pub(crate) fn created_at(c: &Connection, directory: DirectoryKey) -> Result<Option<Millis>> {
    let sql = "SELECT created_at FROM tokens WHERE directory = ?1 AND retired_at IS NULL";
    fetch_optional(c, sql, [directory], |row| row.get(0))
}
