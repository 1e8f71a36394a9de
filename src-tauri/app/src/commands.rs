//! The commands that the interface calls.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};
use server::model::Event;
use tauri::{AppHandle, Manager, State, async_runtime::JoinHandle, ipc::Channel};
use tokio_stream::StreamExt;

use crate::{core::Core, tray};

/// The one request that tries a failed start again: what "Try again" in the interface asks.
const STATUS_PATH: &str = "/api/status";

/// An answer of the control API: `{ "status": 200, "body": … }`.
#[derive(Serialize)]
pub(crate) struct Answer {
    status: u16,
    body: Value,
}

/// Asks the control API: `path` begins with `/api`. While the server could not start, every answer is a 503
/// `startupFailed` with the reason.
#[tauri::command]
pub(crate) async fn control_request(app: AppHandle, method: String, path: String, body: Option<Value>) -> Answer {
    let core = app.state::<Core>();
    let control = match core.control() {
        Some(control) => Ok(control),
        None if path == STATUS_PATH => core.start_again().await,
        None => core.start().await,
    };
    match control {
        Ok(control) => {
            let (status, body) = control.request(&method, &path, body).await;
            Answer { status, body }
        }
        Err(message) => {
            Answer { status: 503, body: json!({ "code": "startupFailed", "message": message, "field": null }) }
        }
    }
}

/// Sends every batch of live events into `channel`, the first being `[{"type":"resync"}]`, from as soon as the server
/// runs until the page is left or asks again.
#[tauri::command]
pub(crate) fn watch_live(app: AppHandle, feed: State<'_, LiveFeed>, channel: Channel<Vec<Event>>) {
    feed.replace(tauri::async_runtime::spawn(async move {
        let Some(control) = app.state::<Core>().running().await else { return };
        let mut batches = std::pin::pin!(control.watch());
        while let Some(batch) = batches.next().await {
            if let Err(error) = channel.send(batch) {
                tracing::debug!(%error, "the page stopped listening to live events");
                return;
            }
        }
    }));
}

/// Whether the desktop shows this program's icon in a tray.
#[tauri::command]
pub(crate) async fn has_tray(app: AppHandle) -> bool {
    // Somebody on the session bus is asked.
    tauri::async_runtime::spawn_blocking(move || tray::is_shown(&app)).await.unwrap_or(false)
}

/// The task that feeds the page; there is one window and so at most one.
#[derive(Default)]
pub(crate) struct LiveFeed(Mutex<Option<JoinHandle<()>>>);

impl LiveFeed {
    /// Ends the feed, if there is one.
    pub(crate) fn stop(&self) {
        self.put(None);
    }

    fn replace(&self, feed: JoinHandle<()>) {
        self.put(Some(feed));
    }

    fn put(&self, feed: Option<JoinHandle<()>>) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(former) = std::mem::replace(&mut *current, feed) {
            former.abort();
        }
    }
}
