//! How much is kept, of requests and of the history.

use super::{exchanges, history};
use crate::core::Core;
use crate::store::StoreError;

/// Lets go at once of what the settings do not allow any more, and gives back the space.
///
/// # Errors
/// If a database refuses.
pub(crate) fn apply_limits(core: &Core) -> Result<(), StoreError> {
    exchanges::delete_excess(core)?;
    exchanges::delete_old(core)?;
    history::delete_many(core)?;
    history::delete_old(core)?;
    core.give_back();
    Ok(())
}
