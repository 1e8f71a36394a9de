//! What Okta needs: the steps of the SPEC and CRUD tests that it publishes for integrations, re-implemented from what they do, and the
//! requests that its two kinds of app send afterwards.

mod groups;
mod spec;
mod users;

use super::Part;

pub(super) const PARTS: &[Part] = &[Part::of(spec::CHECKS), Part::of(users::CHECKS), Part::of(groups::CHECKS)];
