//! What happened in an environment, as the software under test is told: in order, from the changes that are kept.
//!
//! A change of a group's members is an event for each of them; all others are one event.

use std::collections::HashMap;
use std::sync::Arc;

use super::app_view::{self, AppResource, MOST_BYTES};
use super::render::ReadResource;
use super::{Error, Result};
use crate::core::Core;
use crate::model::{
    Actor, AppEventType, ChangeKind, ChangeSeq, DirectoryId, EnvironmentId, ExchangeId, FieldChange, Moved,
    Organization, ResourceKind, ResourceRef, ResourceState, Timestamp,
};
use crate::scopes::Scope;
use crate::store::app_view as store_view;
use crate::store::changes::Appended;
use crate::store::members::MemberOrder;
use crate::store::{Connection, ReadLength, StoreError, changes, directories, members, organizations, versions};

/// Changes that are looked through for one page, whoever's they are.
const MOST_SCANNED: usize = 5_000;

/// Changes that are read at once.
const AT_ONCE: u32 = 200;

/// The place of an event: that of its change, and which one of those that the change makes it is. 0 is the change itself, members follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EventPlace {
    pub(crate) seq: ChangeSeq,
    pub(crate) index: u64,
}

/// From where on events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// From the first that is kept.
    Beginning,
    /// From now on.
    Now,
    /// After this one.
    After(EventPlace),
    /// After this one, whatever of it is still kept.
    Kept(EventPlace),
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) struct AppEvent {
    pub(crate) place: EventPlace,
    pub(crate) kind: AppEventType,
    pub(crate) at: Timestamp,
    pub(crate) directory: Arc<EventDirectory>,
    /// As it was after this; of one that was deleted, before it.
    pub(crate) resource: AppResource,
    /// Who came to the group or left it.
    pub(crate) member: Option<ResourceRef>,
    /// What is different, attribute by attribute.
    pub(crate) changes: Vec<FieldChange>,
    pub(crate) actor: Actor,
    pub(crate) exchange_id: Option<ExchangeId>,
}

/// Where something happened.
#[derive(Clone, Debug)]
pub(crate) struct EventDirectory {
    pub(crate) id: DirectoryId,
    pub(crate) name: String,
    pub(crate) is_primary: bool,
    pub(crate) organization: Organization,
    scope: Arc<Scope>,
}

/// Some of what happened.
#[derive(Clone, Debug)]
pub(crate) struct EventPage {
    pub(crate) events: Vec<AppEvent>,
    /// Up to where everything was looked through.
    pub(crate) up_to: EventPlace,
    /// Whether there may be more now.
    pub(crate) has_more: bool,
}

/// Why there are no events.
pub(crate) enum EventsError {
    /// Something that happened after the place that was named is not kept any more, or the place is of other data; from here on all is known.
    Gone(EventPlace),
    /// Anything else.
    Other(Error),
}

impl EventPlace {
    /// The last event of a change.
    fn end_of(seq: ChangeSeq) -> Self {
        Self { seq, index: u64::MAX }
    }
}

impl<E: Into<Error>> From<E> for EventsError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// Up to `limit` events of an environment that `wants` accepts.
///
/// # Errors
/// If changes after the place that is named are not kept any more.
pub(crate) fn page(
    core: &Core,
    environment: &EnvironmentId,
    start: Start,
    limit: usize,
    wants: impl Fn(AppEventType) -> bool,
) -> Result<EventPage, EventsError> {
    core.store.query(ReadLength::Medium, |c| {
        let gone = EventPlace::end_of(store_view::gone_up_to(c, environment)?);
        let newest = EventPlace::end_of(changes::newest_seq(c)?).max(gone);
        let mut up_to = match start {
            Start::Beginning => EventPlace::end_of(ChangeSeq(0)),
            Start::Now => newest,
            Start::After(place) if place < gone => return Err(EventsError::Gone(gone)),
            // Of before a backup was restored, or of another data folder.
            Start::After(place) if place.seq > newest.seq => return Err(EventsError::Gone(newest)),
            Start::After(place) => place,
            Start::Kept(place) => place.min(newest),
        };
        let directories = directories_of(c, core, environment)?;
        let (mut events, mut scanned, mut bytes) = (Vec::new(), 0, 0);
        // The change that the place is in may have more events.
        let mut after = ChangeSeq(if up_to.index == u64::MAX { up_to.seq.0 } else { up_to.seq.0 - 1 });
        loop {
            let rows = changes::after(c, after, AT_ONCE)?;
            let Some(last) = rows.last().map(|row| row.change.seq) else {
                return Ok(EventPage { events, up_to, has_more: false });
            };
            for row in &rows {
                let seq = row.change.seq;
                if let Some(directory) = directories.get(&row.change.directory_id) {
                    let first = if seq == up_to.seq { up_to.index + 1 } else { 0 };
                    let room = Room { events: limit - events.len(), bytes: MOST_BYTES.saturating_sub(bytes) };
                    let (found, size) = events_of(c, row, directory, first, room, &wants)?;
                    events.extend(found);
                    bytes += size;
                    if events.len() >= limit || bytes >= MOST_BYTES {
                        let up_to = events.last().map_or(up_to, |event| event.place);
                        return Ok(EventPage { events, up_to, has_more: true });
                    }
                }
                up_to = EventPlace::end_of(seq);
            }
            scanned += rows.len();
            if scanned >= MOST_SCANNED {
                return Ok(EventPage { events, up_to, has_more: true });
            }
            after = last;
        }
    })
}

