//! What requests were for, noted for the setup guide.

use crate::core::Core;
use crate::insight::guide::request::{target, who};
use crate::store::exchanges::NewExchange;
use crate::store::sightings::{self, NewSighting};
use crate::store::{Connection, StoreError};

/// Notes a request of a directory. `c` is the record of requests.
///
/// # Errors
/// If the database refuses.
pub(crate) fn note(c: &Connection, exchange: &NewExchange, directory: i64) -> Result<(), StoreError> {
    let new = NewSighting {
        id: exchange.id,
        at: exchange.at,
        method: &exchange.method,
        target: target(&exchange.facts),
        path: &exchange.path,
        status: exchange.status,
        verdict: exchange.authorization.verdict,
        who: who(&exchange.actor),
    };
    sightings::note(c, directory, &new)
}

/// Notes the requests of directories of which none was noted: those recorded before anything was. To be called once all have facts.
///
/// # Errors
/// If the database refuses; then nothing is noted.
pub(crate) fn catch_up(core: &Core) -> Result<(), StoreError> {
    core.store.write_requests(|tx| {
        // All are read first: what is noted meanwhile would end the search.
        let unnoted = sightings::unnoted(tx)?;
        // Who looks at an address in a browser is no provider.
        for unnoted in unnoted.into_iter().filter(|unnoted| !unnoted.facts.is_visit) {
            let new = NewSighting {
                id: unnoted.id,
                at: unnoted.at,
                method: &unnoted.method,
                target: target(&unnoted.facts),
                path: &unnoted.path,
                status: unnoted.status,
                verdict: unnoted.verdict,
                who: who(&unnoted.actor),
            };
            sightings::note(tx, unnoted.directory, &new)?;
        }
        Ok(())
    })
}
