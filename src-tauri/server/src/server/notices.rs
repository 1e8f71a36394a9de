//! Tells what was gathered for a notification once it has been gathered for long enough.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::core::Core;
use crate::directory::notices;
use crate::store::StoreError;

/// How often it is looked at while something is gathered; nobody waits for it by the second.
const LOOK: Duration = Duration::from_secs(1);

/// The task that tells; dropping it ends it.
pub(super) struct Teller(JoinHandle<()>);

impl Teller {
    pub(super) fn start(core: Core) -> Self {
        Self(tokio::spawn(async move {
            loop {
                core.gathered.notified().await;
                while core.gathering().is_waiting() {
                    tokio::time::sleep(LOOK).await;
                    let told = core.run(|core| {
                        notices::tell_due(core);
                        Ok::<_, StoreError>(())
                    });
                    if let Err(error) = told.await {
                        tracing::error!(%error, "what was gathered could not be told");
                    }
                }
            }
        }))
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.0.abort();
    }
}
