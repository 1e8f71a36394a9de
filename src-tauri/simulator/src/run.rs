//! Plays a scenario against a server, tells what happens, and removes what it made.

mod clean_up;
mod plan;

use std::time::Instant;

use idp::IdpId;
use idp::evidence::OUR_OWN;
use scim::ResourceKind;

pub use crate::progress::UPCOMING;

use self::plan::Plan;
use crate::exchange::{Credential, Request};
use crate::owned_resources::OwnedResources;
use crate::pace::{Pace, Stop};
use crate::people::{DEFAULT_SEED, People};
use crate::progress::{Leftover, PlannedStep, Progress, Role, StepReport, Summary, Verdict};
use crate::provider::SimulatedProvider;
use crate::scenario::{Act, Scenario, THOUSAND};
use crate::session::{End, Job, Played, Session};
use crate::target::Target;
use crate::tenant::Tenant;
use crate::transport::Transport;

/// A token that no server has given out, for the mistake of a wrong one.
pub const WRONG_TOKEN: &str = "not-the-token";

/// What to play, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who is played.
    pub provider: SimulatedProvider,
    /// What happens.
    pub scenario: Scenario,
    /// How many people are assigned, where the scenario leaves that open.
    pub people: u32,
    /// How fast it goes.
    pub pace: Pace,
    /// Whether everything that was made is removed at the end.
    pub cleans_up: bool,
    /// What stands for a wrong token; usually [`WRONG_TOKEN`].
    pub wrong_token: String,
}

/// How many requests a run of this will take on a server that does everything right.
pub async fn count_steps(options: &Options, tenant: &Tenant) -> u32 {
    if options.scenario != Scenario::ImportThousand {
        return plan::make(options, tenant).await.total();
    }
    // A thousand times the same need not be rehearsed a thousand times.
    let one = Options { scenario: Scenario::AssignUser, people: 1, ..options.clone() };
    plan::make(&one, tenant).await.total() * THOUSAND
}

/// Deletes users and groups that earlier runs made on a server, groups first, and tells of it as of a run.
///
/// What cannot be deleted is in the summary that is returned. `stop` is obeyed between two requests.
pub async fn remove(
    provider: SimulatedProvider,
    users: Vec<Leftover>,
    groups: Vec<Leftover>,
    target: &Target,
    stop: &Stop,
    notify: &mut (dyn FnMut(Progress) + Send),
) -> Summary {
    let started = Instant::now();
    let (mut tenant, pace) = (Tenant::new(People::new(DEFAULT_SEED, "")), Pace::none());
    let mut session = Session::new(&mut tenant, provider.idp(), target.into(), &pace, stop, notify);
    users.into_iter().for_each(|left| session.owned.add(ResourceKind::User, left));
    groups.into_iter().for_each(|left| session.owned.add(ResourceKind::Group, left));
    let steps = clean_up::planned(&session.owned);
    (session.notify)(Progress::Planned {
        total: steps.len() as u32,
        upcoming: steps.into_iter().take(UPCOMING).collect(),
    });
    clean_up::remove_all(&mut session).await;
    session.finish(started, stop.is_stopped().then(|| STOPPED.to_owned()))
}

/// Plays a scenario. `tenant` is what the identity provider knew before, and knows then.
///
/// `notify` hears everything, in order; the last is [`Progress::Finished`] with the same summary that is returned. After `stop` the request
/// under way is finished and nothing more is sent but what cleans up.
pub async fn run(
    options: &Options,
    target: &Target,
    tenant: &mut Tenant,
    stop: &Stop,
    notify: &mut (dyn FnMut(Progress) + Send),
) -> Summary {
    let started = Instant::now();
    let plan = plan::make(options, tenant).await;
    tenant.begin(options.scenario.is_of_its_own(options.provider));
    let mut session = Session::new(tenant, options.provider.idp(), target.into(), &options.pace, stop, notify);
    let ended = perform(&plan, options, &mut session).await;
    let stopped = match ended {
        Ok(()) => None,
        Err(_) if stop.is_stopped() => Some(STOPPED.to_owned()),
        Err(_) => Some("The server redirects to another host.".to_owned()),
    };
    if options.cleans_up && (stopped.is_none() || stop.is_stopped()) {
        clean_up::clean_up(&mut session).await;
    }
    session.finish(started, stopped)
}

