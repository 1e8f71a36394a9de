//! `scim-setup wait` as a script uses it.

use std::process::{Child, Command, Output, Stdio};

use serde_json::json;

use crate::client;
use crate::serve::{Serving, serve};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    command.arg("wait").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn wait(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

/// Sends something as an identity provider does, and returns the id of what came back, if anything did.
fn idp(serving: &Serving, method: &str, path: &str, body: &serde_json::Value) -> String {
    let authorization = format!("Bearer {}", serving.text("bearerToken"));
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/scim+json")];
    let url = format!("{}{path}", serving.text("scimBaseUrl"));
    let answer = client::send(method, &url, &headers, Some(&body.to_string())).expect("an answer");
    assert!((200..300).contains(&answer.status), "{answer:?}");
    if answer.body.is_empty() {
        return String::new();
    }
    answer.json()["id"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn it_waits_until_the_user_arrives_and_is_deactivated() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let folder = data.path().to_str().expect("a path");
    let waiting: Child =
        command(&["--user", "ADA@example.com", "--active", "false", "--data", folder, "--timeout", "60s"])
            .spawn()
            .expect("the program runs");
    let user = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com", "active": true});
    let id = idp(&serving, "POST", "/Users", &user);
    let active = wait(&["--user", "ada@example.com", "--active", "true", "--data", folder, "--json"]);
    assert_eq!(code(&active), 0, "{active:?}");
    let row: serde_json::Value = serde_json::from_slice(&active.stdout).expect("JSON");
    assert_eq!((&row["id"], &row["userName"]), (&json!(id), &json!("ada@example.com")));
    let mut user = user;
    user["active"] = false.into();
    idp(&serving, "PUT", &format!("/Users/{id}"), &user);
    let output = waiting.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 0, "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "ADA@example.com is not active\n");
}

#[test]
fn groups_numbers_and_absence_can_be_waited_for() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let folder = data.path().to_str().expect("a path");
    let user = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com"});
    let id = idp(&serving, "POST", "/Users", &user);
    let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Engineering", "members": [{"value": id}]});
    idp(&serving, "POST", "/Groups", &group);
    for (arguments, expected) in [
        (&["--group", "engineering", "--members", "1"][..], 0),
        (&["--count", "1", "--directory", "acme corp"], 0),
        (&["--user", "grace@example.com", "--absent"], 0),
        (&["--user", "ada@example.com", "--absent", "--timeout", "1ms"], 1),
        (&["--group", "Engineering", "--members", "2", "--timeout", "1ms"], 1),
        (&["--count", "2", "--timeout", "1ms"], 1),
        (&["--user", "grace@example.com", "--timeout", "1ms"], 1),
        (&["--user", "ada@example.com", "--directory", "Globex"], 2),
    ] {
        let output = wait(&[arguments, &["--data", folder]].concat());
        assert_eq!(code(&output), expected, "{arguments:?} {output:?}");
    }
    let (url, key) = (serving.text("controlUrl"), serving.text("controlKey"));
    let arguments = ["--user", "ada@example.com", "--control-url", &url, "--control-key-env", "KEY"];
    let output = command(&arguments).env("KEY", key).output().expect("the program runs");
    assert_eq!(code(&output), 0, "{output:?}");
    let output = command(&arguments).env("KEY", "another").output().expect("the program runs");
    assert_eq!(code(&output), 2, "{output:?}");
}

/// Makes another directory and says where it is.
fn another_directory(serving: &Serving, name: &str) -> (String, String) {
    let key = format!("Bearer {}", serving.text("controlKey"));
    let headers = [("Authorization", key.as_str()), ("Content-Type", "application/json")];
    let control = |method: &str, path: &str, body: Option<&str>| {
        let answer = client::send(method, &format!("{}{path}", serving.text("controlUrl")), &headers, body);
        answer.expect("an answer").json()
    };
    let organization = control("GET", "/api/tree", None)["organizations"][0]["id"].clone();
    let new = json!({"organizationId": organization, "name": name}).to_string();
    let directory = control("POST", "/api/directories", Some(&new));
    let id = directory["id"].as_str().unwrap_or_else(|| panic!("{directory}")).to_owned();
    let token = control("POST", &format!("/api/directories/{id}/token"), None);
    let token = token["token"].as_str().unwrap_or_else(|| panic!("{token}")).to_owned();
    (directory["baseUrl"].as_str().expect("a base URL").to_owned(), token)
}

#[test]
fn any_directory_will_do_and_whoever_is_deleted_is_not_there() {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let folder = data.path().to_str().expect("a path").to_owned();
    let check = |cases: &[(&[&str], i32)]| {
        for (arguments, expected) in cases {
            let output = wait(&[arguments, &["--data", &folder, "--timeout", "1ms"][..]].concat());
            assert_eq!(code(&output), *expected, "{arguments:?} {output:?}");
        }
    };
    let user = |active: bool| json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com", "active": active});
    let group = |members: serde_json::Value| json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Engineering", "members": members});
    idp(&serving, "POST", "/Users", &user(true));
    idp(&serving, "POST", "/Groups", &group(json!([])));
    let (base_url, token) = another_directory(&serving, "Globex");
    serving.line["scimBaseUrl"] = base_url.into();
    serving.line["bearerToken"] = token.into();
    let id = idp(&serving, "POST", "/Users", &user(false));
    idp(&serving, "POST", "/Groups", &group(json!([{"value": id}])));
    check(&[
        (&["--user", "ada@example.com", "--active", "true"], 0),
        (&["--user", "ada@example.com", "--active", "false"], 0),
        (&["--user", "ada@example.com", "--active", "true", "--directory", "Globex"], 1),
        (&["--user", "ada@example.com", "--active", "false", "--directory", "Acme Corp"], 1),
        (&["--group", "Engineering", "--members", "0"], 0),
        (&["--group", "Engineering", "--members", "1"], 0),
        (&["--group", "Engineering", "--members", "0", "--directory", "Globex"], 1),
    ]);
    let output = wait(&["--user", "ada@example.com", "--absent", "--data", &folder, "--timeout", "1ms"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is in \"Globex\""), "{output:?}");
    idp(&serving, "DELETE", &format!("/Users/{id}"), &json!({}));
    check(&[
        (&["--user", "ada@example.com", "--absent", "--directory", "Globex"], 0),
        (&["--user", "ada@example.com", "--directory", "Globex"], 1),
        (&["--user", "ada@example.com", "--active", "false", "--directory", "Globex"], 1),
        (&["--count", "1", "--directory", "Globex"], 1),
        (&["--user", "ada@example.com", "--absent"], 1),
    ]);
}

#[test]
fn what_cannot_be_waited_for_says_why() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_str().expect("a path");
    for (arguments, says) in [
        (&["--user", "ada@example.com", "--data", folder][..], "No SCIM Setup is running on the data folder"),
        (&["--data", folder], "required"),
        (&["--active", "true", "--data", folder], "required"),
        (&["--user", "a", "--timeout", "soon", "--data", folder], "a time begins with a number"),
    ] {
        let output = wait(arguments);
        assert_eq!(code(&output), 2, "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{output:?}");
    }
}
