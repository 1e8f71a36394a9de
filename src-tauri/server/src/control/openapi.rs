//! The OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::operations::operations;

/// The OpenAPI document, indented, with a line break at the end.
pub fn openapi_json() -> String {
    let (_, document) = operations().split_for_parts();
    // A document that is built from types has no value that JSON cannot hold.
    let mut document = serde_json::to_value(document).expect("the OpenAPI document is JSON");
    require_what_answers_have(&mut document);
    format!("{document:#}\n")
}

/// In an answer nothing is left out: what has no value is null. In a request it may be missing.
fn require_what_answers_have(document: &mut Value) {
    let operations = document["paths"].as_object().into_iter().flat_map(Map::values);
    let requests = operations.filter_map(Value::as_object).flat_map(Map::values);
    let mut sent = BTreeSet::new();
    let mut next: Vec<_> = requests.flat_map(|one| [&one["requestBody"], &one["parameters"]]).collect();
    while let Some(value) = next.pop() {
        let name = value["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/"));
        if let Some(name) = name.filter(|name| sent.insert((*name).to_owned())) {
            next.push(&document["components"]["schemas"][name]);
        }
        next.extend(value.as_object().into_iter().flat_map(Map::values));
        next.extend(value.as_array().into_iter().flatten());
    }
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    schemas.filter(|(name, _)| !sent.contains(*name)).for_each(|(_, schema)| require_nullable(schema));
}

/// Makes each property that can be null one that has to be there, in a schema and the schemas in it.
fn require_nullable(schema: &mut Value) {
    let is_nullable = |property: &Value| {
        let types = ["type", "oneOf"].map(|name| property[name].as_array().into_iter().flatten());
        types.into_iter().flatten().any(|one| one == "null" || one["type"] == "null")
    };
    let properties = schema["properties"].as_object().into_iter().flatten();
    let nullable: Vec<_> =
        properties.filter(|(_, property)| is_nullable(property)).map(|(name, _)| json!(name)).collect();
    if !nullable.is_empty() {
        let required = schema["required"].take();
        let others = required.as_array().into_iter().flatten().filter(|name| !nullable.contains(name)).cloned();
        schema["required"] = others.chain(nullable.iter().cloned()).collect();
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(require_nullable),
        Value::Array(elements) => elements.iter_mut().for_each(require_nullable),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_only_answers_have_is_always_there() {
        let nullable = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Sent"}]});
        let schema = |required| {
            json!({"type": "object", "required": required, "properties": {
                "text": {"type": ["string", "null"]}, "one": nullable, "id": {"type": "string"}, "any": {},
            }})
        };
        let both = |answered| {
            json!({
                "paths": {"/": {"post": {
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
                    "responses": {"200": {"$ref": "#/components/schemas/Answered"}},
                }}},
                "components": {"schemas": {"Sent": schema(json!(["id"])), "Answered": {"allOf": [answered]}}},
            })
        };
        let mut document = both(schema(json!(["id"])));
        super::require_what_answers_have(&mut document);
        assert_eq!(document, both(schema(json!(["id", "text", "one"]))));
    }

    #[test]
    fn the_committed_openapi_document_is_fresh() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == super::openapi_json(),
            "openapi.json is stale: run `cargo run -p cli -- openapi > src-tauri/server/openapi.json`, then `npm run generate` in ui"
        );
    }
}