/// Performs the acts of a plan, in order.
///
/// # Errors
/// If nothing more may be sent.
async fn perform(plan: &Plan, options: &Options, s: &mut Session<'_>) -> Played {
    plan.tell(0, s);
    for (position, (act, planned)) in plan.acts().enumerate() {
        if position > 0 && s.pause(s.pace.between_events).await.is_err() {
            return Err(End::Run);
        }
        let before = s.number;
        match act.precondition().and_then(|precondition| precondition.missing(s.tenant)) {
            Some(missing) => skip(planned, missing, s),
            None => match play(act, options, s).await {
                // Given up for itself alone: what does not depend on it goes on.
                Ok(()) | Err(End::Job) => {}
                Err(End::Run) => return Err(End::Run),
            },
        }
        if (s.number - before) as usize != planned.len() || plan.is_long() {
            plan.tell(position + 1, s);
        }
    }
    Ok(())
}

async fn play(act: Act, options: &Options, s: &mut Session<'_>) -> Played {
    let provider = options.provider;
    match act {
        Act::Event(event) => provider.play(event, s).await,
        Act::Mistake(event, statuses) => {
            s.refusals = statuses;
            let played = provider.play(event, s).await;
            s.refusals = &[];
            played
        }
        Act::WrongToken(event) => {
            s.refusals = &[401];
            s.credential = Credential::Other(format!("Bearer {}", options.wrong_token));
            let played = provider.play(event, s).await;
            s.refusals = &[];
            s.credential = Credential::Token;
            played
        }
        Act::Verify(verification) => verification.verify(s).await,
        Act::Arrange(arrange) => arrange.make(s).await,
    }
}

/// Tells of steps that cannot be taken.
fn skip(planned: &[PlannedStep], missing: &str, s: &mut Session<'_>) {
    for step in planned {
        s.number += 1;
        let request = Request::new("", step.target.clone());
        let silent = StepReport::silent(s.number, step.title.clone(), OUR_OWN, Role::Provider, &request);
        let report = StepReport {
            method: step.method.clone(),
            verdict: Verdict::Skipped,
            note: Some(format!("Skipped: needs {missing}.")),
            ..silent
        };
        s.end_step(report);
    }
}

/// Why a run ended that somebody stopped.
const STOPPED: &str = "Stopped.";

/// Nothing that an identity provider does.
const IDLE: Job = Job::Connect;

impl<'a> Session<'a> {
    /// A session in which may be changed what the tenant has sent before.
    fn new(
        tenant: &'a mut Tenant,
        idp: IdpId,
        transport: Transport,
        pace: &Pace,
        stop: &Stop,
        notify: &'a mut (dyn FnMut(Progress) + Send),
    ) -> Self {
        let mut owned = OwnedResources::new(tenant.people().prefix());
        tenant.remote_ids().for_each(|id| owned.adopt(id));
        let (pace, stop, summary, credential) = (pace.clone(), stop.clone(), Summary::default(), Credential::Token);
        let (number, last_status, job, refusals) = (0, None, IDLE, &[]);
        Self {
            tenant,
            idp,
            transport,
            owned,
            pace,
            stop,
            notify,
            number,
            last_status,
            summary,
            job,
            refusals,
            credential,
        }
    }

    /// Tells what the run came to. `stopped`: why it ended before its end.
    fn finish(self, started: Instant, stopped: Option<String>) -> Summary {
        let summary = Summary {
            stopped,
            duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            users_left: self.owned.of(ResourceKind::User),
            groups_left: self.owned.of(ResourceKind::Group),
            ..self.summary
        };
        (self.notify)(Progress::Finished { summary: summary.clone() });
        summary
    }
}
