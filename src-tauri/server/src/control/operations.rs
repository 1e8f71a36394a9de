//! Every operation, in one router and one OpenAPI document.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
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
    let mut text = document.to_pretty_json().expect("the OpenAPI document is JSON");
    text.push('\n');
    text
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
