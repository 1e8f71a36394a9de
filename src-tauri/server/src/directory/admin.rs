//! Environments, organizations and directories: what a person creates, renames and deletes.

use scim::{MOST_RESULTS, Policy, Schema};
use serde::Deserialize;
use utoipa::ToSchema;

use super::browse::{directory_by_id, list_directories};
use super::{Error, former_url, present};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::insight::former_url::Move;
use crate::insight::public_url;
use crate::model::{
    Contents, DeclaredSchema, Directory, DirectoryId, Environment, EnvironmentId, Event, GuideTrackId, Organization,
    OrganizationId, Tree,
};
use crate::store::directories::NewDirectory;
use crate::store::{StoreError, WriteTx, activity, directories, environments, guide, organizations};

/// Characters of a name at the most.
const LONGEST_NAME: usize = 200;

/// E-mail domains of an organization at the most.
const MOST_DOMAINS: usize = 100;

/// Extensions of a directory at the most.
const MOST_SCHEMAS: usize = 20;

/// The environment that a first start makes.
pub(crate) const DEFAULT_ENVIRONMENT: &str = "Local";

/// A new environment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewEnvironment {
    /// Unique.
    pub(crate) name: String,
    /// Where identity providers reach this machine.
    #[serde(default)]
    pub(crate) public_url: Option<String>,
    /// Whether the public URL may be `http` or a private host.
    #[serde(default)]
    pub(crate) local_only: bool,
}

/// What changes of an environment.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct EnvironmentPatch {
    /// A new name.
    pub(crate) name: Option<String>,
    /// A new public URL; `null`: none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub(crate) public_url: Option<Option<String>>,
    /// Whether the public URL may be `http` or a private host.
    pub(crate) local_only: Option<bool>,
}

/// A new organization.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewOrganization {
    /// The environment it belongs to.
    pub(crate) environment_id: EnvironmentId,
    /// Unique in its environment.
    pub(crate) name: String,
    /// The id that the software under test knows it by.
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    /// `example.com`.
    #[serde(default)]
    pub(crate) email_domains: Vec<String>,
}

/// What changes of an organization.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct OrganizationPatch {
    /// A new name.
    pub(crate) name: Option<String>,
    /// A new external id; `null`: none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub(crate) external_id: Option<Option<String>>,
    /// All of its domains.
    pub(crate) email_domains: Option<Vec<String>>,
}

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
}

/// What changes of a directory.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct DirectoryPatch {
    /// A new name.
    pub(crate) name: Option<String>,
    /// Setting one Primary unsets the other of its organization.
    pub(crate) is_primary: Option<bool>,
    /// How lenient it is.
    pub(crate) policy: Option<Policy>,
    /// All extensions that it declares.
    pub(crate) schemas: Option<Vec<DeclaredSchema>>,
}

/// Makes the environment "Local" if there is none at all.
pub(crate) fn ensure_default_environment(core: &Core) -> Result<(), Error> {
    let now = core.clock.now();
    core.store.write(move |tx| {
        if environments::all(tx)?.is_empty() {
            let environment = Environment {
                id: EnvironmentId(short_id()),
                name: DEFAULT_ENVIRONMENT.to_owned(),
                public_url: None,
                local_only: false,
                created_at: rfc3339(now),
            };
            environments::insert(tx, &environment, now)?;
        }
        Ok(())
    })
}

/// Everything the sidebar shows.
///
/// # Errors
/// If the database refuses.
pub(crate) fn read_tree(core: &Core) -> Result<Tree, Error> {
    core.store.read_with_requests(|c| {
        Ok(Tree {
            environments: environments::all(c)?,
            organizations: organizations::all(c)?,
            directories: list_directories(core, c)?,
            unattributed: activity::counts(c, None)?,
        })
    })
}

/// Creates an environment.
///
/// # Errors
/// If the name is taken or the URL cannot be used.
pub(crate) fn create_environment(core: &Core, new: NewEnvironment) -> Result<Environment, Error> {
    let now = core.clock.now();
    let environment = Environment {
        id: EnvironmentId(short_id()),
        name: checked_name(&new.name)?,
        public_url: checked_url(new.public_url.as_deref(), new.local_only)?,
        local_only: new.local_only,
        created_at: rfc3339(now),
    };
    write(core, move |tx| {
        refuse_taken_environment(tx, &environment)?;
        environments::insert(tx, &environment, now)?;
        Ok(environment)
    })
}

