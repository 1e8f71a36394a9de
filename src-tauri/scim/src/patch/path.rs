//! Paths of PATCH operations, RFC 7644 §3.5.2 Figure 7.

use std::fmt;

use crate::error::REPEATED;
use crate::filter::parse_value_path;
use crate::{AttrPath, Filter, Notes, Policy, Result, ScimError, ScimType, shortened};

/// `emails[type eq "work"].value`: an attribute, which of its values, and which part of these.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchPath {
    /// The attribute and its part: `emails.value`.
    pub path: AttrPath,
    /// Which values: `type eq "work"`.
    pub filter: Option<Box<Filter>>,
}

impl PatchPath {
    /// Reads a path.
    ///
    /// # Errors
    /// `invalidPath` with the position.
    pub fn parse(text: &str, policy: &Policy, notes: &mut Notes) -> Result<Self> {
        match parse_value_path(text, policy, notes) {
            Ok((path, filter)) => Ok(Self { path, filter: filter.map(Box::new) }),
            Err(error) => {
                let detail = format!("The path {:?} cannot be read. {}", shortened(text, REPEATED), error.detail);
                Err(ScimError { scim_type: Some(ScimType::InvalidPath), detail, ..error })
            }
        }
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(filter) = &self.filter else { return write!(f, "{}", self.path) };
        write!(f, "{}[{filter}]", AttrPath { sub: None, ..self.path.clone() })?;
        match &self.path.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
