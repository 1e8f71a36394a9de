//! Directories to look around in: made with one click, and removed with one.

use scim::Policy;

use super::{Error, Result, tree};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::model::{Directory, DirectoryId, EnvironmentId, GuideTrackId, Organization, OrganizationId};
use crate::store::directories::StoredDirectory;
use crate::store::{directories, environments, guide, organizations};

/// What the organization is called.
const ORGANIZATION: &str = "Demo";

/// What the directory is called.
const DIRECTORY: &str = "Okta";

/// Makes an organization with one directory, marked as a demo.
///
/// # Errors
/// If there is no such environment.
pub(crate) fn create_demo(core: &Core, environment: &EnvironmentId) -> Result<Directory> {
    let (now, environment) = (core.clock.now(), environment.to_owned());
    let id = tree::write(core, move |tx| {
        environments::by_id(tx, &environment)?.ok_or_else(|| Error::missing("environment", &environment))?;
        let mut name = ORGANIZATION.to_owned();
        let mut number = 1;
        while organizations::id_by_name(tx, &environment, &name)?.is_some() {
            number += 1;
            name = format!("{ORGANIZATION} {number}");
        }
        let organization = Organization {
            id: OrganizationId(short_id()),
            environment_id: environment,
            name,
            external_id: None,
            email_domains: Vec::new(),
            created_at: rfc3339(now),
        };
        organizations::save(tx, &organization, now)?;
        let stored = StoredDirectory {
            id: DirectoryId(short_id()),
            organization_id: organization.id,
            name: DIRECTORY.to_owned(),
            is_primary: true,
            is_demo: true,
            policy: Policy::default(),
            schemas: Vec::new(),
        };
        let key = directories::save(tx, &stored, now)?;
        guide::save_track(tx, key, GuideTrackId::OktaAiw)?;
        Ok(stored.id)
    })?;
    super::directories::read(core, &id)
}

/// Deletes a demo, and its organization unless somebody put something else there.
///
/// # Errors
/// If there is no such directory, or it is not a demo.
pub(crate) fn delete_demo(core: &Core, id: &DirectoryId) -> Result<()> {
    let id = id.to_owned();
    tree::write(core, move |tx| {
        let directory = directories::stored(tx, &id)?.ok_or_else(|| Error::missing("directory", &id))?;
        if !directory.is_demo {
            return Err(Error::conflict("id", "This directory is not a demo. Delete it by its name."));
        }
        directories::delete(tx, &id)?;
        if directories::is_first(tx, &directory.organization_id)? {
            organizations::delete(tx, &directory.organization_id)?;
        }
        Ok(())
    })?;
    Ok(super::directories::forget_deleted(core)?)
}
