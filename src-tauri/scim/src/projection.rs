//! Projection.

use crate::{Resource, ResourceSchema, ScimError};

/// Projection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {}

impl Projection {
    /// Parse.
    pub fn parse(
        _attributes: Option<&str>,
        _excluded: Option<&str>,
        _schema: &ResourceSchema,
    ) -> Result<Self, ScimError> {
        Ok(Self {})
    }
    /// Apply.
    pub fn apply(&self, resource: Resource, _schema: &ResourceSchema) -> Resource {
        resource
    }
    /// Wants.
    pub fn wants(&self, _attribute: &str) -> bool {
        true
    }
}
