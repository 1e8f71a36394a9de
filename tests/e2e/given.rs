//! What is there before a journey begins, made over the control API and not by hand: each journey does one thing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{app::App, control::Control, folder::Folder, okta::Okta};

/// Acme Corp's directory “Okta” with a token, on screen, and the identity provider that has both.
pub(crate) async fn directory(app: &App, folder: &Folder) -> Okta {
    let (_, okta) = directory_of(&Control::of(folder).await, "Acme Corp").await;
    app.page.click("treeitem", "Okta").await;
    app.page.click("tab", "Users").await;
    okta
}

/// Gives the directory of an identity provider a new token; returns the identity provider that has it. The one before has the old token still.
pub(crate) async fn new_token(folder: &Folder, okta: &Okta) -> Okta {
    let directory = okta.base_url().rsplit('/').next().expect("an id");
    let path = format!("/api/directories/{directory}/token");
    let created = Control::of(folder).await.ask(Method::POST, &path, Value::Null).await;
    Okta::new(okta.base_url(), &text(&created, "token"))
}

/// An organization with a directory “Okta” and a token; its id, and the identity provider that has both.
pub(crate) async fn directory_of(control: &Control, organization: &str) -> (String, Okta) {
    let tree = control.ask(Method::GET, "/api/tree", Value::Null).await;
    let new = json!({ "environmentId": tree["environments"][0]["id"], "name": organization });
    let organization = control.ask(Method::POST, "/api/organizations", new).await;
    let new = json!({ "organizationId": organization["id"], "name": "Okta" });
    let directory = control.ask(Method::POST, "/api/directories", new).await;
    let id = text(&directory, "id");
    let created = control.ask(Method::POST, &format!("/api/directories/{id}/token"), Value::Null).await;
    let okta = Okta::new(&text(&directory, "baseUrl"), &text(&created, "token"));
    (id, okta)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}
