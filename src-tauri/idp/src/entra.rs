//! Microsoft Entra ID.

use crate::{Dialect, Idp};

/// Known by its header: no `User-Agent` of it is documented.
pub(crate) const IDP: Idp = Idp { header: Some("adscimversion"), dialect: Some(&DIALECT), ..Idp::named("Entra ID") };

const DIALECT: Dialect = Dialect {
    read: &[("ADSCIMVersion", "6.0")],
    content_type: "application/scim+json; charset=utf-8",
    group_patch_content_type: "application/scim+json; charset=utf-8",
    blank: "+",
    after_id: "",
    retry: None,
};
