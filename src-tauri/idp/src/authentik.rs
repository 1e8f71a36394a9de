//! authentik.

use crate::evidence::{Fact, code};
use crate::{Dialect, Idp, RecognisedBy, generic};

pub(crate) const IDP: Idp = Idp {
    recognised_by: Fact::Known(RecognisedBy::Agents(&["goauthentik", "authentik"]), code("authentik")),
    dialect: Fact::Known(&DIALECT, code("authentik")),
    ..Idp::unknown("authentik")
};

const DIALECT: Dialect = Dialect { blank: "+", ..generic::DIALECT };
