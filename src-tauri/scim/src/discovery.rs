//! Discovery.

use serde_json::{Value, json};

/// ServiceProviderConfig.
pub fn service_provider_config(_base_url: &str) -> Value {
    json!({})
}
/// Schemas.
pub fn schemas(_base_url: &str) -> Vec<Value> {
    Vec::new()
}
/// Resource types.
pub fn resource_types(_base_url: &str) -> Vec<Value> {
    Vec::new()
}
