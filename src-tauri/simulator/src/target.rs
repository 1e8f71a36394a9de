//! A SCIM server as it is seen from outside: a base URL and a token.

use std::time::Instant;

use url::Url;
use wire::{Address, Answer, Client, Limits, NoAnswer};

use crate::exchange::{Credential, Exchange, Request, Secrets};

/// Redirects on the same host that are followed in a row.
const MOST_REDIRECTS: usize = 5;

/// A bearer token in the clear. It has no `Debug` text and is written nowhere.
#[derive(Clone)]
pub struct Token(String);

/// A SCIM server: where it is and what opens it.
#[derive(Clone, Debug)]
pub struct Target {
    address: Address,
    token: Token,
    mark: Option<(&'static str, Token)>,
    limits: Limits,
}

/// A target that is being talked to. Keeps a connection open.
pub(crate) struct Connection {
    pub(crate) target: Target,
    client: Client,
    secrets: Secrets,
}

impl Token {
    /// The token as it was typed or read, without the blanks around it.
    ///
    /// # Errors
    /// A sentence if it cannot be one.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("The token is empty.".into());
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err("The token has characters that no HTTP header can hold.".into());
        }
        if text.len() > 16 << 10 {
            return Err("The token is longer than 16 KiB, which no server accepts.".into());
        }
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Target {
    /// A server at a base URL.
    pub fn new(address: Address, token: Token) -> Self {
        Self { address, token, mark: None, limits: Limits::default() }
    }

    /// The same, and requests that do not show the token have a header by which the server knows them: for one's own server, which would
    /// otherwise raise an alarm. It is not shown among the headers that were sent.
    pub fn with_mark(self, header: &'static str, mark: Token) -> Self {
        Self { mark: Some((header, mark)), ..self }
    }

    /// The same with other limits.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Begins to talk to it.
    pub(crate) fn open(&self) -> Connection {
        let secrets = Secrets::of_token(&self.token.0);
        Connection { client: Client::new(self.limits), target: self.clone(), secrets }
    }
}

impl Connection {
    /// Sends a request, follows redirects on the same host, and returns the answer with the exchange as it is kept.
    pub(crate) async fn send(&mut self, request: &Request) -> (Result<Answer, NoAnswer>, Exchange) {
        let started = Instant::now();
        let mut headers: Vec<(String, String)> = match &request.credential {
            Credential::Token => vec![("Authorization".into(), format!("Bearer {}", self.target.token.0))],
            Credential::Other(value) => vec![("Authorization".into(), value.clone())],
            Credential::None => Vec::new(),
        };
        headers.extend(request.headers.iter().cloned());
        let sent = headers.clone();
        if let (Some((name, mark)), false) = (&self.target.mark, request.credential == Credential::Token) {
            headers.push(((*name).to_owned(), mark.0.clone()));
        }
        let body = request.body.as_deref().map(str::as_bytes);
        let address = self.target.address.clone();
        let mut path = address.below(&request.target);
        let mut redirects = Vec::new();
        let outcome = loop {
            let outcome = self.client.send(&address, request.method, &path, &headers, body).await;
            let Ok(answer) = &outcome else { break outcome };
            match next(&address, &path, request.method, answer) {
                Next::Stay => break outcome,
                Next::Away(to) => break Err(NoAnswer::RedirectedAway { to }),
                Next::Follow(to) if redirects.len() < MOST_REDIRECTS => {
                    redirects.push(self.secrets.without(&format!("{}{to}", address.origin())));
                    path = to;
                }
                Next::Follow(_) => {
                    let reason = format!("it redirects in circles, {MOST_REDIRECTS} times");
                    break Err(NoAnswer::BrokeOff { reason });
                }
            }
        };
        let outcome = outcome.map(|answer| self.secrets.answer(answer)).map_err(|error| self.secrets.no_answer(error));
        let url = format!("{}{}", address.origin(), address.below(&request.target));
        let sent = self.secrets.sent(&sent, body.unwrap_or_default());
        let duration = outcome.as_ref().map_or_else(|_| started.elapsed(), |answer| answer.duration);
        let mut exchange = self.secrets.exchange(request.method, url, sent, &outcome, duration);
        exchange.redirects = redirects;
        (outcome, exchange)
    }
}

enum Next {
    Stay,
    Follow(String),
    Away(String),
}

/// Where an answer sends the client. The method is kept, so only what keeps it is followed (RFC 9110 §15.4.8, §15.4.9).
fn next(address: &Address, path: &str, method: &str, answer: &Answer) -> Next {
    let keeps_method = matches!(answer.status, 307 | 308) || (matches!(answer.status, 301 | 302) && method == "GET");
    let Some(location) = answer.header("location").filter(|_| matches!(answer.status, 301..=303 | 307 | 308)) else {
        return Next::Stay;
    };
    let here = Url::parse(&format!("{}{path}", address.origin()));
    let Ok(there) = here.and_then(|here| here.join(location)) else { return Next::Stay };
    if !address.is_origin_of(&there) {
        return Next::Away(there.origin().ascii_serialization());
    }
    if !keeps_method {
        return Next::Stay;
    }
    let query = there.query().map(|query| format!("?{query}")).unwrap_or_default();
    Next::Follow(format!("{}{query}", there.path()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, location: &str) -> Answer {
        let headers = vec![("location".to_owned(), location.to_owned())];
        Answer { status, reason: String::new(), headers, body: Vec::new(), duration: Duration::ZERO }
    }

    #[test]
    fn a_token_is_silent_and_one_line() {
        let token = Token::new(" secret ").expect("a token");
        assert_eq!((format!("{token:?}"), token.0.as_str()), ("Token(…)".into(), "secret"));
        for text in ["", " \n", "two\nlines", "ü"] {
            assert!(Token::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_the_same_host_is_followed() {
        let address = Address::parse("https://scim.example.com/v2").expect("a URL");
        for (status, method, location, expected) in [
            (308, "POST", "/v2/Users/", "follow /v2/Users/"),
            (301, "GET", "https://scim.example.com/v3/Users?a=b", "follow /v3/Users?a=b"),
            (301, "POST", "/v3/Users", "stay"),
            (200, "GET", "https://other.example.com/", "stay"),
            (201, "POST", "https://other.example.com/Users/1", "stay"),
            (302, "GET", "https://other.example.com/login", "away https://other.example.com"),
            (302, "POST", "https://other.example.com/login", "away https://other.example.com"),
            (307, "GET", "http://scim.example.com/v2/Users", "away http://scim.example.com"),
            (307, "GET", "https://scim.example.com:8443/", "away https://scim.example.com:8443"),
            (307, "GET", "//other.example.com/", "away https://other.example.com"),
        ] {
            let found = match next(&address, "/v2/Users", method, &answer(status, location)) {
                Next::Stay => "stay".to_owned(),
                Next::Follow(to) => format!("follow {to}"),
                Next::Away(to) => format!("away {to}"),
            };
            assert_eq!(found, expected, "{status} {method} {location}");
        }
    }
}
