//! The icon in the tray: how the program is doing, and a short menu. Where there is no tray, nothing else is missing.

#[cfg(target_os = "linux")]
mod linux;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use server::model::{RecentDirectory, Summary, SummaryState};
use tauri::{
    AppHandle, Manager, Wry,
    image::Image,
    include_image,
    menu::{CheckMenuItem, IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::{preferences::Preferences, window, words};

const ID: &str = "main";
const OPEN: &str = "open";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";
/// What the ids of the directories in the menu begin with.
const COPY: &str = "copy:";

/// What the tray shows now.
#[derive(Default)]
pub(crate) struct Shown(Mutex<Option<Summary>>);

/// Puts the icon into the tray, if the desktop can have one.
pub(crate) fn create(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    if !linux::has_library() {
        tracing::info!("there is no tray: libayatana-appindicator3 is not installed");
        return;
    }
    // The library that draws it is loaded now, and it panics where it cannot be.
    match catch_unwind(AssertUnwindSafe(|| build(app))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "there is no tray"),
        Err(_) => tracing::warn!("there is no tray: its library could not be loaded"),
    }
}

/// Whether a person sees the icon, so that a hidden window can be found again.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    let has_icon = app.tray_by_id(ID).is_some();
    #[cfg(target_os = "linux")]
    return has_icon && linux::has_host();
    #[cfg(not(target_os = "linux"))]
    has_icon
}

/// Shows how the program is doing.
pub(crate) fn show(app: &AppHandle, summary: Summary) {
    let Some(tray) = app.tray_by_id(ID) else { return };
    let shown = app.state::<Shown>();
    let mut shown = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
    if shown.as_ref() == Some(&summary) {
        return;
    }
    let changed = menu(app, &summary.text, &summary.recent)
        .and_then(|menu| tray.set_menu(Some(menu)))
        .and_then(|()| tray.set_icon(Some(icon(summary.state))))
        .and_then(|()| tray.set_tooltip(Some(format!("{}: {}", words::PRODUCT, summary.text))));
    match changed {
        Ok(()) => *shown = Some(summary),
        Err(error) => tracing::warn!(%error, "the tray could not be changed"),
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    TrayIconBuilder::with_id(ID)
        .icon(icon(SummaryState::NotListening))
        .tooltip(words::PRODUCT)
        .menu(&menu(app, words::STARTING, &[])?)
        .show_menu_on_left_click(false)
        .on_menu_event(on_menu)
        .on_tray_icon_event(|tray, event| {
            // Linux opens the menu whatever the button.
            let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
            else {
                return;
            };
            window::show(tray.app_handle(), None);
        })
        .build(app)?;
    Ok(())
}

fn icon(state: SummaryState) -> Image<'static> {
    match state {
        SummaryState::Listening => include_image!("icons/tray/listening.png"),
        SummaryState::Refused => include_image!("icons/tray/refused.png"),
        SummaryState::NotListening => include_image!("icons/tray/not-listening.png"),
    }
}

fn menu(app: &AppHandle, state: &str, recent: &[RecentDirectory]) -> tauri::Result<Menu<Wry>> {
    let copy = Submenu::with_id(app, "copy", words::COPY_BASE_URL, true)?;
    if recent.is_empty() {
        copy.append(&MenuItem::new(app, words::NO_DIRECTORIES, false, None::<&str>)?)?;
    }
    for directory in recent {
        let id = format!("{COPY}{}", directory.id);
        copy.append(&MenuItem::with_id(app, id, literal(&directory.name), true, None::<&str>)?)?;
    }
    let is_paused = app.state::<Preferences>().is_paused();
    let items: [&dyn IsMenuItem<Wry>; 7] = [
        &MenuItem::new(app, literal(state), false, None::<&str>)?,
        &PredefinedMenuItem::separator(app)?,
        &MenuItem::with_id(app, OPEN, words::OPEN, true, None::<&str>)?,
        &copy,
        &CheckMenuItem::with_id(app, PAUSE, words::PAUSE_NOTIFICATIONS, true, is_paused, None::<&str>)?,
        &PredefinedMenuItem::separator(app)?,
        &MenuItem::with_id(app, QUIT, words::QUIT, true, None::<&str>)?,
    ];
    Menu::with_items(app, &items)
}

/// In a menu, an ampersand underlines the letter after it.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        OPEN => window::show(app, None),
        PAUSE => {
            let preferences = app.state::<Preferences>();
            preferences.pause_notifications(!preferences.is_paused());
        }
        QUIT => app.exit(0),
        other => {
            if let Some(id) = other.strip_prefix(COPY) {
                copy_base_url(app, id);
            }
        }
    }
}

fn copy_base_url(app: &AppHandle, id: &str) {
    let shown = app.state::<Shown>();
    let shown = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = shown.as_ref().and_then(|summary| summary.recent.iter().find(|directory| directory.id.0 == id));
    let Some(base_url) = directory.map(|directory| directory.base_url.clone()) else { return };
    drop(shown);
    if let Err(error) = app.clipboard().write_text(base_url) {
        tracing::warn!(%error, "the base URL could not be copied");
    }
}
