//! `scim-setup listen`: sends what happens to software under test as long as the command runs, and prints what it answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde_json::json;
use server::model::{
    AppEventType, Delivery, DeliveryId, DeliveryPage, Environment, Event, Tree, Webhook, WebhookDisabledBecause,
    WebhookWithSecret,
};

use crate::control_client::{ControlClient, Instance};
use crate::{Ended, print, signal, visible};

#[derive(clap::Args)]
pub(crate) struct Listen {
    /// Where your software takes webhooks: http://localhost:3000/webhooks
    #[arg(long, value_name = "URL")]
    to: String,
    /// Only these types, with commas: user.created,user.deactivated
    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = event_type)]
    types: Vec<AppEventType>,
    /// The environment whose directories are listened to [default: the only one]
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Send to an address that is neither on this machine nor in a private network
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    instance: Instance,
}

/// Deliveries whose attempts are remembered: more than wait at once.
const MOST_REMEMBERED: usize = 2_000;

/// Prints each attempt once.
#[derive(Default)]
struct Printer {
    /// How many attempts of each delivery were printed; of the newest ones.
    printed: BTreeMap<DeliveryId, u32>,
}

impl Listen {
    pub(crate) fn run(self) -> Result<Ended, String> {
        let runtime = crate::runtime()?;
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
                    followed = follow(&mut control, &webhook) => followed,
                }
            }
            Err(error) => Err(error),
        };
        if find(&mut control, &webhook).await?.is_some() {
            control.delete::<()>(&format!("/api/webhooks/{}", webhook.id)).await?;
        }
        listened.map(|()| Ended::Well)
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

/// The webhook as it is now; `None`: it was deleted.
async fn find(control: &mut ControlClient, webhook: &Webhook) -> Result<Option<Webhook>, String> {
    let tree: Tree = control.get("/api/tree").await?;
    if tree.environments.iter().all(|environment| environment.id != webhook.environment_id) {
        return Ok(None);
    }
    let path = format!("/api/environments/{}/webhooks", webhook.environment_id);
    let all: Vec<Webhook> = control.get(&path).await?;
    Ok(all.into_iter().find(|other| other.id == webhook.id))
}

/// Prints each attempt until nothing is sent any more.
///
/// # Errors
/// A sentence that says why nothing is.
async fn follow(control: &mut ControlClient, webhook: &Webhook) -> Result<(), String> {
    let mut feed = control.watch().await?;
    let mut printer = Printer::default();
    loop {
        for event in feed.next().await? {
            match event {
                Event::Delivery { delivery, .. } if delivery.webhook_id == webhook.id => printer.print(&delivery)?,
                Event::Webhooks { .. } | Event::Tree => still_sends(find(control, webhook).await?)?,
                // More than the feed tells one by one.
                Event::Resync => {
                    still_sends(find(control, webhook).await?)?;
                    let path = format!("/api/webhooks/{}/deliveries?limit=200", webhook.id);
                    let page: DeliveryPage = control.get(&path).await?;
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
        let printed = self.printed.insert(delivery.id, delivery.attempts).unwrap_or_default();
        if self.printed.len() > MOST_REMEMBERED {
            self.printed.pop_first();
        }
        if delivery.attempts <= printed {
            return Ok(());
        }
        print(&format!("{}\n", visible::line(&line(delivery))))
    }
}

/// # Errors
/// A sentence if the webhook sends nothing any more.
fn still_sends(webhook: Option<Webhook>) -> Result<(), String> {
    let why = match webhook.map(|webhook| webhook.disabled) {
        Some(None) => return Ok(()),
        Some(Some(disabled)) => match disabled.because {
            WebhookDisabledBecause::Person => "somebody has turned the webhook off",
            WebhookDisabledBecause::Gone => "your software answered 410, which turns a webhook off",
            WebhookDisabledBecause::Failing => "for days, your software has taken nothing",
        },
        None => "somebody has deleted the webhook",
    };
    Err(format!("nothing is sent any more: {why}"))
}

/// `user.created`.
fn event_type(name: &str) -> Result<AppEventType, String> {
    let found = AppEventType::deserialize(name.trim().into_deserializer());
    found.map_err(|_: ValueError| {
        let all = AppEventType::ALL.map(|kind| json!(kind).as_str().unwrap_or_default().to_owned());
        format!("there is no such type of event; there are {}", all.join(", "))
    })
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
