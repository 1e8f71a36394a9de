//! A running server is a value: starting binds and opens, shutting down finishes what was accepted.

mod control_file;
mod heartbeat;
mod notices;
mod open_files;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use control_file::{ControlFile, FindError};

use self::control_file::Published;
use crate::batches::Batches;
use crate::clock::{Clock, stamp};
use crate::control::{self, Control, ControlState};
use crate::core::Core;
use crate::directory::{absence, environments, history, journal, sightings, webhooks};
use crate::integration::{IntegrationListener, WebhookOptions, Webhooks};
use crate::listener::{Listener, PortError, Serving, loopback};
use crate::log::Log;
use crate::model::{AbsenceCause, ListenerState};
use crate::provisioning::{Limits, Provisioning, Recorder};
use crate::secret::random_key;
use crate::simulations::Simulations;
use crate::store::{self, BackupError, ListKeeper, OpenError, Restored, Store, StoreError, Times, exchanges, settings};
use crate::tunnel::{Tunnel, TunnelOptions};

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; `None`: the platform's.
    pub data: Option<PathBuf>,
    /// The port of the provisioning listener; 0 picks one; `None`: the one in the settings.
    pub port: Option<u16>,
    /// The port of the control listener; 0 picks one; `None`: no control listener.
    pub control_port: Option<u16>,
    /// The port of the integration listener; 0 picks one; `None`: the one in the settings, and if that is taken, none.
    pub integration_port: Option<u16>,
    /// Start even if the provisioning port is taken, so that a person can choose another in the window.
    pub keep_running_without_port: bool,
    /// What a client may take.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// How the way back through a tunnel is looked at.
    pub tunnel: TunnelOptions,
    /// How webhooks are sent.
    pub webhooks: WebhookOptions,
    /// Whether simulated identity providers pause as real ones do; otherwise they go as fast as the server answers.
    pub simulates_pauses: bool,
    /// How often it is noted that the program runs.
    pub heartbeat: Duration,
    /// What the program says, which goes into the data folder once that is open; `None`: it has no log.
    pub log: Option<Log>,
}

/// Often enough to tell a crash's time by the minute, and seldom enough for the disk.
const HEARTBEAT: Duration = Duration::from_secs(60);

impl Default for Options {
    fn default() -> Self {
        Self {
            data: None,
            port: None,
            control_port: None,
            integration_port: None,
            keep_running_without_port: false,
            limits: Limits::default(),
            clock: Clock::system(),
            tunnel: TunnelOptions::default(),
            webhooks: WebhookOptions::default(),
            simulates_pauses: true,
            heartbeat: HEARTBEAT,
            log: None,
        }
    }
}

/// Why a server did not start, as a sentence for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system names no place for data.
    #[error("This system has no folder for application data. Name one with --data.")]
    NoDataFolder,
    /// The data folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A backup that was to be restored at this start.
    #[error(
        "{0} The backup was not restored. The next start tries again; delete the folder restore-at-start in the data folder to keep what is there."
    )]
    Restore(BackupError),
    /// The data.
    #[error("The data cannot be read: {0}.")]
    Store(#[from] StoreError),
    /// The provisioning port.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The integration port.
    #[error("The integration listener: {0} Choose with --integration-port; 0 picks one.")]
    IntegrationPort(PortError),
    /// The control port.
    #[error("The control port {port} cannot be used: {reason}. Choose another with --control-port; 0 picks one.")]
    ControlPort {
        /// The port.
        port: u16,
        /// What the system says.
        reason: String,
    },
    /// The file that says where the control listener is.
    #[error("{0} cannot be written: {1}. Make the folder writable, or choose another with --data.")]
    ControlFile(PathBuf, String),
}

/// A running server. Dropping it closes its listeners; [`Server::shutdown`] also waits for what was accepted.
pub struct Server {
    core: Core,
    recorder: Recorder,
    listener: Listener,
    integration: IntegrationListener,
    webhooks: Webhooks,
    control_state: ControlState,
    control: Control,
    control_key: String,
    control_serving: Option<Serving>,
    control_file: Option<Published>,
    /// What goes on as long as this is not dropped.
    background: JoinSet<()>,
    kept_lists: ListKeeper,
    restored: Option<Restored>,
}

