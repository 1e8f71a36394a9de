//! What the details of a request say, from the requests that Okta and Entra ID really send.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, sentence, user};

async fn details(running: &Running, directory: &Directory, count: u64) -> Vec<Value> {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
    let mut details = Vec::new();
    for row in page["items"].as_array().expect("rows").iter().rev() {
        details.push(running.person("GET", &format!("/api/exchanges/{}", row["id"]), None).await);
    }
    details
}

fn text<'a>(exchange: &'a Value, pointer: &str) -> &'a str {
    exchange["explanation"].pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// okta-aiw-assign-new, okta-aiw-update, okta-aiw-unassign
#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_a_user_is_told_in_stories() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let lookup = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100";
    directory.idp("GET", lookup, None).await;
    let mut body = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
    let path = format!("/Users/{}", body["id"].as_str().expect("an id"));
    directory.idp("GET", &path, None).await;
    body["title"] = "Lead".into();
    directory.idp("PUT", &path, Some(body.clone())).await;
    directory.idp("GET", &path, None).await;
    body["active"] = false.into();
    directory.idp("PUT", &path, Some(body)).await;
    let told = details(&running, &directory, 6).await;
    let [found, created, read, updated, .., deactivated] = told.as_slice() else { panic!("{told:?}") };
    let story = |exchange: &Value| {
        let rows = exchange["story"].as_array().expect("a story");
        rows.iter()
            .map(|row| row["id"].as_i64().unwrap_or_default() - told[0]["row"]["id"].as_i64().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    assert_eq!(story(found), [0, 1, 2, 3], "the look-up, the creation, and what followed at once");
    assert_eq!(story(updated), [0, 1, 2, 3]);
    assert_eq!(story(deactivated), [4, 5]);
    assert_eq!(text(found, "/effect"), "Changed nothing. Found nobody");
    assert_eq!(text(found, "/next/text"), "Okta creates the user next: POST /Users.");
    assert_eq!(found["explanation"]["next"]["exchangeId"], created["row"]["id"], "and so it did");
    assert_eq!(text(created, "/effect"), "Created 1 user");
    assert_eq!(text(created, "/rfc/section"), "RFC 7644 §3.3");
    assert_eq!(
        text(read, "/next/text"),
        "Okta changes what it has just read and sends the whole user back: PUT /Users and the id."
    );
    assert_eq!(text(updated, "/effect"), "Changed 1 attribute of ada Example");
    assert_eq!(text(updated, "/rfc/title"), "Replacing with PUT");
    assert_eq!(text(deactivated, "/effect"), "Deactivated ada Example");
}

/// okta-14-create-conflict-409, okta-21-get-deleted-user-404
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_explained_with_what_okta_shows_and_does() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    directory.idp("GET", "/Users?filter=userName%20eq%20%22ada%22", None).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    directory.idp("POST", "/Users", Some(json!({"displayName": "Grace Hopper"}))).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    directory.idp("GET", &format!("/Users/{ada}"), None).await;
    let told = details(&running, &directory, 6).await;
    let [_, _, taken, invalid, _, gone] = told.as_slice() else { panic!("{told:?}") };
    assert!(sentence(&taken["explanation"]["cause"]).contains("already exists"), "{taken}");
    assert_eq!(
        text(taken, "/adminSees/text").split(" Errors reported").next(),
        Some(
            "Automatic provisioning of user ada@example.com to app … failed: Error while creating user ada Example: Conflict."
        )
    );
    assert!(text(taken, "/next/text").starts_with("The job stops here"), "{taken}");
    assert!(sentence(&invalid["explanation"]["cause"]).contains("userName"), "{invalid}");
    assert!(text(invalid, "/rfc/text").starts_with("invalidValue"), "{invalid}");
    assert!(
        sentence(&gone["explanation"]["cause"]).contains("it was deleted by Okta on 20"),
        "{}",
        sentence(&gone["explanation"]["cause"])
    );
    assert!(text(gone, "/fix/text").contains("assign them again"), "{gone}");
    assert_eq!(gone["row"]["summary"]["text"], "Okta asked for a user that is not here");
}

/// entra-01-test-connection-guid
#[tokio::test(flavor = "multi_thread")]
async fn entra_is_explained_by_its_own_ways() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let probe = "/Users?filter=userName+eq+%22c5c9a1b0-12ab-4c3d-8e9f-0123456789ab%22";
    directory.with_header("GET", probe, None, ("ADSCIMVersion", "6.0")).await;
    let told = details(&running, &directory, 1).await;
    assert_eq!(told[0]["row"]["actor"], json!({ "idp": "entra", "name": "Entra ID" }));
    assert!(text(&told[0], "/next/text").contains("cannot exist"), "{}", told[0]["explanation"]);
    assert_eq!(told[0]["explanation"]["adminSees"], Value::Null);
}
