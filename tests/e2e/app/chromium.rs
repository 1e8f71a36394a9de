//! Chromium without a screen, under chromedriver.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    page::Page,
    programs::{PATIENCE, Program},
};

/// A browser with an empty profile, at one page.
pub(crate) struct Chromium {
    pub(crate) page: Page,
    pub(crate) devtools: Devtools,
    _driver: Program,
    _folder: TempDir,
}

impl Chromium {
    /// Opens a browser at an empty page of 1200×800 pixels.
    pub(crate) async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// The same, with further arguments of the command line.
    pub(crate) async fn open_with(further: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (driver, port) = start_driver(&folder);
        let driver_url = format!("http://127.0.0.1:{port}");
        let mut client = ClientBuilder::new(HttpConnector::new());
        let opening = client.capabilities(capabilities(further)).connect(&driver_url);
        let client = match tokio::time::timeout(PATIENCE, opening).await {
            Ok(Ok(client)) => client,
            failed => panic!("the browser did not open: {failed:?}"),
        };
        let devtools = Devtools::of(&client, &driver_url).await;
        // Only for the tests to read it: what the interface does with it needs no permission.
        let readable = json!({ "permission": { "name": "clipboard-read" }, "setting": "granted" });
        devtools.run("Browser.setPermission", readable).await;
        let chromium = Self { page: Page::of(client), devtools, _driver: driver, _folder: folder };
        chromium.resize(1_200, 800, 100).await;
        chromium
    }

    /// Goes to `url`.
    pub(crate) async fn go_to(&self, url: &str) {
        self.page.client().goto(url).await.expect("the page opens");
    }

    /// Gives the page another size, in pixels of the screen, and zooms it to so many percent.
    pub(crate) async fn resize(&self, width: u32, height: u32, zoom: u32) {
        let size = json!({
            "width": width * 100 / zoom,
            "height": height * 100 / zoom,
            "deviceScaleFactor": f64::from(zoom) / 100.0,
            "mobile": false,
        });
        self.devtools.run("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// What is in the clipboard: one of this browser's own, since it has no screen.
    pub(crate) async fn clipboard(&self) -> String {
        let script = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))";
        let text = self.page.client().execute_async(script, Vec::new()).await.expect("the clipboard can be read");
        text.as_str().expect("the clipboard has a text").to_owned()
    }

    /// Closes it, and fails if a script of the page failed or its content security policy refused something.
    pub(crate) async fn close(self) {
        self.devtools.assert_no_complaints().await;
        self.page.into_client().close().await.expect("the browser closes");
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

    /// Refused requests are no complaints: journeys provoke them.
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

/// Quiet, too: nothing is fetched but the page.
fn capabilities(further: &[&str]) -> serde_json::Map<String, Value> {
    let quiet = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
    ];
    let arguments = [&quiet[..], further].concat();
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "WARNING" }));
    capabilities
}

/// Starts chromedriver, and returns its port. It picks one that is free for IPv6 and ends if IPv4 has it in use: then another
/// try picks another.
fn start_driver(folder: &TempDir) -> (Program, String) {
    for _ in 0..10 {
        let mut driver = Program::start("chromedriver", |command| {
            // Also what a browser that had to be killed leaves behind goes with the journey.
            command.arg("--port=0").env("TMPDIR", folder.path()).stdout(Stdio::piped())
        });
        if let Some(line) = first_line(&mut driver, |line| line.contains("successfully on port ")) {
            return (driver, line.chars().filter(char::is_ascii_digit).collect());
        }
    }
    panic!("chromedriver does not start, or finds no port; see script/setup browser");
}

/// The first line of the program's output that `is_it`; none if it ended before.
pub(crate) fn first_line(program: &mut Program, is_it: impl Fn(&str) -> bool) -> Option<String> {
    let output = program.child().stdout.as_mut().expect("its output is a pipe");
    BufReader::new(output).lines().map_while(Result::ok).find(|line| is_it(line))
}
