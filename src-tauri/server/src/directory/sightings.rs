//! What requests were for, noted for the setup guide.

use crate::core::Core;
use crate::insight::guide::request::target;
use crate::model::{Actor, DirectoryKey};
use crate::store::StoreError;
use crate::store::exchanges::NewExchange;
use crate::store::sightings::{self, NewSighting, NewSightings};

/// What a request of a directory was for. What a stranger says of itself is not believed.
pub(crate) fn of(exchange: &NewExchange, directory: DirectoryKey, is_stranger: bool) -> NewSighting<'_> {
    let row = &exchange.row;
    NewSighting {
        directory,
        method: &row.method,
        target: target(&exchange.facts),
        status: row.status,
        verdict: exchange.details.authorization.verdict,
        who: if is_stranger { Actor::Unnamed } else { row.actor.without_product() },
        path: &row.path,
        first: (row.id, exchange.at),
        last: (row.id, exchange.at),
    }
}

/// Notes the requests of directories of which none was noted: those recorded before anything was. To be called once all have facts.
///
/// # Errors
/// If the database refuses; then nothing is noted.
pub(crate) fn catch_up(core: &Core) -> Result<(), StoreError> {
    core.store.write_requests(|tx| {
        let unnoted = sightings::unnoted(tx)?;
        let mut noted = NewSightings::default();
        // Who looks at an address in a browser is not a provider.
        for unnoted in unnoted.iter().filter(|unnoted| !unnoted.facts.is_visit) {
            noted.add(NewSighting {
                directory: unnoted.directory,
                method: &unnoted.method,
                target: target(&unnoted.facts),
                status: unnoted.status,
                verdict: unnoted.verdict,
                who: unnoted.actor.without_product(),
                path: &unnoted.path,
                first: (unnoted.id, unnoted.at),
                last: (unnoted.id, unnoted.at),
            });
        }
        sightings::note(tx, &noted)
    })
}
