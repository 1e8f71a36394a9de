//! What went through of a request that was passed on and of its answer, for the record: read behind the answer, where nobody waits.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::http::header::CONTENT_ENCODING;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use bytes::Bytes;
use scim::redact::MASK;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::answer_faults::{self, Question};
use super::body::RequestBody;
use super::outcome::HandlerOutcome;
use super::query::Parameters;
use super::reply::Sent;
use crate::directory::mirror::Mirrored;
use crate::facts::{self, Answer, Facts, Operation};
use crate::forwarding::Targets;
use crate::model::{AnsweredBy, ResourceKind};
use crate::secret::PlainToken;
use crate::store::kept::Sender;

/// Bytes of a body that is read to learn what it says: as values it takes a hundred times its size. A group of 10,000 members has about as many.
const READ: usize = 1 << 20;

/// Bytes of a body that is kept without asking for room.
const BEGINNING: usize = 64 << 10;

/// Resources of one list that are taken in. Identity providers ask for at most 100 at once; who asks for thousands waits for no record.
const MOST_MIRRORED: usize = 200;

/// The bodies of a request that was passed on and of its answer, as they were on the wire.
#[derive(Clone)]
pub(super) struct Passage {
    pub(super) asked: Passed,
    pub(super) answered: Passed,
    /// The token that went there in the place of the one that was shown: should an answer repeat it, that is kept nowhere.
    pub(super) secret: Option<PlainToken>,
}

/// A body that went through.
#[derive(Clone, Default)]
pub(super) struct Passed {
    /// What is known of it: all, or its beginning.
    pub(super) pieces: VecDeque<Bytes>,
    /// Bytes that went through.
    pub(super) length: u64,
    /// For the pieces, if they are large.
    _room: Option<Arc<OwnedSemaphorePermit>>,
}

/// A body as it is read and kept.
struct ReadBody {
    bytes: Bytes,
    /// Its length in bytes, before it was cut.
    length: u64,
    /// Why it could not be decompressed.
    problem: Option<String>,
}

impl Passage {
    /// Bytes that it has in memory.
    pub(super) fn bytes(&self) -> usize {
        [&self.asked, &self.answered].iter().flat_map(|passed| &passed.pieces).map(Bytes::len).sum()
    }

    /// Reads both bodies, and takes in what they say; returns what the answer says of users and groups.
    pub(super) fn read(
        self,
        head: &Parts,
        body: &mut Arc<RequestBody>,
        outcome: &mut HandlerOutcome,
        sent: &mut Sent,
    ) -> Vec<Mirrored> {
        let mut mirrored = Vec::new();
        let Self { asked, answered, secret } = self;
        let (asked, mut answered) = (asked.read(&head.headers), answered.read(&sent.headers));
        // What it says is read before anything is masked, so that nobody's name is taken for the token.
        let mut said = json(&answered.bytes);
        if let Some(secret) = &secret {
            if let Some(said) = &mut said {
                mask_values(said, secret.reveal());
            }
            answered.mask(secret);
            mask_headers(&mut sent.headers, secret);
        }
        let is_theirs = outcome.facts.forwarded.as_ref().is_some_and(|it| it.answered_by == AnsweredBy::YourServer);
        if is_theirs {
            let parameters = Parameters::parse(head.uri.query());
            // What the path names, before the answer says what it is.
            let id = outcome.facts.resource.id.clone();
            let asked = json(&asked.bytes);
            let text = String::from_utf8_lossy(&answered.bytes);
            let answer = Answer { status: outcome.status, json: said.as_ref(), text: &text };
            let filter = parameters.get("filter");
            facts::read_answer(&mut outcome.facts, head.method.as_str(), filter, asked.as_ref(), &answer);
            outcome.is_body_read = true;
            if answered.is_whole() && head.method != Method::HEAD {
                let (actor, facts) = (&outcome.actor, &outcome.facts);
                let question =
                    Question { actor, facts, id: id.as_deref(), parameters: &parameters, body: asked.as_ref() };
                let faults = answer_faults::find(&question, outcome.status, &sent.headers, &answered.bytes);
                if let Some(forwarded) = &mut outcome.facts.forwarded {
                    forwarded.faults = faults;
                }
            }
            note_untold(&mut outcome.facts, outcome.status, &answered.bytes);
            mirrored = match id.filter(|_| outcome.sender == Sender::Known && is_scim_error(answer.json)) {
                Some(id) if outcome.status == 404 => gone(&outcome.facts, &parameters, id).into_iter().collect(),
                _ => mirror(&outcome.facts, outcome.status, &parameters, answer.json),
            };
        }
        if let Some(forwarded) = &mut outcome.facts.forwarded {
            forwarded.remarks.extend(answered.problem);
        }
        *body = Arc::new(RequestBody::Beginning(asked.bytes, asked.length));
        if is_theirs {
            (sent.body, sent.length) = (answered.bytes, answered.length);
        }
        mirrored
    }
}

