//! What the switches of a policy change, over HTTP.

use serde_json::{Value, json};

use crate::harness::{Running, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_refused_linked_or_overwritten() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let team = directory.group("Team", &[&ada]).await;
    let mut again = user("ADA");
    again["title"] = "Lead".into();
    let group = json!({"displayName": "TEAM", "externalId": "g1", "members": []});
    for (on_duplicate, status, title, external_id, members) in [
        ("refuse", 409, Value::Null, Value::Null, 1),
        ("link", 201, Value::Null, Value::Null, 1),
        ("overwrite", 201, json!("Lead"), json!("g1"), 0),
    ] {
        directory.set_policy(&running, json!({"mode": "tolerant", "onDuplicate": on_duplicate})).await;
        let answer = directory.idp("POST", "/Users", Some(again.clone())).await;
        assert_eq!(answer.status, status, "{on_duplicate}: {answer:?}");
        let stored = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
        assert_eq!(stored["title"], title, "{on_duplicate}");
        let answer = directory.idp("POST", "/Groups", Some(group.clone())).await;
        assert_eq!(answer.status, status, "{on_duplicate}: {answer:?}");
        if status == 409 {
            assert_eq!(answer.json()["scimType"], "uniqueness");
        } else {
            assert_eq!(answer.id(), team, "{on_duplicate}");
        }
        let stored = directory.idp("GET", &format!("/Groups/{team}"), None).await.json();
        assert_eq!(stored.get("externalId").cloned().unwrap_or_default(), external_id, "{on_duplicate}");
        assert_eq!(stored["members"].as_array().map(Vec::len), Some(members), "{on_duplicate}");
    }
    let total = directory.idp("GET", "/?count=0", None).await.json()["totalResults"].clone();
    assert_eq!(total, 2, "nobody came twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_is_answered_as_the_policy_says() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let path = format!("/Users/{ada}");
    let patch = |title: &str| Some(json!({"Operations": [{"op": "replace", "path": "title", "value": title}]}));
    let answer = directory.idp("PATCH", &path, patch("one")).await;
    assert_eq!((answer.status, &answer.json()["title"]), (200, &json!("one")));
    directory.set_policy(&running, json!({"patchAnswer": "noContent"})).await;
    let answer = directory.idp("PATCH", &path, patch("two")).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(directory.idp("GET", &path, None).await.json()["title"], "two");
    let answer = directory.idp("PATCH", &format!("{path}?attributes=title"), patch("three")).await;
    assert_eq!((answer.status, &answer.json()["title"]), (200, &json!("three")), "who asks for attributes gets them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_soft_deleted_user_comes_back_with_the_same_id() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    for (deletion, is_same) in [("hard", false), ("soft", true)] {
        directory.set_policy(&running, json!({"deletion": deletion})).await;
        let first = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
        let id = first["id"].as_str().expect("an id");
        let path = format!("/Users/{id}");
        assert_eq!(directory.idp("DELETE", &path, None).await.status, 204);
        assert_eq!(directory.idp("GET", &path, None).await.status, 404);
        assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 0);
        let second = directory.idp("POST", "/Users", Some(user("Ada"))).await;
        assert_eq!(second.status, 201, "{second:?}");
        let second = second.json();
        assert_eq!(second["id"] == first["id"], is_same, "{deletion}");
        assert_eq!(second["meta"]["created"] == first["meta"]["created"], is_same, "{deletion}");
        let again = format!("/Users/{}", second["id"].as_str().expect("an id"));
        directory.set_policy(&running, json!({})).await;
        assert_eq!(directory.idp("DELETE", &again, None).await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_names_are_held_to_the_e_mail_rules() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let tree = running.person("GET", "/api/tree", None).await;
    let organization = tree["organizations"][0]["id"].as_str().expect("an id");
    let domains = json!({"emailDomains": ["example.com"]});
    running.person("PATCH", &format!("/api/organizations/{organization}"), Some(domains)).await;
    let named = |name: &str| {
        let mut body = user("ada");
        body["userName"] = name.into();
        Some(body)
    };
    directory.set_policy(&running, json!({"userNameIsEmail": "refuse", "emailDomain": "refuse"})).await;
    for (name, words) in [("ada", "bad userName"), ("ada@other.test", "email outside organization domains")] {
        let answer = directory.idp("POST", "/Users", named(name)).await;
        assert_eq!((answer.status, &answer.json()["scimType"]), (400, &json!("invalidValue")), "{answer:?}");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.starts_with(words)), "{answer:?}");
    }
    directory.set_policy(&running, json!({})).await;
    let ada = directory.idp("POST", "/Users", named("ada")).await;
    assert_eq!(ada.status, 201, "warned of, not refused: {ada:?}");
    let exchange = directory.newest_exchange(&running, 3).await;
    assert_eq!(exchange["notes"][0]["rule"], "user-name-email", "{exchange}");
    // Whoever is there already can still be deactivated, but not renamed to another name that the rules refuse.
    directory.set_policy(&running, json!({"userNameIsEmail": "refuse", "emailDomain": "refuse"})).await;
    let path = format!("/Users/{}", ada.id());
    let patch =
        |path: &str, value: Value| Some(json!({"Operations": [{"op": "replace", "path": path, "value": value}]}));
    assert_eq!(directory.idp("PATCH", &path, patch("active", json!(false))).await.status, 200);
    assert_eq!(directory.idp("PATCH", &path, patch("userName", json!("ada@other.test"))).await.status, 400);
    assert_eq!(directory.idp("PATCH", &path, patch("userName", json!("ada@EXAMPLE.com"))).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_as_long_as_the_policy_lets_it_be() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["a", "b", "c"]).await;
    directory.set_policy(&running, json!({"pageSize": 2})).await;
    for target in ["/Users", "/Users?count=50", "/Users?cursor"] {
        let page = directory.idp("GET", target, None).await.json();
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(3), &json!(2)), "{target}");
    }
    let config = directory.with_authorization("GET", "/ServiceProviderConfig", None, None).await.json();
    assert_eq!((&config["filter"]["maxResults"], &config["pagination"]["maxPageSize"]), (&json!(2), &json!(2)));
    let path = format!("/api/directories/{}", directory.id);
    let refused = running.person_refused("PATCH", &path, Some(json!({"policy": {"pageSize": 0}}))).await;
    assert_eq!((refused.0, &refused.1["field"]), (422, &json!("policy")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_external_id_is_refused_only_where_the_policy_says_so() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let with_id = |name: &str| {
        let mut body = user(name);
        body["externalId"] = "00u1".into();
        Some(body)
    };
    assert_eq!(directory.idp("POST", "/Users", with_id("ada")).await.status, 201);
    assert_eq!(directory.idp("POST", "/Users", with_id("bob")).await.status, 201);
    directory.set_policy(&running, json!({"refuseDuplicateExternalIds": true})).await;
    let answer = directory.idp("POST", "/Users", with_id("carol")).await;
    assert_eq!((answer.status, &answer.json()["scimType"]), (409, &json!("uniqueness")), "{answer:?}");
}
