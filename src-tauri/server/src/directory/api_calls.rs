//! What the software under test asked the integration API for.

use serde::Deserialize;
use utoipa::IntoParams;

use super::browse::Limit;
use super::{Error, Result};
use crate::core::Core;
use crate::model::{ApiCallDetail, ApiCallId, ApiCallPage, EnvironmentId, Event};
use crate::store::api_calls::NewApiCall;
use crate::store::{StoreError, api_calls, api_keys, environments};

/// Which requests, the newest first.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApiCallQuery {
    /// Only those with a smaller id.
    pub(crate) before: Option<ApiCallId>,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<100>,
}

/// The requests with keys of an environment, and those with keys that nobody knows.
///
/// # Errors
/// If there is no such environment.
pub(crate) fn list(core: &Core, environment: &EnvironmentId, query: &ApiCallQuery) -> Result<ApiCallPage> {
    let limit = query.limit.rows();
    core.store.read_with_requests(|c| {
        environments::by_id(c, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        let mut items = api_calls::page(c, environment, query.before, limit + 1)?;
        let has_more = items.len() > limit as usize;
        items.truncate(limit as usize);
        Ok(ApiCallPage { items, has_more })
    })
}

/// A request with its answer.
///
/// # Errors
/// If it is not kept.
pub(crate) fn read(core: &Core, id: ApiCallId) -> Result<ApiCallDetail> {
    let found = core.store.read_with_requests(|c| api_calls::by_id(c, id))?;
    found.ok_or_else(|| Error::NotFound(format!("There is no API call {id}. It may have been too old to be kept.")))
}

/// Deletes the requests that the list of an environment has.
///
/// # Errors
/// If there is no such environment.
pub(crate) fn delete(core: &Core, environment: &EnvironmentId) -> Result<()> {
    core.store
        .read(|c| environments::by_id(c, environment))?
        .ok_or_else(|| Error::missing("environment", environment))?;
    let id = environment.clone();
    core.store.write_requests(move |tx| api_calls::delete_of(tx, &id))?;
    core.give_back();
    core.live.publish(Event::ApiCallsDeleted);
    Ok(())
}

/// Deletes the requests that are older than the settings allow.
///
/// # Errors
/// If the database refuses.
pub(super) fn delete_old(core: &Core) -> Result<(), StoreError> {
    let Some(before) = super::exchanges::oldest_kept(core)? else { return Ok(()) };
    if core.store.write_requests(move |tx| api_calls::delete_older(tx, before))? > 0 {
        core.live.publish(Event::ApiCallsDeleted);
    }
    Ok(())
}

/// Records requests that were answered, and tells of them.
///
/// # Errors
/// If the database refuses.
pub(crate) fn record(core: &Core, calls: Vec<NewApiCall>) -> Result<(), StoreError> {
    let rows = core.store.write_requests(move |tx| api_calls::insert(tx, &calls))?;
    rows.into_iter().for_each(|call| core.live.publish(Event::ApiCall { call }));
    Ok(())
}

/// Lets go of what is kept of environments, directories and keys that are gone. `directories` are the keys of those that are there, as a JSON
/// array.
///
/// # Errors
/// If the database refuses.
pub(super) fn forget_missing(core: &Core, directories: String) -> Result<(), StoreError> {
    let (environments, keys) = core.store.read(|c| {
        let environments: Vec<_> = environments::all(c)?.into_iter().map(|environment| environment.id).collect();
        Ok::<_, StoreError>((serde_json::to_string(&environments)?, serde_json::to_string(&api_keys::ids(c)?)?))
    })?;
    core.store.write_requests(move |tx| api_calls::forget_missing(tx, &environments, &directories, &keys))
}
