//! The command line, as the program that people run.

#[path = "../support/client.rs"]
mod client;
#[expect(dead_code, reason = "others need more of it")]
#[path = "../support/receiver.rs"]
mod receiver;

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
mod webhooks;
