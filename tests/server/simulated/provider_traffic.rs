//! What each simulated identity provider sends is what the fixtures say, as it was recorded by the server that it was sent to.

use serde_json::{Map, Value, json};
use simulator::{Scenario, SimulatedProvider};

use super::play::{options, play, tenant};
use super::shape::{differences, recorded_target};
use crate::fixtures;
use crate::harness::Running;

/// How a scenario of the fixtures is played.
struct Played {
    /// Its name in `scenarios.json`.
    name: &'static str,
    /// What arrives, by its fixtures; empty: what `scenarios.json` says.
    steps: &'static [&'static str],
    provider: SimulatedProvider,
    /// What has happened before.
    before: &'static [Scenario],
    /// What is compared.
    compared: &'static [Scenario],
    /// People in each of these, where that is open.
    people: u32,
    /// The server has the first person already.
    person_is_there: bool,
}

const fn played(name: &'static str, provider: SimulatedProvider, compared: &'static [Scenario]) -> Played {
    Played { name, steps: &[], provider, before: &[], compared, people: 1, person_is_there: false }
}

const fn after(before: &'static [Scenario], played: Played) -> Played {
    Played { before, ..played }
}

/// One event, after others, and the requests that it makes.
const fn event(
    name: &'static str,
    provider: SimulatedProvider,
    before: &'static [Scenario],
    compared: &'static [Scenario],
    steps: &'static [&'static str],
) -> Played {
    Played { steps, ..after(before, played(name, provider, compared)) }
}

use Scenario as S;
use SimulatedProvider::{
    Authentik, Entra, EntraFlag, Generic, Google, Jumpcloud, Keycloak, OktaAiw, OktaTemplate, Onelogin, Pingone,
};

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

const PUSHED: &[S] = &[S::AssignUser, S::PushGroup];

const GET_USER: &str = "okta-15-get-user-by-id";
const GET_GROUP: &str = "okta-31-group-get-with-members";
const KEYCLOAK_LOOKUP: &str = "keycloak-03-lookup-external-id";
const PUT_GROUP: &str = "okta-32-group-put-full-list";

