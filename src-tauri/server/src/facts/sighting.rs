//! What was seen of a directory: requests by what they were for.

use crate::clock::Millis;
use crate::model::{Actor, AuthVerdict, ExchangeId};

/// Equal requests of a directory: the first of them, and when the newest came. A directory has some dozens at the most.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sighting {
    pub(crate) method: String,
    /// What they were for, one of a few: `/Users/{id}`.
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) verdict: AuthVerdict,
    /// Who sent them; all clients that are not recognized are one.
    pub(crate) who: Actor,
    /// The first of them.
    pub(crate) first_id: ExchangeId,
    pub(crate) first_at: Millis,
    /// Path and query of the first, decoded for reading.
    pub(crate) path: String,
    pub(crate) last_id: ExchangeId,
    pub(crate) last_at: Millis,
}
