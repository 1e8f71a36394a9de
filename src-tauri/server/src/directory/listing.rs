//! The lists of users and groups, in windows: searched, filtered and sorted, with how many each filter leaves.

use scim::search_key;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::browse::{Limit, MOST_ROWS, find};
use super::journal::glance;
use super::{Error, Result};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::model::{
    Change, ChangeSeq, DirectoryId, GroupCounts, GroupPage, GroupRow, ResourceKind, UserCounts, UserPage, UserRow,
};
use crate::store::listing::{self, Filter, Listing, ListingRow, Matches, SortBy};
use crate::store::{Connection, StoreError, changes, drift, members};

/// Members of a group that its row shows.
const MEMBERS_GLANCED: u32 = 3;

/// Which users, in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// Found in the name shown, `userName`, email addresses, `title`, `externalId` and `id`, whatever the letter case and accents.
    pub(crate) search: String,
    /// All that are there, or a part.
    #[param(inline)]
    pub(crate) status: UserStatus,
    /// The beginning of what counts as changed, RFC 3339; without it nothing does.
    pub(crate) since: Option<String>,
    /// By what.
    #[param(inline)]
    pub(crate) sort: UserSort,
    /// Which way.
    #[param(inline)]
    pub(crate) order: Order,
    /// Rows to skip.
    pub(crate) offset: u64,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<MOST_ROWS>,
}

/// Which groups, in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct GroupQuery {
    /// Found in `displayName`, `externalId` and `id`, whatever the letter case and accents.
    pub(crate) search: String,
    /// All that are there, or a part.
    #[param(inline)]
    pub(crate) status: GroupStatus,
    /// By what.
    #[param(inline)]
    pub(crate) sort: GroupSort,
    /// Which way.
    #[param(inline)]
    pub(crate) order: Order,
    /// Rows to skip.
    pub(crate) offset: u64,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<MOST_ROWS>,
}

/// All users that are there, or a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum UserStatus {
    /// All that are there.
    #[default]
    All,
    /// With `active` true.
    Active,
    /// With `active` false.
    Deactivated,
    /// Those that changed since the time asked for.
    Changed,
    /// Those whose last push failed.
    OutOfStep,
    /// Those that are gone.
    Deleted,
}

/// All groups that are there, or a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum GroupStatus {
    /// All that are there.
    #[default]
    All,
    /// With members.
    WithMembers,
    /// Without.
    Empty,
    /// With members that nobody here knows.
    OutOfStep,
    /// Those that are gone.
    Deleted,
}

/// What users are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum UserSort {
    /// The newest change.
    #[default]
    Modified,
    /// The name shown.
    Name,
    /// Active, deactivated, deleted; then the newest change.
    Status,
    /// The number of groups; then the newest change.
    Groups,
}

/// What groups are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum GroupSort {
    /// The newest change.
    #[default]
    Modified,
    /// The name shown.
    Name,
    /// The number of members; then the newest change.
    Members,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Order {
    /// Oldest, A or fewest first.
    Asc,
    /// Newest, Z or most first.
    #[default]
    Desc,
}

/// A window of the users of a directory.
///
/// # Errors
/// If there is no such directory, or `since` is not a time.
pub(crate) fn list_users(core: &Core, directory_id: &DirectoryId, query: &UserQuery) -> Result<UserPage> {
    let since = query.since.as_deref().map(parse_time).transpose()?;
    let directory = find(core, directory_id)?.directory;
    core.store.read_with_requests(|c| {
        let wanted = Listing {
            kind: ResourceKind::User,
            filter: match query.status {
                UserStatus::All => Filter::There,
                UserStatus::Active => Filter::Active,
                UserStatus::Deactivated => Filter::Deactivated,
                UserStatus::Changed => Filter::Changed,
                UserStatus::OutOfStep => Filter::Adrift,
                UserStatus::Deleted => Filter::Deleted,
            },
            search: searched(&query.search),
            since: since.map_or(Ok(ChangeSeq::MAX), |since| changes::first_since(c, directory, since))?,
            sort: match query.sort {
                UserSort::Modified => SortBy::Change,
                UserSort::Name => SortBy::Name,
                UserSort::Status => SortBy::State,
                UserSort::Groups => SortBy::Size,
            },
            is_descending: query.order == Order::Desc,
            offset: query.offset,
            limit: query.limit.rows(),
        };
        let (matches, rows) = listing::list(c, directory, &wanted)?;
        let items = rows.iter().map(|row| user_row(c, row)).collect::<Result<_, _>>()?;
        Ok(UserPage { total: matches.of(wanted.filter), items, counts: user_counts(&matches) })
    })
}

