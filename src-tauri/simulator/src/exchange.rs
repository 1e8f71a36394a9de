//! A request as it is sent, and an exchange as it is kept: without its secrets.

use scim::redact::{self, MASK};
use serde::Serialize;
use serde_json::Value;
use wire::{Answer, NoAnswer};

/// Bytes of a body that are kept of an exchange.
const BODY_KEPT: usize = 64 << 10;

/// What stands in the place of the token.
pub const TOKEN_MASK: &str = "$SCIM_TOKEN";

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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    pub status: Option<u16>,
    /// What came back; empty without an answer.
    pub response: Message,
    /// How long it took.
    pub duration_ms: u32,
    /// Why there was no answer.
    pub failure: Option<String>,
    /// Where the server sent the client before this answer, on the same host.
    pub redirects: Vec<String>,
    /// Whether headers and bodies are still there: of a long run there is no room for all.
    pub is_kept: bool,
}

/// Headers and a body.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SentMessage))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// The body as text, at most 64 KiB of it.
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

    /// The body, read; `Null` if there is none, or it is not JSON.
    pub(crate) fn json(&self) -> Value {
        self.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default()
    }

    /// The same with one more header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// A request without anything but its target.
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: None, credential: Credential::Token }
    }
}

impl Exchange {
    /// What its headers and bodies roughly take in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let message = |it: &Message| {
            let headers = it.headers.iter().map(|(name, value)| name.len() + value.len());
            it.body.as_ref().map_or(0, String::len) + headers.sum::<usize>()
        };
        message(&self.request) + message(&self.response) + self.redirects.iter().map(String::len).sum::<usize>()
    }

    /// Lets go of headers and bodies: there is no room for them.
    pub(crate) fn let_go(&mut self) {
        (self.request, self.response) = (Message::default(), Message::default());
        (self.redirects, self.is_kept) = (Vec::new(), false);
    }
}

/// The token that must not be kept; `None`: there is none.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Option<String>);

impl Secrets {
    pub(crate) fn of_token(token: &str) -> Self {
        // One that is this short would mask half of every body.
        Self((token.len() >= 6).then(|| token.to_owned()))
    }

    /// The text without the token.
    pub(crate) fn without(&self, text: &str) -> String {
        self.0.as_ref().map_or_else(|| text.to_owned(), |token| text.replace(token, TOKEN_MASK))
    }

    /// An answer as it is judged and quoted: a server may repeat what it was sent.
    pub(crate) fn answer(&self, mut answer: Answer) -> Answer {
        let body = String::from_utf8_lossy(&answer.body);
        if self.0.as_ref().is_some_and(|token| body.contains(token)) {
            answer.body = self.without(&body).into_bytes();
        }
        answer.headers.iter_mut().for_each(|(_, value)| *value = self.without(value));
        Answer { reason: self.without(&answer.reason), ..answer }
    }

    fn header(&self, (name, value): &(String, String)) -> (String, String) {
        let is_secret = ["set-cookie", "cookie"].iter().any(|secret| name.eq_ignore_ascii_case(secret));
        (name.clone(), if is_secret { MASK.to_owned() } else { self.without(value) })
    }

    /// A message as it is kept.
    pub(crate) fn message(&self, headers: &[(String, String)], body: &[u8]) -> Message {
        let headers = headers.iter().map(|header| self.header(header)).collect();
        if body.is_empty() {
            return Message { headers, ..Message::default() };
        }
        let text = self.without(&redact::body(String::from_utf8_lossy(body)));
        let end = text.floor_char_boundary(BODY_KEPT);
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
            url: redact::expression(self.without(&url).into()).into_owned(),
            request,
            status,
            response,
            duration_ms: u32::try_from(duration.as_millis()).unwrap_or(u32::MAX),
            failure,
            redirects: Vec::new(),
            is_kept: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_kept() {
        let secrets = Secrets::of_token("t0ken-t0ken");
        let headers = [("Authorization".to_owned(), "Bearer t0ken-t0ken".to_owned())];
        let body =
            r#"{"password":"hunter2","a":{"Operations":[{"path":"password","value":"hunter2"}]},"b":"t0ken-t0ken"}"#;
        let kept = secrets.message(&headers, body.as_bytes());
        assert_eq!(kept.headers[0].1, "Bearer $SCIM_TOKEN");
        let body = kept.body.expect("a body");
        assert!(!body.contains("hunter2") && !body.contains("t0ken"), "{body}");
        let broken = secrets.message(&headers, br#"{"id":"1","password":"hunter2""#).body.expect("a body");
        assert!(broken.contains(r#"{"id":"1""#) && !broken.contains("hunter2"), "{broken}");
        let sent = Message::default();
        let url = "https://scim.example.com/Users?filter=password%20eq%20%22hunter2%22".to_owned();
        let exchange =
            secrets.exchange("GET", url, sent, &Err(NoAnswer::TimedOut { seconds: 1 }), std::time::Duration::ZERO);
        assert!(!exchange.url.contains("hunter2"), "{}", exchange.url);
    }

    #[test]
    fn a_body_without_secrets_is_kept_as_it_came() {
        let body = r#"{ "title": "password manager" }"#;
        assert_eq!(Secrets::default().message(&[], body.as_bytes()).body.as_deref(), Some(body));
        let long = Secrets::default().message(&[], "ü".repeat(BODY_KEPT).as_bytes());
        assert!(long.is_truncated && long.body.is_some_and(|body| body.len() <= BODY_KEPT));
    }
}
