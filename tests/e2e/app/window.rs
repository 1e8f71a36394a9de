//! The product as its window: the program `scim-setup-desktop` under tauri-driver.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    sync::Mutex,
};

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::{
    folder::Folder,
    page::Page,
    programs::{PATIENCE, Program, until},
};

/// The root of the repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Where pictures of it are kept.
pub(crate) const NAME: &str = "window";

/// An open window, and the driver that opened it.
pub(crate) struct App {
    pub(crate) page: Page,
    driver: Program,
    log: PathBuf,
}

impl App {
    /// Whether the host itself goes back and forward.
    pub(crate) const HAS_ADDRESS_BAR: bool = false;

    /// What is in its log when the program wrote it.
    pub(crate) const SAYS: &str = "SCIM Setup opens its window";

    /// Opens the window on `folder`; the SCIM server's port is any that is free.
    pub(crate) async fn open(folder: &Folder) -> Self {
        Self::open_on(folder, 0).await
    }

    /// Opens the window on `folder`, with `port` as the SCIM server's.
    pub(crate) async fn open_on(folder: &Folder, port: u16) -> Self {
        assert!(std::env::var_os("DISPLAY").is_some(), "these tests need a display: run script/test e2e");
        let (log, output) = folder.log();
        let (driver_port, native_port) = (free_port(), free_port());
        let driver = Program::start("tauri-driver", |command| {
            command
                .args(["--port", &driver_port.to_string(), "--native-port", &native_port.to_string()])
                // Everything that the program could say: the token must not be in it.
                .env("RUST_LOG", "trace")
                .env("GDK_BACKEND", "x11")
                .env("NO_AT_BRIDGE", "1")
                .stdout(output.try_clone().expect("the log can be shared"))
                .stderr(output)
        });
        until("tauri-driver listens", async || answers(driver_port)).await;
        until("the native driver listens", async || answers(native_port)).await;

        let application = env!("CARGO_BIN_EXE_scim-setup-desktop");
        let arguments = json!(["--data", folder.data(), "--port", port.to_string(), "--integration-port", "0"]);
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": application, "args": arguments }));
        let mut client = ClientBuilder::new(HttpConnector::new());
        let driver_url = format!("http://127.0.0.1:{driver_port}");
        let opening = client.capabilities(capabilities).connect(&driver_url);
        match tokio::time::timeout(PATIENCE, opening).await {
            Ok(Ok(client)) => Self { page: Page::of(client), driver, log },
            failed => panic!("the window did not open: {failed:?}\n{}", said(&log)),
        }
    }

    /// Starts the program on a folder that another one has open, waits for its end, and returns what it said.
    pub(crate) async fn start_once_more(folder: &Folder) -> String {
        let (log, output) = folder.log();
        let mut program = Command::new(env!("CARGO_BIN_EXE_scim-setup-desktop"));
        program.args(["--port", "0", "--data"]).arg(folder.data()).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
        let child = Mutex::new(program.stderr(output).spawn().expect("the program starts"));
        let ended = || child.lock().expect("nobody panicked").try_wait().expect("it can be waited for");
        until("the second program ends", async || ended().is_some()).await;
        let said = said(&log);
        assert!(ended().is_some_and(|status| status.success()), "it ends well: {said}");
        said
    }

    /// What the program and its driver wrote so far.
    pub(crate) fn said(&self) -> String {
        said(&self.log)
    }

    /// What is in the clipboard: the one of the X server, which all windows share.
    pub(crate) async fn clipboard(&self) -> String {
        let output = Command::new("xclip").args(["-o", "-selection", "clipboard"]).output().expect("xclip runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Closes the window, waits until `folder` is free again, and returns all that the program said. The driver ends the
    /// program at once and does not let it shut down: what was acknowledged has to be kept all the same.
    pub(crate) async fn close(self, folder: &Folder) -> String {
        self.page.client().close_window().await.expect("the window closes");
        until("the program ends", async || folder.is_free()).await;
        drop(self.driver);
        said(&self.log)
    }
}

/// What the program and its driver wrote so far.
fn said(log: &PathBuf) -> String {
    fs::read_to_string(log).expect("the log can be read")
}

/// A port that nothing listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port exists");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Whether something listens on `port`.
fn answers(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
