//! What each simulated identity provider sends is what the fixtures say, as it was recorded by the server that it was sent to.

use serde_json::{Map, Value, json};
use simulator::{Provider, Scenario};

use super::play::{options, play, tenant};
use super::shape::{differences, recorded_target, target};
use crate::fixtures;
use crate::harness::Running;

/// How a scenario of the fixtures is played.
struct Played {
    /// Its name in `scenarios.json`.
    name: &'static str,
    provider: Provider,
    /// What has happened before.
    before: &'static [Scenario],
    /// What is compared.
    compared: &'static [Scenario],
    /// People in each of these, where that is open.
    people: u32,
    /// The server has the first person already.
    person_is_there: bool,
}

const fn played(name: &'static str, provider: Provider, compared: &'static [Scenario]) -> Played {
    Played { name, provider, before: &[], compared, people: 1, person_is_there: false }
}

const fn after(before: &'static [Scenario], played: Played) -> Played {
    Played { before, ..played }
}

use Provider::{Authentik, Entra, EntraFlag, Jumpcloud, OktaAiw, OktaTemplate, Onelogin};
use Scenario as S;

const ASSIGNED: &[S] = &[S::AssignUser];

const PLAYED: &[Played] = &[
    played("okta-aiw-connect", OktaAiw, &[S::ImportGroupsOn]),
    played("okta-aiw-assign-new", OktaAiw, &[S::AssignUser]),
    Played { person_is_there: true, ..played("okta-aiw-assign-existing", OktaAiw, &[S::AssignUser]) },
    after(ASSIGNED, played("okta-aiw-update", OktaAiw, &[S::ProfileUpdate])),
    played("okta-aiw-update-deleted-remotely", OktaAiw, &[S::DeletedRemotely]),
    after(ASSIGNED, played("okta-aiw-unassign", OktaAiw, &[S::Unassign])),
    after(&[S::AssignUser, S::PushGroup, S::Deactivate], played("okta-aiw-reassign", OktaAiw, &[S::Reactivate])),
    after(ASSIGNED, played("okta-aiw-push-group", OktaAiw, &[S::PushGroup])),
    after(&[S::AssignUser, S::PushGroup], played("okta-aiw-push-now", OktaAiw, &[S::PushNow])),
    after(ASSIGNED, played("okta-template-deactivate", OktaTemplate, &[S::Deactivate])),
    after(
        &[S::AssignUser, S::PushGroup, S::AssignUser],
        played("okta-template-membership", OktaTemplate, &[S::SwapMembers]),
    ),
    Played { people: 101, ..after(ASSIGNED, played("okta-import", OktaAiw, &[S::Import])) },
    after(&[S::AssignUser, S::PushGroup], played("okta-unlink-delete-group", OktaAiw, &[S::DeleteGroup])),
    played("entra-connect", Entra, &[S::TestConnection]),
    played("entra-initial-user", Entra, &[S::AssignUser]),
    after(ASSIGNED, played("entra-update-user", Entra, &[S::Rename])),
    after(ASSIGNED, played("entra-update-user-flag", EntraFlag, &[S::Rename])),
    after(ASSIGNED, played("entra-group", Entra, &[S::PushGroup, S::RemoveMember])),
    after(ASSIGNED, played("entra-offboard", Entra, &[S::Offboard])),
    played("onelogin-connect", Onelogin, &[S::TestConnection]),
    played("jumpcloud-test-connection", Jumpcloud, &[S::TestConnection]),
    played("authentik-sync", Authentik, &[S::TestConnection, S::AssignUser, S::ProfileUpdate, S::PushGroup]),
];

/// Steps that `scenarios.json` tells in words: the fixture whose shape they have, or method and target.
fn in_words(step: &str) -> Option<Value> {
    let users = "/Users?filter=userName%20eq%20%22x%22&startIndex=1&count=100";
    let groups = "/Groups?filter=displayName%20eq%20%22x%22&startIndex=1&count=100";
    Some(match step {
        "lookup, found" | "lookup → active:false" => json!({"method": "GET", "target": users}),
        "GET /Users/{id}" => json!({"method": "GET", "target": "/Users/1"}),
        "PUT active:true" => json!({"method": "PUT", "target": "/Users/1", "body": {"active": true}}),
        "group lookup by displayName, missing" => json!({"method": "GET", "target": groups}),
        "PATCH path-less rename with id" => json!({
            "method": "PATCH",
            "target": "/Groups/1",
            "body": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "value": {"id": "1", "displayName": "x"}}]},
        }),
        "page 2 (startIndex=101)" => json!({"method": "GET", "target": "/Users?startIndex=101&count=100"}),
        "GET /Groups?startIndex=1&count=100" => json!({"method": "GET", "target": step.split(' ').nth(1)}),
        "the same probe for groups" => {
            json!({"method": "GET", "target": "/Groups?excludedAttributes=members&filter=displayName+eq+%22x%22"})
        }
        "GET /Users?filter=userName+eq+…" => json!({"method": "GET", "target": "/Users?filter=userName+eq+%22x%22"}),
        "POST /Users" => json!({"method": "POST", "target": "/Users"}),
        "PUT /Users/{id}" => json!({"method": "PUT", "target": "/Users/1"}),
        "DELETE /Groups/{id}" => json!({"method": "DELETE", "target": "/Groups/1"}),
        "POST /Groups" => json!({"method": "POST", "target": "/Groups"}),
        "PATCH, one op per member" => json!({
            "method": "PATCH",
            "target": "/Groups/1",
            "body": {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "add", "path": "members", "value": [{"value": "1"}]}],
            },
        }),
        _ => return None,
    })
}

