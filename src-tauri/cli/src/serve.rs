//! `scim-setup serve`.

use std::path::PathBuf;

use scim::is_same_text;
use serde::Serialize;
use serde_json::json;
use server::model::{ApiKey, ApiKeyCreated, Directory, EnvironmentId, Organization, TokenCreated, Tree};
use server::{Log, Options, Server};

use crate::control_client::ControlClient;
use crate::{signal, visible};

/// The port of the control listener when nobody says otherwise.
const CONTROL_PORT: u16 = 7247;

#[derive(clap::Args)]
pub(crate) struct Serve {
    /// Where everything is kept [default: the system's place for application data]
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The port that the tunnel forwards to; 0 picks one [default: the one in the settings, at first 7246]
    #[arg(long, env = "SCIM_SETUP_PORT", value_name = "N")]
    port: Option<u16>,
    /// The port of the interface and the control API; 0 picks one
    #[arg(long, value_name = "N", default_value_t = CONTROL_PORT)]
    control_port: u16,
    /// The port that your software reads what arrived from; 0 picks one [default: the one in the settings, at first 7248]
    #[arg(long, env = "SCIM_SETUP_INTEGRATION_PORT", value_name = "N")]
    integration_port: Option<u16>,
    /// Create a directory with this name in the environment "Local", or take the one there is, and generate a bearer token for it
    #[arg(long, value_name = "NAME")]
    new_directory: Option<String>,
    /// Create an API key with this name for your software in the environment "Local"; one that has the name is revoked
    #[arg(long, value_name = "NAME")]
    new_api_key: Option<String>,
    /// Print one line of JSON instead of text once all ports are open
    #[arg(long)]
    json: bool,
}

/// The line that `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    scim_base_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bearer_token: Option<String>,
    control_url: String,
    control_key: String,
    /// Where your software reads what arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    integration_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
    /// The backup that this start has restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<String>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM.
    pub(crate) fn run(self, log: Log) -> Result<(), String> {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no threads can be started: {error}"))?;
        runtime.block_on(self.serve(log))
    }

    async fn serve(self, log: Log) -> Result<(), String> {
        let Self { data, port, control_port, integration_port, .. } = self;
        let options = Options {
            data,
            port,
            control_port: Some(control_port),
            integration_port,
            log: Some(log),
            ..Options::default()
        };
        // Listened for before anything is promised, so that a signal right after the line is not lost.
        let end = signal::end()?;
        let server = Server::start(options).await.map_err(|error| error.to_string())?;
        let control_url = server.control_url().unwrap_or_default();
        let mut control = ControlClient::new(&control_url, server.control_key().to_owned())?;
        let created = match &self.new_directory {
            Some(name) => Some(create_directory(&mut control, name).await?),
            None => None,
        };
        let (base_url, token) = created.unzip();
        let api_key = match &self.new_api_key {
            Some(name) => Some(create_api_key(&mut control, name).await?),
            None => None,
        };
        let ready = Ready {
            scim_base_url: base_url.unwrap_or_else(|| format!("{}/scim/v2", server.scim_url())),
            bearer_token: token,
            control_url,
            control_key: server.control_key().to_owned(),
            integration_url: server.integration_url().await,
            api_key,
            restored: server.restored().map(|restored| restored.backup.clone()),
        };
        tracing::info!(url = ready.control_url, "SCIM Setup serves its interface");
        super::print(&if self.json { ready.to_line()? } else { ready.to_text() })?;
        end.await;
        let again = signal::end()?;
        tokio::select! {
            () = server.shutdown() => Ok(()),
            () = again => Err("ended at once by a second signal; requests under way were cut off".to_owned()),
        }
    }
}

impl Ready {
    fn to_line(&self) -> Result<String, String> {
        serde_json::to_string(self).map(|line| line + "\n").map_err(|error| error.to_string())
    }

    fn to_text(&self) -> String {
        let mut text = format!("SCIM base URL  {}\n", self.scim_base_url);
        if let Some(token) = &self.bearer_token {
            text.push_str(&format!("Bearer token   {token}\n               It is shown only this once.\n"));
        }
        match &self.integration_url {
            Some(url) => text.push_str(&format!("Your software  {url}/v1/scim/users\n")),
            None => text.push_str(
                "Your software  cannot read: the integration port is taken. Choose one with --integration-port.\n",
            ),
        }
        if let Some(key) = &self.api_key {
            text.push_str(&format!("API key        {key}\n               It is shown only this once.\n"));
        }
        text.push_str(&format!("Interface      {}/?key={}\n", self.control_url, self.control_key));
        if let Some(backup) = &self.restored {
            text.push_str(&format!("Restored       {}\n", visible::line(backup)));
        }
        text.push_str("Ctrl C ends.\n");
        text
    }
}

/// Creates an API key in the environment "Local", in the place of one that has the name; returns it.
async fn create_api_key(control: &mut ControlClient, name: &str) -> Result<String, String> {
    let tree: Tree = control.get("/api/tree").await?;
    let path = format!("/api/environments/{}/api-keys", local(&tree)?);
    let keys: Vec<ApiKey> = control.get(&path).await?;
    for key in keys.iter().filter(|key| key.revoked_at.is_none() && is_same_text(&key.name, name.trim())) {
        control.delete::<ApiKey>(&format!("/api/api-keys/{}", key.id)).await?;
    }
    let created: ApiKeyCreated = control.post(&path, &json!({ "name": name })).await?;
    Ok(created.key)
}

/// The environment "Local", or the first one.
fn local(tree: &Tree) -> Result<&EnvironmentId, String> {
    let local = tree.environments.iter().find(|environment| environment.name == "Local");
    let environment = local.or(tree.environments.first());
    Ok(&environment.ok_or("There is no environment. Create one in the interface.")?.id)
}

/// Creates a directory in an organization of the same name unless it is there, and a token; returns the base URL and the token.
async fn create_directory(control: &mut ControlClient, name: &str) -> Result<(String, String), String> {
    let tree: Tree = control.get("/api/tree").await?;
    let environment = local(&tree)?.clone();
    let is_named = |other: &str| is_same_text(other, name.trim());
    let mut existing = tree.organizations.into_iter();
    let existing = existing.find(|it| it.environment_id == environment && is_named(&it.name));
    let organization: Organization = match existing {
        Some(organization) => organization,
        None => control.post("/api/organizations", &json!({ "environmentId": environment, "name": name })).await?,
    };
    let mut existing = tree.directories.into_iter();
    let existing = existing.find(|it| it.organization_id == organization.id && is_named(&it.name));
    let directory: Directory = match existing {
        Some(directory) => directory,
        None => control.post("/api/directories", &json!({ "organizationId": organization.id, "name": name })).await?,
    };
    let token: TokenCreated = control.post(&format!("/api/directories/{}/token", directory.id), &json!({})).await?;
    Ok((directory.base_url, token.token))
}
