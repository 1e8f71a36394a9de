//! `scim-setup serve`.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value, json};
use server::{Control, Options, Server};

use crate::signal;

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
    /// Create a directory with this name in the environment "Local", or take the one there is, and generate a bearer token for it
    #[arg(long, value_name = "NAME")]
    new_directory: Option<String>,
    /// Print one line of JSON instead of text once both ports are open
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
}

impl Serve {
    /// Serves until SIGINT or SIGTERM.
    pub(crate) fn run(self) -> Result<(), String> {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no threads can be started: {error}"))?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> Result<(), String> {
        let options =
            Options { data: self.data, port: self.port, control_port: Some(self.control_port), ..Options::default() };
        // Listened for before anything is promised, so that a signal right after the line is not lost.
        let end = signal::end()?;
        let server = Server::start(options).await.map_err(|error| error.to_string())?;
        let created = match &self.new_directory {
            Some(name) => Some(create_directory(&server.control(), name).await?),
            None => None,
        };
        let (base_url, token) = created.unzip();
        let ready = Ready {
            scim_base_url: base_url.unwrap_or_else(|| format!("{}/scim/v2", server.scim_url())),
            bearer_token: token,
            control_url: server.control_url().unwrap_or_default(),
            control_key: server.control_key().to_owned(),
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
        text.push_str(&format!("Interface      {}/?key={}\n", self.control_url, self.control_key));
        text.push_str("Ctrl C ends.\n");
        text
    }
}

/// Creates a directory in an organization of the same name unless it is there, and a token; returns the base URL and the token.
async fn create_directory(control: &Control, name: &str) -> Result<(String, String), String> {
    let tree = ask(control, "GET", "/api/tree", None).await?;
    let environments = tree["environments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let environment = environments
        .iter()
        .find(|environment| environment["name"] == "Local")
        .or(environments.first())
        .ok_or("There is no environment. Create one in the interface.")?;
    let organizations = tree["organizations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_named =
        |thing: &Value| thing["name"].as_str().is_some_and(|other| other.to_lowercase() == name.trim().to_lowercase());
    let existing = organizations
        .iter()
        .find(|organization| organization["environmentId"] == environment["id"] && is_named(organization));
    let organization = match existing {
        Some(organization) => organization["id"].clone(),
        None => {
            let new = json!({ "environmentId": environment["id"], "name": name });
            ask(control, "POST", "/api/organizations", Some(new)).await?["id"].clone()
        }
    };
    let directories = tree["directories"].as_array().map(Vec::as_slice).unwrap_or_default();
    let existing =
        directories.iter().find(|directory| directory["organizationId"] == organization && is_named(directory));
    let directory = match existing {
        Some(directory) => directory.clone(),
        None => {
            let new = json!({ "organizationId": organization, "name": name });
            ask(control, "POST", "/api/directories", Some(new)).await?
        }
    };
    let path = format!("/api/directories/{}/token", text(&directory, "id")?);
    let token = ask(control, "POST", &path, None).await?;
    Ok((text(&directory, "baseUrl")?, text(&token, "token")?))
}

async fn ask(control: &Control, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
    match control.request(method, path, body).await {
        (200..=299, answer) => Ok(answer),
        (_, error) => Err(text(&error, "message")?),
    }
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    value[name].as_str().map(str::to_owned).ok_or_else(|| format!("the answer has no {name}"))
}
