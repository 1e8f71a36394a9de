//! How the program and its listener are doing.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Absence, StagedRestore, TunnelCheck};

/// The state of a listener.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum ListenerState {
    /// It answers.
    Listening {
        /// `127.0.0.1:7246`.
        address: String,
        /// The port that is bound.
        port: u16,
    },
    /// It could not be bound.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// The port that was asked for.
        port: u16,
        /// What is wrong and what to do.
        message: String,
        /// A port that is free.
        suggested_port: Option<u16>,
    },
}

impl ListenerState {
    /// It answers at this address.
    pub(crate) fn of(address: std::net::SocketAddr) -> Self {
        Self::Listening { address: address.to_string(), port: address.port() }
    }
}

/// How the program is doing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// The commit that the program was built from; `unknown` where nobody could say, `debug build` where nobody looked.
    pub commit: String,
    /// Where everything is kept.
    pub data_folder: String,
    /// How much that is, in bytes.
    pub data_bytes: u64,
    /// Where the files of its log are; `None`: there is none.
    pub log_folder: Option<String>,
    /// The listener that the tunnel forwards to.
    pub listener: ListenerState,
    /// The listener that the software under test reads from; `None`: there is none in this run.
    pub integration_listener: Option<ListenerState>,
    /// Where a browser finds this interface; `None`: only the window has it.
    pub control_url: Option<String>,
    /// A sentence when requests could not be recorded since the start.
    pub recording_problem: Option<String>,
    /// The newest check of each environment's public URL since the start.
    pub tunnels: Vec<TunnelCheck>,
    /// What the next start restores.
    pub staged_restore: Option<StagedRestore>,
    /// For how long nobody was there to answer, until a person has read it.
    pub absence: Option<Absence>,
}

/// What the program said lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentLog {
    /// The newest warnings and errors since the start, 50 at the most, the oldest first.
    pub warnings: Vec<String>,
}
