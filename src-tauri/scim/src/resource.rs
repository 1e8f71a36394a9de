//! Resources.

use std::collections::HashSet;

use crate::{Member, Notes, Policy, Resource, ResourceSchema, ScimError};

/// A POST or PUT body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incoming {
    /// What is kept.
    pub resource: Resource,
    /// Whether the body has a password.
    pub password_set: bool,
    mentioned: HashSet<String>,
    members: Option<Vec<Member>>,
}

impl Incoming {
    /// Members.
    pub fn members(&self) -> Option<&[Member]> {
        self.members.as_deref()
    }
    /// Whether the body names an attribute.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.mentioned.contains(attribute)
    }
}

/// Parses.
pub fn parse(
    _body: &[u8],
    _schema: &ResourceSchema,
    _policy: &Policy,
    _notes: &mut Notes,
) -> Result<Incoming, ScimError> {
    Ok(Incoming::default())
}

/// PUT.
pub fn replace(
    _current: &Resource,
    incoming: Incoming,
    _schema: &ResourceSchema,
    _policy: &Policy,
    _notes: &mut Notes,
) -> Result<Resource, ScimError> {
    Ok(incoming.resource)
}