/// Says that nobody knows what a change came to.
fn note_untold(facts: &mut Facts, status: u16, answer: &[u8]) {
    let is_untold = (200..300).contains(&status) && answer.is_empty();
    let kind = match facts.operation {
        Operation::Create(kind) | Operation::Replace(kind) | Operation::Modify(kind) if is_untold => kind,
        _ => return,
    };
    if let Some(forwarded) = &mut facts.forwarded {
        forwarded.remarks.push(format!(
            "The answer has no body, so how the {} is now at your server is not known until it is read there.",
            kind.noun()
        ));
    }
}

/// What follows where a server says that there is nothing at the path of a user or group: it is gone there.
fn gone(facts: &Facts, parameters: &Parameters, id: String) -> Option<Mirrored> {
    match facts.operation {
        Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) | Operation::Delete(kind)
            if !parameters.is_projected() =>
        {
            Some(Mirrored::Gone { kind, id })
        }
        _ => None,
    }
}

/// RFC 7644 §3.12: another 404 may be of anybody on the way, or mean that the path is wrong.
fn is_scim_error(answer: Option<&Value>) -> bool {
    const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
    let schemas = answer.and_then(|answer| answer["schemas"].as_array());
    schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema.as_str() == Some(ERROR)))
}

/// What an answer says of users and groups. One that shows only parts of them says nothing.
fn mirror(facts: &Facts, status: u16, parameters: &Parameters, answer: Option<&Value>) -> Vec<Mirrored> {
    if !(200..300).contains(&status) {
        return Vec::new();
    }
    if let Operation::Delete(kind) = facts.operation {
        let id = facts.resource.id.clone();
        return id.map(|id| Mirrored::Gone { kind, id }).into_iter().collect();
    }
    let Some(answer) = answer.filter(|_| !parameters.is_projected()) else {
        return Vec::new();
    };
    let is_list = matches!(facts.operation, Operation::Query(_) | Operation::List(_));
    let there = |kind: ResourceKind, resource: &Value| {
        let id = resource["id"].as_str().filter(|id| !id.is_empty())?.to_owned();
        // Servers leave out the members of groups in lists, which may be many.
        let is_partial = is_list && kind == ResourceKind::Group && resource.get("members").is_none();
        Some(Mirrored::There { kind, id, body: serde_json::to_vec(resource).ok()?, is_partial })
    };
    match facts.operation {
        Operation::Create(kind) | Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) => {
            there(kind, answer).into_iter().collect()
        }
        Operation::Query(Some(kind)) | Operation::List(Some(kind)) => {
            let resources = answer["Resources"].as_array().map(Vec::as_slice).unwrap_or_default();
            resources.iter().take(MOST_MIRRORED).filter_map(|resource| there(kind, resource)).collect()
        }
        _ => Vec::new(),
    }
}

impl Passed {
    /// A body as far as it is known.
    pub(super) fn of(pieces: VecDeque<Bytes>) -> Self {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { pieces, length, _room: None }
    }

    /// What is kept of a body until it is recorded: all, or its beginning where others that are large have taken all the room. The server
    /// that it goes to may take its time.
    pub(super) fn kept(targets: &Targets, pieces: &VecDeque<Bytes>) -> Self {
        let length = pieces.iter().map(Bytes::len).sum::<usize>();
        let room = if length > BEGINNING { targets.room_for_record(length) } else { None };
        let pieces = if length <= BEGINNING || room.is_some() { pieces.clone() } else { beginning(pieces) };
        Self { pieces, length: length as u64, _room: room.map(Arc::new) }
    }

