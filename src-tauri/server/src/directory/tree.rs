//! Environments, organizations and directories together.

use super::browse::list_directories;
use super::{Error, Result};
use crate::core::Core;
use crate::model::{Event, Tree};
use crate::store::{Work, activity, environments, organizations};

/// Everything the sidebar shows.
///
/// # Errors
/// If the database refuses.
pub(crate) fn read(core: &Core) -> Result<Tree> {
    core.store.read_with_requests(|c| {
        Ok(Tree {
            environments: environments::all(c)?,
            organizations: organizations::all(c)?,
            directories: list_directories(core, c)?,
            unattributed: activity::counts(c, None)?,
        })
    })
}

/// Writes, and has every client read the tree again.
pub(super) fn write<T: Send + 'static>(core: &Core, work: impl Work<T, Error>) -> Result<T> {
    let result = core.store.write(work)?;
    core.reload_scopes()?;
    core.live.publish(Event::Tree);
    Ok(result)
}
