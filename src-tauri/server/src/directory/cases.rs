//! Recorded requests that leave this program, as a case or an HTTP archive, and cases of others that are opened here.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::browse::{MOST_ROWS, directory_by_id};
use super::exchanges::{ExchangeQuery, UNATTRIBUTED, explained, key_of, unexplained};
use super::{Error, Result, tree};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::facts::ExchangeDetails;
use crate::ids::short_id;
use crate::insight::case::{self, Surroundings};
use crate::insight::har;
use crate::model::{
    Case, CaseAbout, CaseFormat, CasePreview, CaseRow, DirectoryId, Exchange, ExchangeFilter, ExchangeId, ExchangeRow,
    OpenedCase,
};
use crate::store::exchanges::{self as stored, ExchangeListing};
use crate::store::{Connection, KeptCase, StoreError, exchange_details, marks};

/// Requests of an archive at the most, and bytes of their bodies: what other programs still open.
const ARCHIVED: Bounds = Bounds { requests: 10_000, bytes: 64 << 20 };

/// The same of a case, which somebody is to look through.
const IN_CASE: Bounds = Bounds { requests: 1_000, bytes: 32 << 20 };

/// For how long requests are collected at the most.
const COLLECTED_WITHIN: Duration = Duration::from_secs(30);

/// Bytes of a case that is opened, at the most: bodies are told twice, and every character of them may be escaped.
pub(crate) const LONGEST_CASE: usize = 128 << 20;

/// Bytes of what a case is about, schemas included.
const LONGEST_ABOUT: usize = 1 << 20;

/// Cases that are kept at the most.
const KEPT: usize = 50;

/// Replacements that a preview shows.
const SHOWN: usize = 500;

/// Characters of a title.
const LONGEST_TITLE: usize = 200;

/// How much leaves at the most.
struct Bounds {
    requests: usize,
    bytes: u64,
}

/// Which requests leave, and how.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQuery {
    /// Those that such a search of the list finds.
    pub(crate) search: String,
    /// Where the times of the search are meant, by the IANA's name: `Europe/Berlin`. Without it, where this machine is.
    pub(crate) zone: Option<String>,
    /// All of these, or a part.
    #[param(inline)]
    pub(crate) show: ExchangeFilter,
    /// Only these, whatever the search: `41,42`.
    pub(crate) ids: String,
    /// What a case is called.
    pub(crate) title: String,
    /// Whether names and addresses become others.
    pub(crate) anonymize: bool,
}

/// Requests as an HTTP archive (HAR 1.2), the oldest first. Of very many the newest.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn archive(core: &Core, directory_id: &DirectoryId, query: &CaseQuery) -> Result<Value> {
    let read = |c: &Connection, row: ExchangeRow, details| {
        let annotation = marks::annotation(c, row.id)?;
        Ok(Exchange { annotation, ..unexplained(row, details) })
    };
    let (mut exchanges, omitted) = collect(core, directory_id, query, &ARCHIVED, read)?;
    case::mask_secrets(&mut exchanges);
    if query.anonymize {
        case::anonymize(&mut exchanges, &mut [], &surroundings(core)?);
    }
    let origin = core.local_url();
    Ok(har::archive(exchanges.iter().map(|exchange| har::entry(exchange, &origin)).collect(), omitted))
}

/// Requests as a case, the oldest first. Of very many the newest.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn export(core: &Core, directory_id: &DirectoryId, query: &CaseQuery) -> Result<Case> {
    Ok(make(core, directory_id, query)?.0)
}

/// What [`export`] would have in it.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn preview(core: &Core, directory_id: &DirectoryId, query: &CaseQuery) -> Result<CasePreview> {
    let (case, preview) = make(core, directory_id, query)?;
    let bytes = serde_json::to_vec(&case).map_or(0, |json| json.len() as u64);
    Ok(CasePreview { bytes, ..preview })
}

