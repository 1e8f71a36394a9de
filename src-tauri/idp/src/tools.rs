//! What a person asks with.

use crate::Idp;

pub(crate) const CURL: Idp = Idp { agents: &["curl/"], ..Idp::named("curl") };

pub(crate) const BROWSER: Idp = Idp { agents: &["mozilla/"], ..Idp::named("A browser") };