/// What else the fixtures and the protocol paper know, event by event: a fixture for each request, or words if there is none.
const EVENTS: &[Played] = &[
    event("save", OktaAiw, &[], &[S::TestConnection], &["okta-01-test-connection", "okta-01-test-connection"]),
    event("rename", OktaAiw, ASSIGNED, &[S::Rename], &[GET_USER, "okta-20-put-rename-userName"]),
    event("password", OktaAiw, ASSIGNED, &[S::SyncPassword], &[GET_USER, "okta-19-put-with-password-sync"]),
    event("password, template", OktaTemplate, ASSIGNED, &[S::SyncPassword], &["okta-25-template-patch-password"]),
    event("update, template", OktaTemplate, ASSIGNED, &[S::ProfileUpdate], &[GET_USER, "PUT /Users/{id}"]),
    event("force sync", OktaAiw, ASSIGNED, &[S::ForceSync], &[GET_USER, "okta-16-put-profile-echoes-readonly"]),
    event("wrong token", OktaAiw, &[], &[S::WrongToken], &["okta-40-bad-token-401"]),
    event(
        "userName is not the email",
        OktaAiw,
        &[],
        &[S::UserNameNotEmail],
        &["okta-26-lookup-unique-id-is-email", "okta-11-create-user-aiw"],
    ),
    event(
        "deleted, unassigned and assigned again",
        OktaAiw,
        &[],
        &[S::DeletedRemotely],
        &[
            "okta-07-lookup-missing-pct20",
            "okta-11-create-user-aiw",
            GET_USER,
            GET_USER,
            "okta-07-lookup-missing-pct20",
            "okta-11-create-user-aiw",
        ],
    ),
    event(
        "one more member",
        OktaAiw,
        &[S::AssignUser, S::PushGroup, S::AssignUser],
        &[S::AddMember],
        &[GET_GROUP, PUT_GROUP, GET_GROUP, PUT_GROUP],
    ),
    event(
        "one member less",
        OktaAiw,
        PUSHED,
        &[S::RemoveMember],
        &[GET_GROUP, PUT_GROUP, GET_GROUP, "PUT, nobody left"],
    ),
    event("rename a group", OktaAiw, PUSHED, &[S::RenameGroup], &[GET_GROUP, PUT_GROUP]),
    event(
        "link a group",
        OktaAiw,
        ASSIGNED,
        &[S::LinkGroup],
        &["okta-03-save-to-app-groups-cache", GET_GROUP, PUT_GROUP, GET_GROUP, PUT_GROUP],
    ),
    event(
        "push a group, template",
        OktaTemplate,
        ASSIGNED,
        &[S::PushGroup],
        &[
            "group lookup by displayName, missing",
            "okta-29-group-create-empty",
            "PATCH, add with display",
            "PATCH path-less rename with id",
        ],
    ),
    event(
        "reactivate, template",
        OktaTemplate,
        &[S::AssignUser, S::PushGroup, S::Deactivate],
        &[S::Reactivate],
        &[
            "lookup → active:false",
            GET_USER,
            "PATCH active:true",
            "PATCH path-less rename with id",
            "PATCH, add with display",
        ],
    ),
    event("push now, template", OktaTemplate, PUSHED, &[S::PushNow], &["okta-36-group-patch-replace-members"]),
    event("unlink a group, template", OktaTemplate, PUSHED, &[S::DeleteGroup], &["okta-39-group-delete"]),
    event("manager", Entra, &[S::AssignUser, S::AssignUser], &[S::SetManager], &["entra-21-manager-as-string"]),
    event("disable", Entra, ASSIGNED, &[S::Deactivate], &["entra-13-patch-active-string-False"]),
    event("disable, flag", EntraFlag, ASSIGNED, &[S::Deactivate], &["entra-15-flag-patch-active-boolean"]),
    event(
        "remove a member, flag",
        EntraFlag,
        PUSHED,
        &[S::RemoveMember],
        &["entra-31-group-get-excluded-members", "PATCH, remove by filter, Entra"],
    ),
    event(
        "rename a group, Entra",
        Entra,
        PUSHED,
        &[S::RenameGroup],
        &["entra-31-group-get-excluded-members", "entra-40-group-rename-and-externalId"],
    ),
    event(
        "cycle",
        Entra,
        PUSHED,
        &[S::ForceSync],
        &[
            "GET /Users/{id}",
            "PATCH, Replace, Entra",
            "entra-31-group-get-excluded-members",
            "GET /Users/{id}",
            "entra-31-group-get-excluded-members",
        ],
    ),
    event("on demand, flag", EntraFlag, ASSIGNED, &[S::OnDemand], &["GET /Users/{id}", "PATCH, Replace, Entra"]),
    event("delete a group, Entra", Entra, PUSHED, &[S::DeleteGroup], &["DELETE /Groups/{id}"]),
    event(
        "assign, OneLogin",
        Onelogin,
        &[],
        &[S::AssignUser],
        &["onelogin-01-lookup-trailing-ampersand", "POST /Users, OneLogin"],
    ),
    event(
        "update, OneLogin",
        Onelogin,
        ASSIGNED,
        &[S::ProfileUpdate],
        &["onelogin-02-put-trailing-question-mark-wrong-schemas"],
    ),
    event("rename a group, OneLogin", Onelogin, PUSHED, &[S::RenameGroup], &["PATCH /Groups/{id}?, OneLogin"]),
    event(
        "update, JumpCloud",
        Jumpcloud,
        ASSIGNED,
        &[S::ProfileUpdate, S::Deactivate],
        &["PATCH, one op, JumpCloud", "PATCH, active, JumpCloud"],
    ),
    event("rename a group, JumpCloud", Jumpcloud, PUSHED, &[S::RenameGroup], &["jumpcloud-04-group-rename-pathless"]),
    event("remove a member, JumpCloud", Jumpcloud, PUSHED, &[S::RemoveMember], &["PATCH, remove listed, JumpCloud"]),
    event("assign, Google", Google, &[], &[S::AssignUser], &["lookup, Google", "google-02-create-application-json"]),
    event(
        "assign, PingOne",
        Pingone,
        &[],
        &[S::AssignUser],
        &["ping-01-filter-lowercase-attr-upper-op", "POST /Users, generic"],
    ),
    event(
        "rename a group, authentik",
        Authentik,
        PUSHED,
        &[S::RenameGroup],
        &["authentik-03-pathless-whole-group", "GET /Groups/{id}"],
    ),
    event(
        "assign, Keycloak",
        Keycloak,
        &[],
        &[S::AssignUser],
        &[KEYCLOAK_LOOKUP, "lookup by userName, Keycloak", "keycloak-04-create-user"],
    ),
    event(
        "update and leave, Keycloak",
        Keycloak,
        ASSIGNED,
        &[S::ProfileUpdate, S::Deactivate],
        &[KEYCLOAK_LOOKUP, "keycloak-05-patch-user", KEYCLOAK_LOOKUP, "PATCH, active, Keycloak"],
    ),
    event(
        "group, Keycloak",
        Keycloak,
        ASSIGNED,
        &[S::PushGroup],
        &["POST /Groups, Keycloak", "group lookup, Keycloak", KEYCLOAK_LOOKUP, "PATCH, add, Keycloak"],
    ),
    event("deleted, authentik", Authentik, ASSIGNED, &[S::Deactivate], &["PUT /Users/{id}"]),
    event(
        "assign and leave, generic",
        Generic,
        &[],
        &[S::AssignUser, S::Deactivate],
        &["lookup, generic", "POST /Users, generic", "PATCH, active, generic"],
    ),
];

