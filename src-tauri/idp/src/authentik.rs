//! authentik.

use crate::evidence::{Fact, code};
use crate::{Dialect, Idp, RecognizedBy, generic};

pub(crate) const IDP: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["goauthentik", "authentik"]), code("authentik")),
    dialect: Fact::Known(&DIALECT, code("authentik")),
    ..Idp::unknown("authentik")
};

const DIALECT: Dialect = Dialect { blank: "+", ..generic::DIALECT };
