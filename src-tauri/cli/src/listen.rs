//! `scim-setup listen`: sends what happens to software under test as long as the command runs, and prints what it answers.

use serde::Deserialize;
use serde_json::json;
use server::model::{Delivery, DeliveryPage, Environment, Event, WebhookId, WebhookWithSecret};

use crate::control_client::{ControlClient, Instance};
use crate::{Ended, print, signal, visible};

#[derive(clap::Args)]
pub(crate) struct Listen {
    /// Where your software takes webhooks: http://localhost:3000/webhooks
    #[arg(long, value_name = "URL")]
    to: String,
    /// Only these types, with commas: user.created,user.deactivated
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    types: Vec<String>,
    /// The environment whose directories are listened to [default: the only one]
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Send to an address that is neither on this machine nor in a private network
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    instance: Instance,
}

/// As much of the tree as says which environments there are.
#[derive(Deserialize)]
struct Tree {
    environments: Vec<Environment>,
}

/// Prints each attempt once.
#[derive(Default)]
struct Printer {
    /// When the newest that was printed was made, and of which event.
    newest: Option<(String, String)>,
}

impl Listen {
    pub(crate) fn run(self) -> Result<Ended, String> {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no threads can be started: {error}"))?;
        runtime.block_on(self.listen())
    }

    async fn listen(self) -> Result<Ended, String> {
        let end = signal::end()?;
        let mut control = self.instance.find()?;
        let environment = self.environment(control.get::<Tree>("/api/tree").await?.environments)?;
        let new = json!({
            "url": self.to,
            "types": if self.types.is_empty() { None } else { Some(&self.types) },
            "confirmed": self.yes,
            "isTemporary": true,
        });
        let path = format!("/api/environments/{}/webhooks", environment.id);
        let created: WebhookWithSecret = control.post(&path, &new).await.map_err(|error| match self.yes {
            false if error.ends_with("Confirm this first.") => format!("{error} --yes does so."),
            _ => error,
        })?;
        let WebhookWithSecret { secret, webhook } = created;
        let told = print(&format!(
            "The webhook secret is {secret}\nWhat happens in {} is sent to {} until Ctrl C.\n",
            visible::line(&environment.name),
            visible::line(&webhook.url)
        ));
        let listened = match told {
            Ok(()) => {
                tokio::select! {
                    () = end => Ok(()),
                    followed = follow(&mut control, &webhook.id) => followed,
                }
            }
            Err(error) => Err(error),
        };
        let deleted = control.delete::<()>(&format!("/api/webhooks/{}", webhook.id)).await;
        listened.and(deleted).map(|()| Ended::Well)
    }

    fn environment(&self, mut all: Vec<Environment>) -> Result<Environment, String> {
        let names = || all.iter().map(|environment| environment.name.clone()).collect::<Vec<_>>().join(", ");
        let found = match &self.environment {
            Some(name) => all.iter().position(|environment| environment.name.eq_ignore_ascii_case(name)),
            None if all.len() == 1 => Some(0),
            None => return Err(format!("there are several environments; choose one with --environment: {}", names())),
        };
        let missing = || format!("there is no environment with this name; there are: {}", names());
        found.ok_or_else(missing).map(|index| all.swap_remove(index))
    }
}

/// Prints each attempt until the program that makes them ends.
async fn follow(control: &mut ControlClient, webhook: &WebhookId) -> Result<(), String> {
    let mut feed = control.watch().await?;
    let mut printer = Printer::default();
    loop {
        for event in feed.next().await? {
            match event {
                Event::Delivery { delivery, .. } if delivery.webhook_id == *webhook => printer.print(&delivery)?,
                // More than the feed tells one by one.
                Event::Resync => {
                    let page: DeliveryPage =
                        control.get(&format!("/api/webhooks/{webhook}/deliveries?limit=200")).await?;
                    let mut rows = page.items;
                    rows.sort_by(|a, b| a.attempted_at.cmp(&b.attempted_at).then(a.id.cmp(&b.id)));
                    rows.iter().try_for_each(|delivery| printer.print(delivery))?;
                }
                _ => {}
            }
        }
    }
}

impl Printer {
    /// Prints the newest attempt of a delivery unless it was printed before.
    fn print(&mut self, delivery: &Delivery) -> Result<(), String> {
        let Some(at) = &delivery.attempted_at else { return Ok(()) };
        let attempt = (at.clone(), delivery.event_id.clone());
        if self.newest.as_ref().is_some_and(|newest| *newest == attempt || newest.0 > attempt.0) {
            return Ok(());
        }
        self.newest = Some(attempt);
        print(&format!("{}\n", visible::line(&line(delivery))))
    }
}

/// `2026-06-07T12:03:11.482Z  200  12 ms  user.created  ada@example.com`
fn line(delivery: &Delivery) -> String {
    let Delivery { attempted_at, status, duration_micros, kind, resource, error, .. } = delivery;
    let at = attempted_at.as_deref().unwrap_or_default();
    let status = status.map_or("---".to_owned(), |status| status.to_string());
    let took = duration_micros.map_or(String::new(), |micros| format!("{} ms", micros.div_ceil(1_000)));
    let name = resource.as_ref().map_or("", |resource| resource.name.as_str());
    let error = error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    format!("{at}  {status}  {took:>7}  {kind:<21}  {name}{error}")
}