/// Changes an environment.
///
/// # Errors
/// If there is none with this id, the name is taken or the URL cannot be used.
pub(crate) fn update_environment(
    core: &Core,
    id: &EnvironmentId,
    patch: EnvironmentPatch,
) -> Result<Environment, Error> {
    let (id, now, local_url) = (id.to_owned(), core.clock.now(), core.local_url());
    let uses = former_url::last_uses(core, &id)?;
    write(core, move |tx| {
        let mut environment = environments::by_id(tx, &id)?.ok_or_else(|| Error::missing("environment", &id))?;
        let before = environment.public_url.clone();
        if let Some(name) = &patch.name {
            environment.name = checked_name(name)?;
            refuse_taken_environment(tx, &environment)?;
        }
        environment.local_only = patch.local_only.unwrap_or(environment.local_only);
        // Checked again even if only `localOnly` changes: a URL that is kept has to fit.
        let url = patch.public_url.unwrap_or(environment.public_url);
        environment.public_url = checked_url(url.as_deref(), environment.local_only)?;
        environments::update(tx, &environment)?;
        if environment.public_url != before {
            let origin = |url: &Option<String>| url.clone().unwrap_or_else(|| local_url.clone());
            let (from, to) = (origin(&before), origin(&environment.public_url));
            former_url::environment_moved(tx, &id, Move { from: &from, to: &to, local: &local_url }, &uses, now)?;
        }
        Ok(environment)
    })
}

/// One environment.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_environment(core: &Core, id: &EnvironmentId) -> Result<Environment, Error> {
    core.store.read(|c| environments::by_id(c, id))?.ok_or_else(|| Error::missing("environment", id))
}

/// Deletes an environment with all that is in it. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete_environment(core: &Core, id: &EnvironmentId, name: &str) -> Result<(), Error> {
    let (id, name) = (id.to_owned(), name.to_owned());
    write(core, move |tx| {
        let environment = environments::by_id(tx, &id)?.ok_or_else(|| Error::missing("environment", &id))?;
        confirm(&environment.name, &name)?;
        if environments::all(tx)?.len() == 1 {
            return Err(Error::conflict("name", "This is the only environment. Create another one first."));
        }
        Ok(environments::delete(tx, &id)?)
    })?;
    Ok(forget_missing(core)?)
}

/// What goes with an environment.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_environment_contents(core: &Core, id: &EnvironmentId) -> Result<Contents, Error> {
    core.store.read_with_requests(|c| {
        environments::by_id(c, id)?.ok_or_else(|| Error::missing("environment", id))?;
        Ok(environments::contents(c, id)?)
    })
}

/// Creates an organization.
///
/// # Errors
/// If there is no such environment, or the name or external id is taken.
pub(crate) fn create_organization(core: &Core, new: NewOrganization) -> Result<Organization, Error> {
    let now = core.clock.now();
    let organization = Organization {
        id: OrganizationId(short_id()),
        environment_id: new.environment_id,
        name: checked_name(&new.name)?,
        external_id: checked_external_id(new.external_id)?,
        email_domains: checked_domains(&new.email_domains)?,
        created_at: rfc3339(now),
    };
    write(core, move |tx| {
        let environment = &organization.environment_id;
        environments::by_id(tx, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        refuse_taken_organization(tx, &organization)?;
        organizations::insert(tx, &organization, now)?;
        Ok(organization)
    })
}

/// Changes an organization.
///
/// # Errors
/// If there is none with this id, or the name or external id is taken.
pub(crate) fn update_organization(
    core: &Core,
    id: &OrganizationId,
    patch: OrganizationPatch,
) -> Result<Organization, Error> {
    let id = id.to_owned();
    write(core, move |tx| {
        let mut organization = organizations::by_id(tx, &id)?.ok_or_else(|| Error::missing("organization", &id))?;
        if let Some(name) = &patch.name {
            organization.name = checked_name(name)?;
        }
        if let Some(external_id) = patch.external_id {
            organization.external_id = checked_external_id(external_id)?;
        }
        if let Some(domains) = &patch.email_domains {
            organization.email_domains = checked_domains(domains)?;
        }
        refuse_taken_organization(tx, &organization)?;
        organizations::update(tx, &organization)?;
        Ok(organization)
    })
}

/// Deletes an organization with all that is in it. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete_organization(core: &Core, id: &OrganizationId, name: &str) -> Result<(), Error> {
    let (id, name) = (id.to_owned(), name.to_owned());
    write(core, move |tx| {
        let organization = organizations::by_id(tx, &id)?.ok_or_else(|| Error::missing("organization", &id))?;
        confirm(&organization.name, &name)?;
        Ok(organizations::delete(tx, &id)?)
    })?;
    Ok(forget_missing(core)?)
}

