//! What Entra ID needs: the tests of Microsoft's SCIM Validator, re-implemented from what others recorded of it, and the requests that
//! Microsoft documents. Where Entra ID asks for more than the RFCs, or for the contrary, the check says so.

mod groups;
mod patches;
mod users;

use super::Check;

pub(super) const CHECKS: &[&[Check]] = &[users::CHECKS, patches::CHECKS, groups::CHECKS];
