//! Work on many users and groups at once: imports, sample people, and what is done with a selection.
//!
//! It goes on beside everything else, as bulk requests of a person that are recorded like any others. What it came to is in memory and goes
//! with the process.

mod plan;
mod record;
mod samples;
mod work;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use self::plan::Plan;
use self::record::{Outcome, Record};
use self::work::{Ended, Sender};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::directory::{Error, Result, browse, selection};
use crate::ids::short_id;
use crate::model::{
    Batch, BatchState, BatchWhat, DirectoryId, Event, ImportPreview, NewBatch, NewImport, NewSamples, OnExisting,
    ResourceKind, ResourceState, SelectionChange,
};
use crate::provisioning::Provisioning;
use crate::store::listing::{ListingRow, SortBy};
use crate::transfer::{self, ImportFile, Schemas};

/// People that can be added at once.
const MOST_SAMPLES: u32 = 1_000;

/// Users or groups that can be changed at once.
const MOST_SELECTED: usize = 100_000;

/// How long is waited for the request under way.
const LONGEST_END: Duration = Duration::from_secs(2);

/// Batches that are over and can still be read.
const MOST_KEPT: usize = 16;

/// Batches, under way or over. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Batches {
    core: Core,
    provisioning: Arc<Provisioning>,
    /// The oldest first.
    records: Arc<Mutex<Vec<Arc<Record>>>>,
}

/// What is carried out.
enum Work {
    Import { plan: Plan, stop_on_error: bool },
    Change { kind: ResourceKind, rows: Vec<ListingRow>, what: SelectionChange },
}

impl Batches {
    pub(crate) fn new(core: Core, provisioning: Arc<Provisioning>) -> Self {
        Self { core, provisioning, records: Arc::default() }
    }

    /// Says what importing a file would do, found out by trying each row.
    ///
    /// # Errors
    /// If there is no such directory, or the file cannot be read at all.
    pub(crate) async fn preview_import(&self, id: DirectoryId, new: NewImport) -> Result<ImportPreview> {
        let existing = new.existing;
        let mut file = self.read(&id, new).await?;
        let (format, columns) = (file.format, std::mem::take(&mut file.columns));
        let mut plan = self.plan(&id, file, existing).await?;
        plan.rehearse(&self.provisioning, &id).await?;
        Ok(ImportPreview { format, columns, counts: plan.counts(), rows: plan.rows() })
    }

    /// Begins to import a file.
    ///
    /// # Errors
    /// If there is no such directory, the file cannot be read, something goes on in the directory, or, with `stop_on_error`, a row cannot be
    /// imported.
    pub(crate) async fn start_import(&self, id: DirectoryId, new: NewImport) -> Result<Batch> {
        let (existing, stop_on_error) = (new.existing, new.stop_on_error);
        let file = self.read(&id, new).await?;
        let mut plan = self.plan(&id, file, existing).await?;
        if stop_on_error {
            plan.rehearse(&self.provisioning, &id).await?;
            if plan.counts().refuse > 0 {
                return Err(plan::refused(plan.counts()));
            }
        }
        self.start(id, BatchWhat::Import, plan.rows.len(), Work::Import { plan, stop_on_error })
    }

    /// Begins to add sample people.
    ///
    /// # Errors
    /// If there is no such directory, something goes on there, or they are too many.
    pub(crate) async fn start_samples(&self, id: DirectoryId, new: NewSamples) -> Result<Batch> {
        if !(1..=MOST_SAMPLES).contains(&new.people) {
            return Err(Error::invalid("people", "From 1 to 1,000 people can be added at once."));
        }
        let directory = id.clone();
        let file = self.core.run(move |core| samples::file(core, &directory, &new)).await?;
        let plan = self.plan(&id, file, OnExisting::Skip).await?;
        self.start(id, BatchWhat::Samples, plan.rows.len(), Work::Import { plan, stop_on_error: false })
    }

    /// Begins to change what is selected.
    ///
    /// # Errors
    /// If there is no such directory, something goes on there, or the selection cannot be, or has become another.
    pub(crate) async fn start_change(&self, id: DirectoryId, new: NewBatch) -> Result<Batch> {
        let NewBatch { what, resource: kind, selection } = new;
        let (batch_what, wanted) = match what {
            SelectionChange::Deactivate => (BatchWhat::Deactivate, Some(ResourceState::Active)),
            SelectionChange::Reactivate => (BatchWhat::Reactivate, Some(ResourceState::Deactivated)),
            SelectionChange::Delete => (BatchWhat::Delete, None),
            SelectionChange::AddToGroup { .. } => (BatchWhat::AddToGroup, None),
        };
        if wanted.is_some() && kind == ResourceKind::Group {
            return Err(Error::invalid("what", "Only users can be deactivated and reactivated."));
        }
        let directory = id.clone();
        let select = move |core: &Core| {
            let keys = selection::keys(core, &directory, kind, &selection, (SortBy::Name, false))?;
            if keys.len() > MOST_SELECTED {
                return Err(Error::invalid("selection", "At most 100,000 can be changed at once. Narrow the search."));
            }
            let rows = selection::rows(core, &keys)?;
            let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            if selection.count.is_some_and(|told| told != count) {
                let message = format!("The selection has changed: it is {count} now. Nothing was done.");
                return Err(Error::CountChanged { count, message });
            }
            Ok(rows)
        };
        let mut rows = self.core.run(select).await?;
        let total = rows.len();
        rows.retain(|row| wanted.is_none_or(|state| row.state == state));
        self.start(id, batch_what, total, Work::Change { kind, rows, what })
    }