/// What goes with an organization.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_organization_contents(core: &Core, id: &OrganizationId) -> Result<Contents, Error> {
    core.store.read_with_requests(|c| {
        organizations::by_id(c, id)?.ok_or_else(|| Error::missing("organization", id))?;
        Ok(organizations::contents(c, id)?)
    })
}

/// Creates a directory; the first of an organization is Primary.
///
/// # Errors
/// If there is no such organization, or the name is taken.
pub(crate) fn create_directory(core: &Core, new: NewDirectoryRequest) -> Result<Directory, Error> {
    let now = core.clock.now();
    let name = checked_name(&new.name)?;
    let id = write(core, move |tx| {
        let (id, organization_id) = (DirectoryId(short_id()), &new.organization_id);
        refuse_taken_directory(tx, organization_id, &id, &name)?;
        let stored = NewDirectory {
            id: &id,
            organization_id,
            name: &name,
            is_primary: directories::is_first(tx, organization_id)?,
            is_demo: false,
            policy: &Policy::default(),
            created_at: now,
        };
        let key = directories::insert(tx, &stored)?;
        if let Some(track) = new.guide {
            guide::save_track(tx, key, track)?;
        }
        Ok(id)
    })?;
    read_directory(core, &id)
}

/// Reads a directory.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_directory(core: &Core, id: &DirectoryId) -> Result<Directory, Error> {
    core.store.read_with_requests(|c| directory_by_id(core, c, id)?.ok_or_else(|| Error::missing("directory", id)))
}

/// Tells every client what a directory is now.
///
/// # Errors
/// If a database refuses.
pub(super) fn publish_directory(core: &Core, id: &DirectoryId) -> Result<(), StoreError> {
    let found = core.store.read_with_requests(|c| directory_by_id(core, c, id))?;
    // One that is gone is told of otherwise.
    found.into_iter().for_each(|directory| core.live.publish(Event::directory(directory)));
    Ok(())
}

/// Changes a directory.
///
/// # Errors
/// If there is none with this id, or the name is taken.
pub(crate) fn update_directory(core: &Core, id: &DirectoryId, patch: DirectoryPatch) -> Result<Directory, Error> {
    let changed = id.to_owned();
    write(core, move |tx| {
        let mut directory = directories::stored(tx, &changed)?.ok_or_else(|| Error::missing("directory", &changed))?;
        if let Some(name) = &patch.name {
            directory.name = checked_name(name)?;
            refuse_taken_directory(tx, &directory.organization_id, &changed, &directory.name)?;
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
        Ok(directories::update(tx, &directory)?)
    })?;
    read_directory(core, id)
}

/// Deletes a directory with its users, groups, requests and tokens. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete_directory(core: &Core, id: &DirectoryId, name: &str) -> Result<(), Error> {
    let (id, name) = (id.to_owned(), name.to_owned());
    write(core, move |tx| {
        let directory = directories::stored(tx, &id)?.ok_or_else(|| Error::missing("directory", &id))?;
        confirm(&directory.name, &name)?;
        Ok(directories::delete(tx, &id)?)
    })?;
    Ok(forget_missing(core)?)
}

/// What goes with a directory.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_directory_contents(core: &Core, id: &DirectoryId) -> Result<Contents, Error> {
    core.store.read_with_requests(|c| {
        directories::key(c, id)?.ok_or_else(|| Error::missing("directory", id))?;
        Ok(directories::contents_of(c, id)?)
    })
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
        let there = there.clone();
        if !core.store.write_requests(move |tx| activity::forget_missing(tx, &there))? {
            return Ok(());
        }
    }
}

