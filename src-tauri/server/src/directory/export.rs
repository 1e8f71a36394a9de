//! Users and groups as a file, a few at a time: however many there are, only some of them are in memory.

use std::sync::Arc;

use scim::LIST_RESPONSE;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::browse::find;
use super::derived::groups_of_all;
use super::listing::Order;
use super::render::{Derived, ReadResource};
use super::{Error, Result, selection};
use crate::core::Core;
use crate::model::{DirectoryId, ListStatus, ResourceKey, ResourceKind, Selection};
use crate::scopes::Scope;
use crate::store::listing::SortBy;
use crate::store::resources::StoredResource;
use crate::store::{StoreError, members, resources};
use crate::transfer::{CsvColumns, CsvRow};

/// Resources that are read at once.
const AT_ONCE: usize = 200;

/// What to export, and as what.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// CSV or JSON.
    #[param(inline)]
    pub(crate) format: ExportFormat,
    /// Users, groups or, as JSON, both.
    #[param(inline)]
    pub(crate) what: Exported,
    /// Ids of those that are wanted, with commas; without them, all that the list finds.
    pub(crate) ids: String,
    /// Ids of those that are left out, with commas.
    pub(crate) except: String,
    /// What the list is searched for.
    pub(crate) search: String,
    /// The list's filter.
    #[param(inline)]
    pub(crate) status: ListStatus,
    /// The beginning of what counts as changed, RFC 3339.
    pub(crate) since: Option<String>,
    /// By what they are sorted.
    #[param(inline)]
    pub(crate) sort: ExportSort,
    /// Which way.
    #[param(inline)]
    pub(crate) order: Order,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ExportFormat {
    /// A `ListResponse` of SCIM resources.
    #[default]
    Json,
    /// RFC 4180, a user or group in each line. What a spreadsheet would take for a formula has an apostrophe before it.
    Csv,
}

/// What is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Exported {
    /// Users.
    #[default]
    Users,
    /// Groups.
    Groups,
    /// Users, then groups; only as JSON.
    All,
}

/// What an export is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ExportSort {
    /// The newest change.
    #[default]
    Modified,
    /// The name shown.
    Name,
    /// Of users: active, deactivated; then the newest change.
    Status,
    /// The number of groups of a user.
    Groups,
    /// The number of members of a group.
    Members,
}

/// What is to be written, known before anything is.
pub(crate) struct Export {
    scope: Arc<Scope>,
    format: ExportFormat,
    parts: Vec<(ResourceKind, Vec<ResourceKey>)>,
}

/// Looks up what a query finds.
///
/// # Errors
/// If there is no such directory, or something about the query cannot be.
pub(crate) fn prepare(core: &Core, id: &DirectoryId, query: &ExportQuery) -> Result<Export> {
    let scope = find(core, id)?;
    let kinds: &[ResourceKind] = match query.what {
        Exported::Users => &[ResourceKind::User],
        Exported::Groups => &[ResourceKind::Group],
        Exported::All if query.format == ExportFormat::Csv => {
            return Err(Error::invalid("what", "A CSV file has users or groups. Export each, or export JSON."));
        }
        Exported::All => &ResourceKind::ALL,
    };
    let ids = |text: &str| text.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let named = ids(&query.ids);
    let selection = Selection {
        all: named.is_empty(),
        ids: named,
        count: None,
        except: ids(&query.except),
        search: query.search.clone(),
        status: query.status,
        since: query.since.clone(),
    };
    let sort = match query.sort {
        ExportSort::Modified => SortBy::Change,
        ExportSort::Name => SortBy::Name,
        ExportSort::Status => SortBy::State,
        ExportSort::Groups | ExportSort::Members => SortBy::Size,
    };
    let order = (sort, query.order == Order::Desc);
    let keys = |kind: &ResourceKind| Ok((*kind, selection::keys(core, id, *kind, &selection, order)?));
    Ok(Export { scope, format: query.format, parts: kinds.iter().map(keys).collect::<Result<_>>()? })
}

