//! A client that does what the RFCs say. What is not known of another, it does as well.

use crate::{Dialect, Idp};

pub(crate) const IDP: Idp = Idp { dialect: Some(&DIALECT), ..Idp::named("A client by the RFCs") };

pub(crate) const DIALECT: Dialect = Dialect {
    read: &[("Accept", "application/scim+json")],
    content_type: "application/scim+json",
    group_patch_content_type: "application/scim+json",
    blank: "%20",
    after_id: "",
    retry: None,
};
