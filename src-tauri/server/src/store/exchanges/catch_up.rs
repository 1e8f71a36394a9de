//! Requests that an earlier version recorded: what it kept of them is turned into facts once, and into what searches look into.

use rusqlite::{Connection, Row, params};

use super::row;
use crate::facts::earlier::{self, Earlier};
use crate::facts::{ExchangeDetails, Facts, NamedResource, SearchText};
use crate::model::{AuthVerdict, Authorization, Change, ExchangeId, ExchangeRow};
use crate::store::sql::{Kind, execute, fetch_all, fetch_optional};
use crate::store::{Result, changes, exchange_details};

/// Requests that are read in one write. Each has two bodies.
const MOST_AT_ONCE: u32 = 500;

/// What the version before noted in columns of their own.
#[derive(Default)]
struct Noted {
    resource: NamedResource,
    sought: Option<String>,
    found: Option<u64>,
}

/// What was read out of one request.
pub(crate) struct CaughtUp {
    id: ExchangeId,
    facts: Facts,
    search_text: SearchText,
    /// The verdict on its token, if a time in it has become a part of its own.
    authorization: Option<Authorization>,
}

/// Reads some of the requests that have not been read yet; none: there are no more. Reads both databases.
pub(crate) fn read_some(c: &Connection) -> Result<Vec<CaughtUp>> {
    let sql = "SELECT id FROM exchanges WHERE facts IS NULL ORDER BY id LIMIT ?1";
    let ids: Vec<ExchangeId> = fetch_all(c, sql, [MOST_AT_ONCE], |row| row.get(0))?;
    ids.into_iter().map(|id| read(c, id)).collect()
}

fn read(c: &Connection, id: ExchangeId) -> Result<CaughtUp> {
    let (Some(row), Some(details)) = (row(c, id)?, exchange_details::by_id(c, id)?) else {
        return Ok(CaughtUp { id, facts: Facts::default(), search_text: SearchText::default(), authorization: None });
    };
    let changes = super::changes(c, id)?.map_or(Ok(Vec::new()), |span| changes::of_exchange(c, id, span))?;
    let facts = facts(&row, &details, &changes, noted(c, id)?);
    let shown = format!("{} {} {} {}", row.method, row.path, row.status, row.actor);
    let search_text = SearchText::of(&facts, &shown, &row.summary, &changes);
    Ok(CaughtUp { id, facts, search_text, authorization: dated(details) })
}

/// Keeps what was read.
pub(crate) fn save(c: &Connection, caught_up: &[CaughtUp]) -> Result<()> {
    let sql = "UPDATE exchanges SET facts = ?2, users = ?3, groups = ?4, text = ?5 WHERE id = ?1";
    for CaughtUp { id, facts, search_text: SearchText { users, groups, text }, authorization } in caught_up {
        execute(c, sql, params![id, serde_json::to_string(facts)?, users, groups, text])?;
        if let Some(authorization) = authorization {
            exchange_details::set_authorization(c, *id, authorization)?;
        }
    }
    Ok(())
}

fn facts(row: &ExchangeRow, details: &ExchangeDetails, changes: &[Change], noted: Noted) -> Facts {
    earlier::facts(Earlier {
        method: &row.method,
        path: &row.path,
        target: &details.target,
        status: row.status,
        has_directory: row.directory_id.is_some(),
        verdict: details.authorization.verdict,
        summary: &row.summary,
        resource: noted.resource,
        sought: noted.sought,
        found: noted.found,
        changes,
        request_body: details.request.body.as_deref(),
        response_body: details.response.body.as_deref(),
    })
}

fn noted(c: &Connection, id: ExchangeId) -> Result<Noted> {
    let sql = "SELECT resource_kind, resource_id, resource_name, sought, found FROM exchanges WHERE id = ?1";
    let read = |row: &Row<'_>| {
        let (kind, id, name, sought, found): (Option<Kind>, _, _, _, _) = row.try_into()?;
        let kind = kind.map(|Kind(kind)| kind);
        Ok(Noted { resource: NamedResource { kind, id, name, ..NamedResource::default() }, sought, found })
    };
    Ok(fetch_optional(c, sql, [id], read)?.unwrap_or_default())
}

/// The verdict on a token with the time that it names as a part of its own; `None`: it names none.
fn dated(details: ExchangeDetails) -> Option<Authorization> {
    let authorization = details.authorization;
    if authorization.verdict != AuthVerdict::Retired {
        return None;
    }
    Some(Authorization { text: earlier::dated(&authorization.text)?, ..authorization })
}
