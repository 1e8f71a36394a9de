//! Searching everything at once, as the palette does.

use serde_json::{Value, json};

use crate::harness::{Running, user};

fn names<'a>(found: &'a Value, kind: &str) -> Vec<&'a str> {
    found[kind].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_of_each_kind_are_found_in_all_directories() {
    let running = Running::start().await;
    let (acme, globex) = (running.directory("Acme Corp").await, running.directory("Globex").await);
    // No id, which is hexadecimal, has these names in it.
    let [tara] = acme.people(["tara"]).await;
    globex.people(["taran", "grace"]).await;
    acme.idp(
        "PATCH",
        &format!("/Users/{tara}"),
        Some(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": false}]
        })),
    )
    .await;
    globex.group("Tararma", &[]).await;
    acme.newest_exchange(&running, 2).await;
    globex.newest_exchange(&running, 3).await;

    let found = running.person("GET", "/api/search?q=TARA", None).await;
    assert_eq!(names(&found, "users"), ["tara Example", "taran Example"], "the one that changed last first: {found}");
    assert_eq!(found["users"][0]["directoryId"], acme.id);
    assert_eq!(found["users"][0]["userName"], "tara@example.com");
    assert_eq!((&found["users"][0]["active"], &found["users"][1]["active"]), (&json!(false), &json!(true)));
    assert_eq!(names(&found, "groups"), ["Tararma"]);
    assert_eq!(found["groups"][0]["userName"], Value::Null);
    let texts: Vec<&str> = found["exchanges"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["summary"]["text"].as_str())
        .collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert_eq!(texts[0], "Okta created Tararma", "the newest first");

    let one = running.person("GET", "/api/search?q=tara&kind=users&limit=1", None).await;
    assert_eq!(names(&one, "users"), ["tara Example"], "{one}");
    assert_eq!((&one["groups"], &one["exchanges"]), (&json!([]), &json!([])), "{one}");
    let keyed = running.person("GET", "/api/search?q=method%3Apatch&kind=exchanges", None).await;
    assert_eq!(keyed["exchanges"].as_array().map(Vec::len), Some(1), "requests are searched as in their list: {keyed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_and_anything_can_be_typed() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    let nothing = json!({"users": [], "groups": [], "exchanges": [], "problem": null, "isPartial": false});
    for typed in ["", "%20%20", "nobody", "%22", "%25", "%27%20OR%201%3D1", "_da", "user%3A", "%E2%80%AE", "*"] {
        let found = running.person("GET", &format!("/api/search?q={typed}&limit=4000000000"), None).await;
        assert_eq!(found, nothing, "{typed}");
    }
    running.person("GET", &format!("/api/search?q={}", "a".repeat(20_000)), None).await;
    let (status, _) = running.person_refused("GET", "/api/search?q=a&kind=nothing", None).await;
    assert_eq!(status, 422);
}
