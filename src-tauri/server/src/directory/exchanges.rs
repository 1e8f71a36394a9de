//! The recorded requests, as people look at them.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde::Deserialize;
use utoipa::IntoParams;

use super::browse::{self, Limit, find, known_as};
use super::{Error, Result, exchange_search};
use crate::clock::{DAY, Millis};
use crate::core::Core;
use crate::facts::{ExchangeDetails, Facts};
use crate::insight::explanation::{self, Recorded};
use crate::insight::rfc;
use crate::model::TakenBy;
use crate::model::{
    Change, ChangeSeq, DirectoryId, DirectoryKey, Event, Exchange, ExchangeFilter, ExchangeId, ExchangePage,
    ExchangeRow, Explanation,
};
use crate::store::exchanges::{ExchangeListing, Pinned};
use crate::store::resources::ResourceRecord;
use crate::store::{
    Connection, StoreError, WriteTx, activity, changes, exchange_details, exchanges, marks, resources, settings,
};

/// The directory id that stands for "none".
pub(crate) const UNATTRIBUTED: &str = "unattributed";

/// For how long one window of a search is looked for at the most. Some 100,000 requests of an identity provider are looked into meanwhile;
/// who asks goes on where it ended.
const SEARCHED_AT_ONCE: Duration = Duration::from_secs(1);

/// Requests that one is offered to be compared with at the most.
const COMPARABLE: u32 = 20;

/// Requests of a story that are told at the most.
const STORY_SHOWN: u32 = 50;

/// Which requests, newest first.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExchangeQuery {
    /// Words that a request has to have, all of them: in what its row shows, in a name of the person or group that it is about, in a body or
    /// in the client. `user:ada`, `group:"Site reliability"`, `path:/Users`, `method:patch`, `status:4xx`, `status:401`, `client:okta` and
    /// `body:externalId` look in one place only, `note:` in what a person has noted; `is:pinned` and `has:note` find what a person has marked; `since:` and `until:` take `2h`, `today`, `yesterday`, `14:30`, `2026-06-07` and
    /// `2026-06-07T14:30`. A minus excludes: `-status:404`.
    pub(crate) search: String,
    /// Where the times of the search are meant, by the IANA's name: `Europe/Berlin`. Without it, where this machine is.
    pub(crate) zone: Option<String>,
    /// Whether `total` may be left out: to count, all requests have to be looked into.
    pub(crate) no_total: bool,
    /// All, or a part.
    #[param(inline)]
    pub(crate) show: ExchangeFilter,
    /// Only those with a smaller id.
    pub(crate) before: Option<ExchangeId>,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<100>,
}

impl ExchangeQuery {
    /// How the store is asked.
    ///
    /// # Errors
    /// If the search means nothing, or its times are in no zone.
    pub(super) fn listing(&self, core: &Core) -> Result<ExchangeListing> {
        Ok(ExchangeListing {
            conditions: exchange_search::conditions(core, &self.search, self.zone.as_deref())?,
            show: self.show,
            before: self.before,
            limit: self.limit.rows(),
        })
    }
}

/// A window of the requests of a directory, or with [`UNATTRIBUTED`] of those that addressed none.
///
/// # Errors
/// If there is no such directory, or the search means nothing.
pub(crate) fn list_exchanges(core: &Core, directory_id: &DirectoryId, query: &ExchangeQuery) -> Result<ExchangePage> {
    let (listing, until) = (query.listing(core)?, Instant::now() + SEARCHED_AT_ONCE);
    let window = |c: &Connection| {
        let directory = key_of(core, directory_id)?;
        let (items, next) = exchanges::list(c, directory, &listing, until)?;
        let total = match (listing.before, next) {
            (None, None) => Some(items.len() as u64),
            _ if query.no_total => None,
            _ => exchanges::total(c, directory, &listing, until)?,
        };
        Ok(ExchangePage { total, items, next })
    };
    // Indexes find what meets no conditions, which does not wait for what searches.
    if listing.conditions.is_empty() {
        core.store.read_with_requests(window)
    } else {
        core.store.search_requests(window)
    }
}

/// A request with its answer, what it changed, and what that means.
///
/// # Errors
/// If there is no such request, or no more.
pub(crate) fn read_exchange(core: &Core, id: ExchangeId) -> Result<Exchange> {
    core.store.read_with_requests(|c| {
        let (row, details) = recorded(c, id)?;
        Ok(explained(core, c, row, details)?)
    })
}