    fn read(self, headers: &HeaderMap) -> ReadBody {
        let bytes = joined(self.pieces);
        let is_all = bytes.len() as u64 == self.length;
        let encoding = headers.get(CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
        if encoding.is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity")) || bytes.is_empty() {
            return ReadBody { bytes, length: self.length, problem: None };
        }
        if !is_all {
            let problem = "The compressed body was passed on; it is too large to be shown.".to_owned();
            return ReadBody { bytes: Bytes::new(), length: self.length, problem: Some(problem) };
        }
        match wire::decompressed(encoding, bytes.to_vec(), READ) {
            Ok(plain) => ReadBody { length: plain.len() as u64, bytes: plain.into(), problem: None },
            Err(error) => {
                let problem = format!("The compressed body was passed on, but cannot be shown. {error}");
                ReadBody { bytes: Bytes::new(), length: self.length, problem: Some(problem) }
            }
        }
    }
}

/// A copy of the first bytes.
fn beginning(pieces: &VecDeque<Bytes>) -> VecDeque<Bytes> {
    let bytes: Vec<u8> = pieces.iter().flatten().take(BEGINNING).copied().collect();
    VecDeque::from([bytes.into()])
}

impl ReadBody {
    fn is_whole(&self) -> bool {
        self.problem.is_none() && self.length == self.bytes.len() as u64
    }

    fn mask(&mut self, secret: &PlainToken) {
        let text = String::from_utf8_lossy(&self.bytes);
        if let Some(masked) = masked(&text, secret.reveal()) {
            self.bytes = masked.into();
        }
    }
}

/// Characters of a token that stands nowhere by chance.
const UNMISTAKABLE: usize = 16;

/// A text without a token, if that is in it: a short one only as a word of its own, between quotation marks, or after `Bearer`.
fn masked(text: &str, secret: &str) -> Option<String> {
    let is_edge = |found: Option<char>| found.is_none_or(|found| found.is_whitespace() || found == '"');
    let (mut masked, mut end) = (String::new(), 0);
    for (start, found) in text.match_indices(secret) {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        let is_apart = is_edge(before.chars().next_back()) && is_edge(after.chars().next());
        if secret.len() >= UNMISTAKABLE || is_apart || before.ends_with("Bearer ") {
            masked.extend([&text[end..start], MASK]);
            end = start + found.len();
        }
    }
    (end > 0).then(|| masked + &text[end..])
}

/// Masks a token in what an answer says: a short one only where it is all of a value or stands after `Bearer`.
fn mask_values(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) if text == secret => MASK.clone_into(text),
        Value::String(text) if secret.len() >= UNMISTAKABLE => *text = text.replace(secret, MASK),
        Value::String(text) => *text = text.replace(&format!("Bearer {secret}"), &format!("Bearer {MASK}")),
        Value::Array(values) => values.iter_mut().for_each(|value| mask_values(value, secret)),
        Value::Object(values) => values.values_mut().for_each(|value| mask_values(value, secret)),
        _ => {}
    }
}

fn mask_headers(headers: &mut HeaderMap, secret: &PlainToken) {
    for value in headers.values_mut() {
        if let Some(masked) = masked(&String::from_utf8_lossy(value.as_bytes()), secret.reveal())
            && let Ok(masked) = HeaderValue::from_bytes(masked.as_bytes())
        {
            *value = masked;
        }
    }
}

/// A little more than [`READ`] bytes at the most, so that it shows that there are more.
fn joined(mut pieces: VecDeque<Bytes>) -> Bytes {
    if pieces.len() < 2 {
        return pieces.pop_front().unwrap_or_default();
    }
    let mut joined = Vec::new();
    for piece in pieces {
        if joined.len() > READ {
            break;
        }
        joined.extend_from_slice(&piece);
    }
    joined.into()
}

fn json(body: &[u8]) -> Option<Value> {
    // A byte order mark is not part of JSON, but Windows tools write one.
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.len() > READ { None } else { serde_json::from_slice(body).ok() }
}
