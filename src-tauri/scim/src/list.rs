//! Lists and their paging, RFC 7644 §3.4.2.

use serde_json::Value;

use crate::{Result, ScimError};

/// The URN of the list message.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A page by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub start_index: u64,
    /// At the most; `None`: the server decides.
    pub count: Option<u64>,
}

/// Reads `startIndex` (below 1 means 1) and `count` (below 0 means 0), RFC 7644 §3.4.2.4.
///
/// # Errors
/// `invalidValue` for what is not an integer.
pub fn parse_paging(start_index: Option<&str>, count: Option<&str>) -> Result<Paging> {
    let start_index = integer("startIndex", start_index)?.unwrap_or(1).max(1);
    Ok(Paging { start_index, count: integer("count", count)? })
}

/// Where a page of a list is.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'a> {
    /// RFC 7644 §3.4.2.4: the first of them, from 1.
    From(u64),
    /// RFC 9865 §2. The first page has no `previous`, the last no `next`.
    Between {
        /// Where the page before begins.
        previous: Option<&'a str>,
        /// Where the page after begins.
        next: Option<&'a str>,
    },
}

/// The JSON text of a list message; `resources` are JSON texts. `Resources` is there even if it is empty: every identity provider wants it.
pub fn list_response(total: u64, listed: Listed<'_>, resources: &[String]) -> String {
    let mut text = String::with_capacity(256 + resources.iter().map(|resource| resource.len() + 1).sum::<usize>());
    text.push_str(&format!(r#"{{"schemas":["{LIST_RESPONSE}"],"totalResults":{total},"#));
    if let Listed::From(start_index) = listed {
        text.push_str(&format!(r#""startIndex":{start_index},"#));
    }
    text.push_str(&format!(r#""itemsPerPage":{},"#, resources.len()));
    if let Listed::Between { previous, next } = listed {
        for (name, cursor) in [("previousCursor", previous), ("nextCursor", next)] {
            if let Some(cursor) = cursor {
                text.push_str(&format!(r#""{name}":{},"#, Value::from(cursor)));
            }
        }
    }
    text.push_str(r#""Resources":["#);
    for (index, resource) in resources.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(resource);
    }
    text.push_str("]}");
    text
}

fn integer(name: &str, text: Option<&str>) -> Result<Option<u64>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScimError::invalid_value(format!("{name} must be an integer, not {text:?}.")));
    }
    // More than an integer holds is more than there can be.
    Ok(Some(if text.starts_with('-') { 0 } else { digits.parse().unwrap_or(i64::MAX as u64) }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_message_is_json() {
        let texts = [r#"{"id":"1"}"#.to_owned(), r#"{"id":"2"}"#.to_owned()];
        let resources = json!([{"id": "1"}, {"id": "2"}]);
        let by_index = json!({
            "schemas": [LIST_RESPONSE], "totalResults": 7, "startIndex": 3, "itemsPerPage": 2, "Resources": resources,
        });
        assert_eq!(list_response(7, Listed::From(3), &texts), by_index.to_string());
        let by_cursor = json!({
            "schemas": [LIST_RESPONSE], "totalResults": 7, "itemsPerPage": 2, "nextCursor": "a\"b", "Resources": resources,
        });
        let listed = Listed::Between { previous: None, next: Some("a\"b") };
        assert_eq!(list_response(7, listed, &texts), by_cursor.to_string());
        let none = json!({
            "schemas": [LIST_RESPONSE], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": [],
        });
        assert_eq!(list_response(0, Listed::From(1), &[]), none.to_string());
    }

    #[test]
    fn paging_is_read() {
        for (start, count, expected) in [
            (None, None, Ok((1, None))),
            (Some("0"), Some("-3"), Ok((1, Some(0)))),
            (Some("101"), Some("100"), Ok((101, Some(100)))),
            (Some("-5"), Some(""), Ok((1, None))),
            (Some("99999999999999999999"), None, Ok((i64::MAX as u64, None))),
            (Some("x"), None, Err(())),
            (None, Some("1.5"), Err(())),
        ] {
            let read = parse_paging(start, count).map(|paging| (paging.start_index, paging.count)).map_err(|_| ());
            assert_eq!(read, expected, "{start:?} {count:?}");
        }
    }
}
