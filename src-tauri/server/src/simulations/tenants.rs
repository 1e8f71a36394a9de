//! What each simulated identity provider knows of each directory, and what it could do next.

use std::collections::HashMap;
use std::sync::Arc;

use simulator::{DEFAULT_SEED, People, SimulatedProvider, Tenant};
use tokio::sync::OnceCell;

use super::scenarios;
use crate::model::{DirectoryId, ScenarioInfo};

/// What begins every name that a run makes on a server of others.
pub(super) const FOREIGN_PREFIX: &str = "sim-";

/// What identity providers know.
#[derive(Default)]
pub(super) struct Tenants {
    of_directories: HashMap<DirectoryId, HashMap<SimulatedProvider, Known>>,
    /// Those that have sent nothing yet, to a directory of one's own or to another server.
    beginners: HashMap<(SimulatedProvider, bool), Known>,
}

/// What an identity provider knows, and its scenarios as they are then. Cheap to clone.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) tenant: Arc<Tenant>,
    provider: SimulatedProvider,
    is_foreign: bool,
    /// Counting the steps takes a rehearsal of each scenario, so it is done when somebody asks, and once.
    scenarios: Arc<OnceCell<Vec<ScenarioInfo>>>,
}

impl Tenants {
    /// What `provider` knows of a directory, or of another server, where nothing is known yet.
    pub(super) fn known(&mut self, directory: &DirectoryId, provider: SimulatedProvider, is_foreign: bool) -> Known {
        match self.of_directories.get(directory).and_then(|known| known.get(&provider)) {
            Some(known) if !is_foreign => known.clone(),
            _ => self.beginner(provider, is_foreign),
        }
    }

    /// `provider` when nothing is known yet.
    pub(super) fn beginner(&mut self, provider: SimulatedProvider, is_foreign: bool) -> Known {
        let beginner = self.beginners.entry((provider, is_foreign));
        beginner.or_insert_with(|| Known::new(provider, is_foreign, new_tenant(is_foreign))).clone()
    }

    /// Keeps what `provider` knows of a directory after a run.
    pub(super) fn remember(&mut self, directory: &DirectoryId, provider: SimulatedProvider, tenant: Tenant) {
        let known = Known::new(provider, false, tenant);
        self.of_directories.entry(directory.clone()).or_default().insert(provider, known);
    }

    /// Forgets what anybody knows of a directory: the people have been removed there.
    pub(super) fn forget(&mut self, directory: &DirectoryId) {
        self.of_directories.remove(directory);
    }

    /// Forgets what anybody knows of directories that are not `kept`.
    pub(super) fn retain(&mut self, kept: impl Fn(&DirectoryId) -> bool) {
        self.of_directories.retain(|directory, _| kept(directory));
    }
}

impl Known {
    fn new(provider: SimulatedProvider, is_foreign: bool, tenant: Tenant) -> Self {
        Self { tenant: Arc::new(tenant), provider, is_foreign, scenarios: Arc::default() }
    }

    /// What the identity provider can do, and how many steps that takes now.
    pub(super) async fn scenarios(&self) -> Vec<ScenarioInfo> {
        let count = || scenarios::list(self.provider, self.is_foreign, &self.tenant);
        self.scenarios.get_or_init(count).await.clone()
    }
}

/// An identity provider that has sent nothing yet. In a directory of one's own names need no mark: the source says it.
fn new_tenant(is_foreign: bool) -> Tenant {
    Tenant::new(People::new(DEFAULT_SEED, if is_foreign { FOREIGN_PREFIX } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDER: SimulatedProvider = SimulatedProvider::OktaAiw;

    #[tokio::test]
    async fn steps_are_counted_once_for_what_is_known() {
        let mut tenants = Tenants::default();
        let (ours, other) = (&DirectoryId("ours".into()), &DirectoryId("other".into()));
        let same = |one: &Known, two: &Known| Arc::ptr_eq(&one.scenarios, &two.scenarios);
        let beginner = tenants.known(ours, PROVIDER, false);
        let counted = beginner.scenarios().await;
        assert!(counted.iter().all(|scenario| scenario.steps > 0), "{counted:?}");
        assert!(
            tenants.known(other, PROVIDER, false).scenarios.initialized(),
            "who knows nothing is the same everywhere"
        );
        assert!(!same(&beginner, &tenants.known(ours, PROVIDER, true)), "to another server, what was made is removed");
        assert!(!same(&beginner, &tenants.known(ours, SimulatedProvider::Entra, false)));

        tenants.remember(ours, PROVIDER, new_tenant(false));
        let knows = tenants.known(ours, PROVIDER, false);
        assert!(!knows.scenarios.initialized(), "after a run, steps are counted anew");
        assert_eq!(knows.scenarios().await, counted);
        assert!(tenants.known(ours, PROVIDER, false).scenarios.initialized(), "and once");
        assert!(same(&beginner, &tenants.known(other, PROVIDER, false)));
        tenants.remember(other, PROVIDER, new_tenant(false));
        tenants.forget(ours);
        assert!(same(&beginner, &tenants.known(ours, PROVIDER, false)));
        assert!(!same(&beginner, &tenants.known(other, PROVIDER, false)), "another directory is none of it");
        tenants.retain(|directory| directory == ours);
        assert!(same(&beginner, &tenants.known(other, PROVIDER, false)), "what is known goes with its directory");
    }
}
