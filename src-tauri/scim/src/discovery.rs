//! What a server says about itself: `/ServiceProviderConfig`, `/Schemas` and `/ResourceTypes`, RFC 7644 §4.

use serde_json::{Value, json};

use crate::ResourceSchema;

/// What a server can do beyond the basics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Resources in one answer at the most.
    pub max_results: u64,
    /// Resources in one answer if the client does not say how many.
    pub default_results: u64,
    /// How long a cursor is good for, in seconds.
    pub cursor_timeout: u64,
    /// Operations in one bulk request at the most.
    pub bulk_operations: usize,
    /// Bytes in one bulk request at the most.
    pub bulk_bytes: usize,
}

/// `/ServiceProviderConfig`: one object, not a list (RFC 7643 §5, RFC 9865 §3). `base_url` has no trailing slash.
pub fn service_provider_config(base_url: &str, features: &Features) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {
            "supported": true,
            "maxOperations": features.bulk_operations,
            "maxPayloadSize": features.bulk_bytes,
        },
        "filter": {"supported": true, "maxResults": features.max_results},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": features.default_results,
            "maxPageSize": features.max_results,
            "cursorTimeout": features.cursor_timeout,
        },
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

/// The resources of `/Schemas` for these types of resource.
pub fn schemas(base_url: &str, types: &[&ResourceSchema]) -> Vec<Value> {
    let documents = types.iter().flat_map(|schema| schema.documents());
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
pub fn resource_types(base_url: &str, types: &[&ResourceSchema]) -> Vec<Value> {
    types.iter().map(|schema| resource_type(base_url, schema)).collect()
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
    use crate::{group, user};

    #[test]
    fn documents_have_what_clients_look_for() {
        let features = Features {
            max_results: 200,
            default_results: 100,
            cursor_timeout: 60,
            bulk_operations: 10,
            bulk_bytes: 99,
        };
        let config = service_provider_config("https://example.com/scim/v2/d", &features);
        assert_eq!(config["patch"]["supported"], true);
        assert_eq!(config["bulk"]["maxOperations"], 10, "authentik-01-service-provider-config asks for an integer");
        assert_eq!(config["pagination"]["maxPageSize"], config["filter"]["maxResults"]);
        let schemas = schemas("https://example.com/scim/v2/d", &[user(), group()]);
        let ids: Vec<_> = schemas.iter().filter_map(|schema| schema["id"].as_str()).collect();
        assert_eq!(ids, [crate::USER, crate::ENTERPRISE_USER, crate::GROUP]);
        assert!(!Value::Array(schemas).to_string().contains("null"), "entra-44-schemas-discovery");
        let types = resource_types("https://example.com/scim/v2/d", &[user(), group()]);
        assert_eq!(types[0]["schemaExtensions"][0]["schema"], crate::ENTERPRISE_USER);
        assert_eq!(types[1]["meta"]["location"], "https://example.com/scim/v2/d/ResourceTypes/Group");
        assert!(types[1].get("schemaExtensions").is_none());
    }
}
