//! Searching users, groups and requests of all directories at once: a few of each, fast.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Result;
use super::exchange_search;
use super::listing::searched;
use crate::core::Core;
use crate::model::{
    ChangeSeq, DirectoryId, DirectoryKey, ExchangeRow, Found, FoundResource, ResourceKind, ResourceState,
};
use crate::scopes::Scope;
use crate::store::exchanges::{self, Condition, ExchangeListing};
use crate::store::listing::{self, Filter, Listing, ListingRow, SortBy};
use crate::store::{Connection, StoreError};

/// Of one kind at the most.
const MOST: u32 = 50;

/// For how long requests are looked into at the most, the newest of each directory first: people, too, wait for the answer. Each directory
/// has its share.
const SEARCHED: Duration = Duration::from_millis(300);

/// What to search.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindQuery {
    /// What was typed; nothing finds nothing.
    pub(crate) q: String,
    /// Only of this kind.
    #[param(inline)]
    pub(crate) kind: FindKind,
    /// Where the times of the search are meant, by the IANA's name: `Europe/Berlin`. Without it, where this machine is.
    pub(crate) zone: Option<String>,
    /// Of each kind at the most, up to 50.
    pub(crate) limit: u32,
}

/// A kind of what can be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FindKind {
    /// All.
    #[default]
    All,
    /// Users.
    Users,
    /// Groups.
    Groups,
    /// Requests.
    Exchanges,
}

impl Default for FindQuery {
    fn default() -> Self {
        Self { q: String::new(), kind: FindKind::All, zone: None, limit: 5 }
    }
}

impl FindKind {
    fn includes(self, kind: Self) -> bool {
        self == Self::All || self == kind
    }
}

/// The first matches of each kind.
///
/// # Errors
/// If the database refuses.
pub(crate) fn find(core: &Core, query: &FindQuery) -> Result<Found> {
    let search = searched(&query.q);
    let limit = query.limit.min(MOST);
    if search.is_empty() {
        return Ok(Found::default());
    }
    let directories = core.scopes.now().all();
    let (conditions, problem) = match exchange_search::conditions(core, &query.q, query.zone.as_deref()) {
        Ok(conditions) => (conditions, None),
        Err(problem) => (Vec::new(), Some(problem.to_string())),
    };
    core.store.search_requests(|c| {
        let of = |kind| query.kind.includes(kind);
        let resources = |kind| find_resources(c, &directories, kind, &search, limit);
        let (exchanges, is_partial) = if of(FindKind::Exchanges) {
            find_exchanges(c, &directories, conditions, limit)?
        } else {
            Default::default()
        };
        Ok(Found {
            users: if of(FindKind::Users) { resources(ResourceKind::User)? } else { Vec::new() },
            groups: if of(FindKind::Groups) { resources(ResourceKind::Group)? } else { Vec::new() },
            exchanges,
            is_partial,
            problem: problem.filter(|_| of(FindKind::Exchanges)),
        })
    })
}

fn find_resources(
    c: &Connection,
    all: &[Arc<Scope>],
    kind: ResourceKind,
    search: &str,
    limit: u32,
) -> Result<Vec<FoundResource>, StoreError> {
    let wanted = Listing {
        kind,
        filter: Filter::There,
        search: search.to_owned(),
        since: ChangeSeq::MAX,
        sort: SortBy::Change,
        is_descending: true,
        offset: 0,
        limit,
    };
    newest(all, limit, |key, directory_id| {
        let (_, rows) = listing::list(c, key, &wanted)?;
        let to_found = |row: ListingRow| {
            let found = FoundResource {
                directory_id: directory_id.to_owned(),
                kind,
                id: row.id,
                name: row.name,
                user_name: (kind == ResourceKind::User).then_some(row.user_name),
                active: row.state == ResourceState::Active,
            };
            (row.touched, found)
        };
        Ok(rows.into_iter().map(to_found).collect())
    })
}

/// The newest that match, and whether others may that were not looked at.
fn find_exchanges(
    c: &Connection,
    all: &[Arc<Scope>],
    conditions: Vec<Condition>,
    limit: u32,
) -> Result<(Vec<ExchangeRow>, bool), StoreError> {
    // `user:` and nothing yet does not ask for all of them.
    if conditions.is_empty() {
        return Ok(Default::default());
    }
    let listing = ExchangeListing { conditions, limit, ..ExchangeListing::default() };
    let end = Instant::now() + SEARCHED;
    let (mut to_search, mut is_partial) = (all.len(), false);
    let found = newest(all, limit, |key, _| {
        let now = Instant::now();
        let until = now + share(end.saturating_duration_since(now), to_search);
        to_search = to_search.saturating_sub(1);
        let (rows, rest) = exchanges::list(c, Some(key), &listing, until)?;
        is_partial |= rest.is_some() && rows.len() < limit as usize;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    })?;
    Ok((found, is_partial))
}

/// What one of so many may take of the time that is left.
fn share(left: Duration, of: usize) -> Duration {
    left / u32::try_from(of).unwrap_or(u32::MAX).max(1)
}

/// The newest of what each directory has, each with what it is ordered by.
fn newest<T, O: Ord + Copy>(
    all: &[Arc<Scope>],
    limit: u32,
    mut of: impl FnMut(DirectoryKey, &DirectoryId) -> Result<Vec<(O, T)>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for scope in all {
        found.extend(of(scope.directory, &scope.directory_id)?);
    }
    found.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
    found.truncate(limit as usize);
    Ok(found.into_iter().map(|(_, thing)| thing).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directory_has_its_share_of_the_time_and_what_one_leaves_is_for_the_next() {
        assert_eq!(share(SEARCHED, 3), SEARCHED / 3);
        assert_eq!(share(SEARCHED, 1), SEARCHED);
        assert_eq!(share(Duration::ZERO, 2), Duration::ZERO);
        assert_eq!(share(SEARCHED, 0), SEARCHED);
    }
}
