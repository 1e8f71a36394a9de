//! Queries over users and groups: an index finds the candidates where one serves, the filter decides.

mod cursor;
mod terms;

use std::cmp::Ordering;

use scim::{Filter, Listed, Resource, ScimError, Sort, comparison_key};

use self::cursor::Position;
pub(crate) use self::cursor::{CURSOR_LIFE_SECONDS, Cursor, Direction};
use super::Failure;
use super::derived::{self, Members};
use super::render::{Derived, ReadResource};
use super::resources::text;
use crate::clock::Millis;
use crate::core::Core;
use crate::model::ResourceKind;
use crate::scopes::Scope;
use crate::store::resources::{self, Term};
use crate::store::{Connection, ReadLength, ReadTx, StoreError};

/// Matches that are kept while the rest is looked through. Okta's pages have 100.
const MOST_KEPT: usize = 200;

/// Users on a page that is read where it was asked for: less than a millisecond.
pub(crate) const MOST_LISTED: u64 = 200;

/// Resources in a page if the client does not say how many.
pub(crate) const DEFAULT_COUNT: u64 = 100;

/// Which part of which resources.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// One for each type of resource that is searched, in the order in which an unsorted result has them.
    pub(crate) parts: Vec<Part>,
    pub(crate) page: Page,
    /// What a cursor is good for: the same for all pages of one query.
    pub(crate) fingerprint: u64,
}

/// A type of resource and what is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) kind: ResourceKind,
    /// Names resolved against the schema.
    pub(crate) filter: Option<Filter>,
    pub(crate) sort: Option<Sort>,
    /// Whether groups are read with their members.
    pub(crate) show: Members,
}

/// Which part of the result.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    /// RFC 7644 §3.4.2.4.
    Index {
        /// From 1.
        start_index: u64,
        /// At the most; 0 for the total alone.
        count: u64,
    },
    /// RFC 9865.
    Cursor {
        /// `None`: the first page.
        after: Option<Cursor>,
        /// From 1.
        count: u64,
    },
}

/// A page of a query's result.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How many match in all.
    pub(crate) total: u64,
    /// Sorted as asked, else in the order in which they were created.
    pub(crate) resources: Vec<ReadResource>,
    /// What a filter found, if it found one, read.
    pub(crate) only: Option<Resource>,
    /// Where the page before begins; only when paging by cursor, and if there is one.
    pub(crate) previous: Option<String>,
    /// Where the page after begins.
    pub(crate) next: Option<String>,
}

/// A match, before it is known whether it is on the page.
#[derive(Clone, Debug)]
struct Entry {
    position: Position,
    /// Of the first few, so that they need not be read again.
    resource: Option<ReadResource>,
}

/// What matches.
#[derive(Debug, Default)]
struct Matches {
    entries: Vec<Entry>,
    /// The first of them, read.
    first: Option<Resource>,
}

/// The page of the resources that match. `longest`: what may be asked for where it runs, whatever the query is.
///
/// # Errors
/// `invalidCursor` and `expiredCursor`; else only if the database refuses.
pub(crate) fn run(
    core: &Core,
    scope: &Scope,
    query: &Query,
    longest: ReadLength,
    now: Millis,
) -> Result<Found, Failure> {
    if let Page::Cursor { after: Some(cursor), .. } = &query.page {
        cursor.check(&core.proof, &scope.directory_id, query.fingerprint, now)?;
    }
    let found = core.store.query(query.length().min(longest), |c| match (&query.parts[..], &query.page) {
        ([part @ Part { filter: None, sort: None, .. }], Page::Index { start_index, count }) => {
            let total = core.store.total(c, scope.directory, part.kind)?;
            let records = core.store.page(c, scope.directory, part.kind, start_index - 1, *count)?;
            let resources = records.into_iter().map(|record| ReadResource::new(record, Derived::LeftOut)).collect();
            let resources = complete(c, scope, &query.parts, resources)?;
            Ok(Found { total, resources, ..Found::default() })
        }
        _ => Ok(search(core, c, scope, query, now)?),
    });
    found.map_err(|failure| match failure {
        Failure::Store(StoreError::TooLong) => too_many().into(),
        other => other,
    })
}

