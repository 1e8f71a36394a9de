//! What people look at: requests and changes, and the directory that something stands in.

use std::sync::Arc;

use scim::{ResourceSchema, Schema};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Error;
use super::scope::Scope;
use crate::core::Core;
use crate::model::{Change, DeclaredSchema, Exchange, ExchangeRow, Page, ResourceKind};
use crate::store::directories::DirectoryRow;
use crate::store::exchanges::ExchangeListing;
use crate::store::{Connection, changes, directories, exchanges};

/// Rows in a window at the most.
pub(super) const MOST_ROWS: u32 = 200;

/// The directory id that stands for "none".
pub const UNATTRIBUTED: &str = "unattributed";

/// Which requests, newest first.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ExchangeQuery {
    /// Found in method, path, sentence and status.
    pub search: String,
    /// All, or a part.
    #[param(inline)]
    pub show: Show,
    /// Only those with a smaller id.
    pub before: Option<i64>,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// Which changes, newest first.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// Of one user or group.
    pub resource_id: Option<String>,
    /// Only those with a smaller `seq`.
    pub before: Option<i64>,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// All requests, or a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Show {
    /// All.
    #[default]
    All,
    /// POST, PUT, PATCH and DELETE.
    Writes,
    /// Answered with 400 or more.
    Errors,
    /// With a note.
    Notes,
}

impl Default for ExchangeQuery {
    fn default() -> Self {
        Self { search: String::new(), show: Show::All, before: None, limit: 100 }
    }
}

impl Default for ChangeQuery {
    fn default() -> Self {
        Self { resource_id: None, before: None, limit: 100 }
    }
}

/// A window of the requests of a directory, or with [`UNATTRIBUTED`] of those that addressed none.
///
/// # Errors
/// If there is no such directory.
pub fn list_exchanges(core: &Core, directory_id: &str, query: &ExchangeQuery) -> Result<Page<ExchangeRow>, Error> {
    let listing = ExchangeListing {
        search: query.search.trim().to_lowercase(),
        only_writes: query.show == Show::Writes,
        only_errors: query.show == Show::Errors,
        only_notes: query.show == Show::Notes,
        before: query.before,
        limit: query.limit.min(MOST_ROWS),
    };
    core.store.read(|c| {
        let directory = if directory_id == UNATTRIBUTED { None } else { Some(find(c, directory_id)?.key) };
        let (total, items) = exchanges::list(c, directory, &listing)?;
        Ok(Page { total, items })
    })
}

/// A request with its answer and what it changed.
///
/// # Errors
/// If there is no such request, or no more.
pub fn read_exchange(core: &Core, id: i64) -> Result<Exchange, Error> {
    core.store.read(|c| {
        let mut exchange = exchanges::by_id(c, id)?
            .ok_or_else(|| Error::NotFound(format!("Request {id} is not recorded, or no longer kept.")))?;
        exchange.changes = changes::of_exchange(c, id)?;
        Ok(exchange)
    })
}

/// A window of the changes of a directory.
///
/// # Errors
/// If there is no such directory.
pub fn list_changes(core: &Core, directory_id: &str, query: &ChangeQuery) -> Result<Page<Change>, Error> {
    core.store.read(|c| {
        let directory = find(c, directory_id)?.key;
        let resource = query.resource_id.as_deref();
        let items = changes::page(c, directory, resource, query.before, query.limit.min(MOST_ROWS))?;
        Ok(Page { total: changes::count(c, directory, resource)?, items })
    })
}

/// The scope of a directory for the requests that it gets.
pub(crate) fn scope(directory: &DirectoryRow, local_url: &str) -> Scope {
    let origin = directory.public_url.as_deref().unwrap_or(local_url);
    Scope {
        directory: directory.key,
        directory_id: directory.id.clone(),
        base_url: format!("{origin}/scim/v2/{}", directory.id),
        policy: directory.policy.clone(),
        user: extended(scim::user(), ResourceKind::User, &directory.schemas),
        group: extended(scim::group(), ResourceKind::Group, &directory.schemas),
        email_domains: directory.email_domains.clone(),
    }
}

/// A type of resource with the extensions that a directory declares for it.
fn extended(base: &'static ResourceSchema, kind: ResourceKind, declared: &[DeclaredSchema]) -> Arc<ResourceSchema> {
    let of_kind = declared.iter().filter(|declared| declared.resource_kind == kind);
    // What is stored was checked when it was declared.
    let extensions = of_kind.filter_map(|declared| Schema::parse_extension(&declared.schema).ok());
    Arc::new(base.with_extensions(extensions))
}

pub(super) fn find(c: &Connection, directory_id: &str) -> Result<DirectoryRow, Error> {
    directories::find(c, directory_id)?
        .ok_or_else(|| Error::NotFound(format!("There is no directory with the id {directory_id}.")))
}
