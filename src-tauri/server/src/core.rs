//! What every part of the server shares.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use futures_util::Stream;
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::forwarding::Targets;
use crate::guests::Guests;
use crate::insight::notices::PendingNotices;
use crate::live::Live;
use crate::model::{Absence, Event, ExchangeId, ListenerState, NoticePlace};
use crate::scopes::Scopes;
use crate::secret::{ProofKey, random_key};
use crate::store::{Store, StoreError, WorkError};

/// Questions to itself that are known again.
const SELF_CHECKS: usize = 32;

/// Store, feed and clock of a running server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Core {
    /// The data.
    pub(crate) store: Store,
    /// Where commits are told.
    pub(crate) live: Live,
    /// The time.
    pub(crate) clock: Clock,
    /// What proves that an answer came from this process.
    pub(crate) proof: Arc<ProofKey>,
    /// The directories and their tokens, as requests need them.
    pub(crate) scopes: Scopes,
    /// Whom else than the holders of stored tokens the directories know.
    pub(crate) guests: Guests,
    /// The servers that directories pass requests on to.
    pub(crate) targets: Targets,
    /// The provisioning listener, for the base URLs of environments without a public URL.
    listener: Arc<RwLock<ListenerState>>,
    /// Why requests could not be recorded, if any could not.
    recording_problem: Arc<RwLock<Option<String>>>,
    /// What is missing of the requests that arrived before, for the rest of this run.
    missing_requests: Arc<RwLock<Option<String>>>,
    /// Since when and for whom the program was not there, until a person has read it.
    absence: Arc<RwLock<Option<Absence>>>,
    /// What is gathered for notifications.
    gathering: Arc<Mutex<PendingNotices>>,
    /// Told when something was gathered.
    pub(crate) gathered: Arc<Notify>,
    /// Where the window is asked to go, and how often it has been asked. Nobody listens where there is no window.
    window: watch::Sender<(u64, Option<NoticePlace>)>,
    /// The id of the next request.
    next_exchange: Arc<AtomicI64>,
    /// What this program has asked itself lately through tunnels, the newest last.
    self_checks: Arc<Mutex<VecDeque<String>>>,
    /// Whether the server is about to end.
    ending: watch::Sender<bool>,
}

