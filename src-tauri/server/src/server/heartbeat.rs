//! What is done again and again: noting that the program runs, so that the next start knows for how long it did not, and deleting requests
//! and changes that have become too old.

use std::time::Duration;

use crate::clock::Millis;
use crate::core::Core;
use crate::directory::{absence, history, retention};
use crate::model::AbsenceCause;

/// How often changes that are too old are looked for: all directories are gone through for that. In milliseconds.
const HISTORY_EVERY: Millis = 60 * 60 * 1_000;

/// Does it every `pause` from now on, for ever.
pub(super) async fn beat(core: Core, pause: Duration) {
    let mut looked = 0;
    loop {
        // While the computer sleeps, this waits and the clock goes on.
        tokio::time::sleep(pause).await;
        if let Err(error) = core.run(|core| absence::note_running(core, AbsenceCause::Slept)).await {
            tracing::error!(%error, "that the program runs could not be noted");
        }
        if core.clock.now() - looked >= HISTORY_EVERY {
            looked = core.clock.now();
            if let Err(error) = core.run(history::delete_old).await {
                tracing::error!(%error, "old changes could not be deleted");
            }
        }
        if let Err(error) = core.run(retention::delete_old_requests).await {
            tracing::error!(%error, "old requests could not be deleted");
        }
    }
}
