//! What is kept of an exchange: everything but secrets, and bodies up to a size.

use std::borrow::Cow;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode_str;
use regex::{Regex, RegexBuilder};
use scim::comparison_key;
use scim::redact::{self, MASK};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::facts::Facts;
use crate::guests::GUEST_HEADER;
use crate::model::{Actor, Authorization, Message, Sentence};
use crate::secret::{TOKEN_PREFIX, count_tokens, last_four, mask_tokens};
use crate::store::exchanges::NewExchange;

/// Bytes of a body that are kept. 256 KiB shows a group of 2,000 members whole.
const BODY_KEPT: usize = 256 << 10;

/// Bytes of a body that is taken apart to find the secrets in it: as values it takes a hundred times its size. Of a longer one, which is cut
/// anyway, nothing is kept behind the first secret.
const PARSED: usize = 1 << 20;

/// Characters of a header value or a target that are kept.
pub(super) const TEXT_KEPT: usize = 8 << 10;

/// Bytes of a secret that is masked wherever it is repeated. A shorter one would be found in words that have nothing to do with it.
const REPEATED: usize = 6;

/// Bytes of the pattern that finds the secrets of a request. Who sends more of them than that has nothing kept of what repeats them.
const PATTERN: usize = 8 << 20;

/// How often a text can be encoded that a secret is still found in.
const ENCODINGS: usize = 3;

/// The secrets of a request, which are masked wherever they are repeated, in any letter case. `None`: it has none but tokens of this program,
/// which are masked always.
pub(super) struct Secrets(Option<Regex>);

