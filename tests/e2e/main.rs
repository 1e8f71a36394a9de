//! The real window, used as a person uses it: the built program under a virtual display, driven over WebDriver, with a
//! real data folder and real HTTP requests. One file per journey.
//!
//! `script/test e2e` gives it a display, a session bus and a clipboard.

mod main_job;
mod okta;
mod one_folder;
mod page;
mod port_in_use;
mod window;
