//! The integration API, which the software under test reads what arrived from: a listener of its own, on this machine alone, with API keys.
//!
//! A request passes [`guard`], which knows from where it may come and whose key it has, then a handler, and is recorded with its answer
//! whatever became of it.

mod error;
mod events;
mod extract;
mod guard;
mod listener;
mod page_token;
mod recorder;
mod resources;
mod router;

pub(crate) use listener::IntegrationListener;
