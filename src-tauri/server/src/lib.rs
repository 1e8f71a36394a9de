//! SCIM Setup without its window: a SCIM 2.0 server for identity providers, and a control API for people.

mod batches;
mod clock;
mod control;
mod core;
mod directory;
mod facts;
mod forwarding;
mod guests;
mod ids;
mod insight;
mod integration;
mod listener;
mod live;
mod log;
pub mod model;
mod private_folder;
mod provisioning;
mod scopes;
mod secret;
mod server;
mod simulations;
mod store;
mod transfer;
mod tunnel;

pub use clock::Clock;
pub use control::{Control, openapi_json};
pub use insight::links::is_known_link;
pub use integration::WebhookOptions;
pub use listener::PortError;
pub use log::Log;
pub use model::DEFAULT_PORT;
pub use provisioning::Limits;
pub use secret::TOKEN_PREFIX;
pub use server::{ControlFile, FindError, Options, Server, StartError, default_folder, restore};
pub use store::{BackupError, OpenError, Restored, StoreError, back_up, check_closed};
pub use tunnel::TunnelOptions;
