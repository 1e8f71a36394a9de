//! What can be played and checked, and how many steps it takes now.

use simulator::check::Suite;
use simulator::run::{self, Options};
use simulator::{DEFAULT_SEED, Pace, People, Provider, SOURCES, Scenario, Tenant};

use crate::core::Core;
use crate::directory::Error;
use crate::model::ResourceKind;
use crate::model::{Actor, DirectoryKey, ProviderInfo, ScenarioInfo, Simulation, Simulator, SourceInfo, SuiteInfo};
use crate::store::{StoreError, resources};

/// What begins every name that a run makes on a server of others.
pub(super) const FOREIGN_PREFIX: &str = "sim-";

/// An identity provider that has sent nothing yet. In a directory of one's own names need no mark: the source says it.
pub(super) fn new_tenant(is_foreign: bool) -> Tenant {
    Tenant::new(People::new(DEFAULT_SEED, if is_foreign { FOREIGN_PREFIX } else { "" }))
}

pub(super) async fn read(
    core: &Core,
    directory: DirectoryKey,
    provider: Provider,
    known: Option<Tenant>,
    is_foreign: bool,
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
    let tenant = known.unwrap_or_else(|| new_tenant(is_foreign));
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
            steps: run::count_steps(&options, &tenant).await,
            takes_people: scenario.takes_people(),
        });
    }
    Ok(Simulator {
        providers: providers(),
        scenarios,
        suites: suites(),
        sources: sources(),
        latest,
        users_made,
        groups_made,
    })
}

fn providers() -> Vec<ProviderInfo> {
    let info = |id: Provider| ProviderInfo { id, name: id.name(), kind: id.kind() };
    Provider::ALL.into_iter().map(info).collect()
}

fn sources() -> Vec<SourceInfo> {
    SOURCES.iter().map(|&(key, title)| SourceInfo { key, title }).collect()
}

fn suites() -> Vec<SuiteInfo> {
    let info = |id: Suite| SuiteInfo { id, title: id.title(), checks: id.list().collect() };
    Suite::ALL.into_iter().map(info).collect()
}