/// A request with all that is known of it. `c` reads both databases.
pub(super) fn explained(
    core: &Core,
    c: &Connection,
    row: ExchangeRow,
    details: ExchangeDetails,
) -> Result<Exchange, StoreError> {
    let changes = made_by(c, row.id)?;
    let story = row.story.map_or(Ok(Vec::new()), |story| exchanges::of_story(c, story, STORY_SHOWN))?;
    let story = if story.len() > 1 { story } else { Vec::new() };
    let mut explanation = explain(core, c, &row, &details, &changes, &story)?;
    if let Some(fix) = &mut explanation.fix
        && !is_there(core, c, &row, fix.taken_by.as_ref())?
    {
        fix.taken_by = None;
    }
    let story = story.into_iter().map(|(row, _)| row).collect();
    let annotation = marks::annotation(c, row.id)?;
    let forwarded = exchanges::facts(c, row.id)?.forwarded;
    Ok(Exchange { explanation, annotation, forwarded, changes, story, ..unexplained(row, details) })
}

/// A request as it was recorded.
pub(super) fn unexplained(row: ExchangeRow, details: ExchangeDetails) -> Exchange {
    Exchange {
        row,
        target: details.target,
        authorization: details.authorization,
        client: details.client,
        came_through: details.came_through,
        request: details.request,
        response: details.response,
        explanation: Explanation::default(),
        notes: details.notes.into_iter().map(rfc::titled).collect(),
        annotation: None,
        forwarded: None,
        changes: Vec::new(),
        story: Vec::new(),
    }
}

/// Earlier requests of the same kind, for one to be compared with: those to the same address first, the newest first.
///
/// # Errors
/// If there is no such request, or no more.
pub(crate) fn comparable_exchanges(core: &Core, id: ExchangeId) -> Result<Vec<ExchangeRow>> {
    core.store.read_with_requests(|c| {
        recorded(c, id)?;
        Ok(exchanges::comparable(c, id, COMPARABLE)?)
    })
}

/// Whether who was in the way of a request is still there.
fn is_there(core: &Core, c: &Connection, row: &ExchangeRow, taken_by: Option<&TakenBy>) -> Result<bool, StoreError> {
    let directory = row.directory_id.as_ref().and_then(|id| core.scopes.get(id));
    let (Some(directory), Some(TakenBy { kind, id })) = (directory, taken_by) else { return Ok(false) };
    Ok(resources::by_id::<ResourceRecord>(c, directory.directory, *kind, id)?.is_some())
}

/// Gathers what an explanation depends on.
fn explain(
    core: &Core,
    c: &Connection,
    row: &ExchangeRow,
    details: &ExchangeDetails,
    changes: &[Change],
    story: &[(ExchangeRow, Facts)],
) -> Result<Explanation, StoreError> {
    let facts = exchanges::facts(c, row.id)?;
    let directory = row.directory_id.as_ref().and_then(|id| core.scopes.get(id));
    let known: Vec<_> = match facts.leads_nowhere {
        true => core.scopes.now().all().iter().map(|scope| known_as(scope)).collect(),
        false => Vec::new(),
    };
    let misaddressed = explanation::misaddressed(&details.target, &facts, &known);
    let last_change = match (&directory, &facts.resource.id) {
        (Some(directory), Some(id)) if row.status == 404 => {
            let key = resources::key(c, directory.directory, id)?;
            key.map_or(Ok(None), |key| changes::newest_until(c, key, ChangeSeq::MAX))?
        }
        _ => None,
    };
    Ok(explanation::explain(&Recorded {
        row,
        at: exchanges::at(c, row.id)?,
        authorization: &details.authorization,
        facts: &facts,
        answer: details.response.body.as_deref(),
        changes,
        is_change_gone: changes.is_empty() && exchanges::changes(c, row.id)?.is_some(),
        policy: &directory.map(|directory| directory.policy.clone()).unwrap_or_default(),
        misaddressed: misaddressed.as_ref(),
        last_change: last_change.as_ref(),
        story,
        now: core.clock.now(),
    }))
}

/// How recorded requests are deleted.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteExchanges {
    /// Whether those that are pinned go, too.
    pub(crate) pinned: bool,
}

/// Deletes the recorded requests of a directory, or with [`UNATTRIBUTED`] those of none; what arrives meanwhile stays, and so do those that
/// are pinned, unless `query` says otherwise. Users, groups, their history and the ticks of the guide stay.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn delete_exchanges(core: &Core, directory_id: &DirectoryId, query: DeleteExchanges) -> Result<()> {
    let (directory, last) =
        core.store.read_with_requests(|c| Ok::<_, Error>((key_of(core, directory_id)?, exchanges::newest_id(c)?)))?;
    // Piece by piece: what is being recorded gets its turn in between.
    let pinned = if query.pinned { Pinned::Go } else { Pinned::Stay };
    while core.store.write_requests(move |tx| exchanges::delete_some(tx, directory, last, pinned))? {}
    core.give_back();
    publish_deleted(core, directory)?;
    Ok(())
}

