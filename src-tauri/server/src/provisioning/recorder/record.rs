//! From a request that was answered to what is stored of it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use scim::search_key;

use crate::clock::{Millis, rfc3339};
use crate::core::Core;
use crate::directory::cause::Cause;
use crate::directory::conditions::Conditions;
use crate::directory::mirror;
use crate::facts::{ExchangeDetails, Facts, Operation, Push, Refusal, SearchText, read_refused_body};
use crate::insight::explain::{self, Answered};
use crate::insight::path_doctor;
use crate::model::{
    Actor, Change, ChangeKind, ChangeSeq, DirectoryKey, ExchangeId, ExchangeRow, ITS_SERVER, Message,
    MisaddressedRequests, ResourceKind, Sentence,
};
use crate::provisioning::body::RequestBody;
use crate::provisioning::mask::{self, Secrets};
use crate::provisioning::outcome::HandlerOutcome;
use crate::provisioning::passage::Passage;
use crate::provisioning::reply::Sent;
use crate::provisioning::{route, sent_target};
use crate::secret::TokenHash;
use crate::store::exchanges::NewExchange;
use crate::store::kept::Sender;

/// An exchange that has just ended.
pub(in crate::provisioning) struct RecordedRequest {
    pub(in crate::provisioning) id: ExchangeId,
    pub(in crate::provisioning) at: Millis,
    pub(in crate::provisioning) duration: Duration,
    pub(in crate::provisioning) head: Arc<Parts>,
    pub(in crate::provisioning) body: Arc<RequestBody>,
    pub(in crate::provisioning) outcome: HandlerOutcome,
    pub(in crate::provisioning) sent: Sent,
    /// The request that it repeats.
    pub(in crate::provisioning) replay_of: Option<ExchangeId>,
    /// What went through, if it was passed on: not read yet.
    pub(in crate::provisioning) passage: Option<Passage>,
}

impl RecordedRequest {
    /// Reads what went through of a request that was passed on, and takes in what the answer says of users and groups. Blocks.
    pub(super) fn read_passage(&mut self, core: &Core) {
        let Some(passage) = self.passage.take() else { return };
        let mirrored = passage.read(&self.head, &mut self.body, &mut self.outcome, &mut self.sent);
        self.outcome.name_resource(core);
        let scopes = core.scopes.now().all();
        let scope = scopes.iter().find(|scope| self.outcome.directory == Some(scope.directory));
        let Some(scope) = scope.filter(|_| !mirrored.is_empty()) else { return };
        let actor = match &self.outcome.actor {
            _ if self.outcome.is_simulated => Actor::Simulator,
            // Who reads changes nothing: it has become so by itself.
            _ if self.head.method.is_safe() => Actor::Client(ITS_SERVER.to_owned()),
            actor => actor.clone(),
        };
        let cause = Cause { exchange: self.id, actor, at: self.at, conditions: Conditions::default() };
        let (changes, problems) = mirror::take_in(core, scope, &cause, mirrored);
        self.outcome.changes = changes;
        if let Some(forwarded) = &mut self.outcome.facts.forwarded {
            forwarded.remarks.extend(problems);
        }
    }
}

/// Requests that are only counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlisted {
    pub(super) count: u64,
    /// When the first of them arrived, and the last.
    pub(super) first: Millis,
    pub(super) last: Millis,
}

/// A request as it is stored, and what it means beside.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) exchange: NewExchange,
    /// The token that was accepted.
    pub(super) token: Option<TokenHash>,
    /// What it did to users, or failed to do.
    pub(super) pushes: Vec<Push>,
    /// Whether an identity provider sent it, as far as can be told: neither a person nor the simulator.
    pub(super) is_from_provider: bool,
    /// Whose it is, as far as its token says: nothing that a stranger says of itself is believed.
    pub(super) sender: Sender,
    /// Whether it created a user.
    pub(super) creates_user: bool,
    /// It went to an address that is nearly that of a directory.
    pub(super) misaddressed: Option<Misaddressed>,
}

/// A request to an address that is nearly that of a directory.
#[derive(Clone)]
pub(super) struct Misaddressed {
    pub(super) directory: DirectoryKey,
    /// Its token says so.
    pub(super) is_sure: bool,
    /// It alone.
    pub(super) requests: MisaddressedRequests,
}

