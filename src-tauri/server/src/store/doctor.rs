//! Looking through a data folder for what is not as it should be, and mending what can be.
//!
//! It uses connections of its own, whether or not the folder is open, and knows of no server: what it finds are sentences.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::{BUSY, OpenError, attach_requests, version, version_of};
use super::files::{REQUESTS, REQUESTS_SCHEMA, TRUTH};
use super::listing::{self, Differences};
use super::open::take;
use super::{Result, StoreError, migrations, requests, space};
use crate::model::{DataCheck, DataFinding, DataOutcome, ResourceKey};

/// How often it is waited until lists show everything, while others write.
const LOOKS: u32 = 20;

/// Users and groups that are compared in one snapshot: while one is read, the journal cannot begin anew.
const MOST_COMPARED: u32 = 2_000;

/// Sentences of SQLite about one database that are looked at.
const MOST_LINES: u32 = 100;

/// What can be done about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    /// Indexes are made anew.
    Reindex,
    /// What is counted is counted again.
    Recount,
    /// The search index is made anew.
    RebuildSearch,
    /// The lists are made anew from the users and groups.
    ListAgain,
    /// The record of requests is put aside, and a new one begun.
    SetAside,
    /// A backup has to take its place.
    None,
}

/// Who has the folder that is looked through.
pub(super) trait Owner {
    /// Has the writers wait for so long while another connection has the lock.
    fn wait_for_locks(&self, time: Duration);
    /// Puts the damaged record of requests aside.
    fn set_aside(&self) -> Result<()>;
    /// Waits until the lists show what has been committed.
    fn wait_for_lists(&self);
    /// Has the lists brought up to date again.
    fn list_again(&self);
}

/// Nobody has it.
struct Closed<'f>(&'f Path);

impl Owner for Closed<'_> {
    fn wait_for_locks(&self, _time: Duration) {}

    fn set_aside(&self) -> Result<()> {
        requests::set_aside(&self.0.join(REQUESTS)).map(drop).map_err(StoreError::Sqlite)
    }

    fn wait_for_lists(&self) {}

    /// The next start does.
    fn list_again(&self) {}
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    text: String,
    remedy: Remedy,
}

impl Fault {
    fn new(text: impl Into<String>, remedy: Remedy) -> Self {
        Self { text: text.into(), remedy }
    }
}

