//! PingOne.

use crate::{Idp, generic};

pub(crate) const IDP: Idp = Idp { agents: &["pingone"], dialect: Some(&generic::DIALECT), ..Idp::named("PingOne") };
