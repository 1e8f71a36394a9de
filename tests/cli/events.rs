//! `scim-setup events` as a script uses it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client;
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

#[test]
fn what_is_restored_is_missed_by_whoever_had_read_more_and_no_id_comes_again() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("backup.tar");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp", "--new-api-key", "Backend"]);
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    let (token, key) = (serving.text("bearerToken"), serving.text("apiKey"));
    let create = |serving: &Serving, names: [&str; 2]| {
        let mut okta = Role::idp(serving, &directory, &token);
        for name in names {
            okta.ask("POST", "/Users", Some(&json!({"userName": format!("{name}@example.com")})));
        }
    };
    let read = |serving: &Serving, after: &str| {
        let url = format!("{}/v1/events?after={after}", serving.text("integrationUrl"));
        let headers = [("Authorization", format!("Bearer {key}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        client::send("GET", &url, &headers, None).expect("an answer")
    };
    let ids = |answer: &client::Answer| {
        let answer = answer.json();
        let ids = answer["events"].as_array().expect("events").iter();
        ids.map(|event| event["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let run = |arguments: &[&std::ffi::OsStr]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
        let done = program.args(arguments).arg("--data").arg(data.path()).output().expect("it runs");
        assert!(done.status.success(), "{done:?}");
    };
    create(&serving, ["ada", "grace"]);
    run(&["backup".as_ref(), file.as_os_str()]);
    create(&serving, ["alan", "edsger"]);
    let before = ids(&read(&serving, ""));
    assert_eq!(before.len(), 4);
    end(serving);
    run(&["restore".as_ref(), file.as_os_str()]);

    let serving = serve(data.path(), &[]);
    create(&serving, ["barbara", "donald"]);
    for place in &before {
        assert_eq!(read(&serving, place).status, 410, "what came after {place} is another story now");
    }
    let refusal = read(&serving, &before[3]).json()["message"].as_str().expect("a sentence").to_owned();
    let from = refusal.rsplit_once("after=").expect("where to go on").1.trim_end_matches('.');
    let later = ids(&read(&serving, from));
    assert_eq!(later.len(), 2);
    assert!(later.iter().all(|id| !before.contains(id)), "{before:?} {later:?}");
    let all = ids(&read(&serving, ""));
    assert_eq!((&all[..2], &all[2..]), (&before[..2], &later[..]), "what was restored and what came then");

    // As long as nothing happens, there is a place to go on from.
    end(serving);
    run(&["restore".as_ref(), file.as_os_str()]);
    let serving = serve(data.path(), &[]);
    let refusal = read(&serving, &later[1]).json()["message"].as_str().expect("a sentence").to_owned();
    let from = refusal.rsplit_once("after=").expect("where to go on").1.trim_end_matches('.');
    assert_eq!((read(&serving, from).status, ids(&read(&serving, from))), (200, Vec::new()));
}

fn end(mut serving: Serving) {
    serving.child.kill().expect("the program ends");
    serving.child.wait().expect("the end");
}
