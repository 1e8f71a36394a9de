//! The product in a browser: Chromium at the address of `scim-setup serve`.

#[path = "chromium.rs"]
mod chromium;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use reqwest::Method;
use serde_json::Value;

pub(crate) use self::chromium::Chromium;
use self::chromium::first_line;
use crate::{
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
    server: Program,
    ready: Value,
    client: reqwest::Client,
    log: PathBuf,
}

impl App {
    /// What is in its log when the program wrote it.
    pub(crate) const SAYS: &str = "SCIM Setup serves its interface";

    /// Serves `folder`, on any port that is free, and opens a browser at its interface.
    pub(crate) async fn open(folder: &Folder) -> Self {
        let served = serve(folder, "0");
        Self::show(served, Chromium::open().await).await
    }

    /// The same with something in between that can be cut.
    pub(crate) async fn open_behind_a_tunnel(folder: &Folder) -> (Self, Tunnel) {
        let served = serve(folder, "0");
        let tunnel = Tunnel::to(control_port(&served.1).parse().expect("a port is a number")).await;
        // To the browser it is a proxy: names and hosts stay what they are.
        let proxy = format!("--proxy-server={}", tunnel.url());
        let browser = Chromium::open_with(&[&proxy, "--proxy-bypass-list=<-loopback>"]).await;
        (Self::show(served, browser).await, tunnel)
    }

    async fn show((server, ready, log): (Program, Value, PathBuf), browser: Chromium) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().expect("a plain client can be built");
        let app = Self { page: browser.page.clone(), browser, server, ready, client, log };
        app.browser.go_to(&format!("{}/?key={}", app.told("controlUrl"), app.told("controlKey"))).await;
        app
    }

    /// Ends the server and starts it again at the same address; the browser stays.
    pub(crate) async fn restart_server(self, folder: &Folder) -> Self {
        let Self { page, browser, server, ready, client, .. } = self;
        let port = control_port(&ready);
        drop(server);
        let (server, ready, log) = serve(folder, &port);
        Self { page, browser, server, ready, client, log }
    }

    /// Asks the control API, and expects success: for what has to be there before a journey begins.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.told("controlUrl"));
        let request = self.client.request(method, url).bearer_auth(self.told("controlKey"));
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.expect("the server answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer is a text");
        assert!(status.is_success(), "{path} answered {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Something that the server said on its line.
    fn told(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.ready))
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

/// Where the interface is, by what the server said.
fn control_port(ready: &Value) -> String {
    let url = ready["controlUrl"].as_str().expect("a control URL");
    url.rsplit(':').next().expect("a port").to_owned()
}

/// Starts the server, and returns what it says once it is ready, and where its log is.
fn serve(folder: &Folder, control_port: &str) -> (Program, Value, PathBuf) {
    let (log, output) = folder.log();
    let mut server = Program::start(
        Command::new(env!("CARGO_BIN_EXE_scim-setup"))
            .args(["serve", "--json", "--port", "0", "--control-port", control_port, "--data"])
            .arg(folder.data())
            // Everything that the program could say: the token must not be in it.
            .env("SCIM_SETUP_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::from(output)),
    );
    let line = first_line(&mut server, |line| line.starts_with('{')).expect("the server starts");
    (server, serde_json::from_str(&line).expect("the line is JSON"), log)
}
