//! The provisioning listener, which can move to another port while everything else keeps running.

mod connections;
mod request_line;
mod serve;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::HeaderMap;
use http::header::HOST;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

pub(crate) use serve::Serving;

use crate::core::Core;
use crate::directory::former_url;
use crate::model::{Event, ListenerState};
use crate::provisioning::Provisioning;

/// Ports above the wanted one that are tried for a suggestion.
const TRIED: u16 = 20;

/// Why a port cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct PortError {
    /// The port.
    pub port: u16,
    /// What is wrong and what to do.
    pub message: String,
    /// A port that is free.
    pub suggested_port: Option<u16>,
}

/// Opens, moves and closes the provisioning listener. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Listener {
    core: Core,
    provisioning: Arc<Provisioning>,
    serving: Arc<Mutex<Option<Serving>>>,
    /// Earlier listeners that are finishing what they accepted.
    closing: Arc<Mutex<JoinSet<()>>>,
}

impl Listener {
    pub(crate) fn new(core: Core, provisioning: Arc<Provisioning>) -> Self {
        Self { core, provisioning, serving: Arc::default(), closing: Arc::default() }
    }

    /// What answers its requests.
    pub(crate) fn provisioning(&self) -> &Provisioning {
        &self.provisioning
    }

    /// Binds 127.0.0.1 at a port (0 picks one), then stops the listener that was open before. On an error that one stays.
    ///
    /// # Errors
    /// If the port cannot be bound.
    pub(crate) async fn open(&self, port: u16) -> Result<ListenerState, PortError> {
        let mut serving = self.serving.lock().await;
        if let Some(open) = serving.as_ref().filter(|open| open.address().port() == port && port != 0) {
            return Ok(ListenerState::of(open.address()));
        }
        let socket = match bind(port).await {
            Ok(socket) => socket,
            Err(error) => {
                if serving.is_none() {
                    self.core.set_listener(error.clone().into());
                    self.core.live.publish(Event::Status);
                }
                return Err(error);
            }
        };
        let opened = Serving::provisioning(socket, self.provisioning.clone());
        let (state, address) = (ListenerState::of(opened.address()), opened.address());
        self.core.set_listener(state.clone());
        let before = serving.replace(opened);
        drop(serving);
        let port = address.port();
        if let Err(error) = self.core.run(Core::reload_scopes).await {
            tracing::error!(%error, port, "base URLs still name the port before");
        }
        if let Err(error) = self.core.run(move |core| former_url::port_opened(core, port)).await {
            tracing::error!(%error, port, "who has to be told of the port could not be noted");
        }
        if let Some(before) = before {
            // In the background: a request that is still under way on the old port must not hold up the answer.
            let mut closing = self.closing.lock().await;
            while closing.try_join_next().is_some() {}
            closing.spawn(before.close());
        }
        self.core.live.publish(Event::Status);
        // Base URLs of environments without a public URL name the port.
        self.core.live.publish(Event::Tree);
        Ok(state)
    }

    /// Stops accepting and waits for what was accepted.
    pub(crate) async fn close(&self) {
        let serving = self.serving.lock().await.take();
        if let Some(serving) = serving {
            serving.close().await;
        }
        let mut closing = self.closing.lock().await;
        while closing.join_next().await.is_some() {}
    }
}

impl From<PortError> for ListenerState {
    fn from(PortError { port, message, suggested_port }: PortError) -> Self {
        Self::Failed { port, message, suggested_port }
    }
}

/// Binds 127.0.0.1 at a port; 0 picks one.
///
/// # Errors
/// If it cannot be bound.
pub(crate) async fn bind(port: u16) -> Result<TcpListener, PortError> {
    match TcpListener::bind(loopback(port)).await {
        Ok(socket) => Ok(socket),
        Err(error) => Err(explain(port, &error).await),
    }
}

/// Whether a request names this machine in its only `Host` header. Another name that leads here is how a web page would get in.
pub(crate) fn is_for_own_host(headers: &HeaderMap, port: u16) -> bool {
    let hosts: Vec<_> = headers.get_all(HOST).iter().collect();
    hosts.len() == 1 && hosts[0].to_str().is_ok_and(|host| is_own_host(host, port))
}

/// Whether a host is this machine by one of its own names, at `port`.
pub(crate) fn is_own_host(host: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
}

async fn explain(port: u16, error: &std::io::Error) -> PortError {
    let suggested_port = free_port_after(port).await;
    let suggestion = match suggested_port {
        Some(free) => format!("Use port {free}, or close the other program and try again."),
        None => "Choose another port.".to_owned(),
    };
    let message = match error.kind() {
        std::io::ErrorKind::AddrInUse => format!("Port {port} is already in use. {suggestion}"),
        std::io::ErrorKind::PermissionDenied => format!("Port {port} needs administrator rights. {suggestion}"),
        _ => format!("Port {port} cannot be used: {error}. {suggestion}"),
    };
    PortError { port, message, suggested_port }
}

/// The address of a port on this machine alone.
pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// The usual ports of the other two listeners are not offered: they would be the next to be taken.
async fn free_port_after(port: u16) -> Option<u16> {
    for candidate in (port.checked_add(3)?..).take(usize::from(TRIED)) {
        if TcpListener::bind(loopback(candidate)).await.is_ok() {
            return Some(candidate);
        }
    }
    None
}
