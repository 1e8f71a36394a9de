//! The commands that the interface calls: what is not a request to the control API.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use server::model::Event;
use tauri::{AppHandle, Manager, State, WebviewWindow, async_runtime::JoinHandle, ipc::Channel};
use tokio_stream::StreamExt;

use crate::{core::Core, tray, window};

/// Sends every batch of live events into `channel`, the first being `[{"type":"resync"}]`, from as soon as the server
/// runs until the page is left or asks again.
#[tauri::command]
pub(crate) fn watch_live(
    app: AppHandle,
    window: WebviewWindow,
    feeds: State<'_, LiveFeeds>,
    channel: Channel<Vec<Event>>,
) {
    let feed = tauri::async_runtime::spawn(async move {
        let Some(control) = app.state::<Core>().running().await else { return };
        let mut batches = std::pin::pin!(control.watch());
        while let Some(batch) = batches.next().await {
            if let Err(error) = channel.send(batch) {
                tracing::debug!(%error, "the page stopped listening to live events");
                return;
            }
        }
    });
    feeds.put(window.label(), Some(feed));
}

/// Opens a further window at an address of the interface, which is what stands after the `#`.
///
/// # Errors
/// A sentence: the system cannot show it.
#[tauri::command]
pub(crate) async fn open_window(app: AppHandle, address: String) -> Result<(), String> {
    window::open_further(&app, &address).map_err(|error| format!("A new window cannot be opened: {error}."))
}

/// Whether the desktop shows this program's icon in a tray.
#[tauri::command]
pub(crate) async fn has_tray(app: AppHandle) -> bool {
    // Somebody on the session bus is asked.
    tauri::async_runtime::spawn_blocking(move || tray::is_shown(&app)).await.unwrap_or(false)
}

/// Opens a page of the internet in the system's browser.
///
/// # Errors
/// A sentence: it is none that the interface leads to, or there is no browser.
#[tauri::command]
pub(crate) async fn open_link(url: String) -> Result<(), String> {
    if !server::is_known_link(&url) {
        return Err(format!("{url} is not a page that SCIM Setup opens."));
    }
    tauri_plugin_opener::open_url(&url, None::<&str>).map_err(|error| format!("{url} cannot be opened: {error}."))
}

/// Shows the data folder in the system's file manager.
///
/// # Errors
/// A sentence: there is no file manager, or no folder yet.
#[tauri::command]
pub(crate) async fn open_data_folder(app: AppHandle) -> Result<(), String> {
    show_folder(&app.state::<Core>().folder().ok_or("This system has no folder for application data.")?)
}

/// Shows the folder of the log in the system's file manager.
///
/// # Errors
/// A sentence: there is no file manager, or no log.
#[tauri::command]
pub(crate) async fn open_log_folder(app: AppHandle) -> Result<(), String> {
    show_folder(&app.state::<Core>().log_folder().ok_or("There is no log: its file could not be written.")?)
}

fn show_folder(folder: &Path) -> Result<(), String> {
    tauri_plugin_opener::open_path(folder, None::<&str>)
        .map_err(|error| format!("{} cannot be shown: {error}.", folder.display()))
}

/// The key of the control API, for a person to give to a script.
///
/// # Errors
/// A sentence: the server does not run.
#[tauri::command]
pub(crate) async fn read_control_key(app: AppHandle) -> Result<String, String> {
    app.state::<Core>().control_key().await.ok_or_else(|| "The server is not running.".to_owned())
}

/// Ends this program, as when its window is closed, and starts it again.
#[tauri::command]
pub(crate) fn restart(app: AppHandle) {
    app.request_restart();
}

/// The task that feeds the page of each window, by its label.
#[derive(Default)]
pub(crate) struct LiveFeeds(Mutex<HashMap<String, JoinHandle<()>>>);

impl LiveFeeds {
    /// Ends the feed of a window, if it has one.
    pub(crate) fn stop(&self, label: &str) {
        self.put(label, None);
    }

    /// Ends all of them.
    pub(crate) fn stop_all(&self) {
        self.lock().drain().for_each(|(_, feed)| feed.abort());
    }

    fn put(&self, label: &str, feed: Option<JoinHandle<()>>) {
        let mut feeds = self.lock();
        let former = match feed {
            Some(feed) => feeds.insert(label.to_owned(), feed),
            None => feeds.remove(label),
        };
        if let Some(former) = former {
            former.abort();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, JoinHandle<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