    /// A batch as it is now.
    ///
    /// # Errors
    /// If there is none with this id, or it was too long ago.
    pub(crate) fn read_batch(&self, id: &str) -> Result<Batch> {
        Ok(self.record(id)?.batch())
    }

    /// What goes on in a directory, and what is over and not too long ago, the oldest first.
    ///
    /// # Errors
    /// If there is no such directory.
    pub(crate) fn list(&self, id: &DirectoryId) -> Result<Vec<Batch>> {
        browse::find(&self.core, id)?;
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(records.iter().filter(|record| record.belongs_to(id)).map(|record| record.batch()).collect())
    }

    /// Stops a batch: the request under way is finished.
    ///
    /// # Errors
    /// If there is none with this id.
    pub(crate) fn stop(&self, id: &str) -> Result<Batch> {
        let record = self.record(id)?;
        record.stop();
        self.tell(id);
        Ok(record.batch())
    }

    /// Stops what goes on in a directory, and waits until it is over, for some seconds at the most.
    pub(crate) async fn end(&self, directory: &DirectoryId) {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for record in records.iter().filter(|record| record.belongs_to(directory)) {
            record.stop();
            // Who waits no longer goes on: what comes of the last request is what would come of any.
            let _ = tokio::time::timeout(LONGEST_END, record.over()).await;
        }
    }

    async fn read(&self, id: &DirectoryId, new: NewImport) -> Result<ImportFile> {
        let scope = browse::find(&self.core, id)?;
        let read = move |_: &Core| {
            let schemas = Schemas { user: &scope.user, group: &scope.group };
            transfer::read(&new.text, schemas).map_err(|message| Error::invalid("text", message))
        };
        self.core.run(read).await
    }

    async fn plan(&self, id: &DirectoryId, file: ImportFile, existing: OnExisting) -> Result<Plan> {
        let id = id.clone();
        refuse_forwarding(&self.core, &id)?;
        self.core.run(move |core| Plan::new(core, &id, file, existing)).await
    }

    fn start(&self, directory_id: DirectoryId, what: BatchWhat, total: usize, work: Work) -> Result<Batch> {
        refuse_forwarding(&self.core, &directory_id)?;
        let batch = Batch {
            id: short_id(),
            directory_id: directory_id.clone(),
            what,
            state: BatchState::Running,
            started_at: rfc3339(self.core.clock.now()),
            total: u32::try_from(total).unwrap_or(u32::MAX),
            done: 0,
            created: 0,
            updated: 0,
            deleted: 0,
            skipped: 0,
            failed: 0,
            problems: Vec::new(),
            ended_early: None,
        };
        let record = Arc::new(Record::new(batch));
        self.take_in(record.clone(), &directory_id)?;
        let began = record.batch();
        let (batches, ending) = (self.clone(), self.core.ended());
        let id = began.id.clone();
        tokio::spawn(async move {
            // A server that ends does not wait for it.
            tokio::select! {
                () = batches.carry_out(&record, directory_id, &id, total, work) => {}
                () = ending => {}
            }
        });
        Ok(began)
    }

    async fn carry_out(&self, record: &Record, directory: DirectoryId, id: &str, total: usize, work: Work) {
        let tell = || self.tell(id);
        let stop_on_error = matches!(work, Work::Import { stop_on_error: true, .. });
        let sender = Sender { provisioning: &self.provisioning, directory, record, tell: &tell, stop_on_error };
        let ended = match work {
            Work::Import { plan, .. } => work::import(&sender, plan).await,
            Work::Change { kind, rows, what } => {
                // Who is what they are to become already.
                (rows.len()..total).for_each(|_| record.count(&Outcome::Skipped));
                work::change(&sender, kind, &rows, &what).await
            }
        };
        record.finish(ended.err().map(|Ended(why)| why));
        tell();
    }

    fn take_in(&self, record: Arc<Record>, directory: &DirectoryId) -> Result<()> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.iter().any(|other| other.belongs_to(directory) && !other.is_over()) {
            let message =
                "Many users or groups of this directory are being changed. Stop that, or wait until it is over.";
            return Err(Error::conflict("id", message));
        }
        if let Some(oldest) = records.iter().position(|other| other.is_over()).filter(|_| records.len() >= MOST_KEPT) {
            records.remove(oldest);
        }
        records.push(record);
        Ok(())
    }

    fn record(&self, id: &str) -> Result<Arc<Record>> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let found = records.iter().find(|record| record.is(id)).cloned();
        found.ok_or_else(|| Error::NotFound(format!("There is no batch {id}, or it is too old.")))
    }

    fn tell(&self, id: &str) {
        self.core.live.publish(Event::Batch { batch_id: id.to_owned() });
    }
}

/// Refuses a directory whose users and groups are another server's: none of what is done with many can be tried or taken back there.
fn refuse_forwarding(core: &Core, id: &DirectoryId) -> Result<()> {
    if browse::find(core, id)?.forwarding.is_none() {
        return Ok(());
    }
    let message = "This directory forwards to your server. Many users or groups can be changed at once only where SCIM Setup answers.";
    Err(Error::conflict("id", message))
}
