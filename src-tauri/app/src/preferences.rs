//! What a person wants of the program while nobody looks.

use std::sync::atomic::{AtomicBool, Ordering};

/// What is decided without a page.
#[derive(Default)]
pub(crate) struct Preferences {
    /// Whether closing the window leaves the program running.
    stays_in_tray: AtomicBool,
    /// Whether notifications are paused until the program ends.
    is_paused: AtomicBool,
}

impl Preferences {
    pub(crate) fn stay_in_tray(&self, stays: bool) {
        self.stays_in_tray.store(stays, Ordering::Relaxed);
    }

    pub(crate) fn stays_in_tray(&self) -> bool {
        self.stays_in_tray.load(Ordering::Relaxed)
    }

    pub(crate) fn pause_notifications(&self, is_paused: bool) {
        self.is_paused.store(is_paused, Ordering::Relaxed);
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.is_paused.load(Ordering::Relaxed)
    }
}