/// RFC 7644 §3.4.2: the filter would have more looked at than the server is willing to. To ask again would not help.
fn too_many() -> ScimError {
    ScimError::too_many(
        "The query takes too long among so many resources. Ask with `eq` for an id, a userName, an externalId or an email address, which are \
         found by an index, or with fewer comparisons at a time.",
    )
}

/// The same query with texts decoded once more, for clients that encode twice; `None` if that changes nothing.
pub(crate) fn decoded(query: &Query) -> Option<Query> {
    let mut is_other = false;
    let mut decoded = query.clone();
    for filter in decoded.parts.iter_mut().filter_map(|part| part.filter.as_mut()) {
        if let Some(other) = filter.percent_decoded() {
            (*filter, is_other) = (other, true);
        }
    }
    is_other.then_some(decoded)
}

/// Whether an index leads to a few resources, one of which the filter can only match.
pub(crate) fn is_narrow(kind: ResourceKind, filter: &Filter) -> bool {
    terms::of(kind, filter).iter().any(Term::is_narrow)
}

/// A user who has this email address, whatever its letter case.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn user_with_email(core: &Core, scope: &Scope, email: &str) -> Result<Option<String>, StoreError> {
    core.store.read(|c| {
        let mut found = None;
        let term = Term::Email(comparison_key(email));
        resources::each(c, scope.directory, ResourceKind::User, &[term], |record| {
            found = found.take().or(Some(record.body));
            Ok(())
        })?;
        let body: Option<Resource> = found.map(|body| serde_json::from_str(&body)).transpose()?;
        Ok(body.and_then(|body| text(&body, "userName")))
    })
}

fn search(core: &Core, c: &ReadTx<'_>, scope: &Scope, query: &Query, now: Millis) -> Result<Found, StoreError> {
    let mut matches = Matches::default();
    for part in &query.parts {
        matching(c, scope, part, &mut matches)?;
    }
    let Matches { mut entries, first } = matches;
    let sort = query.parts.iter().find_map(|part| part.sort.as_ref());
    if sort.is_some() {
        entries.sort_by(|a, b| compare(sort, &a.position, &b.position));
    }
    let total = entries.len() as u64;
    let (from, to) = query.page.bounds(&entries, sort);
    let mut resources = Vec::with_capacity(to - from);
    for entry in &mut entries[from..to] {
        resources.extend(match entry.resource.take() {
            Some(resource) => Some(resource),
            None => resources::by_key(c, entry.position.key)?.map(|record| ReadResource::new(record, Derived::LeftOut)),
        });
    }
    let resources = complete(c, scope, &query.parts, resources)?;
    let cursor = |entry: &Entry, direction| {
        let cursor = Cursor::new(entry.position.clone(), direction, query.fingerprint, now);
        cursor.to_text(&core.proof, &scope.directory_id)
    };
    let pages_by_cursor = matches!(query.page, Page::Cursor { .. }) && to > from;
    Ok(Found {
        total,
        resources,
        only: first.filter(|_| total == 1),
        previous: (pages_by_cursor && from > 0).then(|| cursor(&entries[from], Direction::Before)),
        next: (pages_by_cursor && to < entries.len()).then(|| cursor(&entries[to - 1], Direction::After)),
    })
}

/// Appends what matches, in the order in which it was created.
fn matching(c: &ReadTx<'_>, scope: &Scope, part: &Part, matches: &mut Matches) -> Result<(), StoreError> {
    let schema = scope.schema(part.kind);
    let looks_at = |attribute: &str| {
        part.filter.as_ref().is_some_and(|filter| terms::mention(filter, attribute))
            || part.sort.as_ref().is_some_and(|sort| sort.attribute().eq_ignore_ascii_case(attribute))
    };
    let needs_groups = looks_at("groups");
    let needed_members = if looks_at("members") { Members::Listed } else { Members::LeftOut };
    let terms = part.filter.as_ref().map(|filter| terms::of(part.kind, filter)).unwrap_or_default();
    let filter = part.filter.as_ref().map(|filter| filter.prepare(schema));
    resources::each(c, scope.directory, part.kind, &terms, |record| {
        c.check_time()?;
        let mut resource = ReadResource::new(record, Derived::LeftOut);
        resource.derived = match part.kind {
            ResourceKind::User if needs_groups => Derived::Groups(derived::groups_of(c, scope, &resource.id)?),
            ResourceKind::User => Derived::LeftOut,
            ResourceKind::Group => derived::members_of(c, resource.key, needed_members)?,
        };
        let read = resource.read(&scope.base_url, schema)?;
        if filter.as_ref().is_none_or(|filter| filter.matches(&read)) {
            let sort_key = part.sort.as_ref().map(|sort| sort.key(&read)).unwrap_or_default();
            let position = Position { kind: part.kind, key: resource.key, sort_key };
            let resource = (matches.entries.len() < MOST_KEPT).then_some(resource);
            matches.entries.push(Entry { position, resource });
            matches.first.get_or_insert(read);
        }
        Ok(())
    })
}

