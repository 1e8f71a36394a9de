//! What is read with a group.

use super::render::Derived;
use crate::model::ResourceKey;
use crate::store::{Connection, StoreError, members};

/// Whether an answer names the members. Leaving them out spares reading 100,000 rows for `excludedAttributes=members`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// All of them.
    Listed,
    /// None of them.
    LeftOut,
}

/// What is read with the group that has this key.
pub(super) fn derived(c: &Connection, key: ResourceKey, show: Members) -> Result<Derived, StoreError> {
    Ok(match show {
        Members::Listed => Derived::Members(members::all(c, key)?),
        Members::LeftOut => Derived::LeftOut,
    })
}
