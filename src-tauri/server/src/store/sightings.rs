//! Table `sightings`: requests by what they were for, with the first and the newest of each kind.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_one};
use crate::clock::Millis;
use crate::facts::{ExchangeDetails, Facts, Sighting};
use crate::model::{Actor, AuthVerdict, Authorization, DirectoryId, DirectoryKey, ExchangeId, PERSON};

/// Requests for one thing that are about to be noted.
#[derive(Clone, Debug)]
pub(crate) struct NewSighting<'a> {
    /// The key of the directory.
    pub(crate) directory: DirectoryKey,
    pub(crate) method: &'a str,
    /// What they were for, one of a few.
    pub(crate) target: &'a str,
    pub(crate) status: u16,
    pub(crate) verdict: AuthVerdict,
    /// Who sent them, one of a few.
    pub(crate) who: Actor,
    /// Path and query of the first, decoded for reading.
    pub(crate) path: &'a str,
    /// The id of the first, and when it arrived.
    pub(crate) first: (ExchangeId, Millis),
    /// The same of the last.
    pub(crate) last: (ExchangeId, Millis),
}

impl NewSighting<'_> {
    /// Whether both have the same row.
    fn is_alike(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.directory, it.target, it.status, it.verdict);
        key(self) == key(other) && method(self.method) == method(other.method) && self.who == other.who
    }
}

/// What is about to be noted, a row each.
#[derive(Debug, Default)]
pub(crate) struct NewSightings<'a>(Vec<NewSighting<'a>>);

impl<'a> NewSightings<'a> {
    /// Takes in one more. They come in the order in which they were answered, which is not quite that of their ids.
    pub(crate) fn add(&mut self, new: NewSighting<'a>) {
        match self.0.iter_mut().find(|known| known.is_alike(&new)) {
            Some(known) if new.first < known.first => (known.first, known.path) = (new.first, new.path),
            Some(known) => known.last = known.last.max(new.last),
            None => self.0.push(new),
        }
    }
}

/// A recorded request of which nothing was noted.
pub(crate) struct Unnoted {
    pub(crate) directory: DirectoryKey,
    pub(crate) id: ExchangeId,
    pub(crate) at: Millis,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) actor: Actor,
    pub(crate) facts: Facts,
    pub(crate) verdict: AuthVerdict,
}

/// Methods that have rows of their own; others are one, so that nobody can make rows by inventing methods.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

fn method(name: &str) -> &str {
    if METHODS.contains(&name) { name } else { "…" }
}

/// Notes requests of directories; those of none are of no use to a guide.
pub(crate) fn note(c: &Connection, NewSightings(all): &NewSightings<'_>) -> Result<()> {
    let sql = "INSERT INTO sightings (directory, method, target, status, verdict, who, first_id, first_at, path, last_id, last_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
               ON CONFLICT DO UPDATE SET last_id = max(last_id, excluded.last_id), last_at = max(last_at, excluded.last_at)";
    for NewSighting { directory, method: name, target, status, verdict, who, path, first, last } in all {
        let (method, verdict) = (method(name), serde_json::to_string(verdict)?);
        let (first_id, first_at, last_id, last_at) = (first.0, first.1, last.0, last.1);
        let values =
            params![directory, method, target, status, verdict, who, first_id, first_at, path, last_id, last_at];
        execute(c, sql, values)?;
    }
    Ok(())
}

/// Forgets how requests of a directory were addressed that are not kept any more; what they were for stays.
pub(super) fn forget_paths(c: &Connection, directory: DirectoryKey) -> Result<()> {
    let sql = "UPDATE sightings SET path = target
               WHERE directory = ?1 AND path <> target AND NOT EXISTS (SELECT 1 FROM exchanges WHERE id = first_id)";
    execute(c, sql, [directory])
}

/// The requests of directories of which none was noted, the oldest first; those that the simulator sent or a person repeated are nobody's.
/// Their facts have to be there.
pub(crate) fn unnoted(c: &Connection) -> Result<Vec<Unnoted>> {
    let mut statement = c.prepare(
        // Directories first: of those that have been noted, no request is read.
        "SELECT e.directory, e.id, e.at, e.method, e.path, e.status, e.actor, e.facts, e.details
         FROM activity a CROSS JOIN exchanges e ON e.directory = a.directory
         WHERE e.facts IS NOT NULL AND e.details IS NOT NULL AND NOT e.is_simulated AND e.actor NOT IN ('you', 'replay')
           AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.directory = a.directory) ORDER BY e.directory, e.id",
    )?;
    let rows = statement.query_map([], |row| {
        let (directory, id, at, method, path, status, actor, Json(facts), details) = row.try_into()?;
        let ExchangeDetails { authorization: Authorization { verdict, .. }, .. } = details;
        Ok(Unnoted { directory, id, at, method, path, status, actor, facts, verdict })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was seen of a directory, the oldest first.
pub(crate) fn of_directory(c: &Connection, directory: DirectoryKey) -> Result<Vec<Sighting>> {
    let sql = "SELECT method, target, status, verdict, who, first_id, first_at, path, last_id, last_at FROM sightings
               WHERE directory = ?1 ORDER BY first_id";
    fetch_all(c, sql, [directory], |row| {
        let (method, target, status, Json(verdict), who, first_id, first_at, path, last_id, last_at) =
            row.try_into()?;
        Ok(Sighting { method, target, status, verdict, who, first_id, first_at, path, last_id, last_at })
    })
}

/// Who has sent requests to a directory, the first of them first.
pub(crate) fn clients(c: &Connection, directory: DirectoryKey) -> Result<Vec<Actor>> {
    let sql = "SELECT who FROM sightings WHERE directory = ?1 ORDER BY first_id";
    fetch_all(c, sql, [directory], |row| row.get(0))
}

/// The ids of the directories that a provider used, each with the time of its newest accepted request.
pub(crate) fn last_accepted(c: &Connection) -> Result<HashMap<DirectoryId, Millis>> {
    let sql = "SELECT d.id, max(s.last_at) FROM sightings s JOIN directories d ON d.key = s.directory
               WHERE s.verdict = '\"matched\"' AND s.who <> ?1 GROUP BY d.key";
    fetch_all(c, sql, [PERSON], |row| row.try_into())
}

/// Whether a request of a directory has been accepted, other than by a person at this machine.
pub(crate) fn has_accepted(c: &Connection, directory: DirectoryKey) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sightings WHERE directory = ?1 AND verdict = '\"matched\"' AND who <> ?2)";
    fetch_one(c, sql, params![directory, PERSON], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_are_known_in_whatever_order_they_were_answered() {
        let sighting = |id: i64, path| NewSighting {
            directory: DirectoryKey(1),
            method: "GET",
            target: "/Users",
            status: 401,
            verdict: AuthVerdict::Missing,
            who: PERSON,
            path,
            first: (ExchangeId(id), id * 10),
            last: (ExchangeId(id), id * 10),
        };
        let mut sightings = NewSightings::default();
        for (id, path) in [(12, "b"), (10, "a"), (11, "c")] {
            sightings.add(sighting(id, path));
        }
        sightings.add(NewSighting { status: 200, ..sighting(13, "d") });
        let seen: Vec<_> =
            sightings.0.iter().map(|known| (known.path, known.first.0.0, known.last.0.0, known.last.1)).collect();
        assert_eq!(seen, [("a", 10, 12, 120), ("d", 13, 13, 130)]);
    }
}
