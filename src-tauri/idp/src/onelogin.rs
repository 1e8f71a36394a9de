//! OneLogin.

mod tracks;

use crate::evidence::{Fact, documented, inferred, observed};
use crate::{Dialect, Idp, RecognizedBy, generic};

pub(crate) const IDP: Idp = Idp {
    called: &["onelogin"],
    // Its User-Agent was empty in the only capture there is.
    recognized_by: Fact::Known(RecognizedBy::Agents(&["onelogin"]), inferred("its name")),
    dialect: Fact::Known(&DIALECT, observed("authentik#11249")),
    tracks: Fact::Known(tracks::TRACKS, documented("OneLoginDoc")),
    ..Idp::unknown("OneLogin")
};

/// An empty `User-Agent`, and a question mark without a query behind an id.
const DIALECT: Dialect = Dialect {
    read: &[("User-Agent", "")],
    content_type: "application/json",
    blank: "+",
    after_id: "?",
    ..generic::DIALECT
};
