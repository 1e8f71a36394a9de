//! Searching users, groups and requests of all directories at once: a few of each, fast.

use std::sync::Arc;

use scim::comparison_key;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::exchange_search;
use crate::core::Core;
use crate::model::{
    ChangeSeq, DirectoryId, DirectoryKey, ExchangeRow, Found, FoundResource, ResourceKind, ResourceState,
};
use crate::scopes::Scope;
use crate::store::exchanges::{self, ExchangeListing};
use crate::store::listing::{self, Filter, Listing, ListingRow, SortBy};
use crate::store::{Connection, StoreError};

/// Of one kind at the most.
const MOST: u32 = 50;

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
        Self { q: String::new(), kind: FindKind::All, limit: 5 }
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
pub(crate) fn find(core: &Core, query: &FindQuery) -> Result<Found, StoreError> {
    let search = comparison_key(query.q.trim());
    let limit = query.limit.min(MOST);
    if search.is_empty() {
        return Ok(Found::default());
    }
    let directories = core.scopes.now().all();
    core.store.read_with_requests(|c| {
        let of = |kind| query.kind.includes(kind);
        let resources = |kind| find_resources(c, &directories, kind, &search, limit);
        Ok(Found {
            users: if of(FindKind::Users) { resources(ResourceKind::User)? } else { Vec::new() },
            groups: if of(FindKind::Groups) { resources(ResourceKind::Group)? } else { Vec::new() },
            exchanges: if of(FindKind::Exchanges) {
                find_exchanges(c, &directories, &query.q, limit)?
            } else {
                Vec::new()
            },
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

fn find_exchanges(c: &Connection, all: &[Arc<Scope>], text: &str, limit: u32) -> Result<Vec<ExchangeRow>, StoreError> {
    let terms = exchange_search::parse(text);
    // `user:` and nothing yet does not ask for all of them.
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let listing = ExchangeListing { terms, limit, ..ExchangeListing::default() };
    newest(all, limit, |key, _| {
        let rows = exchanges::list(c, Some(key), &listing)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    })
}

/// The newest of what each directory has, each with what it is ordered by.
fn newest<T, O: Ord + Copy>(
    all: &[Arc<Scope>],
    limit: u32,
    of: impl Fn(DirectoryKey, &DirectoryId) -> Result<Vec<(O, T)>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for scope in all {
        found.extend(of(scope.directory, &scope.directory_id)?);
    }
    found.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
    found.truncate(limit as usize);
    Ok(found.into_iter().map(|(_, thing)| thing).collect())
}
