//! Google Workspace.

use crate::evidence::{Fact, observed};
use crate::{Dialect, Idp, RecognizedBy, generic};

pub(crate) const IDP: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["google-auto-provisioning"]), observed("snipe-it#12642")),
    dialect: Fact::Known(&DIALECT, observed("snipe-it#12642")),
    ..Idp::unknown("Google Workspace")
};

const DIALECT: Dialect = Dialect {
    read: &[("User-Agent", "Google-Auto-Provisioning")],
    content_type: "application/json",
    group_patch_content_type: "application/json",
    ..generic::DIALECT
};
