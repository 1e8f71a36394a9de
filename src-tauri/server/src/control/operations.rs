//! Every operation, in one router and one OpenAPI document.

use std::collections::BTreeSet;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::state::ControlState;
use super::{
    browse, directories, environments, exchanges, find, guide, live, organizations, people, settings, simulations,
    tunnel, window,
};

#[derive(OpenApi)]
#[openapi(info(
    title = "SCIM Setup control API",
    description = "Everything that the window of SCIM Setup can do. On loopback only, with a key."
))]
struct Document;

/// All operations, unguarded.
pub(super) fn router(state: ControlState) -> Router {
    let (router, _) = operations().split_for_parts();
    router
        .route("/api/openapi.json", get(|| async { ([(CONTENT_TYPE, "application/json")], openapi_json()) }))
        .fallback(|| async { ApiError::not_found("There is no such operation. GET /api/openapi.json lists them.") })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .with_state(state)
}

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
    let is_null = |one: &Value| one["type"] == "null";
    let is_nullable = |property: &Value| {
        let types = ["type", "oneOf"].map(|name| property[name].as_array().into_iter().flatten());
        types.into_iter().flatten().any(|one| one == "null" || is_null(one))
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

fn operations() -> OpenApiRouter<ControlState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(settings::read_status))
        .routes(routes!(settings::dismiss_absence))
        .routes(routes!(settings::read_settings, settings::update_settings))
        .routes(routes!(settings::open_listener))
        .routes(routes!(environments::check_public_url))
        .routes(routes!(environments::read_tree))
        .routes(routes!(environments::create_environment))
        .routes(routes!(environments::update_environment, environments::delete_environment))
        .routes(routes!(environments::read_environment_contents))
        .routes(routes!(tunnel::check_tunnel))
        .routes(routes!(tunnel::detect_tunnels))
        .routes(routes!(organizations::create_organization))
        .routes(routes!(organizations::update_organization, organizations::delete_organization))
        .routes(routes!(organizations::read_organization_contents))
        .routes(routes!(directories::create_directory))
        .routes(routes!(directories::read_directory, directories::update_directory, directories::delete_directory))
        .routes(routes!(directories::read_directory_contents))
        .routes(routes!(directories::create_token))
        .routes(routes!(directories::forget_former_url))
        .routes(routes!(directories::list_policy_presets))
        .routes(routes!(directories::list_policy_switches))
        .routes(routes!(people::list_users))
        .routes(routes!(people::read_user))
        .routes(routes!(people::read_user_history))
        .routes(routes!(people::read_user_at))
        .routes(routes!(people::list_groups))
        .routes(routes!(people::read_group))
        .routes(routes!(people::read_group_history))
        .routes(routes!(people::read_group_at))
        .routes(routes!(people::list_members))
        .routes(routes!(people::list_moved_members))
        .routes(routes!(exchanges::list_exchanges, exchanges::delete_exchanges))
        .routes(routes!(exchanges::archive_exchanges))
        .routes(routes!(exchanges::read_exchange))
        .routes(routes!(exchanges::read_replay, exchanges::replay_exchange))
        .routes(routes!(browse::list_changes))
        .routes(routes!(guide::list_identity_providers))
        .routes(routes!(guide::read_guide, guide::update_guide))
        .routes(routes!(find::find))
        .routes(routes!(simulations::read_simulator))
        .routes(routes!(simulations::start_simulation))
        .routes(routes!(simulations::read_simulation))
        .routes(routes!(simulations::stop_simulation))
        .routes(routes!(simulations::read_simulation_step))
        .routes(routes!(simulations::read_simulation_check))
        .routes(routes!(simulations::export_simulation))
        .routes(routes!(simulations::start_demo))
        .routes(routes!(simulations::delete_demo))
        .routes(routes!(window::show_window))
        .routes(routes!(window::read_summary))
        .routes(routes!(live::watch_live))
}

#[cfg(test)]
mod tests {
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
