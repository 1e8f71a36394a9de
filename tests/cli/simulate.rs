//! `scim-setup simulate` as a script uses it.

use std::process::{Command, Output};

use serde_json::Value;

use crate::client;
use crate::serve::{Serving, serve};

fn simulate(serving: &Serving, arguments: &[&str]) -> Output {
    run(arguments, &["--target", &serving.text("scimBaseUrl")], &serving.text("bearerToken"))
}

fn run(arguments: &[&str], more: &[&str], token: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    command.arg("simulate").args(arguments).args(more).env("SCIM_TOKEN", token);
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_lifecycle_passes_and_says_so() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let output = simulate(&serving, &["okta-aiw", "--people", "2", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(text(&output.stderr), "", "progress is for whoever watches");
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let (last, steps) = lines.split_last().expect("lines");
    assert_eq!((&last["type"], &last["summary"]["failed"]), (&"finished".into(), &0.into()));
    assert!(steps.len() > 20 && steps.iter().all(|step| step["type"] == "ended"), "{lines:?}");
    assert!(!text(&output.stdout).contains(&serving.text("bearerToken")), "the token is nobody's business");
    let output = simulate(&serving, &["entra", "--scenario", "assign-user"]);
    let told = text(&output.stdout);
    assert!(told.ends_with(" ms\n") && told.contains("Create Ada Lovelace: POST /Users → 201"), "{told}");
    assert!(told.contains(" [documented: EntraUse]\n"), "each step says how it is known: {told}");
    let output = simulate(&serving, &["entra", "--sources"]);
    assert!(text(&output.stdout).contains("EntraUse                 Microsoft, Use SCIM"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_in_the_middle_leaves_nothing_behind() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    for (signal, keep) in [("INT", false), ("TERM", true)] {
        let data = tempfile::tempdir().expect("a folder");
        let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
        command.args(["simulate", "okta-aiw", "--scenario", "assign-user", "--people", "1000"]);
        command.args(["--target", &serving.text("scimBaseUrl"), "--json"]).args(keep.then_some("--keep"));
        command.env("SCIM_TOKEN", serving.text("bearerToken")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        // Somebody has been created when the third step is told.
        assert!(lines.by_ref().take(3).all(|line| line.is_ok()));
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        let last = lines.map(|line| line.expect("a line")).last().expect("a summary");
        let summary: Value = serde_json::from_str(&last).expect("JSON");
        let left = summary["summary"]["usersLeft"].as_array().expect("who is left").len();
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(summary["summary"]["stopped"].is_string() && (left > 0) == keep, "{summary}");
        let says = if keep { "what was made stays there" } else { "what was made is removed" };
        assert!(text(&output.stderr).contains(says), "{output:?}");
        let authorization = format!("Bearer {}", serving.text("bearerToken"));
        let url = format!("{}/Users?count=0", serving.text("scimBaseUrl"));
        let there = client::send("GET", &url, &[("Authorization", &authorization)], None).expect("an answer").json();
        assert_eq!(there["totalResults"], left);
    }
}

/// A server that sends whoever asks to another host, and its base URL.
fn redirecting(to: &'static str) -> String {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}/scim", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]).expect("a request");
            let answer =
                format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("an answer");
        }
    });
    base_url
}

#[test]
fn exit_codes_tell_what_failed_from_what_could_not_run() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let base_url = serving.text("scimBaseUrl");
    let output = run(&["okta-aiw", "--scenario", "assign-user"], &["--target", &base_url], "not-the-token");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stdout).contains("The administrator sees under Dashboard → Tasks"), "{output:?}");
    let output = run(&["okta-aiw", "--scenario", "assign-user"], &["--target", "http://127.0.0.1:9"], "secret");
    assert_eq!(output.status.code(), Some(2), "whoever cannot be reached did nothing wrong: {output:?}");
    assert!(text(&output.stderr).contains("Nothing accepts connections at 127.0.0.1:9"), "{output:?}");
    let elsewhere = redirecting("https://login.example.com/");
    let output = run(&["okta-aiw"], &["--target", &elsewhere], "secret");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("The server redirects to https://login.example.com"), "{output:?}");
    for (arguments, more, says) in [
        (
            ["okta-aiw", "--scenario", "nonsense"],
            vec!["--target", base_url.as_str()],
            "there is no scenario \"nonsense\"",
        ),
        (["google", "--scenario", "push-group"], vec!["--target", &base_url], "google does not do push-group"),
        (["okta-aiw", "--scenario", "import"], vec![], "name the server with --target"),
        (
            ["okta-aiw", "--scenario", "import"],
            vec!["--target", "ftp://example.com"],
            "begins with https:// or http://",
        ),
        (["okta-aiw", "--scenario", "import"], vec!["--target", "https://scim.example.com"], "Add --yes to do so"),
        (["okta-aiw", "--scenario", "import"], vec!["--target", "http://scim.example.com"], "others on the way"),
        (["okta-aiw", "--scenario", "import"], vec!["--target", &base_url, "--people", "3"], "leave out --people"),
        (
            ["okta-aiw", "--scenario", "import"],
            vec!["--target", &base_url, "--token-env", "NO_SUCH_TOKEN"],
            "NO_SUCH_TOKEN has no token",
        ),
    ] {
        let output = run(&arguments, &more, "secret");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(says), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
}
