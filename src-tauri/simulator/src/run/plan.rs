//! What a run is going to send: the scenario played against a server that does everything right.

use std::ops::Range;

use super::{Options, play};
use crate::pace::{Pace, Stop};
use crate::progress::{PlannedStep, Progress, UPCOMING};
use crate::rehearsal::IdealServer;
use crate::scenario::Act;
use crate::session::Session;
use crate::tenant::Tenant;
use crate::transport::Transport;

/// The acts of a run with the steps that each is expected to take.
pub(super) struct Plan {
    acts: Vec<(Act, Range<usize>)>,
    /// Those of the acts, then those that clean up.
    steps: Vec<PlannedStep>,
}

impl Plan {
    /// How many steps there are.
    pub(super) fn total(&self) -> u32 {
        self.steps.len() as u32
    }

    /// Whether not all of it is told at once.
    pub(super) fn is_long(&self) -> bool {
        self.steps.len() > UPCOMING
    }

    /// The acts with their steps.
    pub(super) fn acts(&self) -> impl Iterator<Item = (Act, &[PlannedStep])> {
        self.acts.iter().map(|(act, steps)| (*act, &self.steps[steps.clone()]))
    }

    /// Tells what is left from an act on.
    pub(super) fn tell(&self, from: usize, s: &mut Session<'_>) {
        let taken: usize = self.acts[..from].iter().map(|(_, steps)| steps.len()).sum();
        let left = &self.steps[taken..];
        let (total, upcoming) = (s.number + left.len() as u32, left.iter().take(UPCOMING).cloned().collect());
        (s.notify)(Progress::Planned { total, upcoming });
    }
}

