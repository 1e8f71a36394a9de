//! Recorded requests.

use scim::shortened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Actor, Authorization, Change, DirectoryId, ExchangeId, ExchangeNote, Explanation, ForwardedExchange, Timestamp,
};

/// What happened, for a person: "Okta checked whether ada@example.com exists" with the outcome "no match".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// The whole sentence without the outcome.
    pub text: String,
    /// The part of `text` to set in bold: "Ada Lovelace".
    pub subject: Option<String>,
    /// Shown after an arrow and never cut: "no match".
    pub outcome: Option<String>,
}

/// A row of the requests list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRow {
    /// Grows in order of arrival.
    pub id: ExchangeId,
    /// The directory that was addressed; `None`: none, or an unknown one.
    pub directory_id: Option<DirectoryId>,
    /// When it arrived.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// Path and query below the base URL, decoded for reading: `/Users?filter=userName eq "ada@example.com"`.
    pub path: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// From the last byte of the request's head to the answer, in milliseconds.
    pub duration_ms: f64,
    /// Who asked: "Okta".
    pub actor: Actor,
    /// What happened.
    pub summary: Sentence,
    /// How many notes it has.
    pub note_count: u64,
    /// Whether it creates, changes or deletes.
    pub is_write: bool,
    /// The first request of those that it belongs to; `None`: it stands alone.
    pub story: Option<ExchangeId>,
    /// The request that it repeats.
    pub replay_of: Option<ExchangeId>,
    /// Whether the simulator sent it, in the place of the one who asks.
    pub is_simulated: bool,
    /// Whether a person has pinned it, so that it stays whatever the limits are.
    #[serde(default)]
    #[schema(required)]
    pub is_pinned: bool,
    /// How a person's note about it begins.
    #[serde(default)]
    #[schema(required)]
    pub annotation: Option<String>,
}

impl ExchangeRow {
    /// Characters of a note that a row shows.
    const GLANCED: usize = 160;

    /// The beginning of a person's note, in one line.
    pub(crate) fn glance(annotation: &str) -> String {
        shortened(&annotation.split_whitespace().collect::<Vec<_>>().join(" "), Self::GLANCED)
    }
}

/// A window of the requests.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangePage {
    /// How many match in all; `None`: they were not counted, because nobody asked or it would take too long.
    pub total: Option<u64>,
    /// The rows asked for.
    pub items: Vec<ExchangeRow>,
    /// What `before` goes on with: there is more below, or a search of many ended early. `None`: that was all.
    pub next: Option<ExchangeId>,
}

/// All requests, or a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExchangeFilter {
    /// All.
    #[default]
    All,
    /// Those that create, change or delete.
    Writes,
    /// Answered with 400 or more.
    Errors,
    /// With a note.
    Notes,
    /// Pinned by a person.
    Pinned,
}

/// A recorded request with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The row of the requests list.
    pub row: ExchangeRow,
    /// Path and query as they arrived.
    pub target: String,
    /// How the credentials were judged.
    pub authorization: Authorization,
    /// The `User-Agent`, if any.
    pub client: Option<String>,
    /// The host name it was sent to, as the tunnel passed it on.
    pub came_through: Option<String>,
    /// The request.
    pub request: Message,
    /// The answer.
    pub response: Message,
    /// Why it came out as it did, and what follows from it.
    pub explanation: Explanation,
    /// What was accepted although it is not standard, and other remarks.
    pub notes: Vec<ExchangeNote>,
    /// What a person has noted about it, as plain text.
    #[serde(default)]
    #[schema(required)]
    pub annotation: Option<String>,
    /// What became of it where it was passed on to another server; `None`: SCIM Setup answered it.
    #[serde(default)]
    #[schema(required)]
    pub forwarded: Option<ForwardedExchange>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// The requests that it belongs to, itself included, in order; empty: it stands alone.
    pub story: Vec<ExchangeRow>,
}

/// Headers and body of a request or an answer. Secrets are masked, bodies are capped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Name and value, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body as text; `None`: there was none.
    pub body: Option<String>,
    /// The size of the body in bytes, before it was capped.
    pub body_bytes: u64,
    /// Whether `body` is only the beginning.
    pub is_truncated: bool,
}
