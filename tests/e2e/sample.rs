//! One morning at Acme Corp, always the same: the data behind the pictures, and behind journeys that need more than a few
//! rows. A real server in this process plays it by a clock that the story sets.

#[path = "../support/ask.rs"]
mod ask;
mod people;
mod story;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use serde_json::{Value, json};
use server::{Clock, Control, Options, Server, TunnelOptions};

use crate::okta::Okta;

/// The public address of the tunnel in the pictures.
pub(crate) const PUBLIC_URL: &str = "https://ada.ngrok.app";

/// The moment of the pictures.
pub(crate) const NOW: &str = "2026-06-07T12:03:23.400Z";

/// How much of it there is.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// The SCIM server's port, which the screens show; 0 picks one.
    pub(crate) port: u16,
    /// People in the largest directory.
    pub(crate) largest: usize,
}

impl Extent {
    /// Enough for what has to hold however many there are.
    pub(crate) const SMALL: Self = Self { port: 0, largest: 30 };
}

/// A server whose clock stands still.
pub(crate) struct Sample {
    server: Server,
    control: Control,
    now: Arc<AtomicI64>,
}

/// A directory of the sample, and its identity provider.
pub(crate) struct Directory {
    pub(crate) id: String,
    pub(crate) okta: Okta,
}

impl Sample {
    /// Starts a server on an empty folder, at [`NOW`]. `port` is its SCIM port; 0 picks one.
    pub(crate) async fn empty(data: &Path, port: u16) -> Self {
        let now = Arc::new(AtomicI64::new(millis(NOW)));
        let told = now.clone();
        let options = Options {
            data: Some(data.to_owned()),
            port: Some(port),
            control_port: Some(0),
            integration_port: Some(0),
            clock: Clock::from_fn(move || told.load(Ordering::Relaxed)),
            // The address of the pictures is nobody's, and what the name service of a machine says of it is all the same.
            tunnel: TunnelOptions { has_name_service: false, ..TunnelOptions::default() },
            ..Options::default()
        };
        let server = Server::start(options).await.expect("the server starts");
        Self { control: server.control(), server, now }
    }

    /// The address that lets a browser in.
    pub(crate) fn url(&self) -> String {
        let url = self.server.control_url().expect("it has a control listener");
        format!("{url}/?key={}", self.server.control_key())
    }

    /// Lets the clock say `moment`: a time of the day of the pictures such as `12:03:11`, or `2026-06-02 16:20:00`.
    pub(crate) fn at(&self, moment: &str) {
        let moment = if moment.contains(' ') { moment.replace(' ', "T") } else { format!("2026-06-07T{moment}") };
        self.now.store(millis(&format!("{moment}Z")), Ordering::Relaxed);
    }

    /// Lets the clock go on.
    pub(crate) fn pass(&self, milliseconds: i64) {
        self.now.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Asks the control API, as a person does.
    pub(crate) async fn person(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = ask::ask(&self.control, method, path, Some(body).filter(|body| !body.is_null())).await;
        assert!((200..300).contains(&status), "{method} {path} answered {status} {answer}");
        answer
    }

    /// Creates an organization with nothing in it, and returns its id.
    pub(crate) async fn organization(&self, name: &str) -> String {
        let environment = self.person("GET", "/api/tree", Value::Null).await["environments"][0]["id"].take();
        let new = json!({ "environmentId": environment, "name": name });
        text(&self.person("POST", "/api/organizations", new).await, "id")
    }

    /// Creates a directory with a token.
    pub(crate) async fn directory(&self, organization: &str, name: &str) -> Directory {
        let new = json!({ "organizationId": organization, "name": name });
        let id = text(&self.person("POST", "/api/directories", new).await, "id");
        let token = self.new_token(&id).await;
        Directory { okta: self.okta(&id, &token), id }
    }

    /// Generates a token, which replaces the one before.
    pub(crate) async fn new_token(&self, directory: &str) -> String {
        text(&self.person("POST", &format!("/api/directories/{directory}/token"), Value::Null).await, "token")
    }

    /// Okta at the other end of the tunnel.
    pub(crate) fn okta(&self, directory: &str, token: &str) -> Okta {
        let base_url = format!("{}/scim/v2/{directory}", self.server.scim_url());
        Okta::new(&base_url, token).through(PUBLIC_URL)
    }

    /// Waits until everything is recorded, and ends the server.
    pub(crate) async fn end(self) {
        self.server.shutdown().await;
    }
}

/// Milliseconds since the epoch of an RFC 3339 timestamp.
pub(crate) fn millis(timestamp: &str) -> i64 {
    timestamp.parse::<Timestamp>().expect("a moment of the story").as_millisecond()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}
