//! `scim-setup`: the SCIM server of SCIM Setup without its window.

mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Exit code for what could not even begin.
const COULD_NOT_RUN: u8 = 2;

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
    /// Print the OpenAPI document of the control API.
    Openapi,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("SCIM_SETUP_LOG").unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .init();
    let result = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Openapi => print(&server::openapi_json()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("scim-setup: {message}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
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
