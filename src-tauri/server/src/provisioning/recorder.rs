//! Writes exchanges down, off the hot path. Recording can fail without failing a request, but never silently.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::body::RequestBody;
use super::dispatch::{self, HandlerOutcome};
use super::reply::Sent;
use super::{mask, route};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::{former_url, notices};
use crate::facts::{Facts, Operation, Push, Refusal, SearchText, Whom, read_refused_body};
use crate::insight::explain::{self, Answered};
use crate::insight::notices::Seen;
use crate::insight::story::{Chapter, Stories};
use crate::insight::{client, token_doctor};
use crate::model::{AuthVerdict, Event, ExchangeRow, Sentence};
use crate::secret::TokenHash;
use crate::store::drift::NewDrift;
use crate::store::exchanges::{self, NewExchange};
use crate::store::{StoreError, WriteTx, directories, drift as drifts, settings, sightings, tokens};

/// Exchanges that may wait to be written. Each has two bodies, so this bounds memory too.
const QUEUE: usize = 4_096;

/// Exchanges that are written in one transaction.
const MOST_AT_ONCE: usize = 256;

/// Takes exchanges and has them written by a thread of its own. Cheap to clone; what was taken is written before the last clone is gone.
#[derive(Clone)]
pub(crate) struct Recorder {
    core: Core,
    thread: Arc<Thread>,
}

struct Thread {
    queue: Mutex<Option<SyncSender<Box<Record>>>>,
    handle: Mutex<Option<JoinHandle<()>>>,
}

/// An exchange that has just ended.
pub(super) struct RecordedRequest<'a> {
    pub(super) id: i64,
    pub(super) at: Millis,
    pub(super) duration: Duration,
    pub(super) head: &'a Parts,
    pub(super) body: &'a RequestBody,
    pub(super) outcome: HandlerOutcome,
    pub(super) sent: &'a Sent,
    /// The request that it repeats.
    pub(super) replay_of: Option<i64>,
}

/// A request was carried out, but could not be recorded; why is said in the window.
#[derive(Debug)]
pub(super) struct NotRecorded;

struct Record {
    exchange: NewExchange,
    /// The token that was accepted.
    token: Option<TokenHash>,
    /// Whether the token was refused.
    is_rejected: bool,
    /// What it did to users, or failed to do.
    pushes: Vec<Push>,
    /// The `id` of the directory, as it stands in the path.
    directory_id: String,
    /// Whether an identity provider sent it, as far as can be told: neither a person nor the simulator.
    is_from_provider: bool,
    /// Who waits until it is written.
    waiting: Option<SyncSender<()>>,
}

impl Recorder {
    pub(crate) fn start(core: Core) -> Self {
        let (sender, queue) = sync_channel(QUEUE);
        let writing = core.clone();
        let handle = std::thread::spawn(move || write_all(&writing, &queue));
        let thread = Thread { queue: Mutex::new(Some(sender)), handle: Mutex::new(Some(handle)) };
        Self { core, thread: Arc::new(thread) }
    }

    /// Hands an exchange over. Does not wait: that something found no place is said in the window.
    pub(super) fn record(&self, request: &RecordedRequest<'_>) {
        self.hand_over(to_record(request));
    }

    /// Hands an exchange over and waits until it can be read. Blocks.
    ///
    /// # Errors
    /// If it was not written.
    pub(super) fn record_and_wait(&self, request: &RecordedRequest<'_>) -> Result<(), NotRecorded> {
        let (sender, written) = sync_channel(1);
        let mut record = to_record(request);
        record.waiting = Some(sender);
        self.hand_over(record);
        written.recv().map_err(|_| NotRecorded)
    }

    /// Hands over what could not be read as HTTP.
    pub(super) fn record_unreadable(&self, id: i64, at: Millis, error: &hyper::Error) {
        let text = format!("Something sent what is not an HTTP request: {error}");
        // A head that is too long has statuses of its own; hyper tells them apart by the same error.
        let status = if error.is_parse_too_large() { 431 } else { 400 };
        let exchange = NewExchange {
            id,
            directory: None,
            at,
            method: "?".into(),
            target: String::new(),
            path: String::new(),
            status,
            duration_us: 0,
            actor: client::UNKNOWN.into(),
            is_write: false,
            facts: Facts { refusal: Some(Refusal { status, scim_type: None, detail: None }), ..Facts::default() },
            search_text: SearchText { text: text.to_lowercase(), ..SearchText::default() },
            story: None,
            replay_of: None,
            is_simulated: false,
            summary: Sentence { text, subject: None, outcome: None },
            notes: Vec::new(),
            authorization: dispatch::verdict(AuthVerdict::NotChecked, token_doctor::not_checked()),
            client: None,
            came_through: None,
            request: mask::message(&HeaderMap::new(), &[]),
            response: mask::message(&HeaderMap::new(), &[]),
        };
        self.hand_over(Box::new(Record {
            exchange,
            token: None,
            is_rejected: false,
            pushes: Vec::new(),
            directory_id: String::new(),
            is_from_provider: false,
            waiting: None,
        }));
    }

