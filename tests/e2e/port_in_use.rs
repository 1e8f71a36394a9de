//! The port is taken: the window says so and gets going on another.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use tempfile::TempDir;

use crate::window::{Window, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said_and_another_one_works() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("a bound listener has an address").port();
    let folder = TempDir::new().expect("a temporary folder");
    let window = Window::open(&folder.path().join("data"), port).await;

    window.page.shows(&format!("Port {port} is already in use")).await;
    window.page.click("button", "Use port").await;
    window.page.shows("Listening on 127.0.0.1:").await;
    window.page.lacks("button", "Use port").await;

    let offered = window.page.listening_port().await;
    assert_ne!(offered, port, "the taken port cannot be the one it listens on");
    until("the offered port answers", || TcpStream::connect((Ipv4Addr::LOCALHOST, offered)).is_ok()).await;
}
