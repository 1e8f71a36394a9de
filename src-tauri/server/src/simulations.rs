//! Runs of the simulator against the directories of this server, and against servers of others on their behalf.
//!
//! A run against a directory shows a guest's token, which is good as long as the run lasts. What an identity provider knows between two
//! runs, and what the newest run of each directory came to, is in memory and goes with the process.

mod catalog;
mod record;
mod scenarios;
mod start;
mod steps;
mod tenants;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use simulator::{SimulatedProvider, Tenant};
use utoipa::ToSchema;

use self::record::Record;
use self::tenants::Tenants;
use crate::core::Core;
use crate::directory::{Error, Result, browse};
use crate::model::{DirectoryId, DirectoryKey, NewSimulation, Simulation, SimulationPage, SimulationState, Simulator};

/// How often a run that was stopped is asked whether it is over, and how long is waited in between: two seconds in all.
const MOST_WAITS: usize = 100;
const WAIT: Duration = Duration::from_millis(20);

/// Runs of the simulator. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Simulations {
    core: Core,
    /// Whether runs pause as real identity providers do.
    pauses: bool,
    /// The newest run of each directory, and of those that belong to none, running or over.
    runs: Arc<Mutex<Vec<Arc<Record>>>>,
    tenants: Arc<Mutex<Tenants>>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ReportFormat {
    /// JSON.
    #[default]
    Json,
    /// JUnit's XML; only of checks.
    Junit,
    /// A page that needs nothing else; only of checks.
    Html,
}

impl Simulations {
    pub(crate) fn new(core: Core, pauses: bool) -> Self {
        Self { core, pauses, runs: Arc::default(), tenants: Arc::default() }
    }

    /// What the simulator can do on another server for nobody's directory.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) async fn read_checker(&self) -> Result<Simulator> {
        let known = self.tenants().beginner(SimulatedProvider::OktaAiw, true);
        catalog::read(&self.core, None, &known, self.latest(None).map(|run| run.simulation())).await
    }

    /// What the simulator can do for a directory, playing `provider`. `is_foreign`: on another server, where nothing is known yet.
    ///
    /// # Errors
    /// If there is no such directory.
    pub(crate) async fn read(
        &self,
        directory_id: &DirectoryId,
        provider: SimulatedProvider,
        is_foreign: bool,
    ) -> Result<Simulator> {
        let key = browse::find(&self.core, directory_id)?.directory;
        let known = self.tenants().known(directory_id, provider, is_foreign);
        let latest = self.latest(Some(directory_id)).map(|run| run.simulation());
        catalog::read(&self.core, Some(key), &known, latest).await
    }

    /// Starts a run and returns it as it begins.
    ///
    /// # Errors
    /// If one is under way for the directory, or something about it cannot be.
    pub(crate) async fn start(&self, new: NewSimulation) -> Result<Simulation> {
        start::start(self, new).await
    }

    /// A run with what came after step `after`, or after as many checks.
    ///
    /// # Errors
    /// If there is no such run, or a newer one took its place.
    pub(crate) fn page(&self, id: &str, after: usize) -> Result<SimulationPage> {
        Ok(self.run(id)?.page(after))
    }

    /// One step of a run, with its exchange.
    ///
    /// # Errors
    /// If there is no such step, or it is no longer kept.
    pub(crate) fn step(&self, id: &str, number: u32) -> Result<simulator::StepReport> {
        self.run(id)?.step(number)
    }

    /// One check of a run, with its exchanges.
    ///
    /// # Errors
    /// If it was not run.
    pub(crate) fn outcome(&self, id: &str, check: &str) -> Result<simulator::check::CheckOutcome> {
        self.run(id)?.outcome(check).ok_or_else(|| Error::NotFound(format!("This run has no check {check}.")))
    }

    /// A run as a file.
    ///
    /// # Errors
    /// If there is no such run, or it has no report of this form.
    pub(crate) fn report(&self, id: &str, format: ReportFormat) -> Result<String> {
        let message = "Only a run of checks can be exported as JUnit or HTML.";
        self.run(id)?.report(format).ok_or_else(|| Error::invalid("format", message))
    }

    /// Stops a run: the request under way is finished, what was made on another server is removed.
    ///
    /// # Errors
    /// If there is no such run.
    pub(crate) fn stop(&self, id: &str) -> Result<Simulation> {
        let run = self.run(id)?;
        run.stop();
        self.tell(&run);
        Ok(run.simulation())
    }

    /// Forgets the runs of deleted directories, with what identity providers knew there. One that goes on is stopped and stays until it is
    /// over: whoever follows it sees how it ends.
    pub(crate) fn forget_deleted(&self) {
        self.retain(|id| self.core.scopes.get(id).is_some());
    }

    /// The same for a directory that begins anew. Waits until the run that goes on there is over, for some seconds at the most.
    pub(crate) async fn end(&self, directory: &DirectoryId) {
        let is_over = || {
            self.retain(|id| id != directory);
            let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            runs.iter().all(|run| run.directory_id() != Some(directory))
        };
        for _ in 0..MOST_WAITS {
            if is_over() {
                return;
            }
            tokio::time::sleep(WAIT).await;
        }
    }

    fn retain(&self, is_kept: impl Fn(&DirectoryId) -> bool) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).retain(|run| {
            if run.directory_id().is_none_or(&is_kept) {
                return true;
            }
            run.stop();
            run.simulation().state != SimulationState::Finished
        });
        self.tenants().retain(is_kept);
    }

    /// Keeps what `provider` knows after a run in the directory with this key, unless it was deleted or began anew meanwhile.
    fn remember(&self, directory: &DirectoryId, key: DirectoryKey, provider: SimulatedProvider, tenant: Tenant) {
        let mut tenants = self.tenants();
        if self.core.scopes.get(directory).is_some_and(|scope| scope.directory == key) {
            tenants.remember(directory, provider, tenant);
        }
    }

    fn run(&self, id: &str) -> Result<Arc<Record>> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let found = runs.iter().find(|run| run.id() == id).cloned();
        found.ok_or_else(|| Error::NotFound(format!("There is no run {id}, or a newer one replaced it.")))
    }

    /// The newest run of a directory; `None`: of those that belong to none.
    fn latest(&self, directory_id: Option<&DirectoryId>) -> Option<Arc<Record>> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().find(|run| run.directory_id() == directory_id).cloned()
    }

    /// Takes a run in; the one before of its directory goes.
    fn take_in(&self, record: Arc<Record>) -> Result<()> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let is_busy = |run: &Arc<Record>| {
            run.directory_id() == record.directory_id() && run.simulation().state != SimulationState::Finished
        };
        if runs.iter().any(is_busy) {
            let message = "A run is under way here. Stop it, or wait until it is over.";
            return Err(Error::conflict("directoryId", message));
        }
        runs.retain(|run| run.directory_id() != record.directory_id());
        runs.push(record);
        Ok(())
    }

    fn tenants(&self) -> MutexGuard<'_, Tenants> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that something came to a run.
    fn tell(&self, run: &Record) {
        self.core.live.publish(run.event());
    }
}
