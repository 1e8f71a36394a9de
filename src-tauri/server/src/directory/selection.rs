//! Which users or groups a person has selected: some by their ids, or all that a list finds.

use std::collections::HashSet;

use super::browse::find;
use super::listing::{parse_time, searched};
use super::{Error, Result};
use crate::core::Core;
use crate::model::{
    ChangeSeq, DirectoryId, DirectoryKey, ListStatus, ResourceKey, ResourceKind, ResourceState, Selection,
};
use crate::store::listing::{self, Filter, Listing, ListingRow, SortBy};
use crate::store::{Connection, StoreError, changes};

/// Those that are selected and there, in the order of `sort`.
///
/// # Errors
/// If there is no such directory, or nothing says which they are.
pub(crate) fn keys(
    core: &Core,
    id: &DirectoryId,
    kind: ResourceKind,
    selection: &Selection,
    (sort, is_descending): (SortBy, bool),
) -> Result<Vec<ResourceKey>> {
    let directory = find(core, id)?.directory;
    let since = selection.since.as_deref().map(parse_time).transpose()?;
    if !selection.all && selection.ids.is_empty() {
        return Err(Error::invalid("selection", "Name the ids, or say that it is all that the list finds."));
    }
    core.store.read_with_requests(|c| {
        if !selection.all {
            return Ok(named(c, directory, kind, &selection.ids)?.into_iter().map(|row| row.key).collect());
        }
        let wanted = Listing {
            kind,
            filter: filter(selection.status),
            search: searched(&selection.search),
            since: since.map_or(Ok(ChangeSeq::MAX), |since| changes::first_since(c, directory, since))?,
            sort,
            is_descending,
            offset: 0,
            limit: 0,
        };
        let mut keys = listing::keys(c, directory, &wanted)?;
        let left_out: HashSet<ResourceKey> =
            named(c, directory, kind, &selection.except)?.into_iter().map(|row| row.key).collect();
        keys.retain(|key| !left_out.contains(key));
        Ok(keys)
    })
}

/// The rows of those that are still there.
///
/// # Errors
/// If a database refuses.
pub(crate) fn rows(core: &Core, keys: &[ResourceKey]) -> Result<Vec<ListingRow>, StoreError> {
    core.store.read_with_requests(|c| {
        let rows = keys.iter().map(|key| listing::by_key(c, *key)).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().flatten().filter(|row| row.state != ResourceState::Deleted).collect())
    })
}

fn named(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    ids: &[String],
) -> Result<Vec<ListingRow>, StoreError> {
    let rows = ids.iter().map(|id| listing::by_id(c, directory, kind, id)).collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().flatten().filter(|row| row.state != ResourceState::Deleted).collect())
}

fn filter(status: ListStatus) -> Filter {
    match status {
        ListStatus::All => Filter::There,
        ListStatus::Active => Filter::Active,
        ListStatus::Deactivated => Filter::Deactivated,
        ListStatus::Changed => Filter::Changed,
        ListStatus::OutOfStep => Filter::Adrift,
        ListStatus::WithMembers => Filter::Full,
        ListStatus::Empty => Filter::Empty,
    }
}
