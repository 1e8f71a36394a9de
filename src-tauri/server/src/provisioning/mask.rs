//! What is kept of an exchange: everything but secrets, and bodies up to a size.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName};
use memchr::{memchr2_iter, memmem};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::guests::GUEST_HEADER;
use crate::model::Message;
use crate::secret::{TOKEN_PREFIX, last_four};

/// Bytes of a body that are kept. 256 KiB shows a group of 2,000 members whole.
const BODY_KEPT: usize = 256 << 10;

/// Characters of a header value or a target that are kept.
pub(super) const TEXT_KEPT: usize = 8 << 10;

/// What stands where a secret stood.
pub(super) const MASK: &str = "••••";

/// What stands behind a body that is kept only up to a password.
pub(super) const HIDDEN: &str = "… (hidden from here on: this is not JSON and mentions a password)";

/// Headers whose values are secrets.
const SECRET_HEADERS: [&str; 5] = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"];

/// A request or an answer as it is kept.
pub(super) fn message(headers: &HeaderMap, body: &[u8]) -> Message {
    // The simulator's mark is no part of what it plays.
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
    cut(without_compared_password(&text).into(), TEXT_KEPT).0
}

/// A filter or path, as it is or in a query, without what comes after the attribute `password`.
fn without_compared_password(text: &str) -> String {
    let Some(mention) = find_ignoring_case(text, "password") else { return text.to_owned() };
    let end = mention + "password".len();
    let rest = &text[end..];
    // A mention alone, as in `attributes=password`, is no secret.
    if !rest.contains(['"', '=']) && find_ignoring_case(rest, "%22").is_none() {
        return text.to_owned();
    }
    format!("{}{MASK}", &text[..end])
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
    let text = without_passwords(String::from_utf8_lossy(body));
    let (text, is_truncated) = cut(without_tokens(text), BODY_KEPT);
    (Some(text), is_truncated)
}

/// A JSON text with the values of `password` masked; as it came if there is none. One that is no JSON but mentions a password is kept
/// only up to there.
fn without_passwords(text: Cow<'_, str>) -> Cow<'_, str> {
    let mention = find_ignoring_case(&text, "password");
    // An escape can spell the name too.
    if mention.is_none() && memmem::find(text.as_bytes(), b"\\u").is_none() {
        return text;
    }
    match (serde_json::from_str::<Value>(&text), mention) {
        (Ok(value), _) => {
            let mut masked = value.clone();
            mask_passwords(&mut masked);
            if masked == value { text } else { masked.to_string().into() }
        }
        (Err(_), None) => text,
        (Err(_), Some(mention)) => format!("{}{HIDDEN}", &text[..mention]).into(),
    }
}

fn mask_passwords(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask_passwords),
        Value::Object(object) => {
            let is_password_operation = object
                .iter()
                .any(|(name, path)| name.eq_ignore_ascii_case("path") && path.as_str().is_some_and(names_password));
            for (name, value) in object.iter_mut() {
                let is_value = name.eq_ignore_ascii_case("value");
                if names_password(name) || (is_password_operation && is_value) {
                    *value = Value::from(MASK);
                } else {
                    mask_passwords(value);
                }
            }
        }
        // A filter, a path, or JSON within a text.
        Value::String(text) => *text = without_compared_password(text),
        _ => {}
    }
}

/// Whether an attribute name, path or URN ends in `password`, or a path has it before a filter or blank.
pub(super) fn names_password(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or_default().trim().to_ascii_lowercase();
    name.rsplit([':', '.']).next() == Some("password")
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

/// Where an ASCII text stands in another, in any letter case.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let first = *needle.first()?;
    memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text)
        .find(|&at| text[at..].get(..needle.len()).is_some_and(|there| there.eq_ignore_ascii_case(needle)))
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

    fn kept(body: &str) -> String {
        message(&HeaderMap::new(), body.as_bytes()).body.expect("a body")
    }

    #[test]
    fn passwords_are_masked_wherever_they_stand() {
        for body in [
            r#"{"userName":"ada","password":"hunter2"}"#,
            r#"{"PassWord":"hunter2"}"#,
            r#"{"Operations":[{"op":"replace","value":{"password":"hunter2"}}]}"#,
            r#"{"Operations":[{"op":"replace","path":"password","value":"hunter2"}]}"#,
            r#"{"urn:ietf:params:scim:schemas:core:2.0:User:password":"hunter2"}"#,
            r#"{"password":{"deep":["hunter2"]}}"#,
            r#"{"password":"hunter2""#,
            r#"{"pass\u0077ord":"hunter2"}"#,
            r#"{"filter":"password eq \"hunter2\""}"#,
            r#"{"Operations":[{"op":"add","path":"emails[Password eq \"hunter2\"].value","value":"a"}]}"#,
            r#"{"Operations":[{"op":"add","path":"x","value":"{\"password\":\"hunter2\"}"}]}"#,
            r#"{"urn:x:ext":{"Password":"hunter2"}}"#,
        ] {
            let kept = kept(body);
            assert!(!kept.contains("hunter2"), "{body} became {kept}");
        }
        for body in [r#"{"a": 1}"#, r#"{"title": "password manager"}"#, r#"{"a": "\u00e9"}"#] {
            assert_eq!(kept(body), body, "a body without secrets is kept as it came");
        }
        for query in ["filter=password eq \"hunter2\"", "filter=PASSWORD%20eq%20%22hunter2%22", "password=hunter2"] {
            let kept = target(&format!("/Users?{query}"));
            assert!(!kept.contains("hunter2") && kept.starts_with("/Users?"), "{query} became {kept}");
        }
        assert_eq!(target("/Users?excludedAttributes=password"), "/Users?excludedAttributes=password");
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
