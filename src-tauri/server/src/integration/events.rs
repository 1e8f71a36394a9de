//! What happened, in order: as pages, and as server-sent events.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::error::{Code, IntegrationError};
use super::extract::Params;
use super::resources::{IsDeleted, ScimGroup, ScimUser, deleted_by_settings};
use crate::core::Core;
use crate::directory::api_keys::KeyHolder;
use crate::directory::app_events::{self, AppEvent, EventPlace, EventsError, Start};
use crate::model::{
    Actor, AppEventType, ChangeSeq, DirectoryId, EnvironmentId, Event as LiveEvent, ExchangeId, FieldChange,
    OrganizationId, ResourceRef, Timestamp,
};

/// Events of a page unless the app says how many, and at the most.
const LIMIT: usize = 100;
const MOST: usize = 1_000;

/// What a client of server-sent events says when it connects again.
const LAST_EVENT_ID: &str = "last-event-id";

/// Which events.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(super) struct EventQuery {
    /// Those after the event with this `id`, or after `next` of the answer before; `now`: those that are still to come. Without it, from the
    /// first that is kept.
    after: String,
    /// Only these types, with commas: `user.created,user.deleted`.
    types: String,
    /// Events at the most, 1 to 1,000.
    #[param(value_type = Option<u32>)]
    limit: String,
}

/// Some of what happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Events {
    /// In order.
    events: Vec<IntegrationEvent>,
    /// Where to go on, as `after`: also if there are none.
    next: String,
    /// Whether there may be more now.
    has_more: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IntegrationEvent {
    /// Unique, and the same each time it is read.
    id: String,
    /// What happened.
    #[serde(rename = "type")]
    kind: AppEventType,
    /// When.
    at: Timestamp,
    /// The organization it happened in.
    organization: EventOrganization,
    /// The directory it happened in.
    directory: EventDirectory,
    /// What it happened to.
    data: EventData,
    /// What is different, attribute by attribute; of what was created or deleted, nothing.
    changes: Vec<FieldChange>,
    /// What it came from.
    cause: EventCause,
}

/// An organization, as an event names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventOrganization {
    /// As in the control API.
    id: OrganizationId,
    /// The id that your software knows it by.
    external_id: Option<String>,
    /// Its name.
    name: String,
}

/// A directory, as an event names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventDirectory {
    /// The last segment of its base URL.
    id: DirectoryId,
    /// Its name.
    name: String,
    /// Whether it is its organization's Primary now: your software may want to leave out others.
    is_primary: bool,
}

/// What an event is about.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventData {
    /// The user as it was after this; of one that was deleted, before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<ScimUser>,
    /// The group as it was after this; of one that was deleted, before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<ScimGroup>,
    /// Who came to the group or left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<ResourceRef>,
}

/// What an event came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventCause {
    /// Who did it: "Okta".
    actor: Actor,
    /// The request in the list of SCIM Setup; `null`: it is not known.
    request_id: Option<ExchangeId>,
}

/// What one app follows.
#[derive(Clone, Debug)]
struct Subscription {
    environment: EnvironmentId,
    types: Option<BTreeSet<AppEventType>>,
    limit: usize,
}

/// Lists what happened, or streams it to whoever accepts `text/event-stream`.
///
/// A stream goes on as long as the client stays. Each event has its `id`, so that who connects again misses none.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", params(EventQuery),
    responses((status = 200, body = Events), (status = 410, body = IntegrationError), (status = "4XX", body = IntegrationError))
)]
pub(super) async fn read_events(
    core: State<Core>,
    Extension(holder): Extension<KeyHolder>,
    headers: HeaderMap,
    Params(query): Params<EventQuery>,
) -> Result<Response, IntegrationError> {
    let subscription = Subscription { environment: holder.environment, types: query.types()?, limit: query.limit()? };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        let page = subscription.read(&core, query.start(&query.after)?).await?;
        return Ok(Json(page).into_response());
    }
    let start = query.start(text(LAST_EVENT_ID).unwrap_or(&query.after))?;
    // What cannot be followed from there is said before anything is promised.
    let first = subscription.read(&core, start).await?;
    let stream = subscription.follow(core.0.clone(), first).take_until(Box::pin(core.0.ended()));
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

impl Subscription {
    async fn read(&self, core: &Core, start: Start) -> Result<Events, IntegrationError> {
        let Self { environment, types, limit } = self.clone();
        core.run(move |core| {
            let is_deleted = deleted_by_settings(core)?;
            let wants = |kind| types.as_ref().is_none_or(|types| types.contains(&kind));
            let page = app_events::page(core, &environment, start, limit, wants)?;
            let events = page.events.into_iter().map(|event| IntegrationEvent::new(event, is_deleted)).collect();
            Ok(Events { events, next: text_of(page.up_to), has_more: page.has_more })
        })
        .await
    }

