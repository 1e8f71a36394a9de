//! The way from the internet back to this app: asks for itself through a public URL, and asks the tunnel programs on this machine.
//!
//! Besides the simulator and webhooks this is the only part of the server that opens connections. What it sees is judged by `insight`.

mod probe;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Host;
use wire::{Address, Client, Limits, TlsConnector};

use self::probe::Target;
use crate::clock::rfc3339;
use crate::core::Core;
use crate::directory::notices;
use crate::insight::tunnel_agents;
use crate::insight::tunnel_check::{self, Asked, Ended, Observed};
use crate::model::{DetectedTunnels, Environment, EnvironmentId, Event, ListenerState, TunnelCheck};

/// Who asks. Not a browser's name: tunnels show browsers a warning page.
const ASKER: &str = concat!("SCIM-Setup/", env!("CARGO_PKG_VERSION"), " (tunnel check)");

/// Bytes of what a tunnel program says about itself: one with hundreds of tunnels needs less.
const AGENT_BYTES: usize = 256 << 10;

/// JSON values of the same: a tunnel has about twenty.
const AGENT_VALUES: usize = 20_000;

/// How the way back is looked at.
#[derive(Clone, Debug)]
pub struct TunnelOptions {
    /// For a whole check. 10 s: an identity provider waits longer, a person does not.
    pub timeout: Duration,
    /// Whether the name service may be asked. Without it nothing can be said of a host that has a name.
    pub has_name_service: bool,
    /// For what runs on this machine to answer.
    pub agent_timeout: Duration,
    /// Where ngrok's agent API may be.
    pub ngrok: Vec<SocketAddr>,
    /// Where cloudflared's metrics may be.
    pub cloudflared: Vec<SocketAddr>,
}

impl Default for TunnelOptions {
    fn default() -> Self {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            timeout: Duration::from_secs(10),
            has_name_service: true,
            agent_timeout: Duration::from_secs(1),
            // A second agent takes the next port.
            ngrok: (4040..=4042).map(local).collect(),
            // https://developers.cloudflare.com/cloudflare-one/…/metrics: the first free one of these.
            cloudflared: (20241..=20245).map(local).collect(),
        }
    }
}

/// Checks tunnels and remembers the newest result of each environment. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tunnel {
    core: Core,
    options: Arc<TunnelOptions>,
    checks: Arc<Mutex<Vec<TunnelCheck>>>,
    /// Made when it is first needed: reading the system's certificates takes a while.
    tls: Arc<OnceCell<TlsConnector>>,
}

impl Tunnel {
    pub(crate) fn new(core: Core, options: TunnelOptions) -> Self {
        Self { core, options: Arc::new(options), checks: Arc::default(), tls: Arc::default() }
    }

    /// The newest result of each environment.
    pub(crate) fn checks(&self) -> Vec<TunnelCheck> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for this app through the public URL of an environment. `None`: it has none.
    pub(crate) async fn check(&self, environment: &Environment) -> Option<TunnelCheck> {
        let url = environment.public_url.clone()?;
        let checked_at = rfc3339(self.core.clock.now());
        let nonce = self.core.issue_nonce();
        let (port, is_listening) = match self.core.listener() {
            ListenerState::Listening { port, .. } => (port, true),
            ListenerState::Failed { port, .. } => (port, false),
        };
        // What is saved has been parsed before; a database from elsewhere is no reason to fail.
        let address = Address::parse(&url).ok()?;
        let asked = Asked {
            url: url.clone(),
            host: address.host().to_string(),
            is_https: address.is_https(),
            port,
            proof: self.core.proof.prove(&nonce),
        };
        let observed = if asked.host.contains('_') || !is_listening {
            Observed::nothing(Ended::NotListening)
        } else if !self.options.has_name_service && matches!(address.host(), Host::Domain(_)) {
            Observed::nothing(Ended::NoNameService)
        } else {
            probe::probe(&Target { address: &address, nonce: &nonce, timeout: self.options.timeout }, &self.tls).await
        };
        let finding = tunnel_check::judge(&asked, &observed);
        let round_trip_ms = match &observed.ended {
            Ended::Answered(answer) => Some(answer.duration_ms).filter(|_| finding.is_from_here()),
            _ => None,
        };
        let check = TunnelCheck {
            environment_id: environment.id.clone(),
            url,
            checked_at,
            code: finding.code,
            outcome: finding.outcome(),
            steps: tunnel_check::steps(&asked, &observed, &finding),
            title: finding.title,
            text: finding.text,
            advice: finding.advice,
            command: finding.command,
            round_trip_ms,
        };
        self.remember(check.clone());
        Some(check)
    }

    /// Forgets what was found about another URL of this environment.
    pub(crate) fn forget_unless(&self, environment_id: &EnvironmentId, url: Option<&str>) {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.retain(|check| check.environment_id != *environment_id || Some(check.url.as_str()) == url);
    }

    /// Asks the tunnel programs on this machine for a tunnel to this app.
    pub(crate) async fn detect(&self) -> DetectedTunnels {
        let port = match self.core.listener() {
            ListenerState::Listening { port, .. } | ListenerState::Failed { port, .. } => port,
        };
        let ngrok = self.options.ngrok.iter().map(|&agent| async move {
            let answer = self.ask_agent(agent, "/api/tunnels").await;
            answer.map(|body| tunnel_agents::ngrok(&body, port)).unwrap_or_default()
        });
        let cloudflared = self.options.cloudflared.iter().map(|&agent| async move {
            let quick = self.ask_agent(agent, "/quicktunnel").await?;
            let config = self.ask_agent(agent, "/config").await;
            tunnel_agents::cloudflared(&quick, config.as_ref(), port)
        });
        let (ngrok, cloudflared) = tokio::join!(join_all(ngrok), join_all(cloudflared));
        let told = ngrok.into_iter().flatten().chain(cloudflared.into_iter().flatten()).collect();
        tunnel_agents::summarize(told, port)
    }

    /// What a program on this machine answers, if there is one and it answers JSON.
    async fn ask_agent(&self, agent: SocketAddr, path: &str) -> Option<Value> {
        let address = Address::parse(&format!("http://{agent}")).ok()?;
        let limits = Limits { time: self.options.agent_timeout, body_bytes: AGENT_BYTES, values: AGENT_VALUES };
        let headers = [("User-Agent".to_owned(), ASKER.to_owned())];
        let answer = Client::new(limits).send(&address, "GET", path, &headers, None).await.ok()?;
        serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == 200)
    }

    fn remember(&self, check: TunnelCheck) {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = |other: &TunnelCheck| other.environment_id != check.environment_id;
        // Of two that ran at the same time the one that began later counts.
        let before = checks.iter().find(|other| !is_other(other));
        if before.is_some_and(|before| before.checked_at > check.checked_at) {
            return;
        }
        let seen = before.and_then(|before| tunnel_check::news(before, &check));
        checks.retain(is_other);
        checks.push(check);
        drop(checks);
        self.core.live.publish(Event::Status);
        if let Some(seen) = seen {
            notices::take(&self.core, seen);
        }
    }
}
