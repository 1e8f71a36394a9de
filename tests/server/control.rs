//! The model as a person works with it, through the control API.

use serde_json::{Value, json};

use crate::harness::{Running, user};

#[tokio::test(flavor = "multi_thread")]
async fn one_form_is_enough_for_the_first_directory() {
    let running = Running::start().await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(tree["environments"][0]["name"], "Local");
    let directory = running.directory("Acme Corp").await;
    let directory = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(directory["isPrimary"], true, "the first is Primary");
    assert_eq!(directory["baseUrlIsLocal"], true);
    assert!(!directory["baseUrl"].as_str().expect("a base URL").contains('_'), "Okta refuses underscores");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_url_changes_every_base_url_and_location_at_once() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let created = directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert!(
        created.header("Location").is_some_and(|location| location.starts_with("http://127.0.0.1:")),
        "{created:?}"
    );
    let environment = running.person("GET", "/api/tree", None).await["environments"][0]["id"].clone();
    let path = format!("/api/environments/{}", environment.as_str().expect("an id"));
    running.person("PATCH", &path, Some(json!({"publicUrl": "https://ada.example.com/"}))).await;
    let directory_now = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    let base_url = format!("https://ada.example.com/scim/v2/{}", directory.id);
    assert_eq!(directory_now["baseUrl"], json!(base_url));
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    let read = directory.idp("GET", &format!("/Users/{id}"), None).await.json();
    assert_eq!(read["meta"]["location"], json!(format!("{base_url}/Users/{id}")));
    for (url, word) in [
        ("http://ada.example.com", "https"),
        ("https://192.168.1.7", "private"),
        ("https://my_host.example.com", "underscore"),
    ] {
        let (status, error) = running.person_refused("PATCH", &path, Some(json!({"publicUrl": url}))).await;
        assert_eq!((status, &error["field"]), (422, &json!("publicUrl")), "{error}");
        assert!(error["message"].as_str().is_some_and(|text| text.to_lowercase().contains(word)), "{url}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_directory_of_an_organization_is_primary() {
    let running = Running::start().await;
    let first = running.directory("Acme Corp").await;
    let organization =
        running.person("GET", &format!("/api/directories/{}", first.id), None).await["organizationId"].clone();
    let second = running
        .person("POST", "/api/directories", Some(json!({"organizationId": organization, "name": "Entra"})))
        .await;
    assert_eq!(second["isPrimary"], false);
    let path = format!("/api/directories/{}", second["id"].as_str().expect("an id"));
    running.person("PATCH", &path, Some(json!({"isPrimary": true}))).await;
    let first_path = format!("/api/directories/{}", first.id);
    assert_eq!(running.person("GET", &first_path, None).await["isPrimary"], false);
    running.person("PATCH", &path, Some(json!({"isPrimary": false}))).await;
    assert_eq!(running.person("GET", &path, None).await["isPrimary"], false, "it may be switched off");
    let taken = json!({"organizationId": organization, "name": "entra"});
    let (status, error) = running.person_refused("POST", "/api/directories", Some(taken)).await;
    assert_eq!((status, &error["code"]), (409, &json!("conflict")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_says_what_goes_and_asks_for_the_name() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    running
        .eventually(&format!("/api/directories/{}", directory.id), "recording", |d| d["counts"]["exchanges"] == 1)
        .await;
    let tree = running.person("GET", "/api/tree", None).await;
    let path = format!("/api/organizations/{}", tree["organizations"][0]["id"].as_str().expect("an id"));
    let contents = running.person("GET", &format!("{path}/contents"), None).await;
    assert_eq!(
        (&contents["directories"], &contents["users"], &contents["exchanges"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let (status, error) = running.person_refused("DELETE", &path, Some(json!({"name": "Acme"}))).await;
    assert_eq!((status, &error["code"]), (422, &json!("confirmationMismatch")), "{error}");
    running.person("DELETE", &path, Some(json!({"name": "Acme Corp"}))).await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!((&tree["organizations"], &tree["directories"]), (&json!([]), &json!([])));
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 404, "its base URL is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_id_is_unique_in_its_environment() {
    let running = Running::start().await;
    let environment = running.person("GET", "/api/tree", None).await["environments"][0]["id"].clone();
    let new =
        |environment: &Value, name: &str| json!({"environmentId": environment, "name": name, "externalId": "acme-1"});
    running.person("POST", "/api/organizations", Some(new(&environment, "Acme Corp"))).await;
    let (status, error) = running.person_refused("POST", "/api/organizations", Some(new(&environment, "Other"))).await;
    assert_eq!((status, &error["field"]), (409, &json!("externalId")));
    let other = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await["id"].clone();
    running.person("POST", "/api/organizations", Some(new(&other, "Acme Corp"))).await;
}
