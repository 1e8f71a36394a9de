//! Webhooks: tells the software under test what happens, without being asked, as Standard Webhooks has it.
//!
//! Each endpoint that is enabled has a sender of its own, so that one that is slow delays nobody else.

mod event;
mod request;
mod schedule;
mod sender;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub use self::schedule::WebhookOptions;

use self::event::{Prepared, test_event, test_message};
use self::request::{Message, Verdict, attempt};
use self::sender::{Command, Sender, new_client};
use crate::core::Core;
use crate::directory::app_events::EventPlace;
use crate::directory::deliveries::{self, Work};
use crate::directory::{Error, StoreError, webhooks};
use crate::ids::short_id;
use crate::model::{Delivery, DeliveryDetail, DeliveryState, Event, WebhookDisabledBecause, WebhookId};
use crate::store::deliveries::{DeliveredEvent, Logged, Recorded};
use crate::store::webhooks::Endpoint;

/// How the senders that are at work are told something.
type Commands = Arc<Mutex<HashMap<WebhookId, mpsc::UnboundedSender<Command>>>>;

/// The senders of all endpoints. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Webhooks {
    core: Core,
    options: Arc<WebhookOptions>,
    commands: Commands,
    stop: Arc<watch::Sender<bool>>,
    supervisor: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

/// A sender at work.
struct AtWork {
    endpoint: Endpoint,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Webhooks {
    /// Begins to send.
    pub(crate) fn start(core: Core, options: WebhookOptions) -> Self {
        let (options, commands, stop) = (Arc::new(options), Commands::default(), Arc::new(watch::Sender::new(false)));
        let supervisor = tokio::spawn(supervise(core.clone(), options.clone(), commands.clone(), stop.subscribe()));
        Self { core, options, commands, stop, supervisor: Arc::new(tokio::sync::Mutex::new(Some(supervisor))) }
    }

    /// Ends the senders; what they are sending is sent again after the next start.
    pub(crate) async fn close(&self) {
        self.stop.send_replace(true);
        if let Some(supervisor) = self.supervisor.lock().await.take()
            && let Err(error) = supervisor.await
        {
            tracing::error!(%error, "the senders of webhooks failed");
        }
    }

    /// Sends a test to an endpoint, enabled or not.
    ///
    /// # Errors
    /// If there is no such webhook.
    pub(crate) async fn send_test(&self, id: &WebhookId) -> Result<Delivery, Error> {
        let endpoint = self.endpoint(id).await?;
        let (event, at) = (format!("test_{}", short_id()), self.core.clock.timestamp());
        let message = test_message(&event, &endpoint.environment, &at);
        self.send(endpoint, test_event(&event, &at), message, None).await
    }

    /// Sends an event that was sent before once more, whatever waits, to an endpoint that is enabled or not.
    ///
    /// # Errors
    /// If there is no such webhook or delivery, or what happened is not kept any more.
    pub(crate) async fn send_again(&self, id: &WebhookId, event: String) -> Result<Delivery, Error> {
        let endpoint = self.endpoint(id).await?;
        let (webhook, environment) = (id.clone(), endpoint.environment.clone());
        let prepared = self.core.run(move |core| {
            let logged = deliveries::read(core, &webhook, &event)?;
            if logged.delivery.resource.is_none() {
                return Err(Error::conflict("event", "This was a test. Send another one."));
            }
            let gone = "What happened is not kept any more, so it cannot be sent again.";
            Prepared::by_id(core, &environment, &event)?.ok_or_else(|| Error::conflict("event", gone))
        });
        let Prepared { place, event, message, .. } = prepared.await?;
        self.send(endpoint, event, message, Some(place)).await
    }

    /// A delivery with what is sent and what was tried.
    ///
    /// # Errors
    /// If there is no such webhook or delivery.
    pub(crate) async fn read_delivery(&self, id: &WebhookId, event: String) -> Result<DeliveryDetail, Error> {
        let endpoint = self.endpoint(id).await?;
        self.core
            .run(move |core| {
                let Logged { delivery, attempts, body_digest } = deliveries::read(core, &endpoint.id, &event)?;
                let environment = &endpoint.environment;
                let message = match delivery.resource {
                    None => Some(test_message(&event, environment, &delivery.at)),
                    Some(_) => Prepared::by_id(core, environment, &event)?.map(|prepared| prepared.message),
                };
                let sent = |message: &Message| body_digest.is_none_or(|digest| digest == message.digest());
                let is_body_as_sent = message.as_ref().is_none_or(sent);
                Ok(DeliveryDetail { delivery, body: message.map(|message| message.body), is_body_as_sent, attempts })
            })
            .await
    }

    async fn endpoint(&self, id: &WebhookId) -> Result<Endpoint, Error> {
        let id = id.clone();
        self.core.run(move |core| webhooks::endpoint(core, &id)).await
    }

    async fn send(
        &self,
        endpoint: Endpoint,
        event: DeliveredEvent,
        message: Message,
        place: Option<EventPlace>,
    ) -> Result<Delivery, Error> {
        let mut client = new_client(&self.options, &endpoint);
        let outcome = attempt(&mut client, &endpoint, &message, self.core.clock.now(), true).await;
        let is_delivered = outcome.verdict == Verdict::Delivered;
        let recorded = Recorded {
            event,
            attempt: Some(outcome.attempt),
            attempted_at: Some(outcome.at),
            body_digest: Some(outcome.body_digest),
            state: is_delivered.then_some(DeliveryState::Delivered),
            next_try_at: None,
            is_scheduled: false,
            is_reached: outcome.is_reached,
        };
        if is_delivered {
            let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(sender) = commands.get(&endpoint.id) {
                // An error means that it has just ended; the next one reads what is stored.
                let _ = sender.send(Command::Delivered(place));
            }
        }
        self.core
            .run(move |core| {
                let (id, event) = (endpoint.id.clone(), recorded.event.id.clone());
                deliveries::save(core, &endpoint, vec![Work::Recorded(Box::new(recorded))], None)?;
                if outcome.verdict == Verdict::Gone {
                    webhooks::disable(core, &endpoint, WebhookDisabledBecause::Gone)?;
                }
                deliveries::read(core, &id, &event).map(|logged| logged.delivery)
            })
            .await
    }
}

/// Has a sender at work for each endpoint that is enabled, until it is told to stop.
async fn supervise(core: Core, options: Arc<WebhookOptions>, commands: Commands, mut stop: watch::Receiver<bool>) {
    let mut at_work = HashMap::new();
    let mut is_first = true;
    let mut changed = std::pin::pin!(core.live.watch().filter(|batch| {
        let is_told = |event: &Event| matches!(event, Event::Webhooks { .. } | Event::Tree | Event::Resync);
        std::future::ready(batch.iter().any(is_told))
    }));
    loop {
        tokio::select! {
            batch = changed.next() => if batch.is_none() { break },
            _ = stop.wait_for(|is_stopped| *is_stopped) => break,
        }
        match core.run(webhooks::enabled).await {
            Ok(enabled) => adjust(&core, &options, &commands, &mut at_work, enabled, is_first).await,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, "which webhooks there are could not be read");
                continue;
            }
        }
        is_first = false;
    }
    end(&commands, at_work).await;
}

