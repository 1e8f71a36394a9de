//! Plays scenarios against a directory of a running server.

use serde_json::Value;
use simulator::run::{self, Options};
use simulator::{
    Address, DEFAULT_SEED, Pace, People, Progress, Scenario, SimulatedProvider, StepReport, Stop, Summary, Target,
    Tenant, Token,
};

use crate::harness::{Directory, Running};

/// The server at a base URL.
pub(crate) fn target(base_url: &str, token: &str) -> Target {
    Target::new(Address::parse(base_url).expect("a base URL"), Token::new(token).expect("a token"))
}

/// An identity provider that has sent nothing yet.
pub(crate) fn tenant(prefix: &str) -> Tenant {
    Tenant::new(People::new(DEFAULT_SEED, prefix))
}

pub(crate) fn options(provider: SimulatedProvider, scenario: Scenario) -> Options {
    Options {
        provider,
        scenario,
        people: 1,
        pace: Pace::none(),
        cleans_up: false,
        wrong_token: run::WRONG_TOKEN.to_owned(),
    }
}

/// Plays a scenario and returns what was told of its steps.
pub(crate) async fn play(options: &Options, target: &Target, tenant: &mut Tenant) -> (Vec<StepReport>, Summary) {
    let mut steps = Vec::new();
    let mut tell = |progress: Progress| {
        if let Progress::Ended { step } = progress {
            steps.push(*step);
        }
    };
    let summary = run::run(options, target, tenant, &Stop::new(), &mut tell).await;
    (steps, summary)
}

impl Directory {
    /// This directory as the simulator sees it.
    pub(crate) fn simulated(&self) -> Target {
        target(&self.base_url, &self.token)
    }

    /// The recorded requests, oldest first, once there are `count`.
    pub(crate) async fn exchanges(&self, running: &Running, count: usize) -> Vec<Value> {
        let path = format!("/api/directories/{}/exchanges?limit=200", self.id);
        let page = running.eventually(&path, "recording", |page| page["total"] == count as u64).await;
        let mut exchanges = Vec::new();
        for row in page["items"].as_array().expect("rows").iter().rev() {
            exchanges.push(running.person("GET", &format!("/api/exchanges/{}", row["id"]), None).await);
        }
        exchanges
    }
}
