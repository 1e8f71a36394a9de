//! The recorded requests, as people look at them.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::browse::{MOST_ROWS, find};
use super::{Error, exchange_search};
use crate::clock::Millis;
use crate::core::Core;
use crate::facts::Facts;
use crate::insight::explanation::{self, Recorded};
use crate::insight::{har, rfc};
use crate::model::{Change, Event, Exchange, ExchangeRow, Explanation, Page};
use crate::store::exchange_details::ExchangeDetails;
use crate::store::exchanges::ExchangeListing;
use crate::store::{Connection, StoreError, changes, directories, exchange_details, exchanges, settings};

/// The directory id that stands for "none".
pub const UNATTRIBUTED: &str = "unattributed";

/// In milliseconds.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Requests of an archive at the most, and bytes of their bodies: what other programs still open.
const ARCHIVED: usize = 10_000;
const ARCHIVED_BYTES: u64 = 64 << 20;

/// Requests of a story that are told at the most.
const STORY_SHOWN: u32 = 50;

/// Which requests, newest first.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ExchangeQuery {
    /// Words that a request has to have, all of them: in method, path, sentence, status, or in a name of the person or group that it is
    /// about. `user:ada`, `group:"Site reliability"`, `status:4xx`, `status:401` and `method:patch` look in one place only.
    pub search: String,
    /// All, or a part.
    #[param(inline)]
    pub show: Show,
    /// Only those with a smaller id.
    pub before: Option<i64>,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// All requests, or a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Show {
    /// All.
    #[default]
    All,
    /// Those that create, change or delete.
    Writes,
    /// Answered with 400 or more.
    Errors,
    /// With a note.
    Notes,
}

impl Default for ExchangeQuery {
    fn default() -> Self {
        Self { search: String::new(), show: Show::All, before: None, limit: 100 }
    }
}

impl ExchangeQuery {
    fn listing(&self) -> ExchangeListing {
        ExchangeListing {
            terms: exchange_search::parse(&self.search),
            only_writes: self.show == Show::Writes,
            only_errors: self.show == Show::Errors,
            only_notes: self.show == Show::Notes,
            before: self.before,
            limit: self.limit.min(MOST_ROWS),
        }
    }
}

/// A window of the requests of a directory, or with [`UNATTRIBUTED`] of those that addressed none.
///
/// # Errors
/// If there is no such directory.
pub fn list_exchanges(core: &Core, directory_id: &str, query: &ExchangeQuery) -> Result<Page<ExchangeRow>, Error> {
    let listing = query.listing();
    core.store.read(|c| {
        let directory = key_of(c, directory_id)?;
        let items = exchanges::list(c, directory, &listing)?;
        let is_all = listing.before.is_none() && items.len() < listing.limit as usize;
        let total = if is_all { items.len() as u64 } else { exchanges::total(c, directory, &listing)? };
        Ok(Page { total, items })
    })
}

/// A request with its answer, what it changed, and what that means.
///
/// # Errors
/// If there is no such request, or no more.
pub fn read_exchange(core: &Core, id: i64) -> Result<Exchange, Error> {
    let (now, local_url) = (core.clock.now(), core.local_url());
    core.store.read(|c| {
        let row = exchanges::row(c, id)?.ok_or_else(|| not_kept(id))?;
        let details = exchange_details::by_id(c, id)?.ok_or_else(|| not_kept(id))?;
        let changes = changes::of_exchange(c, id)?;
        let story = match row.story {
            Some(story) => exchanges::of_story(c, story, STORY_SHOWN)?,
            None => Vec::new(),
        };
        let story = if story.len() > 1 { story } else { Vec::new() };
        let explanation = explain(c, &row, &details, &changes, &story, now, &local_url)?;
        Ok(Exchange {
            row,
            target: details.target,
            authorization: details.authorization,
            client: details.client,
            came_through: details.came_through,
            request: details.request,
            response: details.response,
            explanation,
            notes: details.notes.into_iter().map(rfc::titled).collect(),
            changes,
            story: story.into_iter().map(|(row, _)| row).collect(),
        })
    })
}

/// The requests that a query finds as an HTTP archive (HAR 1.2), the oldest first. Of very many the newest.
///
/// # Errors
/// If there is no such directory.
pub fn archive_exchanges(core: &Core, directory_id: &str, query: &ExchangeQuery) -> Result<Value, Error> {
    let (origin, mut listing) = (core.local_url(), query.listing());
    (listing.before, listing.limit) = (None, MOST_ROWS);
    core.store.read(|c| {
        let directory = key_of(c, directory_id)?;
        let total = exchanges::total(c, directory, &listing)?;
        let (mut entries, mut bytes) = (Vec::new(), 0);
        'pages: loop {
            let rows = exchanges::list(c, directory, &listing)?;
            for row in &rows {
                let Some(details) = exchange_details::by_id(c, row.id)? else { continue };
                bytes += [&details.request, &details.response].map(|message| message.body_bytes).iter().sum::<u64>();
                if entries.len() == ARCHIVED || bytes > ARCHIVED_BYTES {
                    break 'pages;
                }
                entries.push(har::entry(row, &details, &origin));
            }
            match rows.last() {
                Some(last) if rows.len() == MOST_ROWS as usize => listing.before = Some(last.id),
                _ => break,
            }
        }
        entries.reverse();
        let omitted = total.saturating_sub(entries.len() as u64);
        Ok(har::archive(entries, omitted))
    })
}

