//! PATCH.

use serde_json::Value;

use crate::{AttrPath, Filter, Member, Notes, Policy, Resource, ResourceSchema, ScimError};

/// A PATCH body.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchRequest {
    /// Operations.
    pub operations: Vec<Operation>,
}
/// Operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Op.
    pub op: Op,
    /// Path.
    pub path: Option<PatchPath>,
    /// Value.
    pub value: Option<Value>,
}
/// Op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Add.
    Add,
    /// Remove.
    Remove,
    /// Replace.
    Replace,
}
/// Path.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchPath {
    /// Path.
    pub path: AttrPath,
    /// Filter.
    pub filter: Option<Box<Filter>>,
}
/// Patched.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// Resource.
    pub resource: Resource,
    /// Password.
    pub password_set: bool,
}
/// Step.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupStep {
    /// Attributes.
    Attributes(PatchRequest),
    /// Members.
    Members(MembersOp),
}
/// MembersOp.
#[derive(Clone, Debug, PartialEq)]
pub enum MembersOp {
    /// Add.
    Add(Vec<Member>),
    /// Remove by id.
    Remove(Vec<String>),
    /// Remove by filter.
    RemoveMatching(Filter),
    /// Replace all.
    Replace(Vec<Member>),
    /// Remove all.
    RemoveAll,
    /// Replace those.
    ReplaceMatching {
        /// Which.
        filter: Filter,
        /// By whom.
        members: Vec<Member>,
    },
}
impl PatchRequest {
    /// Parse.
    pub fn parse(_body: &[u8], _policy: &Policy, _notes: &mut Notes) -> Result<Self, ScimError> {
        Err(ScimError::invalid_syntax(""))
    }
}
/// Apply.
pub fn apply(
    resource: &Resource,
    _id: &str,
    _patch: &PatchRequest,
    _schema: &ResourceSchema,
    _policy: &Policy,
    _notes: &mut Notes,
) -> Result<Patched, ScimError> {
    Ok(Patched { resource: resource.clone(), password_set: false })
}
/// Steps.
pub fn group_steps(
    _patch: &PatchRequest,
    _id: &str,
    _policy: &Policy,
    _notes: &mut Notes,
) -> Result<Vec<GroupStep>, ScimError> {
    Ok(Vec::new())
}
