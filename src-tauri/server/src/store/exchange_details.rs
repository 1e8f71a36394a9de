//! Table `exchange_details`: the whole of each request and its answer, which only the details show.

use rusqlite::types::{FromSqlError, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::StoreError;
use super::exchanges::NewExchange;
use super::sql::json;
use crate::facts::ExchangeDetails;
use crate::model::{Authorization, Message};

/// Bytes from which on a body is compressed: a page of 100 users takes an eighth of its room then, and less time to write.
const COMPRESSED_FROM: usize = 4 << 10;

/// Bytes of a body at the most, so that a damaged length asks for no memory.
const LONGEST: usize = 1 << 20;

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
        StoredBody(new.request.body.as_deref()),
        new.request.body_bytes,
        new.request.is_truncated,
        serde_json::to_string(&new.response.headers)?,
        StoredBody(new.response.body.as_deref()),
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
        body: body(row, first + 1)?,
        body_bytes: row.get(first + 2)?,
        is_truncated: row.get(first + 3)?,
    })
}

/// A body as it is stored.
struct StoredBody<'a>(Option<&'a str>);

impl ToSql for StoredBody<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            None => ToSqlOutput::Borrowed(ValueRef::Null),
            Some(text) if text.len() < COMPRESSED_FROM => text.into(),
            Some(text) => lz4_flex::compress_prepend_size(text.as_bytes()).into(),
        })
    }
}

fn body(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<String>> {
    let ValueRef::Blob(stored) = row.get_ref(index)? else { return row.get(index) };
    let unreadable = || rusqlite::Error::from(FromSqlError::InvalidType);
    let (length, block) = lz4_flex::block::uncompressed_size(stored).map_err(|_| unreadable())?;
    if length > LONGEST {
        return Err(unreadable());
    }
    let text = lz4_flex::decompress(block, length).map_err(|_| unreadable())?;
    String::from_utf8(text).map(Some).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &dyn ToSql) -> rusqlite::Result<Option<String>> {
        let c = Connection::open_in_memory().expect("a database");
        c.query_row("SELECT ?1", [value], |row| body(row, 0))
    }

    #[test]
    fn bodies_are_read_as_they_were_stored() {
        let long = r#"{"userName":"ada@example.com","emails":[{"value":"ada@example.com"}]}"#.repeat(500);
        for text in [None, Some(""), Some("{}"), Some(long.as_str()), Some(&long[..COMPRESSED_FROM])] {
            assert_eq!(read(&StoredBody(text)).expect("a body").as_deref(), text);
        }
        assert_eq!(read(&"of a version before").expect("a body").as_deref(), Some("of a version before"));
        let compressed = lz4_flex::compress_prepend_size(long.as_bytes());
        assert!(compressed.len() * 8 < long.len(), "{} bytes", compressed.len());
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let whole = lz4_flex::compress_prepend_size("x".repeat(10_000).as_bytes());
        let cut = &whole[..whole.len() / 2];
        let endless = [&u32::MAX.to_le_bytes(), &whole[4..]].concat();
        let no_text = lz4_flex::compress_prepend_size(&[0xff; 10_000]);
        for damaged in [&[][..], &whole[..3], cut, &endless, &no_text] {
            assert!(read(&damaged).is_err(), "{} bytes", damaged.len());
        }
    }
}
