//! What the handlers share.

use axum::extract::FromRef;

use crate::batches::Batches;
use crate::core::Core;
use crate::integration::{IntegrationListener, Webhooks};
use crate::listener::Listener;
use crate::log::Log;
use crate::simulations::Simulations;
use crate::tunnel::Tunnel;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ControlState {
    pub(super) core: Core,
    pub(super) listener: Listener,
    pub(super) integration: IntegrationListener,
    pub(super) webhooks: Webhooks,
    pub(super) tunnel: Tunnel,
    pub(super) simulations: Simulations,
    pub(super) batches: Batches,
    /// Where the control listener is; `None`: there is none.
    pub(super) url: Option<String>,
    /// What the program says.
    pub(super) log: Log,
}

impl ControlState {
    pub(crate) fn new(
        core: Core,
        listener: Listener,
        integration: IntegrationListener,
        webhooks: Webhooks,
        tunnel: Tunnel,
        simulations: Simulations,
        batches: Batches,
    ) -> Self {
        Self { core, listener, integration, webhooks, tunnel, simulations, batches, url: None, log: Log::default() }
    }

    pub(crate) fn with_log(self, log: Log) -> Self {
        Self { log, ..self }
    }

    pub(crate) fn with_url(self, url: String) -> Self {
        Self { url: Some(url), ..self }
    }
}

impl FromRef<ControlState> for Core {
    fn from_ref(state: &ControlState) -> Self {
        state.core.clone()
    }
}
