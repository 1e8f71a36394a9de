//! SCIM Setup without its window: a SCIM 2.0 server for identity providers, and a control API for people.

mod clock;
mod control;
mod core;
pub mod directory;
mod facts;
mod guests;
mod ids;
mod insight;
mod live;
pub mod model;
mod provisioning;
mod secret;
mod server;
mod simulations;
mod store;
mod tunnel;

/// The port that the provisioning listener asks for when nobody says otherwise.
pub const DEFAULT_PORT: u16 = 7246;

pub use clock::Clock;
pub use control::{Control, openapi_json};
pub use provisioning::Limits;
pub use secret::TOKEN_PREFIX;
pub use server::{ControlFile, FindError, Options, PortError, Server, StartError, default_folder};
pub use store::{OpenError, StoreError};
pub use tunnel::TunnelOptions;
