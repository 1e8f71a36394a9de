//! Finding requests by what a person typed.
//!
//! What lists show of a request stands in columns. What it says beside, bodies and client, stands packed in `details`, and is looked into only
//! where the columns do not decide: an index of it (FTS5, trigrams) would cost each recorded request 170 to 290 µs and 0.5 to 3 KB, where
//! writing it down takes 10 µs and 1 KB; a look into one takes a few µs, when somebody searches.

use std::ops::{ControlFlow, RangeInclusive};
use std::time::Instant;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params_from_iter};

use super::row;
use crate::clock::Millis;
use crate::model::{DirectoryKey, ExchangeFilter, ExchangeId, ExchangeRow};
use crate::store::exchange_details::{Said, said};
use crate::store::{Result, activity};

/// Something that is true of a request, or not. Texts are search keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExchangeTerm {
    /// It is about a user who is called so.
    User(String),
    /// It is about a group that is called so.
    Group(String),
    /// It was answered with one of these.
    Status(RangeInclusive<u16>),
    /// Its method begins so.
    Method(String),
    /// Its path and query have this.
    Path(String),
    /// What the client calls itself has this.
    Client(String),
    /// One of its bodies has this.
    Body(String),
    /// It arrived at this instant or later.
    Since(Millis),
    /// It arrived before this instant.
    Until(Millis),
    /// A person has pinned it.
    Pinned,
    /// A person has written a note about it.
    Annotated,
    /// Such a note has this.
    Annotation(String),
    /// It has this anywhere.
    Text(String),
}

/// What a request has to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) term: ExchangeTerm,
    /// Whether the term must not be true.
    pub(crate) is_negated: bool,
}

/// Which exchanges a person wants to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExchangeListing {
    /// All of these; empty: all exchanges.
    pub(crate) conditions: Vec<Condition>,
    pub(crate) show: ExchangeFilter,
    pub(crate) before: Option<ExchangeId>,
    pub(crate) limit: u32,
}

/// How many match in all; `None`: counting them would take longer than `until`. `directory` `None`: those of no directory.
pub(crate) fn total(
    c: &Connection,
    directory: Option<DirectoryKey>,
    listing: &ExchangeListing,
    until: Instant,
) -> Result<Option<u64>> {
    if listing.conditions.is_empty() {
        let counts = activity::counts(c, directory)?;
        return Ok(Some(match listing.show {
            ExchangeFilter::All => counts.exchanges,
            ExchangeFilter::Writes => counts.writes,
            ExchangeFilter::Errors => counts.errors,
            ExchangeFilter::Notes => counts.notes,
            ExchangeFilter::Pinned => counts.pinned,
        }));
    }
    let all = ExchangeListing { before: None, ..listing.clone() };
    let mut total = 0;
    let rest = walk(c, directory, &all, until, |_| {
        total += 1;
        ControlFlow::Continue(())
    })?;
    Ok(rest.is_none().then_some(total))
}

