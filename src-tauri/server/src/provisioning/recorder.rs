//! Writes exchanges down, off the hot path. Recording can fail without failing a request, but never silently.

mod batch;
mod queue;
mod record;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(super) use self::record::{RecordedRequest, facts, path_of, summary};

use self::queue::{Queue, Waiting};
use self::record::{Record, Unlisted};
use crate::clock::Millis;
use crate::core::Core;
use crate::insight::story::{Stories, StoryRequest};
use crate::model::{DirectoryKey, Event, ExchangeId};
use crate::provisioning::passage::Passage;
use crate::store::StoreError;
use crate::store::exchanges::NewExchange;
use crate::store::kept::Sender;

/// KiB of requests and answers that may wait to be written.
const ROOM: u32 = 8 << 10;

/// KiB that an exchange takes beside its bodies.
const OVERHEAD: usize = 2;

/// How long requests that are not listed are counted together.
const COUNTED: Duration = Duration::from_secs(10);

/// What is said of those that found no room.
const NO_ROOM: &str = "More requests arrived than could be written down; some are missing here.";

/// How long an exchange waits for room before it is let go of. The disk has stopped by then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes exchanges and has them written by a thread of its own. Cheap to clone; what was taken is written before [`Recorder::finish`] returns.
#[derive(Clone)]
pub(crate) struct Recorder {
    core: Core,
    thread: Arc<Thread>,
}

struct Thread {
    queue: Arc<Queue<Queued>>,
    /// A permit for each KiB that may wait.
    room: Arc<Semaphore>,
    handle: Mutex<Option<JoinHandle<()>>>,
    /// What is counted and not yet told, by who sent it and the directories that were addressed.
    unlisted: Mutex<HashMap<(Sender, Option<DirectoryKey>), Unlisted>>,
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
    /// What is not a single HTTP request.
    Made(Box<Record>),
}

impl Recorder {
    pub(crate) fn start(core: Core) -> Self {
        let queue = Arc::new(Queue::new());
        let (writing, waiting) = (core.clone(), Closing(queue.clone()));
        let handle = crate::store::spawn("recorder", move || write_all(&writing, &waiting.0));
        let thread = Thread {
            queue,
            room: Arc::new(Semaphore::new(ROOM as usize)),
            handle: Mutex::new(Some(handle)),
            unlisted: Mutex::default(),
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
                report(&self.core, NO_ROOM.to_owned());
            }
        }
    }

    /// Hands an exchange over without waiting for room: nothing that is passed on waits for the record. That one found none is said in the
    /// window.
    pub(super) fn record_now(&self, request: RecordedRequest) {
        match self.thread.room.clone().try_acquire_many_owned(request.kibibytes()) {
            Ok(room) => {
                self.hand_over(Queued { what: Item::Request(Box::new(request)), waiting: None, _room: Some(room) });
            }
            Err(_) => report(&self.core, NO_ROOM.to_owned()),
        }
    }

    /// Hands an exchange over and waits until it can be read. Blocks.
    ///
    /// # Errors
    /// If it was not written; why is said in the window.
    pub(super) fn record_and_wait(&self, request: RecordedRequest) -> Result<(), StoreError> {
        let (sender, written) = sync_channel(1);
        self.hand_over(Queued { what: Item::Request(Box::new(request)), waiting: Some(sender), _room: None });
        written.recv().map_err(|_| StoreError::Closed)
    }

    /// Hands over what could not be read as HTTP.
    pub(super) fn record_unreadable(&self, id: ExchangeId, at: Millis, error: &hyper::Error) {
        self.hand_over_made(record::unreadable(id, at, error));
    }

    /// Counts a request that is not listed. How many there were is written down a little later.
    pub(super) fn count_unlisted(&self, sender: Sender, directory: Option<DirectoryKey>, at: Millis) {
        let mut unlisted = self.unlisted();
        let counted = unlisted.entry((sender, directory)).or_insert(Unlisted { count: 0, first: at, last: at });
        (counted.count, counted.last) = (counted.count + 1, at);
        if counted.count == 1 {
            let recorder = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(COUNTED).await;
                let counted = recorder.unlisted().remove_entry(&(sender, directory));
                recorder.tell_unlisted(counted);
            });
        }
    }

    /// Hands over how many requests were counted.
    fn tell_unlisted(&self, counted: impl IntoIterator<Item = ((Sender, Option<DirectoryKey>), Unlisted)>) {
        for ((sender, directory), unlisted) in counted {
            self.hand_over_made(record::unlisted(self.core.next_exchange_id(), sender, directory, &unlisted));
        }
    }

    fn unlisted(&self) -> MutexGuard<'_, HashMap<(Sender, Option<DirectoryKey>), Unlisted>> {
        self.thread.unlisted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand_over_made(&self, record: Record) {
        self.hand_over(Queued { what: Item::Made(Box::new(record)), waiting: None, _room: None });
    }

    fn hand_over(&self, queued: Queued) {
        if !self.thread.queue.push(queued) {
            report(&self.core, "Requests are no longer written down. Restart SCIM Setup.".to_owned());
        }
    }

    /// Writes what was taken and ends. Blocks.
    pub(crate) fn finish(&self) {
        let counted = std::mem::take(&mut *self.unlisted());
        self.tell_unlisted(counted);
        self.thread.queue.close();
        let handle = self.thread.handle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if handle.is_some_and(|handle| handle.join().is_err()) {
            tracing::error!("the recorder panicked");
        }
    }
}

