//! `scim-setup events` as a script uses it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::role::Role;
use crate::serve::{Serving, serve};

fn command(serving: &Serving, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    command.arg("events").args(arguments).env("SCIM_SETUP_API_KEY", serving.text("apiKey"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn types(lines: &str) -> Vec<String> {
    let event = |line: &str| serde_json::from_str::<Value>(line).expect("a line of JSON")["type"].clone();
    lines.lines().map(|line| event(line).as_str().expect("a type").to_owned()).collect()
}

#[test]
fn it_prints_what_happened_and_follows_what_happens() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp", "--new-api-key", "Backend"]);
    let folder = data.path().to_str().expect("a path");
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    let mut okta = Role::idp(&serving, &directory, &serving.text("bearerToken"));
    let user = |name: &str| json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name});
    let created = okta.ask("POST", "/Users", Some(&user("ada@example.com")));
    let path = format!("/Users/{}", created["id"].as_str().expect("an id"));
    okta.ask("PATCH", &path, Some(&json!({"Operations": [{"op": "replace", "path": "active", "value": false}]})));

    let all = command(&serving, &["--data", folder]).output().expect("it runs");
    assert!(all.status.success(), "{all:?}");
    assert_eq!(types(&String::from_utf8_lossy(&all.stdout)), ["user.created", "user.deactivated"]);
    let url = serving.text("integrationUrl");
    let some = command(&serving, &["--url", &url, "--types", "user.deactivated"]).output().expect("it runs");
    assert_eq!(types(&String::from_utf8_lossy(&some.stdout)), ["user.deactivated"]);

    let mut following =
        command(&serving, &["--url", &url, "--follow", "--types", "user.created"]).spawn().expect("it runs");
    let mut lines = BufReader::new(following.stdout.take().expect("its output")).lines();
    assert_eq!(types(&lines.next().expect("a line").expect("text")), ["user.created"]);
    okta.ask("POST", "/Users", Some(&user("grace@example.com")));
    let line = lines.next().expect("a line").expect("text");
    assert!(line.contains("grace@example.com"), "{line}");
    following.kill().expect("it goes on");
    following.wait().expect("it ends");
}

#[test]
fn it_says_what_it_needs() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-api-key", "Backend"]);
    let url = serving.text("integrationUrl");
    for (change, arguments, said) in [
        (None, vec!["--url", &url], "SCIM_SETUP_API_KEY has no API key"),
        (Some("wrong"), vec!["--url", &url], "The API key is missing or not accepted."),
        (Some(serving.text("apiKey").as_str()), vec!["--url", &url, "--types", "user.renamed"], "no type of event"),
        (Some(serving.text("apiKey").as_str()), vec!["--url", "http://127.0.0.1:1"], "no SCIM Setup answers"),
    ] {
        let mut command = command(&serving, &arguments);
        match change {
            None => command.env_remove("SCIM_SETUP_API_KEY"),
            Some(key) => command.env("SCIM_SETUP_API_KEY", key),
        };
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
    }
}
