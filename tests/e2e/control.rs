//! The control API, as scripts use it: for what has to be there before a journey begins.

use std::fs;

use reqwest::{Client, Method};
use serde_json::Value;

use crate::{folder::Folder, programs::until};

/// The control API of the program that has a folder open.
pub(crate) struct Control {
    /// `http://127.0.0.1:41234`.
    pub(crate) url: String,
    pub(crate) key: String,
    client: Client,
}

impl Control {
    /// Reads where it is from the file that the program keeps for scripts, once it does.
    pub(crate) async fn of(folder: &Folder) -> Self {
        let file = folder.data().join("control.json");
        until("the program says where its control API is", async || file.exists()).await;
        let said = fs::read(file).expect("the file can be read");
        let said: Value = serde_json::from_slice(&said).expect("the file is JSON");
        let text = |name: &str| said[name].as_str().unwrap_or_else(|| panic!("no {name} in {said}")).to_owned();
        let client = Client::builder().no_proxy().build().expect("a plain client can be built");
        Self { url: text("url"), key: text("key"), client }
    }

    /// The port of its listener.
    pub(crate) fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    /// Asks, and expects success.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.expect("the server answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer is a text");
        assert!(status.is_success(), "{path} answered {status} {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("the answer is JSON") }
    }
}
