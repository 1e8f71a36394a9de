//! The real window, used as a person uses it: the built program under a virtual display, driven over WebDriver, with a
//! real data folder and real HTTP requests. The journeys are shared with `browser.rs`, which has all of them; here are
//! those that the window decides, and the main ones.
//!
//! `script/test e2e` gives it a display, a session bus and a clipboard.

#![expect(dead_code, reason = "the browser has more journeys, and they need more of what is shared")]

#[path = "app/window.rs"]
mod app;
mod control;
mod folder;
mod keys;
mod okta;
mod page;
mod programs;
mod steps;
mod tunnel;

mod journeys {
    mod demo;
    mod first_run;
    mod main_job;
    mod one_folder;
    mod port_in_use;
}
