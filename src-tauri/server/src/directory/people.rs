//! One user or group: as it is or was at the end, its history, what it was at any point, and the members of a group.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::browse::{Limit, MOST_ROWS, find};
use super::journal::cut_field;
use super::listing::{group_row, searched, user_row};
use super::render::{Derived, ReadResource};
use super::{Error, Result};
use crate::core::Core;
use crate::model::{
    ChangeKind, ChangeSeq, DirectoryId, FieldChange, GroupDetail, History, HistoryEntry, Moved, Page, ResourceAt,
    ResourceKind, ResourceRef, UserDetail,
};
use crate::scopes::Scope;
use crate::store::changes::Whose;
use crate::store::listing::{self, ListingRow};
use crate::store::members::{MemberListing, MemberOrder, Time};
use crate::store::versions::{self, Version};
use crate::store::{Connection, StoreError, changes, exchanges, groups, history, members, resources};

/// Entries of a history that a detail shows.
const HISTORY_SHOWN: u32 = 50;

/// Groups that a detail shows.
const GROUPS_SHOWN: u32 = 100;

/// Characters of a text that a difference between then and now shows.
const TEXT_TOLD: usize = 1_000;

/// Which part of a history, newest first.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// Only entries with a smaller `seq`.
    pub(crate) before: Option<ChangeSeq>,
    /// Entries at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<HISTORY_SHOWN>,
}

/// Which members of a group, in the order in which they came.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemberQuery {
    /// Found in what a search of the lists looks into, whatever the letter case.
    pub(crate) search: String,
    /// Only those that nobody here knows.
    pub(crate) only_unknown: bool,
    /// Those after this change; without it, those of now.
    pub(crate) at: Option<ChangeSeq>,
    /// Members to skip.
    pub(crate) offset: u64,
    /// Members at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<MOST_ROWS>,
}

/// Which of those whom one change of a group moved.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct MovedQuery {
    /// Those who came, or those who left.
    #[param(inline)]
    pub(crate) way: Moved,
    /// Members to skip.
    pub(crate) offset: u64,
    /// Members at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<MOST_ROWS>,
}

/// A user that is or was there, with its groups and newest changes.
///
/// # Errors
/// If there is no such directory, or there never was such a user.
pub(crate) fn read_user(core: &Core, directory_id: &DirectoryId, user_id: &str) -> Result<UserDetail> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, ResourceKind::User, user_id)?;
        let groups = || super::derived::groups_of(c, &place.scope, user_id).map(Derived::Groups);
        Ok(UserDetail {
            row: user_row(c, &place.row)?,
            resource: place.resource(c, groups)?,
            groups: place.groups(c)?,
            history: place.history(c, None, HISTORY_SHOWN)?,
            created_again: resources::successor(c, place.scope.directory, user_id)?,
        })
    })
}

/// A group that is or was there, with its newest changes.
///
/// # Errors
/// If there is no such directory, or there never was such a group.
pub(crate) fn read_group(core: &Core, directory_id: &DirectoryId, group_id: &str) -> Result<GroupDetail> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, ResourceKind::Group, group_id)?;
        Ok(GroupDetail {
            row: group_row(c, &place.row)?,
            resource: place.resource(c, || Ok(Derived::LeftOut))?,
            groups: place.groups(c)?,
            history: place.history(c, None, HISTORY_SHOWN)?,
        })
    })
}

/// A part of the history of a user or group.
///
/// # Errors
/// If there is no such directory, or there never was such a resource.
pub(crate) fn read_history(
    core: &Core,
    directory_id: &DirectoryId,
    kind: ResourceKind,
    id: &str,
    query: &HistoryQuery,
) -> Result<History> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, kind, id)?;
        Ok(place.history(c, query.before, query.limit.rows())?)
    })
}

/// What a user or group was after the change `seq`, its own or any other of the directory.
///
/// # Errors
/// If there is no such directory, resource or change; if the resource was not there yet; if what it was is not known.
pub(crate) fn read_resource_at(
    core: &Core,
    directory_id: &DirectoryId,
    kind: ResourceKind,
    id: &str,
    seq: ChangeSeq,
) -> Result<ResourceAt> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, kind, id)?;
        let asked = changes::by_seq(c, seq)?.filter(|change| change.directory_id == *directory_id);
        let asked = asked
            .ok_or_else(|| Error::NotFound(format!("There is no change with the number {seq} in this directory.")))?;
        let own = changes::newest_until(c, place.row.key, seq)?;
        let own = own.ok_or_else(|| Error::NotFound(format!("This {} was not there yet.", place.kind.noun())))?;
        place.check_kept(c, seq)?;
        let then = versions::after(c, own.seq)?.ok_or_else(|| place.not_kept())?;
        let now = place.newest(c)?.ok_or_else(|| place.not_kept())?;
        let (groups, group_count) = groups::of_member_after(c, place.scope.directory, id, seq, GROUPS_SHOWN)?;
        let member_count = match kind {
            ResourceKind::User => 0,
            ResourceKind::Group => members::list(c, &place.members(Time::After(seq)))?.0,
        };
        let since = scim::diff(&then.body, &now.body, place.scope.schema(kind));
        Ok(ResourceAt {
            seq,
            at: asked.at,
            resource: place.read_at(&then)?,
            is_deleted: own.kind == ChangeKind::Deleted,
            changed: if own.seq == seq && !is_whole(own.kind) { own.fields } else { Vec::new() },
            since: since.into_iter().map(|field| cut_field(field, TEXT_TOLD)).collect::<Vec<FieldChange>>(),
            groups,
            group_count,
            member_count,
        })
    })
}

