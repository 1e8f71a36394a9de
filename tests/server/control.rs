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

#[tokio::test(flavor = "multi_thread")]
async fn every_preset_can_be_set_and_is_read_back_as_it_is() {
    let running = Running::start().await;
    let path = format!("/api/directories/{}", running.directory("Acme Corp").await.id);
    let presets = running.person("GET", "/api/policy-presets", None).await;
    let presets = presets.as_array().expect("a list");
    let names: Vec<&str> = presets.iter().filter_map(|one| one["preset"].as_str()).collect();
    assert_eq!(names, ["tolerant", "strictRfc", "oktaFriendly", "entraFriendly", "ssoreadyLike"]);
    for (name, policy) in names.iter().zip(presets.iter().map(|one| &one["policy"])) {
        running.person("PATCH", &path, Some(json!({"policy": policy}))).await;
        let read = running.person("GET", &path, None).await;
        assert_eq!(&read["policy"], policy, "{name} replaces the whole policy");
    }
    for words in presets.iter().flat_map(|one| [&one["label"], &one["hint"]]) {
        assert!(words.as_str().is_some_and(|words| !words.is_empty()), "each says what it is");
    }
    let before = running.person("GET", &path, None).await;
    let too_many = json!({"policy": {"mode": "strict", "pageSize": 1_001}});
    let (status, error) = running.person_refused("PATCH", &path, Some(too_many)).await;
    assert_eq!((status, &error["field"]), (422, &json!("policy")), "{error}");
    assert_eq!(running.person("GET", &path, None).await, before, "nothing changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_of_a_policy_is_listed_with_words_and_can_be_set() {
    let running = Running::start().await;
    let path = format!("/api/directories/{}", running.directory("Acme Corp").await.id);
    let switches = running.person("GET", "/api/policy-switches", None).await;
    let mut keys = Vec::new();
    for switch in switches.as_array().expect("a list") {
        let key = switch["key"].as_str().expect("a key");
        keys.push(key);
        assert!(switch["label"].is_string() && switch["tolerant"] != Value::Null && switch["strict"] != Value::Null);
        for choice in switch["choices"].as_array().expect("a list") {
            let policy = json!({"mode": "strict", key: choice["value"]});
            let set = running.person("PATCH", &path, Some(json!({"policy": policy}))).await;
            assert_eq!(set["policy"], policy, "{}: {}", switch["label"], choice["label"]);
        }
    }
    keys.sort_unstable();
    let document: Value = serde_json::from_str(&server::openapi_json()).expect("JSON");
    let properties = document["components"]["schemas"]["Policy"]["properties"].as_object().expect("an object");
    let documented: Vec<&str> = properties.keys().map(String::as_str).filter(|key| *key != "mode").collect();
    assert_eq!(keys, documented, "whatever a policy can set");
    let decided =
        |mode: &str| switches.as_array().into_iter().flatten().map(|one| one[mode].clone()).collect::<Vec<_>>();
    assert_ne!(decided("tolerant"), decided("strict"), "what a mode decides can be read too");
}

const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";

/// What the form of the window sends for `badgeNumber string` and `doors string[]`.
fn badge() -> Value {
    let attribute = |name: &str, multi_valued: bool| {
        json!({
            "name": name, "type": "string", "multiValued": multi_valued, "description": "", "required": false,
            "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
        })
    };
    let attributes = [attribute("badgeNumber", false), attribute("doors", true)];
    json!({"id": BADGE, "name": "BadgeUser", "description": "", "attributes": attributes})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_extension_is_refused_and_leaves_everything_as_it_was() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    running.person("PATCH", &path, Some(json!({"schemas": [{"resourceKind": "user", "schema": badge()}]}))).await;
    let before = running.person("GET", &path, None).await;
    let with = |key: &str, value: Value| {
        let mut schema = badge();
        schema[key] = value;
        schema
    };
    for (schemas, word) in [
        (vec![with("id", json!("badge"))], "not a URN"),
        (vec![with("id", json!("urn:ietf:params:scim:schemas:core:2.0:User"))], "already"),
        (vec![with("attributes", json!([]))], "at least one"),
        (vec![with("attributes", json!([{"name": "a b", "type": "string"}]))], "not an attribute name"),
        (vec![with("attributes", json!([{"name": "a", "type": "text"}]))], "not a schema"),
        (vec![badge(), with("id", json!(BADGE.to_uppercase()))], "twice"),
    ] {
        let declared: Vec<Value> =
            schemas.iter().map(|schema| json!({"resourceKind": "user", "schema": schema})).collect();
        let patch = json!({"name": "Renamed", "policy": {"mode": "strict"}, "schemas": declared});
        let (status, error) = running.person_refused("PATCH", &path, Some(patch)).await;
        assert_eq!((status, &error["field"]), (422, &json!("schemas")), "{error}");
        assert!(error["message"].as_str().is_some_and(|text| text.contains(word)), "{word}: {error}");
        assert_eq!(running.person("GET", &path, None).await, before, "{word}: not even the name changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_extension_is_announced_and_its_attributes_are_there_to_work_with() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    let declared = json!([{"resourceKind": "user", "schema": badge()}]);
    running.person("PATCH", &path, Some(json!({"schemas": declared}))).await;
    assert_eq!(running.person("GET", &path, None).await["schemas"], declared, "it is kept as it was sent");

    let schemas = directory.with_authorization("GET", "/Schemas", None, None).await.json();
    let listed = schemas["Resources"].as_array().expect("schemas").iter().find(|schema| schema["id"] == BADGE);
    let names = listed.expect("the extension")["attributes"].as_array().expect("attributes");
    assert_eq!(names.iter().map(|one| &one["name"]).collect::<Vec<_>>(), ["badgeNumber", "doors"]);
    let types = directory.with_authorization("GET", "/ResourceTypes", None, None).await.json();
    let extends = |kind: &str| {
        let found = types["Resources"].as_array().expect("types").iter().find(|one| one["name"] == kind);
        let extensions = found.expect(kind)["schemaExtensions"].as_array().cloned().unwrap_or_default();
        extensions.iter().any(|one| one["schema"] == BADGE)
    };
    assert!(extends("User") && !extends("Group"), "{types}");

    let mut ada = user("ada");
    ada["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User", BADGE]);
    ada[BADGE] = json!({"badgeNumber": "A-17", "doors": ["north"]});
    let created = directory.idp("POST", "/Users", Some(ada)).await;
    assert_eq!((created.status, &created.json()[BADGE]["badgeNumber"]), (201, &json!("A-17")), "{created:?}");
    directory.idp("POST", "/Users", Some(user("alan"))).await;
    let with_badge = |number: &str| format!("/Users?filter={BADGE}:badgeNumber%20eq%20%22{number}%22");
    let found = directory.idp("GET", &with_badge("a-17"), None).await.json();
    assert_eq!((&found["totalResults"], &found["Resources"][0]["userName"]), (&json!(1), &json!("ada@example.com")));

    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "replace", "path": format!("{BADGE}:badgeNumber"), "value": "B-42"},
            {"op": "add", "path": format!("{BADGE}:doors"), "value": ["south"]},
        ],
    });
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    let patched = directory.idp("PATCH", &format!("/Users/{id}"), Some(patch)).await;
    assert_eq!(patched.json()[BADGE], json!({"badgeNumber": "B-42", "doors": ["north", "south"]}), "{patched:?}");
    assert_eq!(directory.idp("GET", &with_badge("A-17"), None).await.json()["totalResults"], 0);
    assert_eq!(directory.idp("GET", &with_badge("B-42"), None).await.json()["totalResults"], 1);
}

