//! The integration listener, which can move to another port while everything else keeps running.

use std::sync::Arc;

use tokio::sync::{Mutex, watch};

use super::events::{Closing, Streams};
use super::recorder::Recorder;
use super::router::router;
use crate::core::Core;
use crate::listener::{PortError, Serving, bind};
use crate::model::{Event, ListenerState};
use crate::provisioning::Limits;

/// Opens, moves and closes the integration listener. Cheap to clone.
#[derive(Clone)]
pub(crate) struct IntegrationListener {
    core: Core,
    recorder: Recorder,
    limits: Limits,
    streams: Streams,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    serving: Option<(Serving, watch::Sender<bool>)>,
    /// The newest attempt that failed while none was open.
    failed: Option<PortError>,
}

impl IntegrationListener {
    pub(crate) fn new(core: Core, limits: Limits) -> Self {
        Self {
            recorder: Recorder::start(core.clone()),
            core,
            limits,
            streams: Streams::default(),
            open: Arc::default(),
        }
    }

    /// Binds 127.0.0.1 at a port (0 picks one), then stops the listener that was open before. On an error that one stays.
    ///
    /// # Errors
    /// If the port cannot be bound.
    pub(crate) async fn open(&self, port: u16) -> Result<(), PortError> {
        let mut open = self.open.lock().await;
        if open.serving.as_ref().is_some_and(|(serving, _)| serving.address().port() == port) {
            return Ok(());
        }
        let socket = match bind(port).await {
            Ok(socket) => socket,
            Err(error) => {
                if open.serving.is_none() {
                    open.failed = Some(error.clone());
                    self.core.live.publish(Event::Status);
                }
                return Err(error);
            }
        };
        // Who asked for 0 got one.
        let port = socket.local_addr().map_or(port, |address| address.port());
        let (close, closing) = watch::channel(false);
        let router = router(self.core.clone(), self.recorder.clone(), self.streams.clone(), Closing(closing), port);
        let before = open.serving.replace((Serving::router(socket, router, self.limits), close));
        open.failed = None;
        drop(open);
        if let Some((before, close)) = before {
            close.send_replace(true);
            // In the background: a request that is still under way on the old port must not hold up the answer.
            tokio::spawn(before.close());
        }
        self.core.live.publish(Event::Status);
        Ok(())
    }

    /// How it is doing; `None`: nobody has opened it.
    pub(crate) async fn state(&self) -> Option<ListenerState> {
        let open = self.open.lock().await;
        match (&open.serving, &open.failed) {
            (Some((serving, _)), _) => Some(ListenerState::of(serving.address())),
            (None, Some(error)) => Some(error.clone().into()),
            (None, None) => None,
        }
    }

    /// Stops accepting, waits for what was accepted, and writes down the last requests.
    pub(crate) async fn close(&self) {
        let serving = self.open.lock().await.serving.take();
        if let Some((serving, close)) = serving {
            close.send_replace(true);
            serving.close().await;
        }
        self.recorder.finish().await;
    }
}
