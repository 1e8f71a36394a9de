//! `scim-setup`: SCIM Setup without its window. Serves SCIM, and plays identity providers against servers of others.

mod backup;
mod check;
mod control_client;
mod doctor;
mod events;
mod foreign;
mod listen;
mod live_feed;
mod mcp;
mod serve;
mod signal;
mod simulate;
mod visible;
mod wait;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::Log;

/// Exit code for what ran and found something wrong.
const FAILED: u8 = 1;

/// Exit code for what could not even begin.
const COULD_NOT_RUN: u8 = 2;

/// How a command ended that could run: whether all was well.
enum Ended {
    Well,
    Badly,
}

/// A request makes a few hundred small allocations on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Test SCIM provisioning on your own machine.
#[derive(Parser)]
#[command(name = "scim-setup", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve SCIM to identity providers and the interface to a browser, until Ctrl C.
    Serve(serve::Serve),
    /// Play an identity provider against any SCIM server.
    Simulate(simulate::Simulate),
    /// Check any SCIM server: what Okta and Entra ID need, and what the RFCs say.
    Check(check::Check),
    /// Look through a data folder for what is not as it should be, and repair what can be.
    Doctor(doctor::Doctor),
    /// Write a backup of a data folder, whether or not a server has it open.
    Backup(backup::Backup),
    /// Put a backup in the place of a data folder that no server has open.
    Restore(backup::Restore),
    /// Wait until somebody or something has arrived at a running SCIM Setup.
    Wait(wait::Wait),
    /// Print what your software is told: an event in each line, as JSON.
    Events(events::Events),
    /// Answer an assistant over the Model Context Protocol: requests, histories, the guide, and what `--write` allows.
    Mcp(mcp::Mcp),
    /// Send what happens to your software as webhooks, and print what it answers, until Ctrl C.
    Listen(listen::Listen),
    /// Print the OpenAPI document of the control API.
    Openapi,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let log = Log::init("SCIM_SETUP_LOG", "warn");
    let result = match arguments.command {
        Command::Serve(serve) => serve.run(log).map(|()| Ended::Well),
        Command::Simulate(simulate) => simulate.run(),
        Command::Check(check) => check.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Wait(wait) => wait.run(),
        Command::Events(events) => events.run(),
        Command::Mcp(mcp) => mcp.run(),
        Command::Listen(listen) => listen.run(),
        Command::Openapi => print(&server::openapi_json()).map(|()| Ended::Well),
    };
    match result {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Badly) => ExitCode::from(FAILED),
        Err(message) => {
            // A server may have had its part in it.
            eprintln!("scim-setup: {}", visible::line(&message));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Threads for what waits for others.
fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Runtime::new().map_err(|error| format!("no threads can be started: {error}"))
}

/// A part of a path or a query, percent-encoded.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Prints to stdout and makes sure that it has left the program.
fn print(text: &str) -> Result<(), String> {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("stdout cannot be written: {error}"))
}
