//! A running server with one directory, and the roles that talk to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use server::{Clock, Control, Options, Server};

pub(crate) use crate::ask::ask;
use crate::client::{self, Answer};
use crate::fixtures::Target;

/// A server on ports of its own over a data folder of its own.
pub(crate) struct Running {
    pub server: Server,
    pub control: Control,
    pub data: tempfile::TempDir,
}

/// A directory with a token.
#[derive(Clone)]
pub(crate) struct Directory {
    pub id: String,
    pub base_url: String,
    pub token: String,
}

/// The hands of a clock that a test moves.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    /// 2026-06-07T12:03:11Z
    pub(crate) const START: i64 = 1_780_833_791_000;

    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(Self::START)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    pub(crate) fn clock(&self) -> Clock {
        let hands = self.0.clone();
        Clock::from_fn(move || hands.load(Ordering::Relaxed))
    }
}

/// Options for a server in a folder, on any free port.
pub(crate) fn options(data: &std::path::Path) -> Options {
    Options {
        data: Some(data.to_owned()),
        port: Some(0),
        integration_port: Some(0),
        simulates_pauses: false,
        ..Options::default()
    }
}

impl Running {
    pub(crate) async fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder for the data");
        Self::start_in(data).await
    }

    pub(crate) async fn start_in(data: tempfile::TempDir) -> Self {
        let server = Server::start(options(data.path())).await.expect("the server starts");
        Self { control: server.control(), server, data }
    }

    /// Asks the control API and expects success.
    pub(crate) async fn person(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = ask(&self.control, method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path} answered {status} {answer}");
        answer
    }

    /// Asks the control API and expects a refusal.
    pub(crate) async fn person_refused(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, answer) = ask(&self.control, method, path, body).await;
        assert!(status >= 400, "{method} {path} answered {status} {answer}");
        (status, answer)
    }

    /// What is at a path, as the window saves it.
    pub(crate) async fn download(&self, path: &str) -> Result<Vec<u8>, String> {
        let mut file = Vec::new();
        let taken = self.control.download(path, |piece| {
            file.extend_from_slice(piece);
            Ok(())
        });
        taken.await.map(|()| file)
    }

    /// A directory that is there already, as who knows its token knows it.
    pub(crate) fn known(&self, id: &str, token: &str) -> Directory {
        let base_url = format!("{}/scim/v2/{id}", self.server.scim_url());
        Directory { id: id.to_owned(), base_url, token: token.to_owned() }
    }

    /// Creates an organization with one directory and a token.
    pub(crate) async fn directory(&self, organization: &str) -> Directory {
        let tree = self.person("GET", "/api/tree", None).await;
        let environment = &tree["environments"][0]["id"];
        let new = json!({"environmentId": environment, "name": organization});
        let organization = self.person("POST", "/api/organizations", Some(new)).await;
        let new = json!({"organizationId": organization["id"], "name": "Okta"});
        let directory = self.person("POST", "/api/directories", Some(new)).await;
        let id = directory["id"].as_str().expect("an id").to_owned();
        let token = self.new_token(&id).await;
        Directory { base_url: directory["baseUrl"].as_str().expect("a base URL").to_owned(), id, token }
    }

    /// Generates a token, which replaces the one before.
    pub(crate) async fn new_token(&self, directory: &str) -> String {
        let created = self.person("POST", &format!("/api/directories/{directory}/token"), None).await;
        created["token"].as_str().expect("a token").to_owned()
    }

    /// Waits until the control API answers `path` as wanted.
    pub(crate) async fn eventually(&self, path: &str, what: &str, is_met: impl Fn(&Value) -> bool) -> Value {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let answer = self.person("GET", path, None).await;
            if is_met(&answer) {
                return answer;
            }
            assert!(std::time::Instant::now() < deadline, "{what} did not happen; {path} says {answer}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

impl Directory {
    /// Sends a request as Okta does.
    pub(crate) async fn idp(&self, method: &'static str, target: &str, body: Option<Value>) -> Answer {
        self.with_authorization(method, target, body, Some(format!("Bearer {}", self.token))).await
    }

    /// Sends a request as Okta does, with another header.
    pub(crate) async fn with_header(
        &self,
        method: &'static str,
        target: &str,
        body: Option<Value>,
        header: (&'static str, &str),
    ) -> Answer {
        let authorization = ("Authorization", format!("Bearer {}", self.token));
        self.send(method, target, body, vec![authorization, (header.0, header.1.to_owned())]).await
    }

    /// Sends a request with any `Authorization` header, or none.
    pub(crate) async fn with_authorization(
        &self,
        method: &'static str,
        target: &str,
        body: Option<Value>,
        authorization: Option<String>,
    ) -> Answer {
        self.send(method, target, body, authorization.map(|value| ("Authorization", value)).into_iter().collect()).await
    }

    async fn send(
        &self,
        method: &'static str,
        target: &str,
        body: Option<Value>,
        further: Vec<(&'static str, String)>,
    ) -> Answer {
        let url = format!("{}{target}", self.base_url);
        blocking(move || {
            let mut headers = vec![("User-Agent", "Okta SCIM Client 1.0.0"), ("Accept", "application/scim+json")];
            headers.retain(|(name, _)| !further.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
            headers.extend(further.iter().map(|(name, value)| (*name, value.as_str())));
            if body.is_some() {
                headers.push(("Content-Type", "application/scim+json; charset=utf-8"));
            }
            let body = body.map(|body| body.to_string());
            client::send(method, &url, &headers, body.as_deref()).expect("an answer")
        })
        .await
    }

    /// Creates users whose `userName` is `{name}@example.com`, and returns their ids.
    pub(crate) async fn people<const N: usize>(&self, names: [&str; N]) -> [String; N] {
        let mut ids = Vec::with_capacity(N);
        for name in names {
            let answer = self.idp("POST", "/Users", Some(user(name))).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            ids.push(answer.id());
        }
        ids.try_into().expect("as many as there are names")
    }

    /// Creates a group and returns its id.
    pub(crate) async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": members});
        let answer = self.idp("POST", "/Groups", Some(body)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.id()
    }

    /// Sets the whole policy.
    pub(crate) async fn set_policy(&self, running: &Running, policy: Value) {
        running.person("PATCH", &format!("/api/directories/{}", self.id), Some(json!({ "policy": policy }))).await;
    }

    /// The newest recorded request, once `count` are recorded.
    pub(crate) async fn newest_exchange(&self, running: &Running, count: u64) -> Value {
        let path = format!("/api/directories/{}/exchanges", self.id);
        let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
        running.person("GET", &format!("/api/exchanges/{}", page["items"][0]["id"]), None).await
    }

    pub(crate) fn target(&self) -> Target {
        Target { base_url: self.base_url.clone(), token: self.token.clone() }
    }
}

/// Runs blocking work, as every role's client is, beside the server.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic")
}

/// A text that comes in parts, as a sentence; what is none is empty.
pub(crate) fn sentence(parts: &Value) -> String {
    let told = |part: &Value| match (part["text"].as_str(), part["at"].as_str()) {
        (Some(text), None) => text.to_owned(),
        (None, Some(at)) => format!("on {at}"),
        _ => panic!("{part} is neither words nor an instant"),
    };
    parts.as_array().into_iter().flatten().map(told).collect()
}

/// The body of a user as Okta creates it.
pub(crate) fn user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("{name}@example.com"),
        "name": {"givenName": name, "familyName": "Example"},
        "emails": [{"primary": true, "value": format!("{name}@example.com"), "type": "work"}],
        "displayName": format!("{name} Example"),
        "groups": [],
        "password": "k3Jd92xQ",
        "active": true,
    })
}
