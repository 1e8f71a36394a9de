//! What can be played and checked, and how many steps it takes now.

use simulator::check::Suite;
use simulator::run::{self, Options};
use simulator::{Pace, SOURCES, Scenario, SimulatedProvider, Tenant};

use super::tenants::Known;
use crate::core::Core;
use crate::directory::Error;
use crate::model::ResourceKind;
use crate::model::{Actor, DirectoryKey, ProviderInfo, ScenarioInfo, Simulation, Simulator, SourceInfo, SuiteInfo};
use crate::store::{StoreError, resources};

pub(super) async fn read(
    core: &Core,
    directory: DirectoryKey,
    known: &Known,
    latest: Option<Simulation>,
) -> Result<Simulator, Error> {
    let (users_made, groups_made) = core
        .run(move |core| {
            core.store.read(|c| {
                let made =
                    |kind| resources::of_source(c, directory, kind, &Actor::Simulator).map(|made| made.len() as u64);
                Ok::<_, StoreError>((made(ResourceKind::User)?, made(ResourceKind::Group)?))
            })
        })
        .await?;
    Ok(Simulator {
        providers: providers(),
        scenarios: known.scenarios().await,
        suites: suites(),
        sources: sources(),
        latest,
        users_made,
        groups_made,
    })
}

/// What an identity provider can do, and how many steps each takes for one person: each is rehearsed for that.
pub(super) async fn scenarios(provider: SimulatedProvider, is_foreign: bool, tenant: &Tenant) -> Vec<ScenarioInfo> {
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

fn providers() -> Vec<ProviderInfo> {
    let info = |id: SimulatedProvider| ProviderInfo { id, name: id.name(), kind: id.kind() };
    SimulatedProvider::ALL.into_iter().map(info).collect()
}

fn sources() -> Vec<SourceInfo> {
    SOURCES.iter().map(|&(key, title)| SourceInfo { key, title }).collect()
}

fn suites() -> Vec<SuiteInfo> {
    let info = |id: Suite| SuiteInfo { id, title: id.title(), checks: id.list().collect() };
    Suite::ALL.into_iter().map(info).collect()
}
