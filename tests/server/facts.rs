//! What is known of a request: decided where its body is read, never by what it looks like.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn patch(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// What a push to a user that failed would have done, once `count` requests are recorded.
async fn failed_push(running: &Running, directory: &Directory, id: &str, count: u64) -> String {
    directory.newest_exchange(running, count).await;
    let page = running.person("GET", &format!("/api/directories/{}/users", directory.id), None).await;
    let rows = page["items"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id} is not in {page}"));
    row["drift"]["kind"].as_str().unwrap_or_default().to_owned()
}

/// okta-17-put-deactivate, okta-23-template-patch-deactivate, entra-13-patch-active-string-False
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_deactivation_is_told_by_what_it_sets() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.set_policy(&running, json!({"mode": "strict"})).await;
    let [ada] = directory.people(["ada"]).await;
    let old = Directory { token: directory.token.clone(), ..directory.clone() };
    let new = Directory { token: running.new_token(&directory.id).await, ..directory.clone() };
    let path = format!("/Users/{ada}");
    let with = |name: &str, value: Value| {
        let mut body = user("ada");
        body[name] = value;
        body
    };
    let mut count = 1;
    for (method, body, is_deactivation) in [
        ("PUT", with("active", json!(false)), true),
        ("PUT", with("title", json!("\"active\":false")), false),
        ("PUT", with("name", json!({"givenName": "ada", "active": false})), false),
        ("PATCH", patch(&json!([{"op": "Replace", "path": "active", "value": "False"}])), true),
        ("PATCH", patch(&json!([{"op": "replace", "path": format!("{USER}:active"), "value": false}])), true),
        ("PATCH", patch(&json!([{"op": "replace", "value": {"Active": false, "title": 7}}])), true),
        ("PATCH", patch(&json!([{"op": "replace", "path": "title", "value": "\"value\":\"false\""}])), false),
        ("PATCH", patch(&json!([{"op": "replace", "value": {"name": {"active": false}, "title": 7}}])), false),
    ] {
        let expected = if is_deactivation { "notDeactivated" } else { "notUpdated" };
        // Refused for its token, before anybody reads the body.
        assert_eq!(old.idp(method, &path, Some(body.clone())).await.status, 401, "{method} {body}");
        count += 1;
        assert_eq!(failed_push(&running, &directory, &ada, count).await, expected, "{method} {body}");
        // Refused for its version, after the body has been read. What a strict directory does not take is refused before that.
        let answer = new.with_header(method, &path, Some(body.clone()), ("If-Match", "W/\"4711\"")).await;
        assert!([400, 412].contains(&answer.status), "{method} {body}: {answer:?}");
        count += 1;
        assert_eq!(failed_push(&running, &directory, &ada, count).await, expected, "{method} {body}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_of_a_bulk_request_is_a_push_of_its_own() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.set_policy(&running, json!({"mode": "strict"})).await;
    let [ada, grace, alan] = directory.people(["ada", "grace", "alan"]).await;
    let deactivation = patch(&json!([{"op": "replace", "path": "active", "value": "False"}]));
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("ADA")},
        {"method": "PATCH", "path": format!("/Users/{grace}"), "data": deactivation},
        {"method": "PUT", "path": format!("/Users/{alan}"), "data": user("alan")},
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Engineering"}},
    ]});
    assert_eq!(directory.idp("POST", "/Bulk", Some(bulk)).await.status, 200);
    assert_eq!(failed_push(&running, &directory, &ada, 4).await, "notLinked");
    assert_eq!(failed_push(&running, &directory, &grace, 4).await, "notDeactivated");
    assert_eq!(failed_push(&running, &directory, &alan, 4).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_no_outcome() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let group = directory.group("no match", &[]).await;
    let lookup = "/Groups?filter=displayName%20eq%20%22no%20match%22&startIndex=1&count=100";
    assert_eq!(directory.idp("GET", lookup, None).await.json()["totalResults"], 1);
    let told = directory.newest_exchange(&running, 3).await;
    assert_eq!(told["explanation"]["effect"], "Changed nothing. Found 1 group: no match");
    assert!(told["explanation"]["next"]["text"].as_str().is_some_and(|text| text.contains("takes over the group")));
    directory.idp("GET", &format!("/Groups/{group}"), None).await;
    let told = directory.newest_exchange(&running, 4).await;
    assert_eq!(told["explanation"]["effect"], "Changed nothing. Read no match");
}
