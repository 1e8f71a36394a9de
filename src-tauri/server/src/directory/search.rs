//! Queries over users and groups: an index finds the candidates where one serves, the filter decides.

use scim::{CompareOp, Filter, FilterValue, Resource};
use serde_json::Value;

use super::groups::Members;
use super::scope::Scope;
use super::{Failure, render};
use crate::core::Core;
use crate::store::groups::GroupTerm;
use crate::store::users::{UserTerm, fold};
use crate::store::{StoreError, directories, groups, users};

/// Resources in a page if the client does not say how many.
pub(crate) const DEFAULT_COUNT: u64 = 100;

/// Resources in a page at the most, whatever the client asks for. Never below 100: Okta's import steps by that.
pub(crate) const MOST_IN_A_PAGE: u64 = 1_000;

/// Which part of which resources.
pub(crate) struct Query {
    /// Names resolved against the schema.
    pub(crate) filter: Option<Filter>,
    /// From 1.
    pub(crate) start_index: u64,
    /// At the most; 0 for the total alone.
    pub(crate) count: u64,
}

/// A page of a query's result.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How many match in all.
    pub(crate) total: u64,
    /// In the order in which they were created.
    pub(crate) resources: Vec<Resource>,
}

/// Users that match.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn users(core: &Core, scope: &Scope, query: &Query) -> Result<Found, Failure> {
    core.store.read(|c| {
        let rendered = |record: &users::UserRecord| -> Result<Resource, StoreError> {
            let groups = super::users::groups_of(c, scope, &record.id)?;
            Ok(render::user(record, &scope.base_url, &groups))
        };
        let Some(filter) = &query.filter else {
            let (total, _) = directories::resource_counts(c, scope.directory)?;
            let records = users::page(c, scope.directory, query.start_index - 1, query.count)?;
            let resources = records.iter().map(rendered).collect::<Result<_, _>>()?;
            return Ok(Found { total, resources });
        };
        let mut window = Window::new(query);
        let mut failed = None;
        let needs_groups = mentions(filter, "groups");
        users::each(c, scope.directory, &user_terms(filter), |record| {
            let bare = if needs_groups { rendered(&record) } else { Ok(render::user(&record, &scope.base_url, &[])) };
            match bare {
                Ok(resource) if filter.matches(&resource, scim::user()) => window.offer(record),
                Ok(_) => {}
                Err(error) => failed = Some(error),
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let resources = window.kept.iter().map(rendered).collect::<Result<_, _>>()?;
        Ok(Found { total: window.total, resources })
    })
}

/// Groups that match.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn groups(core: &Core, scope: &Scope, query: &Query, show: Members) -> Result<Found, Failure> {
    core.store.read(|c| {
        let rendered = |record: &groups::GroupRecord, show: Members| -> Result<Resource, StoreError> {
            let members = match show {
                Members::Listed => Some(groups::members(c, scope.directory, record.key, u64::MAX)?),
                Members::LeftOut => None,
            };
            Ok(render::group(record, &scope.base_url, members.as_deref()))
        };
        let Some(filter) = &query.filter else {
            let (_, total) = directories::resource_counts(c, scope.directory)?;
            let records = groups::page(c, scope.directory, query.start_index - 1, query.count)?;
            let resources = records.iter().map(|record| rendered(record, show)).collect::<Result<_, _>>()?;
            return Ok(Found { total, resources });
        };
        let mut window = Window::new(query);
        let mut failed = None;
        let needed = if mentions(filter, "members") { Members::Listed } else { Members::LeftOut };
        groups::each(c, scope.directory, &group_terms(filter), |record| match rendered(&record, needed) {
            Ok(resource) if filter.matches(&resource, scim::group()) => window.offer(record),
            Ok(_) => {}
            Err(error) => failed = Some(error),
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let resources = window.kept.iter().map(|record| rendered(record, show)).collect::<Result<_, _>>()?;
        Ok(Found { total: window.total, resources })
    })
}

/// Counts all and keeps those of one page.
struct Window<T> {
    skip: u64,
    count: u64,
    total: u64,
    kept: Vec<T>,
}

impl<T> Window<T> {
    fn new(query: &Query) -> Self {
        Self { skip: query.start_index - 1, count: query.count, total: 0, kept: Vec::new() }
    }

    fn offer(&mut self, item: T) {
        if self.total >= self.skip && (self.kept.len() as u64) < self.count {
            self.kept.push(item);
        }
        self.total += 1;
    }
}

/// What the indexes can narrow a filter to. Every user that the filter matches meets all of the terms.
fn user_terms(filter: &Filter) -> Vec<UserTerm> {
    conjuncts(filter).into_iter().filter_map(user_term).collect()
}

fn user_term(filter: &Filter) -> Option<UserTerm> {
    if let Filter::ValuePath { path, filter, .. } = filter {
        let is_email = path.schema.is_none() && path.attribute.eq_ignore_ascii_case("emails");
        return conjuncts(filter).into_iter().find_map(|inner| match equality(inner) {
            Some((name, FilterValue::String(text))) if is_email && name == "value" => Some(UserTerm::Email(fold(text))),
            _ => None,
        });
    }
    match equality(filter)? {
        (name, FilterValue::String(text)) => match name.as_str() {
            "id" => Some(UserTerm::Id(text.clone())),
            "username" => Some(UserTerm::UserName(fold(text))),
            "externalid" => Some(UserTerm::ExternalId(text.clone())),
            "emails.value" | "emails" => Some(UserTerm::Email(fold(text))),
            _ => None,
        },
        (name, FilterValue::Bool(value)) if name == "active" => Some(UserTerm::Active(*value)),
        _ => None,
    }
    .or_else(|| modified_term(filter))
}

fn modified_term(filter: &Filter) -> Option<UserTerm> {
    let Filter::Compare { path, op, value: FilterValue::String(text) } = filter else { return None };
    if !path.to_string().eq_ignore_ascii_case("meta.lastModified") {
        return None;
    }
    let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    match op {
        CompareOp::Gt | CompareOp::Ge => Some(UserTerm::ModifiedFrom(at)),
        // A time between two milliseconds was rounded down; the filter itself looks at every digit.
        CompareOp::Lt | CompareOp::Le => Some(UserTerm::ModifiedUntil(at.saturating_add(1))),
        _ => None,
    }
}

fn group_terms(filter: &Filter) -> Vec<GroupTerm> {
    conjuncts(filter).into_iter().filter_map(group_term).collect()
}

fn group_term(filter: &Filter) -> Option<GroupTerm> {
    if let Filter::ValuePath { path, filter, .. } = filter {
        let is_members = path.schema.is_none() && path.attribute.eq_ignore_ascii_case("members");
        return conjuncts(filter).into_iter().find_map(|inner| match equality(inner) {
            Some((name, FilterValue::String(id))) if is_members && name == "value" => {
                Some(GroupTerm::Member(id.clone()))
            }
            _ => None,
        });
    }
    let (name, FilterValue::String(text)) = equality(filter)? else { return None };
    match name.as_str() {
        "id" => Some(GroupTerm::Id(text.clone())),
        "displayname" => Some(GroupTerm::DisplayName(fold(text))),
        "externalid" => Some(GroupTerm::ExternalId(text.clone())),
        "members.value" | "members" => Some(GroupTerm::Member(text.clone())),
        _ => None,
    }
}

/// The parts that must all be true.
fn conjuncts(filter: &Filter) -> Vec<&Filter> {
    let (mut parts, mut open) = (Vec::new(), vec![filter]);
    while let Some(filter) = open.pop() {
        match filter {
            Filter::And(left, right) => open.extend([&**left, &**right]),
            other => parts.push(other),
        }
    }
    parts
}

/// `(userName, "ada")` of `userName eq "ada"`, the name in lower case.
fn equality(filter: &Filter) -> Option<(String, &FilterValue)> {
    match filter {
        Filter::Compare { path, op: CompareOp::Eq, value } => Some((unqualified(path), value)),
        _ => None,
    }
}

/// The name in lower case, without the URN of a core schema.
fn unqualified(path: &scim::AttrPath) -> String {
    let schema = path.schema.as_deref().unwrap_or_default();
    let name = match &path.sub {
        Some(sub) => format!("{}.{sub}", path.attribute),
        None => path.attribute.clone(),
    };
    if schema.is_empty() || schema.eq_ignore_ascii_case(scim::USER) || schema.eq_ignore_ascii_case(scim::GROUP) {
        name.to_ascii_lowercase()
    } else {
        format!("{schema}:{name}").to_ascii_lowercase()
    }
}

fn mentions(filter: &Filter, attribute: &str) -> bool {
    let names = |path: &scim::AttrPath| path.attribute.eq_ignore_ascii_case(attribute);
    let mut open = vec![filter];
    while let Some(filter) = open.pop() {
        match filter {
            Filter::And(left, right) | Filter::Or(left, right) => open.extend([&**left, &**right]),
            Filter::Not(inner) => open.push(inner),
            Filter::Compare { path, .. } | Filter::Present(path) | Filter::ValuePath { path, .. } if names(path) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Resources as JSON values.
pub(crate) fn values(resources: Vec<Resource>) -> Vec<Value> {
    resources.into_iter().map(Value::Object).collect()
}
