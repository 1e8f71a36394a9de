//! What a server says about itself: `/ServiceProviderConfig`, `/Schemas` and `/ResourceTypes`, RFC 7644 §4.

use serde_json::{Value, json};

use crate::{ResourceSchema, group, user};

/// What a server can do beyond the basics. The default is what every server built on this crate can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// `If-Match` and `If-None-Match` are heeded.
    pub etag: bool,
    /// `sortBy` is heeded.
    pub sort: bool,
    /// Resources in one answer at the most.
    pub max_results: u64,
    /// The limits of `/Bulk`; `None`: there is none.
    pub bulk: Option<Bulk>,
}

/// Limits of `/Bulk`, RFC 7644 §3.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// Operations in one request at the most.
    pub max_operations: u64,
    /// Bytes in one request at the most.
    pub max_payload_size: u64,
}

impl Default for Features {
    fn default() -> Self {
        Self { etag: false, sort: false, max_results: 1_000, bulk: None }
    }
}

/// `/ServiceProviderConfig` of a server with the default [`Features`]. `base_url` has no trailing slash.
pub fn service_provider_config(base_url: &str) -> Value {
    service_provider_config_with(base_url, &Features::default())
}

/// `/ServiceProviderConfig`: one object, not a list (RFC 7643 §5).
pub fn service_provider_config_with(base_url: &str, features: &Features) -> Value {
    // Both numbers are required even where there is no `/Bulk` (RFC 7643 §5).
    let (operations, bytes) = features.bulk.map_or((0, 0), |bulk| (bulk.max_operations, bulk.max_payload_size));
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": features.bulk.is_some(), "maxOperations": operations, "maxPayloadSize": bytes},
        "filter": {"supported": true, "maxResults": features.max_results},
        "changePassword": {"supported": false},
        "sort": {"supported": features.sort},
        "etag": {"supported": features.etag},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token in the header Authorization: Bearer.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base_url}/ServiceProviderConfig"),
        },
    })
}

/// The resources of `/Schemas`.
pub fn schemas(base_url: &str) -> Vec<Value> {
    let documents = user().documents().chain(group().documents());
    documents
        .map(|mut document| {
            let id = document["id"].as_str().unwrap_or_default();
            let meta = json!({"resourceType": "Schema", "location": format!("{base_url}/Schemas/{id}")});
            document["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
            document["meta"] = meta;
            document
        })
        .collect()
}

/// The resources of `/ResourceTypes`.
pub fn resource_types(base_url: &str) -> Vec<Value> {
    [user(), group()].into_iter().map(|schema| resource_type(base_url, schema)).collect()
}

fn resource_type(base_url: &str, schema: &ResourceSchema) -> Value {
    let name = schema.name();
    let mut document = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": name,
        "name": name,
        "description": schema.core().description,
        "endpoint": schema.endpoint(),
        "schema": schema.core().id,
        "meta": {"resourceType": "ResourceType", "location": format!("{base_url}/ResourceTypes/{name}")},
    });
    if !schema.extensions().is_empty() {
        let extension = |extension: &crate::Schema| json!({"schema": extension.id, "required": false});
        document["schemaExtensions"] = schema.extensions().iter().map(extension).collect();
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_what_clients_look_for() {
        let config = service_provider_config("https://example.com/scim/v2/d");
        assert_eq!(config["patch"]["supported"], true);
        assert_eq!(config["bulk"]["maxOperations"], 0, "authentik-01-service-provider-config asks for an integer");
        let schemas = schemas("https://example.com/scim/v2/d");
        let ids: Vec<_> = schemas.iter().filter_map(|schema| schema["id"].as_str()).collect();
        assert_eq!(ids, [crate::USER, crate::ENTERPRISE_USER, crate::GROUP]);
        assert!(!Value::Array(schemas).to_string().contains("null"), "entra-44-schemas-discovery");
        let types = resource_types("https://example.com/scim/v2/d");
        assert_eq!(types[0]["schemaExtensions"][0]["schema"], crate::ENTERPRISE_USER);
        assert_eq!(types[1]["meta"]["location"], "https://example.com/scim/v2/d/ResourceTypes/Group");
        assert!(types[1].get("schemaExtensions").is_none());
    }
}
