//! Repeating a recorded request: first tried and taken back, then for good.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, ask, user};

/// The recorded requests, newest first.
async fn rows(running: &Running, directory: &Directory, count: u64) -> Vec<Value> {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
    page["items"].as_array().cloned().expect("rows")
}

async fn plan(running: &Running, id: &Value) -> Value {
    running.person("GET", &format!("/api/exchanges/{id}/replay"), None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_says_what_would_happen_and_changes_nothing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let mut body = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
    body["title"] = "Lead".into();
    body["password"] = "k3Jd92xQ".into();
    directory.idp("PUT", &format!("/Users/{ada}"), Some(body.clone())).await;
    body["title"] = "Director".into();
    let before = directory.idp("PUT", &format!("/Users/{ada}"), Some(body)).await;
    let group = directory.group("Engineering", &[&ada]).await;
    directory.idp("DELETE", &format!("/Groups/{group}"), None).await;
    let rows = rows(&running, &directory, 6).await;
    let [delete, group, second, first, read, create] = rows.as_slice() else { panic!("{rows:?}") };

    let replay = plan(&running, &first["id"]).await;
    assert_eq!(replay["refusal"], Value::Null);
    assert_eq!((replay["method"].as_str(), replay["isWrite"].as_bool()), (Some("PUT"), Some(true)));
    assert_eq!(replay["url"], format!("{}/Users/{ada}", directory.base_url));
    assert_eq!(replay["expected"]["status"], 200);
    assert_eq!(replay["expected"]["effect"], "Changed 1 attribute of ada Example");
    assert_eq!(replay["expected"]["changes"][0]["fields"][0]["before"], "Director");
    let differences = replay["differences"].to_string();
    assert!(
        differences.contains("no token is needed") && differences.contains("password or another secret is left out"),
        "{differences}"
    );

    let effect = |plan: &Value| plan["expected"]["effect"].as_str().unwrap_or_default().to_owned();
    assert_eq!(effect(&plan(&running, &second["id"]).await), "Changed nothing");
    assert_eq!(effect(&plan(&running, &read["id"]).await), "Changed nothing. Read ada Example");
    let conflict = plan(&running, &create["id"]).await;
    assert_eq!(conflict["expected"]["status"], 409);
    assert!(conflict["expected"]["error"].as_str().is_some_and(|error| error.contains("already exists")), "{conflict}");
    assert_eq!(plan(&running, &delete["id"]).await["expected"]["status"], 404);
    assert_eq!(effect(&plan(&running, &group["id"]).await), "Created 1 group with 1 member");

    // Nothing of all that happened, was recorded, or was told.
    let now = directory.idp("GET", &format!("/Users/{ada}"), None).await;
    assert_eq!(now.json()["title"], "Director");
    assert_eq!(now.header("ETag"), before.header("ETag"));
    assert_eq!(directory.idp("GET", "/Groups", None).await.json()["totalResults"], 0);
    let changes = format!("/api/directories/{}/changes", directory.id);
    assert_eq!(running.person("GET", &changes, None).await["total"], 5);
    let page = self::rows(&running, &directory, 8).await;
    assert!(page.iter().all(|row| row["replayOf"].is_null()), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_is_carried_out_recorded_and_marked() {
    let running = Running::start().await;
    let mut directory = running.directory("Acme Corp").await;
    let refused = directory.with_authorization("POST", "/Users", Some(user("ada")), Some("Bearer wrong".into())).await;
    assert_eq!(refused.status, 401);
    // The token does not matter any more.
    directory.token = running.new_token(&directory.id).await;
    let original = directory.newest_exchange(&running, 1).await;
    let id = &original["row"]["id"];
    let expected = plan(&running, id).await;
    assert_eq!(expected["expected"]["effect"], "Created 1 user");
    assert!(expected["differences"].to_string().contains("this time no token is needed"), "{expected}");

    let (status, replayed) = ask(&running.control, "POST", &format!("/api/exchanges/{id}/replay"), None).await;

    assert_eq!(status, 201, "{replayed}");
    assert_eq!(replayed["row"]["replayOf"], *id);
    assert_eq!(replayed["row"]["status"], 201);
    assert_eq!(replayed["row"]["summary"]["text"], "Replay created ada Example");
    assert_eq!(replayed["changes"][0]["actor"]["name"], "Replay");
    assert_eq!(replayed["authorization"]["verdict"], "notNeeded");
    assert_eq!(replayed["cameThrough"], Value::Null, "it came through no tunnel");
    assert!(!replayed.to_string().contains("wrong"), "the header of the first time is not sent: {replayed}");
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(read["token"]["lastUsedAt"], Value::Null, "only identity providers use it");
    assert_eq!(read["rejected"]["count"], 1, "and they are still refused");
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1);
    let guide = running.person("GET", &format!("/api/directories/{}/guide", directory.id), None).await;
    assert!(
        !guide.to_string().contains(&format!("\"exchangeId\":{}", replayed["row"]["id"])),
        "it ticks nothing: {guide}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_repeated_says_why() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    // Nothing of `meta` is stored.
    let large = json!({"userName": "ada", "meta": {"location": "x".repeat(300_000)}});
    assert_eq!(directory.idp("POST", "/Users", Some(large)).await.status, 201);
    let id = directory.newest_exchange(&running, 1).await["row"]["id"].clone();
    let refusal = plan(&running, &id).await;
    assert!(refusal["refusal"].as_str().is_some_and(|text| text.contains("only the beginning")), "{refusal}");
    assert_eq!(refusal["expected"], Value::Null);
    let (status, error) = running.person_refused("POST", &format!("/api/exchanges/{id}/replay"), None).await;
    assert_eq!((status, &error["code"]), (409, &json!("conflict")));

    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "grace"}}],
    });
    directory.idp("POST", "/Bulk", Some(bulk)).await;
    let id = directory.newest_exchange(&running, 2).await["row"]["id"].clone();
    let unrehearsed = plan(&running, &id).await;
    assert_eq!((&unrehearsed["refusal"], &unrehearsed["expected"]), (&Value::Null, &Value::Null));
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 2);

    let nobody = Directory { base_url: directory.base_url.replace(&directory.id, "nobody"), ..directory };
    nobody.idp("GET", "/Users", None).await;
    let page =
        running.eventually("/api/directories/unattributed/exchanges", "recording", |page| page["total"] == 1).await;
    let refusal = plan(&running, &page["items"][0]["id"]).await;
    assert!(refusal["refusal"].as_str().is_some_and(|text| text.contains("no directory")), "{refusal}");
    running.person_refused("GET", "/api/exchanges/999999/replay", None).await;
    running.person_refused("GET", "/api/exchanges/x/replay", None).await;
}
