//! Every operation, with its description.

use axum::extract::DefaultBodyLimit;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::state::ControlState;
use super::{
    batches, browse, cases, data, directories, environments, exchanges, find, guide, integration, live, organizations,
    people, settings, simulations, tunnel, webhooks, window,
};
use crate::directory::cases::LONGEST_CASE;

#[derive(OpenApi)]
#[openapi(info(
    title = "SCIM Setup control API",
    description = "Everything that the window of SCIM Setup can do. On loopback only, with a key."
))]
struct Document;

/// All operations.
pub(super) fn operations() -> OpenApiRouter<ControlState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(settings::read_status))
        .routes(routes!(settings::dismiss_absence))
        .routes(routes!(settings::read_settings, settings::update_settings))
        .routes(routes!(settings::open_listener))
        .routes(routes!(integration::open_integration_listener))
        .routes(routes!(integration::list_api_keys, integration::create_api_key))
        .routes(routes!(integration::revoke_api_key))
        .routes(routes!(integration::list_api_calls, integration::delete_api_calls))
        .routes(routes!(integration::read_api_call))
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(webhooks::update_webhook, webhooks::delete_webhook))
        .routes(routes!(webhooks::rotate_webhook_secret))
        .routes(routes!(webhooks::test_webhook))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::read_delivery))
        .routes(routes!(webhooks::send_delivery_again))
        .routes(routes!(data::read_storage))
        .routes(routes!(data::check_data))
        .routes(routes!(data::list_backups, data::create_backup))
        .routes(routes!(data::delete_backup))
        .routes(routes!(data::stage_restore))
        .routes(routes!(data::cancel_restore))
        .routes(routes!(data::list_set_aside))
        .routes(routes!(data::delete_set_aside))
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
        .routes(routes!(directories::check_forwarding))
        .routes(routes!(directories::read_directory, directories::update_directory, directories::delete_directory))
        .routes(routes!(directories::read_directory_contents))
        .routes(routes!(directories::reset_directory))
        .routes(routes!(directories::send_request))
        .routes(routes!(directories::rehearse_request))
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
        .routes(routes!(exchanges::read_exchange, exchanges::mark_exchange))
        .routes(routes!(cases::export_case))
        .routes(routes!(cases::preview_case))
        .routes(routes!(cases::list_cases, cases::open_case).layer(DefaultBodyLimit::max(LONGEST_CASE)))
        .routes(routes!(cases::read_case, cases::close_case))
        .routes(routes!(cases::read_case_exchange))
        .routes(routes!(exchanges::comparable_exchanges))
        .routes(routes!(exchanges::read_replay, exchanges::replay_exchange))
        .routes(routes!(browse::list_changes))
        .routes(routes!(guide::list_identity_providers))
        .routes(routes!(guide::read_guide, guide::update_guide))
        .routes(routes!(find::find))
        .routes(routes!(simulations::read_simulator))
        .routes(routes!(simulations::read_checker))
        .routes(routes!(simulations::start_simulation))
        .routes(routes!(simulations::read_simulation))
        .routes(routes!(simulations::stop_simulation))
        .routes(routes!(simulations::read_simulation_step))
        .routes(routes!(simulations::read_simulation_check))
        .routes(routes!(simulations::export_simulation))
        .routes(routes!(simulations::start_demo))
        .routes(routes!(simulations::read_demo, simulations::delete_demo))
        .routes(routes!(simulations::keep_demo))
        .routes(routes!(batches::preview_import).layer(DefaultBodyLimit::max(batches::MOST_BYTES)))
        .routes(routes!(batches::start_import).layer(DefaultBodyLimit::max(batches::MOST_BYTES)))
        .routes(routes!(batches::start_samples))
        .routes(routes!(batches::start_batch).layer(DefaultBodyLimit::max(batches::MOST_BYTES)))
        .routes(routes!(batches::list_batches))
        .routes(routes!(batches::read_batch))
        .routes(routes!(batches::stop_batch))
        .routes(routes!(batches::export_resources))
        .routes(routes!(data::read_log))
        .routes(routes!(window::show_window))
        .routes(routes!(window::read_summary))
        .routes(routes!(live::watch_live))
}