impl Server {
    /// Opens the data folder and binds the listeners, on loopback only.
    ///
    /// # Errors
    /// A sentence that names the path or port and what to do.
    pub async fn start(mut options: Options) -> Result<Self, StartError> {
        open_files::survive_size_limit();
        options.limits.connections = open_files::connections(options.limits.connections);
        let folder = options.data.clone().or_else(default_folder).ok_or(StartError::NoDataFolder)?;
        let stamp = stamp(options.clock.now());
        let (restored, (store, set_aside)) = blocking(move || {
            // Before anybody opens a database.
            let restored = store::restore_staged(&folder, &stamp).map_err(|error| match error {
                BackupError::Open(error) => StartError::Open(error),
                error => StartError::Restore(error),
            })?;
            let opened = Store::open(&folder)?;
            control_file::clear(&folder).map_err(|error| StartError::ControlFile(folder, error.to_string()))?;
            Ok::<_, StartError>((restored, opened))
        })
        .await?;
        let (write, query) = (options.limits.change, options.limits.query);
        let store = store.with_times(Times { write, query });
        if let Some(Err(error)) = options.log.as_ref().map(|log| log.open(store.folder())) {
            tracing::warn!(%error, "the log cannot be written");
        }
        if let Some(Restored { backup, before }) = &restored {
            tracing::info!(backup, ?before, "a backup was restored");
        }
        let saved = store.read(settings::read)?;
        let port = options.port.unwrap_or(saved.port);
        let core = Core::new(store, options.clock.clone(), port)?;
        core.run(environments::ensure_default).await?;
        if let Some(path) = set_aside {
            core.note_set_aside(&path);
        }
        let lists = core.clone();
        let kept_lists = core.store.keep_lists(move |listed| journal::tell(&lists, listed));
        core.run(Core::reload_scopes).await?;
        core.run(webhooks::delete_temporary).await?;
        core.run(catch_up).await?;
        let shortened = core.clone();
        // It ends with the store.
        drop(crate::store::spawn("history", move || history::keep_short(&shortened)));
        let recorder = Recorder::start(core.clone());
        let provisioning = Arc::new(Provisioning::new(core.clone(), recorder.clone(), options.limits));
        let listener = Listener::new(core.clone(), provisioning.clone());
        let batches = Batches::new(core.clone(), provisioning);
        let tunnel = Tunnel::new(core.clone(), options.tunnel.clone());
        let simulations = Simulations::new(core.clone(), options.simulates_pauses);
        let integration = IntegrationListener::new(core.clone(), options.limits);
        let webhooks = Webhooks::start(core.clone(), options.webhooks.clone());
        let state = ControlState::new(
            core.clone(),
            listener.clone(),
            integration.clone(),
            webhooks.clone(),
            tunnel,
            simulations,
            batches,
        );
        let state = state.with_log(options.log.clone().unwrap_or_default());
        let control = Control::new(state.clone());
        let control_key = random_key();
        let mut background = JoinSet::new();
        background.spawn(notices::tell(core.clone()));
        let mut server = Self {
            core,
            recorder,
            listener,
            integration,
            webhooks,
            control_state: state,
            control,
            control_key,
            control_serving: None,
            control_file: None,
            background,
            kept_lists,
            restored,
        };
        let checked = server.core.clone();
        // Nobody waits for it.
        drop(tokio::task::spawn_blocking(move || check_requests(&checked)));
        match server.open_listeners(port, saved.integration_port, &options).await {
            Ok(()) => {
                server.core.run(|core| absence::note_running(core, AbsenceCause::Closed)).await?;
                server.background.spawn(heartbeat::beat(server.core.clone(), options.heartbeat));
                Ok(server)
            }
            Err(error) => {
                server.shutdown().await;
                Err(error)
            }
        }
    }

    async fn open_listeners(&mut self, port: u16, integration: u16, options: &Options) -> Result<(), StartError> {
        match self.listener.open(port).await {
            Ok(_) => {}
            Err(error) if options.keep_running_without_port => tracing::warn!(%error, "started without a port"),
            Err(error) => return Err(error.into()),
        }
        match (options.integration_port, self.integration.open(options.integration_port.unwrap_or(integration)).await) {
            (_, Ok(())) => {}
            (Some(_), Err(error)) => return Err(StartError::IntegrationPort(error)),
            // Who did not ask for it can do without: the window says so where it is needed.
            (None, Err(error)) => tracing::warn!(%error, "started without the integration API"),
        }
        if let Some(port) = options.control_port {
            let refused = |error: std::io::Error| StartError::ControlPort { port, reason: error.to_string() };
            let socket = TcpListener::bind(loopback(port)).await.map_err(refused)?;
            let url = format!("http://{}", socket.local_addr().map_err(refused)?);
            let state = self.control_state.clone().with_url(url.clone());
            self.control = Control::new(state.clone());
            let router = control::guarded(state, &self.control_key, &random_key(), &url);
            self.control_serving = Some(Serving::router(socket, router, options.limits));
            self.control_file = Some(self.publish(&url)?);
        }
        Ok(())
    }

