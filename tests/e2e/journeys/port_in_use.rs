//! The port is taken: the window says so and gets going on another.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use crate::{app::App, folder::Folder, programs::until};

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said_and_another_one_works() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("a bound listener has an address").port();
    let folder = Folder::new();
    let app = App::open_on(&folder, port).await;

    app.page.shows(&format!("Port {port} is already in use")).await;
    app.page.click("button", "Use port").await;
    app.page.shows("Listening on 127.0.0.1:").await;
    app.page.lacks("button", "Use port").await;

    let offered = app.page.listening_port().await;
    assert_ne!(offered, port, "the taken port cannot be the one it listens on");
    until("the offered port answers", async || TcpStream::connect((Ipv4Addr::LOCALHOST, offered)).is_ok()).await;
}
