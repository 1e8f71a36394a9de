//! Requests that an earlier version recorded: what searches and explanations need is read out of what it kept.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use scim::{Filter, Notes, Policy};

use super::{kind_name, row};
use crate::insight::subject::{Findable, Subject};
use crate::model::{ChangeKind, ExchangeRow};
use crate::store::{StoreError, changes};

/// Requests that are read in one write.
const MOST_AT_ONCE: u32 = 2_000;

/// What was read out of one request.
pub(crate) struct CaughtUp {
    id: i64,
    subject: Subject,
    findable: Findable,
}

/// Reads some of the requests that have not been read yet; none: there are no more. Reads both databases.
pub(crate) fn read_some(c: &Connection) -> Result<Vec<CaughtUp>, StoreError> {
    let mut statement = c.prepare_cached("SELECT id FROM exchanges WHERE text IS NULL ORDER BY id LIMIT ?1")?;
    let ids: Vec<i64> = statement.query_map([MOST_AT_ONCE], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut caught_up = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(row) = row(c, id)? else { continue };
        let changes = super::changes(c, id)?.map_or(Ok(Vec::new()), |span| changes::of_exchange(c, id, span))?;
        let mut subject = subject_of(&row);
        if let Some(change) = changes.iter().find(|change| subject.id.is_none() || change.kind == ChangeKind::Deleted) {
            subject.id.get_or_insert_with(|| change.resource_id.clone());
            subject.name.get_or_insert_with(|| change.resource_name.clone());
        }
        let shown = format!("{} {} {} {}", row.method, row.path, row.status, row.actor);
        let findable = subject.findable(&shown, &row.summary, &changes);
        caught_up.push(CaughtUp { id, subject, findable });
    }
    Ok(caught_up)
}

/// Keeps what was read.
pub(crate) fn save(c: &Connection, caught_up: &[CaughtUp]) -> Result<(), StoreError> {
    let mut update = c.prepare_cached(
        "UPDATE exchanges SET resource_kind = ?2, resource_id = ?3, resource_name = ?4, sought = ?5, found = ?6, users = ?7, groups = ?8,
         text = ?9 WHERE id = ?1",
    )?;
    for CaughtUp { id, subject, findable } in caught_up {
        update.execute(params![
            id,
            subject.kind.map(kind_name),
            subject.id,
            subject.name,
            subject.sought,
            subject.found,
            findable.users,
            findable.groups,
            findable.text,
        ])?;
    }
    Ok(())
}

/// What path and sentence say.
fn subject_of(row: &ExchangeRow) -> Subject {
    let (path, query) = row.path.split_once('?').unwrap_or((&row.path, ""));
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let parameters: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let filter =
        parameters.get("filter").and_then(|text| Filter::parse(text, &Policy::tolerant(), &mut Notes::new()).ok());
    let found = row.summary.outcome.as_deref().and_then(|outcome| match outcome.split(' ').next()? {
        "no" => Some(0),
        number => number.parse().ok(),
    });
    Subject {
        name: row.summary.subject.clone(),
        sought: filter.and_then(|filter| filter.sought().map(str::to_owned)),
        found: found.filter(|_| row.method == "GET"),
        ..Subject::addressed(&segments)
    }
}
