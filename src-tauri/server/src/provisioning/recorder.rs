//! Writes exchanges down, off the hot path. Recording can fail without failing a request, but never silently.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::body::RequestBody;
use super::dispatch::{self, HandlerOutcome};
use super::reply::Sent;
use super::{mask, route};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::notices::{self, Names};
use crate::directory::{exchanges, former_url, sightings};
use crate::facts::{Facts, Operation, Push, Refusal, SearchText, Whom, read_refused_body};
use crate::insight::explain::{self, Answered};
use crate::insight::notices::Seen;
use crate::insight::story::{Chapter, Stories};
use crate::insight::{client, token_doctor};
use crate::model::{AuthVerdict, Change, ChangeKind, Event, ResourceKind, Sentence};
use crate::secret::TokenHash;
use crate::store::activity::RequestCounts;
use crate::store::drift::NewDrift;
use crate::store::exchanges::NewExchange;
use crate::store::{self, StoreError, WriteTx, activity, drift as drifts, resources, settings};

/// KiB of requests and answers that may wait to be written.
const ROOM: u32 = 64 << 10;

/// KiB that an exchange takes beside its bodies.
const OVERHEAD: usize = 2;

/// How long an exchange waits for room before it is let go of. The disk has stopped by then.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the first of a batch waits for others: short enough to seem at once, long enough that a read costs no write of its own.
const GATHER: Duration = Duration::from_millis(25);

/// Exchanges that are written in one transaction.
const MOST_AT_ONCE: usize = 512;

/// Takes exchanges and has them written by a thread of its own. Cheap to clone; what was taken is written before the last clone is gone.
#[derive(Clone)]
pub(crate) struct Recorder {
    core: Core,
    thread: Arc<Thread>,
}

struct Thread {
    queue: Mutex<Option<Sender<Queued>>>,
    /// A permit for each KiB that may wait.
    room: Arc<Semaphore>,
    handle: Mutex<Option<JoinHandle<()>>>,
}

/// What waits to be written.
struct Queued {
    what: Item,
    /// Who waits until it is written.
    waiting: Option<SyncSender<()>>,
    /// Given back once it is written.
    _room: Option<OwnedSemaphorePermit>,
}

enum Item {
    Request(Box<RecordedRequest>),
    /// No HTTP request.
    Unreadable(Box<Record>),
}

/// An exchange that has just ended.
pub(super) struct RecordedRequest {
    pub(super) id: i64,
    pub(super) at: Millis,
    pub(super) duration: Duration,
    pub(super) head: Arc<Parts>,
    pub(super) body: Arc<RequestBody>,
    pub(super) outcome: HandlerOutcome,
    pub(super) sent: Sent,
    /// The request that it repeats.
    pub(super) replay_of: Option<i64>,
}

/// A request was carried out, but could not be recorded; why is said in the window.
#[derive(Debug)]
pub(super) struct NotRecorded;

#[derive(Clone)]
struct Record {
    exchange: NewExchange,
    /// The token that was accepted.
    token: Option<TokenHash>,
    /// Whether the token was refused.
    is_rejected: bool,
    /// What it did to users, or failed to do.
    pushes: Vec<Push>,
    /// Whether an identity provider sent it, as far as can be told: neither a person nor the simulator.
    is_from_provider: bool,
    /// Whether it created a user.
    creates_user: bool,
}

impl Recorder {
    pub(crate) fn start(core: Core) -> Self {
        let (sender, queue) = channel();
        let writing = core.clone();
        let handle = std::thread::spawn(move || write_all(&writing, &queue));
        let thread = Thread {
            queue: Mutex::new(Some(sender)),
            room: Arc::new(Semaphore::new(ROOM as usize)),
            handle: Mutex::new(Some(handle)),
        };
        Self { core, thread: Arc::new(thread) }
    }

