//! Directories: what a person creates, changes and deletes.

use scim::{MOST_RESULTS, Policy, Schema};
use serde::Deserialize;
use utoipa::ToSchema;

use super::browse::read_directory;
use super::former_url::{self, LastUses};
use super::{Error, Result, forwarding, names, tree};
use crate::clock::Millis;
use crate::core::Core;
use crate::ids::short_id;
use crate::insight::former_url::Move;
use crate::model::{
    Contents, DeclaredSchema, Directory, DirectoryId, DirectoryKey, Environment, Event, ForwardingRequest,
    GuideTrackId, OrganizationId,
};
use crate::store::directories::{StoredDirectory, StoredForwarding};
use crate::store::{
    Connection, StoreError, WriteTx, directories, environments, guide, listing, missing, organizations,
};

/// Extensions of a directory at the most.
const MOST_SCHEMAS: usize = 20;

/// A new directory.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewDirectoryRequest {
    /// The organization it belongs to.
    pub(crate) organization_id: OrganizationId,
    /// Unique in its organization.
    pub(crate) name: String,
    /// Whose setup guide to follow; left out: what the name and the requests suggest.
    #[serde(default)]
    pub(crate) guide: Option<GuideTrackId>,
    /// The directory whose policy, extensions and guide it gets, and where that forwards to, if it does.
    #[serde(default)]
    pub(crate) copy_of: Option<DirectoryId>,
    /// Where its requests are passed on to; left out: SCIM Setup answers them itself. That cannot be changed afterwards, only the place.
    #[serde(default)]
    pub(crate) forwarding: Option<ForwardingRequest>,
}

/// What changes of a directory.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct DirectoryPatch {
    /// A new name.
    pub(crate) name: Option<String>,
    /// Another organization that it moves to; the first one of an organization is Primary there.
    pub(crate) organization_id: Option<OrganizationId>,
    /// Setting one Primary unsets the other of its organization.
    pub(crate) is_primary: Option<bool>,
    /// How lenient it is.
    pub(crate) policy: Option<Policy>,
    /// All extensions that it declares.
    pub(crate) schemas: Option<Vec<DeclaredSchema>>,
    /// Whose setup guide to follow: the identity provider that it is for.
    pub(crate) guide: Option<GuideTrackId>,
    /// Where the requests of one that passes them on go from now on.
    pub(crate) forwarding: Option<ForwardingRequest>,
}

/// Creates a directory; the first of an organization is Primary.
///
/// # Errors
/// If there is no such organization, or the name is taken.
pub(crate) fn create(core: &Core, new: NewDirectoryRequest) -> Result<Directory> {
    let now = core.clock.now();
    let name = names::checked(&new.name)?;
    let stored_forwarding = new.forwarding.as_ref().map(forwarding::checked).transpose()?;
    let (forwarding, original) = (new.forwarding.clone(), new.copy_of.clone());
    let id = tree::write(core, move |tx| {
        let id = DirectoryId(short_id());
        refuse_taken(tx, &new.organization_id, &id, &name)?;
        let original = new.copy_of.as_ref();
        let copied = original.map(|id| copied(tx, id)).transpose()?.unwrap_or_default();
        let stored = StoredDirectory {
            is_primary: directories::is_first(tx, &new.organization_id)?,
            is_demo: false,
            policy: copied.policy,
            schemas: copied.schemas,
            forwarding: stored_forwarding.or(copied.forwarding),
            id,
            organization_id: new.organization_id,
            name,
        };
        let key = directories::save(tx, &stored, now)?;
        if let Some(track) = new.guide.or(copied.track) {
            guide::save_track(tx, key, track)?;
        }
        Ok(stored.id)
    })?;
    match (&forwarding, &original) {
        (Some(request), _) => forwarding::keep_token(&core.targets, &id, request)?,
        (None, Some(original)) => core.targets.copy_token(original, &id),
        (None, None) => {}
    }
    read_directory(core, &id)
}

/// What another directory takes over from one.
#[derive(Default)]
struct Copied {
    policy: Policy,
    schemas: Vec<DeclaredSchema>,
    forwarding: Option<StoredForwarding>,
    track: Option<GuideTrackId>,
}

