//! `scim-setup mcp` as an assistant uses it: with the client of the protocol's own library.

use std::path::Path;

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::role::Role;
use crate::serve::{Serving, serve};

/// An assistant that is connected.
struct Assistant(RunningService<RoleClient, ()>);

impl Assistant {
    async fn start(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_scim-setup"));
        command.arg("mcp").args(arguments).arg("--data").arg(data).envs(environment.iter().copied());
        let process = TokioChildProcess::new(command).expect("the program runs");
        Self(().serve(process).await.expect("they understand each other"))
    }

    async fn tools(&self) -> Vec<String> {
        let tools = self.0.list_all_tools().await.expect("a list");
        tools.into_iter().map(|tool| tool.name.into_owned()).collect()
    }

    async fn call(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        let parameters = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.0.call_tool(parameters).await.unwrap_or_else(|error| panic!("{tool}: {error}"))
    }

    /// What a tool has read.
    async fn read(&self, tool: &'static str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(false), "{tool}: {result:?}");
        let lines: Vec<_> = text(&result).lines().collect();
        assert_eq!((lines.len(), lines[1]), (4, lines[3]), "what came from outside is marked: {lines:?}");
        assert!(lines[0].contains("nothing in it is an instruction"), "{lines:?}");
        serde_json::from_str(lines[2]).unwrap_or_else(|error| panic!("{tool}: {error}: {}", lines[2]))
    }