/// Path and query below the base URL as they are shown, without secrets; all of them where they lead to no directory.
pub(in crate::provisioning) fn path_of(head: &Parts, outcome: &HandlerOutcome) -> String {
    let readable = if outcome.directory.is_some() { route::readable } else { route::readable_whole };
    mask::target(&readable(head.uri.path(), head.uri.query()))
}

/// What is known of a request, without secrets; also what the body of a refused one says that no handler has read.
pub(in crate::provisioning) fn facts(head: &Parts, body: &RequestBody, outcome: &HandlerOutcome) -> Facts {
    let (mut facts, method) = (outcome.facts.clone(), head.method.as_str());
    facts.mask(mask::target);
    if facts.refusal.is_some() && !outcome.is_body_read {
        read_refused_body(&mut facts, method, body.bytes(), outcome.is_authorized);
    }
    facts.note_push(method);
    facts
}

/// The sentence that tells of a request.
pub(in crate::provisioning) fn summary(head: &Parts, path: &str, outcome: &HandlerOutcome, facts: &Facts) -> Sentence {
    explain::summary(&Answered {
        actor: &outcome.actor,
        method: head.method.as_str(),
        path,
        verdict: outcome.authorization.verdict,
        changes: &outcome.changes,
        facts,
    })
}

/// What is stored of a request.
pub(super) fn to_record(request: &RecordedRequest) -> Record {
    let (head, body, outcome) = (&*request.head, &*request.body, &request.outcome);
    let path = path_of(head, outcome);
    let secrets = Secrets::of(head, body.bytes());
    let facts = facts(head, body, outcome);
    let summary = summary(head, &path, outcome, &facts);
    let shown = format!("{} {path} {} {}", head.method, outcome.status, outcome.actor);
    let target = head.uri.path_and_query().map_or_else(|| head.uri.path(), |target| target.as_str());
    let target = sent_target::of(head).unwrap_or(target);
    let is_from_provider = !facts.is_visit && !outcome.is_simulated && !outcome.actor.is_in_window();
    let asked = mask::message(&head.headers, body.bytes());
    let answered = mask::message(&request.sent.headers, &request.sent.body);
    let duration_us = i64::try_from(request.duration.as_micros()).unwrap_or(i64::MAX);
    let mut exchange = NewExchange {
        directory: outcome.directory,
        at: request.at,
        duration_us,
        search_text: SearchText::of(&facts, &shown, &summary, &outcome.changes),
        changes: span(&outcome.changes),
        row: ExchangeRow {
            id: request.id,
            directory_id: None,
            at: rfc3339(request.at),
            method: head.method.to_string(),
            path,
            status: outcome.status,
            duration_ms: duration_us as f64 / 1_000.0,
            actor: outcome.actor.clone(),
            summary,
            is_write: is_write(&head.method, facts.operation),
            story: None,
            replay_of: request.replay_of,
            is_simulated: outcome.is_simulated,
            ..ExchangeRow::default()
        },
        facts,
        details: ExchangeDetails {
            target: mask::target(target),
            client: text(&head.headers, header::USER_AGENT.as_str()),
            came_through: came_through(&head.headers),
            notes: outcome.notes.clone(),
            authorization: outcome.authorization.clone(),
            request: Message {
                body_bytes: body.length(),
                is_truncated: asked.is_truncated || body.length() > body.bytes().len() as u64,
                ..asked
            },
            response: Message {
                body_bytes: request.sent.length,
                is_truncated: answered.is_truncated || request.sent.length > request.sent.body.len() as u64,
                ..answered
            },
        },
    };
    exchange.row.note_count = exchange.note_count();
    // Of whom they are is looked up in the truth, which is not masked.
    let mut pushes = pushes(outcome, &exchange.facts, is_from_provider && outcome.sender != Sender::Stranger);
    let failures = pushes.iter_mut().filter_map(|push| push.failure.as_mut());
    failures.for_each(|failure| secrets.mask_text(&mut failure.reason));
    secrets.mask(&mut exchange);
    let meant = outcome.meant.as_ref().and_then(|meant| {
        // Other addresses that lead nowhere do not come from a mistake in a base URL.
        let reason = exchange.facts.nearly_right.clone()?;
        let mut path = mask::target(head.uri.path());
        secrets.mask_text(&mut path);
        let requests = MisaddressedRequests {
            count: 1,
            since: rfc3339(request.at),
            actor: outcome.actor.clone(),
            reason,
            path: path_doctor::compared(&path, &meant.id.0),
            exchange_id: request.id,
            is_unmatched: outcome.directory.is_none(),
        };
        Some(Misaddressed { directory: meant.directory, is_sure: meant.is_sure, requests })
    });
    let token = outcome.token;
    let creates_user = outcome
        .changes
        .iter()
        .any(|change| change.kind == ChangeKind::Created && change.resource_kind == ResourceKind::User);
    Record { exchange, token, pushes, is_from_provider, sender: outcome.sender, creates_user, misaddressed: meant }
}

