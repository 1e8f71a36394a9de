//! Cursors, RFC 9865: where a page begins, opaque to the client. A cursor names the resource at the edge of a page and not a number of
//! resources, so it stays right while others come and go.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use scim::{ScimError, SortKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::model::{ResourceKey, ResourceKind};
use crate::secret::base64url;

/// How long a cursor is good for.
pub(crate) const CURSOR_LIFE_SECONDS: u64 = 3_600;

/// Bytes of the checksum that tells a cursor from any other text.
const CHECKSUM: usize = 8;

/// The edge of a page and the direction in which the next one lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    #[serde(rename = "p")]
    pub(super) position: Position,
    #[serde(rename = "d")]
    pub(super) direction: Direction,
    /// Of the query that it belongs to.
    #[serde(rename = "q")]
    fingerprint: u64,
    #[serde(rename = "t")]
    issued_at: Millis,
}

/// A resource's place in a result, which it keeps even when it is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Position {
    #[serde(rename = "r")]
    pub(super) kind: ResourceKind,
    #[serde(rename = "k")]
    pub(super) key: ResourceKey,
    #[serde(rename = "s")]
    pub(super) sort_key: SortKey,
}

/// Which page a cursor leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    /// The page that ends before the position.
    #[serde(rename = "b")]
    Before,
    /// The page that begins after it.
    #[serde(rename = "a")]
    After,
}

impl Cursor {
    pub(super) fn new(position: Position, direction: Direction, fingerprint: u64, issued_at: Millis) -> Self {
        Self { position, direction, fingerprint, issued_at }
    }

    /// The text for a client.
    pub(super) fn to_text(&self) -> String {
        // Serializing to a string fails for no value of this type; if it did, the cursor would be refused as invalid.
        let content = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = checksum(&content).to_vec();
        bytes.extend(content);
        base64url(&bytes)
    }

    /// Reads what a client sends back.
    ///
    /// # Errors
    /// `invalidCursor` for what never was one.
    pub(crate) fn parse(text: &str) -> Result<Self, ScimError> {
        let invalid = || {
            ScimError::invalid_cursor(
                "This is not a cursor of this server. Begin again with an empty one, then send nextCursor as it came.",
            )
        };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let (sum, content) = bytes.split_at_checked(CHECKSUM).ok_or_else(invalid)?;
        if sum != checksum(content) {
            return Err(invalid());
        }
        serde_json::from_slice(content).map_err(|_| invalid())
    }

    /// Whether it may be used for this query, now.
    ///
    /// # Errors
    /// `invalidCursor` for another query, `expiredCursor` after [`CURSOR_LIFE_SECONDS`].
    pub(super) fn check(&self, fingerprint: u64, now: Millis) -> Result<(), ScimError> {
        if self.fingerprint != fingerprint {
            return Err(ScimError::invalid_cursor(
                "The cursor belongs to another query. Endpoint, filter, sortBy and sortOrder have to stay the same from page to page.",
            ));
        }
        let life = i64::try_from(CURSOR_LIFE_SECONDS * 1_000).unwrap_or(i64::MAX);
        if now.saturating_sub(self.issued_at) > life {
            return Err(ScimError::expired_cursor(format!(
                "The cursor is older than {} minutes. Begin again with an empty one.",
                CURSOR_LIFE_SECONDS / 60
            )));
        }
        Ok(())
    }
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&Sha256::digest(content)[..CHECKSUM]);
    sum
}

#[cfg(test)]
mod tests {
    use scim::ScimType;

    use super::*;

    fn cursor() -> Cursor {
        let position = Position { kind: ResourceKind::User, key: ResourceKey(7), sort_key: SortKey::Missing };
        Cursor::new(position, Direction::After, 42, 1_000)
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        assert_eq!(Cursor::parse(&cursor().to_text()), Ok(cursor()));
        assert!(cursor().check(42, 1_000 + 3_600_000).is_ok());
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let altered = cursor().to_text().replace(|c: char| c.is_ascii_uppercase(), "A");
        for text in ["x", "", "AAAAAAAAAAAAAAAA", "ä", altered.as_str()] {
            let error = Cursor::parse(text).expect_err(text);
            assert_eq!(error.scim_type, Some(ScimType::InvalidCursor), "{text}");
        }
    }

    #[test]
    fn a_cursor_is_good_for_one_query_and_one_hour() {
        let refused = |result: Result<(), ScimError>| result.expect_err("a refusal").scim_type;
        assert_eq!(refused(cursor().check(43, 1_000)), Some(ScimType::InvalidCursor));
        assert_eq!(refused(cursor().check(42, 1_001 + 3_600_000)), Some(ScimType::ExpiredCursor));
    }
}
