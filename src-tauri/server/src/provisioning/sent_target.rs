//! A request target that was not percent-encoded, as `listener/request_line.rs` found it.

use std::collections::BTreeSet;

use axum::http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use scim::{Notes, Policy, Result, ScimError};

/// The target of a request as it was sent; in its head stands what it was read as. One of the head's extensions.
#[derive(Clone, Debug)]
pub(crate) struct SentTarget(pub(crate) String);

/// What stands in no path and no query as it is (RFC 3986 §3.3), nor does what is not ASCII. Square brackets are not among it, which browsers
/// leave as they are.
const NOT_ALLOWED: &[u8] = b" \"#<>\\^`{|}";

/// The same, to be encoded. What is not ASCII always is.
const ENCODED: &AsciiSet = &{
    let (mut set, mut place) = (AsciiSet::EMPTY, 0);
    while place < NOT_ALLOWED.len() {
        set = set.add(NOT_ALLOWED[place]);
        place += 1;
    }
    set
};

/// The section that forbids it.
const SECTION: &str = "RFC 9112 §3.2";

/// Characters that are named at the most.
const NAMED: usize = 4;

impl SentTarget {
    /// A target with everything encoded that has to be, and as it was; `None`: there is nothing to encode.
    pub(crate) fn encode(target: &[u8]) -> Option<(String, Self)> {
        if target.iter().all(|byte| byte.is_ascii() && !NOT_ALLOWED.contains(byte)) {
            return None;
        }
        Some((percent_encode(target, ENCODED).to_string(), Self(String::from_utf8_lossy(target).into_owned())))
    }
}

/// The target as it was sent; `None`: as it stands in the head.
pub(super) fn of(head: &Parts) -> Option<&str> {
    head.extensions.get::<SentTarget>().map(|target| target.0.as_str())
}

/// Notes that a target was not encoded.
///
/// # Errors
/// 400 where a directory is strict.
pub(super) fn check(head: &Parts, policy: &Policy, notes: &mut Notes) -> Result<()> {
    let Some(target) = of(head) else { return Ok(()) };
    let is_unencoded = |c: &char| u8::try_from(*c).map_or(true, |byte| !byte.is_ascii() || NOT_ALLOWED.contains(&byte));
    let characters: BTreeSet<char> = target.chars().filter(is_unencoded).collect();
    let listed: Vec<String> = characters.iter().take(NAMED).map(|c| listed(*c)).collect();
    let listed = listed.join(", ");
    if policy.is_strict() {
        let detail =
            format!("The request target has characters that have to be percent-encoded: {listed} ({SECTION}).");
        return Err(ScimError::invalid_syntax(detail));
    }
    let text = format!("The request target was not percent-encoded; it was read as if it were: {listed}.");
    notes.add("target-not-encoded", SECTION, text);
    Ok(())
}

/// `a space as %20`, `'"' as %22`.
fn listed(c: char) -> String {
    let mut text = [0; 4];
    let text = c.encode_utf8(&mut text);
    let encoded = utf8_percent_encode(text, NON_ALPHANUMERIC);
    if c == ' ' { format!("a space as {encoded}") } else { format!("'{c}' as {encoded}") }
}
