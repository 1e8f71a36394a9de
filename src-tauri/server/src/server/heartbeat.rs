//! What is done again and again: noting that the program runs, so that the next start knows for how long it did not, and deleting requests
//! that have become too old.

use std::time::Duration;

use crate::core::Core;
use crate::directory::{absence, exchanges};
use crate::model::AbsenceCause;

/// Does both every `pause` from now on, for ever.
pub(super) async fn beat(core: Core, pause: Duration) {
    loop {
        // While the computer sleeps, this waits and the clock goes on.
        tokio::time::sleep(pause).await;
        if let Err(error) = core.run(|core| absence::note_running(core, AbsenceCause::Slept)).await {
            tracing::error!(%error, "that the program runs could not be noted");
        }
        if let Err(error) = core.run(exchanges::delete_old_exchanges).await {
            tracing::error!(%error, "old requests could not be deleted");
        }
    }
}
