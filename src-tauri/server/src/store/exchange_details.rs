//! Table `exchange_details`: the whole of each request and its answer, which only the details show.

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::exchanges::NewExchange;
use super::sql::{fetch_optional, json};
use crate::facts::ExchangeDetails;
use crate::model::{Authorization, ExchangeId, Message};

/// Bytes from which on a body is compressed: a page of 100 users takes an eighth of its room then, and less time to write.
const COMPRESSED_FROM: usize = 4 << 10;

/// Bytes of a body at the most, so that a damaged length asks for no memory.
const LONGEST: usize = 1 << 20;

/// Stores what belongs to a row of `exchanges` that is there already.
pub(super) fn insert(c: &Connection, new: &NewExchange) -> Result<(), StoreError> {
    let (request, response) = (StoredBody::of(&new.request), StoredBody::of(&new.response));
    c.prepare_cached(
        "INSERT INTO exchange_details (id, target, client, came_through, notes, auth, request_headers, request_body, request_bytes,
         request_is_cut, response_headers, response_body, response_bytes, response_is_cut, request_compressed, response_compressed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        new.id,
        new.target,
        new.client,
        new.came_through,
        serde_json::to_string(&new.notes)?,
        serde_json::to_string(&new.authorization)?,
        serde_json::to_string(&new.request.headers)?,
        request.text,
        new.request.body_bytes,
        new.request.is_truncated,
        serde_json::to_string(&new.response.headers)?,
        response.text,
        new.response.body_bytes,
        new.response.is_truncated,
        request.compressed,
        response.compressed,
    ])?;
    Ok(())
}

/// Tells the verdict on a token in other words.
pub(super) fn set_authorization(
    c: &Connection,
    id: ExchangeId,
    authorization: &Authorization,
) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE exchange_details SET auth = ?2 WHERE id = ?1")?
        .execute(params![id, serde_json::to_string(authorization)?])?;
    Ok(())
}

pub(crate) fn by_id(c: &Connection, id: ExchangeId) -> Result<Option<ExchangeDetails>, StoreError> {
    let sql = "SELECT target, client, came_through, notes, auth, request_headers, request_body, request_bytes, request_is_cut,
               request_compressed, response_headers, response_body, response_bytes, response_is_cut, response_compressed
               FROM exchange_details WHERE id = ?1";
    let read = |row: &Row<'_>| {
        Ok(ExchangeDetails {
            target: row.get(0)?,
            client: row.get(1)?,
            came_through: row.get(2)?,
            notes: json(row, 3)?,
            authorization: json(row, 4)?,
            request: message(row, 5)?,
            response: message(row, 10)?,
        })
    };
    fetch_optional(c, sql, [id], read)
}

/// Of the five columns from `first` on.
fn message(row: &Row<'_>, first: usize) -> rusqlite::Result<Message> {
    let compressed: Option<Vec<u8>> = row.get(first + 4)?;
    Ok(Message {
        headers: json(row, first)?,
        body: match compressed {
            Some(compressed) => Some(decompressed(&compressed).ok_or(FromSqlError::InvalidType)?),
            None => row.get(first + 1)?,
        },
        body_bytes: row.get(first + 2)?,
        is_truncated: row.get(first + 3)?,
    })
}

/// A body as it is stored: one of both, or none.
struct StoredBody<'a> {
    text: Option<&'a str>,
    compressed: Option<Vec<u8>>,
}

impl<'a> StoredBody<'a> {
    fn of(message: &'a Message) -> Self {
        let text = message.body.as_deref();
        match text.filter(|text| text.len() >= COMPRESSED_FROM) {
            Some(long) => Self { text: None, compressed: Some(lz4_flex::compress_prepend_size(long.as_bytes())) },
            None => Self { text, compressed: None },
        }
    }
}

/// The text of a compressed body; `None`: it is damaged.
fn decompressed(stored: &[u8]) -> Option<String> {
    let (length, block) = lz4_flex::block::uncompressed_size(stored).ok().filter(|(length, _)| *length <= LONGEST)?;
    String::from_utf8(lz4_flex::decompress(block, length).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_as_they_were_stored() {
        let long = r#"{"userName":"ada@example.com","emails":[{"value":"ada@example.com"}]}"#.repeat(500);
        for text in [None, Some(""), Some("{}"), Some(long.as_str()), Some(&long[..COMPRESSED_FROM])] {
            let message =
                Message { headers: Vec::new(), body: text.map(str::to_owned), body_bytes: 0, is_truncated: false };
            let StoredBody { text: stored, compressed } = StoredBody::of(&message);
            let read = compressed.map(|compressed| decompressed(&compressed).expect("a body"));
            assert_eq!(read.as_deref().or(stored), text);
        }
        let compressed = lz4_flex::compress_prepend_size(long.as_bytes());
        assert!(compressed.len() * 8 < long.len(), "{} bytes", compressed.len());
    }

    #[test]
    fn a_damaged_body_is_none() {
        let whole = lz4_flex::compress_prepend_size("x".repeat(10_000).as_bytes());
        let cut = &whole[..whole.len() / 2];
        let endless = [&u32::MAX.to_le_bytes(), &whole[4..]].concat();
        let no_text = lz4_flex::compress_prepend_size(&[0xff; 10_000]);
        for damaged in [&[][..], &whole[..3], cut, &endless, &no_text] {
            assert_eq!(decompressed(damaged), None, "{} bytes", damaged.len());
        }
    }
}
