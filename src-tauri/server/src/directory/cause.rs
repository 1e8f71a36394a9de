//! On whose behalf a request acts.

use super::conditions::Conditions;
use crate::clock::Millis;
use crate::model::{Actor, ExchangeId};

/// What a change is put down to, and what it depends on.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// The request's id.
    pub(crate) exchange: ExchangeId,
    /// Who sent it.
    pub(crate) actor: Actor,
    /// When it arrived.
    pub(crate) at: Millis,
    /// The versions that it may act on.
    pub(crate) conditions: Conditions,
}
