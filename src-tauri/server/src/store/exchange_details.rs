//! Column `exchanges.details`: the whole of each request and its answer, which only the details show.
//!
//! JSON, compressed with the words that such JSON is made of: the request for one user takes a quarter of its room, and less time to write.

pub(super) mod earlier;

use std::borrow::Cow;

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

/// See [`Said`]. What is not kept, or cannot be unpacked, says nothing: others are searched all the same.
pub(super) fn said(c: &Connection, id: ExchangeId) -> Result<Said> {
    let sql = "SELECT details FROM exchanges WHERE id = ?1 AND details IS NOT NULL";
    let said = fetch_optional(c, sql, [id], |row| Ok(row.get(0)))?.unwrap_or_else(|| Ok(Said::default()));
    Ok(said.unwrap_or_else(|error| {
        tracing::debug!(%id, %error, "what a request says cannot be unpacked");
        Said::default()
    }))
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
    let mut key = search_key(&unescaped(body));
    key.retain(|letter| letter != '"');
    key
}

/// A text of JSON, whole or cut, with the letters that its escapes (`\u00fc`, `\/`) stand for; other escapes stay.
fn unescaped(body: &str) -> Cow<'_, str> {
    let unit = |text: &str| {
        let digits =
            text.strip_prefix("\\u")?.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    if !body.contains("\\u") && !body.contains("\\/") {
        return Cow::Borrowed(body);
    }
    let (mut text, mut rest) = (String::with_capacity(body.len()), body);
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        // What is beyond the first 65,536 letters takes two escapes.
        let units = [unit(rest), rest.get(6..).and_then(unit)].into_iter().map_while(|unit| unit);
        let (letter, length) = match char::decode_utf16(units).next() {
            Some(Ok(letter)) => (Some(letter), 6 * letter.len_utf16()),
            _ if rest.starts_with("\\/") => (Some('/'), 2),
            // Of `\\u00fc`, the first backslash escapes the second.
            _ => (None, rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end)),
        };
        match letter {
            Some(letter) => text.push(letter),
            None => text.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
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
    fn a_body_is_searched_as_it_is_read() {
        for (body, said) in [
            (r#"{"name":"M\u00fcller"}"#, "{name:muller}"),
            // Cut where a log line ends, or no JSON at all.
            (r#"{"name":"M\u00FCller","x"#, "{name:muller,x"),
            (r"https:\/\/ada.example\/a", "https://ada.example/a"),
            (r"\ud83d\udc4b \u00e", "👋 \\u00e"),
            (r"\ud83d x \udc4b", "\\ud83d x \\udc4b"),
            (r"\\u00fc \n\u0041", "\\\\u00fc \\na"),
            (r"C:\\/x \é \", "c:\\\\/x \\e \\"),
            (r#"\u0022a\""#, "a\\"),
            ("", ""),
        ] {
            assert_eq!(said_by(body), said, "{body}");
        }
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
