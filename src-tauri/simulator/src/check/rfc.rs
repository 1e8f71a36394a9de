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

use super::Part;

pub(super) const PARTS: &[Part] = &[
    Part::of(discovery::CHECKS),
    Part::of(filters::CHECKS).needs("filter"),
    Part::of(lists::CHECKS),
    Part::of(projections::CHECKS),
    Part::of(resources::CHECKS),
    Part::of(replaces::CHECKS),
    Part::of(patches::CHECKS).needs("patch"),
    Part::of(protocol::CHECKS),
];