/// A window of the groups of a directory.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn list_groups(core: &Core, directory_id: &DirectoryId, query: &GroupQuery) -> Result<GroupPage> {
    let wanted = Listing {
        kind: ResourceKind::Group,
        filter: match query.status {
            GroupStatus::All => Filter::There,
            GroupStatus::WithMembers => Filter::Full,
            GroupStatus::Empty => Filter::Empty,
            GroupStatus::OutOfStep => Filter::Adrift,
            GroupStatus::Deleted => Filter::Deleted,
        },
        search: searched(&query.search),
        since: ChangeSeq::MAX,
        sort: match query.sort {
            GroupSort::Modified => SortBy::Change,
            GroupSort::Name => SortBy::Name,
            GroupSort::Members => SortBy::Size,
        },
        is_descending: query.order == Order::Desc,
        offset: query.offset,
        limit: query.limit.rows(),
    };
    let directory = find(core, directory_id)?.directory;
    core.store.read_with_requests(|c| {
        let (matches, rows) = listing::list(c, directory, &wanted)?;
        let items = rows.iter().map(|row| group_row(c, row)).collect::<Result<_, _>>()?;
        Ok(GroupPage { total: matches.of(wanted.filter), items, counts: group_counts(&matches) })
    })
}

pub(super) fn user_row(c: &Connection, row: &ListingRow) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        id: row.id.clone(),
        user_name: row.user_name.clone(),
        display_name: row.name.clone(),
        state: row.state,
        groups: row.size,
        source: row.source.clone(),
        modified_at: rfc3339(row.touched_at),
        last_change: last_change(c, row)?,
        moved: row.moved,
        drift: if row.is_adrift { drift::of(c, row.key)? } else { None },
    })
}

pub(super) fn group_row(c: &Connection, row: &ListingRow) -> Result<GroupRow, StoreError> {
    let first_members = members::first(c, row.key, MEMBERS_GLANCED)?;
    Ok(GroupRow {
        id: row.id.clone(),
        display_name: row.name.clone(),
        state: row.state,
        members: row.size,
        unknown_members: row.unknown,
        first_members,
        source: row.source.clone(),
        modified_at: rfc3339(row.touched_at),
        last_change: last_change(c, row)?,
        moved: row.moved,
    })
}

/// What a search compares: short enough that nobody can make the database sweat.
pub(super) fn searched(text: &str) -> String {
    const MOST: usize = 200;
    search_key(text.trim()).chars().filter(|c| *c != '\0').take(MOST).collect()
}

fn last_change(c: &Connection, row: &ListingRow) -> Result<Option<Change>, StoreError> {
    Ok(changes::by_seq(c, row.touched)?.map(glance))
}

fn user_counts(matches: &Matches) -> UserCounts {
    UserCounts {
        all: matches.of(Filter::There),
        active: matches.active,
        deactivated: matches.deactivated,
        changed: matches.changed,
        out_of_step: matches.adrift,
        deleted: matches.deleted,
    }
}

fn group_counts(matches: &Matches) -> GroupCounts {
    GroupCounts {
        all: matches.of(Filter::There),
        with_members: matches.of(Filter::Full),
        empty: matches.empty,
        out_of_step: matches.adrift,
        deleted: matches.deleted,
    }
}

pub(super) fn parse_time(text: &str) -> Result<i64> {
    let message = || format!("\u{201c}{text}\u{201d} is not a time. Write one such as 2026-06-07T12:03:11Z.");
    let parsed: jiff::Timestamp = text.parse().map_err(|_| Error::invalid("since", message()))?;
    Ok(parsed.as_millisecond())
}
