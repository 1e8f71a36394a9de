//! What RFC 7643 and RFC 7644 say and implementers get wrong. Features that are optional are looked at where the server says that it has
//! them.

mod discovery;
mod filters;
mod lists;
mod patches;
mod projections;
mod protocol;
mod replaces;
mod resources;

use super::Check;

pub(super) const CHECKS: &[&[Check]] = &[
    discovery::CHECKS,
    filters::CHECKS,
    lists::CHECKS,
    projections::CHECKS,
    resources::CHECKS,
    replaces::CHECKS,
    patches::CHECKS,
    protocol::CHECKS,
];
