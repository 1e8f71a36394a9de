//! What a person does with a whole directory: it begins anew, moves, and is copied.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

async fn read(running: &Running, directory: &Directory) -> Value {
    running.person("GET", &format!("/api/directories/{}", directory.id), None).await
}

async fn organization(running: &Running, name: &str, environment: &Value) -> Value {
    running.person("POST", "/api/organizations", Some(json!({"name": name, "environmentId": environment}))).await["id"]
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_begins_anew_keeps_what_its_provider_has() {
    let running = Running::start().await;
    let mut directory = running.directory("Acme Corp").await;
    let other = running.directory("Globex").await;
    other.people(["zoe"]).await;
    let former = directory.token.clone();
    directory.token = running.new_token(&directory.id).await;
    directory.set_policy(&running, json!({"mode": "strict"})).await;
    let path = format!("/api/directories/{}", directory.id);
    running
        .person("PATCH", &format!("{path}/guide"), Some(json!({"track": "okta-aiw", "steps": {"enable": true}})))
        .await;
    let [ada] = directory.people(["ada"]).await;
    directory.group("Team", &[&ada]).await;
    directory.newest_exchange(&running, 2).await;
    let before = read(&running, &directory).await;

    let after = running.person("POST", &format!("{path}/reset"), None).await;

    for kept in ["id", "name", "organizationId", "isPrimary", "policy", "baseUrl", "createdAt"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    assert_eq!(after["token"]["lastFour"], before["token"]["lastFour"]);
    for (kind, count) in after["counts"].as_object().expect("counts") {
        assert_eq!(count, 0, "{kind}");
    }
    let guide = running.person("GET", &format!("{path}/guide"), None).await;
    assert_eq!((&guide["track"], &guide["isChosen"]), (&json!("okta-aiw"), &json!(true)));
    for step in guide["steps"].as_array().expect("steps") {
        let state = step["state"]["is"].as_str().unwrap_or_default();
        assert!(["open", "notYet"].contains(&state), "{step}");
    }
    for list in ["users", "groups", "exchanges", "changes"] {
        assert_eq!(running.person("GET", &format!("{path}/{list}"), None).await["total"], 0, "{list}");
    }

    let again = directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert_eq!(again.status, 201, "the token is in force, and the name is free: {again:?}");
    assert_eq!(directory.idp("GET", &format!("/Users/{ada}"), None).await.status, 404);
    let refused = directory.with_authorization("GET", "/Users", None, Some(format!("Bearer {former}"))).await;
    assert_eq!(refused.status, 401);
    let refused = directory.newest_exchange(&running, 3).await;
    assert_eq!(refused["authorization"]["verdict"], "retired", "which token was which is still known");
    assert_eq!(other.idp("GET", "/Users", None).await.json()["totalResults"], 1, "the others keep theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_moves_with_all_that_it_has() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let tree = running.person("GET", "/api/tree", None).await;
    let globex = organization(&running, "Globex", &tree["environments"][0]["id"]).await;
    let path = format!("/api/directories/{}", directory.id);
    let moved = running.person("PATCH", &path, Some(json!({"organizationId": globex}))).await;
    assert_eq!((&moved["organizationId"], &moved["isPrimary"]), (&globex, &json!(true)));
    assert_eq!(moved["baseUrl"], json!(directory.base_url), "in one environment it stays where it is");
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1);

    let others = json!({"organizationId": tree["organizations"][0]["id"], "name": "Entra"});
    let other = running.person("POST", "/api/directories", Some(others)).await;
    assert_eq!(other["isPrimary"], true, "the organization that it left is empty");
    let taken = json!({"organizationId": tree["organizations"][0]["id"], "name": "Okta"});
    running.person("POST", "/api/directories", Some(taken.clone())).await;
    let back = json!({"organizationId": tree["organizations"][0]["id"]});
    let (status, error) = running.person_refused("PATCH", &path, Some(back)).await;
    assert_eq!((status, &error["field"]), (409, &json!("name")), "{error}");
    let (status, _) = running.person_refused("PATCH", &path, Some(json!({"organizationId": "gone"}))).await;
    assert_eq!(status, 404);
}

/// It would take the organization with it that it moved to.
#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_is_moved_is_kept_and_an_organization_always_has_a_primary_directory() {
    let running = Running::start().await;
    let environment = running.person("GET", "/api/tree", None).await["environments"][0]["id"].clone();
    let demo = running.person("POST", "/api/demo", Some(json!({"environmentId": environment}))).await;
    let demo = format!("/api/directories/{}", demo["directory"]["id"].as_str().expect("an id"));
    let own = running.directory("Acme Corp").await;
    let acme = read(&running, &own).await["organizationId"].clone();
    let moved = running.person("PATCH", &demo, Some(json!({"organizationId": acme, "name": "Demo"}))).await;
    assert_eq!((&moved["isDemo"], &moved["isPrimary"]), (&json!(false), &json!(false)));
    assert_eq!(running.person_refused("DELETE", &format!("{demo}/demo"), None).await.0, 409);

    let globex = organization(&running, "Globex", &environment).await;
    let path = format!("/api/directories/{}", own.id);
    running.person("PATCH", &path, Some(json!({"organizationId": globex}))).await;
    assert_eq!(running.person("GET", &demo, None).await["isPrimary"], true, "the one that is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_moves_to_another_environment_leaves_its_provider_with_the_former_base_url() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let here = running.person("GET", "/api/tree", None).await["environments"][0]["id"].clone();
    let path = format!("/api/environments/{}", here.as_str().expect("an id"));
    running.person("PATCH", &path, Some(json!({"publicUrl": "https://ada.example.com"}))).await;
    directory.with_header("GET", "/Users", None, ("X-Forwarded-Host", "ada.example.com")).await;
    directory.newest_exchange(&running, 1).await;
    let there = json!({"name": "Staging", "publicUrl": "https://bob.example.com"});
    let there = running.person("POST", "/api/environments", Some(there)).await["id"].clone();
    let globex = organization(&running, "Globex", &there).await;
    let path = format!("/api/directories/{}", directory.id);
    let moved = running.person("PATCH", &path, Some(json!({"organizationId": globex}))).await;
    assert_eq!(moved["baseUrl"], json!(format!("https://bob.example.com/scim/v2/{}", directory.id)));
    assert_eq!(
        moved["formerUrl"]["baseUrl"],
        json!(format!("https://ada.example.com/scim/v2/{}", directory.id)),
        "{moved}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_has_the_settings_and_nobody() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.set_policy(&running, json!({"mode": "strict"})).await;
    let path = format!("/api/directories/{}", directory.id);
    let schema = json!({
        "id": "urn:example:params:scim:schemas:extension:acme:2.0:User", "name": "Acme",
        "attributes": [{"name": "badge", "type": "string"}],
    });
    running.person("PATCH", &path, Some(json!({"schemas": [{"resourceKind": "user", "schema": schema}]}))).await;
    running.person("PATCH", &format!("{path}/guide"), Some(json!({"track": "entra", "steps": {}}))).await;
    directory.people(["ada"]).await;
    let original = read(&running, &directory).await;
    let new = json!({"organizationId": original["organizationId"], "name": "Copy", "copyOf": directory.id});
    let copy = running.person("POST", "/api/directories", Some(new)).await;
    for same in ["policy", "schemas"] {
        assert_eq!(copy[same], original[same], "{same}");
    }
    assert_eq!((&copy["provider"]["track"], &copy["isPrimary"]), (&json!("entra"), &json!(false)));
    assert_eq!((&copy["token"], &copy["counts"]["users"]), (&Value::Null, &json!(0)));
    let gone = json!({"organizationId": original["organizationId"], "name": "Other", "copyOf": "gone"});
    assert_eq!(running.person_refused("POST", "/api/directories", Some(gone)).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_during_a_reset_is_told_to_come_back() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}/reset", directory.id);
    let mut refused = 0;
    for round in 0..40 {
        let write = |number: usize| {
            let directory = &directory;
            async move { directory.idp("POST", "/Users", Some(user(&format!("{round}-{number}")))).await }
        };
        let (_, a, b, c, d) = tokio::join!(running.person("POST", &path, None), write(1), write(2), write(3), write(4));
        for answer in [a, b, c, d] {
            assert!([201, 503].contains(&answer.status), "{} {}", answer.status, answer.json());
            if answer.status == 503 {
                refused += 1;
                assert!(answer.header("Retry-After").is_some());
                let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
                assert!(detail.contains("was reset or deleted meanwhile"), "{detail}");
            }
        }
    }
    assert!(refused > 0, "none of 160 met a reset");
    assert_eq!(directory.idp("POST", "/Users", Some(user("late"))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_not_taken_for_a_reset() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let truth = rusqlite::Connection::open(running.data.path().join("scim-setup.sqlite3")).expect("a database");
    truth
        .execute_batch(
            "CREATE TRIGGER astray AFTER INSERT ON resources BEGIN UPDATE resources SET directory = 4711 WHERE key = NEW.key; END",
        )
        .expect("a reference to nothing");
    let answer = directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert_eq!(answer.status, 500, "there is no use in trying again: {}", answer.json());
}
