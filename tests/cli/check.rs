//! `scim-setup check` as a script uses it.

use std::process::{Command, Output};

use serde_json::Value;

use crate::serve::serve;

fn check(arguments: &[&str], token: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    command.arg("check").args(arguments).env("SCIM_TOKEN", token).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn reports_are_written_for_people_and_for_build_servers() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (target, token) = (serving.text("scimBaseUrl"), serving.text("bearerToken"));
    let (junit, html) = (data.path().join("report.xml"), data.path().join("report.html"));
    let (junit, html) = (junit.to_str().expect("a path"), html.to_str().expect("a path"));
    let output = check(&["--suite", "okta", "--target", &target, "--junit", junit, "--html", html, "--json"], &token);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(text(&output.stderr), "", "progress is for whoever watches");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["score"]["percent"], &report["score"]["failed"]), (&100.into(), &0.into()));
    let (junit, html) =
        (std::fs::read_to_string(junit).expect("a file"), std::fs::read_to_string(html).expect("a file"));
    assert!(junit.contains("<testsuite name=\"Okta\"") && junit.contains("failures=\"0\""), "{junit}");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("okta-lookup-capitals"));
    for report in [text(&output.stdout), junit, html] {
        assert!(!report.contains(&token), "the token is nobody's business");
    }
    let output = check(&["--suite", "rfc", "--only", "rfc-delete", "--target", &target], &token);
    assert!(text(&output.stdout).starts_with("ok   rfc-delete: "), "{output:?}");
}

#[test]
fn exit_codes_tell_what_failed_from_what_could_not_run() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let target = serving.text("scimBaseUrl");
    let output = check(&["--only", "okta-test-connection", "--target", &target], "not-the-token");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let output = check(&["--only", "okta-create-user,okta-list-users", "--target", &target], "not-the-token");
    assert!(text(&output.stderr).contains("look at the token"), "{output:?}");
    // What nobody asked is neither right nor wrong.
    let output = check(&["--target", "http://127.0.0.1:9"], "secret");
    assert_eq!((output.status.code(), text(&output.stdout).matches("FAIL").count()), (Some(2), 1), "{output:?}");
    let nowhere = data.path().join("nowhere/report.html");
    let nowhere = nowhere.to_str().expect("a path");
    for (arguments, says) in [
        (vec!["--suite", "scim1", "--target", &target], "there is no suite \"scim1\""),
        (vec!["--only", "rfc-nonsense", "--target", &target], "there is no check \"rfc-nonsense\""),
        (vec!["--suite", "okta"], "name the server with --target"),
        (vec!["--target", &target, "--html", nowhere], "there is no folder"),
        (vec!["--target", "https://scim.example.com"], "Add --yes to do so"),
        (vec!["--only", "rfc-delete", "--target", "http://127.0.0.1:9"], "Nothing accepts connections at 127.0.0.1:9"),
    ] {
        let output = check(&arguments, "secret");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(says), "{output:?}");
    }
}
