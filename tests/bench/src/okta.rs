//! The requests of Okta's custom application, rendered.

use std::fmt::Write as _;

use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Renders requests to one SCIM server.
pub(crate) struct Okta {
    /// The path of the base URL, without a slash at its end.
    path: String,
    /// What every request has, without the empty line at its end.
    headers: String,
}

impl Okta {
    /// `host` is `127.0.0.1:7246`, `path` that of the base URL.
    pub(crate) fn new(host: &str, path: &str, token: &str) -> Self {
        let headers = format!(
            "Host: {host}\r\nAuthorization: Bearer {token}\r\nAccept: application/scim+json\r\nAccept-Charset: utf-8\r\n\
             Accept-Encoding: gzip,deflate\r\nUser-Agent: Okta SCIM Client 1.0.0\r\n"
        );
        Self { path: path.trim_end_matches('/').to_owned(), headers }
    }

    pub(crate) fn look_up(&self, user_name: &str) -> String {
        let user_name = user_name.replace('@', "%40");
        self.get(&format!("/Users?filter=userName%20eq%20%22{user_name}%22&startIndex=1&count=100"))
    }

    pub(crate) fn read(&self, id: &str) -> String {
        self.get(&format!("/Users/{id}"))
    }

    pub(crate) fn page(&self, start: usize, count: usize) -> String {
        self.get(&format!("/Users?startIndex={start}&count={count}"))
    }

    pub(crate) fn create(&self, person: &Person) -> String {
        self.with_body("POST", "/Users", &person.resource())
    }

    pub(crate) fn replace(&self, id: &str, person: &Person) -> String {
        self.with_body("PUT", &format!("/Users/{id}"), &person.resource())
    }

    pub(crate) fn set_active(&self, id: &str, active: bool) -> String {
        let body = json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "replace", "value": { "active": active } }] });
        self.with_body("PATCH", &format!("/Users/{id}"), &body)
    }

    pub(crate) fn create_group(&self, name: &str, members: &[String]) -> String {
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": values(members)
        });
        self.with_body("POST", "/Groups", &group)
    }

    pub(crate) fn read_group(&self, id: &str) -> String {
        self.get(&format!("/Groups/{id}"))
    }

    pub(crate) fn add_members(&self, group: &str, members: &[String]) -> String {
        self.patch_group(group, json!([{ "op": "add", "path": "members", "value": values(members) }]))
    }

    pub(crate) fn remove_members(&self, group: &str, members: &[String]) -> String {
        let remove = |id: &String| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") });
        self.patch_group(group, members.iter().map(remove).collect())
    }

    /// The answer is asked for without the members: a group of 100,000 would be 10 MB each time, whatever the change costs.
    fn patch_group(&self, group: &str, operations: Value) -> String {
        let body = json!({ "schemas": [PATCH_OP], "Operations": operations });
        self.with_body("PATCH", &format!("/Groups/{group}?excludedAttributes=members"), &body)
    }

    fn get(&self, target: &str) -> String {
        format!("GET {}{target} HTTP/1.1\r\n{}\r\n", self.path, self.headers)
    }

    fn with_body(&self, method: &str, target: &str, body: &Value) -> String {
        let body = body.to_string();
        let mut request = format!("{method} {}{target} HTTP/1.1\r\n{}", self.path, self.headers);
        let written = write!(
            request,
            "Content-Type: application/scim+json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        written.expect("a text takes what is written to it");
        request
    }
}

/// A person as Okta pushes them, whole each time.
pub(crate) struct Person {
    /// Tells people apart; everything but the two others follows from it.
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) active: bool,
}

impl Person {
    /// The person as they are created.
    pub(crate) fn new(number: usize) -> Self {
        Self { number, title: "Engineer".to_owned(), active: true }
    }

    fn resource(&self) -> Value {
        let email = user_name(self.number);
        let (given, family) = (format!("Given{:03}", self.number % 997), format!("Family{}", self.number));
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": email,
            "name": { "givenName": given, "familyName": family },
            "emails": [{ "primary": true, "value": email, "type": "work" }],
            "displayName": format!("{given} {family}"),
            "title": self.title,
            "locale": "en-US",
            "externalId": format!("00u{:017}", self.number),
            "groups": [],
            "active": self.active,
            ENTERPRISE: { "department": format!("Department {}", self.number % 20) },
        })
    }
}

/// The `userName` of the person with this number.
pub(crate) fn user_name(number: usize) -> String {
    format!("person{number:07}@example.com")
}

fn values(ids: &[String]) -> Vec<Value> {
    ids.iter().map(|id| json!({ "value": id })).collect()
}