fn copied(tx: &WriteTx<'_>, id: &DirectoryId) -> Result<Copied> {
    let key = directories::key(tx, id)?;
    let (Some(key), Some(stored)) = (key, directories::stored(tx, id)?) else {
        return Err(Error::missing("directory", id));
    };
    let StoredDirectory { policy, schemas, forwarding, .. } = stored;
    Ok(Copied { policy, schemas, forwarding, track: guide::track(tx, key)? })
}

/// Changes a directory.
///
/// # Errors
/// If there is none with this id, or the name is taken.
pub(crate) fn update(core: &Core, id: &DirectoryId, patch: DirectoryPatch) -> Result<Directory> {
    let (changed, now, local_url) = (id.to_owned(), core.clock.now(), core.local_url());
    let moves = patch.organization_id.as_ref().map(|_| Moving::begin(core, id)).transpose()?;
    let stored_forwarding = patch.forwarding.as_ref().map(forwarding::checked).transpose()?;
    let forwarding = patch.forwarding.clone();
    tree::write(core, move |tx| {
        let mut directory = directories::stored(tx, &changed)?.ok_or_else(|| Error::missing("directory", &changed))?;
        let former = (directory.organization_id.clone(), directory.name.clone());
        if let (Some(moving), Some(to)) = (moves, patch.organization_id) {
            moving.finish(tx, &mut directory, to, &local_url, now)?;
        }
        if let Some(name) = &patch.name {
            directory.name = names::checked(name)?;
        }
        // Two that have had one name since a migration stay as they are.
        if (&directory.organization_id, &directory.name) != (&former.0, &former.1) {
            refuse_taken(tx, &directory.organization_id, &changed, &directory.name)?;
        }
        directory.is_primary = patch.is_primary.unwrap_or(directory.is_primary);
        directory.policy = patch.policy.unwrap_or(directory.policy);
        if let Some(size) = directory.policy.page_size
            && !(1..=MOST_RESULTS).contains(&size)
        {
            return Err(Error::invalid("policy", format!("A page can have 1 to {MOST_RESULTS} resources.")));
        }
        if let Some(schemas) = patch.schemas {
            directory.schemas = checked_schemas(schemas)?;
        }
        if stored_forwarding.is_some() {
            if directory.forwarding.is_none() {
                let message =
                    "SCIM Setup answers the requests of this directory. Create a directory that forwards them.";
                return Err(Error::invalid("forwarding", message));
            }
            directory.forwarding = stored_forwarding;
        }
        let key = directories::save(tx, &directory, now)?;
        if let Some(track) = patch.guide {
            guide::save_track(tx, key, track)?;
        }
        if directory.organization_id != former.0 {
            directories::ensure_primary(tx, &former.0)?;
        }
        Ok(())
    })?;
    if let Some(request) = &forwarding {
        forwarding::keep_token(&core.targets, id, request)?;
    }
    read_directory(core, id)
}

/// A directory on its way to another organization.
struct Moving {
    key: DirectoryKey,
    /// Where it was.
    from: Environment,
    uses: LastUses,
}

impl Moving {
    fn begin(core: &Core, id: &DirectoryId) -> Result<Self> {
        let (key, from) = core.store.read(|c| -> Result<_> {
            let (key, directory) = (directories::key(c, id)?, directories::stored(c, id)?);
            let (Some(key), Some(directory)) = (key, directory) else { return Err(Error::missing("directory", id)) };
            Ok((key, environment_of(c, &directory.organization_id)?))
        })?;
        Ok(Self { key, uses: former_url::last_uses(core, &from.id)?, from })
    }

    /// Puts it into another organization, whose base URLs it has from now on. It is Primary there if it is the first.
    fn finish(
        self,
        tx: &WriteTx<'_>,
        directory: &mut StoredDirectory,
        to: OrganizationId,
        local_url: &str,
        at: Millis,
    ) -> Result<()> {
        if to == directory.organization_id {
            return Ok(());
        }
        let there = environment_of(tx, &to)?;
        let origin = |environment: &Environment| environment.public_url.as_deref().unwrap_or(local_url).to_owned();
        let (from, origin) = (origin(&self.from), origin(&there));
        let moved = Move { from: &from, to: &origin, local: local_url };
        former_url::origin_moved(tx, &self.from.id, Some(self.key), moved, &self.uses, at)?;
        directory.is_primary = directories::is_first(tx, &to)?;
        directory.organization_id = to;
        // Whoever moves a demo keeps it: it would take the other organization with it.
        directory.is_demo = false;
        Ok(())
    }
}