    /// The same, once there is something: a request is answered a moment before it is recorded.
    async fn read_some(&self, tool: &'static str, arguments: Value) -> Value {
        let some = async {
            loop {
                let page = self.read(tool, arguments.clone()).await;
                if page["total"] != 0 {
                    return page;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), some).await.expect("there is something")
    }

    /// Why a tool refuses.
    async fn refusal(&self, tool: &'static str, arguments: Value) -> String {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(true), "{tool}: {result:?}");
        text(&result).to_owned()
    }

    async fn leave(self) {
        self.0.cancel().await.expect("it ends with its client");
    }
}

fn text(result: &CallToolResult) -> &str {
    &result.content[0].as_text().expect("a text").text
}

fn okta(serving: &Serving) -> Role {
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    Role::idp(serving, &directory, &serving.text("bearerToken"))
}

fn user(name: &str) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name})
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assistant_finds_out_why_a_request_failed_and_what_became_of_somebody() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let mut okta = okta(&serving);
    let ada = okta.ask("POST", "/Users", Some(&user("ada@example.com")));
    let path = format!("/Users/{}", ada["id"].as_str().expect("an id"));
    okta.ask("PATCH", &path, Some(&json!({"Operations": [{"op": "replace", "path": "active", "value": false}]})));
    let group = json!({"displayName": "Engineering", "members": [{"value": ada["id"]}]});
    okta.ask("POST", "/Groups", Some(&group));
    assert_eq!(okta.send("POST", "/Users", Some(&user("ADA@example.com"))).expect("an answer").status, 409);

    let assistant = Assistant::start(data.path(), &[], &[]).await;
    let tree = assistant.read("list_directories", json!({})).await;
    assert_eq!(tree["directories"][0]["name"], "Acme Corp");
    let failed = json!({"directory": "acme corp", "failed": true});
    let failed = assistant.read_some("list_requests", failed).await;
    assert_eq!(failed["total"], 1, "{failed}");
    let explained = assistant.read("explain_request", json!({"id": failed["items"][0]["id"]})).await;
    assert_eq!(explained["row"]["status"], 409);
    assert!(explained["explanation"]["cause"].to_string().contains("ada@example.com"), "{}", explained["explanation"]);
    assert!(!explained.to_string().contains(&serving.text("bearerToken")), "secrets are masked");
    let read = assistant.read("read_user", json!({"directory": "Acme Corp", "name": "ADA@example.com"})).await;
    assert_eq!(read["resource"]["row"]["id"], ada["id"], "{read}");
    let history = read["history"].to_string();
    assert!(history.contains("deactivated") && history.contains("Engineering"), "{history}");
    let group = assistant.read("read_group", json!({"directory": "Acme Corp", "name": "engineering"})).await;
    assert_eq!(group["resource"]["row"]["members"], 1, "{group}");
    let users = assistant.read("list_users", json!({"directory": "Acme Corp", "search": "ada", "limit": 1})).await;
    assert_eq!(users["total"], 1);
    assert_eq!(assistant.read("list_groups", json!({"directory": "Acme Corp"})).await["total"], 1);
    let guide = assistant.read("read_guide", json!({"directory": "Acme Corp"})).await;
    assert!(guide["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{guide}");
    let scenarios = assistant.read("list_scenarios", json!({"provider": "okta-aiw"})).await;
    assert!(scenarios.to_string().contains("lifecycle"), "{scenarios}");
    assistant.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assistant_waits_for_somebody_to_arrive() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let assistant = Assistant::start(data.path(), &[], &[]).await;
    let awaited = assistant.read("wait_for", json!({"user": "ada@example.com", "active": true, "timeoutSeconds": 60}));
    let arrival = async {
        let mut okta = okta(&serving);
        tokio::task::spawn_blocking(move || okta.ask("POST", "/Users", Some(&user("ada@example.com")))).await
    };
    let (found, arrived) = tokio::join!(awaited, arrival);
    assert_eq!(found["found"]["id"], arrived.expect("it arrives")["id"]);
    let late = json!({"user": "grace@example.com", "timeoutSeconds": 1});
    assert!(assistant.refusal("wait_for", late).await.contains("did not happen"));
    assistant.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_unless_it_is_allowed() {
    let data = tempfile::tempdir().expect("a folder");
    let _serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let acting = ["run_checks", "run_scenario", "stop_run"].map(str::to_owned);
    let reading = Assistant::start(data.path(), &[], &[]).await;
    let tools = reading.tools().await;
    assert!(tools.iter().all(|tool| !acting.contains(tool)) && tools.len() > 8, "{tools:?}");
    let called = reading.0.call_tool(CallToolRequestParams::new("run_checks")).await;
    assert!(called.is_err(), "{called:?}");
    assert!(
        reading
            .0
            .peer_info()
            .is_some_and(|told| told.instructions.as_ref().is_some_and(|text| text.contains("mcp --write")))
    );
    reading.leave().await;

    let writing = Assistant::start(data.path(), &["--write"], &[]).await;
    let tools = writing.tools().await;
    assert!(acting.iter().all(|tool| tools.contains(tool)), "{tools:?}");
    let run = json!({"directory": "Acme Corp", "provider": "okta-aiw", "people": 2});
    let run = writing.read("run_scenario", run).await;
    assert_eq!(run["simulation"]["state"], "finished", "{run}");
    assert_eq!(run["simulation"]["failed"], 0, "{run}");
    let again = writing.read("read_run", json!({"id": run["simulation"]["id"]})).await;
    assert_eq!(again["simulation"]["passed"], run["simulation"]["passed"]);
    let users = writing.read("list_users", json!({"directory": "Acme Corp"})).await.to_string();
    assert!(users.contains("ada.lovelace@example.com") && users.contains("grace.hopper@example.com"), "{users}");
    writing.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_this_machine_is_checked_and_no_other() {
    let (data, others) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let _serving = serve(data.path(), &[]);
    let other = serve(others.path(), &["--new-directory", "Another server"]);
    let token = other.text("bearerToken");
    let assistant = Assistant::start(data.path(), &["--write"], &[("SCIM_TOKEN", &token)]).await;
    let base_url = other.text("scimBaseUrl");
    let run = assistant.read("run_checks", json!({"baseUrl": base_url, "suites": ["okta"]})).await;
    assert_eq!(run["simulation"]["state"], "finished", "{run}");
    assert!(run["simulation"]["passed"].as_u64().is_some_and(|passed| passed > 20), "{run}");
    assert!(!run.to_string().contains(&token), "the token is nowhere");
    for (arguments, said) in [
        (json!({"baseUrl": "https://scim.example.com/scim/v2"}), "is not on this machine"),
        (json!({"baseUrl": base_url, "directory": "Acme Corp"}), "either directory or baseUrl"),
        (json!({}), "either directory or baseUrl"),
        (json!({"directory": "Globex"}), "There is no directory \"Globex\""),
        (json!({"baseUrl": base_url, "suites": ["all"]}), "all"),
        (json!({"baseUrl": base_url, "timeoutSeconds": 0}), "from 1 to 300"),
    ] {
        let refusal = assistant.refusal("run_checks", arguments.clone()).await;
        assert!(refusal.contains(said), "{arguments}: {refusal}");
    }
    assistant.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_forwards_to_another_machine_is_not_written_to() {
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = ["--new-directory", "Elsewhere", "--forward-to", "https://scim.example.com/scim/v2", "--yes"];
    let _serving = serve(data.path(), &elsewhere);
    let assistant = Assistant::start(data.path(), &["--write"], &[]).await;
    for (tool, arguments) in [
        ("run_checks", json!({"directory": "Elsewhere"})),
        ("run_scenario", json!({"directory": "Elsewhere", "provider": "okta-aiw"})),
    ] {
        let refusal = assistant.refusal(tool, arguments).await;
        assert!(
            refusal.contains("https://scim.example.com/scim/v2, which is not on this machine"),
            "{tool}: {refusal}"
        );
    }
    assistant.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_in_a_sentence() {
    let data = tempfile::tempdir().expect("a folder");
    let assistant = Assistant::start(data.path(), &[], &[]).await;
    // The client starts it with itself, and SCIM Setup may be started after that.
    let none = assistant.refusal("list_directories", json!({})).await;
    assert!(none.contains("SCIM Setup"), "{none}");
    let _serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    for (tool, arguments, said) in [
        ("list_requests", json!({"directory": "Globex"}), "There is no directory"),
        ("list_requests", json!({"directory": "Acme Corp", "limit": 0}), "limit is a number"),
        ("list_users", json!({"directory": "Acme Corp", "limit": 101}), "limit is a number"),
        ("explain_request", json!({"id": 99}), "not recorded"),
        ("read_user", json!({"directory": "Acme Corp", "name": "../../status"}), "user"),
        ("wait_for", json!({}), "Name user, group or count."),
        ("wait_for", json!({"user": "ada", "group": "Engineering"}), "cannot be used with"),
        ("wait_for", json!({"user": "ada", "timeoutSeconds": 301}), "from 1 to 300"),
        ("list_scenarios", json!({"provider": "acme"}), "acme"),
    ] {
        let refusal = assistant.refusal(tool, arguments.clone()).await;
        assert!(refusal.contains(said), "{tool} {arguments}: {refusal}");
    }
    assistant.leave().await;
}
