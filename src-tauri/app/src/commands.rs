//! The commands that the interface calls: what is not a request to the control API.

use std::sync::{Mutex, PoisonError};

use server::model::Event;
use tauri::{AppHandle, Manager, State, async_runtime::JoinHandle, ipc::Channel};
use tokio_stream::StreamExt;

use crate::{core::Core, tray};

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

/// Shows the data folder in the system's file manager.
///
/// # Errors
/// A sentence: there is no file manager, or no folder yet.
#[tauri::command]
pub(crate) async fn open_data_folder(app: AppHandle) -> Result<(), String> {
    let folder = app.state::<Core>().folder().ok_or("This system has no folder for application data.")?;
    tauri_plugin_opener::open_path(&folder, None::<&str>)
        .map_err(|error| format!("{} cannot be shown: {error}.", folder.display()))
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
