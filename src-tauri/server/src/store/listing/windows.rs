//! Windows of the lists of users and groups.
//!
//! Without a search, an index in the order asked for leads to the window: what is skipped is never read. With one, the trigram index finds
//! a few candidates; where there are many, or the search is shorter than a trigram, one pass over the narrow rows decides.

use rusqlite::{Connection, Row, params};

use crate::clock::Millis;
use crate::facts::shown;
use crate::model::{Actor, ChangeSeq, DirectoryKey, Moved, ResourceKey, ResourceKind, ResourceState};
use crate::store::Result;
use crate::store::changes::read_moved;
use crate::store::listing_search::{candidates, is_narrow};
use crate::store::sql::{clamp, fetch_all, fetch_one, fetch_optional, word};

/// Which rows, in which order.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) kind: ResourceKind,
    pub(crate) filter: Filter,
    /// A search key; empty: all.
    pub(crate) search: String,
    /// Changes from this one on count as new.
    pub(crate) since: ChangeSeq,
    pub(crate) sort: SortBy,
    pub(crate) is_descending: bool,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
}

/// A part of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Those that are there.
    There,
    Active,
    Deactivated,
    Deleted,
    /// Those that are there and changed since.
    Changed,
    Adrift,
    /// Groups with members, and those without.
    Full,
    Empty,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortBy {
    Change,
    Name,
    Size,
    State,
}

/// A row of a list.
#[derive(Clone, Debug)]
pub(crate) struct ListingRow {
    pub(crate) key: ResourceKey,
    pub(crate) id: String,
    pub(crate) state: ResourceState,
    pub(crate) name: String,
    pub(crate) user_name: String,
    pub(crate) source: Actor,
    pub(crate) size: u64,
    pub(crate) unknown: u64,
    pub(crate) is_adrift: bool,
    pub(crate) touched: ChangeSeq,
    pub(crate) touched_at: Millis,
    /// How the newest change touched it; `None`: it is its own.
    pub(crate) moved: Option<Moved>,
}

/// How many rows each filter leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matches {
    pub(crate) active: u64,
    pub(crate) deactivated: u64,
    pub(crate) deleted: u64,
    pub(crate) changed: u64,
    pub(crate) adrift: u64,
    pub(crate) empty: u64,
}

const COLUMNS: &str =
    "l.key, r.id, l.state, r.name, r.user_name, r.source, l.size, l.unknown, l.is_adrift, l.touched, l.touched_at,
     l.touched_how";

impl Filter {
    /// Of the columns that `l` names.
    fn condition(self) -> &'static str {
        match self {
            Self::There => "l.state <> 'deleted'",
            Self::Active => "l.state = 'active'",
            Self::Deactivated => "l.state = 'deactivated'",
            Self::Deleted => "l.state = 'deleted'",
            Self::Changed => "l.state <> 'deleted' AND l.touched >= ?3",
            Self::Adrift => "l.state <> 'deleted' AND l.is_adrift = 1",
            Self::Full => "l.state <> 'deleted' AND l.size > 0",
            Self::Empty => "l.state <> 'deleted' AND l.size = 0",
        }
    }
}

impl SortBy {
    /// The columns of an index, which leads with the directory and the kind.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Change => &["touched"],
            Self::Name => &["sort_key", "key"],
            Self::Size => &["size", "touched"],
            Self::State => &["state", "touched"],
        }
    }
}

impl Matches {
    /// How many rows `filter` leaves.
    pub(crate) fn of(&self, filter: Filter) -> u64 {
        let there = self.active + self.deactivated;
        match filter {
            Filter::There => there,
            Filter::Active => self.active,
            Filter::Deactivated => self.deactivated,
            Filter::Deleted => self.deleted,
            Filter::Changed => self.changed,
            Filter::Adrift => self.adrift,
            Filter::Full => there - self.empty,
            Filter::Empty => self.empty,
        }
    }
}

/// A window of the rows, and how many each filter leaves of those that match the search.
pub(crate) fn list(c: &Connection, directory: DirectoryKey, listing: &Listing) -> Result<(Matches, Vec<ListingRow>)> {
    if listing.search.is_empty() {
        return Ok((count_all(c, directory, listing)?, window(c, directory, listing)?));
    }
    let mut found = Found::default();
    search(c, directory, listing, &mut found)?;
    let keys = found.window(listing);
    let rows = keys.into_iter().map(|key| by_key(c, key)).collect::<Result<Vec<_>, _>>()?;
    Ok((found.matches, rows.into_iter().flatten().collect()))
}

