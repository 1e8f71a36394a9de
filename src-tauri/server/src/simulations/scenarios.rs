//! What an identity provider can do now, and how many steps it takes.

use simulator::run::{self, Options};
use simulator::{Pace, Scenario, SimulatedProvider, Tenant};

use crate::model::ScenarioInfo;

/// What it can do with what it knows, and how many steps each takes for one person: each is rehearsed for that.
pub(super) async fn list(provider: SimulatedProvider, is_foreign: bool, tenant: &Tenant) -> Vec<ScenarioInfo> {
    let mut scenarios = Vec::new();
    for scenario in Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider)) {
        let options = Options {
            provider,
            scenario,
            people: 1,
            pace: Pace::none(),
            cleans_up: is_foreign,
            wrong_token: String::new(),
        };
        scenarios.push(ScenarioInfo {
            id: scenario,
            title: scenario.title(),
            summary: scenario.summary(),
            kind: scenario.kind(),
            steps: run::count_steps(&options, tenant).await,
            takes_people: scenario.takes_people(),
        });
    }
    scenarios
}
