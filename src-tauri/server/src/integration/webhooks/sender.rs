//! Sends what happens to one endpoint, one event at a time, in the order in which it happened.
//!
//! Nothing is copied for it: events are read from the changes that are kept, and only how far the endpoint is and what waits is stored. What
//! a crash leaves out is sent once more. An event that fails holds back those about the same user or group; others go on.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::sync::{mpsc, watch};
use wire::{Client, Limits};

use super::event::{Prepared, is_deleted};
use super::request::{Message, Outcome, Verdict, attempt};
use super::schedule::WebhookOptions;
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::app_events::{self, EventPlace, EventsError, Start};
use crate::directory::deliveries::{self, Work};
use crate::directory::{Error, StoreError, webhooks};
use crate::model::{ChangeSeq, DeliveryAttempt, DeliveryState, Event, ResourceKey, WebhookDisabledBecause};
use crate::store::deliveries::{DeliveredEvent, Progress, Recorded};
use crate::store::webhooks::Endpoint;

/// Events that are read at once.
const AT_ONCE: usize = 100;

/// Events that wait at the most; then the endpoint waits for them.
const MOST_WAITING: usize = 1_000;

/// What was done is kept after so many events, or after this time.
const SAVED_AFTER: usize = 50;
const SAVE: Duration = Duration::from_millis(100);

/// How often it is looked whether the time has come to send again: the clock may have been set, or the machine have slept.
const LOOK: Duration = Duration::from_secs(1);

/// How often it is noted in the other database how far the endpoint is, while it goes on.
const NOTE: Duration = Duration::from_secs(60);

/// For how long what is under way may go on when the sender is told to stop.
const LAST: Duration = Duration::from_secs(1);

/// Why nothing is sent that has waited for too long.
const NOT_KEPT: &str = "What happened is not kept any more, so it cannot be sent.";

/// Why nothing is sent that was wanted when it began to wait.
const NOT_WANTED: &str = "The webhook no longer sends events of this type.";

/// What others tell the sender of an endpoint.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// The endpoint answered a person's attempt with 2xx; if it was an event that may wait, here is its place.
    Delivered(Option<EventPlace>),
}

/// An event that waits.
struct Waiting {
    id: String,
    resource: ResourceKey,
    tries: u32,
    /// `None`: as soon as nothing stands before it.
    next_try_at: Option<Millis>,
    is_reached: bool,
}

/// What to do now.
enum Step {
    /// Send one that waits.
    Again(EventPlace),
    /// Send the next one.
    New,
    /// Have the next one wait for an earlier one.
    Hold,
    /// Read what comes next.
    Read,
    /// Wait for something to happen, or until then.
    Wait(Option<Millis>),
}

/// The sender of one endpoint.
pub(super) struct Sender {
    core: Core,
    options: Arc<WebhookOptions>,
    endpoint: Endpoint,
    client: Client,
    progress: Progress,
    waiting: BTreeMap<EventPlace, Waiting>,
    /// What is read and not handled.
    ahead: VecDeque<Prepared>,
    /// Up to where it was read.
    read_up_to: EventPlace,
    has_more: bool,
    unsaved: Vec<Work>,
    /// Whether progress is not what is stored.
    is_ahead: bool,
    saved_at: Instant,
    noted: (ChangeSeq, Instant),
    /// Up to where it was told that events are missing.
    missed: EventPlace,
    /// When the newest attempt failed, if none has succeeded since and it was this sender that made it.
    failed_at: Option<Millis>,
    is_over: bool,
}

impl Sender {
    /// Reads how far the endpoint is.
    ///
    /// # Errors
    /// If the endpoint is gone or the database refuses.
    pub(super) async fn new(core: Core, options: Arc<WebhookOptions>, endpoint: Endpoint) -> Result<Self, Error> {
        let id = endpoint.id.clone();
        let (progress, waiting) = core.run(move |core| deliveries::progress(core, &id)).await?;
        let waiting = waiting.into_iter().map(|waiting| {
            let (seq, index) = waiting.place;
            let (id, resource, tries) = (waiting.event, waiting.resource, waiting.tries);
            let (next_try_at, is_reached) = (waiting.next_try_at, waiting.is_reached);
            (EventPlace { seq, index }, Waiting { id, resource, tries, next_try_at, is_reached })
        });
        let (seq, index) = progress.place;
        Ok(Self {
            client: new_client(&options, &endpoint),
            core,
            options,
            endpoint,
            waiting: waiting.collect(),
            ahead: VecDeque::new(),
            read_up_to: EventPlace { seq, index },
            has_more: true,
            unsaved: Vec::new(),
            is_ahead: false,
            saved_at: Instant::now(),
            noted: (seq, Instant::now()),
            missed: EventPlace { seq: ChangeSeq(0), index: 0 },
            failed_at: None,
            progress,
            is_over: false,
        })
    }

