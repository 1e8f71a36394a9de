//! What is sent of an event, and what the log says of it.

use super::super::events::{IntegrationEvent, name_of, place, text_of};
use super::super::resources::{IsDeleted, deleted_by_settings};
use super::request::Message;
use crate::core::Core;
use crate::directory::StoreError;
use crate::directory::app_events::{self, AppEvent, EventPlace};
use crate::model::{AppEventType, EnvironmentId, ResourceKey, ResourceKind};
use crate::store::deliveries::{About, DeliveredEvent};

/// What a test is called.
const TEST: &str = "webhook.test";

/// An event, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) place: EventPlace,
    pub(super) kind: AppEventType,
    pub(super) resource: ResourceKey,
    pub(super) event: DeliveredEvent,
    pub(super) message: Message,
}

impl Prepared {
    /// # Errors
    /// None that an event can cause.
    pub(super) fn new(event: AppEvent, is_deleted: IsDeleted) -> Result<Self, StoreError> {
        let (place, resource, kind) = (event.place, &event.resource, event.kind);
        let resource_kind = if kind.is_about_user() { ResourceKind::User } else { ResourceKind::Group };
        let name = match resource_kind {
            ResourceKind::User => resource.email(),
            ResourceKind::Group => resource.display_name(),
        };
        let about = About {
            place: (place.seq, place.index),
            directory: resource.directory,
            directory_id: resource.directory_id.clone(),
            resource: resource.key,
            kind: resource_kind,
            id: resource.id.clone(),
            name: name.to_owned(),
        };
        let id = text_of(place);
        let (at, key) = (event.at.clone(), resource.key);
        let delivered = DeliveredEvent { id: id.clone(), kind: name_of(kind), at, about: Some(about) };
        let body = serde_json::to_string(&IntegrationEvent::new(event, is_deleted))?;
        Ok(Self { place, kind, resource: key, event: delivered, message: Message { id, body } })
    }

    /// The event at a place; `None`: it is not kept any more.
    ///
    /// # Errors
    /// If the database refuses.
    pub(super) fn at(core: &Core, environment: &EnvironmentId, place: EventPlace) -> Result<Option<Self>, StoreError> {
        let is_deleted = is_deleted(core)?;
        app_events::at(core, environment, place)?.map(|event| Self::new(event, is_deleted)).transpose()
    }

    /// The event with this id; `None`: it is not kept any more, or a test.
    ///
    /// # Errors
    /// If the database refuses.
    pub(super) fn by_id(core: &Core, environment: &EnvironmentId, id: &str) -> Result<Option<Self>, StoreError> {
        place(id).map_or(Ok(None), |place| Self::at(core, environment, place))
    }
}

/// Which users are told as deleted.
///
/// # Errors
/// If the database refuses.
pub(super) fn is_deleted(core: &Core) -> Result<IsDeleted, StoreError> {
    deleted_by_settings(core)
}

/// What a test with this id sends. It is about nobody.
pub(super) fn test_message(id: &str, environment: &EnvironmentId, at: &str) -> Message {
    let body = serde_json::json!({ "id": id, "type": TEST, "at": at, "environmentId": environment, "data": {} });
    Message { id: id.to_owned(), body: body.to_string() }
}

/// A test as the log names it.
pub(super) fn test_event(id: &str, at: &str) -> DeliveredEvent {
    DeliveredEvent { id: id.to_owned(), kind: TEST.to_owned(), at: at.to_owned(), about: None }
}
