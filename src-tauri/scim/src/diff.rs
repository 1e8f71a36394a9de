//! Diff.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Resource, ResourceSchema};

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Path.
    pub path: String,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}
/// Diff.
pub fn diff(_before: &Resource, _after: &Resource, _schema: &ResourceSchema) -> Vec<FieldChange> {
    Vec::new()
}
