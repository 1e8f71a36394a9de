//! From the changes of the truth to what lists show.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};
use scim::search_key;

use super::sort_key::{collation, sort_key};
use crate::clock::Millis;
use crate::model::{
    Change, ChangeKind, ChangeSeq, DirectoryId, DirectoryKey, Moved, ResourceKey, ResourceKind, ResourceState,
};
use crate::store::changes::Appended;
use crate::store::sql::{self, Json, Kind, execute, fetch_all, fetch_one, fetch_optional};
use crate::store::{Result, Store, StoreError, changes, history, members};

/// Changes that are derived in one transaction.
const MOST_AT_ONCE: u32 = 1_000;

/// Resources that are derived in one transaction when all are.
const MOST_REBUILT: u32 = 2_000;

/// Characters of a name that decide its place in a list.
const NAME_SORTED: usize = 100;

/// Characters of each text that a search looks into, and email addresses of a user.
const TEXT_SEARCHED: usize = 200;
const EMAILS_SEARCHED: usize = 10;

/// What a piece of work has brought into the lists.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// The changes, in order.
    pub(crate) changes: Vec<Change>,
    /// Groups whose unknown members are known now, each with the id of its directory.
    pub(crate) recognized: BTreeMap<DirectoryId, Vec<String>>,
    /// The newest change that the lists show.
    pub(crate) seq: ChangeSeq,
}

/// What changes of a row, and what the row is in the truth.
#[derive(Debug)]
pub(super) struct Derivation {
    key: ResourceKey,
    directory: DirectoryKey,
    kind: ResourceKind,
    state: ResourceState,
    sort_key: Vec<u8>,
    search: String,
    /// Of a user: in how many groups it is.
    groups: u64,
    /// Of a group: how many members more, and how many it does not know.
    more_members: i64,
    unknown: u64,
    /// `None`: by nothing.
    touched: Option<Touch>,
}

/// The newest change that touched a resource.
#[derive(Clone, Copy, Debug)]
struct Touch {
    seq: ChangeSeq,
    at: Millis,
    how: Option<Moved>,
}

/// What a few changes mean for each resource.
#[derive(Debug, Default)]
struct Effects {
    touched: BTreeMap<ResourceKey, Touch>,
    /// By groups.
    more_members: BTreeMap<ResourceKey, i64>,
    /// Groups that may know more of their members.
    recognizing: BTreeSet<ResourceKey>,
}

/// In the place of the newest change that lists show: they are being built as a whole.
const BUILDING: ChangeSeq = ChangeSeq(-1);

/// What is derived of lists that somebody had built anew meanwhile: nothing of it counts.
const NOTHING: ChangeSeq = ChangeSeq(i64::MIN);

/// How far the lists are derived; `None`: they have to be built as a whole, as those that are sorted by another collation have.
fn watermark(c: &Connection) -> Result<Option<ChangeSeq>> {
    fetch_optional(c, "SELECT seq FROM derived WHERE collation = ?1", [collation()], |row| row.get(0))
}

/// Whether the lists show the newest change. Reads both databases.
pub(in crate::store) fn are_current(c: &Connection) -> Result<bool> {
    // A snapshot begins with the first look: what was heard is never ahead of the truth.
    let listed = watermark(c)?;
    Ok(listed == Some(changes::newest_seq(c)?))
}

/// Has the lists built as a whole by whoever derives them next. Whoever is at it begins again.
pub(in crate::store) fn forget_watermark(c: &Connection) -> Result<()> {
    execute(c, "DELETE FROM derived", [])
}

/// Derives some of what changed; nothing: the lists show everything.
pub(in crate::store) fn derive_some(store: &Store) -> Result<Derived> {
    let Some(from) = store.write_requests(|tx| watermark(tx))?.filter(|from| *from != BUILDING) else {
        return rebuild(store);
    };
    derive_from(store, from)
}

