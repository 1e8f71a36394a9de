//! The window of SCIM Setup: starts the server of this process and shows the interface.
//!
//! Thin on purpose. What the interface asks goes to the same control API that a browser and the command line use,
//! without a port in between: see [`control_scheme`]. What goes on without the page is in [`background`].

mod arguments;
mod background;
mod commands;
mod control_scheme;
mod core;
mod downloads;
mod instance;
mod preferences;
mod tray;
mod window;
mod words;

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use server::Log;
use tauri::{AppHandle, Manager, RunEvent, webview::PageLoadEvent};

use crate::{arguments::Arguments, commands::LiveFeeds, core::Core, preferences::Preferences, tray::Shown};

/// How long a program that owns the data folder may take until it can be asked for its window: about as long as a start takes.
const OWNER_STARTS_WITHIN: Duration = Duration::from_secs(5);

/// Opens the window and returns when it was closed and the server has ended. If a window is open on the same data folder, shows that one
/// and returns at once.
///
/// # Errors
/// When the system cannot show a window.
pub fn run() -> tauri::Result<()> {
    // Standard output belongs to whoever started the window.
    let log = Log::init("RUST_LOG", "info");
    let arguments = Arguments::parse();
    let folder = arguments.data.clone().or_else(server::default_folder);
    if folder.as_deref().is_some_and(|folder| instance::show_window_of(folder, Duration::ZERO)) {
        tracing::info!("SCIM Setup runs already; its window is shown");
        return Ok(());
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "SCIM Setup opens its window");
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(window::state_plugin(folder.as_deref()))
        .manage(Core::new(arguments, log))
        .manage(LiveFeeds::default())
        .manage(Preferences::default())
        .manage(Shown::default())
        .register_asynchronous_uri_scheme_protocol(control_scheme::SCHEME, control_scheme::handle)
        .invoke_handler(tauri::generate_handler![
            commands::watch_live,
            commands::has_tray,
            commands::open_data_folder,
            commands::open_log_folder,
            commands::open_link,
            commands::open_window,
            commands::read_control_key,
            commands::restart,
            downloads::save_download
        ])
        .on_page_load(|webview, page| {
            // A reloaded page cannot hear the channel of the page before it.
            if page.event() == PageLoadEvent::Started {
                webview.state::<LiveFeeds>().stop(webview.label());
            }
        })
        .setup(|app| {
            start_core(app.handle().clone(), folder);
            window::open(app)?;
            tray::create(app.handle());
            background::start(app.handle());
            exit_on_signal(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        RunEvent::Exit => {
            app.state::<LiveFeeds>().stop_all();
            tauri::async_runtime::block_on(app.state::<Core>().shutdown());
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app, None),
        _ => {}
    });
    Ok(())
}

/// Ends as if the window was closed when the system or a person asks the process to.
fn exit_on_signal(app: AppHandle) {
    #[cfg(unix)]
    tauri::async_runtime::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            tracing::warn!("signals cannot be received");
            return;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        app.exit(0);
    });
    // Windows ends a program with a window by closing the window.
    #[cfg(not(unix))]
    drop(app);
}

/// Does not wait: the page loads meanwhile, and its first question waits for the outcome.
fn start_core(app: AppHandle, folder: Option<PathBuf>) {
    tauri::async_runtime::spawn(async move {
        if app.state::<Core>().start().await.is_ok() {
            return;
        }
        let Some(folder) = folder else { return };
        // Whoever started at the same moment may have the folder, and a window that can be asked for soon.
        let asked = tokio::task::spawn_blocking(move || instance::show_window_of(&folder, OWNER_STARTS_WITHIN)).await;
        if asked.unwrap_or(false) {
            tracing::info!("SCIM Setup runs already; its window is shown");
            app.exit(0);
        }
    });
}
