//! Okta's side: the requests of its custom application, over a plain HTTP client.

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Map, Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// An Okta application that was given a base URL and a bearer token.
#[derive(Clone)]
pub(crate) struct Okta {
    base_url: String,
    token: String,
    /// The host name that requests carry when they seem to come through a tunnel.
    host: Option<String>,
    client: Client,
}

/// A person as Okta pushes them, whole each time.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) active: bool,
    /// Okta's id, which stays when the email address changes.
    pub(crate) external_id: String,
    /// Further attributes, by name.
    pub(crate) more: Map<String, Value>,
}

impl Okta {
    pub(crate) fn new(base_url: &str, token: &str) -> Self {
        let client = Client::builder().user_agent("Okta SCIM Client 1.0.0").no_proxy().build();
        Self {
            base_url: base_url.to_owned(),
            token: token.to_owned(),
            host: None,
            client: client.expect("a plain client can be built"),
        }
    }

    /// The same, with the headers of a tunnel at `public_url`.
    pub(crate) fn through(self, public_url: &str) -> Self {
        Self { host: public_url.strip_prefix("https://").map(str::to_owned), ..self }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Tests the connection, and returns what it was answered.
    pub(crate) async fn test_connection(&self) -> StatusCode {
        self.send(Method::GET, "/Users?startIndex=1&count=2", None).await.status()
    }

    /// Looks the person up, as Okta does before every create, and returns how many there are.
    pub(crate) async fn look_up(&self, email: &str) -> u64 {
        let email = email.replace('@', "%40");
        let target = format!("/Users?filter=userName%20eq%20%22{email}%22&startIndex=1&count=100");
        let found = body(self.send(Method::GET, &target, None).await, StatusCode::OK).await;
        found["totalResults"].as_u64().expect("a list says how many there are")
    }

    /// Creates the person, and returns their id.
    pub(crate) async fn create(&self, person: &Person) -> String {
        let created = self.send(Method::POST, "/Users", Some(person.resource())).await;
        id_of(body(created, StatusCode::CREATED).await)
    }

    /// Replaces the person: profile changes and deactivation look the same.
    pub(crate) async fn replace(&self, id: &str, person: &Person) {
        let replaced = self.send(Method::PUT, &format!("/Users/{id}"), Some(person.resource())).await;
        body(replaced, StatusCode::OK).await;
    }

    /// Tries to, and returns the status of the answer.
    pub(crate) async fn try_to_replace(&self, id: &str, person: &Person) -> StatusCode {
        self.send(Method::PUT, &format!("/Users/{id}"), Some(person.resource())).await.status()
    }

    /// Reads the person, as Okta does before it replaces them.
    pub(crate) async fn read(&self, id: &str) {
        body(self.send(Method::GET, &format!("/Users/{id}"), None).await, StatusCode::OK).await;
    }

    /// Lists the groups, as Okta does when a connection is saved.
    pub(crate) async fn list_groups(&self) {
        body(self.send(Method::GET, "/Groups?startIndex=1&count=100", None).await, StatusCode::OK).await;
    }

    /// Creates an empty group, and returns its id.
    pub(crate) async fn create_group(&self, name: &str) -> String {
        self.create_group_of(name, &[]).await
    }

    /// Creates a group with members, and returns its id.
    pub(crate) async fn create_group_of(&self, name: &str, members: &[&str]) -> String {
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": values(members)
        });
        id_of(body(self.send(Method::POST, "/Groups", Some(group)).await, StatusCode::CREATED).await)
    }

    /// Reads the group and writes it whole, as a custom application does for every change of it.
    pub(crate) async fn replace_group(&self, id: &str, name: &str, members: &[&str]) {
        body(self.send(Method::GET, &format!("/Groups/{id}"), None).await, StatusCode::OK).await;
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "id": id,
            "displayName": name,
            "members": values(members),
        });
        body(self.send(Method::PUT, &format!("/Groups/{id}"), Some(group)).await, StatusCode::OK).await;
    }

    /// Sends any request; `target` is what follows the base URL.
    pub(crate) async fn send(&self, method: Method, target: &str, resource: Option<Value>) -> Response {
        let mut request = self
            .client
            .request(method, format!("{}{target}", self.base_url))
            .bearer_auth(&self.token)
            .header("Accept", "application/scim+json");
        if let Some(host) = &self.host {
            request = request.header("Host", host).header("X-Forwarded-Proto", "https");
        }
        if let Some(resource) = resource {
            request = request.header("Content-Type", "application/scim+json; charset=utf-8").body(resource.to_string());
        }
        request.send().await.expect("the server answers")
    }
}

impl Person {
    /// An active person with no more than a name.
    pub(crate) fn new(email: &str, given_name: &str, family_name: &str) -> Self {
        Self {
            email: email.to_owned(),
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            active: true,
            external_id: format!("00u{}", email.replace(|c: char| !c.is_ascii_alphanumeric(), "")),
            more: Map::new(),
        }
    }

    /// The same person in a job.
    pub(crate) fn with_job(mut self, title: &str, department: &str) -> Self {
        self.more.insert("title".to_owned(), json!(title));
        self.more.insert(ENTERPRISE.to_owned(), json!({ "department": department }));
        self
    }

    fn resource(&self) -> Value {
        let mut resource = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": self.email,
            "name": { "givenName": self.given_name, "familyName": self.family_name },
            "emails": [{ "primary": true, "value": self.email, "type": "work" }],
            "displayName": format!("{} {}", self.given_name, self.family_name),
            "locale": "en-US",
            "externalId": self.external_id,
            "groups": [],
            "active": self.active,
        });
        resource.as_object_mut().expect("it is one").extend(self.more.clone());
        resource
    }
}

async fn body(response: Response, expected: StatusCode) -> Value {
    let status = response.status();
    let body: Value = response.json().await.expect("the answer is JSON");
    assert_eq!(status, expected, "{body}");
    body
}

fn id_of(resource: Value) -> String {
    resource["id"].as_str().expect("a resource has an id").to_owned()
}

fn values(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| json!({ "value": id })).collect()
}