/// Deletes the recorded requests that are older than the settings allow.
///
/// # Errors
/// If the database refuses.
pub(super) fn delete_old(core: &Core) -> Result<(), StoreError> {
    let Some(before) = oldest_kept(core)? else { return Ok(()) };
    delete_while_any(core, move |tx| exchanges::delete_older(tx, before))
}

/// The time that a request is kept since at the most; `None`: the settings allow any age.
///
/// # Errors
/// If the database refuses.
pub(super) fn oldest_kept(core: &Core) -> Result<Option<Millis>, StoreError> {
    let days = core.store.read(settings::read)?.keep_days;
    Ok(days.map(|days| core.clock.now() - Millis::from(days) * DAY))
}

/// Deletes the oldest of the recorded requests that are more than the settings allow, of a directory or of all together.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_excess(core: &Core) -> Result<(), StoreError> {
    let settings = core.store.read(settings::read)?;
    let (keep, bytes) = (settings.keep_exchanges, settings.keep_bytes());
    for directory in core.scopes.now().all().iter().map(|scope| Some(scope.directory)).chain([None]) {
        delete_while_any(core, move |tx| Ok(vec![directory; exchanges::retain_newest(tx, directory, keep)?]))?;
    }
    delete_while_any(core, move |tx| exchanges::retain_bytes(tx, bytes))
}

/// Deletes requests piece by piece, so that what is being recorded gets its turn in between, and tells of it. `some` returns the keys of
/// their directories.
fn delete_while_any(
    core: &Core,
    some: impl Fn(&WriteTx<'_>) -> Result<Vec<Option<DirectoryKey>>, StoreError> + Copy + Send + 'static,
) -> Result<(), StoreError> {
    loop {
        let deleted = core.store.write_requests(move |tx| some(tx))?;
        let concerned: HashSet<Option<DirectoryKey>> = deleted.iter().copied().collect();
        concerned.into_iter().try_for_each(|directory| publish_deleted(core, directory))?;
        if deleted.is_empty() {
            return Ok(());
        }
    }
}

/// Tells every client that requests of a directory (`None`: of none) are gone.
fn publish_deleted(core: &Core, directory: Option<DirectoryKey>) -> Result<(), StoreError> {
    let counted = counted(core, directory)?;
    let directory_id = match &counted {
        Some(Event::Directory { directory }) => Some(directory.id.clone()),
        _ => None,
    };
    counted.into_iter().for_each(|event| core.live.publish(event));
    core.live.publish(Event::ExchangesDeleted { directory_id });
    Ok(())
}

/// What the requests of a directory (`None`: of none) add up to now, for the feed; `None`: it is gone.
///
/// # Errors
/// If a database refuses.
pub(crate) fn counted(core: &Core, directory: Option<DirectoryKey>) -> Result<Option<Event>, StoreError> {
    core.store.read_with_requests(|c| match directory {
        Some(key) => Ok(browse::directory_by_key(core, c, key)?.map(Event::directory)),
        None => Ok(Some(Event::Unattributed { counts: activity::counts(c, None)? })),
    })
}

/// What a request changed, as far as it is kept.
fn made_by(c: &Connection, id: ExchangeId) -> Result<Vec<Change>, StoreError> {
    exchanges::changes(c, id)?.map_or(Ok(Vec::new()), |span| changes::of_exchange(c, id, span))
}

/// A request as it was recorded.
///
/// # Errors
/// If there is no such request, or no more.
pub(crate) fn recorded(c: &Connection, id: ExchangeId) -> Result<(ExchangeRow, ExchangeDetails)> {
    let kept = exchanges::row(c, id)?.zip(exchange_details::by_id(c, id)?);
    kept.ok_or_else(|| Error::NotFound(format!("Request {id} is not recorded, or no longer kept.")))
}

/// The row of a directory; `None`: [`UNATTRIBUTED`].
pub(super) fn key_of(core: &Core, directory_id: &DirectoryId) -> Result<Option<DirectoryKey>> {
    if directory_id.0 == UNATTRIBUTED { Ok(None) } else { Ok(Some(find(core, directory_id)?.directory)) }
}