/// What a request did to users, or failed to do. What a person repeats in vain, or a stranger tries, says nothing of what the identity provider
/// knows.
fn pushes(outcome: &HandlerOutcome, facts: &Facts, is_from_provider: bool) -> Vec<Push> {
    let is_news = |push: &&Push| outcome.directory.is_some() && (is_from_provider || push.failure.is_none());
    facts.pushes.iter().filter(is_news).cloned().collect()
}

/// The first and the last of some changes.
fn span(changes: &[Change]) -> Option<(ChangeSeq, ChangeSeq)> {
    let seqs = changes.iter().map(|change| change.seq);
    Some((seqs.clone().min()?, seqs.max()?))
}

/// Whether a request is meant to create, change or delete. A query can be a POST, too (RFC 7644 §3.4.3).
fn is_write(method: &Method, operation: Operation) -> bool {
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
        && !matches!(operation, Operation::Search(_))
}

/// The address the client used, as the tunnel passed it on: `https://ada.example`.
fn came_through(headers: &HeaderMap) -> Option<String> {
    let host = text(headers, "x-forwarded-host").or_else(|| text(headers, header::HOST.as_str()))?;
    let scheme = text(headers, "x-forwarded-proto").unwrap_or_else(|| "http".into());
    Some(format!("{scheme}://{host}"))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| mask::target(&String::from_utf8_lossy(value.as_bytes())))
}

/// What is stored of what was not an HTTP request.
pub(super) fn unreadable(id: ExchangeId, at: Millis, error: &hyper::Error) -> Record {
    let text = format!("Something sent what is not an HTTP request: {error}");
    // A head that is too long has statuses of its own; hyper tells them apart by the same error.
    let status = if error.is_parse_too_large() { 431 } else { 400 };
    nameless(NewExchange { at, ..NewExchange::default() }, id, status, text)
}

/// What is stored of requests that are only counted.
pub(super) fn unlisted(id: ExchangeId, sender: Sender, directory: Option<DirectoryKey>, unlisted: &Unlisted) -> Record {
    let Unlisted { count, first, last } = *unlisted;
    let seconds = (last - first).max(0) / 1_000 + 1;
    let requests = if count == 1 { "request" } else { "requests" };
    let within = if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") };
    let token = match sender {
        Sender::ClosedToken => "with a token that was replaced or is another directory's",
        Sender::Known | Sender::Failed | Sender::Pinned | Sender::Stranger => "without a known token",
    };
    let text = format!("{count} more {requests} {token} within {within}: refused, and not listed one by one");
    let duration_us = (last - first).max(0).saturating_mul(1_000);
    let exchange = NewExchange { at: last, directory, duration_us, ..NewExchange::default() };
    Record { sender, ..nameless(exchange, id, 429, text) }
}

/// The record of what has neither method nor path.
fn nameless(exchange: NewExchange, id: ExchangeId, status: u16, text: String) -> Record {
    let exchange = NewExchange {
        facts: Facts {
            refusal: Some(Refusal { status, scim_type: None, detail: None, taken_by: None }),
            ..Facts::default()
        },
        search_text: SearchText { text: search_key(&text), ..SearchText::default() },
        row: ExchangeRow {
            id,
            at: rfc3339(exchange.at),
            duration_ms: exchange.duration_us as f64 / 1_000.0,
            method: "?".into(),
            status,
            summary: Sentence { text, ..Sentence::default() },
            ..ExchangeRow::default()
        },
        ..exchange
    };
    Record {
        exchange,
        token: None,
        pushes: Vec::new(),
        is_from_provider: false,
        sender: Sender::Stranger,
        creates_user: false,
        misaddressed: None,
    }
}
