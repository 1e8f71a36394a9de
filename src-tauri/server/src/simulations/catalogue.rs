//! What can be played and checked.

use simulator::check::Suite;
use simulator::{SOURCES, SimulatedProvider};

use super::tenants::Known;
use crate::core::Core;
use crate::directory::Error;
use crate::model::ResourceKind;
use crate::model::{Actor, DirectoryKey, ProviderInfo, Simulation, Simulator, SourceInfo, SuiteInfo};
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
