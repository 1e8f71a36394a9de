//! Keycloak, through its extension keycloak-scim-outbound.

use std::time::Duration;

use crate::evidence::{Fact, code};
use crate::{Dialect, Idp, RecognizedBy, Retry, generic};

pub(crate) const IDP: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["keycloak"]), code("keycloak-scim-outbound")),
    dialect: Fact::Known(&DIALECT, code("keycloak-scim-outbound")),
    retry: Fact::Known(RETRY, code("keycloak-scim-outbound")),
    ..Idp::unknown("Keycloak")
};

const DIALECT: Dialect = Dialect {
    read: &[("Accept", "application/scim+json"), ("User-Agent", "keycloak-scim-outbound/1.0")],
    ..generic::DIALECT
};

/// It does not read `Retry-After`; no wait is longer than two seconds.
const RETRY: Retry = Retry { untold: Duration::from_millis(250), longest: Duration::from_secs(2), most_attempts: 4 };