/// Resources with what is derived of them. What all users of them are in is asked for at once.
fn complete(
    c: &Connection,
    scope: &Scope,
    parts: &[Part],
    mut resources: Vec<ReadResource>,
) -> Result<Vec<ReadResource>, StoreError> {
    let people = resources.iter().filter(|resource| resource.kind == ResourceKind::User);
    let people: Vec<&str> = people.map(|resource| resource.id.as_str()).collect();
    let mut belongings = derived::groups_of_all(c, scope, &people)?;
    for resource in &mut resources {
        resource.derived = match resource.kind {
            ResourceKind::User => Derived::Groups(belongings.remove(&resource.id).unwrap_or_default()),
            ResourceKind::Group => {
                let part = parts.iter().find(|part| part.kind == resource.kind);
                derived::members_of(c, resource.key, part.map_or(Members::LeftOut, |part| part.show))?
            }
        };
    }
    Ok(resources)
}

impl Part {
    fn is_narrow(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| is_narrow(self.kind, filter))
    }
}

/// As sorted, else users before groups, older before younger.
fn compare(sort: Option<&Sort>, a: &Position, b: &Position) -> Ordering {
    let sorted = sort.map_or(Ordering::Equal, |sort| sort.compare(&a.sort_key, &b.sort_key));
    sorted.then_with(|| (a.kind as u8, a.key).cmp(&(b.kind as u8, b.key)))
}

impl Page {
    /// The part of the result that is on the page: from, to.
    fn bounds(&self, entries: &[Entry], sort: Option<&Sort>) -> (usize, usize) {
        let clamp = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(entries.len());
        let starting = |from: usize, count: u64| (from, clamp((from as u64).saturating_add(count)));
        match self {
            Self::Index { start_index, count } => starting(clamp(start_index - 1), *count),
            Self::Cursor { after: None, count } => starting(0, *count),
            Self::Cursor { after: Some(cursor), count } => {
                let order = |entry: &Entry| compare(sort, &entry.position, &cursor.position);
                match cursor.direction {
                    Direction::After => {
                        starting(entries.partition_point(|entry| order(entry) != Ordering::Greater), *count)
                    }
                    Direction::Before => {
                        let to = entries.partition_point(|entry| order(entry) == Ordering::Less);
                        (to - to.min(clamp(*count)), to)
                    }
                }
            }
        }
    }
}

impl Query {
    /// For how long it may read.
    pub(crate) fn length(&self) -> ReadLength {
        let is_unsorted = self.parts.iter().all(|part| part.sort.is_none());
        let Page::Index { count, .. } = self.page else { return ReadLength::Long };
        match &self.parts[..] {
            _ if !is_unsorted => ReadLength::Long,
            [Part { kind, filter: None, .. }] if *kind == ResourceKind::User && count <= MOST_LISTED => {
                ReadLength::Brief
            }
            [Part { filter: None, .. }] => ReadLength::Medium,
            parts if parts.iter().all(Part::is_narrow) => ReadLength::Brief,
            _ => ReadLength::Long,
        }
    }

    /// What is looked for; the same in all parts.
    pub(crate) fn filter(&self) -> Option<&Filter> {
        self.parts.iter().find_map(|part| part.filter.as_ref())
    }
}

/// The JSON text of a list message; `resources` are JSON texts.
pub(crate) fn list_message(query: &Query, found: &Found, resources: &[String]) -> String {
    let listed = match query.page {
        Page::Index { start_index, .. } => Listed::From(start_index),
        Page::Cursor { .. } => Listed::Between { previous: found.previous.as_deref(), next: found.next.as_deref() },
    };
    scim::list_response(found.total, listed, resources)
}