/// A window of a listing, newest first, and what `before` goes on with: below it there is more, or there was no more time to look. `directory`
/// `None`: those of no directory.
pub(crate) fn list(
    c: &Connection,
    directory: Option<DirectoryKey>,
    listing: &ExchangeListing,
    until: Instant,
) -> Result<(Vec<ExchangeRow>, Option<ExchangeId>)> {
    let mut ids = Vec::new();
    let rest = walk(c, directory, listing, until, |id| {
        ids.push(id);
        if ids.len() < listing.limit as usize { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let rows = ids.into_iter().filter_map(|id| row(c, id).transpose()).collect::<Result<_>>()?;
    Ok((rows, rest))
}

/// Hands over those that match, newest first. Returns the last that was looked at if it ended before all were.
fn walk(
    c: &Connection,
    directory: Option<DirectoryKey>,
    listing: &ExchangeListing,
    until: Instant,
    mut take: impl FnMut(ExchangeId) -> ControlFlow<()>,
) -> Result<Option<ExchangeId>> {
    let (sql, values) = select(directory, listing);
    let wide: Vec<_> = listing.conditions.iter().filter(|condition| condition.term.is_wide()).collect();
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let mut undecided = Vec::new();
        let mut is_met = true;
        for (at, condition) in wide.iter().enumerate() {
            match row.get(at + 1)? {
                true => is_met &= !condition.is_negated,
                false => undecided.push(condition),
            }
        }
        if is_met && !undecided.is_empty() {
            let said = said(c, id)?;
            is_met = undecided.iter().all(|condition| condition.term.is_in(&said) != condition.is_negated);
        }
        if is_met && take(id).is_break() || !listing.conditions.is_empty() && Instant::now() >= until {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The ids of those that columns leave, newest first, each with whether its columns have what each wide condition looks for.
pub(super) fn select(directory: Option<DirectoryKey>, listing: &ExchangeListing) -> (String, Vec<SqlValue>) {
    const SHOWN: &str = "(instr(e.text, ?) OR instr(e.users, ?) OR instr(e.groups, ?) OR instr((SELECT search FROM marks WHERE exchange = e.id), ?))";
    let (mut shown, mut shown_values) = (String::new(), Vec::new());
    let mut condition = String::from("e.directory IS ? AND e.id < ?");
    let mut values = vec![SqlValue::from(directory), listing.before.unwrap_or(ExchangeId(i64::MAX)).into()];
    condition.push_str(match listing.show {
        ExchangeFilter::All => "",
        ExchangeFilter::Writes => " AND e.is_write = 1",
        ExchangeFilter::Errors => " AND e.status >= 400",
        ExchangeFilter::Notes => " AND e.note_count > 0",
        ExchangeFilter::Pinned => " AND e.sender = 4",
    });
    for Condition { term, is_negated } in &listing.conditions {
        let (sql, found): (_, Vec<SqlValue>) = match term {
            ExchangeTerm::User(text) => ("instr(e.users, ?)", vec![text.clone().into()]),
            ExchangeTerm::Group(text) => ("instr(e.groups, ?)", vec![text.clone().into()]),
            ExchangeTerm::Method(text) => ("instr(lower(e.method), ?) = 1", vec![text.clone().into()]),
            ExchangeTerm::Path(text) => ("instr(search_key(e.path), ?)", vec![text.clone().into()]),
            ExchangeTerm::Status(range) => (
                "e.status BETWEEN ? AND ?",
                [range.start(), range.end()].map(|status| i64::from(*status).into()).into(),
            ),
            ExchangeTerm::Since(at) => ("e.at >= ?", vec![(*at).into()]),
            ExchangeTerm::Until(at) => ("e.at < ?", vec![(*at).into()]),
            ExchangeTerm::Pinned => {
                ("EXISTS (SELECT 1 FROM marks WHERE exchange = e.id AND sender IS NOT NULL)", Vec::new())
            }
            ExchangeTerm::Annotated => {
                ("EXISTS (SELECT 1 FROM marks WHERE exchange = e.id AND annotation IS NOT NULL)", Vec::new())
            }
            ExchangeTerm::Annotation(text) => {
                ("EXISTS (SELECT 1 FROM marks WHERE exchange = e.id AND instr(search, ?))", vec![text.clone().into()])
            }
            ExchangeTerm::Text(text) => {
                // What an earlier version recorded has no text before it is read.
                shown.push_str(&format!(", ifnull({SHOWN}, 0)"));
                shown_values.extend(std::iter::repeat_n(SqlValue::from(text.clone()), 4));
                continue;
            }
            ExchangeTerm::Client(_) | ExchangeTerm::Body(_) => {
                shown.push_str(", 0");
                continue;
            }
        };
        condition.push_str(&format!(" AND {}({sql})", if *is_negated { "NOT " } else { "" }));
        values.extend(found);
    }
    shown_values.extend(values);
    (format!("SELECT e.id{shown} FROM exchanges e WHERE {condition} ORDER BY e.id DESC"), shown_values)
}

impl ExchangeTerm {
    /// Whether it is about when a request arrived.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self, Self::Since(_) | Self::Until(_))
    }

    /// Whether it looks into what is packed.
    fn is_wide(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Client(_) | Self::Body(_))
    }

    /// Whether what is packed has it.
    fn is_in(&self, said: &Said) -> bool {
        match self {
            Self::Client(text) => said.client.contains(text),
            Self::Body(text) => said.bodies.iter().any(|body| body.contains(text)),
            Self::Text(text) => [&said.client].into_iter().chain(&said.bodies).any(|said| said.contains(text)),
            _ => false,
        }
    }
}

impl From<ExchangeTerm> for Condition {
    fn from(term: ExchangeTerm) -> Self {
        Self { term, is_negated: false }
    }
}