fn make(core: &Core, directory_id: &DirectoryId, query: &CaseQuery) -> Result<(Case, CasePreview)> {
    let read = |c: &Connection, row, details| explained(core, c, row, details);
    let (mut exchanges, omitted) = collect(core, directory_id, query, &IN_CASE, read)?;
    let directory = match directory_id.0 == UNATTRIBUTED {
        true => None,
        false => Some(core.store.read_with_requests(|c| directory_by_id(core, c, directory_id))?.1),
    };
    case::detach(&mut exchanges);
    case::mask_secrets(&mut exchanges);
    let mut schemas = directory.as_ref().map(|directory| directory.schemas.clone()).unwrap_or_default();
    let mut replacements = match query.anonymize {
        true => case::anonymize(&mut exchanges, &mut schemas, &surroundings(core)?),
        false => Vec::new(),
    };
    let (exchange_count, replacement_count) = (exchanges.len() as u64, replacements.len() as u64);
    replacements.truncate(SHOWN);
    let about = CaseAbout {
        title: title(&query.title),
        made_by: concat!("SCIM Setup ", env!("CARGO_PKG_VERSION")).to_owned(),
        made_at: rfc3339(core.clock.now()),
        identity_provider: directory.as_ref().map(|directory| directory.provider.id),
        policy: directory.as_ref().map(|directory| directory.policy.clone()),
        schemas,
        is_anonymized: query.anonymize,
        omitted,
    };
    let annotations = exchanges.iter().filter_map(|exchange| exchange.annotation.clone()).take(SHOWN).collect();
    let preview = CasePreview { exchange_count, omitted, bytes: 0, replacement_count, replacements, annotations };
    Ok((Case { format: CaseFormat::V1, about, exchanges }, preview))
}

/// What sentences may name beside what a request has in it.
fn surroundings(core: &Core) -> Result<Surroundings> {
    let tree = tree::read(core)?;
    let environments = tree.environments.iter();
    let organizations = tree.organizations.iter();
    let names = environments.clone().map(|environment| environment.name.clone());
    let names = names.chain(organizations.clone().map(|organization| organization.name.clone()));
    let names = names.chain(tree.directories.iter().map(|directory| directory.name.clone()));
    let hosts = environments.filter_map(|environment| environment.public_url.clone());
    let hosts = hosts.chain(organizations.flat_map(|organization| organization.email_domains.clone()));
    Ok(Surroundings { names: names.collect(), hosts: hosts.collect() })
}

fn title(title: &str) -> String {
    let title = scim::shortened(&case::masked(title.trim()), LONGEST_TITLE);
    if title.is_empty() { "SCIM requests".to_owned() } else { title }
}

/// The requests that a query finds, the oldest first, and how many older ones have no place.
fn collect(
    core: &Core,
    directory_id: &DirectoryId,
    query: &CaseQuery,
    most: &Bounds,
    read: impl Fn(&Connection, ExchangeRow, ExchangeDetails) -> Result<Exchange, StoreError>,
) -> Result<(Vec<Exchange>, u64)> {
    let ids = query.ids.split(',').filter(|id| !id.is_empty()).map(str::parse::<ExchangeId>);
    let ids: Vec<ExchangeId> =
        ids.collect::<Result<_, _>>().map_err(|_| Error::invalid("ids", "Ids of requests are numbers: 41,42."))?;
    let (search, zone) = (query.search.clone(), query.zone.clone());
    let asked = ExchangeQuery { search, zone, show: query.show, ..ExchangeQuery::default() };
    let mut listing = ExchangeListing { limit: MOST_ROWS, ..asked.listing(core)? };
    core.store.read_with_requests(|c| {
        let directory = key_of(core, directory_id)?;
        let (mut found, mut bytes, mut seen) = (Vec::new(), 0, 0_u64);
        let mut take = |row: ExchangeRow| -> Result<bool> {
            let Some(details) = exchange_details::by_id(c, row.id)? else { return Ok(true) };
            bytes += [&details.request, &details.response].map(|message| message.body_bytes).iter().sum::<u64>();
            let is_full = found.len() == most.requests || bytes > most.bytes && !found.is_empty();
            if !is_full {
                found.push(read(c, row, details)?);
            }
            Ok(!is_full)
        };
        let total = if ids.is_empty() {
            let until = Instant::now() + COLLECTED_WITHIN;
            'pages: loop {
                let (rows, next) = stored::list(c, directory, &listing, until)?;
                for row in rows {
                    if !take(row)? {
                        break 'pages;
                    }
                }
                if next.is_none() || Instant::now() >= until {
                    break;
                }
                listing.before = next;
            }
            listing.before = None;
            // Where they cannot be counted in time, some are left out all the same.
            let counted = stored::total(c, directory, &listing, Instant::now() + COLLECTED_WITHIN)?;
            counted.unwrap_or(found.len() as u64 + 1)
        } else {
            let mut ids = ids;
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.dedup();
            for id in ids {
                let row = stored::row(c, id)?
                    .filter(|row| row.directory_id.as_deref().unwrap_or(UNATTRIBUTED) == directory_id.0);
                let Some(row) = row else { continue };
                seen += 1;
                take(row)?;
            }
            seen
        };
        found.reverse();
        let omitted = total.saturating_sub(found.len() as u64);
        Ok((found, omitted))
    })
}

