//! Writing a batch of requests down, and telling what they mean for their directories.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::record::Record;
use crate::core::Core;
use crate::directory::notices::{self, Known, Names};
use crate::directory::{exchanges, former_url, sightings};
use crate::facts::{Push, Whom};
use crate::insight::notices::Seen;
use crate::model::{AuthVerdict, DirectoryKey, Event, ExchangeRow, ResourceKey, ResourceKind};
use crate::secret::TokenHash;
use crate::store::activity::RequestCounts;
use crate::store::drift::NewDrift;
use crate::store::exchanges::NewExchange;
use crate::store::kept::{Kept, Sender};
use crate::store::sightings::NewSightings;
use crate::store::{self, StoreError, WriteTx, activity, drift as drifts, resources, settings};

/// How much is kept.
#[derive(Clone, Copy)]
struct Keep {
    /// Of each directory.
    requests: u32,
    /// Of all together.
    bytes: u64,
}

/// What came of storing requests.
struct Inserted {
    /// What is news.
    seen: Vec<Seen>,
    /// The directories of which requests had to go because all together took too much.
    displaced: HashSet<Option<DirectoryKey>>,
}

/// Writes exchanges and what they mean for their directories, and tells of them.
pub(super) fn write(core: &Core, records: &Arc<Vec<Record>>) -> Result<(), StoreError> {
    let creating = records.iter().filter(|record| record.creates_user && record.is_from_provider);
    let creating: Vec<_> =
        creating.filter_map(|record| Some((record.exchange.row.id, record.exchange.directory?))).collect();
    let (names, settings) =
        core.store.read(|c| Ok::<_, StoreError>((Names::read(core, c, &creating)?, settings::read(c)?)))?;
    let keep = Keep { requests: settings.keep_exchanges, bytes: settings.keep_bytes() };
    let names = Arc::new(names);
    // What they mean for the truth comes first: who sees a request sees what came of it.
    note_origins(core, records)?;
    let pushed = pushed(core, records)?;
    let (writing, named) = (records.clone(), names.clone());
    let (Inserted { seen, displaced }, drifted) = core.store.write_requests(move |tx| {
        let inserted = insert_all(tx, &writing, &named, keep)?;
        Ok::<_, StoreError>((inserted, note_pushes(tx, &writing, &pushed)?))
    })?;
    // What nobody hears is not even counted: that has the lists brought up to date.
    if core.live.is_heard() {
        tell(core, records, &names, displaced, drifted)?;
    }
    seen.into_iter().for_each(|seen| notices::take(core, seen));
    Ok(())
}

/// Tells of exchanges, and of users whose state changed, by the keys of their directories.
fn tell(
    core: &Core,
    records: &[Record],
    names: &Names,
    displaced: HashSet<Option<DirectoryKey>>,
    drifted: HashMap<DirectoryKey, Vec<String>>,
) -> Result<(), StoreError> {
    let mut touched = displaced;
    for Record { exchange, misaddressed, .. } in records.iter().filter(|record| !is_gone(record, names)) {
        let directory = exchange.directory;
        touched.insert(directory);
        touched.extend(
            misaddressed
                .as_ref()
                .map(|near| Some(near.directory))
                .filter(|near| near.is_some_and(|near| names.has(near))),
        );
        let directory_id = directory.and_then(|directory| names.id(directory)).cloned();
        core.live.publish(Event::Exchange { exchange: ExchangeRow { directory_id, ..exchange.row.clone() } });
    }
    for directory in touched {
        exchanges::counted(core, directory)?.into_iter().for_each(|event| core.live.publish(event));
    }
    for (directory, ids) in drifted {
        if let Some(directory_id) = names.id(directory).cloned() {
            core.live.publish(Event::Drift { directory_id, ids });
        }
    }
    Ok(())
}

/// Stores exchanges and what they add up to, lets go of the oldest, and returns what is news. A directory may have been deleted meanwhile:
/// then its requests are gone with it.
fn insert_all(tx: &WriteTx<'_>, records: &[Record], names: &Names, keep: Keep) -> Result<Inserted, StoreError> {
    let newest = records.iter().map(|record| record.exchange.row.id).max();
    let records: Vec<&Record> = records.iter().filter(|record| !is_gone(record, names)).collect();
    let mut counts: HashMap<Option<DirectoryKey>, RequestCounts> = HashMap::new();
    for Record { exchange, .. } in &records {
        let counts = counts.entry(exchange.directory).or_default();
        counts.add(exchange.row.status >= 400, exchange.row.is_write, exchange.note_count() > 0);
    }
    // The oldest go first: their pages are written once, with what comes.
    for (directory, counts) in &counts {
        activity::count(tx, *directory, *counts)?;
        store::exchanges::retain_newest(tx, *directory, keep.requests)?;
    }
    let mut kept: HashMap<_, Kept> = HashMap::new();
    let (mut seen, mut known) = (Vec::new(), HashMap::new());
    let (mut kinds, mut tokens) = (NewSightings::default(), HashMap::new());
    for Record { exchange, token, is_from_provider, sender, misaddressed, .. } in &records {
        let (directory, is_stranger) = (exchange.directory, *sender == Sender::Stranger);
        let sender = sender.answered(is_failure(exchange));
        if let Some(directory) = directory.filter(|_| *is_from_provider) {
            let known = known_of(tx, &mut known, directory)?;
            if !is_stranger {
                seen.extend(notices::seen(known, exchange, names));
            }
            known.note(exchange, token.is_some(), is_stranger, names)?;
            kinds.add(sightings::of(exchange, directory, is_stranger));
        }
        if let Some(near) = misaddressed.as_ref().filter(|near| *is_from_provider && names.has(near.directory)) {
            let known = known_of(tx, &mut known, near.directory)?;
            known.note_misaddressed(&near.requests, near.is_sure, names);
        }
        if let Some(TokenHash(hash)) = token {
            let used = tokens.entry(hash).or_insert(exchange.at);
            *used = exchange.at.max(*used);
        }
        let bytes = store::exchanges::insert(tx, exchange, directory, sender)?;
        kept.entry((directory, sender)).or_default().add(bytes);
    }
    kept.into_iter().try_for_each(|((directory, sender), kept)| store::kept::count(tx, directory, sender, kept))?;
    // More may have come at once than are kept.
    counts.keys().try_for_each(|directory| store::exchanges::retain_newest(tx, *directory, keep.requests).map(drop))?;
    let displaced = store::exchanges::retain_bytes(tx, keep.bytes)?;
    store::sightings::note(tx, &kinds)?;
    known.into_iter().try_for_each(|(directory, known)| known.save(tx, directory))?;
    tokens.into_iter().try_for_each(|(hash, at)| activity::note_token(tx, &TokenHash(*hash), at))?;
    if let Some(newest) = newest {
        store::exchanges::note_newest(tx, newest)?;
    }
    Ok(Inserted { seen, displaced: displaced.into_iter().collect() })
}