/// The keys of all rows, in their order, whatever the window.
pub(crate) fn keys(c: &Connection, directory: DirectoryKey, listing: &Listing) -> Result<Vec<ResourceKey>> {
    let whole = Listing { offset: 0, limit: u32::MAX, ..listing.clone() };
    if !whole.search.is_empty() {
        let mut found = Found::default();
        search(c, directory, &whole, &mut found)?;
        return Ok(found.window(&whole));
    }
    let values = params![directory, word(whole.kind), whole.since, whole.limit, 0];
    fetch_all(c, &keys_sql(&whole), values, |row| row.get(0))
}

/// The row of a resource that is or was there.
pub(crate) fn by_id(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    id: &str,
) -> Result<Option<ListingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM resources r JOIN listing l ON l.key = r.key WHERE r.directory = ?1 AND r.id = ?2 AND r.kind = ?3"
    );
    fetch_optional(c, &sql, params![directory, id, word(kind)], read_row)
}

/// The row of a resource that is or was there, by its key.
pub(crate) fn by_key(c: &Connection, key: ResourceKey) -> Result<Option<ListingRow>> {
    let sql = format!("SELECT {COLUMNS} FROM listing l JOIN resources r ON r.key = l.key WHERE l.key = ?1");
    fetch_optional(c, &sql, [key], read_row)
}

fn window(c: &Connection, directory: DirectoryKey, listing: &Listing) -> Result<Vec<ListingRow>> {
    let values = params![directory, word(listing.kind), listing.since, listing.limit, clamp(listing.offset)];
    fetch_all(c, &window_sql(listing), values, read_row)
}

fn window_sql(listing: &Listing) -> String {
    select(COLUMNS, "CROSS JOIN resources r ON r.key = l.key", listing)
}

fn keys_sql(listing: &Listing) -> String {
    select("l.key", "", listing)
}

fn select(columns: &str, join: &str, listing: &Listing) -> String {
    let direction = if listing.is_descending { "DESC" } else { "ASC" };
    let order: Vec<_> = listing.sort.columns().iter().map(|column| format!("l.{column} {direction}")).collect();
    let order = order.join(", ");
    format!(
        "SELECT {columns} FROM listing l INDEXED BY {} {join}
         WHERE l.directory = ?1 AND l.kind = ?2 AND {}
         ORDER BY {order} LIMIT ?4 OFFSET ?5",
        index(listing.sort, listing.filter),
        listing.filter.condition()
    )
}

/// The index that has the rows in order. Without it named, a condition such as `state < 2` leads to another one, and all rows are sorted.
fn index(sort: SortBy, filter: Filter) -> &'static str {
    match (sort, filter) {
        (SortBy::Change, Filter::Active | Filter::Deactivated | Filter::Deleted) | (SortBy::State, _) => {
            "listing_by_state"
        }
        (SortBy::Change, Filter::Adrift) => "listing_adrift",
        (SortBy::Change, _) => "listing_by_change",
        (SortBy::Name, _) => "listing_by_name",
        (SortBy::Size, _) => "listing_by_size",
    }
}

/// What is counted as rows come and go is read; only the rest is counted here.
fn count_all(c: &Connection, directory: DirectoryKey, listing: &Listing) -> Result<Matches> {
    let sql = "SELECT active, deactivated, deleted, adrift FROM listing_counts WHERE directory = ?1 AND kind = ?2";
    let read = |row: &Row<'_>| {
        let (active, deactivated, deleted, adrift) = row.try_into()?;
        Ok(Matches { active, deactivated, deleted, adrift, ..Matches::default() })
    };
    let counted = fetch_optional(c, sql, params![directory, word(listing.kind)], read)?;
    let mut matches = counted.unwrap_or_default();
    let count =
        |sql: &str, value: i64| fetch_one(c, sql, params![directory, word(listing.kind), value], |row| row.get(0));
    matches.changed = count(CHANGED, listing.since.0)?;
    if listing.kind == ResourceKind::Group {
        matches.empty = count(EMPTY, 0)?;
    }
    Ok(matches)
}

const CHANGED: &str = "SELECT count(*) FROM listing INDEXED BY listing_by_change WHERE directory = ?1 AND kind = ?2 AND touched >= ?3 AND state <> 'deleted'";
const EMPTY: &str = "SELECT count(*) FROM listing INDEXED BY listing_by_size WHERE directory = ?1 AND kind = ?2 AND size = ?3 AND state <> 'deleted'";

/// What a row is sorted by: its name, its size or state, the change that touched it.
type Place = (Vec<u8>, i64, ChangeSeq);

/// What a search has found.
#[derive(Default)]
struct Found {
    matches: Matches,
    /// Those that the filter leaves, each with what it is sorted by.
    kept: Vec<(Place, ResourceKey)>,
}

