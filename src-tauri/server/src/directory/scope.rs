//! Where and on whose behalf a request acts.

use std::sync::Arc;

use scim::{Policy, ResourceSchema};

use super::conditions::Conditions;
use crate::clock::Millis;
use crate::model::ResourceKind;

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
    /// Users with the extensions that the directory declares.
    pub(crate) user: Arc<ResourceSchema>,
    /// The same for groups.
    pub(crate) group: Arc<ResourceSchema>,
    /// Domains that its people's e-mail addresses should have; empty: any.
    pub(crate) email_domains: Vec<String>,
}

impl Scope {
    /// What resources of a type look like in this directory.
    pub(crate) fn schema(&self, kind: ResourceKind) -> &ResourceSchema {
        match kind {
            ResourceKind::User => &self.user,
            ResourceKind::Group => &self.group,
        }
    }
}

/// What a change is put down to, and what it depends on.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// The request's id.
    pub(crate) exchange: i64,
    /// Who sent it: "Okta".
    pub(crate) actor: String,
    /// When it arrived.
    pub(crate) at: Millis,
    /// The versions that it may act on.
    pub(crate) conditions: Conditions,
}