/// Derives some of what changed after `from`, which the lists show.
fn derive_from(store: &Store, from: ChangeSeq) -> Result<Derived> {
    let (derived, derivations) = store.read(|c| {
        let newest = changes::newest_seq(c)?;
        if newest < from || from < history::trimmed(c)? {
            // The truth is an older one than the lists know, or has let go of changes that they have not read.
            return Ok::<_, StoreError>((Derived { seq: ChangeSeq(-1), ..Derived::default() }, Vec::new()));
        }
        let rows = changes::after(c, from, MOST_AT_ONCE)?;
        let effects = Effects::of(c, &rows)?;
        let mut derivations = Vec::new();
        let keys: BTreeSet<ResourceKey> = effects.touched.keys().chain(&effects.recognizing).copied().collect();
        for key in keys {
            derivations.extend(effects.derivation(c, key)?);
        }
        let seq = rows.last().map_or(newest, |row| row.change.seq);
        let recognized = recognized(c, &effects.recognizing)?;
        let changes = rows.into_iter().map(|row| row.change).collect();
        Ok((Derived { changes, recognized, seq }, derivations))
    })?;
    if derived.seq < ChangeSeq(0) {
        return rebuild(store);
    }
    let seq = derived.seq;
    let is_noted = seq == from
        || store.write_requests(move |tx| {
            // Added up, they would not be right in lists that were put aside or are to be built anew.
            if watermark(tx)? != Some(from) {
                return Ok::<_, StoreError>(false);
            }
            derivations.iter().try_for_each(|derivation| derivation.apply(tx))?;
            set_watermark(tx, seq)?;
            Ok(true)
        })?;
    Ok(if is_noted { derived } else { Derived { seq: NOTHING, ..Derived::default() } })
}

/// Builds the lists as a whole from the truth.
fn rebuild(store: &Store) -> Result<Derived> {
    store.write_requests(|tx| {
        // Who is out of step stays so.
        let sql = "DELETE FROM derived; DELETE FROM listing_counts; DROP TRIGGER listing_gone; DELETE FROM listing;
                   INSERT INTO listing_search (listing_search) VALUES ('rebuild');";
        let trigger: String =
            tx.query_row("SELECT sql FROM sqlite_schema WHERE name = 'listing_gone'", [], |row| row.get(0))?;
        tx.execute_batch(sql)?;
        tx.execute_batch(&trigger)?;
        set_watermark(tx, BUILDING)
    })?;
    // One snapshot for all: what changes meanwhile is derived afterwards.
    let seq = store.read(|c| {
        let seq = changes::newest_seq(c)?;
        let mut after = ResourceKey(0);
        loop {
            let sql = "SELECT key FROM resources WHERE key > ?1 ORDER BY key LIMIT ?2";
            let keys: Vec<ResourceKey> = fetch_all(c, sql, params![after, MOST_REBUILT], |row| row.get(0))?;
            let Some(last) = keys.last() else { return Ok::<_, StoreError>(seq) };
            after = *last;
            let mut derivations = Vec::with_capacity(keys.len());
            for key in keys {
                derivations.extend(whole(c, key)?);
            }
            store.write_requests(move |tx| derivations.iter().try_for_each(|derivation| derivation.apply(tx)))?;
        }
    })?;
    let is_whole = store.write_requests(move |tx| {
        let is_whole = watermark(tx)? == Some(BUILDING);
        if is_whole {
            set_watermark(tx, seq)?;
        }
        Ok::<_, StoreError>(is_whole)
    })?;
    Ok(Derived { seq: if is_whole { seq } else { NOTHING }, ..Derived::default() })
}

fn set_watermark(c: &Connection, seq: ChangeSeq) -> Result<()> {
    let sql = "INSERT INTO derived (only, seq, collation) VALUES (1, ?1, ?2)
               ON CONFLICT DO UPDATE SET seq = excluded.seq, collation = excluded.collation";
    execute(c, sql, params![seq, collation()])
}

/// The row of a resource from the truth alone, without what touched it.
pub(super) fn untouched(c: &Connection, key: ResourceKey) -> Result<Option<Derivation>> {
    let Some(mut derivation) = Effects::default().derivation(c, key)? else { return Ok(None) };
    if derivation.kind == ResourceKind::Group {
        let sql = "SELECT count(*) FROM members WHERE group_key = ?1";
        derivation.more_members = fetch_one(c, sql, [key], |row| row.get(0))?;
    }
    Ok(Some(derivation))
}

/// The row of a resource from the truth alone.
fn whole(c: &Connection, key: ResourceKey) -> Result<Option<Derivation>> {
    let Some(mut derivation) = untouched(c, key)? else { return Ok(None) };
    let sql = "SELECT seq, at, how FROM (
                 SELECT seq, at, 0 AS how FROM changes WHERE resource = ?1
                 UNION ALL SELECT c.seq, c.at, 1 FROM members m JOIN changes c ON c.seq = m.came
                   WHERE m.value = (SELECT id FROM resources WHERE key = ?1) AND m.resource = ?1
                 UNION ALL SELECT c.seq, c.at, 2 FROM former_members f JOIN changes c ON c.seq = f.went
                   WHERE f.value = (SELECT id FROM resources WHERE key = ?1) AND f.resource = ?1
               ) ORDER BY seq DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok(Touch { seq: row.get(0)?, at: row.get(1)?, how: changes::read_moved(row, 2)? });
    derivation.touched = fetch_optional(c, sql, [key], read)?;
    Ok(Some(derivation))
}

