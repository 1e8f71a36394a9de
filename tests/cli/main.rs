//! The command line, as the program that people run.

#[path = "../support/client.rs"]
mod client;

mod check;
mod crash;
mod policy;
mod serve;
mod simulate;
mod wait;
