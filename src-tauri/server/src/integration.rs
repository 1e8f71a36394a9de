//! The integration API, which the software under test reads what arrived from: a listener of its own, on this machine alone, with API keys.
//!
//! A request passes [`guard`], which knows from where it may come and whose key it has, then a handler, and is recorded with its answer
//! whatever became of it. What happens is also told without being asked for: see [`webhooks`].

mod error;
mod events;
mod extract;
mod guard;
mod listener;
mod page_token;
mod recorder;
mod resources;
mod router;
mod webhooks;

pub(crate) use listener::IntegrationListener;
pub use webhooks::WebhookOptions;
pub(crate) use webhooks::Webhooks;
