//! Where and on whose behalf a request acts.

use scim::Policy;

use crate::clock::Millis;

/// The directory that a request addresses.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Its key in the store.
    pub(crate) directory: i64,
    /// Its public id.
    pub(crate) directory_id: String,
    /// Its base URL, without a trailing slash: `https://ada.example/scim/v2/k3v9tq2mxa`.
    pub(crate) base_url: String,
    /// How lenient it is.
    pub(crate) policy: Policy,
}

/// What a change is put down to.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// The request's id.
    pub(crate) exchange: i64,
    /// Who sent it: "Okta".
    pub(crate) actor: String,
    /// When it arrived.
    pub(crate) at: Millis,
}
