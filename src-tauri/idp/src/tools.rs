//! What a person asks with.

use crate::evidence::{Fact, documented, inferred};
use crate::{Idp, Marks};

pub(crate) const CURL: Idp =
    Idp { recognised_by: Fact::Known(Marks::Agents(&["curl/"]), documented("curl")), ..Idp::unknown("curl") };

pub(crate) const BROWSER: Idp = Idp {
    recognised_by: Fact::Known(Marks::Agents(&["mozilla/"]), inferred("what every browser sends")),
    ..Idp::unknown("A browser")
};
