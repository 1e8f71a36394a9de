//! Pictures of every screen, for people to look at: light, dark and in a small window, full and empty, always of the same
//! data. `script/screenshots` takes them into `.screenshots/`.

#![expect(dead_code, reason = "pictures need less than journeys of what is shared")]

#[path = "app/browser.rs"]
mod app;
mod control;
mod folder;
mod keys;
mod okta;
mod page;
mod pictures;
mod programs;
mod sample;
mod stage;
mod steps;
mod tour;
mod tunnel;
