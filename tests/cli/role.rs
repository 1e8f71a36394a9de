//! Who talks to a running program, over one connection that is kept.

use serde_json::Value;

use crate::client::{Answer, Connection, split};
use crate::serve::Serving;

pub(crate) struct Role {
    connection: Connection,
    /// What stands before each path.
    prefix: String,
    authorization: String,
    content_type: &'static str,
}

impl Role {
    /// Whoever has the key of the control API.
    pub(crate) fn person(serving: &Serving) -> Self {
        Self::at(&serving.text("controlUrl"), String::new(), &serving.text("controlKey"), "application/json")
    }

    /// The identity provider of a directory.
    pub(crate) fn idp(serving: &Serving, directory: &str, token: &str) -> Self {
        let base_url = serving.text("scimBaseUrl");
        Self::at(&base_url, format!("/scim/v2/{directory}"), token, "application/scim+json")
    }

    fn at(url: &str, prefix: String, token: &str, content_type: &'static str) -> Self {
        let connection = Connection::open(&split(url).0).expect("a connection");
        Self { connection, prefix, authorization: format!("Bearer {token}"), content_type }
    }

    /// Sends a request; fails if the program is gone.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Answer> {
        let headers = [("Authorization", self.authorization.as_str()), ("Content-Type", self.content_type)];
        let body = body.map(Value::to_string);
        self.connection.send(method, &format!("{}{path}", self.prefix), &headers, body.as_deref())
    }

    /// Sends a request and expects success.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.send(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert!((200..300).contains(&answer.status), "{method} {path} answered {answer:?}");
        answer.json()
    }

    pub(crate) fn get(&mut self, path: &str) -> Value {
        self.ask("GET", path, None)
    }
}
