//! Organizations: what a person creates, renames and deletes.

use serde::Deserialize;
use utoipa::ToSchema;

use super::names::LONGEST_NAME;
use super::{Error, Result, directories, names, present, tree};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::model::{Contents, EnvironmentId, Organization, OrganizationId};
use crate::store::{WriteTx, environments, organizations};

/// Email domains of an organization at the most.
const MOST_DOMAINS: usize = 100;

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

/// Creates an organization.
///
/// # Errors
/// If there is no such environment, or the name or external id is taken.
pub(crate) fn create(core: &Core, new: NewOrganization) -> Result<Organization> {
    let now = core.clock.now();
    let organization = Organization {
        id: OrganizationId(short_id()),
        environment_id: new.environment_id,
        name: names::checked(&new.name)?,
        external_id: checked_external_id(new.external_id)?,
        email_domains: checked_domains(&new.email_domains)?,
        created_at: rfc3339(now),
    };
    tree::write(core, move |tx| {
        let environment = &organization.environment_id;
        environments::by_id(tx, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        refuse_taken(tx, &organization)?;
        organizations::save(tx, &organization, now)?;
        Ok(organization)
    })
}

/// Changes an organization.
///
/// # Errors
/// If there is none with this id, or the name or external id is taken.
pub(crate) fn update(core: &Core, id: &OrganizationId, patch: OrganizationPatch) -> Result<Organization> {
    let (id, now) = (id.to_owned(), core.clock.now());
    tree::write(core, move |tx| {
        let mut organization = organizations::by_id(tx, &id)?.ok_or_else(|| Error::missing("organization", &id))?;
        if let Some(name) = &patch.name {
            organization.name = names::checked(name)?;
        }
        if let Some(external_id) = patch.external_id {
            organization.external_id = checked_external_id(external_id)?;
        }
        if let Some(domains) = &patch.email_domains {
            organization.email_domains = checked_domains(domains)?;
        }
        refuse_taken(tx, &organization)?;
        organizations::save(tx, &organization, now)?;
        Ok(organization)
    })
}

/// Deletes an organization with all that is in it. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete(core: &Core, id: &OrganizationId, name: &str) -> Result<()> {
    let (id, name) = (id.to_owned(), name.to_owned());
    tree::write(core, move |tx| {
        let organization = organizations::by_id(tx, &id)?.ok_or_else(|| Error::missing("organization", &id))?;
        names::confirm(&organization.name, &name)?;
        Ok(organizations::delete(tx, &id)?)
    })?;
    Ok(directories::forget_deleted(core)?)
}

/// What goes with an organization.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_contents(core: &Core, id: &OrganizationId) -> Result<Contents> {
    core.store.read_with_requests(|c| {
        organizations::by_id(c, id)?.ok_or_else(|| Error::missing("organization", id))?;
        Ok(organizations::contents(c, id)?)
    })
}

fn checked_external_id(id: Option<String>) -> Result<Option<String>> {
    let id = id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    if id.as_ref().is_some_and(|id| id.chars().count() > LONGEST_NAME) {
        let message = format!("The external id is longer than {LONGEST_NAME} characters.");
        return Err(Error::invalid("externalId", message));
    }
    Ok(id)
}

/// Lower case, each once, in the order given.
fn checked_domains(domains: &[String]) -> Result<Vec<String>> {
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
            let message = format!("\u{201c}{domain}\u{201d} is not an email domain. Enter one such as example.com.");
            return Err(Error::invalid("emailDomains", message));
        }
        if !checked.contains(&domain) {
            checked.push(domain);
        }
    }
    if checked.len() > MOST_DOMAINS {
        let message = format!("An organization can have {MOST_DOMAINS} email domains.");
        return Err(Error::invalid("emailDomains", message));
    }
    Ok(checked)
}

fn refuse_taken(tx: &WriteTx<'_>, organization: &Organization) -> Result<()> {
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