impl Core {
    /// A core over an open store. `port` is the one that base URLs name until a listener is bound.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) fn new(store: Store, clock: Clock, port: u16) -> Result<Self, StoreError> {
        let newest = store.read_with_requests(crate::store::exchanges::newest_id)?;
        Ok(Self {
            store,
            live: Live::default(),
            clock,
            proof: Arc::new(ProofKey::generate()),
            scopes: Scopes::default(),
            guests: Guests::default(),
            targets: Targets::default(),
            listener: Arc::new(RwLock::new(ListenerState::Failed {
                port,
                message: "Not started yet.".into(),
                suggested_port: None,
            })),
            recording_problem: Arc::default(),
            missing_requests: Arc::default(),
            absence: Arc::default(),
            gathering: Arc::default(),
            window: watch::Sender::default(),
            gathered: Arc::default(),
            next_exchange: Arc::new(AtomicI64::new(newest.next().0)),
            self_checks: Arc::default(),
            ending: watch::Sender::new(false),
        })
    }

    /// The same for work that is only tried: see [`Store::rehearsing`].
    pub(crate) fn rehearsing(&self) -> Self {
        Self { store: self.store.rehearsing(), ..self.clone() }
    }

    /// Runs synchronous work that may wait for the disk, away from the threads that serve connections.
    pub(crate) async fn run<T: Send + 'static, E: WorkError>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let core = self.clone();
        tokio::task::spawn_blocking(move || work(&core)).await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// Gives back to the system what was deleted. That it does not work now costs nothing but space until the next time.
    pub(crate) fn give_back(&self) {
        if let Err(error) = self.store.give_back() {
            tracing::warn!(%error, "what was deleted could not be given back");
        }
    }

    /// The state of the provisioning listener.
    pub(crate) fn listener(&self) -> ListenerState {
        self.listener.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the directories and their tokens anew.
    ///
    /// # Errors
    /// If the database refuses; then they are what they were.
    pub(crate) fn reload_scopes(&self) -> Result<(), StoreError> {
        self.scopes.reload(&self.store, &self.local_url())
    }

    /// To be followed by [`Core::reload_scopes`]: base URLs may name the port.
    pub(crate) fn set_listener(&self, state: ListenerState) {
        *self.listener.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// `http://127.0.0.1:7246`: where the provisioning listener is, or should be.
    pub(crate) fn local_url(&self) -> String {
        match self.listener() {
            ListenerState::Listening { port, .. } | ListenerState::Failed { port, .. } => Self::local_url_of(port),
        }
    }

    /// `http://127.0.0.1:7246` of a port.
    pub(crate) fn local_url_of(port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }

    /// Why requests are not recorded, or not there any more, as sentences.
    pub(crate) fn recording_problem(&self) -> Option<String> {
        let read = |place: &RwLock<Option<String>>| place.read().unwrap_or_else(PoisonError::into_inner).clone();
        match (read(&self.missing_requests), read(&self.recording_problem)) {
            (Some(missing), Some(problem)) => Some(format!("{missing} {problem}")),
            (missing, problem) => missing.or(problem),
        }
    }

    /// Says for the rest of this run that what was recorded is in `path` now.
    pub(crate) fn note_set_aside(&self, path: &Path) {
        let text = format!(
            "The record of requests was damaged. It was moved to {}, and a new one has begun. Users, groups and settings are not affected.",
            path.display()
        );
        tracing::error!(path = %path.display(), "the record of requests was damaged and has been set aside");
        replace(&self.missing_requests, Some(text));
        self.live.publish(Event::Status);
    }

    /// Says for the rest of this run how many requests were carried out and not written down before the last one ended.
    pub(crate) fn note_lost(&self, requests: u64) {
        let (were, they) = match requests {
            1 => ("1 request that changed something was", "It is"),
            _ => ("requests that changed something were", "They are"),
        };
        let count = if requests == 1 { String::new() } else { format!("{requests} ") };
        let text = format!(
            "SCIM Setup ended unexpectedly before {count}{were} written down. {they} missing from the list; what changed is kept."
        );
        tracing::warn!(requests, "requests were not written down before the last end");
        replace(&self.missing_requests, Some(text));
    }

    /// Sets a damaged record of requests aside, and says so.
    ///
    /// # Errors
    /// If there is no new one in its place.
    pub(crate) fn set_requests_aside(&self) -> Result<(), StoreError> {
        if let Some(path) = self.store.set_requests_aside()? {
            self.note_set_aside(&path);
        }
        Ok(())
    }

    /// Sets or clears the problem; false: it was so already.
    pub(crate) fn set_recording_problem(&self, problem: Option<String>) -> bool {
        replace(&self.recording_problem, problem)
    }

    pub(crate) fn absence(&self) -> Option<Absence> {
        self.absence.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets or clears it; false: it was so already.
    pub(crate) fn set_absence(&self, absence: Option<Absence>) -> bool {
        replace(&self.absence, absence)
    }

    pub(crate) fn gathering(&self) -> MutexGuard<'_, PendingNotices> {
        self.gathering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for the window; false: there is none.
    pub(crate) fn show_window(&self, place: Option<NoticePlace>) -> bool {
        self.window.send_modify(|(times, asked)| {
            *times += 1;
            *asked = place;
        });
        self.window.receiver_count() > 0
    }

    /// Tells each time somebody asks for the window from now on, and where to go there.
    pub(crate) fn window_requests(&self) -> impl Stream<Item = Option<NoticePlace>> + Send + use<> {
        let receiver = self.window.subscribe();
        futures_util::stream::unfold(receiver, |mut receiver| async move {
            receiver.changed().await.ok()?;
            let place = receiver.borrow_and_update().1.clone();
            Some((place, receiver))
        })
    }

    /// Ends what would otherwise go on for ever, such as the live feeds of browsers.
    pub(crate) fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Resolves when the server is about to end.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut ending = self.ending.subscribe();
        async move {
            // An error means that nobody is left who could end anything.
            let _ = ending.wait_for(|is_ending| *is_ending).await;
        }
    }

    /// A nonce for a question to itself through a tunnel.
    pub(crate) fn issue_nonce(&self) -> String {
        let nonce = random_key();
        let mut issued = self.self_checks.lock().unwrap_or_else(PoisonError::into_inner);
        issued.push_back(nonce.clone());
        let excess = issued.len().saturating_sub(SELF_CHECKS);
        issued.drain(..excess);
        nonce
    }

    /// Whether a nonce was issued lately.
    pub(crate) fn has_issued(&self, nonce: &str) -> bool {
        self.self_checks.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|issued| issued == nonce)
    }

    /// The id under which the request at hand will be recorded.
    pub(crate) fn next_exchange_id(&self) -> ExchangeId {
        ExchangeId(self.next_exchange.fetch_add(1, Ordering::Relaxed))
    }
}

/// Puts a value in the place of another; false: it was there already.
fn replace<T: PartialEq>(place: &RwLock<T>, value: T) -> bool {
    let mut current = place.write().unwrap_or_else(PoisonError::into_inner);
    let is_other = *current != value;
    *current = value;
    is_other
}
