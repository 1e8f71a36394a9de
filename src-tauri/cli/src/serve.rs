//! `scim-setup serve`.

use std::path::PathBuf;

use scim::is_same_text;
use serde::Serialize;
use serde_json::{Value, json};

use server::model::{
    ApiKey, ApiKeyCreated, Directory, EnvironmentId, Organization, TokenCreated, TokenForwarding, Tree,
};
use server::{Log, Options, Server};
use simulator::Address;

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
    /// Have that directory pass on what arrives to your own SCIM server at this base URL, and its answers back; one that is there has to
    /// forward already
    #[arg(long, value_name = "URL", requires = "new_directory")]
    forward_to: Option<String>,
    /// The environment variable that has the bearer token for that server, to put in the place of the identity provider's; left out: the
    /// identity provider's own is passed on
    #[arg(long, value_name = "NAME", requires = "forward_to")]
    forward_token_env: Option<String>,
    /// Forward to a server that is not on this machine or in a private network without asking
    #[arg(long, requires = "forward_to")]
    yes: bool,
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
    /// Where the directory passes on what arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    forwards_to: Option<String>,
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
        let runtime = crate::runtime()?;
        runtime.block_on(self.serve(log))
    }

    async fn serve(self, log: Log) -> Result<(), String> {
        let forwarding = self.forwarding()?;
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
            Some(name) => Some(create_directory(&mut control, name, forwarding.as_ref()).await?),
            None => None,
        };
        let (base_url, token, forwards_to) = match created {
            Some(Created { directory, token }) => {
                (Some(directory.base_url), token, directory.forwarding.map(|forwarding| forwarding.to))
            }
            None => (None, None, None),
        };
        let api_key = match &self.new_api_key {
            Some(name) => Some(create_api_key(&mut control, name).await?),
            None => None,
        };
        let ready = Ready {
            scim_base_url: base_url.unwrap_or_else(|| format!("{}/scim/v2", server.scim_url())),
            bearer_token: token,
            forwards_to,
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

impl Serve {
    /// Where the directory is to forward to, as the control API takes it.
    ///
    /// # Errors
    /// A sentence if it is not a base URL, the token is missing, or the server is elsewhere and nobody has agreed.
    fn forwarding(&self) -> Result<Option<Value>, String> {
        let Some(to) = &self.forward_to else { return Ok(None) };
        let address = Address::parse(to)?;
        if !address.is_private() && !self.yes {
            return Err(format!(
                "{address} is not on this machine or in a private network. Everything that arrives at the directory will be sent there, and can change users and groups there. Add --yes to do so."
            ));
        }
        let mut forwarding = json!({ "to": to, "confirmed": self.yes });
        if let Some(name) = &self.forward_token_env {
            let token = std::env::var(name).map_err(|_| {
                format!("the environment variable {name} has no token; set it, or leave out --forward-token-env")
            })?;
            forwarding["token"] = "replace".into();
            forwarding["secret"] = token.into();
        }
        Ok(Some(forwarding))
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
        if let Some(to) = &self.forwards_to {
            text.push_str(&format!("Forwards to    {to}\n"));
            if self.bearer_token.is_none() {
                text.push_str("               Give your identity provider the token of that server.\n");
            }
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

/// A directory, and the token that was generated for it; `None`: its server lets in whom it wants.
struct Created {
    directory: Directory,
    token: Option<String>,
}

/// Creates a directory in an organization of the same name unless it is there, and a token.
async fn create_directory(
    control: &mut ControlClient,
    name: &str,
    forwarding: Option<&Value>,
) -> Result<Created, String> {
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
        Some(directory) => match forwarding {
            Some(forwarding) => {
                let change = json!({ "forwarding": forwarding });
                control.patch(&format!("/api/directories/{}", directory.id), &change).await?
            }
            None => directory,
        },
        None => {
            let new = json!({ "organizationId": organization.id, "name": name, "forwarding": forwarding });
            control.post("/api/directories", &new).await?
        }
    };
    if directory.forwarding.as_ref().is_some_and(|forwarding| forwarding.token == TokenForwarding::PassOn) {
        return Ok(Created { directory, token: None });
    }
    let token: TokenCreated = control.post(&format!("/api/directories/{}/token", directory.id), &json!({})).await?;
    Ok(Created { directory, token: Some(token.token) })
}
