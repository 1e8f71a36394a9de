//! Asks the control API of a SCIM Setup that is running: the window, or `scim-setup serve`.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use server::ControlFile;
use simulator::Address;
use wire::{Client, Limits, NoAnswer};

/// Loopback answers at once, and whoever has the key may ask for much.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), body_bytes: 64 << 20, values: 4_000_000 };

/// Which SCIM Setup to ask.
#[derive(clap::Args)]
pub(crate) struct Instance {
    /// The address of its control API [default: that of the program which owns the data folder]
    #[arg(long, value_name = "URL")]
    control_url: Option<String>,
    /// The environment variable that has its key, with --control-url
    #[arg(long, value_name = "NAME", default_value = "SCIM_SETUP_CONTROL_KEY")]
    control_key_env: String,
    /// Its data folder [default: the system's place for application data]
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A running SCIM Setup.
pub(crate) struct ControlClient {
    client: Client,
    address: Address,
    key: String,
}

impl Instance {
    /// Finds it.
    ///
    /// # Errors
    /// A sentence if none is running there, or the key is missing.
    pub(crate) fn find(&self) -> Result<ControlClient, String> {
        let (url, key) = match &self.control_url {
            Some(url) => {
                let name = &self.control_key_env;
                let key = std::env::var(name).map_err(|_| {
                    format!("the environment variable {name} has no control key; set it, or name another with --control-key-env")
                })?;
                (url.clone(), key)
            }
            None => {
                let folder = self.data.clone().or_else(server::default_folder);
                let folder = folder.ok_or("this system has no folder for application data; name one with --data")?;
                let found = ControlFile::find(&folder).map_err(|error| error.to_string())?;
                (found.url, found.key)
            }
        };
        Ok(ControlClient { client: Client::new(LIMITS), address: Address::parse(&url)?, key })
    }
}

impl ControlClient {
    /// Reads something: `/api/tree`.
    ///
    /// # Errors
    /// A sentence if there is no answer, or it is a refusal.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value, String> {
        let headers = [("Authorization".to_owned(), format!("Bearer {}", self.key))];
        let answer =
            self.client.send(&self.address, "GET", path, &headers, None).await.map_err(|error| match error {
                NoAnswer::Refused { at } => format!("no SCIM Setup answers at {at}"),
                other => other.to_string(),
            })?;
        let body: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| format!("{} answered something that is not its control API", self.address))?;
        match answer.status {
            200..=299 => Ok(body),
            status => Err(body["message"].as_str().map_or_else(|| format!("{path} answered {status}"), str::to_owned)),
        }
    }
}