/// The environment of an organization.
fn environment_of(c: &Connection, organization: &OrganizationId) -> Result<Environment> {
    let missing = || Error::missing("organization", organization);
    let organization = organizations::by_id(c, organization)?.ok_or_else(missing)?;
    environments::by_id(c, &organization.environment_id)?.ok_or_else(missing)
}

/// Lets a directory begin anew: without its users, groups, requests and ticks, but with its base URL, tokens and settings.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn reset(core: &Core, id: &DirectoryId) -> Result<Directory> {
    let renewed = id.to_owned();
    tree::write(core, move |tx| {
        directories::stored(tx, &renewed)?.ok_or_else(|| Error::missing("directory", &renewed))?;
        Ok(directories::renew(tx, &renewed)?)
    })?;
    forget_deleted(core)?;
    // Every list of it is to be read again.
    core.live.publish(Event::Resync);
    read_directory(core, id)
}

/// Deletes a directory with its users, groups, requests and tokens. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete(core: &Core, id: &DirectoryId, name: &str) -> Result<()> {
    let (deleted, id, name) = (id.to_owned(), id.to_owned(), name.to_owned());
    tree::write(core, move |tx| {
        let directory = directories::stored(tx, &id)?.ok_or_else(|| Error::missing("directory", &id))?;
        names::confirm(&directory.name, &name)?;
        Ok(directories::delete(tx, &id)?)
    })?;
    core.targets.forget_token(&deleted);
    Ok(forget_deleted(core)?)
}

/// What goes with a directory.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_contents(core: &Core, id: &DirectoryId) -> Result<Contents> {
    core.store.read_with_requests(|c| {
        directories::key(c, id)?.ok_or_else(|| Error::missing("directory", id))?;
        Ok(directories::contents_of(c, id)?)
    })
}

/// Forgets what was heard of directories that a person has deleted, and gives back the space.
///
/// # Errors
/// If a database refuses.
pub(crate) fn forget_deleted(core: &Core) -> Result<(), StoreError> {
    forget_missing(core)?;
    core.store.write_requests(|tx| listing::tidy_search(tx))?;
    core.give_back();
    Ok(())
}

/// Forgets what was heard of directories that are gone.
///
/// # Errors
/// If a database refuses.
pub(crate) fn forget_missing(core: &Core) -> Result<(), StoreError> {
    let there =
        core.scopes.now().all().iter().map(|scope| scope.directory.0).collect::<serde_json::Value>().to_string();
    // Piece by piece: what is being recorded gets its turn in between.
    loop {
        let known = there.clone();
        if !core.store.write_requests(move |tx| missing::forget(tx, &known))? {
            super::api_calls::forget_missing(core, there.clone())?;
            return super::deliveries::forget_missing(core, there);
        }
    }
}

/// Each URN once; in the form in which `/Schemas` serves them.
fn checked_schemas(declared: Vec<DeclaredSchema>) -> Result<Vec<DeclaredSchema>> {
    let invalid = |message: String| Error::invalid("schemas", message);
    if declared.len() > MOST_SCHEMAS {
        return Err(invalid(format!("A directory can declare {MOST_SCHEMAS} extensions.")));
    }
    let mut checked: Vec<(String, DeclaredSchema)> = Vec::new();
    for DeclaredSchema { resource_kind, schema } in declared {
        let parsed = Schema::parse_extension(&schema).map_err(invalid)?;
        if checked.iter().any(|(urn, _)| urn.eq_ignore_ascii_case(&parsed.id)) {
            return Err(invalid(format!("{} is declared twice.", parsed.id)));
        }
        let schema = serde_json::to_value(&parsed).map_err(StoreError::from)?;
        checked.push((parsed.id, DeclaredSchema { resource_kind, schema }));
    }
    Ok(checked.into_iter().map(|(_, declared)| declared).collect())
}

/// Refuses an organization that is not there, and a name that another of its directories than `own_id` has.
fn refuse_taken(tx: &WriteTx<'_>, organization_id: &OrganizationId, own_id: &DirectoryId, name: &str) -> Result<()> {
    let organization =
        organizations::by_id(tx, organization_id)?.ok_or_else(|| Error::missing("organization", organization_id))?;
    if directories::id_by_name(tx, organization_id, name)?.is_some_and(|id| id != *own_id) {
        let message = format!("{} already has a directory with this name.", organization.name);
        return Err(Error::conflict("name", message));
    }
    Ok(())
}
