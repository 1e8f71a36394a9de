//! What happened, in order: as pages, and as server-sent events.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

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
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use super::error::{Code, IntegrationError};
use super::extract::Params;
use super::guard;
use super::recorder::ReadDirectories;
use super::resources::{IsDeleted, ScimGroup, ScimUser, deleted_by_settings};
use crate::core::Core;
use crate::directory::api_keys::{self, KeyHolder};
use crate::directory::app_events::{self, AppEvent, EventPlace, EventsError, Start};
use crate::model::{
    Actor, ApiKeyId, AppEventType, ChangeSeq, DirectoryId, EnvironmentId, Event as LiveEvent, ExchangeId, FieldChange,
    OrganizationId, ResourceRef, Timestamp,
};

/// Events of a page unless the app says how many, and at the most.
const LIMIT: usize = 100;
const MOST: usize = 1_000;

/// Streams of one key that are open at the same time.
const MOST_STREAMS: usize = 16;

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
    key: ApiKeyId,
    environment: EnvironmentId,
    types: Option<BTreeSet<AppEventType>>,
    limit: usize,
}

/// Says whether the listener that a request came to is closing, which no stream of it outlives.
#[derive(Clone)]
pub(super) struct Closing(pub(super) watch::Receiver<bool>);

/// The streams that are open, by the key that each came with.
#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<ApiKeyId, usize>>>);

/// One of them. To drop it ends it.
struct OpenStream(Streams, ApiKeyId);

/// What a stream goes on from.
struct Following {
    subscription: Subscription,
    core: Core,
    changed: Pin<Box<dyn Stream<Item = Vec<LiveEvent>> + Send>>,
    /// What is read and not sent yet.
    waiting: VecDeque<IntegrationEvent>,
    /// Up to where everything was read.
    next: String,
    has_more: bool,
    /// The place that the client knows.
    told: String,
    _open: OpenStream,
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
    Extension(streams): Extension<Streams>,
    Extension(Closing(closing)): Extension<Closing>,
    headers: HeaderMap,
    Params(query): Params<EventQuery>,
) -> Result<Response, IntegrationError> {
    let KeyHolder { key, environment, .. } = holder;
    let subscription = Subscription { key, environment, types: query.types()?, limit: query.limit()? };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        let (page, read) = subscription.read(&core, query.start(&query.after)?).await?;
        let mut response = Json(page).into_response();
        response.extensions_mut().insert(read);
        return Ok(response);
    }
    let start = query.start(text(LAST_EVENT_ID).filter(|id| !id.is_empty()).unwrap_or(&query.after))?;
    let open = streams.open(&subscription.key)?;
    // What cannot be followed from there is said before anything is promised.
    let (first, _) = subscription.read(&core, start).await?;
    let closed = async move {
        let mut closing = closing;
        // An error means that nobody can close it any more.
        _ = closing.wait_for(|is_closing| *is_closing).await;
    };
    let stream = subscription.follow(core.0.clone(), first, open);
    let stream = stream.take_until(Box::pin(core.0.ended())).take_until(Box::pin(closed));
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

impl Streams {
    /// Opens one more.
    ///
    /// # Errors
    /// If the key has as many as one may have: an app that forgets to close them would shut everybody out.
    fn open(&self, key: &ApiKeyId) -> Result<OpenStream, IntegrationError> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(key.clone()).or_default();
        if *count >= MOST_STREAMS {
            let text = format!(
                "This key has {MOST_STREAMS} streams of events open. Close one of them, or create another key."
            );
            return Err(IntegrationError::new(Code::TooMany, text));
        }
        *count += 1;
        Ok(OpenStream(self.clone(), key.clone()))
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.1) {
            *count = count.saturating_sub(1);
        }
        open.retain(|_, count| *count > 0);
    }
}

impl Subscription {
    async fn read(&self, core: &Core, start: Start) -> Result<(Events, ReadDirectories), IntegrationError> {
        let Self { key, environment, types, limit } = self.clone();
        core.run(move |core| {
            // A stream is open for longer than its key may be in force.
            if !api_keys::is_in_force(core, &key)? {
                return Err(guard::unauthenticated());
            }
            let is_deleted = deleted_by_settings(core)?;
            let wants = |kind| types.as_ref().is_none_or(|types| types.contains(&kind));
            let page = app_events::page(core, &environment, start, limit, wants)?;
            let read = page.events.iter().map(|event| event.resource.directory).collect();
            let events = page.events.into_iter().map(|event| IntegrationEvent::new(event, is_deleted)).collect();
            Ok((Events { events, next: text_of(page.up_to), has_more: page.has_more }, ReadDirectories(read)))
        })
        .await
    }

    /// Everything from `first` on, and then what happens. It ends where events are not kept that it has not read yet, and where its key is
    /// revoked: the client connects again and hears of it. Before the first event and wherever others pass by, it tells the place alone.
    fn follow(
        self,
        core: Core,
        first: Events,
        open: OpenStream,
    ) -> impl Stream<Item = Result<SseEvent, Infallible>> + use<> {
        let changed = core.live.watch().filter(|batch| {
            let is_told = |event: &LiveEvent| {
                matches!(
                    event,
                    LiveEvent::Change { .. } | LiveEvent::ApiKeys { .. } | LiveEvent::Tree | LiveEvent::Resync
                )
            };
            ready(batch.iter().any(is_told))
        });
        let Events { events, next, has_more } = first;
        let following = Following {
            subscription: self,
            core,
            changed: Box::pin(changed),
            waiting: events.into(),
            next,
            has_more,
            told: String::new(),
            _open: open,
        };
        unfold(following, |mut following| async move {
            let event = following.next().await?;
            Some((Ok(event), following))
        })
    }
}

impl Following {
    async fn next(&mut self) -> Option<SseEvent> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.told.clone_from(&event.id);
                return Some(event.to_sse());
            }
            if self.told != self.next && !self.has_more {
                self.told.clone_from(&self.next);
                return Some(SseEvent::default().id(&self.next));
            }
            if !self.has_more {
                self.changed.next().await?;
            }
            let start = Start::After(place(&self.next)?);
            let (page, _) = self.subscription.read(&self.core, start).await.ok()?;
            (self.waiting, self.next, self.has_more) = (page.events.into(), page.next, page.has_more);
        }
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
    pub(super) fn new(event: AppEvent, is_deleted: IsDeleted) -> Self {
        let AppEvent { place, kind, at, directory, resource, member, changes, actor, exchange_id } = event;
        let data = match kind.is_about_user() {
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
        let name = name_of(self.kind);
        let data = serde_json::to_string(self).unwrap_or_default();
        SseEvent::default().id(&self.id).event(name).data(data)
    }
}

/// `user.created`
pub(super) fn name_of(kind: AppEventType) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// `4711-2`: the third event of a change; `4711`: all of them.
pub(super) fn text_of(EventPlace { seq, index }: EventPlace) -> String {
    if index == u64::MAX { seq.to_string() } else { format!("{seq}-{index}") }
}

/// Reads it.
pub(super) fn place(text: &str) -> Option<EventPlace> {
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
                    "What happened after that is not known as a whole any more. List users and groups again, then go on with after={}.",
                    text_of(kept)
                ),
            ),
            EventsError::Other(error) => error.into(),
        }
    }
}
