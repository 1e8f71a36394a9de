//! The real window, used as a person uses it: the built program under a virtual display, driven over WebDriver, with a
//! real data folder and real HTTP requests. The journeys are shared with `browser.rs`; here are all that need nothing
//! which only a browser has, and those that only a window has.
//!
//! `script/test e2e` gives it a display, a session bus and a clipboard.

#![expect(dead_code, reason = "the browser has more journeys, and they need more of what is shared")]

#[path = "app/window.rs"]
mod app;
mod control;
#[path = "../support/databases.rs"]
mod databases;
mod folder;
mod given;
mod keys;
mod okta;
mod page;
mod programs;
#[expect(dead_code, reason = "others need more of it")]
#[path = "../support/receiver.rs"]
mod receiver;
mod steps;
mod tunnel;

mod journeys {
    mod addresses;
    mod another_page;
    mod by_hand;
    mod cases;
    mod data_folder;
    mod demo;
    mod earlier_version;
    mod first_run;
    mod groups;
    mod guide;
    mod inspector;
    mod keyboard;
    mod live;
    mod main_job;
    mod many;
    mod marks;
    mod one_folder;
    mod out_of_step;
    mod palette;
    mod people;
    mod port_in_use;
    mod requests;
    mod settings;
    mod simulator;
    mod token;
    mod tunnel;
    mod webhooks;
    mod your_app;
    mod your_server;
}
