//! A real browser, used as a person uses it: Chromium at the address that `scim-setup serve` prints, driven over WebDriver,
//! with a real data folder and real HTTP requests. One file per journey.
//!
//! `script/test browser` installs what it needs. Each journey has a server, a folder and a browser of its own, so they run
//! side by side.

#[path = "app/browser.rs"]
mod app;
mod control;
#[path = "../support/databases.rs"]
mod databases;
mod folder;
mod given;
mod keys;
mod naive;
mod okta;
mod page;
mod programs;
#[expect(dead_code, reason = "others need more of it")]
#[path = "../support/receiver.rs"]
mod receiver;
mod sample;
mod scale;
mod stage;
mod steps;
mod tour;
mod tunnel;

mod journeys {
    mod addresses;
    mod away;
    mod axe;
    mod by_hand;
    mod cases;
    mod checks;
    mod connection;
    mod data_folder;
    mod demo;
    mod earlier_version;
    mod export;
    mod first_run;
    mod groups;
    mod guide;
    mod hostile;
    mod inspector;
    mod keyboard;
    mod large;
    mod live;
    mod main_job;
    mod many;
    mod marks;
    mod organizations;
    mod out_of_step;
    mod palette;
    mod people;
    mod programs;
    mod requests;
    mod settings;
    mod sign_in;
    mod simulator;
    mod sizes;
    mod token;
    mod tunnel;
    mod webhooks;
    mod your_app;
    mod your_server;
}
