//! What a person asks with.

use crate::evidence::{Fact, documented, inferred};
use crate::{Idp, RecognisedBy};

pub(crate) const CURL: Idp =
    Idp { recognised_by: Fact::Known(RecognisedBy::Agents(&["curl/"]), documented("curl")), ..Idp::unknown("curl") };

pub(crate) const BROWSER: Idp = Idp {
    recognised_by: Fact::Known(RecognisedBy::Agents(&["mozilla/"]), inferred("what every browser sends")),
    ..Idp::unknown("A browser")
};
