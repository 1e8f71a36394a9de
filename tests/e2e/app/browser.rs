//! The product in a browser: Chromium at the address of `scim-setup serve`.

#[path = "chromium.rs"]
mod chromium;

use std::{fs, path::PathBuf, process::Stdio};

pub(crate) use self::chromium::Chromium;
use self::chromium::first_line;
use crate::{
    control::Control,
    folder::Folder,
    page::Page,
    programs::{Program, until},
    tunnel::Tunnel,
};

/// The root of the repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Where pictures of it are kept.
pub(crate) const NAME: &str = "browser";

/// A running server, and a browser that shows its interface.
pub(crate) struct App {
    pub(crate) page: Page,
    pub(crate) browser: Chromium,
    pub(crate) control: Control,
    server: Program,
    log: PathBuf,
}

impl App {
    /// Whether the host itself goes back and forward.
    pub(crate) const HAS_ADDRESS_BAR: bool = true;

    /// What is in its log when the program wrote it.
    pub(crate) const SAYS: &str = "SCIM Setup serves its interface";

    /// Serves `folder`, on any port that is free, and opens a browser at its interface.
    pub(crate) async fn open(folder: &Folder) -> Self {
        let (server, log) = serve(folder, 0);
        Self::show(folder, server, log, Chromium::open().await).await
    }

    /// The same with something in between that can be cut.
    pub(crate) async fn open_behind_a_tunnel(folder: &Folder) -> (Self, Tunnel) {
        let (server, log) = serve(folder, 0);
        let tunnel = Tunnel::to(Control::of(folder).await.port()).await;
        // To the browser it is a proxy: names and hosts stay what they are.
        let proxy = format!("--proxy-server={}", tunnel.url());
        let browser = Chromium::open_with(&[&proxy, "--proxy-bypass-list=<-loopback>"]).await;
        (Self::show(folder, server, log, browser).await, tunnel)
    }

    async fn show(folder: &Folder, server: Program, log: PathBuf, browser: Chromium) -> Self {
        let control = Control::of(folder).await;
        browser.go_to(&format!("{}/?key={}", control.url, control.key)).await;
        Self { page: browser.page.clone(), browser, control, server, log }
    }

    /// Ends the server and starts it again at the same address; the browser stays.
    pub(crate) async fn restart_server(self, folder: &Folder) -> Self {
        let Self { page, browser, control, server, .. } = self;
        drop(server);
        let (server, log) = serve(folder, control.port());
        Self { page, browser, control: Control::of(folder).await, server, log }
    }

    /// What is in the clipboard.
    pub(crate) async fn clipboard(&self) -> String {
        self.browser.clipboard().await
    }

    /// Closes the browser, ends the server, and returns all that it said. Fails if the page complained.
    pub(crate) async fn close(self, folder: &Folder) -> String {
        let Self { page, browser, server, log, .. } = self;
        drop(page);
        browser.close().await;
        drop(server);
        until("the folder is free", async || folder.is_free()).await;
        fs::read_to_string(log).expect("the log can be read")
    }
}

/// Starts the server, and returns it once it is ready, with the place of its log.
fn serve(folder: &Folder, control_port: u16) -> (Program, PathBuf) {
    let (log, output) = folder.log();
    let mut server = Program::start(env!("CARGO_BIN_EXE_scim-setup"), |command| {
        command
            .args([
                "serve",
                "--json",
                "--port",
                "0",
                "--integration-port",
                "0",
                "--control-port",
                &control_port.to_string(),
                "--data",
            ])
            .arg(folder.data())
            // Everything that the program could say: the token must not be in it.
            .env("SCIM_SETUP_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(output)
    });
    first_line(&mut server, |line| line.starts_with('{')).expect("the server starts");
    (server, log)
}
