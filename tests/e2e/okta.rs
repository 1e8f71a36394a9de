//! Okta's side: the requests of its custom application, over a plain HTTP client.

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// An Okta application that was given a base URL and a bearer token.
pub(crate) struct Okta {
    base_url: String,
    token: String,
    client: Client,
}

/// A person as Okta pushes them, whole each time.
pub(crate) struct Person {
    pub(crate) email: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) family_name: &'static str,
    pub(crate) active: bool,
}

impl Okta {
    pub(crate) fn new(base_url: &str, token: &str) -> Self {
        let client = Client::builder().user_agent("Okta SCIM Client 1.0.0").no_proxy().build();
        Self {
            base_url: base_url.to_owned(),
            token: token.to_owned(),
            client: client.expect("a plain client can be built"),
        }
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

    /// Creates an empty group, and returns its id.
    pub(crate) async fn create_group(&self, name: &str) -> String {
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": []
        });
        id_of(body(self.send(Method::POST, "/Groups", Some(group)).await, StatusCode::CREATED).await)
    }

    /// Adds one member to the group.
    pub(crate) async fn add_member(&self, group: &str, user: &str) {
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "add", "path": "members", "value": [{ "value": user }] }]
        });
        let patched = self.send(Method::PATCH, &format!("/Groups/{group}"), Some(patch)).await;
        assert!(patched.status().is_success(), "adding a member: {}", patched.status());
    }

    async fn send(&self, method: Method, target: &str, resource: Option<Value>) -> Response {
        let mut request = self
            .client
            .request(method, format!("{}{target}", self.base_url))
            .bearer_auth(&self.token)
            .header("Accept", "application/scim+json");
        if let Some(resource) = resource {
            request = request.header("Content-Type", "application/scim+json; charset=utf-8").body(resource.to_string());
        }
        request.send().await.expect("the server answers")
    }
}

impl Person {
    fn resource(&self) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": self.email,
            "name": { "givenName": self.given_name, "familyName": self.family_name },
            "emails": [{ "primary": true, "value": self.email, "type": "work" }],
            "displayName": format!("{} {}", self.given_name, self.family_name),
            "locale": "en-US",
            "externalId": format!("00u{}", self.email.replace(|c: char| !c.is_ascii_alphanumeric(), "")),
            "groups": [],
            "active": self.active,
        })
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
