//! What is worth a notification, from where it happens to where it is told.

use std::collections::HashMap;
use std::sync::Arc;

use crate::core::Core;
use crate::insight::guide;
use crate::insight::notices::{About, Seen};
use crate::model::{
    Actor, AuthVerdict, DirectoryId, DirectoryKey, Event, ExchangeId, GuideTrackId, MisaddressedRequests, Notice,
};
use crate::scopes::Scope;
use crate::store::activity::{Newest, Refused};
use crate::store::exchanges::NewExchange;
use crate::store::{Connection, StoreError, activity, changes, guide as guides, settings, sightings};

/// What a notice says that is not recorded with its request: the directories, by their keys, and the names of the first users, by the
/// requests that created them.
#[derive(Debug)]
pub(crate) struct Names {
    directories: HashMap<DirectoryKey, Arc<Scope>>,
    first_users: HashMap<ExchangeId, String>,
    /// What persons chose to follow.
    tracks: HashMap<DirectoryKey, GuideTrackId>,
}

impl Names {
    /// Reads the truth, `c`. `creating` are requests that created users, each with the key of its directory.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) fn read(
        core: &Core,
        c: &Connection,
        creating: &[(ExchangeId, DirectoryKey)],
    ) -> Result<Self, StoreError> {
        let directories = core.scopes.now().all().into_iter();
        let mut names = Self {
            directories: directories.map(|scope| (scope.directory, scope)).collect(),
            first_users: HashMap::new(),
            tracks: guides::tracks(c)?,
        };
        for (exchange, directory) in creating {
            let first = changes::first_user(c, *directory)?.filter(|(first, _)| first == exchange);
            names.first_users.extend(first);
        }
        Ok(names)
    }

    /// Whether a directory is there, and not deleted meanwhile.
    pub(crate) fn has(&self, directory: DirectoryKey) -> bool {
        self.directories.contains_key(&directory)
    }

    /// Whether a client may be the identity provider of a directory, of which these have been seen.
    fn may_be_provider(&self, directory: DirectoryKey, clients: &[Actor], who: &Actor) -> bool {
        let name = self.directories.get(&directory).map_or("", |scope| &scope.name);
        guide::may_be_provider(self.tracks.get(&directory).copied(), clients, name, who)
    }

    /// The public id of a directory.
    pub(crate) fn id(&self, directory: DirectoryKey) -> Option<&DirectoryId> {
        self.directories.get(&directory).map(|scope| &scope.directory_id)
    }
}

/// What was known of a directory before a request.
#[derive(Debug)]
pub(crate) struct Known {
    /// Whether an identity provider's request has been accepted.
    has_accepted: bool,
    newest: Newest,
    directory: DirectoryKey,
    /// Who has sent requests, the first of them first.
    clients: Vec<Actor>,
}

impl Known {
    /// Reads what is known of a directory. `c` is the record of requests.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) fn read(c: &Connection, directory: DirectoryKey) -> Result<Self, StoreError> {
        let has_accepted = sightings::has_accepted(c, directory)?;
        let (newest, clients) = (activity::newest(c, directory)?, sightings::clients(c, directory)?);
        Ok(Self { has_accepted, newest, directory, clients })
    }

    /// Takes in that a request went to an address that is nearly this directory's. `is_sure`: its token says so; else it counts as that of a
    /// stranger does.
    pub(crate) fn note_misaddressed(&mut self, requests: &MisaddressedRequests, is_sure: bool, names: &Names) {
        // A person who tries something with a tool knows what they do.
        if requests.actor.is_person() {
            return;
        }
        let may_be = || !self.has_accepted && names.may_be_provider(self.directory, &self.clients, &requests.actor);
        if is_sure || may_be() {
            self.newest.note_misaddressed(requests.clone());
        }
    }

    /// Takes a request in. A stranger's says something of the setup only as long as it never worked: then it may be the identity provider with a
    /// token that was pasted wrongly.
    ///
    /// # Errors
    /// None that a request can cause.
    pub(crate) fn note(
        &mut self,
        exchange: &NewExchange,
        is_accepted: bool,
        is_stranger: bool,
        names: &Names,
    ) -> Result<(), StoreError> {
        if is_stranger && self.has_accepted {
            return Ok(());
        }
        let refused = (exchange.row.status == 401).then(|| Refused {
            authorization: &exchange.details.authorization,
            exchange: exchange.row.id,
            is_of_provider: names.may_be_provider(self.directory, &self.clients, &exchange.row.actor),
        });
        self.has_accepted |=
            exchange.details.authorization.verdict == AuthVerdict::Matched && !exchange.row.actor.is_person();
        self.newest.note(exchange.at, exchange.row.status, is_accepted, refused)
    }

    /// Whether a request that is refused for its token is an alarm.
    fn is_alarm(&self, exchange: &NewExchange, names: &Names) -> bool {
        names.may_be_provider(self.directory, &self.clients, &exchange.row.actor)
            || self.newest.is_repeated_by(exchange.at)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) fn save(&self, c: &Connection, directory: DirectoryKey) -> Result<(), StoreError> {
        activity::set_newest(c, directory, &self.newest)
    }
}

/// What a request is news of, to those who know this much of its directory.
pub(crate) fn seen(known: &Known, exchange: &NewExchange, names: &Names) -> Vec<Seen> {
    let row = &exchange.row;
    let Some(key) = exchange.directory.filter(|_| !row.actor.is_person()) else { return Vec::new() };
    let Some(directory) = names.directories.get(&key) else { return Vec::new() };
    let about = || About { id: directory.directory_id.clone(), name: directory.name.clone() };
    let (directory, text) = (about, row.summary.text.clone());
    if row.status >= 400 {
        // Asking for somebody who is not here is harmless, and so is one request of anybody with a token of no use.
        let is_trouble = match row.status {
            401 => known.is_alarm(exchange, names),
            _ => row.is_write,
        };
        let refused = || Seen::Refused { directory: directory(), exchange: row.id, text };
        return is_trouble.then(refused).into_iter().collect();
    }
    let mut seen = Vec::new();
    if exchange.details.authorization.verdict == AuthVerdict::Matched {
        let is_first = !known.has_accepted;
        if is_first || known.newest.is_refusing() {
            seen.push(Seen::Accepted { directory: directory(), is_first, text: text.clone() });
        }
    }
    if let Some(user) = names.first_users.get(&row.id) {
        seen.push(Seen::FirstUser { directory: directory(), user: user.clone(), text });
    }
    seen
}

/// Takes in what was seen, and tells what is to be told at once.
pub(crate) fn take(core: &Core, seen: Seen) {
    let notice = core.gathering().take(seen, core.clock.now());
    core.gathered.notify_one();
    publish(core, notice);
}

/// Tells what has been gathered for long enough.
pub(crate) fn tell_due(core: &Core) {
    let notice = core.gathering().due(core.clock.now());
    publish(core, notice);
}

fn publish(core: &Core, notice: Option<Notice>) {
    let Some(notice) = notice else { return };
    match core.store.read(settings::read) {
        Ok(settings) if settings.notify.wants(notice.kind) => core.live.publish(Event::Notice { notice }),
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "a notification could not be told"),
    }
}