/// Gathers what an explanation depends on.
fn explain(
    c: &Connection,
    row: &ExchangeRow,
    details: &ExchangeDetails,
    changes: &[Change],
    story: &[(ExchangeRow, Facts)],
    now: Millis,
    local_url: &str,
) -> Result<Explanation, StoreError> {
    let facts = exchanges::facts(c, row.id)?;
    let directory = match &row.directory_id {
        Some(id) => directories::find(c, id)?,
        None => None,
    };
    let known: Vec<_> = match facts.leads_nowhere {
        true => directories::addresses(c, local_url)?.into_iter().map(|(_, known)| known).collect(),
        false => Vec::new(),
    };
    let misaddressed = explanation::misaddressed(&details.target, &facts, &known);
    let last_change = match (&directory, &facts.resource.id) {
        (Some(directory), Some(id)) if row.status == 404 => {
            changes::page(c, directory.key, Some(id), None, 1)?.into_iter().next()
        }
        _ => None,
    };
    Ok(explanation::explain(&Recorded {
        row,
        at: exchanges::at(c, row.id)?,
        authorization: &details.authorization,
        facts: &facts,
        changes,
        policy: &directory.map(|directory| directory.policy).unwrap_or_default(),
        misaddressed: misaddressed.as_ref(),
        last_change: last_change.as_ref(),
        story,
        now,
    }))
}

/// Deletes the recorded requests of a directory, or with [`UNATTRIBUTED`] those of none; what arrives meanwhile stays. Users, groups, their
/// history and the ticks of the guide stay.
///
/// # Errors
/// If there is no such directory.
pub fn delete_exchanges(core: &Core, directory_id: &str) -> Result<(), Error> {
    let (directory, last) =
        core.store.read(|c| Ok::<_, Error>((key_of(c, directory_id)?, exchanges::newest_id(c)?)))?;
    // Piece by piece: other writes get their turn in between.
    while core.store.write(move |tx| exchanges::delete_some(tx, directory, last))? {}
    let (live, local_url) = (core.live.clone(), core.local_url());
    let directory_id = directory.map(|_| directory_id.to_owned());
    core.store.write(move |tx| {
        let changed = match directory {
            Some(key) => directories::by_key(tx, key, &local_url)?.map(Event::directory),
            None => Some(Event::Unattributed { counts: exchanges::counts(tx, None)? }),
        };
        tx.after_commit(move || {
            changed.into_iter().for_each(|event| live.publish(event));
            live.publish(Event::ExchangesDeleted { directory_id });
        });
        Ok::<_, StoreError>(())
    })?;
    Ok(())
}

/// Deletes the recorded requests that are older than the settings allow.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_old_exchanges(core: &Core) -> Result<(), StoreError> {
    let Some(days) = core.store.read(settings::read)?.keep_days else { return Ok(()) };
    let before = core.clock.now() - Millis::from(days) * DAY;
    // Piece by piece: other writes get their turn in between.
    loop {
        let (live, local_url) = (core.live.clone(), core.local_url());
        let deleted = core.store.write(move |tx| {
            let deleted = exchanges::delete_older(tx, before)?;
            let concerned: HashSet<Option<i64>> = deleted.iter().copied().collect();
            let mut events = Vec::new();
            for key in concerned {
                let directory = match key {
                    Some(key) => directories::by_key(tx, key, &local_url)?,
                    None => None,
                };
                let directory_id = directory.as_ref().map(|directory| directory.id.clone());
                events.push(match directory {
                    Some(directory) => Event::directory(directory),
                    None => Event::Unattributed { counts: exchanges::counts(tx, None)? },
                });
                events.push(Event::ExchangesDeleted { directory_id });
            }
            tx.after_commit(move || events.into_iter().for_each(|event| live.publish(event)));
            Ok::<_, StoreError>(deleted.len())
        })?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

fn not_kept(id: i64) -> Error {
    Error::NotFound(format!("Request {id} is not recorded, or no longer kept."))
}

fn key_of(c: &Connection, directory_id: &str) -> Result<Option<i64>, Error> {
    if directory_id == UNATTRIBUTED { Ok(None) } else { Ok(Some(find(c, directory_id)?.key)) }
}