    /// Sends until it is told to stop, or the endpoint is disabled.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>, mut stop: watch::Receiver<bool>) {
        let mut changed = Box::pin(self.core.live.watch().filter(|batch| {
            let is_told = |event: &Event| matches!(event, Event::Change { .. } | Event::Tree | Event::Resync);
            std::future::ready(batch.iter().any(is_told))
        }));
        while !self.is_over && !*stop.borrow() {
            while let Ok(command) = commands.try_recv() {
                self.obey(&command);
            }
            let is_due = self.unsaved.len() >= SAVED_AFTER || self.saved_at.elapsed() >= SAVE;
            if is_due && !self.save().await {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let done = match self.next_step() {
                Step::Again(place) => self.send_again(place, &mut stop).await,
                Step::New => self.send_new(&mut stop).await,
                Step::Hold => {
                    self.hold();
                    Ok(())
                }
                Step::Read => self.read().await,
                Step::Wait(until) => {
                    self.save().await;
                    let wait = until.map_or(NOTE, |at| millis(at - self.core.clock.now()).min(LOOK));
                    tokio::select! {
                        batch = changed.next() => {
                            self.has_more = true;
                            self.is_over = batch.is_none();
                        }
                        Some(command) = commands.recv() => self.obey(&command),
                        () = stopped(&mut stop) => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                    Ok(())
                }
            };
            match done {
                Ok(()) => {}
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, webhook = %self.endpoint.id, "events could not be read for a webhook");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
        self.save().await;
    }

    fn next_step(&self) -> Step {
        let now = self.core.clock.now();
        // What is further away than anything is ever put off was written down before the clock was set back.
        let latest = now + self.options.longest_wait();
        let is_ahead = |at: &Millis| (now + 1..=latest).contains(at);
        if let Some(until) = self.progress.paused_until.filter(is_ahead) {
            return Step::Wait(Some(until));
        }
        let mut heads = HashSet::new();
        let mut earliest: Option<Millis> = None;
        for (place, waiting) in &self.waiting {
            if !heads.insert(waiting.resource) {
                continue;
            }
            match waiting.next_try_at {
                Some(at) if is_ahead(&at) => earliest = Some(earliest.map_or(at, |earliest| earliest.min(at))),
                _ => return Step::Again(*place),
            }
        }
        if self.waiting.len() >= MOST_WAITING {
            return Step::Wait(earliest);
        }
        match self.ahead.front() {
            Some(next) if heads.contains(&next.resource) => Step::Hold,
            Some(_) => Step::New,
            None if self.has_more => Step::Read,
            None => Step::Wait(earliest),
        }
    }

    /// Reads the events that come next.
    async fn read(&mut self) -> Result<(), StoreError> {
        let (endpoint, after, missed) = (self.endpoint.clone(), self.read_up_to, self.missed);
        let read = self.core.run(move |core| {
            if !webhooks::is_enabled_as(core, &endpoint)? {
                return Ok(None);
            }
            let Endpoint { environment, types, .. } = endpoint;
            let wants = |kind| types.as_ref().is_none_or(|types| types.contains(&kind));
            let page = |start| app_events::page(core, &environment, start, AT_ONCE, wants);
            let (page, missed) = match page(Start::After(after)) {
                // What is still kept is sent; what is not is not made up.
                Err(EventsError::Gone(gone)) => (page(Start::Kept(after)), gone),
                page => (page, missed),
            };
            let page = page.map_err(|error| match error {
                EventsError::Other(Error::Store(error)) => error,
                EventsError::Other(error) => StoreError::Sqlite(error.to_string()),
                EventsError::Gone(_) => StoreError::Gone,
            })?;
            let is_deleted = is_deleted(core)?;
            let events = page.events.into_iter().map(|event| Prepared::new(event, is_deleted));
            let events = events.collect::<Result<VecDeque<_>, _>>()?;
            Ok::<_, StoreError>(Some((events, page.up_to, page.has_more, missed)))
        });
        let Some((events, up_to, has_more, missed)) = read.await? else {
            // Whoever changed the webhook has another sender started.
            self.is_over = true;
            return Ok(());
        };
        if missed != self.missed {
            self.missed = missed;
            self.progress.missed_at = Some(self.core.clock.now());
            self.is_ahead = true;
        }
        (self.ahead, self.read_up_to, self.has_more) = (events, up_to, has_more);
        if self.ahead.is_empty() {
            self.advance(up_to);
        }
        Ok(())
    }

    async fn send_new(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), StoreError> {
        let Some(next) = self.ahead.front().cloned() else { return Ok(()) };
        if !self.is_there(&next).await? {
            self.leave_behind(next.place);
            return Ok(());
        }
        let Some(outcome) = self.attempt(next.message, stop).await else { return Ok(()) };
        self.leave_behind(next.place);
        self.take(next.place, next.resource, next.event, 0, outcome).await
    }

    async fn is_there(&self, next: &Prepared) -> Result<bool, StoreError> {
        let (environment, about) = (self.endpoint.environment.clone(), next.event.about.clone());
        self.core.run(move |core| deliveries::is_there(core, &environment, about.as_ref())).await
    }

    /// Goes on behind the next event, which is at `place`.
    fn leave_behind(&mut self, place: EventPlace) {
        self.ahead.pop_front();
        self.advance(if self.ahead.is_empty() { self.read_up_to } else { place });
    }

    async fn send_again(&mut self, place: EventPlace, stop: &mut watch::Receiver<bool>) -> Result<(), StoreError> {
        let environment = self.endpoint.environment.clone();
        let found = self.core.run(move |core| Prepared::at(core, &environment, place)).await?;
        let Some(found) = found else {
            self.give_up(place, NOT_KEPT);
            return Ok(());
        };
        if self.endpoint.types.as_ref().is_some_and(|types| !types.contains(&found.kind)) {
            self.give_up(place, NOT_WANTED);
            return Ok(());
        }
        let tries = self.waiting.get(&place).map_or(0, |waiting| waiting.tries);
        let Some(outcome) = self.attempt(found.message, stop).await else { return Ok(()) };
        self.take(place, found.resource, found.event, tries, outcome).await
    }

    fn give_up(&mut self, place: EventPlace, reason: &str) {
        if let Some(Waiting { id, .. }) = self.waiting.remove(&place) {
            self.unsaved.push(Work::GivenUp(id, reason.to_owned()));
        }
    }

    /// Has the next event wait for an earlier one about the same resource.
    fn hold(&mut self) {
        let Some(Prepared { place, resource, event, .. }) = self.ahead.front().cloned() else { return };
        self.leave_behind(place);
        let waiting = Waiting { id: event.id.clone(), resource, tries: 0, next_try_at: None, is_reached: true };
        self.waiting.insert(place, waiting);
        self.record(Recorded {
            event,
            attempt: None,
            attempted_at: None,
            body_digest: None,
            state: Some(DeliveryState::Waiting),
            next_try_at: None,
            is_scheduled: false,
            is_reached: true,
        });
    }

    /// Sends a message once; `None`: it was told to stop meanwhile. What was done before is kept, however long it takes.
    async fn attempt(&mut self, message: Message, stop: &mut watch::Receiver<bool>) -> Option<Outcome> {
        let (endpoint, now) = (self.endpoint.clone(), self.core.clock.now());
        let mut client = mem::replace(&mut self.client, new_client(&self.options, &self.endpoint));
        let sent = async {
            let outcome = attempt(&mut client, &endpoint, &message, now, false).await;
            (client, outcome)
        };
        let mut sent = std::pin::pin!(sent);
        let (client, outcome) = loop {
            tokio::select! {
                done = &mut sent => break done,
                () = stopped(stop) => break tokio::time::timeout(LAST, &mut sent).await.ok()?,
                () = tokio::time::sleep(SAVE), if !self.unsaved.is_empty() => { self.save().await; }
            }
        };
        self.client = client;
        Some(outcome)
    }

    /// Takes in what came of an attempt.
    async fn take(
        &mut self,
        place: EventPlace,
        resource: ResourceKey,
        event: DeliveredEvent,
        tries: u32,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let pause = outcome.pause();
        let Outcome { attempt, at, body_digest, verdict, is_reached, retry_after } = outcome;
        let now = self.core.clock.now();
        let next_try_at = match verdict {
            Verdict::Delivered => None,
            Verdict::Failed => self.options.next_try(tries + 1, retry_after, now),
            // As soon as a person enables it again.
            Verdict::Gone => Some(now),
        };
        let state = match (verdict, next_try_at) {
            (Verdict::Delivered, _) => DeliveryState::Delivered,
            (_, Some(_)) => DeliveryState::Waiting,
            (_, None) => DeliveryState::Failed,
        };
        if state == DeliveryState::Waiting {
            let waiting = Waiting { id: event.id.clone(), resource, tries: tries + 1, next_try_at, is_reached };
            self.waiting.insert(place, waiting);
        } else {
            self.waiting.remove(&place);
        }
        if verdict == Verdict::Delivered {
            self.note_delivered(now);
        } else {
            self.note_failed(at, &attempt);
            self.progress.paused_until = pause.map(|pause| WebhookOptions::paused_until(pause, now));
        }
        let attempted_at = Some(at);
        let attempt = Some(attempt);
        let is_scheduled = true;
        self.record(Recorded {
            event,
            attempt,
            attempted_at,
            body_digest: Some(body_digest),
            state: Some(state),
            next_try_at,
            is_scheduled,
            is_reached,
        });
        let most = Millis::try_from(self.options.most_failing.as_millis()).unwrap_or(Millis::MAX);
        match verdict {
            Verdict::Gone => self.disable(WebhookDisabledBecause::Gone).await,
            Verdict::Failed if self.progress.failing_for >= most => self.disable(WebhookDisabledBecause::Failing).await,
            _ => Ok(()),
        }
    }

    async fn disable(&mut self, because: WebhookDisabledBecause) -> Result<(), StoreError> {
        self.is_over = true;
        self.save().await;
        let endpoint = self.endpoint.clone();
        self.core.run(move |core| webhooks::disable(core, &endpoint, because)).await
    }

    /// Whoever could not be reached is there again: what could not be sent is sent at once.
    fn note_delivered(&mut self, now: Millis) {
        self.progress.last_delivered_at = Some(now);
        self.progress.failing_since = None;
        self.progress.failing_for = 0;
        self.progress.error = None;
        self.progress.paused_until = None;
        self.failed_at = None;
        for waiting in self.waiting.values_mut().filter(|waiting| !waiting.is_reached) {
            waiting.next_try_at = Some(now);
        }
    }

    /// Only time in which it was tried counts: neither while the program did not run, nor while the machine slept for longer than any wait.
    fn note_failed(&mut self, at: Millis, attempt: &DeliveryAttempt) {
        let since = self.failed_at.map_or(0, |before| at - before);
        if (0..=self.options.longest_wait()).contains(&since) {
            self.progress.failing_for += since;
        }
        self.failed_at = Some(at);
        self.progress.failing_since.get_or_insert(at);
        self.progress.error.clone_from(&attempt.error);
    }

    fn obey(&mut self, command: &Command) {
        let Command::Delivered(place) = command;
        if let Some(place) = place {
            self.waiting.remove(place);
        }
        self.note_delivered(self.core.clock.now());
        self.is_ahead = true;
    }

    fn advance(&mut self, place: EventPlace) {
        self.progress.place = (place.seq, place.index);
        self.is_ahead = true;
    }

    fn record(&mut self, recorded: Recorded) {
        self.unsaved.push(Work::Recorded(Box::new(recorded)));
    }

    /// Keeps what was done; false: that did not work, and is tried again.
    async fn save(&mut self) -> bool {
        self.saved_at = Instant::now();
        if self.unsaved.is_empty() && !self.is_ahead {
            return true;
        }
        let (endpoint, work, progress) = (self.endpoint.clone(), self.unsaved.clone(), self.progress.clone());
        let note = self.seq_to_note();
        let saved = self.core.run(move |core| {
            deliveries::save(core, &endpoint, work, Some(progress))?;
            note.map_or(Ok(()), |seq| deliveries::note_sent(core, &endpoint.id, seq))
        });
        match saved.await {
            Ok(()) => {
                self.unsaved.clear();
                self.is_ahead = false;
                if let Some(seq) = note {
                    self.noted = (seq, Instant::now());
                }
                true
            }
            Err(error) => {
                tracing::error!(%error, webhook = %self.endpoint.id, "what a webhook sent could not be kept");
                false
            }
        }
    }

    /// Up to which change all is sent, if that is to be noted now.
    fn seq_to_note(&self) -> Option<ChangeSeq> {
        let (noted, at) = self.noted;
        let (seq, index) = self.progress.place;
        let sent =
            self.waiting.keys().next().map_or(EventPlace { seq, index }, |first| EventPlace { index: 0, ..*first });
        let sent = if sent.index == u64::MAX { sent.seq } else { ChangeSeq(sent.seq.0 - 1) };
        (sent > noted && at.elapsed() >= NOTE).then_some(sent)
    }
}

/// Resolves when a sender is told to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that nobody is left who could go on with it.
    let _ = stop.wait_for(|is_stopped| *is_stopped).await;
}

/// A client that gives up in time, and goes to the internet only if a person has confirmed that.
pub(super) fn new_client(options: &WebhookOptions, endpoint: &Endpoint) -> Client {
    let client = Client::new(Limits { time: options.timeout, ..Limits::default() });
    if endpoint.is_confirmed { client } else { client.only_to(options.is_near) }
}

fn millis(wait: Millis) -> Duration {
    Duration::from_millis(wait.try_into().unwrap_or_default())
}
