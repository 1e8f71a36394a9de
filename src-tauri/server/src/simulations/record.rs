//! What a run came to, so far.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use simulator::check::{CheckOutcome, CheckProgress, Outcomes, Report, Score};
use simulator::{PlannedStep, Progress, StepReport, Stop, Summary, Verdict};

use super::ReportFormat;
use super::steps::Steps;
use crate::directory::{Error, Result};
use crate::model::{DirectoryId, Event, Simulation, SimulationPage, SimulationState, SimulationWhat};

/// Steps or checks of a page.
const PAGE: usize = 500;

/// A run, shared by whoever carries it out and whoever reads it.
pub(super) struct Record {
    id: String,
    directory_id: Option<DirectoryId>,
    stop: Stop,
    began: Instant,
    state: Mutex<State>,
}

struct State {
    simulation: Simulation,
    steps: Steps,
    outcomes: Outcomes,
    /// The checks that are still to come.
    checks_to_come: Vec<PlannedStep>,
}

impl Record {
    /// `outcomes`: those of an earlier run that this one goes on with; a check that runs again takes the place of its former outcome.
    pub(super) fn new(mut simulation: Simulation, outcomes: Outcomes) -> Self {
        let (id, directory_id) = (simulation.id.clone(), simulation.directory_id.clone());
        let checks_to_come = simulation.upcoming.clone();
        count_all(&mut simulation, outcomes.as_slice());
        let state = State { simulation, steps: Steps::default(), outcomes, checks_to_come };
        Self { id, directory_id, stop: Stop::new(), began: Instant::now(), state: Mutex::new(state) }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// `None`: it belongs to no directory.
    pub(super) fn directory_id(&self) -> Option<&DirectoryId> {
        self.directory_id.as_ref()
    }

    pub(super) fn stopper(&self) -> &Stop {
        &self.stop
    }

    pub(super) fn stop(&self) {
        self.stop.stop();
        let mut state = self.lock();
        if state.simulation.state == SimulationState::Running {
            state.simulation.state = SimulationState::Stopping;
            state.simulation.upcoming.clear();
        }
    }

    pub(super) fn event(&self) -> Event {
        Event::Simulation { simulation_id: self.id.clone(), directory_id: self.directory_id.clone() }
    }

    pub(super) fn simulation(&self) -> Simulation {
        self.as_it_is(&self.lock())
    }

    /// The checks that were run, with their exchanges.
    pub(super) fn outcomes(&self) -> Outcomes {
        self.lock().outcomes.clone()
    }

    /// `after`: the number of the last step that is known, or how many checks are.
    pub(super) fn page(&self, after: usize) -> SimulationPage {
        let state = self.lock();
        let steps = state.steps.iter().filter(|step| step.number as usize > after).take(PAGE);
        let steps = steps.map(|step| StepReport { exchange: None, ..step.clone() });
        let outcomes = state.outcomes.as_slice().iter().skip(after).take(PAGE);
        let outcomes = outcomes.map(|outcome| CheckOutcome { exchanges: Vec::new(), ..outcome.clone() });
        SimulationPage { simulation: self.as_it_is(&state), steps: steps.collect(), outcomes: outcomes.collect() }
    }

    /// # Errors
    /// If there is no such step, or no more.
    pub(super) fn step(&self, number: u32) -> Result<StepReport> {
        let state = self.lock();
        let found = state.steps.iter().find(|step| step.number == number).cloned();
        found.ok_or_else(|| {
            let was_taken = (1..=state.steps.taken()).contains(&number);
            Error::NotFound(match was_taken {
                true => format!("Step {number} of this run is no longer kept."),
                false => format!("This run has no step {number}."),
            })
        })
    }

    pub(super) fn outcome(&self, check: &str) -> Option<CheckOutcome> {
        self.lock().outcomes.as_slice().iter().find(|outcome| outcome.check.id == check).cloned()
    }

    pub(super) fn report(&self, format: ReportFormat) -> Option<String> {
        let state = self.lock();
        let simulation = self.as_it_is(&state);
        if let SimulationWhat::Checks { .. } = simulation.what {
            let report = Report::of(simulation.target_url, state.outcomes.clone().into_vec(), simulation.duration_ms);
            let (users_left, groups_left) = (simulation.users_left, simulation.groups_left);
            let report = Report { date: Some(simulation.started_at), users_left, groups_left, ..report };
            return Some(match format {
                ReportFormat::Json => report.to_json(),
                ReportFormat::Junit => report.to_junit(),
                ReportFormat::Html => report.to_html(),
            });
        }
        let whole = SimulationPage { simulation, steps: state.steps.iter().cloned().collect(), outcomes: Vec::new() };
        (format == ReportFormat::Json).then(|| serde_json::to_string_pretty(&whole).unwrap_or_default())
    }

    /// Takes in what a scenario tells.
    pub(super) fn hear(&self, progress: Progress) {
        let mut state = self.lock();
        let simulation = &mut state.simulation;
        match progress {
            Progress::Planned { total, upcoming } => {
                simulation.total = total;
                simulation.upcoming = upcoming;
            }
            Progress::Began { step, .. } => {
                simulation.waiting = None;
                // The plan has made-up ids; what it says of the step is said better by the step itself.
                if simulation.upcoming.first().is_some_and(|planned| planned.method == step.method) {
                    simulation.upcoming.remove(0);
                }
                simulation.current = Some(step);
            }
            Progress::Waiting { text, .. } => simulation.waiting = Some(text),
            Progress::Ended { step } => {
                simulation.current = None;
                simulation.waiting = None;
                let is_planned = simulation.upcoming.first().is_some_and(|planned| planned.title == step.title);
                // What nothing was sent for has not begun, either.
                if is_planned && step.exchange.is_none() {
                    simulation.upcoming.remove(0);
                }
                count(simulation, step.verdict);
                state.steps.push(*step);
                let State { simulation, steps, .. } = &mut *state;
                simulation.total = simulation.total.max(steps.taken());
                (simulation.steps_dropped, simulation.steps_kept_from) = (steps.dropped(), steps.kept_from());
            }
            Progress::Finished { .. } => {}
        }
    }

    /// Takes in what a run of checks tells.
    pub(super) fn hear_check(&self, progress: CheckProgress) {
        let mut state = self.lock();
        match progress {
            CheckProgress::Began { number, check, .. } => {
                let next = state.checks_to_come.iter().skip(number).take(simulator::run::UPCOMING).cloned().collect();
                state.simulation.upcoming = next;
                state.simulation.current = Some(planned(check.title, check.id));
            }
            CheckProgress::Ended { outcome } => {
                state.simulation.current = None;
                state.outcomes.put(*outcome);
                let State { simulation, outcomes, .. } = &mut *state;
                count_all(simulation, outcomes.as_slice());
            }
        }
    }

    /// The scenario is over.
    pub(super) fn finish(&self, summary: Summary, keeps: bool) {
        let mut state = self.lock();
        let simulation = &mut state.simulation;
        simulation.stopped = summary.stopped;
        simulation.duration_ms = summary.duration_ms;
        // What stays in a directory of one's own is wanted there.
        if !keeps {
            (simulation.users_left, simulation.groups_left) = (summary.users_left, summary.groups_left);
        }
        end(simulation);
    }

    /// The checks are over; `ran` names what a run that it goes on with left, too.
    pub(super) fn finish_checks(&self, ran: &Report) {
        let mut state = self.lock();
        let report =
            Report::of(state.simulation.target_url.clone(), state.outcomes.clone().into_vec(), ran.duration_ms);
        let simulation = &mut state.simulation;
        simulation.duration_ms = ran.duration_ms;
        (simulation.users_left, simulation.groups_left) = (ran.users_left.clone(), ran.groups_left.clone());
        simulation.score = Some(report.score);
        simulation.suites = report.suites;
        let was_stopped = self.stop.is_stopped().then(|| "Stopped.".to_owned());
        let reason = was_stopped.or_else(|| ran.left_alone().map(str::to_owned));
        // What a run that it goes on with was stopped for, still is.
        if reason.is_some() {
            simulation.stopped = reason;
        }
        end(simulation);
    }

    fn as_it_is(&self, state: &State) -> Simulation {
        let simulation = state.simulation.clone();
        if simulation.state == SimulationState::Finished {
            return simulation;
        }
        let duration_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Simulation { duration_ms, ..simulation }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A check as it is listed among what is to come.
pub(super) fn planned(title: &str, id: &str) -> PlannedStep {
    PlannedStep { title: title.to_owned(), method: String::new(), target: id.to_owned() }
}

fn count(simulation: &mut Simulation, verdict: Verdict) {
    match verdict {
        Verdict::Passed => simulation.passed += 1,
        Verdict::Warning => simulation.warnings += 1,
        Verdict::Failed => simulation.failed += 1,
        Verdict::Skipped => simulation.skipped += 1,
        Verdict::Silent => simulation.silent += 1,
    }
}

/// Counts checks anew: one that ran again counts once.
fn count_all(simulation: &mut Simulation, outcomes: &[CheckOutcome]) {
    let Score { passed, warnings, failed, skipped, .. } = Score::of(outcomes);
    (simulation.passed, simulation.warnings, simulation.failed, simulation.skipped) =
        (passed, warnings, failed, skipped);
}

fn end(simulation: &mut Simulation) {
    simulation.state = SimulationState::Finished;
    simulation.current = None;
    simulation.waiting = None;
    simulation.upcoming.clear();
}

#[cfg(test)]
mod tests {
    use simulator::{Scenario, SimulatedProvider};

    use super::super::steps::tests::step;
    use super::*;
    use crate::model::SimulationTargetKind;

    fn simulation() -> Simulation {
        Simulation {
            id: "run".into(),
            directory_id: Some("dir".into()),
            what: SimulationWhat::Scenario {
                provider: SimulatedProvider::Generic,
                scenario: Scenario::AssignUser,
                people: 10_000,
            },
            title: "Assign user".into(),
            target_kind: SimulationTargetKind::Local,
            target_url: "http://127.0.0.1:7246/scim/v2/dir".into(),
            state: SimulationState::Running,
            started_at: "2026-06-07T12:00:00.000Z".into(),
            total: 0,
            passed: 0,
            warnings: 0,
            failed: 0,
            skipped: 0,
            silent: 0,
            steps_dropped: 0,
            steps_kept_from: 1,
            duration_ms: 0,
            current: None,
            waiting: None,
            upcoming: Vec::new(),
            stopped: None,
            users_left: Vec::new(),
            groups_left: Vec::new(),
            score: None,
            suites: Vec::new(),
        }
    }

    #[test]
    fn a_very_long_run_says_what_it_let_go_of_and_still_counts_it() {
        let record = Record::new(simulation(), Outcomes::default());
        for number in 1..=20_000 {
            let verdict = if number == 7 { Verdict::Failed } else { Verdict::Passed };
            record.hear(Progress::Ended { step: Box::new(step(number, verdict, 1_000)) });
        }
        let first = record.page(0);
        let run = &first.simulation;
        assert_eq!((run.total, run.passed, run.failed), (20_000, 19_999, 1));
        assert_eq!((run.steps_dropped, run.steps_kept_from), (14_999, 15_001));
        let numbers = |page: &SimulationPage| page.steps.iter().map(|step| step.number).collect::<Vec<_>>();
        assert_eq!((first.steps.len(), &numbers(&first)[..2]), (PAGE, &[7, 15_001][..]));
        assert_eq!(numbers(&record.page(19_998)), [19_999, 20_000], "read on from the last that is known");
        assert!(record.step(7).is_ok_and(|step| step.exchange.is_some()));
        let gone = |number| record.step(number).expect_err("it is not there").to_string();
        assert_eq!(gone(8), "Step 8 of this run is no longer kept.");
        assert_eq!(gone(20_001), "This run has no step 20001.");
    }
}
