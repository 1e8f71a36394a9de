//! What Entra ID needs: the tests of Microsoft's SCIM Validator, re-implemented from what others recorded of it, and the requests that
//! Microsoft documents. Where Entra ID asks for more than the RFCs, or for the contrary, the check says so.

mod groups;
mod patches;
mod users;

use super::Part;

pub(super) const PARTS: &[Part] = &[Part::of(users::CHECKS), Part::of(patches::CHECKS), Part::of(groups::CHECKS)];