/// Steps that are told in words: method and target, and where it is known the headers and the body.
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
        "GET /Groups/{id}" => json!({"method": "GET", "target": "/Groups/1"}),
        "PUT, nobody left" => json!({"method": "PUT", "target": "/Groups/1", "body": {"displayName": "x"}}),
        "PATCH, add with display" => patch(
            "/Groups/1",
            "okta-body",
            json!({"op": "add", "path": "members", "value": [{"value": "1", "display": "x"}]}),
        ),
        "PATCH active:true" => patch("/Users/1", "okta-body", json!({"op": "replace", "value": {"active": true}})),
        "PATCH, remove by filter, Entra" => {
            patch("/Groups/1", "entra-body", json!({"op": "remove", "path": "members[value eq \"1\"]"}))
        }
        "PATCH, Replace, Entra" => {
            patch("/Users/1", "entra-body", json!({"op": "Replace", "path": "title", "value": "x"}))
        }
        "POST /Users, OneLogin" => json!({"method": "POST", "target": "/Users", "headers": "onelogin-body"}),
        "PATCH /Groups/{id}?, OneLogin" => {
            patch("/Groups/1?", "onelogin-scim-body", json!({"op": "replace", "value": {"displayName": "x"}}))
        }
        "PATCH, one op, JumpCloud" => {
            patch("/Users/1", "jumpcloud-body", json!({"op": "replace", "path": "title", "value": "x"}))
        }
        "PATCH, active, JumpCloud" => {
            patch("/Users/1", "jumpcloud-body", json!({"op": "replace", "path": "active", "value": false}))
        }
        "PATCH, remove listed, JumpCloud" => {
            patch("/Groups/1", "jumpcloud-body", json!({"op": "remove", "path": "members", "value": [{"value": "1"}]}))
        }
        "lookup, Google" => {
            let target = "/Users?filter=userName%20eq%20%22x%22&startIndex=1";
            json!({"method": "GET", "target": target, "headers": "google-get"})
        }
        "lookup, generic" => {
            json!({"method": "GET", "target": "/Users?filter=userName%20eq%20%22x%22", "headers": "generic-get"})
        }
        "lookup by userName, Keycloak" => {
            json!({"method": "GET", "target": "/Users?filter=userName%20eq%20%22x%22", "headers": "keycloak-get"})
        }
        "group lookup, Keycloak" => {
            json!({"method": "GET", "target": "/Groups?filter=externalId%20eq%20%22x%22", "headers": "keycloak-get"})
        }
        "POST /Groups, Keycloak" => json!({"method": "POST", "target": "/Groups", "headers": "keycloak-body"}),
        "PATCH, active, Keycloak" => {
            patch("/Users/1", "keycloak-body", json!({"op": "replace", "path": "active", "value": false}))
        }
        "PATCH, add, Keycloak" => {
            patch("/Groups/1", "keycloak-body", json!({"op": "add", "path": "members", "value": [{"value": "1"}]}))
        }
        "POST /Users, generic" => json!({"method": "POST", "target": "/Users", "headers": "generic-body"}),
        "PATCH, active, generic" => {
            patch("/Users/1", "generic-body", json!({"op": "replace", "path": "active", "value": false}))
        }
        _ => return None,
    })
}

