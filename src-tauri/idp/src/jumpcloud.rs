//! JumpCloud.

mod tracks;

use crate::evidence::{Fact, documented, inferred};
use crate::{Dialect, Idp, RecognizedBy, generic};

pub(crate) const IDP: Idp = Idp {
    called: &["jumpcloud"],
    // Nobody has documented how it calls itself.
    recognized_by: Fact::Known(RecognizedBy::Agents(&["jumpcloud"]), inferred("its name")),
    dialect: Fact::Known(&DIALECT, inferred("JumpCloudDoc; scim_v2")),
    tracks: Fact::Known(tracks::TRACKS, documented("JumpCloudDoc")),
    ..Idp::unknown("JumpCloud")
};

const DIALECT: Dialect = Dialect { read: &[], ..generic::DIALECT };
