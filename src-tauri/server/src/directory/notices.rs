//! What is worth a notification, from where it happens to where it is told.

use crate::core::Core;
use crate::facts::Operation;
use crate::insight::notices::{About, Seen};
use crate::model::{AuthVerdict, Event, Notice, ResourceKind};
use crate::store::exchanges::NewExchange;
use crate::store::{Connection, StoreError, changes, directories, settings, sightings};

/// Whoever asks with this is a person at this machine, who sees the answer.
const PERSON: &str = "curl";

/// What a request is news of. To be asked before the request is noted anywhere.
pub(crate) fn seen(c: &Connection, exchange: &NewExchange) -> Result<Vec<Seen>, StoreError> {
    // So is whoever replays one.
    let is_persons = exchange.actor == PERSON || exchange.replay_of.is_some();
    let Some(key) = exchange.directory.filter(|_| !is_persons) else {
        return Ok(Vec::new());
    };
    let text = exchange.summary.text.clone();
    if exchange.status >= 400 {
        // Asking for somebody who is not here is no trouble.
        let is_trouble = exchange.status == 401 || exchange.is_write;
        let about = if is_trouble { about(c, key)? } else { None };
        return Ok(about
            .map(|directory| Seen::Refused { directory, exchange: exchange.id, text })
            .into_iter()
            .collect());
    }
    let mut seen = Vec::new();
    if exchange.authorization.verdict == AuthVerdict::Matched {
        let is_first = !sightings::has_accepted(c, key)?;
        if (is_first || directories::is_refusing(c, key)?)
            && let Some(directory) = about(c, key)?
        {
            seen.push(Seen::Accepted { directory, is_first, text: text.clone() });
        }
    }
    if matches!(exchange.facts.operation, Operation::Create(ResourceKind::User) | Operation::Bulk)
        && let Some((first, user)) = changes::first_user(c, key)?
        && first == exchange.id
        && let Some(directory) = about(c, key)?
    {
        seen.push(Seen::FirstUser { directory, user, text });
    }
    Ok(seen)
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

fn about(c: &Connection, key: i64) -> Result<Option<About>, StoreError> {
    Ok(directories::name(c, key)?.map(|(id, name)| About { id, name }))
}