/// A window of the members of a group, now or after a change.
///
/// # Errors
/// If there is no such directory, or there never was such a group.
pub(crate) fn list_members(
    core: &Core,
    directory_id: &DirectoryId,
    group_id: &str,
    query: &MemberQuery,
) -> Result<Page<ResourceRef>> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, ResourceKind::Group, group_id)?;
        query.at.map_or(Ok(()), |seq| place.check_kept(c, seq))?;
        let listing = MemberListing {
            search: searched(&query.search),
            only_unknown: query.only_unknown,
            offset: query.offset,
            limit: query.limit.rows(),
            ..place.members(query.at.map_or(Time::Now, Time::After))
        };
        let (total, rows) = members::list(c, &listing)?;
        Ok(Page { total, items: rows.iter().map(members::MemberRow::to_ref).collect() })
    })
}

/// A window of those who came to a group, or left it, by the change `seq`.
///
/// # Errors
/// If there is no such directory, or there never was such a group.
pub(crate) fn list_moved(
    core: &Core,
    directory_id: &DirectoryId,
    group_id: &str,
    seq: ChangeSeq,
    query: &MovedQuery,
) -> Result<Page<ResourceRef>> {
    core.store.read_with_requests(|c| {
        let place = Place::find(c, core, directory_id, ResourceKind::Group, group_id)?;
        let window = (query.offset, query.limit.rows());
        let (total, rows) = members::moved_by(c, place.row.key, (seq, query.way), MemberOrder::Arrival, window)?;
        Ok(Page { total, items: rows.iter().map(members::MemberRow::to_ref).collect() })
    })
}

/// A resource that is or was there, in its directory.
struct Place {
    scope: Arc<Scope>,
    kind: ResourceKind,
    row: ListingRow,
}

impl Place {
    fn find(c: &Connection, core: &Core, directory_id: &DirectoryId, kind: ResourceKind, id: &str) -> Result<Self> {
        let scope = find(core, directory_id)?;
        let noun = kind.noun();
        let row = listing::by_id(c, scope.directory, kind, id)?
            .ok_or_else(|| Error::NotFound(format!("There is no {noun} with the id {id} in this directory.")))?;
        Ok(Self { scope, kind, row })
    }

    fn not_kept(&self) -> Error {
        Error::NotFound(format!(
            "What this {} was at that point is not known: it was before SCIM Setup began to keep that.",
            self.kind.noun()
        ))
    }

    /// Refuses a point of the history that is no longer kept: after it, changes are missing. Of the beginning all is kept.
    fn check_kept(&self, c: &Connection, seq: ChangeSeq) -> Result<()> {
        if history::gap(c, self.row.key)?.is_none_or(|first| first <= seq)
            || changes::by_seq(c, seq)?
                .is_some_and(|change| change.kind == ChangeKind::Created && change.resource_id == self.row.id)
        {
            return Ok(());
        }
        Err(Error::NotFound(format!("What this {} was at that point is no longer kept.", self.kind.noun())))
    }

    /// The groups that it is a direct member of, by name.
    fn groups(&self, c: &Connection) -> Result<Vec<ResourceRef>, StoreError> {
        let groups = groups::of_member(c, self.scope.directory, &self.row.id)?;
        Ok(groups.into_iter().take(GROUPS_SHOWN as usize).map(|(_, group)| group).collect())
    }

    fn history(&self, c: &Connection, before: Option<ChangeSeq>, limit: u32) -> Result<History, StoreError> {
        let whose = Whose { directory: self.scope.directory, key: self.row.key, id: &self.row.id };
        let entries = changes::history(c, whose, before, limit)?.into_iter().map(|(mut change, moved)| {
            if moved.is_some() {
                // Of the other group, nothing else is told here.
                change.fields.clear();
                change.members = None;
            }
            let request = change.exchange_id.map_or(Ok(None), |exchange| exchanges::row(c, exchange))?;
            Ok(HistoryEntry { change, moved, request })
        });
        let items = entries.collect::<Result<_, StoreError>>()?;
        let is_cut = history::gap(c, self.row.key)?.is_some();
        Ok(History { total: changes::count_history(c, whose)?, items, is_cut })
    }

    /// What it is, or was at its end; `None`: that is not known.
    fn newest(&self, c: &Connection) -> Result<Option<Version>, StoreError> {
        let last = changes::newest_until(c, self.row.key, ChangeSeq::MAX)?;
        last.map_or(Ok(None), |last| versions::after(c, last.seq))
    }

    /// The same as identity providers read it, with what is derived of one that is there.
    fn resource(
        &self,
        c: &Connection,
        derived: impl FnOnce() -> Result<Derived, StoreError>,
    ) -> Result<Option<Value>, StoreError> {
        match resources::by_id(c, self.scope.directory, self.kind, &self.row.id)? {
            Some(record) => self.read(&ReadResource::new(record, derived()?)).map(Some),
            None => self.newest(c)?.map(|version| self.read_at(&version)).transpose(),
        }
    }

    fn read_at(&self, then: &Version) -> Result<Value, StoreError> {
        self.read(&ReadResource::at(self.row.key, self.kind, &self.row.id, then)?)
    }

    fn read(&self, resource: &ReadResource) -> Result<Value, StoreError> {
        Ok(Value::Object(resource.read(&self.scope.base_url, self.scope.schema(self.kind))?))
    }

    fn members(&self, time: Time) -> MemberListing {
        MemberListing { group: self.row.key, time, only_unknown: false, search: String::new(), offset: 0, limit: 0 }
    }
}

/// Whether a resource came or went as a whole: then nothing of it is called changed.
fn is_whole(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Created | ChangeKind::Deleted)
}
