//! What goes on while nobody looks: notifications, the tray, whoever asks for the window, and what closing it means.

use std::{pin::pin, time::Duration};

use server::{
    Control,
    model::{Event, Notice},
};
use tauri::{AppHandle, Manager, WebviewWindow, WindowEvent, async_runtime};
use tauri_plugin_notification::NotificationExt;
use tokio_stream::{Stream, StreamExt};

use crate::{core::Core, preferences::Preferences, tray, window};

/// How often the tray follows what happens, at the most.
const TRAY_PAUSE: Duration = Duration::from_secs(1);

/// Under which name a notification carries where it leads.
const PLACE: &str = "place";

/// Follows the server from as soon as it runs.
pub(crate) fn start(app: &AppHandle) {
    app.webview_windows().values().for_each(hide_instead_of_closing);
    let clicked = app.clone();
    // Linux and macOS report clicks; Windows does as long as the notification is on screen.
    let listening = app.notification().on_action(move |performed| {
        let place = performed.notification().and_then(|notification| notification.extra().get(PLACE));
        window::show(&clicked, place.and_then(|place| serde_json::from_value(place.clone()).ok()));
    });
    if let Err(error) = listening {
        tracing::warn!(%error, "clicks on notifications are not heard");
    }
    let app = app.clone();
    async_runtime::spawn(async move {
        let Some(control) = app.state::<Core>().running().await else { return };
        async_runtime::spawn(answer_requests(app.clone(), control.window_requests()));
        async_runtime::spawn(follow_tray(app.clone(), control.clone()));
        notify(app, control.watch()).await;
    });
}

/// Where a person wants that, and there is a tray to bring it back from.
fn hide_instead_of_closing(window: &WebviewWindow) {
    let hidden = window.clone();
    window.on_window_event(move |event| {
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        if !hidden.state::<Preferences>().stays_in_tray() || !tray::is_shown(hidden.app_handle()) {
            return;
        }
        match hidden.hide() {
            Ok(()) => api.prevent_close(),
            Err(error) => tracing::warn!(%error, "the window could not be hidden, so it closes"),
        }
    });
}

async fn answer_requests(app: AppHandle, requests: impl Stream<Item = Option<server::model::NoticePlace>>) {
    let mut requests = pin!(requests);
    while let Some(place) = requests.next().await {
        tracing::info!("somebody asks for the window");
        window::show(&app, place);
    }
}

async fn notify(app: AppHandle, batches: impl Stream<Item = Vec<Event>>) {
    let mut batches = pin!(batches);
    while let Some(batch) = batches.next().await {
        for event in batch {
            if let Event::Notice { notice } = event
                && !app.state::<Preferences>().is_paused()
                && !window::is_looked_at(&app)
            {
                show_notice(&app, notice);
            }
        }
    }
}

fn show_notice(app: &AppHandle, notice: Notice) {
    tracing::debug!(kind = ?notice.kind, "a notification is shown");
    let notification = app.notification().builder().title(notice.title).body(as_body(&notice.text));
    if let Err(error) = notification.extra(PLACE, notice.place).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// The desktops of Linux read the body as markup (Desktop Notifications Specification), and names come from outside.
fn as_body(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

/// Keeps the tray and the setting about it as they are on the server.
async fn follow_tray(app: AppHandle, control: Control) {
    let mut batches = pin!(control.watch());
    while let Some(batch) = batches.next().await {
        let concerns =
            |event: &Event| matches!(event, Event::Directory { .. } | Event::Tree | Event::Status | Event::Resync);
        if !batch.iter().any(concerns) {
            continue;
        }
        if let Some(settings) = control.settings().await {
            app.state::<Preferences>().stay_in_tray(settings.stay_in_tray);
        }
        if let Some(summary) = control.summary().await {
            tray::show(&app, summary);
        }
        // What happens meanwhile is in the next batches.
        tokio::time::sleep(TRAY_PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_is_no_markup() {
        let body = as_body("Okta created <img src=x> & co");
        if cfg!(target_os = "linux") {
            assert_eq!(body, "Okta created &lt;img src=x&gt; &amp; co");
        }
    }
}
