//! Requests that an earlier version recorded: what it kept of them is turned into facts once, and into what searches look into.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::row;
use crate::facts::earlier::{self, Earlier};
use crate::facts::{Facts, NamedResource, SearchText};
use crate::model::{AuthVerdict, Change, ExchangeRow, ResourceKind};
use crate::store::exchange_details::{self, ExchangeDetails};
use crate::store::{StoreError, changes};

/// Requests that are read in one write. Each has two bodies.
const MOST_AT_ONCE: u32 = 500;

/// What the version before noted in columns of their own.
struct Noted {
    resource: NamedResource,
    sought: Option<String>,
    found: Option<u64>,
}

/// Reads some of the requests that have not been read yet, and returns whether there are more of them.
pub(crate) fn some(c: &Connection) -> Result<bool, StoreError> {
    let mut statement = c.prepare_cached("SELECT id FROM exchanges WHERE facts IS NULL ORDER BY id LIMIT ?1")?;
    let ids: Vec<i64> = statement.query_map([MOST_AT_ONCE], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for id in &ids {
        let (Some(row), Some(details)) = (row(c, *id)?, exchange_details::by_id(c, *id)?) else {
            keep(c, *id, &Facts::default(), &SearchText::default())?;
            continue;
        };
        let changes = changes::of_exchange(c, *id)?;
        let facts = facts(&row, &details, &changes, noted(c, *id)?);
        let shown = format!("{} {} {} {}", row.method, row.path, row.status, row.actor);
        keep(c, *id, &facts, &SearchText::of(&facts, &shown, &row.summary, &changes))?;
        date(c, *id, details)?;
    }
    Ok(ids.len() == MOST_AT_ONCE as usize)
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

fn noted(c: &Connection, id: i64) -> Result<Noted, StoreError> {
    let sql = "SELECT resource_kind, resource_id, resource_name, sought, found FROM exchanges WHERE id = ?1";
    let read = |row: &Row<'_>| {
        let kind: Option<String> = row.get(0)?;
        let kind = kind.map(|kind| if kind == "group" { ResourceKind::Group } else { ResourceKind::User });
        let resource = NamedResource { kind, id: row.get(1)?, name: row.get(2)?, ..NamedResource::default() };
        Ok(Noted { resource, sought: row.get(3)?, found: row.get(4)? })
    };
    let noted = c.prepare_cached(sql)?.query_row([id], read).optional()?;
    Ok(noted.unwrap_or(Noted { resource: NamedResource::default(), sought: None, found: None }))
}

fn keep(c: &Connection, id: i64, facts: &Facts, search_text: &SearchText) -> Result<(), StoreError> {
    let SearchText { users, groups, text } = search_text;
    c.prepare_cached("UPDATE exchanges SET facts = ?2, users = ?3, groups = ?4, text = ?5 WHERE id = ?1")?
        .execute(params![id, serde_json::to_string(facts)?, users, groups, text])?;
    Ok(())
}

/// Makes the time that the verdict on a token names a part of its own.
fn date(c: &Connection, id: i64, details: ExchangeDetails) -> Result<(), StoreError> {
    let mut authorization = details.authorization;
    if authorization.verdict == AuthVerdict::Retired
        && let Some(dated) = earlier::dated(&authorization.text)
    {
        authorization.text = dated;
        exchange_details::set_authorization(c, id, &authorization)?;
    }
    Ok(())
}
