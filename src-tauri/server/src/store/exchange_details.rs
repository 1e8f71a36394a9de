//! Table `exchange_details`: the whole of each request and its answer, which only the details show.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::exchanges::NewExchange;
use super::sql::json;
use crate::facts::ExchangeDetails;
use crate::model::{Authorization, Message};

/// Stores what belongs to a row of `exchanges` that is there already.
pub(super) fn insert(c: &Connection, new: &NewExchange) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO exchange_details (id, target, client, came_through, notes, auth, request_headers, request_body, request_bytes,
         request_is_cut, response_headers, response_body, response_bytes, response_is_cut)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        new.id,
        new.target,
        new.client,
        new.came_through,
        serde_json::to_string(&new.notes)?,
        serde_json::to_string(&new.authorization)?,
        serde_json::to_string(&new.request.headers)?,
        new.request.body,
        new.request.body_bytes,
        new.request.is_truncated,
        serde_json::to_string(&new.response.headers)?,
        new.response.body,
        new.response.body_bytes,
        new.response.is_truncated,
    ])?;
    Ok(())
}

/// Tells the verdict on a token in other words.
pub(super) fn set_authorization(c: &Connection, id: i64, authorization: &Authorization) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE exchange_details SET auth = ?2 WHERE id = ?1")?
        .execute(params![id, serde_json::to_string(authorization)?])?;
    Ok(())
}

pub(crate) fn by_id(c: &Connection, id: i64) -> Result<Option<ExchangeDetails>, StoreError> {
    let sql = "SELECT target, client, came_through, notes, auth, request_headers, request_body, request_bytes, request_is_cut,
               response_headers, response_body, response_bytes, response_is_cut FROM exchange_details WHERE id = ?1";
    let read = |row: &Row<'_>| {
        Ok(ExchangeDetails {
            target: row.get(0)?,
            client: row.get(1)?,
            came_through: row.get(2)?,
            notes: json(row, 3)?,
            authorization: json(row, 4)?,
            request: message(row, 5)?,
            response: message(row, 9)?,
        })
    };
    Ok(c.prepare_cached(sql)?.query_row([id], read).optional()?)
}

/// Of the four columns from `first` on.
fn message(row: &Row<'_>, first: usize) -> rusqlite::Result<Message> {
    Ok(Message {
        headers: json(row, first)?,
        body: row.get(first + 1)?,
        body_bytes: row.get(first + 2)?,
        is_truncated: row.get(first + 3)?,
    })
}
