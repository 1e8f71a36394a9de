//! PingOne.

use crate::evidence::{Fact, inferred};
use crate::{Idp, RecognisedBy, generic};

pub(crate) const IDP: Idp = Idp {
    recognised_by: Fact::Known(RecognisedBy::Agents(&["pingone"]), inferred("its name")),
    dialect: Fact::Known(&generic::DIALECT, inferred("PingDoc")),
    ..Idp::unknown("PingOne")
};
