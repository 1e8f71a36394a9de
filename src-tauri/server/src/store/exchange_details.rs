//! Column `exchanges.details`: the whole of each request and its answer, which only the details show.
//!
//! JSON, compressed with the words that such JSON is made of: the request for one user takes a quarter of its room, and less time to write.

pub(super) mod earlier;

use lz4_flex::block::{compress_prepend_size_with_dict, decompress_with_dict, uncompressed_size};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, params};
use scim::search_key;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Result;
use super::sql::{execute, fetch_optional};
use crate::facts::ExchangeDetails;
use crate::model::{Authorization, ExchangeId};

/// What most requests have in them. Never to be changed without a step that packs again what was packed with it.
const DICTIONARY: &[u8] = include_bytes!("exchange_details/dictionary.txt");

/// Bytes of JSON at the most, so that a damaged length asks for no memory: two bodies of which every character is escaped, and headers.
const LONGEST: usize = 8 << 20;

/// As it is stored: an LZ4 block behind its length.
pub(super) fn pack(details: &ExchangeDetails) -> Result<Vec<u8>, serde_json::Error> {
    Ok(compress_prepend_size_with_dict(&serde_json::to_vec(details)?, DICTIONARY))
}

/// The whole of a request; `None`: it is not kept.
pub(crate) fn by_id(c: &Connection, id: ExchangeId) -> Result<Option<ExchangeDetails>> {
    let sql = "SELECT details FROM exchanges WHERE id = ?1 AND details IS NOT NULL";
    fetch_optional(c, sql, [id], |row| row.get(0))
}

/// What a request says beside what lists show of it, as search keys. Double quotes do not count: JSON has them around each name.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) client: String,
    /// Of the request and of the answer.
    pub(super) bodies: [String; 2],
}

/// See [`Said`]; `None`: it is not kept.
pub(super) fn said(c: &Connection, id: ExchangeId) -> Result<Option<Said>> {
    let sql = "SELECT details FROM exchanges WHERE id = ?1 AND details IS NOT NULL";
    fetch_optional(c, sql, [id], |row| row.get(0))
}

impl FromSql for Said {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        // Headers, most of it, are not even unescaped.
        #[derive(Deserialize)]
        struct Details {
            client: Option<String>,
            request: Body,
            response: Body,
        }
        #[derive(Deserialize)]
        struct Body {
            body: Option<String>,
        }
        let Details { client, request, response } = unpack(value)?;
        let bodies = [request, response].map(|Body { body }| body.map(|body| said_by(&body)).unwrap_or_default());
        Ok(Self { client: search_key(&client.unwrap_or_default()), bodies })
    }
}

/// The search key of a body. Letters that some clients escape (`M\u00fcller`) are what a person reads.
fn said_by(body: &str) -> String {
    let unescaped = body.contains("\\u").then(|| serde_json::from_str::<serde_json::Value>(body).ok()).flatten();
    let mut key = unescaped.map_or_else(|| search_key(body), |json| search_key(&json.to_string()));
    key.retain(|letter| letter != '"');
    key
}

/// Tells the verdict on a token in other words.
pub(super) fn set_authorization(c: &Connection, id: ExchangeId, authorization: &Authorization) -> Result<()> {
    if let Some(details) = by_id(c, id)? {
        let details = ExchangeDetails { authorization: authorization.clone(), ..details };
        execute(c, "UPDATE exchanges SET details = ?2 WHERE id = ?1", params![id, pack(&details)?])?;
    }
    Ok(())
}

impl FromSql for ExchangeDetails {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unpack(value)
    }
}

fn unpack<T: DeserializeOwned>(value: ValueRef<'_>) -> FromSqlResult<T> {
    let (length, block) = uncompressed_size(value.as_blob()?).map_err(FromSqlError::other)?;
    if length > LONGEST {
        return Err(FromSqlError::OutOfRange(i64::try_from(length).unwrap_or(i64::MAX)));
    }
    let json = decompress_with_dict(block, length, DICTIONARY).map_err(FromSqlError::other)?;
    serde_json::from_slice(&json).map_err(FromSqlError::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AuthVerdict, Message};

    fn details(request: Option<&str>, response: Option<&str>) -> ExchangeDetails {
        let message = |body: Option<&str>| Message { body: body.map(str::to_owned), ..Message::default() };
        ExchangeDetails {
            client: Some("Okta SCIM Client 1.0.0".into()),
            request: message(request),
            response: message(response),
            target: "/scim/v2/k3v9tq2mxa/Users".into(),
            authorization: Authorization::new(AuthVerdict::Matched, ""),
            ..ExchangeDetails::default()
        }
    }

    fn unpack(packed: &[u8]) -> FromSqlResult<ExchangeDetails> {
        super::unpack(ValueRef::Blob(packed))
    }

    #[test]
    fn bodies_are_read_as_they_were_stored() {
        let long = r#"{"userName":"ada@example.com","emails":[{"value":"ada@example.com"}]}"#.repeat(500);
        let cut = &long[..4_097];
        for body in [None, Some(""), Some("{}"), Some("\u{1}\"\\ é 👋"), Some(long.as_str()), Some(cut)] {
            for details in [details(body, None), details(None, body), details(body, body)] {
                let packed = pack(&details).expect("it is packed");
                assert_eq!(unpack(&packed).expect("it is there"), details);
            }
        }
        let packed = pack(&details(None, Some(&long))).expect("it is packed");
        assert!(packed.len() * 8 < long.len(), "{} bytes", packed.len());
    }

    #[test]
    fn two_of_the_longest_bodies_are_read_again() {
        // Each character becomes six.
        let longest = "\u{1}".repeat(256 << 10);
        let details = details(Some(&longest), Some(&longest));
        assert_eq!(unpack(&pack(&details).expect("it is packed")).expect("it is there"), details);
    }

    #[test]
    fn damaged_details_are_an_error() {
        let whole = pack(&details(Some("x"), None)).expect("it is packed");
        let cut = &whole[..whole.len() / 2];
        let endless = [&u32::MAX.to_le_bytes(), &whole[4..]].concat();
        let no_json = compress_prepend_size_with_dict(&[0xff; 10_000], DICTIONARY);
        for damaged in [&[][..], &whole[..3], cut, &endless, &no_json] {
            assert!(unpack(damaged).is_err(), "{} bytes", damaged.len());
        }
    }
}