impl Export {
    /// Writes it, piece by piece; `write` answers whether somebody still wants it.
    ///
    /// # Errors
    /// If a database refuses.
    pub(crate) fn write(&self, core: &Core, write: &mut impl FnMut(Vec<u8>) -> bool) -> Result<(), StoreError> {
        match self.format {
            ExportFormat::Json => self.write_json(core, write),
            ExportFormat::Csv => self.write_csv(core, write),
        }
    }

    fn write_json(&self, core: &Core, write: &mut impl FnMut(Vec<u8>) -> bool) -> Result<(), StoreError> {
        let mut count = 0_u64;
        let mut piece = format!("{{\"schemas\":[\"{LIST_RESPONSE}\"],\"Resources\":[").into_bytes();
        for (kind, keys) in &self.parts {
            for some in keys.chunks(AT_ONCE) {
                for (resource, _) in self.read(core, *kind, some, Names::LeftOut)? {
                    piece.extend_from_slice(if count == 0 { b"\n" } else { b",\n" });
                    serde_json::to_writer(&mut piece, &resource)?;
                    count += 1;
                }
                if !write(std::mem::take(&mut piece)) {
                    return Ok(());
                }
            }
        }
        piece
            .extend(format!("\n],\"totalResults\":{count},\"itemsPerPage\":{count},\"startIndex\":1}}\n").into_bytes());
        write(piece);
        Ok(())
    }

    fn write_csv(&self, core: &Core, write: &mut impl FnMut(Vec<u8>) -> bool) -> Result<(), StoreError> {
        for (kind, keys) in &self.parts {
            let mut columns = CsvColumns::new(*kind);
            for some in keys.chunks(AT_ONCE) {
                self.read(core, *kind, some, Names::Unread)?.iter().for_each(|(resource, _)| columns.add(resource));
            }
            let mut piece = columns.header();
            for some in keys.chunks(AT_ONCE) {
                for (resource, names) in self.read(core, *kind, some, Names::Read)? {
                    piece.extend(columns.row(&CsvRow { resource: &resource, names }));
                }
                if !write(std::mem::take(&mut piece)) {
                    return Ok(());
                }
            }
            write(piece);
        }
        Ok(())
    }

    /// Some resources as identity providers read them, and the names of their groups or members. Who was deleted meanwhile is left out.
    fn read(
        &self,
        core: &Core,
        kind: ResourceKind,
        keys: &[ResourceKey],
        names: Names,
    ) -> Result<Vec<Named>, StoreError> {
        core.store.read(|c| {
            let stored =
                keys.iter().map(|key| resources::by_key::<StoredResource>(c, *key)).collect::<Result<Vec<_>, _>>()?;
            let stored: Vec<_> = stored.into_iter().flatten().collect();
            let ids: Vec<&str> = stored.iter().map(|resource| resource.id.as_str()).collect();
            let mut groups = match (kind, names) {
                (ResourceKind::Group, _) | (_, Names::Unread) => Default::default(),
                _ => groups_of_all(c, &self.scope, &ids)?,
            };
            let each = |stored: StoredResource| {
                let (key, belongings) = (stored.key, groups.remove(&stored.id).unwrap_or_default());
                let named = match (kind, names) {
                    (ResourceKind::Group, Names::Read) => members::names(c, key)?,
                    (ResourceKind::User, Names::Read) => {
                        let direct = belongings.iter().filter(|belonging| belonging.is_direct);
                        direct.map(|belonging| (ResourceKind::Group, belonging.group.name.clone())).collect()
                    }
                    _ => Vec::new(),
                };
                let derived = match (kind, names) {
                    (_, Names::Read | Names::Unread) => Derived::LeftOut,
                    (ResourceKind::Group, _) => Derived::Members(members::all(c, key)?),
                    (ResourceKind::User, _) => Derived::Groups(belongings),
                };
                let resource =
                    ReadResource::new(stored, derived).read(&self.scope.base_url, self.scope.schema(kind))?;
                Ok((resource, named))
            };
            stored.into_iter().map(each).collect()
        })
    }
}

/// A resource, and the names of its groups or members.
type Named = (Map<String, Value>, Vec<(ResourceKind, String)>);

/// What is read beside resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Nothing.
    Unread,
    /// The names of groups and members.
    Read,
    /// No names: the resources have their groups and members themselves.
    LeftOut,
}
