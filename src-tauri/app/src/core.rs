//! The server of this process: started with the window, ended with it, started again when a start failed.

use std::path::PathBuf;

use server::{Control, Log, Options, Server};
use tokio::sync::{Mutex, watch};

use crate::arguments::Arguments;

/// The running server, or why there is none.
pub(crate) struct Core {
    arguments: Arguments,
    log: Log,
    /// Held during a start, so that whoever asks meanwhile waits for its outcome and no two starts race.
    state: Mutex<State>,
    /// How to reach the server; `None` until it runs.
    control: watch::Sender<Option<Control>>,
}

enum State {
    NotStarted,
    Running(Box<Server>),
    Failed(String),
}

impl Core {
    pub(crate) fn new(arguments: Arguments, log: Log) -> Self {
        Self { arguments, log, state: Mutex::new(State::NotStarted), control: watch::Sender::new(None) }
    }

    /// Starts the server unless it runs or has failed to start.
    ///
    /// # Errors
    /// A sentence for the person: what is wrong with which folder, and what to do.
    pub(crate) async fn start(&self) -> Result<Control, String> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Running(server) => Ok(server.control()),
            State::Failed(message) => Err(message.clone()),
            State::NotStarted => self.try_start(&mut state).await,
        }
    }

    /// Starts the server unless it runs, even when an earlier start failed.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(crate) async fn start_again(&self) -> Result<Control, String> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Running(server) => Ok(server.control()),
            State::Failed(_) | State::NotStarted => self.try_start(&mut state).await,
        }
    }

    async fn try_start(&self, state: &mut State) -> Result<Control, String> {
        let options = Options {
            data: self.arguments.data.clone(),
            port: self.arguments.port,
            integration_port: self.arguments.integration_port,
            // For scripts and a second start; `control.json` in the data folder says where it is.
            control_port: Some(0),
            // The window is what offers another port, so it must open without one.
            keep_running_without_port: true,
            log: Some(self.log.clone()),
            ..Options::default()
        };
        match Server::start(options).await {
            Ok(server) => {
                let control = server.control();
                self.control.send_replace(Some(control.clone()));
                *state = State::Running(Box::new(server));
                Ok(control)
            }
            Err(error) => {
                tracing::error!(%error, "the server did not start");
                *state = State::Failed(error.to_string());
                Err(error.to_string())
            }
        }
    }

    /// The folder that was asked for, else the system's for application data.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.arguments.data.clone().or_else(server::default_folder)
    }

    /// The folder of the log.
    pub(crate) fn log_folder(&self) -> Option<PathBuf> {
        self.log.folder()
    }

    /// How to reach the server, if it runs; does not wait for a start.
    pub(crate) fn control(&self) -> Option<Control> {
        self.control.borrow().clone()
    }

    /// What a client of the control listener must present, if the server runs.
    pub(crate) async fn control_key(&self) -> Option<String> {
        match &*self.state.lock().await {
            State::Running(server) => Some(server.control_key().to_owned()),
            State::NotStarted | State::Failed(_) => None,
        }
    }

    /// Waits until the server runs, for as long as that takes; `None` if it never will.
    pub(crate) async fn running(&self) -> Option<Control> {
        self.control.subscribe().wait_for(Option::is_some).await.ok().and_then(|control| control.clone())
    }

    /// Ends the server, finishing what it accepted.
    pub(crate) async fn shutdown(&self) {
        self.control.send_replace(None);
        let closing = State::Failed("SCIM Setup is closing.".to_owned());
        if let State::Running(server) = std::mem::replace(&mut *self.state.lock().await, closing) {
            server.shutdown().await;
        }
    }
}
