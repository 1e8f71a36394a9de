//! The window of SCIM Setup: starts the server of this process and shows the interface.
//!
//! Thin on purpose. What the interface asks goes to the same control API that a browser and the command line use,
//! without a port in between: see [`commands`].

mod arguments;
mod commands;
mod core;
mod downloads;

use clap::Parser;
use tauri::{App, Manager, RunEvent, WebviewWindowBuilder, webview::PageLoadEvent};
use tracing_subscriber::EnvFilter;

use crate::{arguments::Arguments, commands::LiveFeed, core::Core};

/// Opens the window and returns when it was closed and the server has ended.
///
/// # Errors
/// When the system cannot show a window.
pub fn run() -> tauri::Result<()> {
    log_to_stderr();
    let arguments = Arguments::parse();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "SCIM Setup opens its window");
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .manage(Core::new(arguments))
        .manage(LiveFeed::default())
        .invoke_handler(tauri::generate_handler![
            commands::control_request,
            commands::watch_live,
            downloads::save_download
        ])
        .on_page_load(|webview, page| {
            // A reloaded page cannot hear the channel of the page before it.
            if page.event() == PageLoadEvent::Started {
                webview.state::<LiveFeed>().stop();
            }
        })
        .setup(|app| {
            start_core(app);
            open_window(app)
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            app.state::<LiveFeed>().stop();
            tauri::async_runtime::block_on(app.state::<Core>().shutdown());
        }
    });
    Ok(())
}

/// Standard error, because standard output belongs to whoever started the window. `RUST_LOG` chooses what is said.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Does not wait: the page loads meanwhile, and its first question waits for the outcome.
fn start_core(app: &App) {
    let app = app.handle().clone();
    tauri::async_runtime::spawn(async move { app.state::<Core>().start().await });
}

/// Opens the windows of `tauri.conf.json`; each one's title follows the title of its page.
fn open_window(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    for config in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app, config)?
            .on_document_title_changed(|window, title| {
                if let Err(error) = window.set_title(&title) {
                    tracing::warn!(%error, "the window's title could not be set");
                }
            })
            .build()?;
    }
    Ok(())
}
