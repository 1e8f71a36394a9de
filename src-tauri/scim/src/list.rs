//! Lists and their paging, RFC 7644 §3.4.2.

use serde_json::{Value, json};

use crate::ScimError;

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
/// `invalidValue` for what is no integer.
pub fn parse_paging(start_index: Option<&str>, count: Option<&str>) -> Result<Paging, ScimError> {
    let start_index = integer("startIndex", start_index)?.unwrap_or(1).max(1);
    Ok(Paging { start_index, count: integer("count", count)? })
}

/// A list message. `Resources` is there even if it is empty: every identity provider wants it.
pub fn list_response(total: u64, start_index: u64, resources: Vec<Value>) -> Value {
    json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A list message of a page by cursor, RFC 9865 §2. The first page has no `previousCursor`, the last no `nextCursor`.
pub fn cursor_list_response(total: u64, previous: Option<&str>, next: Option<&str>, resources: Vec<Value>) -> Value {
    let mut message = json!({ "schemas": [LIST_RESPONSE], "totalResults": total, "itemsPerPage": resources.len() });
    for (name, cursor) in [("previousCursor", previous), ("nextCursor", next)] {
        if let Some(cursor) = cursor {
            message[name] = cursor.into();
        }
    }
    message["Resources"] = resources.into();
    message
}

fn integer(name: &str, text: Option<&str>) -> Result<Option<u64>, ScimError> {
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
    use super::*;

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
