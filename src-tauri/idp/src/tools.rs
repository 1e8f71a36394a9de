//! What a person asks with.

use crate::evidence::{Fact, documented};
use crate::{Idp, Marks};

pub(crate) const CURL: Idp =
    Idp { recognised_by: Fact::Known(Marks::Agents(&["curl/"]), documented("curl")), ..Idp::unknown("curl") };

pub(crate) const BROWSER: Idp = Idp {
    recognised_by: Fact::Known(Marks::Agents(&["mozilla/"]), documented("RFC 9110 §10.1.5; every browser")),
    ..Idp::unknown("A browser")
};
