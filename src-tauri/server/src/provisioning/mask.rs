//! What is kept of an exchange: everything but secrets, and bodies up to a size.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName};
use memchr::memmem;
use percent_encoding::percent_decode_str;
use scim::redact::{self, MASK};

use crate::guests::GUEST_HEADER;
use crate::model::Message;
use crate::secret::{TOKEN_PREFIX, last_four};

/// Bytes of a body that are kept. 256 KiB shows a group of 2,000 members whole.
const BODY_KEPT: usize = 256 << 10;

/// Characters of a header value or a target that are kept.
pub(super) const TEXT_KEPT: usize = 8 << 10;

/// Headers whose values are secrets.
const SECRET_HEADERS: [&str; 5] = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"];

/// A request or an answer as it is kept.
pub(super) fn message(headers: &HeaderMap, body: &[u8]) -> Message {
    // The simulator's mark is not part of what it plays.
    let headers = headers.iter().filter(|(name, _)| *name != GUEST_HEADER).map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), header_value(name, &value))
    });
    let (text, is_truncated) = body_text(body);
    Message { headers: headers.collect(), body: text, body_bytes: body.len() as u64, is_truncated }
}

/// A path or query without tokens and passwords.
pub(super) fn target(text: &str) -> String {
    let tokens = |text: &str| memmem::find_iter(text.as_bytes(), TOKEN_PREFIX).count();
    let decoded = text.contains('%').then(|| percent_decode_str(text).decode_utf8_lossy());
    // One that hides a token behind escapes is kept decoded, so that the token is found.
    let hidden = decoded.filter(|decoded| tokens(decoded) > tokens(text));
    let text = without_tokens(hidden.unwrap_or(text.into()));
    cut(redact::expression(text), TEXT_KEPT).0
}

fn header_value(name: &HeaderName, value: &str) -> String {
    if !SECRET_HEADERS.contains(&name.as_str()) {
        return target(value);
    }
    let mut words: Vec<&str> = value.split(' ').collect();
    let secret = words.pop().unwrap_or_default();
    // The scheme is not secret, and a doubled or missing one is what people look for.
    let schemes: String = words.iter().filter(|word| is_scheme(word)).map(|word| format!("{word} ")).collect();
    format!("{schemes}{MASK}{}", last_four(secret))
}

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "digest", "ssws"].contains(&word.to_ascii_lowercase().as_str())
}

fn body_text(body: &[u8]) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let text = redact::body(String::from_utf8_lossy(body));
    let (text, is_truncated) = cut(without_tokens(text), BODY_KEPT);
    (Some(text), is_truncated)
}

/// Replaces every bearer token of this program by a mask and its last four characters.
fn without_tokens(text: Cow<'_, str>) -> Cow<'_, str> {
    let find = |text: &str| memmem::find(text.as_bytes(), TOKEN_PREFIX.as_bytes());
    if find(&text).is_none() {
        return text;
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(start) = find(rest) {
        let secret = &rest[start + TOKEN_PREFIX.len()..];
        let length = secret.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(secret.len());
        masked.push_str(&rest[..start + TOKEN_PREFIX.len()]);
        masked.push_str(MASK);
        masked.push_str(&last_four(&secret[..length]));
        rest = &secret[length..];
    }
    masked.push_str(rest);
    masked.into()
}

/// The beginning of a text, at most `most` bytes, and whether anything was cut.
fn cut(text: Cow<'_, str>, most: usize) -> (String, bool) {
    let end = text.floor_char_boundary(most);
    let is_cut = end < text.len();
    (if is_cut { text[..end].to_owned() } else { text.into_owned() }, is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_kept_without_passwords() {
        for body in [r#"{"password":"hunter2"}"#, r#"{"password":"hunter2""#] {
            let kept = message(&HeaderMap::new(), body.as_bytes()).body.expect("a body");
            assert!(!kept.contains("hunter2"), "{body} became {kept}");
        }
        assert_eq!(target("/Users?filter=password eq \"hunter2\""), format!("/Users?filter=password{MASK}"));
    }

    #[test]
    fn tokens_are_masked_wherever_they_stand() {
        let token = crate::secret::PlainToken::generate();
        let text = format!("/Users?token={}&x=1", token.reveal());
        assert_eq!(target(&text), format!("/Users?token=scimsetup-••••{}&x=1", token.last_four()));
        let escaped = format!("/Users?token={}", token.reveal().replace('-', "%2D"));
        assert_eq!(target(&escaped), format!("/Users?token=scimsetup-••••{}", token.last_four()));
        let name = HeaderName::from_static("authorization");
        let masked = header_value(&name, &format!("Bearer Bearer {}", token.reveal()));
        assert_eq!(masked, format!("Bearer Bearer ••••{}", token.last_four()));
        assert_eq!(header_value(&name, "hunter2"), "••••");
        assert_eq!(header_value(&name, "Bearer part of secret-that-is-long"), "Bearer ••••long");
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let message = message(&HeaderMap::new(), "ü".repeat(BODY_KEPT).as_bytes());
        assert!(message.is_truncated);
        assert_eq!(message.body_bytes, 2 * BODY_KEPT as u64);
        assert_eq!(message.body.map(|body| body.len()), Some(BODY_KEPT));
    }
}
