//! The program `scim-setup-desktop` under tauri-driver.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::page::Page;

/// What a cold WebKit needs on a busy machine with two cores.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open window, and the driver that opened it.
pub(crate) struct Window {
    pub(crate) page: Page,
    driver: Child,
    log: PathBuf,
}

impl Window {
    /// Opens the window on `folder`. `port` is the SCIM server's; 0 picks one.
    pub(crate) async fn open(folder: &Path, port: u16) -> Self {
        assert!(std::env::var_os("DISPLAY").is_some(), "these tests need a display: run script/test e2e");
        let log = folder.with_extension(format!("{}.log", free_port()));
        let (driver_port, native_port) = (free_port(), free_port());
        let output = File::create(&log).expect("the log can be created");
        let driver = Command::new("tauri-driver")
            .args(["--port", &driver_port.to_string(), "--native-port", &native_port.to_string()])
            // Everything that the program could say: the token must not be in it.
            .env("RUST_LOG", "trace")
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .stdout(Stdio::from(output.try_clone().expect("the log can be shared")))
            .stderr(Stdio::from(output))
            .spawn()
            .expect("tauri-driver starts; script/setup tests installs it");
        let mut window = Self { page: Page::none(), driver, log };
        until("tauri-driver listens", || TcpStream::connect((Ipv4Addr::LOCALHOST, driver_port)).is_ok()).await;
        until("the native driver listens", || TcpStream::connect((Ipv4Addr::LOCALHOST, native_port)).is_ok()).await;

        let application = env!("CARGO_BIN_EXE_scim-setup-desktop");
        let arguments = json!(["--data", folder, "--port", port.to_string()]);
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": application, "args": arguments }));
        let mut client = ClientBuilder::new(HttpConnector::new());
        let driver_url = format!("http://127.0.0.1:{driver_port}");
        let opening = client.capabilities(capabilities).connect(&driver_url);
        let client = match tokio::time::timeout(PATIENCE, opening).await {
            Ok(Ok(client)) => client,
            failed => panic!("the window did not open: {failed:?}\n{}", window.said()),
        };
        window.page = Page::of(client);
        window
    }

    /// Closes the window, waits until `port` is free again, and returns all that the program said. The driver ends the
    /// program at once and does not let it shut down: what was acknowledged has to be kept all the same.
    pub(crate) async fn close(self, port: u16) -> String {
        self.page.close().await;
        until("the program ends", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err()).await;
        self.said()
    }

    /// What the program and its driver wrote so far.
    fn said(&self) -> String {
        fs::read_to_string(&self.log).expect("the log can be read")
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Not `kill()`: only a driver that is asked to end takes the native driver along.
        if let Err(error) = Command::new("kill").arg(self.driver.id().to_string()).status() {
            eprintln!("tauri-driver could not be ended: {error}");
        }
        if let Err(error) = self.driver.wait() {
            eprintln!("tauri-driver did not end: {error}");
        }
    }
}

/// A port that nothing listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port exists");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// What is in the X clipboard.
pub(crate) fn clipboard() -> String {
    let output = Command::new("xclip").args(["-o", "-selection", "clipboard"]).output().expect("xclip runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Polls `condition`, and fails the test by its `name` when it does not come true.
pub(crate) async fn until(name: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {name}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The files below `folder` that contain `secret`.
pub(crate) fn files_with(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            found.extend(files_with(&path, secret));
        } else {
            let bytes = fs::read(&path).expect("its files can be read");
            if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
                found.push(path);
            }
        }
    }
    found
}

/// `{"element-6066-…": "id"}`, as WebDriver sends an element, to the id.
pub(crate) fn element_id(value: &Value) -> Option<String> {
    value.as_object()?.values().next()?.as_str().map(str::to_owned)
}
