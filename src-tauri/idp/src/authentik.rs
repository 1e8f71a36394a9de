//! authentik.

use crate::{Dialect, Idp, generic};

pub(crate) const IDP: Idp =
    Idp { agents: &["goauthentik", "authentik"], dialect: Some(&DIALECT), ..Idp::named("authentik") };

const DIALECT: Dialect = Dialect { blank: "+", ..generic::DIALECT };
