//! The product in a browser: Chromium under chromedriver, at the address of `scim-setup serve`.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    folder::Folder,
    page::Page,
    programs::{PATIENCE, Program, until},
};

/// The root of the repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Where pictures of it are kept.
pub(crate) const NAME: &str = "browser";

/// A running server, and a browser that shows its interface.
pub(crate) struct App {
    pub(crate) page: Page,
    pub(crate) devtools: Devtools,
    driver: Program,
    server: Program,
    log: PathBuf,
}

impl App {
    /// What is in its log when the program wrote it.
    pub(crate) const SAYS: &str = "SCIM Setup serves its interface";

    /// Serves `folder`, on any port that is free, and opens a browser at its interface.
    pub(crate) async fn open(folder: &Folder) -> Self {
        let (log, output) = folder.log();
        let mut server = Program::start(
            Command::new(env!("CARGO_BIN_EXE_scim-setup"))
                .args(["serve", "--json", "--port", "0", "--control-port", "0", "--data"])
                .arg(folder.data())
                // Everything that the program could say: the token must not be in it.
                .env("SCIM_SETUP_LOG", "trace")
                .stdout(Stdio::piped())
                .stderr(Stdio::from(output)),
        );
        let line = line_of(&mut server, |line| line.starts_with('{'));
        let ready: Value = serde_json::from_str(&line).expect("the line is JSON");
        let text = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("no {name} in {ready}")).to_owned();

        let mut driver = Program::start(Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()));
        let line = line_of(&mut driver, |line| line.contains("successfully on port "));
        let port: String =
            line.rsplit(' ').next().into_iter().flat_map(str::chars).filter(char::is_ascii_digit).collect();
        let mut client = ClientBuilder::new(HttpConnector::new());
        let driver_url = format!("http://127.0.0.1:{port}");
        let opening = client.capabilities(capabilities()).connect(&driver_url);
        let client = match tokio::time::timeout(PATIENCE, opening).await {
            Ok(Ok(client)) => client,
            failed => panic!("the browser did not open: {failed:?}"),
        };
        let devtools = Devtools::of(&client, &driver_url).await;
        // Only for the tests to read it: what the interface does with it needs no permission.
        let readable = json!({ "permission": { "name": "clipboard-read" }, "setting": "granted" });
        devtools.run("Browser.setPermission", readable).await;
        let size = json!({ "width": 1200, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        devtools.run("Emulation.setDeviceMetricsOverride", size).await;
        client.goto(&format!("{}/?key={}", text("controlUrl"), text("controlKey"))).await.expect("the page opens");
        Self { page: Page::of(client), devtools, driver, server, log }
    }

    /// What is in the clipboard: one of this browser's own, since it has no screen.
    pub(crate) async fn clipboard(&self) -> String {
        let script = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))";
        let text = self.page.client().execute_async(script, Vec::new()).await.expect("the clipboard can be read");
        text.as_str().expect("the clipboard has a text").to_owned()
    }

    /// Closes the browser, ends the server, and returns all that it said.
    pub(crate) async fn close(self, folder: &Folder) -> String {
        let Self { page, devtools, driver, server, log, .. } = self;
        devtools.assert_no_complaints().await;
        page.into_client().close().await.expect("the browser closes");
        drop(driver);
        drop(server);
        until("the folder is free", async || folder.is_free()).await;
        fs::read_to_string(log).expect("the log can be read")
    }
}

/// What only Chromium can be told to do, and not every WebDriver.
pub(crate) struct Devtools(reqwest::Client, String);

impl Devtools {
    async fn of(client: &Client, driver_url: &str) -> Self {
        let session = client.session_id().await.expect("the driver answers").expect("the browser is open");
        let plain = reqwest::Client::builder().no_proxy().build().expect("a plain client can be built");
        Self(plain, format!("{driver_url}/session/{session}"))
    }

    /// Runs a command of the DevTools protocol, and returns its result.
    pub(crate) async fn run(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Fails if a script of the page failed, or something was refused by its content security policy. Refused requests
    /// are no failures: journeys provoke them.
    async fn assert_no_complaints(&self) {
        let said = self.post("se/log", json!({ "type": "browser" })).await;
        let entries = said.as_array().expect("a log has entries").iter();
        let complaints: Vec<_> = entries.filter(|entry| entry["source"] != "network").collect();
        assert!(complaints.is_empty(), "the page complains: {complaints:#?}");
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        let request = self.0.post(format!("{}/{command}", self.1)).json(&body);
        let mut answer: Value = request.send().await.expect("the driver answers").json().await.expect("it is JSON");
        assert!(answer["value"]["error"].is_null(), "{body}: {answer}");
        answer["value"].take()
    }
}

/// Headless and quiet: nothing is fetched but the page. The driver gives each browser an empty profile.
fn capabilities() -> serde_json::Map<String, Value> {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
    ];
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "WARNING" }));
    capabilities
}

/// The first line of the program's output that `is_it`.
fn line_of(program: &mut Program, is_it: impl Fn(&str) -> bool) -> String {
    let output = program.child().stdout.as_mut().expect("its output is a pipe");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    lines.find(|line| is_it(line)).expect("the program says that it is ready")
}
