//! Google Workspace.

use crate::{Dialect, Idp, generic};

pub(crate) const IDP: Idp = Idp {
    former_names: &["Google"],
    agents: &["google-auto-provisioning"],
    dialect: Some(&DIALECT),
    ..Idp::named("Google Workspace")
};

/// As snipe-it#12642 captured it.
const DIALECT: Dialect = Dialect {
    read: &[("User-Agent", "Google-Auto-Provisioning")],
    content_type: "application/json",
    group_patch_content_type: "application/json",
    ..generic::DIALECT
};
