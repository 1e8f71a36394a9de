//! One attempt: the request as Standard Webhooks has it, and what its answer means.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use std::time::Duration;

use jiff::fmt::rfc2822;
use scim::redact::{self, MASK};
use sha2::{Digest, Sha256};
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer, WebhookError,
};
use wire::{Address, Answer, Beginning, Client, NoAnswer};

use crate::clock::{Millis, rfc3339};
use crate::directory::webhooks::split_url;
use crate::model::DeliveryAttempt;
use crate::secret::mask_tokens;
use crate::store::webhooks::Endpoint;

/// Bytes of an answer that are read and kept.
const BODY_KEPT: usize = 4 << 10;

/// Bytes of each name and value of an answer's headers that are kept, and headers.
const HEADER_KEPT: usize = 512;
const HEADERS_KEPT: usize = 40;

const USER_AGENT: &str = concat!("SCIM-Setup/", env!("CARGO_PKG_VERSION"), " (webhook)");

/// What is sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// The `webhook-id`.
    pub(super) id: String,
    /// JSON.
    pub(super) body: String,
}

impl Message {
    /// SHA-256 of the body.
    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.body.as_bytes()).to_vec()
    }
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) attempt: DeliveryAttempt,
    pub(super) at: Millis,
    /// SHA-256 of the body that was sent.
    pub(super) body_digest: Vec<u8>,
    pub(super) verdict: Verdict,
    /// Whether it reached somebody, whatever they did with it.
    pub(super) is_reached: bool,
    /// For how long not to send again, as the answer says.
    pub(super) retry_after: Option<Duration>,
}

impl Outcome {
    /// For how long nothing at all is to be sent there, as the answer says (RFC 9110 §10.2.3, RFC 6585 §4).
    pub(super) fn pause(&self) -> Option<Duration> {
        self.retry_after.filter(|_| matches!(self.attempt.status, Some(429 | 503)))
    }
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It arrived.
    Delivered,
    /// It is to be sent again.
    Failed,
    /// Nothing is to be sent there any more.
    Gone,
}

/// Sends a message once. `at` is now.
pub(super) async fn attempt(
    client: &mut Client,
    endpoint: &Endpoint,
    message: &Message,
    at: Millis,
    is_manual: bool,
) -> Outcome {
    let (headers, body_digest) = (headers(endpoint, message, at), message.digest());
    let sent = match &headers {
        Ok(headers) => send(client, &endpoint.url, headers, &message.body).await,
        // It is one that was made here: nobody but who changes the database can make it another.
        Err(error) => Err(NoAnswer::Unsendable { reason: format!("the secret cannot be used: {error}") }),
    };
    let attempt = DeliveryAttempt {
        at: rfc3339(at),
        is_manual,
        request_headers: headers.unwrap_or_default(),
        status: None,
        duration_micros: 0,
        response_headers: Vec::new(),
        response_body: String::new(),
        is_truncated: false,
        error: None,
    };
    match sent {
        Ok(Beginning { answer, is_whole }) => {
            let verdict = verdict(answer.status);
            let attempt = DeliveryAttempt {
                status: Some(answer.status),
                duration_micros: answer.duration.as_micros().try_into().unwrap_or(u64::MAX),
                response_headers: answer.headers.iter().take(HEADERS_KEPT).map(kept).collect(),
                response_body: text(&answer.body),
                is_truncated: !is_whole,
                error: problem(&answer),
                ..attempt
            };
            let retry_after = answer.header("retry-after").and_then(|value| retry_after(value, at));
            Outcome { attempt, at, body_digest, verdict, is_reached: true, retry_after }
        }
        Err(error) => {
            let is_reached = !matches!(
                error,
                NoAnswer::Refused { .. } | NoAnswer::UnknownHost { .. } | NoAnswer::NotAccepted { .. }
            );
            let attempt = DeliveryAttempt { error: Some(silence(&error)), ..attempt };
            Outcome { attempt, at, body_digest, verdict: Verdict::Failed, is_reached, retry_after: None }
        }
    }
}

async fn send(client: &mut Client, url: &str, headers: &[(String, String)], body: &str) -> Result<Beginning, NoAnswer> {
    let unsendable = |reason: String| NoAnswer::Unsendable { reason };
    let (origin, path) = split_url(url).map_err(unsendable)?;
    let address = Address::parse(&origin).map_err(unsendable)?;
    client.send_for_beginning(&address, "POST", &path, headers, body.as_bytes(), BODY_KEPT).await
}

fn headers(endpoint: &Endpoint, message: &Message, at: Millis) -> Result<Vec<(String, String)>, WebhookError> {
    let seconds = at.div_euclid(1_000);
    let signature = Signer::new(endpoint.secret.reveal())?.sign(&message.id, seconds, message.body.as_bytes())?;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("user-agent", USER_AGENT.to_owned()),
        (HEADER_WEBHOOK_ID, message.id.clone()),
        (HEADER_WEBHOOK_TIMESTAMP, seconds.to_string()),
        (HEADER_WEBHOOK_SIGNATURE, signature),
    ];
    Ok(headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        _ => Verdict::Failed,
    }
}

/// What is wrong with an answer, as a sentence.
fn problem(answer: &Answer) -> Option<String> {
    let Answer { status, reason, .. } = answer;
    Some(match status {
        200..=299 => return None,
        300..=399 => {
            let to = answer.header("location").map(|to| format!(" to {}", cut(to))).unwrap_or_default();
            format!("Your app redirects{to}. Redirects are not followed: change the URL to where it should go.")
        }
        410 => "Your app answered 410 Gone, which disables a webhook.".to_owned(),
        _ => format!("Your app answered {status} {reason}."),
    })
}

/// Why there was no answer, and what to do.
fn silence(error: &NoAnswer) -> String {
    match error {
        NoAnswer::Refused { .. } => format!("{error} Start your app, or change the URL."),
        NoAnswer::UnknownHost { .. } => format!("{error} Check the URL."),
        NoAnswer::NotAccepted { host, address } => format!(
            "Nothing was sent: {host} leads to {address}, which is neither this machine nor in a private network. Check the URL, or allow the internet for this webhook."
        ),
        NoAnswer::TimedOut { seconds } => {
            format!("Your app did not answer within {seconds} s. Let it answer first and do the work afterwards.")
        }
        _ => error.to_string(),
    }
}

/// Seconds, or a date (RFC 9110 §10.2.3).
fn retry_after(value: &str, now: Millis) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(value.trim()).ok()?.timestamp().as_millisecond();
    Some(Duration::from_millis((at - now).try_into().unwrap_or_default()))
}

fn kept((name, value): &(String, String)) -> (String, String) {
    let value = if redact::is_secret_header(name) { MASK.to_owned() } else { cut(value) };
    (cut(name), value)
}

fn cut(value: &str) -> String {
    let masked = mask_tokens(value.into());
    masked[..masked.floor_char_boundary(HEADER_KEPT)].to_owned()
}

fn text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    mask_tokens(text.trim_end_matches('\u{fffd}').into()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_may_say_when_to_come_again() {
        const NOON: Millis = 1_780_833_600_000;
        for (value, seconds) in [
            ("120", Some(120)),
            ("Sun, 07 Jun 2026 12:01:00 GMT", Some(60)),
            ("Sun, 07 Jun 2026 11:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            assert_eq!(retry_after(value, NOON), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
