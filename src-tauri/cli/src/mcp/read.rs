//! The tools that read.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};
use server::model::ResourceState;
use simulator::{Scenario, SimulatedProvider};

use super::answer::answer;
use super::{DirectoryName, Service};
use crate::control_client::ControlClient;
use crate::encoded;
use crate::wait::{self, Wait};

/// Rows of a list unless the client says how many, and at the most.
const ROWS: u32 = 20;
const MOST_ROWS: u32 = 100;

/// What stands in the place of a directory for requests that reached none.
const UNATTRIBUTED: &str = "unattributed";

/// What is left out of a directory: it is long, and asked for by nobody who looks for a fault.
const LEFT_OUT: [&str; 3] = ["policy", "schemas", "nameCollisions"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestsQuery {
    /// The directory's id or name; "unattributed": requests that reached none.
    directory: DirectoryName,
    /// Only those that failed.
    #[serde(default)]
    failed: bool,
    /// Words that occur in the request or the answer, and conditions as in the window: "method:patch", "status:409", "path:/Groups",
    /// "since:10m", "-method:get".
    #[serde(default)]
    search: String,
    /// Only those that are older than the request with this id.
    before: Option<u64>,
    /// Rows at the most, 1 to 100; 20 unless it is set.
    limit: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestId {
    /// The id of the request, from list_requests.
    id: u64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ResourcesQuery {
    /// The directory's id or name.
    directory: DirectoryName,
    /// A part of a name, an email address or an id.
    #[serde(default)]
    search: String,
    /// Rows that are left out at the beginning.
    #[serde(default)]
    offset: u64,
    /// Rows at the most, 1 to 100; 20 unless it is set.
    limit: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ResourceName {
    /// The directory's id or name.
    directory: DirectoryName,
    /// The id, or the userName of a user or the displayName of a group, whatever the letter case.
    name: String,
    /// Only changes that are older than the one with this number.
    before: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GuideQuery {
    /// The directory's id or name.
    directory: DirectoryName,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScenariosQuery {
    /// Who is played: okta-aiw, okta-template, entra, entra-flag, onelogin, jumpcloud, google, pingone, authentik, keycloak or generic.
    provider: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WaitQuery {
    /// A user by userName, whatever the letter case.
    user: Option<String>,
    /// Whether the user is active.
    active: Option<bool>,
    /// The user, or the group, is not there (any more).
    #[serde(default)]
    absent: bool,
    /// A group by displayName, whatever the letter case.
    group: Option<String>,
    /// How many members the group has.
    members: Option<u64>,
    /// At least so many users are in the directory.
    count: Option<u64>,
    /// Only in the directory with this name or id; in any unless it is set.
    directory: Option<String>,
    /// How long to wait at the most, 1 to 300 seconds; 30 unless it is set.
    timeout_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunId {
    /// The id of the run, from run_scenario or run_checks.
    id: String,
}

/// What kind of resource, as paths have it.
#[derive(Clone, Copy)]
enum Kind {
    Users,
    Groups,
}

impl Kind {
    const fn path(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Users => "userName",
            Self::Groups => "displayName",
        }
    }
}

#[tool_router(router = reading, vis = "pub(super)")]
impl Service {
    /// Lists the directories with their organizations and environments: id, name, base URL, identity provider, how many users, groups and
    /// requests they have, whether they are Primary, the newest request and what was rejected.
    #[tool(annotations(title = "List directories", read_only_hint = true, open_world_hint = false))]
    async fn list_directories(&self) -> CallToolResult {
        answer(self.directories().await)
    }

    /// Lists recorded requests of a directory, the newest first: method, path, status, when, how long, what it did or why it failed.
    #[tool(annotations(title = "List requests", read_only_hint = true, open_world_hint = false))]
    async fn list_requests(&self, Parameters(query): Parameters<RequestsQuery>) -> CallToolResult {
        answer(self.requests(query).await)
    }

    /// Explains a recorded request: both messages with their bodies, why it failed, what the administrator of the identity provider sees, how
    /// to fix it, what comes next, what the standard says, what it changed, and the requests that it belongs to. Secrets are masked.
    #[tool(annotations(title = "Explain a request", read_only_hint = true, open_world_hint = false))]
    async fn explain_request(&self, Parameters(RequestId { id }): Parameters<RequestId>) -> CallToolResult {
        answer(self.read(&format!("/api/exchanges/{id}")).await)
    }

    /// Lists users of a directory, deactivated and deleted ones included, by name.
    #[tool(annotations(title = "List users", read_only_hint = true, open_world_hint = false))]
    async fn list_users(&self, Parameters(query): Parameters<ResourcesQuery>) -> CallToolResult {
        answer(self.resources(Kind::Users, query).await)
    }

    /// Lists groups of a directory, deleted ones included, by name.
    #[tool(annotations(title = "List groups", read_only_hint = true, open_world_hint = false))]
    async fn list_groups(&self, Parameters(query): Parameters<ResourcesQuery>) -> CallToolResult {
        answer(self.resources(Kind::Groups, query).await)
    }

    /// Reads a user with its attributes, its groups, and its history: what was changed, by whom, with which request, before and after.
    #[tool(annotations(title = "Read a user's history", read_only_hint = true, open_world_hint = false))]
    async fn read_user(&self, Parameters(name): Parameters<ResourceName>) -> CallToolResult {
        answer(self.resource(Kind::Users, name).await)
    }

    /// Reads a group with its attributes and its history: who came and who left, by whom, with which request.
    #[tool(annotations(title = "Read a group's history", read_only_hint = true, open_world_hint = false))]
    async fn read_group(&self, Parameters(name): Parameters<ResourceName>) -> CallToolResult {
        answer(self.resource(Kind::Groups, name).await)
    }

    /// Says how far the setup with the identity provider has come: its steps, the one to do now, and why its request may not have come.
    #[tool(annotations(title = "Read the guide", read_only_hint = true, open_world_hint = false))]
    async fn read_guide(&self, Parameters(query): Parameters<GuideQuery>) -> CallToolResult {
        answer(self.guide(query).await)
    }

    /// Waits until a user, a group or a number of users is there, as set; answers at once if it already is. Name `user`, `group` or `count`.
    #[tool(annotations(title = "Wait for something", read_only_hint = true, open_world_hint = false))]
    async fn wait_for(&self, Parameters(query): Parameters<WaitQuery>) -> CallToolResult {
        answer(self.wait(query).await)
    }

    /// Lists what can be played of an identity provider with run_scenario.
    #[tool(annotations(title = "List scenarios", read_only_hint = true, open_world_hint = false))]
    async fn list_scenarios(&self, Parameters(query): Parameters<ScenariosQuery>) -> CallToolResult {
        answer(query.provider.parse().map(scenarios))
    }

    /// Reads a run of the simulator or of checks: how far it is, what passed and failed, and its steps.
    #[tool(annotations(title = "Read a run", read_only_hint = true, open_world_hint = false))]
    async fn read_run(&self, Parameters(RunId { id }): Parameters<RunId>) -> CallToolResult {
        answer(self.read(&format!("/api/simulations/{}", encoded(&id))).await)
    }
}

impl Service {
    async fn read(&self, path: &str) -> Result<Value, String> {
        self.client()?.get(path).await
    }

    async fn directories(&self) -> Result<Value, String> {
        let mut tree = self.read("/api/tree").await?;
        let directories = tree["directories"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
        directories.for_each(|directory| LEFT_OUT.iter().for_each(|name| _ = directory.remove(*name)));
        Ok(tree)
    }

    async fn requests(&self, query: RequestsQuery) -> Result<Value, String> {
        let client = &mut self.client()?;
        let directory = match query.directory.0.as_str() {
            UNATTRIBUTED => UNATTRIBUTED.to_owned(),
            _ => query.directory.find(client).await?.to_string(),
        };
        let before = query.before.map(|id| format!("&before={id}")).unwrap_or_default();
        let show = if query.failed { "&show=errors" } else { "" };
        let (search, limit) = (encoded(&query.search), rows(query.limit)?);
        client.get(&format!("/api/directories/{directory}/exchanges?limit={limit}&search={search}{show}{before}")).await
    }

    async fn resources(&self, kind: Kind, query: ResourcesQuery) -> Result<Value, String> {
        let client = &mut self.client()?;
        let directory = query.directory.find(client).await?;
        let (kind, offset, limit, search) = (kind.path(), query.offset, rows(query.limit)?, encoded(&query.search));
        client.get(&format!("/api/directories/{directory}/{kind}?limit={limit}&offset={offset}&search={search}")).await
    }

    async fn resource(&self, kind: Kind, query: ResourceName) -> Result<Value, String> {
        let client = &mut self.client()?;
        let list = format!("/api/directories/{}/{}", query.directory.find(client).await?, kind.path());
        let path = format!("{list}/{}", encoded(&id_of(client, &list, kind, &query.name).await?));
        let resource: Value = client.get(&path).await?;
        let before = query.before.map(|number| format!("&before={number}")).unwrap_or_default();
        let history: Value = client.get(&format!("{path}/history?limit=50{before}")).await?;
        Ok(json!({ "resource": resource, "history": history }))
    }

    async fn guide(&self, query: GuideQuery) -> Result<Value, String> {
        let client = &mut self.client()?;
        let directory = query.directory.find(client).await?;
        client.get(&format!("/api/directories/{directory}/guide")).await
    }

    async fn wait(&self, query: WaitQuery) -> Result<Value, String> {
        let wait = query.wait()?;
        let found = wait.wait(&mut self.client()?).await?;
        let found = found.map_err(|seen| wait.disappointment(&seen))?;
        Ok(json!({ "happened": wait.sentence(), "found": found }))
    }
}

fn scenarios(provider: SimulatedProvider) -> Value {
    let scenarios = Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider));
    scenarios.map(|scenario| json!({ "id": scenario.id(), "summary": scenario.summary() })).collect()
}

/// The id of what has a name, of those that are there before those that were deleted, else the name itself, which may be an id.
async fn id_of(client: &mut ControlClient, list: &str, kind: Kind, name: &str) -> Result<String, String> {
    let rows: Vec<Value> = wait::search(client, list, name).await?;
    let is_named = |row: &&Value| row[kind.name()].as_str().is_some_and(|found| scim::is_same_text(found, name));
    let is_deleted = |row: &Value| row["state"] == json!(ResourceState::Deleted);
    let named = rows.iter().filter(is_named).min_by_key(|row| is_deleted(row));
    Ok(named.and_then(|row| row["id"].as_str()).unwrap_or(name).to_owned())
}

impl WaitQuery {
    /// The same as a line of `scim-setup wait`, which knows what goes with what.
    fn wait(&self) -> Result<Wait, String> {
        let seconds = self.timeout_seconds.unwrap_or(30);
        if !(1..=300).contains(&seconds) {
            return Err("timeoutSeconds is a number from 1 to 300.".to_owned());
        }
        if self.user.is_none() && self.group.is_none() && self.count.is_none() {
            return Err("Name user, group or count.".to_owned());
        }
        let named = [
            ("user", self.user.clone()),
            ("active", self.active.map(|active| active.to_string())),
            ("group", self.group.clone()),
            ("members", self.members.map(|members| members.to_string())),
            ("count", self.count.map(|count| count.to_string())),
            ("directory", self.directory.clone()),
            ("timeout", Some(format!("{seconds}s"))),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value?)));
        Wait::parse(named.chain(self.absent.then(|| "--absent".to_owned())))
    }
}

fn rows(limit: Option<u32>) -> Result<u32, String> {
    let limit = limit.unwrap_or(ROWS);
    if (1..=MOST_ROWS).contains(&limit) { Ok(limit) } else { Err(format!("limit is a number from 1 to {MOST_ROWS}.")) }
}