    /// Hands an exchange over. Waits a little while too many are waiting to be written; that one found no room is said in the window.
    pub(super) async fn record(&self, request: RecordedRequest) {
        let room = self.thread.room.clone().acquire_many_owned(request.kibibytes());
        match tokio::time::timeout(PATIENCE, room).await {
            Ok(Ok(room)) => {
                self.hand_over(Queued { what: Item::Request(Box::new(request)), waiting: None, _room: Some(room) });
            }
            _ => {
                report(&self.core, "More requests arrived than could be written down; some are missing here.".into());
            }
        }
    }

    /// Hands an exchange over and waits until it can be read. Blocks.
    ///
    /// # Errors
    /// If it was not written.
    pub(super) fn record_and_wait(&self, request: RecordedRequest) -> Result<(), NotRecorded> {
        let (sender, written) = sync_channel(1);
        self.hand_over(Queued { what: Item::Request(Box::new(request)), waiting: Some(sender), _room: None });
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
            changes: None,
            summary: Sentence { text, subject: None, outcome: None },
            notes: Vec::new(),
            authorization: dispatch::verdict(AuthVerdict::NotChecked, token_doctor::not_checked()),
            client: None,
            came_through: None,
            request: mask::message(&HeaderMap::new(), &[]),
            response: mask::message(&HeaderMap::new(), &[]),
        };
        let record = Record {
            exchange,
            token: None,
            is_rejected: false,
            pushes: Vec::new(),
            is_from_provider: false,
            creates_user: false,
        };
        self.hand_over(Queued { what: Item::Unreadable(Box::new(record)), waiting: None, _room: None });
    }

    fn hand_over(&self, queued: Queued) {
        let queue = self.thread.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = queue.as_ref().is_some_and(|queue| queue.send(queued).is_ok());
        drop(queue);
        if !is_taken {
            report(&self.core, "Requests are no longer written down. Restart SCIM Setup.".to_owned());
        }
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

impl RecordedRequest {
    /// What it takes of [`ROOM`].
    fn kibibytes(&self) -> u32 {
        let bytes = self.body.bytes().len() + self.sent.body.len();
        u32::try_from((bytes >> 10) + OVERHEAD).unwrap_or(ROOM).min(ROOM)
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

fn to_record(request: &RecordedRequest) -> Record {
    let (head, body, outcome) = (&*request.head, &*request.body, &request.outcome);
    let path = path_of(head);
    let facts = facts(head, body, outcome);
    let summary = summary(head, &path, outcome, &facts);
    let shown = format!("{} {path} {} {}", head.method, outcome.status, outcome.actor);
    let target = head.uri.path_and_query().map_or_else(|| head.uri.path(), |target| target.as_str());
    let is_from_provider = !facts.is_visit && !outcome.is_simulated && request.replay_of.is_none();
    let pushes = pushes(outcome, &facts, is_from_provider);
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
        changes: span(&outcome.changes),
        summary,
        path,
        status: outcome.status,
        duration_us: i64::try_from(request.duration.as_micros()).unwrap_or(i64::MAX),
        actor: outcome.actor.clone(),
        notes: outcome.notes.clone(),
        authorization: outcome.authorization.clone(),
        client: text(&head.headers, header::USER_AGENT.as_str()),
        came_through: came_through(&head.headers),
        request: mask::message(&head.headers, body.bytes()),
        response: mask::message(&request.sent.headers, &request.sent.body),
    };
    let is_rejected = outcome.status == 401;
    let token = outcome.token;
    let creates_user = outcome
        .changes
        .iter()
        .any(|change| change.kind == ChangeKind::Created && change.resource_kind == ResourceKind::User);
    Record { exchange, token, is_rejected, pushes, is_from_provider, creates_user }
}

/// What a request did to users, or failed to do. What a person repeats in vain says nothing of what the identity provider knows.
fn pushes(outcome: &HandlerOutcome, facts: &Facts, is_from_provider: bool) -> Vec<Push> {
    let is_news = |push: &&Push| outcome.directory.is_some() && (is_from_provider || push.failure.is_none());
    facts.pushes.iter().filter(is_news).cloned().collect()
}

/// The first and the last of some changes.
fn span(changes: &[Change]) -> Option<(i64, i64)> {
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

fn write_all(core: &Core, queue: &Receiver<Queued>) {
    let mut stories = Stories::default();
    while let Ok(first) = queue.recv() {
        let until = Instant::now() + GATHER;
        let mut batch = vec![first];
        while batch.len() < MOST_AT_ONCE
            // Whoever waits for one waits for no other.
            && batch.last().is_none_or(|queued| queued.waiting.is_none())
            && let Ok(queued) = queue.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            batch.push(queued);
        }
        let records = batch.iter_mut().map(|queued| {
            let mut record = match &mut queued.what {
                Item::Request(request) => to_record(request),
                Item::Unreadable(record) => (**record).clone(),
            };
            place(&mut stories, &mut record.exchange);
            record
        });
        let records = Arc::new(records.collect::<Vec<_>>());
        let written = match write_batch(core, &records) {
            Err(StoreError::Damaged(_)) => core.set_requests_aside().and_then(|()| write_batch(core, &records)),
            written => written,
        };
        match written {
            Err(error) => report(core, format!("Requests could not be written down: {error}.")),
            Ok(()) => {
                for waiting in batch.iter_mut().filter_map(|queued| queued.waiting.take()) {
                    // An error means that nobody waits any more.
                    let _ = waiting.send(());
                }
                if core.set_recording_problem(None) {
                    core.live.publish(Event::Status);
                }
            }
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

/// Writes exchanges and what they mean for their directories, and tells of them.
fn write_batch(core: &Core, records: &Arc<Vec<Record>>) -> Result<(), StoreError> {
    let creating = records.iter().filter(|record| record.creates_user && record.is_from_provider);
    let creating: Vec<_> =
        creating.filter_map(|record| Some((record.exchange.id, record.exchange.directory?))).collect();
    let (names, keep) =
        core.store.read(|c| Ok::<_, StoreError>((Names::read(c, &creating)?, settings::read(c)?.keep_exchanges)))?;
    let names = Arc::new(names);
    // What they mean for the truth comes first: who sees a request sees what came of it.
    note_origins(core, records)?;
    let pushed = pushed(core, records)?;
    let (writing, named) = (records.clone(), names.clone());
    let (seen, drifted) = core.store.write_requests(move |tx| {
        let seen = insert_all(tx, &writing, &named, keep)?;
        Ok::<_, StoreError>((seen, note_pushes(tx, &writing, &pushed)?))
    })?;
    let mut touched: Vec<Option<i64>> = Vec::new();
    for Record { exchange, .. } in records.iter() {
        let directory = exchange.directory.filter(|directory| names.has(*directory));
        if !touched.contains(&directory) {
            touched.push(directory);
        }
        let directory_id = directory.and_then(|directory| names.id(directory));
        core.live.publish(Event::Exchange { exchange: exchange.to_row(directory_id) });
    }
    for directory in touched {
        exchanges::counted(core, directory)?.into_iter().for_each(|event| core.live.publish(event));
    }
    for (directory, ids) in drifted {
        let directory_id = names.id(directory).map(str::to_owned);
        directory_id.into_iter().for_each(|directory_id| {
            core.live.publish(Event::Drift { directory_id, ids: ids.clone() });
        });
    }
    seen.into_iter().for_each(|seen| notices::take(core, seen));
    Ok(())
}

/// Stores exchanges and what they add up to, lets go of the oldest, and returns what is news. A directory may have been deleted meanwhile:
/// then its requests are kept as nobody's.
fn insert_all(tx: &WriteTx<'_>, records: &[Record], names: &Names, keep: u32) -> Result<Vec<Seen>, StoreError> {
    let mut counts: HashMap<Option<i64>, RequestCounts> = HashMap::new();
    let mut seen = Vec::new();
    for Record { exchange, token, is_rejected, is_from_provider, .. } in records {
        let directory = exchange.directory.filter(|directory| names.has(*directory));
        if *is_from_provider {
            seen.extend(notices::seen(tx, exchange, names)?);
        }
        store::exchanges::insert(tx, exchange, directory)?;
        counts.entry(directory).or_default().add(exchange.status >= 400, exchange.is_write, !exchange.notes.is_empty());
        if let Some(directory) = directory.filter(|_| *is_from_provider) {
            sightings::note(tx, exchange, directory)?;
            let rejected = is_rejected.then_some(&exchange.authorization);
            activity::note_request(tx, directory, exchange.at, exchange.status, token.is_some(), rejected)?;
        }
        if let Some(hash) = token {
            activity::note_token(tx, hash, exchange.at)?;
        }
    }
    if let Some(newest) = records.iter().map(|record| record.exchange.id).max() {
        store::exchanges::note_newest(tx, newest)?;
    }
    for (directory, counts) in counts {
        activity::count(tx, directory, counts)?;
        store::exchanges::retain_newest(tx, directory, keep)?;
    }
    Ok(seen)
}

/// Notes through which address accepted requests came.
fn note_origins(core: &Core, records: &[Record]) -> Result<(), StoreError> {
    let accepted = records
        .iter()
        .filter(|record| record.is_from_provider && record.exchange.authorization.verdict == AuthVerdict::Matched);
    let origins: HashSet<_> = accepted
        .filter_map(|Record { exchange, .. }| Some((exchange.directory?, exchange.came_through.as_deref()?)))
        .collect();
    origins.into_iter().try_for_each(|(directory, origin)| former_url::request_arrived(core, directory, origin))
}

/// A user whom a push was about.
struct Pushed {
    /// Of the user, in the store.
    key: i64,
    id: String,
    /// The key of the directory.
    directory: i64,
    /// The number of the record, and of the push in it.
    place: (usize, usize),
}

/// Finds the users whom pushes are about; nobody where everybody was in step and is, as almost always.
fn pushed(core: &Core, records: &[Record]) -> Result<Vec<Pushed>, StoreError> {
    let failed = |push: &Push| push.failure.is_some();
    if !records.iter().any(|record| record.pushes.iter().any(failed))
        && !core.store.write_requests(|tx| drifts::is_any(tx))?
    {
        return Ok(Vec::new());
    }
    core.store.read(|c| {
        let mut found = Vec::new();
        for (at, record) in records.iter().enumerate() {
            let Some(directory) = record.exchange.directory else { continue };
            for (number, push) in record.pushes.iter().enumerate() {
                let user = match &push.whom {
                    Whom::Id(id) => resources::resolve(c, directory, id)?
                        .filter(|known| known.kind == ResourceKind::User)
                        .map(|known| (known.key, id.clone())),
                    Whom::UserName(name) => {
                        resources::by_user_name(c, directory, name)?.map(|record| (record.key, record.id))
                    }
                };
                found.extend(user.map(|(key, id)| Pushed { key, id, directory, place: (at, number) }));
            }
        }
        Ok(found)
    })
}

/// Notes who fell out of step with the identity provider, and who came back into it. Returns the ids of the users whose state changed, by
/// the keys of their directories.
fn note_pushes(
    tx: &WriteTx<'_>,
    records: &[Record],
    pushed: &[Pushed],
) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let mut changed: HashMap<i64, Vec<String>> = HashMap::new();
    for Pushed { key, id, directory, place: (at, number) } in pushed {
        let exchange = &records[*at].exchange;
        let is_news = match &records[*at].pushes[*number].failure {
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
                drifts::begin(tx, *key, &new)?;
                true
            }
            None => drifts::end(tx, *key)?,
        };
        if is_news {
            changed.entry(*directory).or_default().push(id.clone());
        }
    }
    Ok(changed)
}