impl Found {
    /// The keys of the rows in the window.
    fn window(&mut self, listing: &Listing) -> Vec<ResourceKey> {
        let end = listing.offset.saturating_add(u64::from(listing.limit));
        let clamp = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(self.kept.len());
        let (start, end) = (clamp(listing.offset), clamp(end));
        let compare = |a: &(Place, ResourceKey), b: &(Place, ResourceKey)| {
            if listing.is_descending { b.cmp(a) } else { a.cmp(b) }
        };
        // Only the window has to be in order.
        if end < self.kept.len() {
            self.kept.select_nth_unstable_by(end, compare);
        }
        if start > 0 && start < end {
            self.kept[..end].select_nth_unstable_by(start, compare);
        }
        let window = &mut self.kept[start..end];
        window.sort_unstable_by(compare);
        window.iter().map(|(_, key)| *key).collect()
    }
}

fn search(c: &Connection, directory: DirectoryKey, listing: &Listing, found: &mut Found) -> Result<()> {
    let sql = search_sql(listing.sort, is_narrow(c, &listing.search)?);
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(params![directory, word(listing.kind), listing.search])?;
    while let Some(row) = rows.next()? {
        let (key, state, size, touched, is_adrift): (_, ResourceState, i64, ChangeSeq, bool) = row.try_into()?;
        let is_there = state != ResourceState::Deleted;
        let matches = &mut found.matches;
        let left_before = matches.of(listing.filter);
        for (count, is_one) in [
            (&mut matches.active, state == ResourceState::Active),
            (&mut matches.deactivated, state == ResourceState::Deactivated),
            (&mut matches.deleted, !is_there),
            (&mut matches.changed, is_there && touched >= listing.since),
            (&mut matches.adrift, is_there && is_adrift),
            (&mut matches.empty, is_there && size == 0),
        ] {
            *count += u64::from(is_one);
        }
        if matches.of(listing.filter) > left_before {
            let place = match listing.sort {
                SortBy::Change => (Vec::new(), 0, touched),
                SortBy::Name => (row.get(5)?, 0, ChangeSeq(0)),
                SortBy::Size => (Vec::new(), size, touched),
                SortBy::State => (Vec::new(), state as i64, touched),
            };
            found.kept.push((place, key));
        }
    }
    Ok(())
}

fn search_sql(sort: SortBy, is_narrow: bool) -> String {
    // Nobody else needs the name.
    let name = if sort == SortBy::Name { "sort_key" } else { "NULL" };
    let from = if is_narrow {
        format!("listing WHERE key IN ({}) AND +directory = ?1 AND +kind = ?2", candidates("?3"))
    } else {
        "listing INDEXED BY listing_in_order WHERE directory = ?1 AND kind = ?2 AND instr(search, ?3)".to_owned()
    };
    format!("SELECT key, state, size, touched, is_adrift, {name} FROM {from}")
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ListingRow> {
    Ok(ListingRow {
        key: row.get(0)?,
        id: row.get(1)?,
        state: row.get(2)?,
        name: shown(row.get_ref(3)?.as_str()?),
        user_name: shown(row.get_ref(4)?.as_str()?),
        source: row.get(5)?,
        size: row.get(6)?,
        unknown: row.get(7)?,
        is_adrift: row.get(8)?,
        touched: row.get(9)?,
        touched_at: row.get(10)?,
        moved: read_moved(row, 11)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::sql::plan;

    #[test]
    fn no_window_sorts_or_reads_what_it_does_not_show() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let filters = [
            Filter::There,
            Filter::Active,
            Filter::Deactivated,
            Filter::Deleted,
            Filter::Changed,
            Filter::Adrift,
            Filter::Full,
            Filter::Empty,
        ];
        for sort in [SortBy::Change, SortBy::Name, SortBy::Size, SortBy::State] {
            for filter in filters {
                for is_descending in [true, false] {
                    let listing = Listing {
                        kind: ResourceKind::User,
                        filter,
                        search: String::new(),
                        since: ChangeSeq(0),
                        sort,
                        is_descending,
                        offset: 0,
                        limit: 200,
                    };
                    for sql in [window_sql(&listing), keys_sql(&listing)] {
                        let plan = plan(&store, &sql);
                        assert!(
                            plan.contains("USING ") && plan.contains("INDEX") && !plan.contains("TEMP B-TREE"),
                            "{listing:?}: {plan}"
                        );
                    }
                }
            }
        }
        for sql in [CHANGED, EMPTY] {
            let plan = plan(&store, sql);
            assert!(plan.contains("COVERING INDEX") && !plan.contains("state<>"), "{sql}: {plan}");
        }
    }
}
