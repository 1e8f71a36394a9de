//! Windows of the members of a group: now, at any point, and of those who came or went at once.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params_from_iter};

use super::{MemberRow, read_row};
use crate::model::{ChangeSeq, Moved, ResourceKey};
use crate::store::Result;
use crate::store::listing_search::{candidates, is_narrow};
use crate::store::sql::clamp;

/// Which members of a group.
#[derive(Clone, Debug)]
pub(crate) struct MemberListing {
    /// Its key.
    pub(crate) group: ResourceKey,
    pub(crate) time: Time,
    /// Only those that nobody here knows.
    pub(crate) only_unknown: bool,
    /// Lower case; empty: all.
    pub(crate) search: String,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
}

/// When they were members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    Now,
    /// After this change.
    After(ChangeSeq),
}

/// Members after the change `?2`, of the group `?1`.
const AFTER: &str = "SELECT key, came, value, display, kind, resource FROM members WHERE group_key = ?1 AND came <= ?2
     UNION ALL
     SELECT key, came, value, display, kind, resource FROM former_members WHERE group_key = ?1 AND came <= ?2 AND went > ?2";
const NOW: &str = "SELECT key, came, value, display, kind, resource FROM members WHERE group_key = ?1";
const UNKNOWN: &str =
    "SELECT key, came, value, display, kind, resource FROM members WHERE group_key = ?1 AND resource IS NULL";

/// A window of the members in the order in which they came, and how many match in all.
pub(crate) fn list(c: &Connection, listing: &MemberListing) -> Result<(u64, Vec<MemberRow>)> {
    let from = match (listing.time, listing.only_unknown) {
        (Time::Now, false) => NOW.to_owned(),
        (Time::Now, true) => UNKNOWN.to_owned(),
        (Time::After(_), false) => AFTER.to_owned(),
        (Time::After(_), true) => format!("SELECT * FROM ({AFTER}) WHERE resource IS NULL"),
    };
    let seq = match listing.time {
        Time::Now => ChangeSeq::MAX,
        Time::After(seq) => seq,
    };
    let from = if listing.search.is_empty() { from } else { searched(c, &from, &listing.search)? };
    let which = [listing.group.into(), seq.into(), listing.search.clone().into()];
    window(c, &from, which, MemberOrder::Arrival, (listing.offset, listing.limit))
}

/// In which order members are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MemberOrder {
    /// In which they came. Those who have left meanwhile may be elsewhere.
    Arrival,
    /// Of their ids, which is the same whatever happens later.
    Id,
}

/// A window of those who came to a group, or left it, by the change `seq`.
pub(crate) fn moved_by(
    c: &Connection,
    group: ResourceKey,
    (seq, way): (ChangeSeq, Moved),
    order: MemberOrder,
    window_of: (u64, u32),
) -> Result<(u64, Vec<MemberRow>)> {
    const CAME: &str =
        "SELECT key, came, value, display, kind, resource FROM members WHERE group_key = ?1 AND came = ?2
         UNION ALL
         SELECT key, came, value, display, kind, resource FROM former_members WHERE group_key = ?1 AND came = ?2";
    const WENT: &str =
        "SELECT key, came, value, display, kind, resource FROM former_members WHERE group_key = ?1 AND went = ?2";
    let from = if way == Moved::Came { CAME } else { WENT };
    let which = [group.into(), seq.into(), String::new().into()];
    window(c, from, which, order, window_of)
}

/// The window `offset`, `limit` of the rows of `from` in an order, and how many it has.
fn window(
    c: &Connection,
    from: &str,
    which: [SqlValue; 3],
    order: MemberOrder,
    (offset, limit): (u64, u32),
) -> Result<(u64, Vec<MemberRow>)> {
    let mut statement = c.prepare_cached(&format!("SELECT count(*) FROM ({from})"))?;
    let order = match order {
        MemberOrder::Arrival => "m.came, m.key",
        MemberOrder::Id => "m.value",
    };
    // A statement takes as many values as it names.
    let values = which.iter().take(statement.parameter_count());
    let total = statement.query_row(params_from_iter(values), |row| row.get(0))?;
    // Only the rows of the window are looked up among the resources.
    let mut statement = c.prepare_cached(&format!(
        "SELECT m.value, m.display, m.kind, k.kind, k.name
         FROM (SELECT * FROM ({from}) m ORDER BY {order} LIMIT ?4 OFFSET ?5) m LEFT JOIN resources k ON k.key = m.resource
         ORDER BY {order}"
    ))?;
    let values = which.into_iter().chain([i64::from(limit).into(), clamp(offset).into()]);
    let rows = statement.query_map(params_from_iter(values), read_row)?;
    Ok((total, rows.collect::<Result<_, _>>()?))
}

/// Those of `from` that match the search `?3`.
fn searched(c: &Connection, from: &str, search: &str) -> Result<String> {
    // Nobody here knows more of a stranger than what was sent.
    const STRANGE: &str = "resource IS NULL AND (instr(search_key(value), ?3) OR instr(search_key(display), ?3))";
    let known = if is_narrow(c, search)? {
        format!("resource IN ({})", candidates("?3"))
    } else {
        "EXISTS (SELECT 1 FROM listing k WHERE k.key = resource AND instr(k.search, ?3))".to_owned()
    };
    Ok(format!("SELECT * FROM ({from}) WHERE {known} OR {STRANGE}"))
}