/// A PATCH of one operation.
fn patch(target: &str, headers: &str, operation: Value) -> Value {
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]});
    json!({"method": "PATCH", "target": target, "headers": headers, "body": body})
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
            "okta-aiw-update-deleted-remotely" => sent = sent.drain(2..3).collect(),
            _ => {}
        }
        wrong.extend(compared(scenario.name, &steps, &sent));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_sends_what_is_known_of_it() {
    let running = Running::start().await;
    let mut wrong = Vec::new();
    for (number, scenario) in EVENTS.iter().enumerate() {
        let sent = recorded(&running, scenario, number).await;
        wrong.extend(compared(scenario.name, scenario.steps, &sent));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    for provider in SimulatedProvider::ALL {
        let is_compared = |played: &&Played| played.provider == provider;
        assert!(PLAYED.iter().chain(EVENTS).any(|played| is_compared(&played)), "nothing of {provider:?} is compared");
    }
    running.server.shutdown().await;
}

/// How what was sent differs from the steps.
fn compared(name: &str, steps: &[&str], sent: &[Value]) -> Vec<String> {
    if sent.len() != steps.len() {
        let targets: Vec<String> =
            sent.iter().map(|sent| format!("{} {}", sent["row"]["method"], recorded_target(sent))).collect();
        return vec![format!("{name}: expected {steps:?}, came {targets:?}")];
    }
    let mut wrong = Vec::new();
    for (step, sent) in steps.iter().zip(sent) {
        let found = match in_words(step) {
            Some(request) => told(&request, sent),
            None => {
                let request = fixtures::request(step);
                differences(&request, &headers(&request), sent)
            }
        };
        wrong.extend(found.into_iter().map(|found| format!("{name}, {step}: {found}")));
    }
    wrong
}

/// Compares with a step that is told in words.
fn told(request: &Value, sent: &Value) -> Vec<String> {
    let known = request["headers"].is_string().then(|| headers(request));
    let came = sent["request"]["headers"].as_array().into_iter().flatten();
    let came = came.map(|pair| (pair[0].as_str().unwrap_or_default().to_owned(), pair[1].clone()));
    let headers =
        known.unwrap_or_else(|| came.filter(|(name, _)| name != "host" && name != "content-length").collect());
    let mut found = differences(request, &headers, sent);
    if request.get("body").is_none() {
        // Nothing is said of it.
        found.retain(|found| !found.starts_with("body"));
    }
    found
}

fn headers(request: &Value) -> Map<String, Value> {
    let scope = [("token".to_owned(), Value::from("secret"))].into_iter().collect();
    let profile = fixtures::profile(request["headers"].as_str().expect("a profile"), &scope).expect("a profile");
    profile.into_iter().map(|(name, value)| (name, value.into())).collect()
}