/// How each number of lists and of the record has to be: what is counted wrong, what says so, and how it is counted again.
const COUNTS: [(&str, &str, &str); 3] = [
    (
        "The numbers of recorded requests are wrong: those of a directory, its errors, its writes or those with notes.",
        "SELECT count(*) FROM (
           SELECT ifnull(directory, 0) AS one, count(*) AS a, sum(status >= 400) AS b, sum(is_write) AS c, sum(note_count > 0) AS d
           FROM requests.exchanges GROUP BY 1
         ) FULL JOIN requests.activity x ON x.directory = one
         WHERE (ifnull(a, 0), ifnull(b, 0), ifnull(c, 0), ifnull(d, 0))
           IS NOT (ifnull(exchange_count, 0), ifnull(error_count, 0), ifnull(write_count, 0), ifnull(x.note_count, 0))",
        "UPDATE requests.activity SET exchange_count = 0, error_count = 0, write_count = 0, note_count = 0;
         INSERT INTO requests.activity (directory, exchange_count, error_count, write_count, note_count)
         SELECT ifnull(directory, 0), count(*), sum(status >= 400), sum(is_write), sum(note_count > 0)
         FROM requests.exchanges WHERE true GROUP BY 1
         ON CONFLICT DO UPDATE SET exchange_count = excluded.exchange_count, error_count = excluded.error_count,
           write_count = excluded.write_count, note_count = excluded.note_count;",
    ),
    (
        "The space that recorded requests take is counted wrong, so that too many or too few are kept.",
        "SELECT count(*) FROM (
           SELECT ifnull(directory, 0) AS one, sender AS who, count(*) AS a, sum({BYTES}) AS b FROM requests.exchanges GROUP BY 1, 2
         ) FULL JOIN requests.kept x ON x.directory = one AND x.sender = who
         WHERE (ifnull(a, 0), ifnull(b, 0)) IS NOT (ifnull(requests, 0), ifnull(bytes, 0))",
        "DELETE FROM requests.kept;
         INSERT INTO requests.kept SELECT ifnull(directory, 0), sender, count(*), sum({BYTES}) FROM requests.exchanges GROUP BY 1, 2;",
    ),
    (
        "The numbers of users and groups in lists are wrong.",
        "SELECT count(*) FROM (
           SELECT directory AS one, kind AS which, sum(state = 'active') AS a, sum(state = 'deactivated') AS b, sum(state = 'deleted') AS c,
             sum(is_adrift) AS d
           FROM requests.listing GROUP BY 1, 2
         ) FULL JOIN requests.listing_counts x ON x.directory = one AND x.kind = which
         WHERE (ifnull(a, 0), ifnull(b, 0), ifnull(c, 0), ifnull(d, 0))
           IS NOT (ifnull(active, 0), ifnull(deactivated, 0), ifnull(deleted, 0), ifnull(adrift, 0))",
        "DELETE FROM requests.listing_counts;
         INSERT INTO requests.listing_counts (directory, kind, active, deactivated, deleted, adrift)
         SELECT directory, kind, sum(state = 'active'), sum(state = 'deactivated'), sum(state = 'deleted'), sum(is_adrift)
         FROM requests.listing GROUP BY 1, 2;",
    ),
];

/// Looks through a folder that nobody has open, and mends what can be if `repairs`.
///
/// # Errors
/// If somebody has it open, it is not there, or a newer version wrote it.
pub fn check_closed(folder: &Path, repairs: bool) -> Result<DataCheck, OpenError> {
    let path = folder.join(TRUTH);
    let cannot = |error: &dyn std::fmt::Display| OpenError::NotWritable(folder.to_owned(), error.to_string());
    if !path.exists() {
        return Err(cannot(&"there is no database in it"));
    }
    let _lock = take(folder)?;
    for (name, newest) in [(TRUTH, migrations::TRUTH.newest()), (REQUESTS, migrations::REQUESTS.newest())] {
        let path = folder.join(name);
        // One that cannot be read is a finding.
        if let Ok(found) =
            Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|c| version(&c))
            && found > newest
        {
            return Err(OpenError::Newer(path, found, newest));
        }
    }
    let check = check(folder, repairs, &Closed(folder));
    check.map_err(|error| OpenError::NotExamined(folder.to_owned(), error.to_string()))
}

/// Looks through a folder.
///
/// # Errors
/// If a database cannot be looked through, which says nothing of what is in it: it is locked, or the disk is full; with `repairs`, if it
/// cannot be written.
pub(super) fn check(folder: &Path, repairs: bool, owner: &impl Owner) -> Result<DataCheck> {
    // Whoever only looks takes the lock as well: the search index is compared by a statement that writes.
    owner.wait_for_locks(space::PATIENCE);
    let check = check_patiently(folder, repairs, owner);
    owner.wait_for_locks(BUSY);
    check
}