impl Waiting for Queued {
    fn kibibytes(&self) -> u32 {
        match &self.what {
            Item::Request(request) => request.kibibytes(),
            Item::Made(_) => OVERHEAD as u32,
        }
    }

    fn is_awaited(&self) -> bool {
        self.waiting.is_some()
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Closes the queue when whoever takes from it ends, by a panic too, so that nobody hands over in vain without knowing.
struct Closing(Arc<Queue<Queued>>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
        // Who waits for one of them learns that it was not written.
        while self.0.take().is_some() {}
    }
}

impl RecordedRequest {
    /// What it takes of [`ROOM`].
    fn kibibytes(&self) -> u32 {
        let passed = self.passage.as_ref().map_or(0, Passage::bytes);
        let bytes = self.body.bytes().len() + self.sent.body.len() + passed;
        u32::try_from((bytes >> 10) + OVERHEAD).unwrap_or(ROOM).min(ROOM)
    }
}

fn report(core: &Core, problem: String) {
    tracing::error!(problem, "an exchange was not recorded");
    if core.set_recording_problem(Some(problem)) {
        core.live.publish(Event::Status);
    }
}

fn write_all(core: &Core, queue: &Queue<Queued>) {
    let mut stories = Stories::default();
    while let Some(batch) = queue.take() {
        let written = std::panic::catch_unwind(AssertUnwindSafe(|| write_batch(core, &mut stories, batch)));
        if written.is_err() {
            report(core, "Some requests could not be written down; that is a fault of SCIM Setup.".to_owned());
        }
    }
}

fn write_batch(core: &Core, stories: &mut Stories, mut batch: Vec<Queued>) {
    let received = batch.len();
    let mut records = Vec::with_capacity(received);
    // Who waits for one that is not written learns that it was not.
    batch.retain_mut(|queued| {
        let record = made(core, &mut queued.what);
        let is_made = record.is_some();
        records.extend(record);
        is_made
    });
    let is_whole = records.len() == received;
    records.iter_mut().for_each(|record| place(stories, &mut record.exchange));
    let records = Arc::new(records);
    let written = match batch::write(core, &records) {
        Err(StoreError::Damaged(_)) => core.set_requests_aside().and_then(|()| batch::write(core, &records)),
        written => written,
    };
    match written {
        Err(error) => report(core, format!("Requests could not be written down: {error}.")),
        Ok(()) => {
            for waiting in batch.iter_mut().filter_map(|queued| queued.waiting.take()) {
                // An error means that nobody waits any more.
                let _ = waiting.send(());
            }
            if is_whole && core.set_recording_problem(None) {
                core.live.publish(Event::Status);
            }
        }
    }
}

/// What is stored of one of them; `None`: that failed, which costs this one and no other.
fn made(core: &Core, item: &mut Item) -> Option<Record> {
    match item {
        Item::Request(request) => {
            let made = std::panic::catch_unwind(AssertUnwindSafe(|| {
                request.read_passage(core);
                record::to_record(request)
            }));
            if made.is_err() {
                report(
                    core,
                    format!("Request {} could not be written down; that is a fault of SCIM Setup.", request.id),
                );
            }
            made.ok()
        }
        Item::Made(record) => Some((**record).clone()),
    }
}

fn place(stories: &mut Stories, exchange: &mut NewExchange) {
    let Some(directory) = exchange.directory else { return };
    let NewExchange { row, at, facts, .. } = exchange;
    row.story = stories.place(&StoryRequest { id: row.id, at: *at, directory, actor: &row.actor, facts });
}
