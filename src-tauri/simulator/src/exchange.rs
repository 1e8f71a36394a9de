//! A request as it is sent, and an exchange as it is kept: without its secrets.

use serde::Serialize;
use serde_json::Value;
use wire::{Answer, NoAnswer};

/// Bytes of a body that are kept of an exchange.
const BODY_KEPT: usize = 64 << 10;

/// What stands in the place of the token.
pub const TOKEN_MASK: &str = "$SCIM_TOKEN";

/// What stands in the place of a password.
const PASSWORD_MASK: &str = "••••";

/// A request below the base URL.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`.
    pub method: &'static str,
    /// Path and query after the base URL, byte for byte: `/Users?startIndex=1&count=2`.
    pub target: String,
    /// In the order in which they are sent; `Authorization` comes first and is not among them.
    pub headers: Vec<(String, String)>,
    /// The body as it is sent.
    pub body: Option<String>,
    /// How the request authorizes itself.
    pub credential: Credential,
}

/// How a request authorizes itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credential {
    /// With the target's token: `Authorization: Bearer …`.
    #[default]
    Token,
    /// With another header value.
    Other(String),
    /// Not at all.
    None,
}

/// One request and what came back, as it is kept and shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SentExchange))]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// `GET`.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// What was sent, the token masked.
    pub request: Message,
    /// `None`: there was no answer.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub status: Option<u16>,
    /// What came back; empty without an answer.
    pub response: Message,
    /// How long it took.
    pub duration_ms: u32,
    /// Why there was no answer.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub failure: Option<String>,
    /// Where the server sent the client before this answer, on the same host.
    pub redirects: Vec<String>,
}

/// Headers and a body.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SentMessage))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// The body as text, at most 64 KiB of it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub body: Option<String>,
    /// Whether the body was longer.
    pub is_truncated: bool,
}

impl Request {
    /// A GET.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// A DELETE.
    pub fn delete(target: impl Into<String>) -> Self {
        Self::new("DELETE", target)
    }

    /// A request with a JSON body.
    pub fn with_body(method: &'static str, target: impl Into<String>, body: &Value) -> Self {
        Self { body: Some(body.to_string()), ..Self::new(method, target) }
    }

    /// A request without anything but its target.
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: None, credential: Credential::Token }
    }
}

/// The texts that must not be kept.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<(String, &'static str)>);

impl Secrets {
    pub(crate) fn hide_token(&mut self, token: &str) {
        // One that is this short would mask half of every body.
        if token.len() >= 6 {
            self.0.push((token.to_owned(), TOKEN_MASK));
        }
    }

    /// The text without any of the secrets.
    fn without(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (secret, mask)| text.replace(secret, mask))
    }

    fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| (name.clone(), self.header(name, value))).collect()
    }

    fn header(&self, name: &str, value: &str) -> String {
        let is_secret = ["set-cookie", "cookie"].iter().any(|secret| name.eq_ignore_ascii_case(secret));
        if is_secret { PASSWORD_MASK.to_owned() } else { self.without(value) }
    }

    /// A message as it is kept.
    pub(crate) fn message(&self, headers: &[(String, String)], body: &[u8]) -> Message {
        let headers = self.headers(headers);
        if body.is_empty() {
            return Message { headers, ..Message::default() };
        }
        let text = self.without(&without_passwords(&String::from_utf8_lossy(body)));
        let end = (0..=BODY_KEPT.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        Message { headers, is_truncated: end < text.len(), body: Some(text[..end].to_owned()) }
    }

    /// An exchange as it is kept.
    pub(crate) fn exchange(
        &self,
        method: &str,
        url: String,
        request: Message,
        outcome: &Result<Answer, NoAnswer>,
        duration: std::time::Duration,
    ) -> Exchange {
        let (status, response, failure) = match outcome {
            Ok(answer) => (Some(answer.status), self.message(&answer.headers, &answer.body), None),
            Err(error) => (None, Message::default(), Some(self.without(&error.to_string()))),
        };
        Exchange {
            method: method.to_owned(),
            url: self.without(&url),
            request,
            status,
            response,
            duration_ms: u32::try_from(duration.as_millis()).unwrap_or(u32::MAX),
            failure,
            redirects: Vec::new(),
        }
    }
}

/// A JSON text with the values of `password` masked; as it came if there is none.
fn without_passwords(text: &str) -> String {
    if !text.to_ascii_lowercase().contains("password") {
        return text.to_owned();
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let mut masked = value.clone();
    mask(&mut masked);
    if masked == value { text.to_owned() } else { masked.to_string() }
}

fn mask(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(object) => {
            let is_operation = object
                .iter()
                .any(|(name, path)| name.eq_ignore_ascii_case("path") && path.as_str().is_some_and(is_password));
            for (name, value) in object.iter_mut() {
                if (is_password(name) || (is_operation && name.eq_ignore_ascii_case("value"))) && !value.is_null() {
                    *value = PASSWORD_MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        _ => {}
    }
}

fn is_password(name: &str) -> bool {
    name.rsplit([':', '.']).next().is_some_and(|last| last.eq_ignore_ascii_case("password"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_kept() {
        let mut secrets = Secrets::default();
        secrets.hide_token("t0ken-t0ken");
        let headers = [("Authorization".to_owned(), "Bearer t0ken-t0ken".to_owned())];
        let body =
            r#"{"password":"hunter2","a":{"Operations":[{"path":"password","value":"hunter2"}]},"b":"t0ken-t0ken"}"#;
        let kept = secrets.message(&headers, body.as_bytes());
        assert_eq!(kept.headers[0].1, "Bearer $SCIM_TOKEN");
        let body = kept.body.expect("a body");
        assert!(!body.contains("hunter2") && !body.contains("t0ken"), "{body}");
    }

    #[test]
    fn a_body_without_secrets_is_kept_as_it_came() {
        let body = r#"{ "title": "password manager" }"#;
        assert_eq!(Secrets::default().message(&[], body.as_bytes()).body.as_deref(), Some(body));
        let long = Secrets::default().message(&[], "ü".repeat(BODY_KEPT).as_bytes());
        assert!(long.is_truncated && long.body.is_some_and(|body| body.len() <= BODY_KEPT));
    }
}
