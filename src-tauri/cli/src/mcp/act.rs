//! The tools that change something: they play an identity provider, and run checks, against directories and servers on this machine.

use std::time::{Duration, Instant};

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};
use simulator::check::Suite;
use simulator::{Address, Scenario, SimulatedProvider};

use super::answer::answer;
use super::{DirectoryName, Service};
use crate::control_client::ControlClient;
use crate::encoded;

/// How often is asked whether a run has ended.
const LOOKS: Duration = Duration::from_millis(200);

/// How long a run may take before its client hears how far it is, in seconds.
const PATIENCE: u64 = 60;
const MOST_PATIENCE: u64 = 300;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ScenarioRun {
    /// Who is played: okta-aiw, okta-template, entra, entra-flag, onelogin, jumpcloud, google, pingone, authentik, keycloak or generic.
    provider: String,
    /// What happens, from list_scenarios; "lifecycle" unless it is set.
    scenario: Option<String>,
    /// How many people are assigned, for assign-user and lifecycle.
    people: Option<u32>,
    #[serde(flatten)]
    target: RunTarget,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CheckRun {
    /// What is looked at: okta, entra, rfc; all of them unless it is set.
    suites: Option<Vec<String>>,
    #[serde(flatten)]
    target: RunTarget,
}

// Of the two above, `deny_unknown_fields` stands where the names are.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunTarget {
    /// A directory of SCIM Setup, by its id or name.
    directory: Option<DirectoryName>,
    /// Instead of it, the SCIM base URL of a server on this machine: "http://127.0.0.1:8080/scim/v2". Its token is in an environment variable.
    base_url: Option<String>,
    /// How long to wait for the end, 1 to 300 seconds; 60 unless it is set. After that, read_run says how far it is.
    timeout_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StoppedRun {
    /// The id of the run.
    id: String,
}

#[tool_router(router = acting, vis = "pub(super)")]
impl Service {
    /// Plays an identity provider against a directory of SCIM Setup, or against a SCIM server on this machine, and says what came of each step.
    #[tool(annotations(
        title = "Play an identity provider",
        read_only_hint = false,
        destructive_hint = false,
        open_world_hint = false
    ))]
    async fn run_scenario(&self, Parameters(run): Parameters<ScenarioRun>) -> CallToolResult {
        answer(self.play(run).await)
    }

    /// Checks a SCIM server on this machine, or a directory of SCIM Setup: what Okta and Entra ID need, and what the RFCs say. Says what failed, why,
    /// and how to fix it.
    #[tool(annotations(
        title = "Check a SCIM server",
        read_only_hint = false,
        destructive_hint = false,
        open_world_hint = false
    ))]
    async fn run_checks(&self, Parameters(run): Parameters<CheckRun>) -> CallToolResult {
        answer(self.check(run).await)
    }

    /// Stops a run: the request under way is finished, and what was made on another server is removed.
    #[tool(annotations(
        title = "Stop a run",
        read_only_hint = false,
        destructive_hint = false,
        open_world_hint = false
    ))]
    async fn stop_run(&self, Parameters(StoppedRun { id }): Parameters<StoppedRun>) -> CallToolResult {
        answer(self.stop(&id).await)
    }
}

impl Service {
    async fn play(&self, run: ScenarioRun) -> Result<Value, String> {
        let provider: SimulatedProvider = run.provider.parse()?;
        let scenario: Scenario = run.scenario.as_deref().unwrap_or("lifecycle").parse()?;
        let mut what = json!({ "kind": "scenario", "provider": provider, "scenario": scenario });
        if let Some(people) = run.people {
            what["people"] = people.into();
        }
        self.carry_out(what, run.target).await
    }

    async fn check(&self, run: CheckRun) -> Result<Value, String> {
        let suites: Vec<Suite> = match run.suites {
            Some(names) => names.iter().map(|name| name.parse()).collect::<Result<_, _>>()?,
            None => Suite::ALL.to_vec(),
        };
        self.carry_out(json!({ "kind": "checks", "suites": suites }), run.target).await
    }

    async fn stop(&self, id: &str) -> Result<Value, String> {
        self.client()?.post(&format!("/api/simulations/{}/stop", encoded(id)), &json!({})).await
    }

    /// Starts a run and waits for its end.
    async fn carry_out(&self, what: Value, target: RunTarget) -> Result<Value, String> {
        let seconds = target.timeout_seconds.unwrap_or(PATIENCE);
        if !(1..=MOST_PATIENCE).contains(&seconds) {
            return Err(format!("timeoutSeconds is a number from 1 to {MOST_PATIENCE}."));
        }
        let client = &mut self.client()?;
        let (directory, target) = self.target(client, target).await?;
        // `--write` is what a person has agreed to, for servers on this machine. Where a directory leads elsewhere after all, nobody has.
        let confirmed = directory.is_null();
        let new =
            json!({ "directoryId": directory, "what": what, "target": target, "pace": "none", "confirmed": confirmed });
        let started: Value = client.post("/api/simulations", &new).await?;
        let id = started["id"].as_str().ok_or("the run that was started has no id")?;
        until_finished(client, id, Duration::from_secs(seconds)).await
    }

    /// The directory that a run belongs to, if any, and to whom it sends.
    async fn target(&self, client: &mut ControlClient, target: RunTarget) -> Result<(Value, Value), String> {
        match (target.directory, target.base_url) {
            (Some(directory), None) => {
                let id = directory.find(client).await?;
                let read: Value = client.get(&format!("/api/directories/{}", encoded(&id))).await?;
                if let Some(to) = read["forwarding"]["to"].as_str()
                    && !Address::parse(to)?.is_loopback()
                {
                    return Err(format!(
                        "This directory forwards to {to}, which is not on this machine. Such a server can be tested in the window, where a person agrees to it."
                    ));
                }
                Ok((json!(id), json!({ "kind": "local" })))
            }
            (None, Some(base_url)) => {
                if !Address::parse(&base_url)?.is_loopback() {
                    return Err(format!(
                        "{base_url} is not on this machine. Others can be tested in the window, or with scim-setup check, where a person agrees to it."
                    ));
                }
                Ok((Value::Null, json!({ "kind": "foreign", "baseUrl": base_url, "token": self.token()? })))
            }
            _ => Err("Name either directory or baseUrl.".to_owned()),
        }
    }
}

/// The run with its steps, at its end or after `time`.
async fn until_finished(client: &mut ControlClient, id: &str, time: Duration) -> Result<Value, String> {
    let started = Instant::now();
    loop {
        let page: Value = client.get(&format!("/api/simulations/{}", encoded(id))).await?;
        if page["simulation"]["state"] == "finished" || started.elapsed() >= time {
            return Ok(page);
        }
        tokio::time::sleep(LOOKS).await;
    }
}
