//! How much is kept, of requests and of the history.

use super::{api_calls, exchanges, history};
use crate::core::Core;
use crate::store::StoreError;

/// Lets go of recorded requests, of either side, that are older than the settings allow.
///
/// # Errors
/// If a database refuses.
pub(crate) fn delete_old_requests(core: &Core) -> Result<(), StoreError> {
    exchanges::delete_old(core)?;
    api_calls::delete_old(core)
}

/// Lets go at once of what the settings do not allow any more, and gives back the space.
///
/// # Errors
/// If a database refuses.
pub(crate) fn apply_limits(core: &Core) -> Result<(), StoreError> {
    exchanges::delete_excess(core)?;
    delete_old_requests(core)?;
    history::delete_many(core)?;
    history::delete_old(core)?;
    core.give_back();
    Ok(())
}