/// Writes, and has every client read the tree again.
pub(super) fn write<T: Send + 'static>(
    core: &Core,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let result = core.store.write(work)?;
    core.reload_scopes()?;
    core.live.publish(Event::Tree);
    Ok(result)
}

fn checked_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name", "Enter a name."));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("name", format!("The name is longer than {LONGEST_NAME} characters.")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "The name has a line break or another control character."));
    }
    Ok(name.to_owned())
}

fn checked_url(url: Option<&str>, local_only: bool) -> Result<Option<String>, Error> {
    match url.map(str::trim).filter(|url| !url.is_empty()) {
        None => Ok(None),
        Some(url) => public_url::check(url, local_only)
            .map(|checked| Some(checked.url))
            .map_err(|message| Error::invalid("publicUrl", message)),
    }
}

fn checked_external_id(id: Option<String>) -> Result<Option<String>, Error> {
    let id = id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    if id.as_ref().is_some_and(|id| id.chars().count() > LONGEST_NAME) {
        let message = format!("The external id is longer than {LONGEST_NAME} characters.");
        return Err(Error::invalid("externalId", message));
    }
    Ok(id)
}

/// Lower case, each once, in the order given.
fn checked_domains(domains: &[String]) -> Result<Vec<String>, Error> {
    let mut checked: Vec<String> = Vec::new();
    for domain in domains {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        if domain.is_empty() {
            continue;
        }
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if !domain.contains('.') || domain.len() > 253 || !domain.split('.').all(is_label) {
            let message = format!("\u{201c}{domain}\u{201d} is no e-mail domain. Enter one such as example.com.");
            return Err(Error::invalid("emailDomains", message));
        }
        if !checked.contains(&domain) {
            checked.push(domain);
        }
    }
    if checked.len() > MOST_DOMAINS {
        let message = format!("An organization can have {MOST_DOMAINS} e-mail domains.");
        return Err(Error::invalid("emailDomains", message));
    }
    Ok(checked)
}

/// Each URN once; in the form in which `/Schemas` serves them.
fn checked_schemas(declared: Vec<DeclaredSchema>) -> Result<Vec<DeclaredSchema>, Error> {
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

fn refuse_taken_environment(tx: &WriteTx<'_>, environment: &Environment) -> Result<(), Error> {
    if environments::id_by_name(tx, &environment.name)?.is_some_and(|id| id != environment.id) {
        return Err(Error::conflict("name", "There is already an environment with this name."));
    }
    Ok(())
}

fn refuse_taken_organization(tx: &WriteTx<'_>, organization: &Organization) -> Result<(), Error> {
    let Organization { id: own_id, environment_id, name, external_id, .. } = organization;
    if organizations::id_by_name(tx, environment_id, name)?.is_some_and(|id| id != *own_id) {
        return Err(Error::conflict("name", "This environment already has an organization with this name."));
    }
    if let Some(external_id) = external_id
        && organizations::id_by_external_id(tx, environment_id, external_id)?.is_some_and(|id| id != *own_id)
    {
        return Err(Error::conflict("externalId", "Another organization of this environment has this external id."));
    }
    Ok(())
}

/// Refuses an organization that is not there, and a name that another of its directories than `own_id` has.
fn refuse_taken_directory(
    tx: &WriteTx<'_>,
    organization_id: &OrganizationId,
    own_id: &DirectoryId,
    name: &str,
) -> Result<(), Error> {
    let organization =
        organizations::by_id(tx, organization_id)?.ok_or_else(|| Error::missing("organization", organization_id))?;
    if directories::id_by_name(tx, organization_id, name)?.is_some_and(|id| id != *own_id) {
        let message = format!("{} already has a directory with this name.", organization.name);
        return Err(Error::conflict("name", message));
    }
    Ok(())
}

fn confirm(name: &str, typed: &str) -> Result<(), Error> {
    if name == typed.trim() {
        return Ok(());
    }
    Err(Error::ConfirmationMismatch(format!("Type the name exactly as it is: {name}")))
}