/// Plays a scenario in rehearsal. What an act needs and nobody has made yet is made before it.
pub(super) async fn make(options: &Options, tenant: &Tenant) -> Plan {
    let provider = options.provider;
    let mut tenant = tenant.clone();
    tenant.begin(options.scenario.is_of_its_own(provider));
    let ideal = Transport::Rehearsal(Box::new(IdealServer::of(&tenant)));
    let (mut acts, mut steps) = (Vec::new(), Vec::new());
    let mut note = |progress: Progress| match progress {
        Progress::Began { step, .. } => steps.push(step),
        // Where nothing is sent there is a step all the same.
        Progress::Ended { step } if steps.len() < step.number as usize => {
            steps.push(PlannedStep { title: step.title, method: String::new(), target: String::new() });
        }
        _ => {}
    };
    let mut session = Session::new(&mut tenant, provider.idp(), ideal, &Pace::none(), &Stop::new(), &mut note);
    for act in options.scenario.acts(provider, options.people) {
        let missing = act.precondition().filter(|precondition| precondition.missing(session.tenant).is_some());
        let before = missing.map(|precondition| precondition.preparation(session.tenant)).unwrap_or_default();
        for act in before.into_iter().map(Act::Event).chain([act]) {
            let start = session.number as usize;
            // An ideal server fails nobody; a mistake ends where it should.
            let _ = play(act, options, &mut session).await;
            acts.push((act, start..session.number as usize));
        }
    }
    let owned = session.owned;
    if options.cleans_up {
        steps.extend(super::clean_up::planned(&owned));
    }
    Plan { acts, steps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{DEFAULT_SEED, People};
    use crate::provider::SimulatedProvider;
    use crate::scenario::Scenario;
    use idp::evidence::{Evidence, Mark, SOURCES};

    fn options(provider: SimulatedProvider, scenario: Scenario) -> Options {
        Options { provider, scenario, people: 1, pace: Pace::none(), cleans_up: false, wrong_token: String::new() }
    }

    async fn planned(provider: SimulatedProvider, scenario: Scenario) -> Vec<String> {
        let tenant = Tenant::new(People::new(DEFAULT_SEED, ""));
        let plan = make(&options(provider, scenario), &tenant).await;
        plan.steps.iter().map(|step| format!("{} {}", step.method, step.target)).collect()
    }

    /// A plan's requests without their ids.
    async fn shape(provider: SimulatedProvider, scenario: Scenario) -> String {
        let steps = planned(provider, scenario).await;
        let kinds = steps.iter().map(|step| {
            let path = step.split('?').next().unwrap_or_default();
            let path = path.split("/0000").next().unwrap_or_default();
            let is_one = step.contains("/0000");
            format!("{path}{}{}", if is_one { "/1" } else { "" }, if step.contains("filter=") { "?" } else { "" })
        });
        kinds.collect::<Vec<_>>().join(", ")
    }

    #[tokio::test]
    async fn every_scenario_of_every_provider_can_be_rehearsed() {
        for provider in SimulatedProvider::ALL {
            for scenario in Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider)) {
                let steps = planned(provider, scenario).await;
                assert!(steps.iter().any(|step| step != " "), "{provider:?} sends nothing in {scenario:?}");
            }
        }
    }

    #[tokio::test]
    async fn every_step_names_a_source_that_can_be_looked_up() {
        let is_short = |scenario: &Scenario| *scenario != Scenario::ImportThousand;
        for provider in SimulatedProvider::ALL {
            let played = Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider));
            for scenario in played.filter(is_short) {
                let mut tenant = Tenant::new(People::new(DEFAULT_SEED, ""));
                let ideal = Transport::Rehearsal(Box::new(IdealServer::of(&tenant)));
                let options = options(provider, scenario);
                let mut known = Vec::new();
                let mut note = |progress: Progress| {
                    if let Progress::Ended { step } = progress {
                        known.push((step.title, step.evidence));
                    }
                };
                let plan = make(&options, &tenant).await;
                let (pace, stop) = (Pace::none(), Stop::new());
                let mut session = Session::new(&mut tenant, provider.idp(), ideal, &pace, &stop, &mut note);
                for (act, _) in plan.acts() {
                    let _ = play(act, &options, &mut session).await;
                }
                for (title, Evidence { mark, from }) in known {
                    let is_free = matches!(mark, Mark::Inferred | Mark::OurOwn);
                    let is_listed = SOURCES.iter().any(|(key, _)| from.contains(key));
                    assert!(is_free || is_listed, "{title} of {provider:?} in {scenario:?}: {mark:?} {from:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn the_state_decides_what_is_sent() {
        use SimulatedProvider::{Authentik, Entra, Google, Jumpcloud, OktaAiw, OktaTemplate, Onelogin};
        let lookup_and_create = "GET /Users?, POST /Users";
        for (provider, scenario, expected) in [
            (OktaAiw, Scenario::TestConnection, "GET /Users, GET /Users"),
            (OktaAiw, Scenario::Deactivate, &*format!("{lookup_and_create}, GET /Users/1, PUT /Users/1")),
            (OktaTemplate, Scenario::Deactivate, &format!("{lookup_and_create}, PATCH /Users/1")),
            (
                OktaAiw,
                Scenario::PushGroup,
                &format!("{lookup_and_create}, GET /Groups?, POST /Groups, GET /Groups/1, PUT /Groups/1"),
            ),
            (
                OktaTemplate,
                Scenario::PushGroup,
                &format!("{lookup_and_create}, GET /Groups?, POST /Groups, PATCH /Groups/1, PATCH /Groups/1"),
            ),
            (
                OktaAiw,
                Scenario::ImportGroupsOn,
                &format!(
                    "GET /Users, GET /Users, GET /Users, GET /Groups, {lookup_and_create}, POST /Groups, GET /Groups/1, PUT /Groups/1"
                ),
            ),
            (
                OktaAiw,
                Scenario::DeletedRemotely,
                &format!("{lookup_and_create}, DELETE /Users/1, GET /Users/1, GET /Users/1, {lookup_and_create}"),
            ),
            (OktaTemplate, Scenario::DeletedRemotely, &format!("{lookup_and_create}, DELETE /Users/1, GET /Users/1")),
            (
                Entra,
                Scenario::DeletedRemotely,
                &format!("{lookup_and_create}, DELETE /Users/1, GET /Users/1, {lookup_and_create}"),
            ),
            (
                Entra,
                Scenario::Offboard,
                &format!("{lookup_and_create}, PATCH /Users/1, DELETE /Users/1, DELETE /Users/1"),
            ),
            (
                OktaAiw,
                Scenario::Reactivate,
                &format!("{lookup_and_create}, GET /Users/1, PUT /Users/1, GET /Users?, GET /Users/1, PUT /Users/1"),
            ),
            (OktaAiw, Scenario::UserNameNotEmail, "POST /Users, GET /Users?, POST /Users"),
            (Authentik, Scenario::AssignUser, "GET /ServiceProviderConfig, POST /Users"),
            (
                Authentik,
                Scenario::DeletedRemotely,
                "GET /ServiceProviderConfig, POST /Users, DELETE /Users/1, PUT /Users/1, POST /Users",
            ),
            (OktaAiw, Scenario::ForceSync, &format!("{lookup_and_create},  , GET /Users/1, PUT /Users/1,  ")),
            (
                Jumpcloud,
                Scenario::TestConnection,
                "POST /Users, PATCH /Users/1, POST /Groups, PATCH /Groups/1, DELETE /Groups/1, DELETE /Users/1",
            ),
            (Onelogin, Scenario::ProfileUpdate, &format!("{lookup_and_create}, PUT /Users/1")),
            (Google, Scenario::AssignUser, lookup_and_create),
        ] {
            assert_eq!(shape(provider, scenario).await, expected, "{provider:?} {scenario:?}");
        }
    }

    #[tokio::test]
    async fn what_was_sent_before_is_known() {
        let mut tenant = Tenant::new(People::new(DEFAULT_SEED, ""));
        let account = tenant.assign_next();
        tenant.accounts[account].remote_id = Some("7".into());
        let options = Options {
            provider: SimulatedProvider::OktaAiw,
            scenario: Scenario::Deactivate,
            people: 1,
            pace: Pace::none(),
            cleans_up: true,
            wrong_token: String::new(),
        };
        let steps = make(&options, &tenant).await;
        let steps: Vec<_> = steps.steps.iter().map(|step| (step.method.as_str(), step.target.as_str())).collect();
        assert_eq!(steps, [("GET", "/Users/7"), ("PUT", "/Users/7")], "nobody is created, so nothing is removed");
    }
}
