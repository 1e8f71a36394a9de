//! Directories to look around in: made with one click, and removed with one.

use scim::Policy;

use super::{Error, Result, tree};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::model::{
    Actor, Contents, DemoContents, Directory, DirectoryId, DirectoryKey, EnvironmentId, GuideTrackId, Organization,
    OrganizationId,
};
use crate::store::directories::StoredDirectory;
use crate::store::{Connection, directories, environments, exchanges, guide, organizations, resources, tokens};

/// What the organization is called.
const ORGANIZATION: &str = "Demo";

/// What it is called once a person keeps it.
const KEPT_ORGANIZATION: &str = "My organization";

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
        let organization = Organization {
            id: OrganizationId(short_id()),
            name: free_name(tx, &environment, ORGANIZATION)?,
            environment_id: environment,
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
            forwarding: None,
        };
        let key = directories::save(tx, &stored, now)?;
        guide::save_track(tx, key, GuideTrackId::OktaAiw)?;
        Ok(stored.id)
    })?;
    super::browse::read_directory(core, &id)
}

/// What is in a demo that the simulator did not make there.
///
/// # Errors
/// If there is no such directory, or it is not a demo.
pub(crate) fn read_demo(core: &Core, id: &DirectoryId) -> Result<DemoContents> {
    core.store.read_with_requests(|c| {
        demo(c, id)?;
        let key = directories::key(c, id)?.ok_or_else(|| Error::missing("directory", id))?;
        let mut found = kept_of_others(c, key)?;
        found.real.exchanges = exchanges::count_real(c, key)?;
        Ok(found)
    })
}

/// What others made in a demo, as far as the truth knows it: not the requests.
fn kept_of_others(c: &Connection, key: DirectoryKey) -> Result<DemoContents> {
    let (users, groups) = resources::count_not_made_by(c, key, &Actor::Simulator)?;
    let real = Contents { users, groups, ..Contents::default() };
    Ok(DemoContents { real, has_token: tokens::created_at(c, key)?.is_some() })
}

/// Makes a demo a directory like any other, with all that is in it, and its organization one that is no longer called a demo.
///
/// # Errors
/// If there is no such directory, or it is not a demo.
pub(crate) fn keep_demo(core: &Core, id: &DirectoryId) -> Result<Directory> {
    let (now, kept) = (core.clock.now(), id.to_owned());
    tree::write(core, move |tx| {
        let directory = demo(tx, &kept)?;
        let mut organization = organizations::by_id(tx, &directory.organization_id)?
            .ok_or_else(|| Error::missing("organization", &directory.organization_id))?;
        // A name that a person gave stays.
        let number = organization.name.strip_prefix(ORGANIZATION);
        if number.is_some_and(|rest| rest.is_empty() || rest.trim().parse::<u32>().is_ok()) {
            organization.name = free_name(tx, &organization.environment_id, KEPT_ORGANIZATION)?;
            organizations::save(tx, &organization, now)?;
        }
        Ok(directories::save(tx, &StoredDirectory { is_demo: false, ..directory }, now)?)
    })?;
    super::browse::read_directory(core, id)
}

/// Deletes a demo, and its organization unless somebody put something else there. `is_confirmed`: with what others have sent, and its token.
///
/// # Errors
/// If there is no such directory, it is not a demo, or something in it is real and nobody has confirmed that it goes.
pub(crate) fn delete_demo(core: &Core, id: &DirectoryId, is_confirmed: bool) -> Result<()> {
    let confirmed = move |found: DemoContents| {
        let message = "Not all of this demo is simulated: it has a token, or somebody else has sent requests. Confirm that this is deleted too.";
        let is_simulated = !found.has_token && found.real == Contents::default();
        if is_confirmed || is_simulated { Ok(()) } else { Err(Error::conflict("confirmed", message)) }
    };
    confirmed(read_demo(core, id)?)?;
    let id = id.to_owned();
    tree::write(core, move |tx| {
        let directory = demo(tx, &id)?;
        let key = directories::key(tx, &id)?.ok_or_else(|| Error::missing("directory", &id))?;
        // Something may have come since.
        confirmed(kept_of_others(tx, key)?)?;
        directories::delete(tx, &id)?;
        if directories::is_first(tx, &directory.organization_id)? {
            organizations::delete(tx, &directory.organization_id)?;
        }
        Ok(())
    })?;
    Ok(super::directories::forget_deleted(core)?)
}

/// The demo with this id.
fn demo(c: &Connection, id: &DirectoryId) -> Result<StoredDirectory> {
    let directory = directories::stored(c, id)?.ok_or_else(|| Error::missing("directory", id))?;
    if !directory.is_demo {
        return Err(Error::conflict("id", "This directory is not a demo. Delete it by its name."));
    }
    Ok(directory)
}

/// `wanted`, with a number if another organization of the environment has that name.
fn free_name(c: &Connection, environment: &EnvironmentId, wanted: &str) -> Result<String> {
    let (mut name, mut number) = (wanted.to_owned(), 1);
    while organizations::id_by_name(c, environment, &name)?.is_some() {
        number += 1;
        name = format!("{wanted} {number}");
    }
    Ok(name)
}
