//! PingOne.

use crate::evidence::{Fact, inferred};
use crate::{Idp, RecognizedBy, generic};

pub(crate) const IDP: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["pingone"]), inferred("its name")),
    dialect: Fact::Known(&generic::DIALECT, inferred("PingDoc")),
    ..Idp::unknown("PingOne")
};