    fn publish(&self, url: &str) -> Result<Published, StartError> {
        let folder = self.core.store.folder();
        Published::new(folder, url, &self.control_key)
            .map_err(|error| StartError::ControlFile(folder.to_owned(), error.to_string()))
    }

    /// The control API, in process.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Where the control listener is: `http://127.0.0.1:7247`.
    pub fn control_url(&self) -> Option<String> {
        self.control_serving.as_ref().map(|serving| format!("http://{}", serving.address()))
    }

    /// What a client of the control listener must present.
    pub fn control_key(&self) -> &str {
        &self.control_key
    }

    /// Where the provisioning listener is: `http://127.0.0.1:7246`.
    pub fn scim_url(&self) -> String {
        self.core.local_url()
    }

    /// Where the integration listener is: `http://127.0.0.1:7248`; `None`: its port was taken.
    pub async fn integration_url(&self) -> Option<String> {
        match self.integration.state().await? {
            ListenerState::Listening { port, .. } => Some(Core::local_url_of(port)),
            ListenerState::Failed { .. } => None,
        }
    }

    /// What this start has restored.
    pub fn restored(&self) -> Option<&Restored> {
        self.restored.as_ref()
    }

    /// Stops accepting, finishes what was accepted, writes down the last requests, and gives the data folder free.
    pub async fn shutdown(self) {
        self.core.end();
        drop(self.background);
        // Before the folder is given free: the file of whoever takes it next stays.
        drop(self.control_file);
        self.listener.close().await;
        self.integration.close().await;
        self.webhooks.close().await;
        if let Some(serving) = self.control_serving {
            serving.close().await;
        }
        let (recorder, core, kept_lists) = (self.recorder, self.core, self.kept_lists);
        blocking(move || {
            recorder.finish();
            if let Err(error) = absence::note_running(&core, AbsenceCause::Slept) {
                tracing::error!(%error, "the time of the end could not be noted");
            }
            drop(kept_lists);
            core.store.close();
        })
        .await;
    }
}

/// Reads out of requests what earlier versions did not, finds what a crash has left out, and forgets the requests of directories that went just
/// before an end.
fn catch_up(core: &Core) -> Result<(), StoreError> {
    let (lost, newest) = core
        .store
        .read_with_requests(|c| Ok::<_, StoreError>((exchanges::count_lost(c)?, exchanges::newest_id(c)?)))?;
    if lost > 0 {
        core.note_lost(lost);
        core.store.write_requests(move |tx| exchanges::note_newest(tx, newest))?;
    }
    loop {
        let read = core.store.read_with_requests(exchanges::catch_up::read_some)?;
        if read.is_empty() {
            break;
        }
        core.store.write_requests(move |tx| exchanges::catch_up::save(tx, &read))?;
    }
    sightings::catch_up(core)?;
    crate::directory::directories::forget_missing(core)
}

/// Looks through the record of requests, which may be large, while requests are answered already.
fn check_requests(core: &Core) {
    if core.store.are_requests_intact() {
        return;
    }
    if let Err(error) = core.set_requests_aside() {
        tracing::error!(%error, "the damaged record of requests could not be set aside");
    }
}

/// Puts a backup in the place of a data folder that no server has open. Returns where what was there before is, if there was anything: in a
/// folder beside it that is named after the time.
///
/// # Errors
/// If a server has the folder open, or the file is not a whole backup that this version can read; then nothing was changed.
pub fn restore(folder: &Path, file: &Path, clock: &Clock) -> Result<Option<PathBuf>, BackupError> {
    store::restore(folder, file, &stamp(clock.now()))
}

/// The data folder when nobody names one, the platform's for application data: on Linux `~/.local/share/scim-setup`.
pub fn default_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "scim-setup").map(|dirs| dirs.data_dir().to_owned())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
