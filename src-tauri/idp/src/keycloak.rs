//! Keycloak, through one of its SCIM extensions.

use crate::evidence::{Fact, inferred};
use crate::{Idp, Marks};

pub(crate) const IDP: Idp = Idp {
    recognised_by: Fact::Known(Marks::Agents(&["keycloak"]), inferred("its name")),
    ..Idp::unknown("Keycloak")
};
