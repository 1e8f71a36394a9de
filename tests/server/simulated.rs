//! The simulator against servers: our own, and some that do one thing wrong.

mod api;
mod broken;
mod compliance;
mod demos;
mod faulty;
mod play;
mod provider_traffic;
mod runs;
mod shape;
