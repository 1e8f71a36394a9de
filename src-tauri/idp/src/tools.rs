//! What a person asks with.

use crate::evidence::{Fact, documented, inferred};
use crate::{Idp, RecognizedBy};

pub(crate) const CURL: Idp =
    Idp { recognized_by: Fact::Known(RecognizedBy::Agents(&["curl/"]), documented("curl")), ..Idp::unknown("curl") };

pub(crate) const BROWSER: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["mozilla/"]), inferred("what every browser sends")),
    ..Idp::unknown("A browser")
};