/// Whether the directory of a request was deleted meanwhile.
fn is_gone(record: &Record, names: &Names) -> bool {
    record.exchange.directory.is_some_and(|directory| !names.has(directory))
}

/// Whether a request failed in a way that matters longer than others: not one of the simulator's, nor a look-up of somebody who is not here.
fn is_failure(NewExchange { row, .. }: &NewExchange) -> bool {
    row.status >= 400 && !row.is_simulated && (row.is_write || row.status != 404)
}

/// What is known of a directory so far.
fn known_of<'a>(
    tx: &WriteTx<'_>,
    known: &'a mut HashMap<DirectoryKey, Known>,
    directory: DirectoryKey,
) -> Result<&'a mut Known, StoreError> {
    Ok(match known.entry(directory) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(Known::read(tx, directory)?),
    })
}

/// Notes through which address accepted requests came.
fn note_origins(core: &Core, records: &[Record]) -> Result<(), StoreError> {
    let accepted = records.iter().filter(|record| {
        record.is_from_provider && record.exchange.details.authorization.verdict == AuthVerdict::Matched
    });
    let origins: HashSet<_> = accepted
        .filter_map(|Record { exchange, .. }| Some((exchange.directory?, exchange.details.came_through.as_deref()?)))
        .collect();
    origins.into_iter().try_for_each(|(directory, origin)| former_url::request_arrived(core, directory, origin))
}

/// A user whom a push was about.
struct Pushed {
    /// Of the user, in the store.
    key: ResourceKey,
    id: String,
    /// The key of the directory.
    directory: DirectoryKey,
    /// The number of the record, and of the push in it.
    place: (usize, usize),
}

/// Finds the users whom pushes are about; nobody where everybody was in step and is, as almost always.
fn pushed(core: &Core, records: &[Record]) -> Result<Vec<Pushed>, StoreError> {
    let failed = |push: &Push| push.failure.is_some();
    // Asked of the writer: whoever reads with the requests waits until the lists are derived.
    if !records.iter().any(|record| record.pushes.iter().any(failed))
        && !core.store.write_requests(|tx| drifts::is_any(tx))?
    {
        return Ok(Vec::new());
    }
    core.store.read(|c| {
        let mut found = Vec::new();
        for (at, record) in records.iter().enumerate() {
            let Some(directory) = record.exchange.directory else { continue };
            for (number, push) in record.pushes.iter().enumerate() {
                let user = match &push.whom {
                    Whom::Id(id) => resources::resolve(c, directory, id)?
                        .filter(|known| known.kind == ResourceKind::User)
                        .map(|known| (known.key, id.clone())),
                    Whom::UserName(name) => {
                        resources::by_user_name(c, directory, name)?.map(|record| (record.key, record.id))
                    }
                };
                found.extend(user.map(|(key, id)| Pushed { key, id, directory, place: (at, number) }));
            }
        }
        Ok(found)
    })
}

/// Notes who fell out of step with the identity provider, and who came back into it. Returns the ids of the users whose state changed, by
/// the keys of their directories.
fn note_pushes(
    tx: &WriteTx<'_>,
    records: &[Record],
    pushed: &[Pushed],
) -> Result<HashMap<DirectoryKey, Vec<String>>, StoreError> {
    let mut changed: HashMap<DirectoryKey, Vec<String>> = HashMap::new();
    for Pushed { key, id, directory, place: (at, number) } in pushed {
        let exchange = &records[*at].exchange;
        let is_news = match &records[*at].pushes[*number].failure {
            Some(failure) => {
                let new = NewDrift {
                    kind: failure.kind,
                    at: exchange.at,
                    exchange_id: exchange.row.id,
                    actor: &exchange.row.actor,
                    method: &failure.method,
                    status: failure.status,
                    reason: &failure.reason,
                };
                drifts::begin(tx, *key, &new)?;
                true
            }
            None => drifts::end(tx, *key)?,
        };
        if is_news {
            changed.entry(*directory).or_default().push(id.clone());
        }
    }
    Ok(changed)
}