/// The cases that were opened here, the newest first.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn list(core: &Core) -> Result<Vec<CaseRow>> {
    let mut kept = core.store.cases()?;
    kept.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let row = |kept: KeptCase| {
        let about = serde_json::from_str::<CaseAbout>(&kept.about).ok()?;
        Some(CaseRow { id: kept.id, title: about.title, opened_at: rfc3339(kept.at), bytes: kept.bytes })
    };
    Ok(kept.into_iter().filter_map(row).collect())
}

/// Keeps a case of somebody else, and returns it.
///
/// # Errors
/// If it is not a case, or a newer program made it, or there are too many.
pub(crate) fn open(core: &Core, file: &[u8]) -> Result<OpenedCase> {
    let mut case = parse(file).map_err(|problem| Error::invalid("file", problem))?;
    if core.store.cases()?.len() >= KEPT {
        return Err(Error::conflict("file", format!("{KEPT} cases are open. Close one to open another.")));
    }
    let ids: HashSet<ExchangeId> = case.exchanges.iter().map(|exchange| exchange.row.id).collect();
    let about = serde_json::to_vec(&case.about).map_or(0, |about| about.len());
    if case.exchanges.len() > IN_CASE.requests || ids.len() < case.exchanges.len() || about > LONGEST_ABOUT {
        return Err(Error::invalid("file", "This case is damaged: SCIM Setup makes none like it. Ask for it again."));
    }
    case.about.title = title(&case.about.title);
    case::detach(&mut case.exchanges);
    case::mask_secrets(&mut case.exchanges);
    let about = serde_json::to_string(&case.about).into_iter();
    let exchanges = case.exchanges.iter().filter_map(|exchange| serde_json::to_string(exchange).ok());
    let id = short_id();
    core.store.add_case(&id, &about.chain(exchanges).collect::<Vec<_>>())?;
    read(core, &id)
}

fn parse(file: &[u8]) -> std::result::Result<Case, String> {
    #[derive(Deserialize)]
    struct Format {
        format: String,
    }
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let format = serde_json::from_slice::<Format>(file)
        .map_err(|_| "This is not a case. Choose a file that SCIM Setup exported as a case.".to_owned())?;
    match (serde_json::from_slice::<Case>(file), format.format.starts_with("scim-setup-case-")) {
        (Ok(case), _) => Ok(case),
        (Err(_), false) => Err("This is not a case file. Choose one that SCIM Setup exported as a case.".to_owned()),
        (Err(error), true) => Err(format!(
            "This case is damaged, or a newer SCIM Setup made it: {error}. Update SCIM Setup, then try again."
        )),
    }
}

/// A case that was opened here.
///
/// # Errors
/// If there is no such case, or no more.
pub(crate) fn read(core: &Core, id: &str) -> Result<OpenedCase> {
    let lines = lines(core, id)?;
    let mut lines = lines.iter();
    let about = lines.next().and_then(|about| serde_json::from_str(about).ok()).ok_or_else(|| damaged(id))?;
    let exchanges = lines.rev().map(|line| row(line).ok_or_else(|| damaged(id))).collect::<Result<_>>()?;
    Ok(OpenedCase { id: id.to_owned(), about, exchanges })
}

/// A request of a case.
///
/// # Errors
/// If there is no such case or request.
pub(crate) fn read_exchange(core: &Core, id: &str, exchange: ExchangeId) -> Result<Exchange> {
    let lines = lines(core, id)?;
    let line = lines.iter().skip(1).find(|line| row(line).is_some_and(|row| row.id == exchange));
    let line = line.ok_or_else(|| Error::NotFound(format!("Request {exchange} is not in this case.")))?;
    serde_json::from_str(line).map_err(|_| damaged(id))
}

/// Closes a case, which deletes it here.
///
/// # Errors
/// If there is no such case.
pub(crate) fn close(core: &Core, id: &str) -> Result<()> {
    if core.store.delete_case(id)? { Ok(()) } else { Err(gone(id)) }
}

fn lines(core: &Core, id: &str) -> Result<Vec<String>> {
    core.store.case(id)?.ok_or_else(|| gone(id))
}

fn row(line: &str) -> Option<ExchangeRow> {
    #[derive(Deserialize)]
    struct Line {
        row: ExchangeRow,
    }
    Some(serde_json::from_str::<Line>(line).ok()?.row)
}

fn gone(id: &str) -> Error {
    Error::NotFound(format!("There is no case {id}. It may have been closed; open its file again."))
}

fn damaged(id: &str) -> Error {
    Error::NotFound(format!("The case {id} is damaged. Close it, and open its file again."))
}
