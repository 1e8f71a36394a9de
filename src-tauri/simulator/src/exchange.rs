//! A request as it is sent, and an exchange as it is kept: without its secrets.

mod spellings;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scim::ResourceKind;
use scim::redact::{self, MASK};
use serde::Serialize;
use serde_json::Value;
use wire::{Answer, NoAnswer};

use self::spellings::Spellings;

/// Bytes of a body that are kept of an exchange.
const BODY_KEPT: usize = 64 << 10;

/// What stands in the place of the token.
pub const TOKEN_MASK: &str = "$SCIM_TOKEN";

/// What is encoded in a segment of a path: all but what RFC 3986 §3.3 lets stand in it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

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

/// Where a resource is: `/Users/2819c223`. A server may give any text as an id, and one with a slash must not lead anywhere else.
pub(crate) fn target_of(kind: ResourceKind, id: &str) -> String {
    format!("/{}/{}", kind.endpoint(), utf8_percent_encode(id, SEGMENT))
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
pub(crate) struct Secrets(Option<Spellings>);

impl Secrets {
    pub(crate) fn of_token(token: &str) -> Self {
        // One that is this short would mask half of every body.
        Self((token.len() >= 6).then(|| Spellings::of(token)))
    }

    /// The text without the token, however it is spelled there.
    pub(crate) fn without(&self, text: &str) -> String {
        let masked = self.0.as_ref().and_then(|token| token.replaced(text, TOKEN_MASK));
        masked.unwrap_or_else(|| text.to_owned())
    }

    /// An answer as it is judged and quoted: a server may repeat what it was sent.
    pub(crate) fn answer(&self, mut answer: Answer) -> Answer {
        let body = String::from_utf8_lossy(&answer.body);
        if let Some(masked) = self.0.as_ref().and_then(|token| token.replaced(&body, TOKEN_MASK)) {
            answer.body = masked.into_bytes();
        }
        answer.headers.iter_mut().for_each(|(_, value)| *value = self.without(value));
        Answer { reason: self.without(&answer.reason), ..answer }
    }

    /// Why there was no answer, as it is quoted: a server may send the client to an address with the token in it.
    pub(crate) fn no_answer(&self, error: NoAnswer) -> NoAnswer {
        match error {
            NoAnswer::RedirectedAway { to } => NoAnswer::RedirectedAway { to: self.without(&to) },
            NoAnswer::BrokeOff { reason } => NoAnswer::BrokeOff { reason: self.without(&reason) },
            other => other,
        }
    }

    /// A request as it is kept. Its `Authorization` stays: it has the token, of which the mask is left, or a wrong one on purpose.
    pub(crate) fn sent(&self, headers: &[(String, String)], body: &[u8]) -> Message {
        self.message(headers, body, |name| {
            redact::is_secret_header(name) && !name.eq_ignore_ascii_case("authorization")
        })
    }

    /// An answer as it is kept.
    pub(crate) fn received(&self, headers: &[(String, String)], body: &[u8]) -> Message {
        self.message(headers, body, redact::is_secret_header)
    }

    fn message(&self, headers: &[(String, String)], body: &[u8], is_secret: impl Fn(&str) -> bool) -> Message {
        let kept = |name: &str, value: &str| if is_secret(name) { MASK.to_owned() } else { self.without(value) };
        let headers = headers.iter().map(|(name, value)| (name.clone(), kept(name, value))).collect();
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
            Ok(answer) => (Some(answer.status), self.received(&answer.headers, &answer.body), None),
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
        let kept = secrets.sent(&headers, body.as_bytes());
        assert_eq!(kept.headers[0].1, "Bearer $SCIM_TOKEN");
        let body = kept.body.expect("a body");
        assert!(!body.contains("hunter2") && !body.contains("t0ken"), "{body}");
        let broken = secrets.sent(&headers, br#"{"id":"1","password":"hunter2""#).body.expect("a body");
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
        assert_eq!(Secrets::default().received(&[], body.as_bytes()).body.as_deref(), Some(body));
        let long = Secrets::default().received(&[], "ü".repeat(BODY_KEPT).as_bytes());
        assert!(long.is_truncated && long.body.is_some_and(|body| body.len() <= BODY_KEPT));
    }

    #[test]
    fn headers_with_the_names_of_secrets_are_masked() {
        let names = ["set-cookie", "Cookie", "X-Api-Key", "x-auth-token", "cf-access-client-id", "proxy-authorization"];
        let headers: Vec<_> = names.into_iter().map(|name| (name.to_owned(), "hunter2hunter2".to_owned())).collect();
        for kept in [Secrets::default().sent(&headers, b""), Secrets::default().received(&headers, b"")] {
            assert!(kept.headers.iter().all(|(_, value)| value == MASK), "{kept:?}");
        }
        let echoed = [("authorization".to_owned(), "Bearer hunter2".to_owned())];
        assert_eq!(Secrets::default().received(&echoed, b"").headers[0].1, MASK);
    }

    #[test]
    fn the_token_is_masked_in_an_answer_that_stays_json() {
        let secrets = Secrets::of_token("t0ken/t0ken");
        let body = r#"{"a":"t0ken\/t0ken","b":"\u0074\u0030ken/t0ken","c":"t0ken%2Ft0ken","d":"Qmc6dDBrZW4vdDBrZW4=","t0ken/t0ken":"{\"x\":\"t0ken\\/t0ken\"}"}"#;
        let headers = vec![("x-echo".to_owned(), "t0ken%2ft0ken".to_owned())];
        let (reason, duration) = ("t0ken/t0ken".to_owned(), std::time::Duration::ZERO);
        let answer = secrets.answer(Answer { status: 400, reason, headers, body: body.into(), duration });
        let masked: Value = serde_json::from_slice(&answer.body).expect("JSON stays JSON");
        let expected = serde_json::json!({
            "a": TOKEN_MASK, "b": TOKEN_MASK, "c": TOKEN_MASK, "d": TOKEN_MASK, TOKEN_MASK: format!("{{\"x\":\"{TOKEN_MASK}\"}}"),
        });
        assert_eq!((masked, &*answer.reason, &*answer.headers[0].1), (expected, TOKEN_MASK, TOKEN_MASK));
    }

    #[test]
    fn an_id_is_one_segment() {
        for (id, expected) in [
            ("2819c223-7f76", "/Users/2819c223-7f76"),
            ("ada@example.com:1", "/Users/ada@example.com:1"),
            ("../../Groups/x", "/Users/..%2F..%2FGroups%2Fx"),
            ("a?b#c%2F\\ \u{fc}", "/Users/a%3Fb%23c%252F%5C%20%C3%BC"),
            ("a\r\nb", "/Users/a%0D%0Ab"),
        ] {
            assert_eq!(target_of(ResourceKind::User, id), expected, "{id:?}");
        }
    }
}