    fn hand_over(&self, record: Box<Record>) {
        let queue = self.thread.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = match queue.as_ref().map(|queue| queue.try_send(record)) {
            Some(Ok(())) => return,
            Some(Err(TrySendError::Full(_))) => {
                "More requests arrived than could be written down; some are missing here."
            }
            Some(Err(TrySendError::Disconnected(_))) | None => {
                "Requests are no longer written down. Restart SCIM Setup."
            }
        };
        drop(queue);
        report(&self.core, refused.to_owned());
    }

    /// Writes what was taken and ends. Blocks.
    pub(crate) fn finish(&self) {
        drop(self.thread.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let handle = self.thread.handle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if handle.is_some_and(|handle| handle.join().is_err()) {
            tracing::error!("the recorder panicked");
        }
    }
}

fn report(core: &Core, problem: String) {
    tracing::error!(problem, "an exchange was not recorded");
    if core.set_recording_problem(Some(problem)) {
        core.live.publish(Event::Status);
    }
}

/// Path and query below the base URL as they are shown, without secrets.
pub(super) fn path_of(head: &Parts) -> String {
    mask::target(&route::readable(head.uri.path(), head.uri.query()))
}

/// What is known of a request, without secrets; also what the body of a refused one says that no handler has read.
pub(super) fn facts(head: &Parts, body: &RequestBody, outcome: &HandlerOutcome) -> Facts {
    let (mut facts, method) = (outcome.facts.clone(), head.method.as_str());
    facts.mask(mask::target);
    if facts.refusal.is_some() && !outcome.is_body_read {
        read_refused_body(&mut facts, method, body.bytes(), outcome.is_authorized);
    }
    facts.note_push(method);
    facts
}

/// The sentence that tells of a request.
pub(super) fn summary(head: &Parts, path: &str, outcome: &HandlerOutcome, facts: &Facts) -> Sentence {
    explain::summary(&Answered {
        actor: &outcome.actor,
        method: head.method.as_str(),
        path,
        verdict: outcome.authorization.verdict,
        changes: &outcome.changes,
        facts,
    })
}

fn to_record(request: &RecordedRequest<'_>) -> Box<Record> {
    let (head, outcome) = (request.head, &request.outcome);
    let path = path_of(head);
    let facts = facts(head, request.body, outcome);
    let summary = summary(head, &path, outcome, &facts);
    let shown = format!("{} {path} {} {}", head.method, outcome.status, outcome.actor);
    let target = head.uri.path_and_query().map_or_else(|| head.uri.path(), |target| target.as_str());
    let is_from_provider = !facts.is_visit && !outcome.is_simulated && request.replay_of.is_none();
    let (directory_id, pushes) = pushes(request, &facts, is_from_provider);
    let exchange = NewExchange {
        id: request.id,
        directory: outcome.directory,
        at: request.at,
        method: head.method.to_string(),
        target: mask::target(target),
        is_write: is_write(&head.method, facts.operation),
        search_text: SearchText::of(&facts, &shown, &summary, &outcome.changes),
        facts,
        story: None,
        replay_of: request.replay_of,
        is_simulated: outcome.is_simulated,
        summary,
        path,
        status: outcome.status,
        duration_us: i64::try_from(request.duration.as_micros()).unwrap_or(i64::MAX),
        actor: outcome.actor.clone(),
        notes: outcome.notes.clone(),
        authorization: outcome.authorization.clone(),
        client: text(&head.headers, header::USER_AGENT.as_str()),
        came_through: came_through(&head.headers),
        request: mask::message(&head.headers, request.body.bytes()),
        response: mask::message(&request.sent.headers, &request.sent.body),
    };
    let is_rejected = outcome.status == 401;
    let token = outcome.token;
    Box::new(Record { exchange, token, is_rejected, pushes, directory_id, is_from_provider, waiting: None })
}

/// What a request did to users, or failed to do, with the `id` of their directory. What a person repeats in vain says nothing of what the
/// identity provider knows.
fn pushes(request: &RecordedRequest<'_>, facts: &Facts, is_from_provider: bool) -> (String, Vec<Push>) {
    let is_addressed = |_: &route::Route| request.outcome.directory.is_some();
    let Some(route) = route::parse(request.head.uri.path()).filter(is_addressed) else {
        return (String::new(), Vec::new());
    };
    let pushes = facts.pushes.iter().filter(|push| is_from_provider || push.failure.is_none());
    (route.directory, pushes.cloned().collect())
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

fn write_all(core: &Core, queue: &Receiver<Box<Record>>) {
    let mut stories = Stories::default();
    while let Ok(first) = queue.recv() {
        let mut records = vec![first];
        while records.len() < MOST_AT_ONCE
            && let Ok(record) = queue.try_recv()
        {
            records.push(record);
        }
        records.iter_mut().for_each(|record| place(&mut stories, &mut record.exchange));
        let waiting: Vec<_> = records.iter_mut().filter_map(|record| record.waiting.take()).collect();
        let (live, local_url) = (core.live.clone(), core.local_url());
        let written = core.store.write(move |tx| {
            let mut seen = Vec::new();
            for event in write(tx, &records, &local_url, &mut seen)? {
                let live = live.clone();
                tx.after_commit(move || live.publish(event));
            }
            Ok::<_, StoreError>(seen)
        });
        let written = written.map(|seen| seen.into_iter().for_each(|seen| notices::take(core, seen)));
        if written.is_ok() {
            for waiting in waiting {
                // An error means that nobody waits any more.
                let _ = waiting.send(());
            }
        }
        match written {
            Err(error) => report(core, format!("Requests could not be written down: {error}.")),
            Ok(()) if core.set_recording_problem(None) => core.live.publish(Event::Status),
            Ok(()) => {}
        }
    }
}

fn place(stories: &mut Stories, exchange: &mut NewExchange) {
    let Some(directory) = exchange.directory else { return };
    exchange.story = stories.place(&Chapter {
        id: exchange.id,
        at: exchange.at,
        directory,
        actor: &exchange.actor,
        facts: &exchange.facts,
    });
}

/// Writes exchanges and what they mean for their directories, and returns what to publish. What is news goes into `seen`.
fn write(
    tx: &WriteTx<'_>,
    records: &[Box<Record>],
    local_url: &str,
    seen: &mut Vec<Seen>,
) -> Result<Vec<Event>, StoreError> {
    let mut touched: HashSet<Option<i64>> = HashSet::new();
    let mut events = Vec::new();
    for record in records {
        let Record { exchange, token, is_rejected, is_from_provider, .. } = record.as_ref();
        if *is_from_provider {
            seen.extend(notices::seen(tx, exchange)?);
        }
        exchanges::insert(tx, exchange)?;
        if let Some(directory) = exchange.directory.filter(|_| *is_from_provider) {
            sightings::note(tx, exchange)?;
            let (at, status) = (exchange.at, exchange.status);
            let rejected = is_rejected.then_some(&exchange.authorization);
            directories::note_request(tx, directory, at, status, token.is_some(), rejected)?;
            if let (AuthVerdict::Matched, Some(origin)) = (exchange.authorization.verdict, &exchange.came_through) {
                former_url::request_arrived(tx, directory, origin, local_url)?;
            }
        }
        if let Some(hash) = token {
            tokens::touch(tx, hash, exchange.at)?;
        }
        events.extend(note_pushes(tx, record)?);
        touched.insert(exchange.directory);
        let row: Option<ExchangeRow> = exchanges::row(tx, exchange.id)?;
        events.extend(row.map(|exchange| Event::Exchange { exchange }));
    }
    let keep = settings::read(tx)?.keep_exchanges;
    for directory in touched {
        exchanges::retain_newest(tx, directory, keep)?;
        match directory {
            Some(directory) => {
                let directory = directories::by_key(tx, directory, local_url)?;
                events.extend(directory.map(Event::directory));
            }
            None => events.push(Event::Unattributed { counts: exchanges::counts(tx, None)? }),
        }
    }
    Ok(events)
}

/// Notes who fell out of step with the identity provider, and who came back into it.
fn note_pushes(tx: &WriteTx<'_>, record: &Record) -> Result<Option<Event>, StoreError> {
    let exchange = &record.exchange;
    let Some(directory) = exchange.directory else { return Ok(None) };
    let mut ids = Vec::new();
    for push in &record.pushes {
        let user = match &push.whom {
            Whom::Id(id) => drifts::by_id(tx, directory, id)?,
            Whom::UserName(name) => drifts::by_user_name(tx, directory, name)?,
        };
        let Some((listed, id)) = user else { continue };
        let is_news = match &push.failure {
            Some(failure) => {
                let new = NewDrift {
                    kind: failure.kind,
                    at: exchange.at,
                    exchange_id: exchange.id,
                    actor: &exchange.actor,
                    method: &failure.method,
                    status: failure.status,
                    reason: &failure.reason,
                };
                drifts::begin(tx, listed, &new)?;
                true
            }
            None => drifts::end(tx, listed)?,
        };
        if is_news {
            ids.push(id);
        }
    }
    Ok((!ids.is_empty()).then(|| Event::Drift { directory_id: record.directory_id.clone(), ids }))
}
