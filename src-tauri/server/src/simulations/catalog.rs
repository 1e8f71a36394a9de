//! What can be played and checked.

use simulator::check::Suite;
use simulator::{SOURCES, SimulatedProvider};

use super::start;
use super::tenants::Known;
use crate::core::Core;
use crate::directory::Result;
use crate::model::{DirectoryKey, ProviderInfo, Simulation, Simulator, SourceInfo, SuiteInfo};

pub(super) async fn read(
    core: &Core,
    directory: Option<DirectoryKey>,
    known: &Known,
    latest: Option<Simulation>,
) -> Result<Simulator> {
    let (users, groups) = match directory {
        Some(directory) => start::made(core, directory).await?,
        None => Default::default(),
    };
    Ok(Simulator {
        providers: providers(),
        scenarios: known.scenarios().await,
        suites: suites(),
        sources: sources(),
        latest,
        users_made: users.len() as u64,
        groups_made: groups.len() as u64,
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
