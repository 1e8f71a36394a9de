//! API keys: with them the software under test reads what arrived in an environment.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Error, Result, names};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::ids::short_id;
use crate::model::{ApiKey, ApiKeyCreated, ApiKeyId, EnvironmentId, Event};
use crate::secret::PlainToken;
use crate::store::{StoreError, api_keys, environments};

/// Keys of an environment that are in force, at the most, and revoked ones that stay known.
const MOST_KEYS: usize = 100;
const MOST_REVOKED: u32 = 50;

/// A new API key.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it is for.
    pub(crate) name: String,
}

/// Who presented a key.
#[derive(Clone, Debug)]
pub(crate) struct KeyHolder {
    pub(crate) key: ApiKeyId,
    pub(crate) environment: EnvironmentId,
    /// A revoked key is known, and refused.
    pub(crate) is_in_force: bool,
}

/// Creates a key. The answer is the only one that has it.
///
/// # Errors
/// If there is no such environment, or the name is taken.
pub(crate) fn create(core: &Core, environment: &EnvironmentId, new: &NewApiKey) -> Result<ApiKeyCreated> {
    let (now, plain) = (core.clock.now(), PlainToken::generate_api_key());
    let api_key = ApiKey {
        id: ApiKeyId(short_id()),
        environment_id: environment.clone(),
        name: names::checked(&new.name)?,
        last_four: plain.last_four(),
        created_at: rfc3339(now),
        last_used_at: None,
        revoked_at: None,
    };
    let (stored, hash) = (api_key.clone(), plain.hash());
    core.store.write(move |tx| {
        let environment = &stored.environment_id;
        environments::by_id(tx, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        if api_keys::is_taken(tx, environment, &stored.name)? {
            let message = format!("There is an API key with the name {} already. Choose another name.", stored.name);
            return Err(Error::conflict("name", message));
        }
        if api_keys::count_in_force(tx, environment)? >= MOST_KEYS {
            let message =
                format!("An environment has {MOST_KEYS} API keys at the most. Revoke one that is not needed.");
            return Err(Error::conflict("name", message));
        }
        api_keys::forget_revoked(tx, environment, MOST_REVOKED)?;
        Ok(api_keys::insert(tx, &stored, &hash, now)?)
    })?;
    core.live.publish(Event::ApiKeys { environment_id: environment.clone() });
    Ok(ApiKeyCreated { key: plain.reveal().to_owned(), api_key })
}

/// The keys of an environment: those in force, then those that were revoked; the newest first.
///
/// # Errors
/// If there is no such environment.
pub(crate) fn list(core: &Core, environment: &EnvironmentId) -> Result<Vec<ApiKey>> {
    core.store.read_with_requests(|c| {
        environments::by_id(c, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        Ok(api_keys::all(c, environment)?)
    })
}

/// Refuses a key from the next request on. Which one it was stays known, so that who still uses it can be told.
///
/// # Errors
/// If there is no such key.
pub(crate) fn revoke(core: &Core, id: &ApiKeyId) -> Result<ApiKey> {
    let (now, revoked) = (core.clock.now(), id.clone());
    core.store.write(move |tx| api_keys::revoke(tx, &revoked, now))?;
    let key = core.store.read_with_requests(|c| api_keys::by_id(c, id))?;
    let key = key.ok_or_else(|| Error::missing("API key", id))?;
    core.live.publish(Event::ApiKeys { environment_id: key.environment_id.clone() });
    Ok(key)
}

/// Whether a key is still accepted.
///
/// # Errors
/// If the database refuses.
pub(crate) fn is_in_force(core: &Core, id: &ApiKeyId) -> Result<bool, StoreError> {
    core.store.read(|c| api_keys::is_in_force(c, id))
}

/// Who a key belongs to; `None`: it is not a key of ours.
///
/// # Errors
/// If the database refuses.
pub(crate) fn holder(core: &Core, presented: &str) -> Result<Option<KeyHolder>, StoreError> {
    let hash = PlainToken::from_client(presented).hash();
    let found = core.store.read(|c| api_keys::by_hash(c, &hash))?;
    Ok(found.map(|(key, environment, is_in_force)| KeyHolder { key, environment, is_in_force }))
}
