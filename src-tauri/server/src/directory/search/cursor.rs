//! Cursors, RFC 9865: where a page begins, opaque to the client. A cursor names the resource at the edge of a page and not a number of
//! resources, so it stays right while others come and go.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use scim::{ScimError, SortKey};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::clock::Millis;
use crate::model::{DirectoryId, ResourceKey, ResourceKind};
use crate::secret::{ProofKey, base64url};

/// How long a cursor is good for.
pub(crate) const CURSOR_LIFE_SECONDS: u64 = 3_600;

/// Bytes of the code that tells a cursor that was made here, for one directory, from any other text.
const CODE: usize = 16;

/// The edge of a page and the direction in which the next one lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// As it was sent; it is not looked at before [`Cursor::check`].
    #[serde(skip)]
    code: [u8; CODE],
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
        Self { code: [0; CODE], position, direction, fingerprint, issued_at }
    }

    /// The text for a client of a directory.
    pub(super) fn to_text(&self, key: &ProofKey, directory: &DirectoryId) -> String {
        let mut bytes = self.code(key, directory).to_vec();
        bytes.extend(self.content());
        base64url(&bytes)
    }

    fn content(&self) -> Vec<u8> {
        // Serializing to a string fails for no value of this type; if it did, the cursor would be refused as invalid.
        serde_json::to_vec(self).unwrap_or_default()
    }

    fn code(&self, key: &ProofKey, directory: &DirectoryId) -> [u8; CODE] {
        let mut message = format!("cursor\0{directory}\0").into_bytes();
        message.extend(self.content());
        let mut code = [0; CODE];
        code.copy_from_slice(&key.code(&message)[..CODE]);
        code
    }

    /// Reads what a client sends back. Who made it is not known before [`Cursor::check`].
    ///
    /// # Errors
    /// `invalidCursor` for what never was one.
    pub(crate) fn parse(text: &str) -> Result<Self, ScimError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| not_from_here())?;
        let (code, content) = bytes.split_first_chunk().ok_or_else(not_from_here)?;
        let cursor: Self = serde_json::from_slice(content).map_err(|_| not_from_here())?;
        Ok(Self { code: *code, ..cursor })
    }

    /// Whether it was made here for this directory, and may be used for this query, now.
    ///
    /// # Errors
    /// `invalidCursor` for another directory or query, and after a restart; `expiredCursor` after [`CURSOR_LIFE_SECONDS`].
    pub(super) fn check(
        &self,
        key: &ProofKey,
        directory: &DirectoryId,
        fingerprint: u64,
        now: Millis,
    ) -> Result<(), ScimError> {
        if !bool::from(self.code.ct_eq(&self.code(key, directory))) {
            return Err(not_from_here());
        }
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

fn not_from_here() -> ScimError {
    ScimError::invalid_cursor(
        "This is not a cursor of this server. Begin again with an empty one, then send nextCursor as it came.",
    )
}

#[cfg(test)]
mod tests {
    use scim::ScimType;

    use super::*;

    fn cursor() -> Cursor {
        let position = Position { kind: ResourceKind::User, key: ResourceKey(7), sort_key: SortKey::Missing };
        Cursor::new(position, Direction::After, 42, 1_000)
    }

    fn here() -> DirectoryId {
        "here".into()
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let key = ProofKey::generate();
        let back = Cursor::parse(&cursor().to_text(&key, &here())).expect("it is one");
        assert_eq!(Cursor { code: [0; CODE], ..back.clone() }, cursor());
        assert!(back.check(&key, &here(), 42, 1_000 + 3_600_000).is_ok());
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let altered = cursor().to_text(&ProofKey::generate(), &here()).replace(|c: char| c.is_ascii_uppercase(), "A");
        for text in ["x", "", "AAAAAAAAAAAAAAAA", "ä", altered.as_str()] {
            let error = Cursor::parse(text).expect_err(text);
            assert_eq!(error.scim_type, Some(ScimType::InvalidCursor), "{text}");
        }
    }

    #[test]
    fn a_cursor_is_good_for_one_directory_one_query_and_one_hour() {
        let key = ProofKey::generate();
        let sent = Cursor::parse(&cursor().to_text(&key, &here())).expect("it is one");
        let of_another = Cursor::parse(&cursor().to_text(&ProofKey::generate(), &here())).expect("it reads like one");
        let moved = Cursor { issued_at: 2_000, ..sent.clone() };
        for (cursor, directory, fingerprint, now, expected) in [
            (&sent, here(), 43, 1_000, ScimType::InvalidCursor),
            (&sent, here(), 42, 1_001 + 3_600_000, ScimType::ExpiredCursor),
            (&sent, "elsewhere".into(), 42, 1_000, ScimType::InvalidCursor),
            (&of_another, here(), 42, 1_000, ScimType::InvalidCursor),
            (&moved, here(), 42, 1_000, ScimType::InvalidCursor),
        ] {
            let error = cursor.check(&key, &directory, fingerprint, now).expect_err("a refusal");
            assert_eq!(error.scim_type, Some(expected), "{directory} {fingerprint} {now}");
        }
    }
}