impl Secrets {
    /// What a request shows under the name of a secret.
    pub(super) fn of(head: &Parts, body: &[u8]) -> Self {
        let mut found = Vec::new();
        for (name, value) in head.headers.iter().filter(|(name, _)| is_secret(name)) {
            let value = String::from_utf8_lossy(value.as_bytes());
            let is_cookie = name.as_str().ends_with("cookie");
            for word in value.split([' ', '\t', ';', ',']) {
                // Of a cookie its value; elsewhere an equals sign is the end of base64.
                let value = word.split_once('=').filter(|_| is_cookie).map_or(word, |(_, value)| value);
                found.push(value.to_owned());
            }
            found.extend(basic_password(name, &value));
        }
        for (name, value) in form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()) {
            if redact::names_secret(&name) {
                found.push(value.into_owned());
            } else {
                found.extend(redact::secrets(&value));
            }
        }
        found.extend(redact::secrets(&percent_decode_str(head.uri.path()).decode_utf8_lossy()));
        found.extend(redact::secrets(&String::from_utf8_lossy(beginning(body, PARSED))));
        found.retain(|secret| secret.len() >= REPEATED && !is_scheme(secret) && !is_own(secret));
        if found.is_empty() {
            return Self(None);
        }
        // As searches compare it, a text that repeats one may be spelled differently.
        let keys: Vec<_> =
            found.iter().filter(|secret| !secret.is_ascii()).map(|secret| comparison_key(secret)).collect();
        found.extend(keys);
        // Of two that begin alike the longer one.
        found.sort_by_cached_key(|secret| (std::cmp::Reverse(secret.len()), secret.clone()));
        found.dedup();
        let any: Vec<_> = found.iter().map(|secret| regex::escape(secret)).collect();
        let pattern = RegexBuilder::new(&any.join("|")).case_insensitive(true).size_limit(PATTERN).build();
        pattern.map_or_else(|_| Self(Regex::new("(?s).+").ok()), |pattern| Self(Some(pattern)))
    }

    /// Masks them in everything that is stored of a request.
    pub(super) fn mask(&self, exchange: &mut NewExchange) {
        let NewExchange { row, facts, search_text, details, .. } = exchange;
        self.mask_all(row, |row| {
            row.path = MASK.to_owned();
            row.summary = Sentence { text: MASK.to_owned(), ..Sentence::default() };
            row.actor = Actor::Unnamed;
        });
        self.mask_all(facts, |facts| *facts = Facts { operation: facts.operation, ..Facts::default() });
        for text in [&mut search_text.users, &mut search_text.groups, &mut search_text.text] {
            self.mask_text(text);
        }
        let texts =
            [&mut details.client, &mut details.came_through, &mut details.request.body, &mut details.response.body];
        texts.into_iter().flatten().chain([&mut details.target]).for_each(|text| self.mask_text(text));
        let headers = details.request.headers.iter_mut().chain(&mut details.response.headers);
        headers.filter(|(name, _)| !redact::is_secret_header(name)).for_each(|(_, value)| self.mask_text(value));
        details.notes.iter_mut().for_each(|note| self.mask_text(&mut note.text));
        self.mask_all(&mut details.authorization, |authorization| {
            *authorization = Authorization::new(authorization.verdict, MASK);
        });
    }

    pub(super) fn mask_text(&self, text: &mut String) {
        if let Some(masked) = self.masked(text) {
            *text = masked;
        }
    }

    /// Masks them in all texts of a value. `forget` is for one that cannot be read then: a secret that is also a word of ours.
    fn mask_all<T: Serialize + DeserializeOwned>(&self, value: &mut T, forget: impl FnOnce(&mut T)) {
        let Ok(mut json) = serde_json::to_value(&*value) else { return forget(value) };
        if !self.mask_json(&mut json) {
            return;
        }
        match serde_json::from_value(json) {
            Ok(masked) => *value = masked,
            Err(_) => forget(value),
        }
    }

    /// Whether there was one.
    fn mask_json(&self, json: &mut Value) -> bool {
        let mut is_found = false;
        match json {
            Value::Array(items) => items.iter_mut().for_each(|item| is_found |= self.mask_json(item)),
            Value::Object(object) => object.values_mut().for_each(|value| is_found |= self.mask_json(value)),
            Value::String(text) => {
                if let Some(masked) = self.masked(text) {
                    *text = masked;
                    is_found = true;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        is_found
    }

    /// A text without them; `None`: there is none in it, however it is encoded.
    fn masked(&self, text: &str) -> Option<String> {
        let mut masked = self.replaced(text);
        let mut next = decode(masked.as_deref().unwrap_or(text));
        for _ in 0..ENCODINGS {
            let Some(decoded) = next else { break };
            next = match self.replaced(&decoded) {
                // What hides a secret behind an encoding is kept decoded.
                Some(without) => decode(masked.insert(without)),
                None => decode(&decoded),
            };
        }
        masked
    }

    fn replaced(&self, text: &str) -> Option<String> {
        let text = mask_tokens(text.into());
        if let Some(secrets) = &self.0
            && let Cow::Owned(masked) = secrets.replace_all(&text, MASK)
        {
            return Some(masked);
        }
        match text {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        }
    }
}

/// What a text stands for if it is encoded, once; `None`: it is not.
fn decode(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    let decoded =
        if decoded.contains("\\u") || decoded.contains("\\/") { redact::unescaped(&decoded).into() } else { decoded };
    (decoded != text).then(|| decoded.into_owned())
}

/// The password in a header of Basic authentication, RFC 7617.
fn basic_password(name: &HeaderName, value: &str) -> Option<String> {
    use base64::Engine;
    use base64::alphabet;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let (scheme, credentials) = value.split_once([' ', '\t'])?;
    if !name.as_str().ends_with("authorization") || !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = GeneralPurpose::new(&alphabet::STANDARD, config).decode(credentials.trim()).ok()?;
    Some(String::from_utf8_lossy(&decoded).split_once(':')?.1.to_owned())
}

fn is_own(secret: &str) -> bool {
    secret.len() > TOKEN_PREFIX.len()
        && secret[..secret.floor_char_boundary(TOKEN_PREFIX.len())].eq_ignore_ascii_case(TOKEN_PREFIX)
}

fn is_secret(name: &HeaderName) -> bool {
    redact::is_secret_header(name.as_str())
}

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
    let decoded = text.contains('%').then(|| percent_decode_str(text).decode_utf8_lossy());
    // One that hides a token behind escapes is kept decoded, so that the token is found.
    let hidden = decoded.filter(|decoded| count_tokens(decoded) > count_tokens(text));
    let text = mask_tokens(hidden.unwrap_or(text.into()));
    cut(redact::expression(text), TEXT_KEPT).0
}

fn header_value(name: &HeaderName, value: &str) -> String {
    if !is_secret(name) {
        return target(value);
    }
    // The end of what Basic authentication encodes is the end of a password.
    let is_basic = value.split([' ', '\t']).any(|word| word.eq_ignore_ascii_case("basic"));
    let mut words: Vec<&str> = value.split(' ').collect();
    let secret = words.pop().unwrap_or_default();
    // The scheme is not secret, and a doubled or missing one is what people look for.
    let schemes: String = words.iter().filter(|word| is_scheme(word)).map(|word| format!("{word} ")).collect();
    format!("{schemes}{MASK}{}", if is_basic { String::new() } else { last_four(secret) })
}

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "digest", "ssws"].contains(&word.to_ascii_lowercase().as_str())
}

