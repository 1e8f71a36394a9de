//! Runs of the simulator, as every client reads them.

use serde::{Deserialize, Serialize};
use simulator::check::{CheckInfo, CheckOutcome, Score, Suite, SuiteScore};
use simulator::{Leftover, PlannedStep, Scenario, ScenarioKind, SimulatedProvider, StepReport};
use utoipa::ToSchema;

use super::{DirectoryId, Timestamp};

/// A run to start.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSimulation {
    /// The directory that it belongs to, whatever the target; none: what is sent to another server belongs to none.
    #[serde(default)]
    pub directory_id: Option<DirectoryId>,
    /// What to do.
    pub what: SimulationWhat,
    /// To whom.
    #[serde(default)]
    pub target: SimulationTarget,
    /// How fast.
    #[serde(default)]
    pub pace: SimulationPace,
    /// Whether a person has agreed to write to another server.
    #[serde(default)]
    pub confirmed: bool,
}

/// What a run does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SimulationWhat {
    /// Plays an identity provider.
    Scenario {
        /// Which.
        provider: SimulatedProvider,
        /// What happens.
        scenario: Scenario,
        /// How many people are assigned, where the scenario leaves that open.
        #[serde(default = "one")]
        people: u32,
    },
    /// Checks the server.
    Checks {
        /// What is looked at.
        suites: Vec<Suite>,
        /// Only the checks with these ids; empty: all.
        #[serde(default)]
        only: Vec<String>,
    },
    /// Removes everything that the simulator made in the directory.
    CleanUp,
}

fn one() -> u32 {
    1
}

/// To whom a run sends.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SimulationTarget {
    /// To the directory, on this machine.
    #[default]
    Local,
    /// To the directory, through the public URL of its environment.
    Tunnel,
    /// To any SCIM server.
    Foreign {
        /// `https://scim.example.com/scim/v2`
        // The generated description does not know `rename_all_fields`.
        #[serde(rename = "baseUrl")]
        base_url: String,
        /// The bearer token. It is kept in memory as long as the run lasts.
        token: ForeignToken,
    },
}

/// A token in the clear, on its way in. It has no `Debug` text and cannot be written out.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password)]
pub struct ForeignToken(String);

impl ForeignToken {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ForeignToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ForeignToken(…)")
    }
}

/// How fast a run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SimulationPace {
    /// As fast as the server answers.
    None,
    /// With pauses that are just seen.
    #[default]
    Quick,
    /// With the pauses that identity providers make.
    Real,
    /// Slow enough to follow with the eye.
    Watchable,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Simulation {
    /// Unique among the runs since the program started.
    pub id: String,
    /// The directory that it belongs to, if it belongs to one.
    pub directory_id: Option<DirectoryId>,
    /// What it does.
    pub what: SimulationWhat,
    /// `Full lifecycle as Okta`.
    pub title: String,
    /// To whom it sends.
    pub target_kind: SimulationTargetKind,
    /// The base URL.
    pub target_url: String,
    /// How far it is.
    pub state: SimulationState,
    /// When it began.
    pub started_at: Timestamp,
    /// How many steps there are in all, as far as that is known.
    pub total: u32,
    /// Steps that passed.
    pub passed: u32,
    /// Steps with a warning.
    pub warnings: u32,
    /// Steps that failed.
    pub failed: u32,
    /// Steps that could not be tried.
    pub skipped: u32,
    /// Steps in which nothing was sent.
    pub silent: u32,
    /// Earlier steps that are no longer kept; all of them count above.
    pub steps_dropped: u32,
    /// The number of the step from which on all are kept; of those before it, only what failed.
    pub steps_kept_from: u32,
    /// From the beginning until now, or until the end.
    pub duration_ms: u64,
    /// The step that is being taken.
    pub current: Option<PlannedStep>,
    /// Why it waits: the server asked for patience.
    pub waiting: Option<String>,
    /// The next steps, at most a hundred.
    pub upcoming: Vec<PlannedStep>,
    /// Why it ended before its end.
    pub stopped: Option<String>,
    /// Users that it made and could not remove: a scenario on another server, checks anywhere.
    pub users_left: Vec<Leftover>,
    /// Groups likewise.
    pub groups_left: Vec<Leftover>,
    /// The score of a run of checks.
    pub score: Option<Score>,
    /// The same for each suite.
    pub suites: Vec<SuiteScore>,
}

/// To whom a run sends, without its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SimulationTargetKind {
    /// To the directory, on this machine.
    Local,
    /// To the directory, through the tunnel.
    Tunnel,
    /// To another server.
    Foreign,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SimulationState {
    /// It goes on.
    Running,
    /// It was stopped and cleans up.
    Stopping,
    /// It is over.
    Finished,
}

/// A run with the steps or checks that come after those that are known.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimulationPage {
    /// The run as it is now.
    pub simulation: Simulation,
    /// Steps that are kept, in order, without their exchanges, at most 500.
    pub steps: Vec<StepReport>,
    /// Checks, in order, without their exchanges, at most 500.
    pub outcomes: Vec<CheckOutcome>,
}

/// What the simulator can do for a directory.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Simulator {
    /// Who can be played.
    pub providers: Vec<ProviderInfo>,
    /// What the chosen one can do.
    pub scenarios: Vec<ScenarioInfo>,
    /// What can be checked.
    pub suites: Vec<SuiteInfo>,
    /// Where it is known from what identity providers do.
    pub sources: Vec<SourceInfo>,
    /// The newest run of the directory.
    pub latest: Option<Simulation>,
    /// How many users of the directory the simulator made.
    pub users_made: u64,
    /// How many groups.
    pub groups_made: u64,
}

/// An identity provider that can be played.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderInfo {
    /// `okta-aiw`
    pub id: SimulatedProvider,
    /// `Okta`
    pub name: &'static str,
    /// `custom app (AIW)`; empty if there is one kind alone.
    pub kind: &'static str,
}

/// A scenario that can be played.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioInfo {
    /// `lifecycle`
    pub id: Scenario,
    /// `Full lifecycle`
    pub title: &'static str,
    /// What happens.
    pub summary: &'static str,
    /// Where it is offered.
    pub kind: ScenarioKind,
    /// How many steps it takes now, for one person.
    pub steps: u32,
    /// Whether it can be chosen how many people are assigned.
    pub takes_people: bool,
}

/// Where it is known from what identity providers do.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceInfo {
    /// As [`Evidence`](simulator::Evidence) names it: `OktaRef`.
    pub key: &'static str,
    /// `Okta, SCIM 2.0 reference`
    pub title: &'static str,
}

/// A suite of checks.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuiteInfo {
    /// `okta`
    pub id: Suite,
    /// `Okta`
    pub title: &'static str,
    /// Its checks.
    pub checks: Vec<CheckInfo>,
}
