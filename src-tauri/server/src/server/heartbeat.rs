//! What is done again and again: noting that the program runs, so that the next start knows for how long it did not, and deleting requests
//! that have become too old.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::core::Core;
use crate::directory::{absence, exchanges};
use crate::model::AbsenceCause;

/// The task that notes it; dropping it ends it.
pub(super) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    /// Notes it every `pause` from now on.
    pub(super) fn start(core: Core, pause: Duration) -> Self {
        Self(tokio::spawn(async move {
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
        }))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}
