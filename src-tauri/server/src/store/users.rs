//! Table `users` and the look-up of users by e-mail address, `user_emails`.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use scim::Resource;

use super::{StoreError, catalog};
use crate::clock::Millis;

/// A stored user.
#[derive(Clone, Debug)]
pub(crate) struct UserRecord {
    /// 0 before it is inserted.
    pub(crate) key: i64,
    pub(crate) id: String,
    pub(crate) user_name: String,
    pub(crate) external_id: Option<String>,
    pub(crate) display_name: String,
    pub(crate) active: bool,
    /// The resource without `id`, `meta` and `groups`.
    pub(crate) body: Resource,
    pub(crate) version: i64,
    pub(crate) source: String,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
    pub(crate) last_change: i64,
}

/// Users that an index finds. Text is compared in lower case where it says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum UserTerm {
    Id(String),
    /// Lower case.
    UserName(String),
    ExternalId(String),
    /// Lower case.
    Email(String),
    Active(bool),
    ModifiedFrom(Millis),
    ModifiedUntil(Millis),
}

const COLUMNS: &str = "key, id, user_name, external_id, display_name, active, body, version, source, created_at, modified_at, last_change";

/// The lower-case form that look-ups compare.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

pub(crate) fn insert(c: &Connection, directory: i64, user: &UserRecord) -> Result<i64, StoreError> {
    c.prepare_cached(
        "INSERT INTO users (directory, id, user_name, user_name_key, external_id, display_name, display_key, active, body, version, source,
         created_at, modified_at, last_change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        directory,
        user.id,
        user.user_name,
        fold(&user.user_name),
        user.external_id,
        user.display_name,
        fold(&user.display_name),
        user.active,
        serde_json::to_string(&user.body)?,
        user.version,
        user.source,
        user.created_at,
        user.modified_at,
        user.last_change,
    ])?;
    let key = c.last_insert_rowid();
    index_emails(c, directory, key, &user.body)?;
    catalog::put_user(c, directory, user)?;
    Ok(key)
}

pub(crate) fn update(c: &Connection, directory: i64, user: &UserRecord) -> Result<(), StoreError> {
    c.prepare_cached(
        "UPDATE users SET user_name = ?2, user_name_key = ?3, external_id = ?4, display_name = ?5, display_key = ?6, active = ?7, body = ?8,
         version = ?9, modified_at = ?10, last_change = ?11 WHERE key = ?1",
    )?
    .execute(params![
        user.key,
        user.user_name,
        fold(&user.user_name),
        user.external_id,
        user.display_name,
        fold(&user.display_name),
        user.active,
        serde_json::to_string(&user.body)?,
        user.version,
        user.modified_at,
        user.last_change,
    ])?;
    c.prepare_cached("DELETE FROM user_emails WHERE user = ?1")?.execute([user.key])?;
    index_emails(c, directory, user.key, &user.body)?;
    catalog::put_user(c, directory, user)
}

pub(crate) fn delete(c: &Connection, key: i64) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM users WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Ids and names of those that somebody created: `Simulator`.
pub(crate) fn of_source(c: &Connection, directory: i64, source: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT id, user_name FROM users WHERE directory = ?1 AND source = ?2 ORDER BY key";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map(params![directory, source], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(c: &Connection, directory: i64, id: &str) -> Result<Option<UserRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE directory = ?1 AND id = ?2");
    Ok(c.prepare_cached(&sql)?.query_row(params![directory, id], read_row).optional()?)
}

pub(crate) fn by_key(c: &Connection, key: i64) -> Result<Option<UserRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE key = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([key], read_row).optional()?)
}

pub(crate) fn by_user_name(c: &Connection, directory: i64, user_name: &str) -> Result<Option<UserRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE directory = ?1 AND user_name_key = ?2");
    Ok(c.prepare_cached(&sql)?.query_row(params![directory, fold(user_name)], read_row).optional()?)
}

/// The id of another user with this `externalId`. `except` is a key; 0 for none.
pub(crate) fn id_by_external_id(
    c: &Connection,
    directory: i64,
    external_id: &str,
    except: i64,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM users WHERE directory = ?1 AND external_id = ?2 AND key <> ?3 LIMIT 1";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, external_id, except], |row| row.get(0)).optional()?)
}

/// A window of all users, in the order in which they were created.
pub(crate) fn page(c: &Connection, directory: i64, offset: u64, limit: u64) -> Result<Vec<UserRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE directory = ?1 ORDER BY key LIMIT ?2 OFFSET ?3");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params![directory, clamp(limit), clamp(offset)], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls `visit` with each user that meets all `terms`, in the order in which they were created.
pub(crate) fn each(
    c: &Connection,
    directory: i64,
    terms: &[UserTerm],
    mut visit: impl FnMut(UserRecord),
) -> Result<(), StoreError> {
    let mut sql = format!("SELECT {COLUMNS} FROM users WHERE directory = ?");
    let mut values = vec![SqlValue::from(directory)];
    for term in terms {
        let (condition, value) = match term {
            UserTerm::Id(id) => ("id = ?", SqlValue::from(id.clone())),
            UserTerm::UserName(name) => ("user_name_key = ?", name.clone().into()),
            UserTerm::ExternalId(id) => ("external_id = ?", id.clone().into()),
            UserTerm::Email(value) => {
                values.push(directory.into());
                ("key IN (SELECT user FROM user_emails WHERE directory = ? AND value_key = ?)", value.clone().into())
            }
            UserTerm::Active(active) => ("active = ?", i64::from(*active).into()),
            UserTerm::ModifiedFrom(at) => ("modified_at >= ?", (*at).into()),
            UserTerm::ModifiedUntil(at) => ("modified_at <= ?", (*at).into()),
        };
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value);
    }
    sql.push_str(" ORDER BY key");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read_row)?;
    for row in rows {
        visit(row?);
    }
    Ok(())
}

/// SQLite's integers are signed; nobody has that many users.
pub(super) fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A stored JSON column. `index` is its position among the columns.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error)))
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<UserRecord> {
    Ok(UserRecord {
        key: row.get(0)?,
        id: row.get(1)?,
        user_name: row.get(2)?,
        external_id: row.get(3)?,
        display_name: row.get(4)?,
        active: row.get(5)?,
        body: json(row, 6)?,
        version: row.get(7)?,
        source: row.get(8)?,
        created_at: row.get(9)?,
        modified_at: row.get(10)?,
        last_change: row.get(11)?,
    })
}

fn index_emails(c: &Connection, directory: i64, user: i64, body: &Resource) -> Result<(), StoreError> {
    let emails = body.get("emails").and_then(|emails| emails.as_array()).map(Vec::as_slice).unwrap_or_default();
    let mut statement =
        c.prepare_cached("INSERT OR IGNORE INTO user_emails (directory, value_key, user) VALUES (?1, ?2, ?3)")?;
    for value in emails.iter().filter_map(|email| email.get("value")?.as_str()) {
        statement.execute(params![directory, fold(value), user])?;
    }
    Ok(())
}