/// The event at a place; `None`: it is not kept any more, or not of this environment.
///
/// # Errors
/// If the database refuses.
pub(crate) fn at(core: &Core, environment: &EnvironmentId, place: EventPlace) -> Result<Option<AppEvent>, StoreError> {
    core.store.query(ReadLength::Medium, |c| {
        let found = changes::after(c, ChangeSeq(place.seq.0 - 1), 1)?;
        let Some(row) = found.first().filter(|row| row.change.seq == place.seq) else { return Ok(None) };
        let directories = directories_of(c, core, environment)?;
        let Some(directory) = directories.get(&row.change.directory_id) else { return Ok(None) };
        let (events, _) = events_of(c, row, directory, place.index, Room { events: 1, bytes: 0 }, &|_| true)?;
        Ok(events.into_iter().find(|event| event.place == place))
    })
}

fn directories_of(
    c: &Connection,
    core: &Core,
    environment: &EnvironmentId,
) -> Result<HashMap<DirectoryId, Arc<EventDirectory>>, StoreError> {
    let mut found = HashMap::new();
    for id in directories::of_environment(c, environment)? {
        let Some((stored, scope)) = directories::stored(c, &id)?.zip(core.scopes.get(&id)) else { continue };
        let Some(organization) = organizations::by_id(c, &stored.organization_id)? else { continue };
        let (name, is_primary) = (stored.name, stored.is_primary);
        found.insert(id.clone(), Arc::new(EventDirectory { id, name, is_primary, organization, scope }));
    }
    Ok(found)
}

/// How much more there may be on a page.
#[derive(Clone, Copy)]
struct Room {
    events: usize,
    bytes: usize,
}

/// The events of a change from the one with the index `first` on, as many of those that are wanted as there is room for but always one, and how
/// many bytes they have.
fn events_of(
    c: &Connection,
    row: &Appended,
    directory: &Arc<EventDirectory>,
    first: u64,
    room: Room,
    wants: &impl Fn(AppEventType) -> bool,
) -> Result<(Vec<AppEvent>, usize), StoreError> {
    let Appended { resource, change, .. } = row;
    let own = own_type(change.resource_kind, change.kind)
        .filter(|own| first == 0 && wants(*own) && (*own != AppEventType::GroupUpdated || !change.fields.is_empty()));
    let moves = change.members.is_some() && change.kind != ChangeKind::Deleted;
    let wanted = [(Moved::Came, AppEventType::MemberAdded), (Moved::Left, AppEventType::MemberRemoved)];
    let wanted = wanted.map(|(way, kind)| (way, kind, moves && wants(kind)));
    if own.is_none() && wanted.iter().all(|(.., is_wanted)| !is_wanted) {
        return Ok((Vec::new(), 0));
    }
    // What it was is known of all changes but those of the first versions of this program.
    let then = versions::after(c, change.seq)?;
    let read =
        then.map(|then| ReadResource::at(*resource, change.resource_kind, &change.resource_id, &then)).transpose()?;
    let attributes = app_view::attributes(read, &directory.scope, change.resource_kind)?;
    let state = match change.kind {
        ChangeKind::Deleted => ResourceState::Deleted,
        _ if attributes.get("active").is_some_and(|active| active == false) => ResourceState::Deactivated,
        _ => ResourceState::Active,
    };
    let resource = AppResource {
        key: *resource,
        id: change.resource_id.clone(),
        directory: directory.scope.directory,
        directory_id: directory.id.clone(),
        state,
        attributes,
    };
    let size = app_view::size(&resource.attributes)?;
    let room = room.events.min(room.bytes / size.max(1) + 1);
    let event = |index, kind, member, changes| AppEvent {
        place: EventPlace { seq: change.seq, index },
        kind,
        at: change.at.clone(),
        directory: directory.clone(),
        resource: resource.clone(),
        member,
        changes,
        actor: change.actor.clone(),
        exchange_id: change.exchange_id,
    };
    let is_whole = matches!(change.kind, ChangeKind::Created | ChangeKind::Deleted);
    let fields = if is_whole { Vec::new() } else { change.fields.clone() };
    let mut events: Vec<_> = own.map(|kind| event(0, kind, None, fields)).into_iter().collect();
    let mut before = 1;
    for (way, kind, is_wanted) in wanted.into_iter().filter(|_| moves) {
        let offset = first.saturating_sub(before);
        let limit = if is_wanted { room.saturating_sub(events.len()).try_into().unwrap_or(u32::MAX) } else { 0 };
        let (total, moved) = members::moved_by(c, resource.key, (change.seq, way), MemberOrder::Id, (offset, limit))?;
        let places = (before + offset)..;
        events.extend(places.zip(&moved).map(|(index, member)| event(index, kind, Some(member.to_ref()), Vec::new())));
        before += total;
    }
    let bytes = size * events.len();
    Ok((events, bytes))
}

fn own_type(resource: ResourceKind, change: ChangeKind) -> Option<AppEventType> {
    Some(match (resource, change) {
        (ResourceKind::User, ChangeKind::Created) => AppEventType::UserCreated,
        (ResourceKind::User, ChangeKind::Updated) => AppEventType::UserUpdated,
        (ResourceKind::User, ChangeKind::Deactivated) => AppEventType::UserDeactivated,
        (ResourceKind::User, ChangeKind::Reactivated) => AppEventType::UserReactivated,
        (ResourceKind::User, ChangeKind::Deleted) => AppEventType::UserDeleted,
        (ResourceKind::Group, ChangeKind::Created) => AppEventType::GroupCreated,
        (ResourceKind::Group, ChangeKind::Deleted) => AppEventType::GroupDeleted,
        (ResourceKind::Group, ChangeKind::Updated | ChangeKind::MembersChanged) => AppEventType::GroupUpdated,
        // Groups have no `active`, and users no members.
        (ResourceKind::Group, _) | (ResourceKind::User, ChangeKind::MembersChanged) => return None,
    })
}
