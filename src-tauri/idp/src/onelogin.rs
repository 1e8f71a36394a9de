//! OneLogin.

use crate::{Dialect, Idp, generic};

pub(crate) const IDP: Idp = Idp { agents: &["onelogin"], dialect: Some(&DIALECT), ..Idp::named("OneLogin") };

/// As authentik#11249 captured it: an empty `User-Agent`, and a question mark without a query behind an id.
const DIALECT: Dialect = Dialect {
    read: &[("User-Agent", "")],
    content_type: "application/json",
    blank: "+",
    after_id: "?",
    ..generic::DIALECT
};
