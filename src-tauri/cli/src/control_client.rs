//! Asks the control API of a SCIM Setup that is running: the window, or `scim-setup serve`.

use std::path::PathBuf;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use server::ControlFile;
use simulator::Address;
use wire::{Client, Limits, NoAnswer};

use crate::live_feed::LiveFeed;

/// Loopback answers at once, and whoever has the key may ask for much.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), body_bytes: 64 << 20, values: 4_000_000 };

/// Longer than it takes to look through the largest data folder.
const PATIENCE: Duration = Duration::from_secs(3_600);

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
    /// Of every request.
    headers: Vec<(String, String)>,
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
        ControlClient::new(&url, key)
    }
}

impl ControlClient {
    /// Asks the control API at `url` with its key.
    ///
    /// # Errors
    /// A sentence if `url` is not one.
    pub(crate) fn new(url: &str, key: String) -> Result<Self, String> {
        let headers = vec![
            ("Authorization".to_owned(), format!("Bearer {key}")),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        Ok(Self { client: Client::new(LIMITS), address: Address::parse(url)?, headers })
    }

    /// The same for what takes its time.
    pub(crate) fn patient(self) -> Self {
        Self { client: Client::new(Limits { time: PATIENCE, ..LIMITS }), ..self }
    }

    /// Reads something: `/api/tree`.
    ///
    /// # Errors
    /// A sentence if there is no answer, or it is a refusal.
    pub(crate) async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, String> {
        self.send("GET", path, None).await
    }

    /// Makes something: `/api/directories`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn post<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> Result<T, String> {
        let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        self.send("POST", path, Some(&body)).await
    }

    /// Changes something: `/api/directories/k3v9tq2mxa`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn patch<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> Result<T, String> {
        let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        self.send("PATCH", path, Some(&body)).await
    }

    /// Ends something: `/api/api-keys/k3v9tq2mxa`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn delete<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, String> {
        self.send("DELETE", path, None).await
    }

    /// Opens the live feed.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn watch(&self) -> Result<LiveFeed, String> {
        const PATH: &str = "/api/live";
        let mut stream = self.client.stream(&self.address, PATH, &self.headers).await.map_err(unanswered)?;
        if stream.status == 200 {
            return Ok(LiveFeed::new(stream));
        }
        // A refusal comes in one piece.
        let refusal = stream.next().await.map_err(unanswered)?.unwrap_or_default();
        Err(self.refusal(PATH, stream.status, &refusal))
    }

    async fn send<T: DeserializeOwned>(&mut self, method: &str, path: &str, body: Option<&[u8]>) -> Result<T, String> {
        let answer = self.client.send(&self.address, method, path, &self.headers, body).await.map_err(unanswered)?;
        match answer.status {
            // What has nothing to say is `null`.
            204 => serde_json::from_slice(b"null").map_err(|_| self.is_another()),
            200..=299 => serde_json::from_slice(&answer.body).map_err(|_| self.is_another()),
            status => Err(self.refusal(path, status, &answer.body)),
        }
    }

    /// Why something was refused, in the words of the control API.
    fn refusal(&self, path: &str, status: u16, body: &[u8]) -> String {
        #[derive(Deserialize)]
        struct Refusal {
            message: Option<String>,
        }
        match serde_json::from_slice(body) {
            Ok(Refusal { message }) => message.unwrap_or_else(|| format!("{path} answered {status}")),
            Err(_) => self.is_another(),
        }
    }

    fn is_another(&self) -> String {
        format!("{} answered something that is not its control API", self.address)
    }
}

/// Why there is no answer, for whoever asked a SCIM Setup.
pub(crate) fn unanswered(error: NoAnswer) -> String {
    match error {
        NoAnswer::Refused { at } => format!("no SCIM Setup answers at {at}"),
        other => other.to_string(),
    }
}