/// Requests of the scenario that are not the identity provider's.
fn is_own(recorded: &Value) -> bool {
    recorded["client"].as_str().is_some_and(|client| client.starts_with("SCIM-Setup/"))
}

async fn recorded(running: &Running, scenario: &Played, number: usize) -> Vec<Value> {
    let directory = running.directory(&format!("{} {number}", scenario.name)).await;
    let (to, mut tenant, mut count) = (directory.simulated(), tenant(""), 0);
    if scenario.person_is_there {
        let body =
            json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada.lovelace@example.com"});
        assert_eq!(directory.idp("POST", "/Users", Some(body)).await.status, 201);
        count += 1;
    }
    let mut compared_from = count;
    for (position, name) in scenario.before.iter().chain(scenario.compared).enumerate() {
        if position == scenario.before.len() {
            compared_from = count;
        }
        let options = simulator::run::Options { people: scenario.people, ..options(scenario.provider, *name) };
        let (steps, summary) = play(&options, &to, &mut tenant).await;
        assert_eq!(summary.failed, 0, "{}: {steps:#?}", scenario.name);
        count += steps.iter().filter(|step| step.status.is_some()).count();
    }
    let mut all = directory.exchanges(running, count).await;
    // Only the newest page is read; what was before it is not compared.
    let skipped = compared_from.saturating_sub(count - all.len());
    all.drain(..skipped);
    all.retain(|exchange| !is_own(exchange));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_traffic_that_arrives_is_that_of_the_fixtures() {
    let running = Running::start().await;
    let scenarios = fixtures::read_data("scenarios.json");
    let names: Vec<&String> = scenarios["scenarios"].as_object().expect("scenarios").keys().collect();
    assert_eq!(names, PLAYED.iter().map(|played| played.name).collect::<Vec<_>>(), "every scenario is played");
    let mut wrong = Vec::new();
    for (number, scenario) in PLAYED.iter().enumerate() {
        let row = &scenarios["scenarios"][scenario.name];
        // Thirty days pass without a request.
        let steps: Vec<&str> = row["steps"].as_array().expect("steps").iter().filter_map(Value::as_str).collect();
        let steps: Vec<&str> = steps.into_iter().filter(|step| !step.contains("30 days")).collect();
        let mut sent = recorded(&running, scenario, number).await;
        // A scenario may go on after what the fixtures tell of it, or begin before: people are assigned first.
        match scenario.name {
            "okta-aiw-connect" => sent.truncate(steps.len()),
            "okta-aiw-update-deleted-remotely" => drop(sent.drain(..2)),
            _ => {}
        }
        if sent.len() != steps.len() {
            let targets: Vec<String> =
                sent.iter().map(|sent| format!("{} {}", sent["row"]["method"], recorded_target(sent))).collect();
            wrong.push(format!("{}: expected {steps:?}, came {targets:?}", scenario.name));
            continue;
        }
        for (step, sent) in steps.into_iter().zip(&sent) {
            let found = match in_words(step) {
                Some(request) => told(&request, sent),
                None => {
                    let request = fixtures::request(step);
                    differences(&request, &headers(&request), sent)
                }
            };
            wrong.extend(found.into_iter().map(|found| format!("{}, {step}: {found}", scenario.name)));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    running.server.shutdown().await;
}

/// Compares with a step that is told in words.
fn told(request: &Value, sent: &Value) -> Vec<String> {
    let headers = sent["request"]["headers"].as_array().into_iter().flatten();
    let headers: Map<String, Value> = headers
        .map(|pair| (pair[0].as_str().unwrap_or_default().to_owned(), pair[1].clone()))
        .filter(|(name, _)| name != "host" && name != "content-length")
        .collect();
    if request.get("body").is_some() {
        return differences(request, &headers, sent);
    }
    let expected = (request["method"].clone(), target(request["target"].as_str().unwrap_or_default()));
    let came = (sent["row"]["method"].clone(), target(&recorded_target(sent)));
    if expected == came { Vec::new() } else { vec![format!("expected {expected:?}, came {came:?}")] }
}

fn headers(request: &Value) -> Map<String, Value> {
    let scope = [("token".to_owned(), Value::from("secret"))].into_iter().collect();
    let profile = fixtures::profile(request["headers"].as_str().expect("a profile"), &scope).expect("a profile");
    profile.into_iter().map(|(name, value)| (name, value.into())).collect()
}
