//! The command line, as the program that people run.

#[path = "../support/client.rs"]
mod client;

mod attacks;
mod backup;
mod burst;
mod check;
mod crash;
mod dice;
mod doctor;
mod events;
mod log;
mod mcp;
mod policy;
mod role;
mod serve;
mod simulate;
mod wait;
