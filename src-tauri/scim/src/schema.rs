//! Schemas.

use std::sync::LazyLock;

use crate::AttrPath;

/// A schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {}
/// One resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceSchema {}
/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {}
/// Kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// String.
    String,
}
/// Mutability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mutability {
    /// ReadOnly.
    ReadOnly,
}
/// Returned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Returned {
    /// Always.
    Always,
}
/// Uniqueness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Uniqueness {
    /// None.
    None,
}

static USER: LazyLock<ResourceSchema> = LazyLock::new(|| ResourceSchema {});

/// The User type with its extensions.
pub fn user() -> &'static ResourceSchema {
    &USER
}
/// The Group type.
pub fn group() -> &'static ResourceSchema {
    &USER
}
impl ResourceSchema {
    /// `User`.
    pub fn name(&self) -> &str {
        "User"
    }
    /// `/Users`.
    pub fn endpoint(&self) -> &str {
        "/Users"
    }
    /// Resolve.
    pub fn resolve(&self, _path: &AttrPath) -> Option<&Attribute> {
        None
    }
}
