//! `/Bulk`, RFC 7644 §3.7.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

async fn bulk(directory: &Directory, operations: &Value, fail_on_errors: Option<u64>) -> Value {
    let mut body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations});
    if let Some(number) = fail_on_errors {
        body["failOnErrors"] = number.into();
    }
    let answer = directory.idp("POST", "/Bulk", Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn statuses(response: &Value) -> Vec<&str> {
    let operations = response["Operations"].as_array().expect("operations");
    operations.iter().map(|operation| operation["status"].as_str().expect("a status")).collect()
}

fn post(bulk_id: &str, kind: &str, data: &Value) -> Value {
    json!({"method": "POST", "path": format!("/{kind}"), "bulkId": bulk_id, "data": data})
}

fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": members})
}

fn last_segment(operation: &Value) -> String {
    let location = operation["location"].as_str().unwrap_or_else(|| panic!("{operation} has no location"));
    location.rsplit('/').next().unwrap_or_default().to_owned()
}

async fn member_ids(directory: &Directory, id: &str) -> Vec<String> {
    let group = directory.idp("GET", &format!("/Groups/{id}"), None).await.json();
    let members = group["members"].as_array().expect("members").iter();
    members.map(|member| member["value"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_name_each_other_in_any_order() {
    for mode in ["tolerant", "strict"] {
        let running = Running::start().await;
        let directory = running.directory("Acme Corp").await;
        directory.set_policy(&running, json!({ "mode": mode })).await;
        let operations = json!([
            post("team", "Groups", &group("Team", &["bulkId:ada"])),
            post("ada", "Users", &user("ada")),
            {"method": "PATCH", "path": "/Users/bulkId:ada", "data": {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "add", "path": "title", "value": "Lead"}],
            }},
        ]);
        let response = bulk(&directory, &operations, None).await;
        assert_eq!(statuses(&response), ["201", "201", "200"], "{response}");
        assert_eq!(response["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:BulkResponse");
        let [team, ada, patched] = response["Operations"].as_array().expect("operations").as_slice() else {
            panic!("{response}")
        };
        assert_eq!((&team["bulkId"], &team["method"], &ada["bulkId"]), (&json!("team"), &json!("POST"), &json!("ada")));
        assert!(team["version"].as_str().is_some_and(|version| version.starts_with("W/")), "{team}");
        assert_eq!(member_ids(&directory, &last_segment(team)).await, [last_segment(ada)]);
        assert_eq!(last_segment(patched), last_segment(ada));
        let stored = directory.idp("GET", &format!("/Users/{}", last_segment(ada)), None).await.json();
        assert_eq!(stored["title"], "Lead");
        let exchange = directory.newest_exchange(&running, 3).await;
        let path = format!("/api/directories/{}/exchanges?search=Bulk", directory.id);
        let row = running.person("GET", &path, None).await["items"][0].clone();
        assert_eq!(row["summary"]["text"], "Okta sent 3 operations in one request", "{exchange}");
        assert_eq!(row["summary"]["outcome"], "all worked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_may_name_each_other_in_a_circle() {
    for mode in ["tolerant", "strict"] {
        let running = Running::start().await;
        let directory = running.directory("Acme Corp").await;
        directory.set_policy(&running, json!({ "mode": mode })).await;
        let operations =
            json!([post("a", "Groups", &group("A", &["bulkId:b"])), post("b", "Groups", &group("B", &["bulkId:a"])),]);
        let response = bulk(&directory, &operations, None).await;
        assert_eq!(statuses(&response), ["201", "201"], "{response}");
        let (a, b) = (last_segment(&response["Operations"][0]), last_segment(&response["Operations"][1]));
        assert_eq!(member_ids(&directory, &a).await, [b.as_str()]);
        assert_eq!(member_ids(&directory, &b).await, [a.as_str()]);
        let etag = directory.idp("GET", &format!("/Groups/{a}"), None).await.header("ETag").map(str::to_owned);
        assert_eq!(response["Operations"][0]["version"].as_str(), etag.as_deref(), "the version after all is done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_only_waits_for_a_circle_is_carried_out_whole() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let existing = directory.group("Existing", &[]).await;
    let patch = |path: &str, member: &str| {
        json!({"method": "PATCH", "path": path, "data": {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": "members", "value": [{ "value": member }]}],
        }})
    };
    let operations = json!([
        patch(&format!("/Groups/{existing}"), "bulkId:b"),
        patch("/Groups/bulkId:c", &existing),
        post("b", "Groups", &group("B", &["bulkId:c"])),
        post("c", "Groups", &group("C", &["bulkId:b"])),
    ]);
    let response = bulk(&directory, &operations, None).await;
    assert_eq!(statuses(&response), ["200", "200", "201", "201"], "{response}");
    let [b, c] = [2, 3].map(|index| last_segment(&response["Operations"][index]));
    assert_eq!(member_ids(&directory, &existing).await, [b.as_str()]);
    assert_eq!(member_ids(&directory, &b).await, [c.as_str()]);
    assert_eq!(member_ids(&directory, &c).await, [b.as_str(), existing.as_str()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_completed_after_as_many_errors_as_the_client_allows() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let operations = json!([
        post("a", "Groups", &group("A", &["bulkId:b"])),
        post("b", "Groups", &group("B", &["bulkId:a"])),
        post("ada", "Users", &user("ada")),
    ]);
    let response = bulk(&directory, &operations, Some(1)).await;
    assert_eq!(statuses(&response), ["503", "201", "409"], "{response}");
    let a = &response["Operations"][0];
    assert!(a["response"]["detail"].as_str().is_some_and(|detail| detail.contains("failOnErrors")), "{a}");
    assert_eq!(member_ids(&directory, &last_segment(a)).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_told_one_by_one_until_there_are_too_many() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let operations = json!([
        post("dup", "Users", &user("ADA")),
        post("bob", "Users", &user("bob")),
        {"method": "DELETE", "path": format!("/Users/{ada}"), "version": "W/\"99\""},
        {"method": "GET", "path": "/Users"},
        {"method": "POST", "path": "/Bulk", "bulkId": "x", "data": {}},
        post("team", "Groups", &group("Team", &["bulkId:dup"])),
        post("unknown", "Groups", &group("Team 2", &["bulkId:nobody"])),
        post("carol", "Users", &user("carol")),
    ]);
    let response = bulk(&directory, &operations, None).await;
    assert_eq!(statuses(&response), ["409", "201", "412", "400", "400", "400", "400", "201"], "{response}");
    let failed = &response["Operations"][0];
    assert_eq!(failed["response"]["scimType"], "uniqueness", "{failed}");
    assert!(failed.get("location").is_none(), "{failed}");
    assert!(response["Operations"][2]["location"].as_str().is_some_and(|location| location.ends_with(&ada)));
    assert!(response["Operations"][5]["response"]["detail"].as_str().is_some_and(|detail| detail.contains("dup")));
    for path in ["/Users", "/Groups"] {
        let total = directory.idp("GET", path, None).await.json()["totalResults"].clone();
        assert_eq!(total, if path == "/Users" { 3 } else { 0 }, "{path}");
    }
    let operations =
        json!([post("1", "Users", &user("dan")), post("2", "Users", &user("ada")), post("3", "Users", &user("eve")),]);
    let response = bulk(&directory, &operations, Some(1)).await;
    assert_eq!(statuses(&response), ["201", "409"], "the first error ends it: {response}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_request_has_limits_and_says_them() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let config = directory.with_authorization("GET", "/ServiceProviderConfig", None, None).await.json();
    assert_eq!((&config["bulk"]["supported"], &config["bulk"]["maxPayloadSize"]), (&json!(true), &json!(4 << 20)));
    let most = usize::try_from(config["bulk"]["maxOperations"].as_u64().expect("a number")).expect("a size");
    let operation = json!({"method": "DELETE", "path": "/Users/nobody"});
    let body = |count: usize| {
        Some(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": vec![operation.clone(); count],
        }))
    };
    assert_eq!(directory.idp("POST", "/Bulk", body(most + 1)).await.status, 413);
    let answer = directory.idp("POST", "/Bulk", body(most)).await;
    assert_eq!((answer.status, statuses(&answer.json()).len()), (200, most));
    let twice = json!([post("a", "Users", &user("a")), post("a", "Users", &user("b"))]);
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": twice});
    assert_eq!(directory.idp("POST", "/Bulk", Some(body)).await.json()["scimType"], "invalidValue");
    assert_eq!(directory.idp("GET", "/Bulk", None).await.header("Allow"), Some("POST"));
}
