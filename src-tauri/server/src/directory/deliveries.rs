//! What webhooks sent and what waits: how far each is, and its log.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::IntoParams;

use super::browse::Limit;
use super::{Error, Result};
use crate::clock::{DAY, Millis};
use crate::core::Core;
use crate::model::{ChangeSeq, Delivery, DeliveryId, DeliveryPage, EnvironmentId, Event, WebhookId};
use crate::store::deliveries::{About, Logged, Progress, Recorded, Waiting};
use crate::store::webhooks::Endpoint;
use crate::store::{StoreError, deliveries, directories, settings, webhooks};

/// Which deliveries, the newest first.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// Only those with a smaller id.
    pub(crate) before: Option<DeliveryId>,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<100>,
}

/// What is to be kept of a webhook's work.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// What became of an event.
    Recorded(Box<Recorded>),
    /// An event that cannot be sent any more: its id, and why.
    GivenUp(String, String),
}

/// The log of a webhook.
///
/// # Errors
/// If there is no such webhook.
pub(crate) fn list(core: &Core, webhook: &WebhookId, query: &DeliveryQuery) -> Result<DeliveryPage> {
    let limit = query.limit.rows();
    core.store.read_with_requests(|c| {
        webhooks::endpoint(c, webhook)?.ok_or_else(|| Error::missing("webhook", webhook))?;
        let mut items = deliveries::page(c, webhook, query.before, limit + 1)?;
        let has_more = items.len() > limit as usize;
        items.truncate(limit as usize);
        Ok(DeliveryPage { items, has_more })
    })
}

/// The delivery of an event, with what was tried.
///
/// # Errors
/// If it is not kept.
pub(crate) fn read(core: &Core, webhook: &WebhookId, event: &str) -> Result<Logged> {
    let found = core.store.read_with_requests(|c| deliveries::by_event(c, webhook, event))?;
    let missing = || Error::NotFound(format!("There is no delivery of {event}. It may have been too old to be kept."));
    found.ok_or_else(missing)
}

/// How far a webhook is, and what waits. Of one whose progress is lost: from where all was sent at least.
///
/// # Errors
/// If there is no such webhook.
pub(crate) fn progress(core: &Core, webhook: &WebhookId) -> Result<(Progress, Vec<Waiting>)> {
    core.store.read_with_requests(|c| {
        let seq = webhooks::seq(c, webhook)?.ok_or_else(|| Error::missing("webhook", webhook))?;
        let new = || Progress {
            place: (seq, u64::MAX),
            last_delivered_at: None,
            failing_since: None,
            failing_for: 0,
            paused_until: None,
            error: None,
            missed_at: None,
        };
        Ok((deliveries::progress(c, webhook)?.unwrap_or_else(new), deliveries::waiting(c, webhook)?))
    })
}

/// Whether what an event is about is still in the environment: its directory may have been deleted, emptied or moved since it was read.
///
/// # Errors
/// If the database refuses.
pub(crate) fn is_there(core: &Core, environment: &EnvironmentId, about: Option<&About>) -> Result<bool, StoreError> {
    about.map_or(Ok(true), |about| core.store.read(|c| directories::is_in(c, environment, about.directory)))
}

/// Keeps what a webhook has done, how far it is, and tells of it. All or nothing; of a webhook that is gone, nothing, and nothing about a
/// directory that is gone.
///
/// # Errors
/// If the database refuses.
pub(crate) fn save(
    core: &Core,
    endpoint: &Endpoint,
    work: Vec<Work>,
    progress: Option<Progress>,
) -> Result<(), StoreError> {
    let id = endpoint.id.clone();
    let (keep_days, is_there) = core
        .store
        .read(|c| Ok::<_, StoreError>((settings::read(c)?.keep_days, webhooks::endpoint(c, &id)?.is_some())))?;
    if !is_there {
        return Ok(());
    }
    let oldest = keep_days.map(|days| core.clock.now() - Millis::from(days) * DAY);
    let scopes = core.scopes.clone();
    let rows = core.store.write_requests(move |tx| {
        // Asked here: whoever deletes a directory takes it from the scopes first, and forgets what was heard of it after that.
        let there: HashSet<_> = scopes.now().all().iter().map(|scope| scope.directory).collect();
        let is_kept = |work: &&Work| match work {
            Work::Recorded(recorded) => {
                recorded.event.about.as_ref().is_none_or(|about| there.contains(&about.directory))
            }
            Work::GivenUp(..) => true,
        };
        let mut rows = Vec::with_capacity(work.len());
        for work in work.iter().filter(is_kept) {
            rows.extend(match work {
                Work::Recorded(recorded) => deliveries::record(tx, &id, recorded)?,
                Work::GivenUp(event, reason) => deliveries::give_up(tx, &id, event, reason)?,
            });
        }
        if let Some(progress) = &progress {
            deliveries::save_progress(tx, &id, progress)?;
        }
        deliveries::retain_newest(tx, &id, oldest)?;
        Ok::<_, StoreError>(rows)
    })?;
    tell(core, &endpoint.environment, rows);
    Ok(())
}

/// Has everything sent at once that waits for its time, and forgets since when the webhook is failing.
///
/// # Errors
/// If the database refuses.
pub(crate) fn hurry(core: &Core, endpoint: &Endpoint) -> Result<(), StoreError> {
    let (id, now) = (endpoint.id.clone(), core.clock.now());
    core.store.write_requests(move |tx| deliveries::hurry(tx, &id, now))?;
    core.live.publish(Event::Webhooks { environment_id: endpoint.environment.clone() });
    Ok(())
}

/// Notes in the other database, too, up to where all was sent at least: it is where to go on if this one is lost.
///
/// # Errors
/// If the database refuses.
pub(crate) fn note_sent(core: &Core, webhook: &WebhookId, seq: ChangeSeq) -> Result<(), StoreError> {
    let id = webhook.clone();
    core.store.write(move |tx| webhooks::set_seq(tx, &id, seq))
}

fn tell(core: &Core, environment: &EnvironmentId, rows: Vec<Delivery>) {
    for delivery in rows {
        core.live.publish(Event::Delivery { environment_id: environment.clone(), delivery });
    }
}

/// Lets go of what is kept of webhooks and directories that are gone. `directories` are the keys of those that are there, as a JSON array.
///
/// # Errors
/// If the database refuses.
pub(super) fn forget_missing(core: &Core, directories: String) -> Result<(), StoreError> {
    let ids: Vec<_> = core.store.read(webhooks::endpoints)?.into_iter().map(|endpoint| endpoint.id).collect();
    let ids = serde_json::to_string(&ids)?;
    core.store.write_requests(move |tx| deliveries::forget_missing(tx, &ids, &directories))
}
