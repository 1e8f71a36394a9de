//! What a person makes, changes and deletes by hand: a request like any other, without a token, and theirs.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, ask, user};

/// Sends one, and returns it as it was recorded.
async fn send(running: &Running, directory: &Directory, method: &str, path: &str, body: Option<Value>) -> Value {
    let draft = json!({"method": method, "path": path, "body": body.map(|body| body.to_string())});
    running.person("POST", &format!("/api/directories/{}/requests", directory.id), Some(draft)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_made_changed_and_deleted_by_the_rules_of_every_request_and_recorded_as_yours() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let created = send(&running, &directory, "POST", "/Users", Some(user("ada"))).await;
    assert_eq!(created["row"]["status"], 201, "{created}");
    assert_eq!(created["row"]["summary"]["text"], "You created ada Example");
    assert_eq!(created["authorization"]["verdict"], "notNeeded");
    let id = created["changes"][0]["resourceId"].as_str().expect("an id").to_owned();
    let path = format!("/Users/{id}");

    let deactivation = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": false}],
    });
    let deactivated = send(&running, &directory, "PATCH", &path, Some(deactivation)).await;
    assert_eq!(deactivated["row"]["summary"]["text"], "You deactivated ada Example");

    let taken = send(&running, &directory, "POST", "/Users", Some(user("ada"))).await;
    assert_eq!(taken["row"]["status"], 409, "the same rules: {taken}");
    assert_eq!(taken["explanation"]["fix"]["takenBy"], json!({"kind": "user", "id": id}));
    assert_eq!(send(&running, &directory, "DELETE", &path, None).await["row"]["status"], 204);
    let taken = running.person("GET", &format!("/api/exchanges/{}", taken["row"]["id"]), None).await;
    assert_eq!(taken["explanation"]["fix"]["takenBy"], Value::Null, "nobody is in the way any more");

    let history = running.person("GET", &format!("/api/directories/{}/users/{id}/history", directory.id), None).await;
    let actors: Vec<&Value> =
        history["items"].as_array().expect("entries").iter().map(|entry| &entry["change"]["actor"]["name"]).collect();
    assert_eq!(actors, [&json!("You"); 3], "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_sends_is_nobodys_identity_provider() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let tested = send(&running, &directory, "GET", "/Users?startIndex=1&count=2", None).await;
    let created = send(&running, &directory, "POST", "/Users", Some(user("ada"))).await;
    send(&running, &directory, "POST", "/Users", Some(user("ada"))).await;
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(read["token"]["lastUsedAt"], Value::Null, "{read}");
    assert_eq!(read["rejected"], Value::Null, "{read}");
    let guide = running.person("GET", &format!("/api/directories/{}/guide", directory.id), None).await;
    for sent in [tested, created] {
        let ticked = format!("\"exchangeId\":{}", sent["row"]["id"]);
        assert!(!guide.to_string().contains(&ticked), "it ticks nothing: {guide}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_the_newest_is_refused() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let seen = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
    directory.idp("PUT", &format!("/Users/{ada}"), Some(json!({"userName": "ada", "title": "Lead"}))).await;
    let draft = json!({
        "method": "PUT",
        "path": format!("/Users/{ada}"),
        "body": json!({"userName": "ada", "title": "Director"}).to_string(),
        "ifMatch": seen["meta"]["version"],
    });
    let url = format!("/api/directories/{}/requests", directory.id);
    let (status, refused) = ask(&running.control, "POST", &url, Some(draft)).await;
    assert_eq!((status, &refused["row"]["status"]), (201, &json!(412)), "{refused}");
    assert_eq!(directory.idp("GET", &format!("/Users/{ada}"), None).await.json()["title"], "Lead");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_keeps_nothing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let url = format!("/api/directories/{}/requests/rehearsal", directory.id);
    let draft = json!({"method": "POST", "path": "/Users", "body": user("ada").to_string()});
    let expected = running.person("POST", &url, Some(draft)).await;
    assert_eq!((&expected["status"], &expected["effect"]), (&json!(201), &json!("Created 1 user")), "{expected}");
    for path in ["/Bulk", "/bulk/", "//%42ulk?a=b"] {
        let bulk = json!({"method": "POST", "path": path, "body": "{}"});
        let (status, error) = running.person_refused("POST", &url, Some(bulk)).await;
        assert_eq!((status, &error["field"]), (422, &json!("path")), "{path}: its operations see one another: {error}");
    }
    // Somebody's id, and not an operation.
    for path in ["/Users/bulk", "/Users/Bulk"] {
        let read = running.person("POST", &url, Some(json!({"method": "GET", "path": path}))).await;
        assert_eq!(read["status"], 404, "{path}: {read}");
    }
    let broken = json!({"method": "POST", "path": "/Users", "body": "{\"userName\""});
    let refused = running.person("POST", &url, Some(broken)).await;
    assert_eq!(refused["status"], 400);
    assert!(refused["error"].as_str().is_some_and(|error| error.contains("JSON")), "{refused}");
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_request_says_what_to_change() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let url = format!("/api/directories/{}/requests", directory.id);
    for (draft, field) in [
        (json!({"method": "BREW", "path": "/Users"}), "method"),
        (json!({"method": "GET", "path": "Users"}), "path"),
        (json!({"method": "GET", "path": "/Users", "ifMatch": "a\nb"}), "ifMatch"),
    ] {
        let (status, error) = running.person_refused("POST", &url, Some(draft.clone())).await;
        assert_eq!((status, &error["field"]), (422, &json!(field)), "{draft}: {error}");
    }
    let other = running.directory("Globex").await;
    other.people(["zoe"]).await;
    let of_other = other.newest_exchange(&running, 1).await["row"]["id"].clone();
    let draft = json!({"method": "GET", "path": "/Users", "replayOf": of_other});
    let (status, error) = running.person_refused("POST", &url, Some(draft)).await;
    assert_eq!((status, &error["field"]), (422, &json!("replayOf")), "{error}");
    let url = "/api/directories/gone/requests";
    let (status, _) = running.person_refused("POST", url, Some(json!({"method": "GET", "path": "/Users"}))).await;
    assert_eq!(status, 404);
    let odd = send(&running, &directory, "GET", "/Users?filter=userName eq \"ada\"", None).await;
    assert_eq!(odd["row"]["status"], 200, "a path is encoded where it has to be: {odd}");
}