/// RFC 7643 §3: the values of `schemas` are those that the resource type has. What nobody has declared is kept all the same.
#[tokio::test(flavor = "multi_thread")]
async fn schemas_names_what_the_directory_declares_and_nothing_else() {
    const OTHER: &str = "urn:example:params:scim:schemas:extension:hat:2.0:User";
    const GROUP_BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:Group";
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    let core = |kind: &str| format!("urn:ietf:params:scim:schemas:core:2.0:{kind}");
    let mut made = Vec::new();
    for (kind, endpoint, name, urn) in
        [("User", "/Users", "userName", BADGE), ("Group", "/Groups", "displayName", GROUP_BADGE)]
    {
        let (number, size) = (json!({"badgeNumber": "A"}), json!({"size": "L"}));
        let body = json!({"schemas": [core(kind), urn, OTHER], name: kind, urn: number, OTHER: size});
        let created = directory.idp("POST", endpoint, Some(body)).await;
        assert_eq!(created.status, 201, "{created:?}");
        let one = format!("{endpoint}/{}", created.id());
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": format!("{OTHER}:color"), "value": "red"}],
        });
        let patched = directory.idp("PATCH", &one, Some(patch)).await;
        assert_eq!(patched.json()[OTHER], json!({"color": "red", "size": "L"}), "{patched:?}");
        made.push((kind, endpoint, urn, one));
    }
    for is_declared in [false, true, false] {
        let mut group_badge = badge();
        group_badge["id"] = GROUP_BADGE.into();
        let both = json!([
            {"resourceKind": "user", "schema": badge()},
            {"resourceKind": "group", "schema": group_badge},
        ]);
        let declared = if is_declared { both } else { json!([]) };
        running.person("PATCH", &path, Some(json!({"schemas": declared}))).await;
        for (kind, endpoint, urn, one) in &made {
            let expected = if is_declared { json!([core(kind), urn]) } else { json!([core(kind)]) };
            let found = |urn: &str| format!("{endpoint}?filter=schemas%20eq%20%22{urn}%22");
            let whole = directory.idp("GET", one, None).await.json();
            assert_eq!((&whole["schemas"], &whole[OTHER]["size"]), (&expected, &json!("L")), "{whole}");
            for target in [format!("{one}?attributes=id"), format!("{one}?excludedAttributes=meta")] {
                assert_eq!(directory.idp("GET", &target, None).await.json()["schemas"], expected, "{target}");
            }
            let listed = directory.idp("GET", endpoint, None).await.json();
            assert_eq!(listed["Resources"][0], whole, "a list shows what a read does");
            let meets = async |urn: &str| directory.idp("GET", &found(urn), None).await.json()["totalResults"] == 1;
            assert_eq!((meets(urn).await, meets(OTHER).await), (is_declared, false), "a filter sees what a read shows");
        }
    }
}
