//! Environments: what a person creates, renames and deletes, and the one that is there at first.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Error, Result, directories, former_url, names, present, tree};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::insight::former_url::Move;
use crate::insight::public_url;
use crate::model::{Contents, Environment, EnvironmentId};
use crate::store::{StoreError, WriteTx, environments};

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

/// Makes the environment "Local" if there is none at all.
pub(crate) fn ensure_default(core: &Core) -> Result<(), StoreError> {
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
            environments::save(tx, &environment, now)?;
        }
        Ok(())
    })
}

/// Creates an environment.
///
/// # Errors
/// If the name is taken or the URL cannot be used.
pub(crate) fn create(core: &Core, new: NewEnvironment) -> Result<Environment> {
    let now = core.clock.now();
    let environment = Environment {
        id: EnvironmentId(short_id()),
        name: names::checked(&new.name)?,
        public_url: checked_url(new.public_url.as_deref(), new.local_only)?,
        local_only: new.local_only,
        created_at: rfc3339(now),
    };
    tree::write(core, move |tx| {
        refuse_taken(tx, &environment)?;
        environments::save(tx, &environment, now)?;
        Ok(environment)
    })
}

/// Changes an environment.
///
/// # Errors
/// If there is none with this id, the name is taken or the URL cannot be used.
pub(crate) fn update(core: &Core, id: &EnvironmentId, patch: EnvironmentPatch) -> Result<Environment> {
    let (id, now, local_url) = (id.to_owned(), core.clock.now(), core.local_url());
    let uses = former_url::last_uses(core, &id)?;
    tree::write(core, move |tx| {
        let mut environment = environments::by_id(tx, &id)?.ok_or_else(|| Error::missing("environment", &id))?;
        let before = environment.public_url.clone();
        if let Some(name) = &patch.name {
            environment.name = names::checked(name)?;
            refuse_taken(tx, &environment)?;
        }
        environment.local_only = patch.local_only.unwrap_or(environment.local_only);
        // Checked again even if only `localOnly` changes: a URL that is kept has to fit.
        let url = patch.public_url.unwrap_or(environment.public_url);
        environment.public_url = checked_url(url.as_deref(), environment.local_only)?;
        environments::save(tx, &environment, now)?;
        if environment.public_url != before {
            let origin = |url: &Option<String>| url.clone().unwrap_or_else(|| local_url.clone());
            let (from, to) = (origin(&before), origin(&environment.public_url));
            former_url::origin_moved(tx, &id, None, Move { from: &from, to: &to, local: &local_url }, &uses, now)?;
        }
        Ok(environment)
    })
}

/// One environment.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read(core: &Core, id: &EnvironmentId) -> Result<Environment> {
    core.store.read(|c| environments::by_id(c, id))?.ok_or_else(|| Error::missing("environment", id))
}

/// Deletes an environment with all that is in it. `name` must be its name.
///
/// # Errors
/// If there is none with this id, or the name is another.
pub(crate) fn delete(core: &Core, id: &EnvironmentId, name: &str) -> Result<()> {
    let (id, name) = (id.to_owned(), name.to_owned());
    tree::write(core, move |tx| {
        let environment = environments::by_id(tx, &id)?.ok_or_else(|| Error::missing("environment", &id))?;
        names::confirm(&environment.name, &name)?;
        if environments::all(tx)?.len() == 1 {
            return Err(Error::conflict("name", "This is the only environment. Create another one first."));
        }
        Ok(environments::delete(tx, &id)?)
    })?;
    Ok(directories::forget_deleted(core)?)
}

/// What goes with an environment.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_contents(core: &Core, id: &EnvironmentId) -> Result<Contents> {
    core.store.read_with_requests(|c| {
        environments::by_id(c, id)?.ok_or_else(|| Error::missing("environment", id))?;
        Ok(environments::contents(c, id)?)
    })
}

fn checked_url(url: Option<&str>, local_only: bool) -> Result<Option<String>> {
    match url.map(str::trim).filter(|url| !url.is_empty()) {
        None => Ok(None),
        Some(url) => public_url::check(url, local_only)
            .map(|checked| Some(checked.url))
            .map_err(|message| Error::invalid("publicUrl", message)),
    }
}

fn refuse_taken(tx: &WriteTx<'_>, environment: &Environment) -> Result<()> {
    if environments::id_by_name(tx, &environment.name)?.is_some_and(|id| id != environment.id) {
        return Err(Error::conflict("name", "There is already an environment with this name."));
    }
    Ok(())
}
