//! The server over real ports and real database files.

#[path = "../support/client.rs"]
mod client;
#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/matchers.rs"]
mod matchers;

mod bad_input;
mod control;
mod harness;
mod live;
mod provider_fixtures;
mod recording;
mod start;
mod tokens;
