//! `scim-setup events`: what the software under test is told, as lines of JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use simulator::Address;
use wire::{Client, Limits};

use crate::control_client::{Instance, unanswered};
use crate::live_feed::SentEvents;
use crate::{Ended, encoded, print, visible};

/// A page has 4 MiB and one more event; a stream is alive as long as something comes.
const LIMITS: Limits = Limits { time: Duration::from_secs(60), body_bytes: 64 << 20, values: 4_000_000 };

#[derive(clap::Args)]
pub(crate) struct Events {
    /// Go on with what happens, until Ctrl C
    #[arg(long)]
    follow: bool,
    /// Only those after the event with this id; "now": those that are still to come [default: all that are kept]
    #[arg(long, value_name = "ID")]
    after: Option<String>,
    /// Only these types, with commas: user.created,user.deactivated
    #[arg(long, value_name = "TYPES")]
    types: Option<String>,
    /// The address of the integration API [default: that of the running SCIM Setup]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The environment variable that has an API key
    #[arg(long, value_name = "NAME", default_value = "SCIM_SETUP_API_KEY")]
    key_env: String,
    #[command(flatten)]
    instance: Instance,
}

/// As much of the status as says where the integration API is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    integration_listener: Option<Listener>,
}

#[derive(Deserialize)]
struct Listener {
    address: Option<String>,
}

/// A page of events.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Value>,
    next: String,
    has_more: bool,
}

impl Events {
    pub(crate) fn run(self) -> Result<Ended, String> {
        let runtime = crate::runtime()?;
        runtime.block_on(self.read())
    }

    async fn read(self) -> Result<Ended, String> {
        let name = &self.key_env;
        let key = std::env::var(name).map_err(|_| {
            format!("the environment variable {name} has no API key; create one with scim-setup serve --new-api-key, or name another variable with --key-env")
        })?;
        let address = Address::parse(&self.url().await?)?;
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {key}"))];
        let mut client = Client::new(LIMITS);
        let mut after = self.after.clone().unwrap_or_default();
        loop {
            let answer =
                client.send(&address, "GET", &self.target(&after), &headers, None).await.map_err(unanswered)?;
            let page: Page = match answer.status {
                200 => serde_json::from_slice(&answer.body).map_err(|_| another(&address))?,
                status => return Err(refusal(&address, status, &answer.body)),
            };
            page.events.iter().try_for_each(|event| line(&event.to_string()))?;
            after = page.next;
            if !page.has_more {
                break;
            }
        }
        if !self.follow {
            return Ok(Ended::Well);
        }
        headers.push(("Accept".to_owned(), "text/event-stream".to_owned()));
        let mut stream = client.stream(&address, &self.target(&after), &headers).await.map_err(unanswered)?;
        if stream.status != 200 {
            let body = stream.next().await.map_err(unanswered)?.unwrap_or_default();
            return Err(refusal(&address, stream.status, &body));
        }
        let mut events = SentEvents::new(stream);
        loop {
            line(&String::from_utf8_lossy(&events.next().await?))?;
        }
    }

    async fn url(&self) -> Result<String, String> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let status: Status = self.instance.find()?.get("/api/status").await?;
        let address = status.integration_listener.and_then(|listener| listener.address);
        let address =
            address.ok_or("the integration API of the running SCIM Setup has no port; choose one in its settings")?;
        Ok(format!("http://{address}"))
    }

    fn target(&self, after: &str) -> String {
        format!(
            "/v1/events?limit=1000&after={}&types={}",
            encoded(after),
            encoded(self.types.as_deref().unwrap_or_default())
        )
    }
}

fn line(json: &str) -> Result<(), String> {
    print(&format!("{}\n", visible::json(json)))
}

/// Why something was refused, in the words of the integration API.
fn refusal(address: &Address, status: u16, body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body["message"].as_str().map_or_else(|| format!("{address} answered {status}"), str::to_owned)
}

fn another(address: &Address) -> String {
    format!("{address} answered something that is not the integration API of SCIM Setup")
}
