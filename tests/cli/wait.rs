//! `scim-setup wait` as a script uses it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

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
        (&["--count", "1", "--directory", "acme corp", "--timeout", "999999999999999999m"], 0),
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

/// A control API that answers with what is given, says which paths it was asked for, and hands out its live feeds.
fn control_api(tree: String) -> (String, Receiver<String>, Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let ((asked, paths), (opened, feeds)) = (mpsc::channel(), mpsc::channel());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, tree, asked, opened) =
                (stream.expect("a connection"), tree.clone(), asked.clone(), opened.clone());
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().expect("the same connection")).lines();
                while let Some(Ok(line)) = lines.next() {
                    let path = line.split(' ').nth(1).expect("a request line").to_owned();
                    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.is_empty()), "the head ends");
                    if path == "/api/live" {
                        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
                        write!(stream, "{head}data: [{{\"type\":\"resync\"}}]\n\n").expect("the feed begins");
                        return opened.send(stream).expect("the test goes on");
                    }
                    let body = if path == "/api/tree" { &tree } else { "{\"total\":0,\"items\":[]}" };
                    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                        .expect("an answer");
                    asked.send(path).expect("the test goes on");
                }
            });
        }
    });
    (url, paths, feeds)
}

#[test]
fn it_looks_when_the_feed_says_that_something_changed_and_ends_with_the_program() {
    const PATIENCE: Duration = Duration::from_secs(30);
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let key = format!("Bearer {}", serving.text("controlKey"));
    let tree = format!("{}/api/tree", serving.text("controlUrl"));
    let tree = client::send("GET", &tree, &[("Authorization", key.as_str())], None).expect("an answer").body;
    let (url, paths, feeds) = control_api(tree);

    let arguments = ["--user", "ada", "--control-url", &url, "--control-key-env", "KEY", "--timeout", "60s"];
    let waiting = command(&arguments).env("KEY", "the-key").spawn().expect("the program runs");
    let mut feed = feeds.recv_timeout(PATIENCE).expect("it listens before it looks");
    let looks = || {
        assert_eq!(paths.recv_timeout(PATIENCE).expect("a look"), "/api/tree");
        assert!(paths.recv_timeout(PATIENCE).expect("a look").contains("/users?"));
    };
    looks();
    for batch in [": still here\n\n", "data: [{\"type\":\"status\"}]\n\n", "data: [{\"type\":", "\"tree\"}]\n\n"] {
        feed.write_all(batch.as_bytes()).expect("the feed goes on");
    }
    looks();
    drop(feed);
    let output = waiting.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 2, "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the SCIM Setup that was asked has ended"), "{said}");
    assert_eq!(paths.try_recv().ok(), None, "nothing else was a reason to look");
}
