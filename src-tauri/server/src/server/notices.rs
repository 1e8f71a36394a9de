//! Tells what was gathered for a notification once it has been gathered for long enough.

use std::time::Duration;

use crate::core::Core;
use crate::directory::notices;
use crate::store::StoreError;

/// How often it is looked at while something is gathered; nobody waits for it by the second.
const LOOK: Duration = Duration::from_secs(1);

/// Tells it from now on, for ever.
pub(super) async fn tell(core: Core) {
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
}
