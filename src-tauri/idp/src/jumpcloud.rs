//! JumpCloud.

use crate::{Dialect, Idp, generic};

pub(crate) const IDP: Idp = Idp { agents: &["jumpcloud"], dialect: Some(&DIALECT), ..Idp::named("JumpCloud") };

const DIALECT: Dialect = Dialect { read: &[], ..generic::DIALECT };