/// The ids of groups, by those of their directories.
fn recognized(c: &Connection, groups: &BTreeSet<ResourceKey>) -> Result<BTreeMap<DirectoryId, Vec<String>>> {
    let mut recognized: BTreeMap<DirectoryId, Vec<String>> = BTreeMap::new();
    for group in groups {
        let sql = "SELECT d.id, r.id FROM resources r JOIN directories d ON d.key = r.directory WHERE r.key = ?1";
        if let Some((directory, id)) = fetch_optional(c, sql, [group], |row| row.try_into())? {
            recognized.entry(directory).or_default().push(id);
        }
    }
    Ok(recognized)
}

impl Effects {
    /// Of changes in order.
    fn of(c: &Connection, rows: &[Appended]) -> Result<Self> {
        let mut effects = Self::default();
        for Appended { resource, at, change } in rows {
            let (seq, at) = (change.seq, *at);
            effects.touched.insert(*resource, Touch { seq, at, how: None });
            if let Some(moves) = &change.members {
                *effects.more_members.entry(*resource).or_default() +=
                    moves.added_count as i64 - moves.removed_count as i64;
                for (member, how) in members::moved(c, *resource, seq)? {
                    effects.touched.insert(member, Touch { seq, at, how: Some(how) });
                }
            }
            if change.kind == ChangeKind::Created && change.resource_kind == ResourceKind::User {
                effects.recognizing.extend(members::groups_before(c, *resource, &change.resource_id, seq)?);
            }
        }
        Ok(effects)
    }

    /// What becomes of the row of a resource; `None`: it went with its directory.
    fn derivation(&self, c: &Connection, key: ResourceKey) -> Result<Option<Derivation>> {
        let sql = "SELECT r.directory, r.kind, r.state, r.id, r.name, r.user_name, r.external_id, v.body -> '$.emails', v.body -> '$.title'
                   FROM resources r LEFT JOIN versions v ON v.seq = r.last_change AND r.kind = 'user' WHERE r.key = ?1";
        let read = |row: &Row<'_>| {
            let (Kind(kind), id, name): (_, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
            let (user_name, external_id): (String, Option<String>) = (row.get(5)?, row.get(6)?);
            let emails: Option<Json<Vec<serde_json::Value>>> = row.get(7)?;
            let emails = emails
                .iter()
                .flat_map(|Json(emails)| emails)
                .filter_map(|email| email.get("value")?.as_str())
                .take(EMAILS_SEARCHED);
            let title: Option<Json<serde_json::Value>> = row.get(8)?;
            let title = title.as_ref().and_then(|Json(title)| title.as_str());
            let texts = [name.as_str(), &user_name].into_iter().chain(emails).chain(title);
            let derivation = Derivation {
                key,
                directory: row.get(0)?,
                kind,
                state: row.get(2)?,
                sort_key: sort_key(&beginning(&name, NAME_SORTED)),
                search: searched(texts.chain(external_id.as_deref()).chain([id.as_str()])),
                groups: 0,
                more_members: self.more_members.get(&key).copied().unwrap_or_default(),
                unknown: 0,
                touched: self.touched.get(&key).copied(),
            };
            Ok((derivation, id))
        };
        let found = fetch_optional(c, sql, [key], read)?;
        let Some((mut derivation, id)) = found else { return Ok(None) };
        if derivation.state != ResourceState::Deleted {
            match derivation.kind {
                ResourceKind::User => derivation.groups = members::count_groups(c, key, &id)?,
                ResourceKind::Group => derivation.unknown = members::count_unknown(c, key)?,
            }
        }
        Ok(Some(derivation))
    }
}

