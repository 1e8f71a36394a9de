//! A client that does what the RFCs say. What is not known of another, it does as well.

mod advice;
mod tracks;

use crate::evidence::{Fact, documented, inferred};
use crate::{Dialect, Idp};

pub(crate) use advice::ADVICE;
pub(crate) use tracks::TRACKS;

pub(crate) const IDP: Idp = Idp {
    dialect: Fact::Known(&DIALECT, documented("RFC 7644")),
    advice: Fact::Known(ADVICE, inferred("RFC 7644")),
    token_place: Fact::Known(TOKEN_PLACE, inferred("what most have")),
    tracks: Fact::Known(TRACKS, inferred("what most have")),
    ..Idp::unknown("A client by the RFCs")
};

pub(crate) const DIALECT: Dialect = Dialect {
    read: &[("Accept", "application/scim+json")],
    content_type: "application/scim+json",
    group_patch_content_type: "application/scim+json",
    blank: "%20",
    after_id: "",
};

pub(crate) const TOKEN_PLACE: &str = "In the identity provider, in the field for the bearer token";
