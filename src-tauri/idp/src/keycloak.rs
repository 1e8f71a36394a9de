//! Keycloak, through one of its SCIM extensions.

use crate::Idp;

pub(crate) const IDP: Idp = Idp { agents: &["keycloak"], ..Idp::named("Keycloak") };