    /// Everything from `first` on, and then what happens. It ends where events are not kept that it has not read yet: the client connects
    /// again and hears of it.
    fn follow(self, core: Core, first: Events) -> impl Stream<Item = Result<SseEvent, Infallible>> + use<> {
        let changed = core.live.watch().filter(|batch| {
            let is_change = |event: &LiveEvent| matches!(event, LiveEvent::Change { .. } | LiveEvent::Resync);
            std::future::ready(batch.iter().any(is_change))
        });
        let state = (self, core, Box::pin(changed), VecDeque::from(first.events), first.next, first.has_more);
        unfold(state, |(subscription, core, mut changed, mut waiting, mut next, mut has_more)| async move {
            loop {
                if let Some(event) = waiting.pop_front() {
                    let sent = event.to_sse();
                    return Some((Ok(sent), (subscription, core, changed, waiting, next, has_more)));
                }
                if !has_more {
                    changed.next().await?;
                }
                let page = subscription.read(&core, place(&next).map(Start::After)?).await.ok()?;
                (waiting, next, has_more) = (page.events.into(), page.next, page.has_more);
            }
        })
    }
}

impl EventQuery {
    fn start(&self, after: &str) -> Result<Start, IntegrationError> {
        match after {
            "" => Ok(Start::Beginning),
            "now" => Ok(Start::Now),
            after => place(after).map(Start::After).ok_or_else(|| {
                IntegrationError::invalid("after is the id of an event, next of the answer before, or now.")
            }),
        }
    }

    fn types(&self) -> Result<Option<BTreeSet<AppEventType>>, IntegrationError> {
        let names: Vec<_> = self.types.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let parse = |name: &str| {
            serde_json::from_value::<AppEventType>(Value::from(name)).map_err(|_| {
                IntegrationError::invalid(format!(
                    "There is no type of event {name:?}. GET /v1/openapi.json lists them."
                ))
            })
        };
        if names.is_empty() { Ok(None) } else { names.into_iter().map(parse).collect::<Result<_, _>>().map(Some) }
    }

    fn limit(&self) -> Result<usize, IntegrationError> {
        if self.limit.is_empty() {
            return Ok(LIMIT);
        }
        let limit = self.limit.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| IntegrationError::invalid("limit is a number from 1 to 1,000."))
    }
}

impl IntegrationEvent {
    fn new(event: AppEvent, is_deleted: IsDeleted) -> Self {
        let AppEvent { place, kind, at, directory, resource, member, changes, actor, exchange_id } = event;
        let is_about_user = matches!(
            kind,
            AppEventType::UserCreated
                | AppEventType::UserUpdated
                | AppEventType::UserDeactivated
                | AppEventType::UserReactivated
                | AppEventType::UserDeleted
        );
        let data = match is_about_user {
            true => EventData { user: Some(ScimUser::new(resource, is_deleted)), ..EventData::default() },
            false => EventData { group: Some(ScimGroup::new(resource)), member, ..EventData::default() },
        };
        let organization = &directory.organization;
        Self {
            id: text_of(place),
            kind,
            at,
            organization: EventOrganization {
                id: organization.id.clone(),
                external_id: organization.external_id.clone(),
                name: organization.name.clone(),
            },
            directory: EventDirectory {
                id: directory.id.clone(),
                name: directory.name.clone(),
                is_primary: directory.is_primary,
            },
            data,
            changes,
            cause: EventCause { actor, request_id: exchange_id },
        }
    }

    fn to_sse(&self) -> SseEvent {
        let name = serde_json::to_value(self.kind).ok();
        let name = name.as_ref().and_then(Value::as_str).unwrap_or("message");
        let data = serde_json::to_string(self).unwrap_or_default();
        SseEvent::default().id(&self.id).event(name).data(data)
    }
}

/// `4711-2`: the third event of a change; `4711`: all of them.
fn text_of(EventPlace { seq, index }: EventPlace) -> String {
    if index == u64::MAX { seq.to_string() } else { format!("{seq}-{index}") }
}

fn place(text: &str) -> Option<EventPlace> {
    let (seq, index) = match text.split_once('-') {
        Some((seq, index)) => (seq, index.parse().ok()?),
        None => (text, u64::MAX),
    };
    let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
    Some(EventPlace { seq: ChangeSeq(seq), index })
}

impl From<EventsError> for IntegrationError {
    fn from(error: EventsError) -> Self {
        match error {
            EventsError::Gone(kept) => Self::new(
                Code::Gone,
                format!(
                    "Some of what happened after that is not kept any more. List users and groups again, then go on with after={}.",
                    text_of(kept)
                ),
            ),
            EventsError::Other(error) => error.into(),
        }
    }
}