impl Derivation {
    /// Whether the lists show the resource as it is; `None`: not at all. Reads both databases.
    pub(super) fn is_shown(&self, c: &Connection) -> Result<Option<bool>> {
        let sql = "SELECT directory = ?2 AND kind = ?3 AND state = ?4 AND sort_key = ?5 AND search = ?6 AND size = ?7 AND unknown = ?8
                     AND is_adrift = (?8 > 0 OR EXISTS (SELECT 1 FROM drift WHERE resource = ?1))
                   FROM listing WHERE key = ?1";
        let size = if self.state == ResourceState::Deleted { 0 } else { self.size() };
        let kind = sql::word(self.kind);
        let values =
            params![self.key, self.directory, kind, self.state, self.sort_key, self.search, size, self.unknown];
        fetch_optional(c, sql, values, |row| row.get(0))
    }

    /// In how many groups it is, or how many members more it has.
    fn size(&self) -> i64 {
        if self.kind == ResourceKind::User { self.groups as i64 } else { self.more_members }
    }

    fn apply(&self, c: &Connection) -> Result<()> {
        let is_gone = self.state == ResourceState::Deleted;
        if is_gone {
            execute(c, "DELETE FROM drift WHERE resource = ?1", [self.key])?;
        }
        let size = self.size();
        let touched = self.touched;
        let how = touched.and_then(|touch| touch.how).map_or(0, |how| if how == Moved::Came { 1 } else { 2 });
        let sql = "INSERT INTO listing (key, directory, kind, state, sort_key, search, size, unknown, is_adrift, touched, touched_at, touched_how)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?12, 0, ?7), ?8, ?8 > 0 OR EXISTS (SELECT 1 FROM drift WHERE resource = ?1), ifnull(?9, 0),
               ifnull(?10, 0), ?11)
             ON CONFLICT DO UPDATE SET state = excluded.state, sort_key = excluded.sort_key, search = excluded.search,
             size = CASE WHEN ?12 THEN 0 WHEN kind = 'group' THEN size + ?7 ELSE excluded.size END, unknown = excluded.unknown,
             is_adrift = excluded.is_adrift, touched = ifnull(?9, touched), touched_at = ifnull(?10, touched_at),
             touched_how = iif(?9 IS NULL, touched_how, excluded.touched_how)";
        let values = params![
            self.key,
            self.directory,
            sql::word(self.kind),
            self.state,
            self.sort_key,
            self.search,
            size,
            self.unknown,
            touched.map(|touch| touch.seq),
            touched.map(|touch| touch.at),
            how,
            is_gone,
        ];
        execute(c, sql, values)
    }
}

/// What a search looks into: each text once, on a line of its own, so that nothing is found across two.
fn searched<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        let line = search_key(&beginning(text, TEXT_SEARCHED)).replace(['\n', '\0'], " ");
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn beginning(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_added_to_lists_that_are_to_be_built_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let mark = || store.write_requests(|tx| watermark(tx)).expect("it is read");
        let started = derive_some(&store).expect("lists are built").seq;
        assert_eq!(mark(), Some(started));
        let sql = "INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
            INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
            INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
            VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);
            INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at, last_change)
            VALUES (1, 1, 'user', 'active', 'u', 'Ada', 'ada', 'ada', 'okta', 1, 0, 0, 1);
            INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor)
            VALUES (1, 1, 1, 0, 'created', 'Ada', '[]', 'okta');";
        store.write(move |tx| Ok::<_, StoreError>(tx.execute_batch(sql)?)).expect("it is written");
        store.write_requests(|tx| forget_watermark(tx)).expect("somebody wants them anew");
        let late = derive_from(&store, started).expect("it is derived");
        assert_eq!((late.seq, late.changes.len(), mark()), (NOTHING, 0, None), "who had begun before is too late");
        assert_eq!(derive_some(&store).expect("lists are built").seq, ChangeSeq(1));
        store.write_requests(|tx| set_watermark(tx, BUILDING)).expect("a crash while they were built");
        assert_eq!(derive_some(&store).expect("lists are built").seq, ChangeSeq(1));
        let sorted_otherwise = "UPDATE derived SET collation = x'00'; UPDATE listing SET sort_key = x'00'";
        store.write_requests(|tx| Ok::<_, StoreError>(tx.execute_batch(sorted_otherwise)?)).expect("it is written");
        assert_eq!(mark(), None, "another version sorted them");
        assert_eq!(derive_some(&store).expect("lists are built").seq, ChangeSeq(1));
        let sorted = "SELECT sort_key FROM listing";
        let sorted: Vec<u8> = store.read_with_requests(|c| fetch_one(c, sorted, [], |row| row.get(0))).expect("a row");
        assert_eq!(sorted, sort_key("Ada"));
    }
}
