//! What can be said on the window's command line.

use std::path::PathBuf;

use clap::Parser;

/// SCIM Setup: test SCIM provisioning on your own machine.
#[derive(Clone, Debug, Default, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// The folder to keep everything in [default: the platform's folder for application data].
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The port of the SCIM server; 0 picks one [default: the one in Settings].
    #[arg(long, env = "SCIM_SETUP_PORT", value_name = "PORT")]
    pub port: Option<u16>,
    /// The port that your software reads what arrived from; 0 picks one [default: the one in Settings].
    #[arg(long, env = "SCIM_SETUP_INTEGRATION_PORT", value_name = "PORT")]
    pub integration_port: Option<u16>,
}