fn body_text(body: &[u8]) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let text = redact::body(String::from_utf8_lossy(beginning(body, BODY_KEPT)));
    let (text, is_truncated) = cut(mask_tokens(text), BODY_KEPT);
    (Some(text), is_truncated || body.len() > PARSED)
}

/// A body, or of one that is too long to be taken apart its first `most` bytes.
fn beginning(body: &[u8], most: usize) -> &[u8] {
    if body.len() > PARSED { &body[..most] } else { body }
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

    /// A secret can look like anything that stands in a record: a number, a word of ours, what JSON escapes.
    #[test]
    fn whatever_a_secret_looks_like_it_is_not_kept() {
        for secret in [
            "hunter22",
            "1234567",
            "replace",
            "summary",
            "of \"two\" \\words",
            "YWJj12345678cA==",
            "50%22off",
            "text/html",
        ] {
            let head =
                http::Request::get("/Users").header("x-auth-token", secret).body(()).expect("a request").into_parts().0;
            let encoded = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
            let escaped: String = secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
            let texts = [secret.to_owned(), format!("a {encoded} %22 b"), format!("a {escaped} b")];
            for text in texts {
                let mut exchange = NewExchange::default();
                exchange.row.id = crate::model::ExchangeId(1_234_567);
                exchange.row.summary.text = format!("Looked for {text}");
                exchange.row.path = format!("/Users?filter={text}");
                exchange.facts.nearly_right = Some(text.clone());
                exchange.details.authorization.text = text.as_str().into();
                exchange.search_text.text = text.to_lowercase();
                Secrets::of(&head, b"").mask(&mut exchange);
                let kept = format!("{exchange:?}").to_lowercase();
                let kept = kept.replace("id: 1234567", "");
                for spelled in [secret, &encoded, &escaped] {
                    let spelled = format!("{spelled:?}").to_lowercase();
                    let spelled = spelled.trim_matches('"');
                    // Words of ours are what the fields are called.
                    let is_word = ["replace", "summary"].contains(&secret);
                    assert!(is_word || !kept.contains(spelled), "{secret} as {text}: {kept}");
                }
                assert_ne!(exchange.row.path, format!("/Users?filter={text}"), "{secret} as {text}");
            }
        }
    }

    #[test]
    fn a_secret_is_not_kept_as_searches_compare_it() {
        let head = http::Request::get("/Users?password=Pa%CC%88sswort").body(()).expect("a request").into_parts().0;
        let mut exchange = NewExchange::default();
        exchange.search_text.text = comparison_key("the password is Pa\u{308}sswort");
        Secrets::of(&head, b"").mask(&mut exchange);
        assert_eq!(exchange.search_text.text, format!("the password is {MASK}"));
    }

    #[test]
    fn of_a_very_long_body_nothing_is_kept_behind_a_secret() {
        for length in [PARSED / 2, PARSED * 2] {
            let body =
                format!(r#"{{"userName":"ada","password":"hunter2","x":"{}","pwd":"hunter3"}}"#, "y".repeat(length));
            let kept = message(&HeaderMap::new(), body.as_bytes());
            let text = kept.body.expect("a body");
            assert!(text.starts_with(r#"{"userName":"ada","#) && !text.contains("hunter"), "{}", &text[..100]);
            assert!(kept.is_truncated && kept.body_bytes == body.len() as u64);
        }
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let message = message(&HeaderMap::new(), "ü".repeat(BODY_KEPT).as_bytes());
        assert!(message.is_truncated);
        assert_eq!(message.body_bytes, 2 * BODY_KEPT as u64);
        assert_eq!(message.body.map(|body| body.len()), Some(BODY_KEPT));
    }
}
