//! The window, where it stands and how it comes to the front, and further ones beside it.

mod placement;

use std::{
    error::Error,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use server::model::NoticePlace;
use tauri::{
    App, AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, plugin::TauriPlugin,
};
use tauri_plugin_window_state::StateFlags;

use self::placement::Rectangle;

/// The label in `tauri.conf.json`.
pub(crate) const MAIN: &str = "main";

/// How the labels of further windows begin; the capability in `tauri.conf.json` names them, too.
const FURTHER: &str = "further-";

/// What the page listens for to go somewhere.
const SHOW_PLACE: &str = "show-place";

/// How often is looked where a new window stands, at the most.
const LOOKS: u32 = 20;

/// Long enough for a window manager to place it.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Keeps size and place in the data folder: another folder has another window.
pub(crate) fn state_plugin(folder: Option<&Path>) -> TauriPlugin<tauri::Wry> {
    let builder = tauri_plugin_window_state::Builder::new()
        .with_filter(|label| label == MAIN)
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED);
    match folder.map(|folder| folder.join("window.json")) {
        // A whole path stands in the place of the plugin's own folder.
        Some(file) => builder.with_filename(file.display().to_string()).build(),
        None => builder.build(),
    }
}

/// Opens the windows of `tauri.conf.json`; each one's title follows the title of its page.
pub(crate) fn open(app: &App) -> Result<(), Box<dyn Error>> {
    for config in &app.config().app.windows {
        let window = WebviewWindowBuilder::from_config(app, config)?
            // Shown when it stands where it stood before.
            .visible(false)
            .on_document_title_changed(follow_title)
            .build()?;
        window.show()?;
        close_further_ones_with(&window);
        tauri::async_runtime::spawn(bring_on_screen(window));
    }
    Ok(())
}

/// Opens a window beside the others, at an address of the interface.
pub(crate) fn open_further(app: &AppHandle, address: &str) -> tauri::Result<()> {
    static OPENED: AtomicU32 = AtomicU32::new(0);
    let label = format!("{FURTHER}{}", OPENED.fetch_add(1, Ordering::Relaxed));
    let page = WebviewUrl::App(format!("index.html#{address}").into());
    WebviewWindowBuilder::new(app, &label, page)
        .title("SCIM Setup")
        .inner_size(760.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .disable_drag_drop_handler()
        .on_document_title_changed(follow_title)
        .build()?;
    Ok(())
}

/// Whether it is a window of the interface.
pub(crate) fn is_own(label: &str) -> bool {
    label == MAIN || label.starts_with(FURTHER)
}

fn follow_title(window: WebviewWindow, title: String) {
    if let Err(error) = window.set_title(&title) {
        tracing::warn!(%error, "the window's title could not be set");
    }
}

/// The program ends with its window, and not with the last one that was opened beside it.
fn close_further_ones_with(window: &WebviewWindow) {
    let app = window.app_handle().clone();
    window.on_window_event(move |event| {
        if !matches!(event, WindowEvent::Destroyed) {
            return;
        }
        for (label, window) in app.webview_windows() {
            if label.starts_with(FURTHER)
                && let Err(error) = window.close()
            {
                tracing::warn!(%error, label, "a window could not be closed");
            }
        }
    });
}

/// Brings the window to the front, and the page in it to a place.
pub(crate) fn show(app: &AppHandle, place: Option<NoticePlace>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
    if let Some(place) = place
        && let Err(error) = app.emit_to(MAIN, SHOW_PLACE, place)
    {
        tracing::warn!(%error, "the page could not be told where to go");
    }
}

/// Whether a person looks at one of the windows.
pub(crate) fn is_looked_at(app: &AppHandle) -> bool {
    app.webview_windows().values().any(|window| {
        window.is_focused().unwrap_or(false)
            && window.is_visible().unwrap_or(true)
            && !window.is_minimized().unwrap_or(false)
    })
}

/// A screen that was there the last time may be gone. Where a window stands is known only once it is shown.
async fn bring_on_screen(window: WebviewWindow) {
    for _ in 0..LOOKS {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        match is_reachable(&window) {
            Ok(None) => {}
            Ok(Some(true)) => return,
            Ok(Some(false)) => {
                if let Err(error) = window.center() {
                    tracing::warn!(%error, "the window could not be brought on the screen");
                }
                return;
            }
            // It was closed meanwhile.
            Err(_) => return,
        }
    }
}

/// Whether a person can grab the window; `None`: it is not known yet where it stands.
fn is_reachable(window: &WebviewWindow) -> tauri::Result<Option<bool>> {
    let (position, size) = (window.outer_position()?, window.outer_size()?);
    if size.width == 0 {
        return Ok(None);
    }
    let monitors: Vec<_> = window
        .available_monitors()?
        .iter()
        .map(|monitor| Rectangle::new(monitor.position().x, monitor.position().y, *monitor.size()))
        .collect();
    Ok(Some(placement::can_be_grabbed(Rectangle::new(position.x, position.y, size), &monitors)))
}