/// Ends the senders of endpoints that are not as they were, and starts those that are missing.
async fn adjust(
    core: &Core,
    options: &Arc<WebhookOptions>,
    commands: &Commands,
    at_work: &mut HashMap<WebhookId, AtWork>,
    enabled: Vec<Endpoint>,
    is_first: bool,
) {
    let is_ended = |sender: &AtWork| sender.task.is_finished() || !enabled.contains(&sender.endpoint);
    let ended: Vec<_> = at_work.iter().filter(|(_, sender)| is_ended(sender)).map(|(id, _)| id.clone()).collect();
    let ended: Vec<_> = ended.into_iter().filter_map(|id| at_work.remove_entry(&id)).collect();
    end(commands, ended).await;
    for endpoint in enabled {
        if at_work.contains_key(&endpoint.id) {
            continue;
        }
        match begin(core, options, commands, endpoint.clone(), is_first).await {
            Ok(sender) => {
                at_work.insert(endpoint.id, sender);
            }
            // It was deleted meanwhile.
            Err(Error::NotFound(_)) => {}
            Err(error) => tracing::error!(%error, webhook = %endpoint.id, "a webhook could not be started"),
        }
    }
}

/// Starts a sender. What waits keeps its time over a restart of the program, and is sent at once where a person has changed something.
async fn begin(
    core: &Core,
    options: &Arc<WebhookOptions>,
    commands: &Commands,
    endpoint: Endpoint,
    is_first: bool,
) -> Result<AtWork, Error> {
    if !is_first {
        let changed = endpoint.clone();
        core.run(move |core| deliveries::hurry(core, &changed)).await?;
    }
    let sender = Sender::new(core.clone(), options.clone(), endpoint.clone()).await?;
    let (command, received) = mpsc::unbounded_channel();
    let (stop, stopped) = watch::channel(false);
    commands.lock().unwrap_or_else(PoisonError::into_inner).insert(endpoint.id.clone(), command);
    let task = tokio::spawn(sender.run(received, stopped));
    Ok(AtWork { endpoint, stop, task })
}

/// Ends senders, all of them at the same time.
async fn end(commands: &Commands, senders: impl IntoIterator<Item = (WebhookId, AtWork)>) {
    let stopped: Vec<_> = senders
        .into_iter()
        .map(|(id, sender)| {
            commands.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            sender.stop.send_replace(true);
            (id, sender.task)
        })
        .collect();
    for (id, task) in stopped {
        if let Err(error) = task.await {
            tracing::error!(%error, webhook = %id, "the sender of a webhook failed");
        }
    }
}