fn check_patiently(folder: &Path, repairs: bool, owner: &impl Owner) -> Result<DataCheck> {
    let before = space::bytes(folder)?;
    let (mut faults, mut are_lists_compared) = examine(folder, owner)?;
    let mut left = faults.clone();
    if repairs {
        match mend(folder, &faults, owner) {
            Ok(()) => give_back(folder, &faults),
            // What is left of it is found below.
            Err(error @ StoreError::Damaged(_)) => {
                tracing::warn!(%error, "the data folder could not be repaired as a whole");
            }
            Err(error) => return Err(error),
        }
        (left, are_lists_compared) = examine(folder, owner)?;
        // What could not be seen before.
        faults.extend(
            left.iter()
                .filter(|fault| faults.iter().all(|one| one.remedy != fault.remedy))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    let outcome = |fault: &Fault| match (left.iter().any(|one| one.remedy == fault.remedy), fault.remedy) {
        (false, _) => DataOutcome::Repaired,
        (true, Remedy::None) => DataOutcome::BeyondRepair,
        (true, _) if repairs => DataOutcome::BeyondRepair,
        (true, _) => DataOutcome::Repairable,
    };
    let findings =
        faults.iter().map(|fault| DataFinding { text: fault.text.clone(), outcome: outcome(fault) }).collect();
    let bytes = space::bytes(folder)?;
    let freed_bytes = if repairs { before.saturating_sub(bytes) } else { 0 };
    Ok(DataCheck { is_healthy: left.is_empty(), findings, are_lists_compared, bytes, freed_bytes })
}

/// Gives back what the databases need no more. It goes without, too, where the disk is too full for a copy.
fn give_back(folder: &Path, faults: &[Fault]) {
    for name in [TRUTH, REQUESTS] {
        let path = folder.join(name);
        // To write a damaged truth anew would lose what can still be rescued from its pages.
        let is_kept = name == TRUTH && is_beyond_repair(faults);
        if !is_kept
            && path.exists()
            && let Err(error) = space::give_back(&path, |_| Ok(()))
        {
            tracing::warn!(%error, name, "a database could not give back what it needs no more");
        }
    }
}

/// Whether the truth has a fault that nothing is done about: not a byte of it may change.
fn is_beyond_repair(faults: &[Fault]) -> bool {
    faults.iter().any(|fault| fault.remedy == Remedy::None)
}

/// Why the databases of a folder cannot be read as a whole, as a sentence; `None`: they can.
///
/// # Errors
/// If they cannot be looked through.
pub(super) fn unreadable(folder: &Path) -> Result<Option<String>> {
    let is_lasting = |fault: &Fault| matches!(fault.remedy, Remedy::None | Remedy::SetAside);
    Ok(examine_databases(folder)?.into_iter().find(is_lasting).map(|fault| fault.text))
}

/// Everything that is wrong with a folder, and whether its lists were compared.
///
/// # Errors
/// If a database cannot be looked through, which says nothing of what is in it: only what SQLite calls damaged is a fault.
fn examine(folder: &Path, owner: &impl Owner) -> Result<(Vec<Fault>, bool)> {
    let mut faults = examine_databases(folder)?;
    let can_compare = |fault: &Fault| matches!(fault.remedy, Remedy::Recount | Remedy::RebuildSearch);
    let differences = if faults.iter().all(can_compare) { compare_lists(folder, owner)? } else { None };
    let are_compared = differences.is_some();
    faults.extend(differences.and_then(wrong_lists));
    Ok((faults, are_compared))
}

/// What is wrong with each of the databases.
fn examine_databases(folder: &Path) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    if let Some(error) = damage(examine_truth(folder, &mut faults))? {
        faults.push(damaged(&error));
    }
    if folder.join(REQUESTS).exists()
        && let Some(error) = damage(examine_requests(folder, &mut faults))?
    {
        faults.push(damaged_record(&error));
    }
    Ok(faults)
}

/// The damage that ended a look.
fn damage(looked: Result<()>) -> Result<Option<StoreError>> {
    match looked {
        Ok(()) => Ok(None),
        Err(error @ StoreError::Damaged(_)) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

fn examine_truth(folder: &Path, faults: &mut Vec<Fault>) -> Result<()> {
    let c = connect(folder)?;
    // A database that lost all its pages looks like a new one, and whatever was in it is gone.
    if version(&c)? == 0 {
        return Err(StoreError::Damaged("it is empty".to_owned()));
    }
    pages(&c, "main", faults)?;
    faults.extend(references(&c)?);
    Ok(())
}

fn examine_requests(folder: &Path, faults: &mut Vec<Fault>) -> Result<()> {
    let c = Connection::open_in_memory()?;
    attach(&c, folder)?;
    pages(&c, REQUESTS_SCHEMA, faults)?;
    let version = version_of(&c, REQUESTS_SCHEMA)?;
    if version == 0 {
        return Err(StoreError::Damaged("it is empty".to_owned()));
    }
    // What an earlier version counts is counted anew at the next start.
    if version < migrations::REQUESTS.newest() {
        return Ok(());
    }
    for (text, wrong, _) in COUNTS {
        if c.query_row(&with_bytes(wrong), [], |row| row.get::<_, u64>(0))? > 0 {
            faults.push(Fault::new(text, Remedy::Recount));
        }
    }
    let is_said = faults.iter().any(|fault| fault.remedy == Remedy::RebuildSearch);
    if !is_said && let Err(error) = search(&c, "(listing_search, rank) VALUES ('integrity-check', 1)") {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => faults.push(search_fault()),
            _ => return Err(error.into()),
        }
    }
    Ok(())
}

/// Compares the lists with the users and groups that they are made of; `None`: they are behind, and were not compared.
fn compare_lists(folder: &Path, owner: &impl Owner) -> Result<Option<Differences>> {
    if !folder.join(REQUESTS).exists() {
        return Ok(None);
    }
    let c = connect(folder)?;
    attach(&c, folder)?;
    let is_newest =
        version(&c)? == migrations::TRUTH.newest() && version_of(&c, REQUESTS_SCHEMA)? == migrations::REQUESTS.newest();
    // Those of an earlier version, and those that a crash left behind, are brought up to date by the next start.
    if !is_newest {
        return Ok(None);
    }
    let mut differences = Differences::default();
    let (mut after, mut looks) = (ResourceKey(0), 0);
    while looks < LOOKS {
        owner.wait_for_lists();
        c.execute_batch("BEGIN")?;
        let are_current = listing::are_current(&c)?;
        let last = if are_current { differences.compare_some(&c, after, MOST_COMPARED)? } else { None };
        c.execute_batch("COMMIT")?;
        match (are_current, last) {
            (false, _) => looks += 1,
            (true, Some(last)) => (after, looks) = (last, 0),
            (true, None) => return Ok(Some(differences)),
        }
    }
    Ok(None)
}

fn wrong_lists(differences: Differences) -> Option<Fault> {
    let Differences { missing, changed, extra } = differences;
    let of = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {many}")),
    };
    let parts = [
        of(missing, "1 user or group is missing", "users and groups are missing"),
        of(changed, "1 has the wrong name, status or count", "have the wrong name, status or count"),
        of(extra, "1 does not exist", "do not exist"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let text = format!("The lists differ from the users and groups that are stored: {}.", parts.join(", "));
    (!parts.is_empty()).then(|| Fault::new(text, Remedy::ListAgain))
}

/// Looks at every page of a database and at all indexes.
///
/// # Errors
/// [`StoreError::Damaged`] with the first sentence on a page: then it is of no use to look further.
fn pages(c: &Connection, schema: &str, faults: &mut Vec<Fault>) -> Result<()> {
    let mut statement = c.prepare(&format!("PRAGMA {schema}.integrity_check({MOST_LINES})"))?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let is_of_index = |line: &&String| {
        ["missing from index", "wrong # of entries in index", "non-unique entry in index"]
            .iter()
            .any(|text| line.contains(text))
    };
    let is_of_search = |line: &&String| line.contains("FTS5 table");
    // In the words of FTS5, a lock or a full disk kept it from looking.
    if let Some(line) = lines.iter().find(|line| is_of_search(line) && line.contains("unable to validate")) {
        return Err(StoreError::Sqlite(line.clone()));
    }
    let is_of_pages = |line: &&String| *line != "ok" && !is_of_index(line) && !is_of_search(line);
    if lines.iter().any(|line| is_of_search(&line)) {
        faults.push(search_fault());
    }
    if lines.iter().any(|line| is_of_index(&line)) {
        let mut indexes: Vec<&str> =
            lines.iter().filter(is_of_index).filter_map(|line| line.rsplit(' ').next()).collect();
        indexes.sort_unstable();
        indexes.dedup();
        let text = format!(
            "In {} an index does not have what its table has ({}), so that look-ups may miss something.",
            name(schema),
            indexes.join(", ")
        );
        faults.push(Fault::new(text, Remedy::Reindex));
    }
    match lines.iter().find(is_of_pages) {
        Some(line) => Err(StoreError::Damaged(line.replace('\n', " "))),
        None => Ok(()),
    }
}

/// Whether rows refer to others that are not there.
fn references(c: &Connection) -> Result<Option<Fault>> {
    let broken: u64 = c.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    let text = format!("In {TRUTH}, {broken} rows refer to others that are not there.");
    Ok((broken > 0).then(|| Fault::new(text, Remedy::None)))
}

/// Mends what can be.
fn mend(folder: &Path, faults: &[Fault], owner: &impl Owner) -> Result<()> {
    let has = |remedy| faults.iter().any(|fault| fault.remedy == remedy);
    if has(Remedy::Reindex) && !is_beyond_repair(faults) {
        connect(folder)?.execute_batch("REINDEX")?;
    }
    if has(Remedy::SetAside) {
        return owner.set_aside();
    }
    if !folder.join(REQUESTS).exists() {
        return Ok(());
    }
    let c = Connection::open_in_memory()?;
    attach(&c, folder)?;
    if has(Remedy::Reindex) {
        c.execute_batch("REINDEX")?;
    }
    if has(Remedy::RebuildSearch) {
        search(&c, "(listing_search) VALUES ('rebuild')")?;
    }
    if has(Remedy::Recount) {
        let all: String = COUNTS.iter().map(|(_, _, counted)| with_bytes(counted)).collect();
        c.execute_batch(&format!("BEGIN IMMEDIATE; {all} COMMIT"))?;
    }
    if has(Remedy::ListAgain) {
        listing::forget_watermark(&c)?;
        owner.list_again();
        owner.wait_for_lists();
    }
    Ok(())
}

/// A connection to the truth that can write.
fn connect(folder: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(TRUTH), flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Attaches the record of requests alone: what is wrong with the truth says nothing of it.
fn attach(c: &Connection, folder: &Path) -> Result<()> {
    c.busy_timeout(BUSY)?;
    Ok(attach_requests(c, &folder.join(REQUESTS))?)
}

fn search(c: &Connection, command: &str) -> rusqlite::Result<()> {
    c.execute(&format!("INSERT INTO {REQUESTS_SCHEMA}.listing_search {command}"), []).map(drop)
}

fn with_bytes(sql: &str) -> String {
    sql.replace("{BYTES}", super::exchanges::BYTES)
}

fn search_fault() -> Fault {
    let text =
        "The search index of users and groups does not have what they are called, so that a search may miss somebody.";
    Fault::new(text, Remedy::RebuildSearch)
}

fn damaged(error: &StoreError) -> Fault {
    let text = format!("{TRUTH} cannot be read as a whole: {error}.");
    Fault::new(text, Remedy::None)
}

fn damaged_record(error: &StoreError) -> Fault {
    let text = format!(
        "{REQUESTS} cannot be read as a whole: {error}. To repair it, it is put aside and a new record is begun; no user or group is lost."
    );
    Fault::new(text, Remedy::SetAside)
}

fn name(schema: &str) -> &'static str {
    if schema == REQUESTS_SCHEMA { REQUESTS } else { TRUTH }
}
