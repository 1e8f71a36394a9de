//! The integration API: what the software under test reads, and with which key.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use server::{Options, Server};

use crate::client::{self, Answer};
use crate::harness::{Directory, Hands, Running, blocking, options};

/// The software under test.
#[derive(Clone)]
struct App {
    url: String,
    key: String,
    key_id: String,
}

impl App {
    /// With a key of its own for the environment that the first directories are in.
    async fn new(running: &Running, name: &str) -> Self {
        let created = running.person("POST", &keys(running).await, Some(json!({ "name": name }))).await;
        let text = |pointer: &str| created.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
        let url = running.server.integration_url().await.expect("it is open");
        Self { url, key: text("/key"), key_id: text("/apiKey/id") }
    }

    async fn ask(&self, target: &str) -> Answer {
        self.ask_with(target, &[("Authorization", &format!("Bearer {}", self.key))]).await
    }

    async fn ask_with(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{target}", self.url);
        let owned: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        blocking(move || {
            let headers: Vec<_> = owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            client::send("GET", &url, &headers, None).expect("an answer")
        })
        .await
    }

    async fn read(&self, target: &str) -> Value {
        let answer = self.ask(target).await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    }

    /// What it is told when something does not work.
    async fn refused(&self, target: &str, status: u16) -> String {
        let answer = self.ask(target).await;
        assert_eq!(answer.status, status, "{target}: {answer:?}");
        let error = answer.json();
        assert!(error["code"].is_string(), "{error}");
        error["message"].as_str().expect("a sentence").to_owned()
    }

    /// The email addresses of all users that a query finds, page by page.
    async fn emails(&self, query: &str, page_size: usize) -> Vec<String> {
        let (mut emails, mut token) = (Vec::new(), String::new());
        loop {
            let page = self.read(&format!("/v1/scim/users?{query}&pageSize={page_size}&pageToken={token}")).await;
            let users = page["scimUsers"].as_array().expect("users");
            assert!(users.len() <= page_size, "{page}");
            emails.extend(users.iter().map(|user| user["email"].as_str().expect("an email address").to_owned()));
            token = page["nextPageToken"].as_str().expect("a token").to_owned();
            if token.is_empty() {
                return emails;
            }
        }
    }
}

async fn environment(running: &Running) -> String {
    running.person("GET", "/api/tree", None).await["environments"][0]["id"].as_str().expect("an id").to_owned()
}

async fn keys(running: &Running) -> String {
    format!("/api/environments/{}/api-keys", environment(running).await)
}

/// The calls that are recorded, the newest first, once there are `count`.
async fn calls(running: &Running, count: usize) -> Vec<Value> {
    let path = format!("/api/environments/{}/api-calls", environment(running).await);
    let is_met = |page: &Value| page["items"].as_array().is_some_and(|items| items.len() == count);
    running.eventually(&path, "recording", is_met).await["items"].as_array().expect("calls").clone()
}

/// The organization of a directory.
async fn organization(running: &Running, directory: &Directory) -> String {
    let directory = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    directory["organizationId"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_reads_whoever_is_or_was_there_page_by_page() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let [ada, grace, alan, joan, _] = directory.people(["ada", "grace", "alan", "joan", "barbara"]).await;
    let query = format!("scimDirectoryId={}", directory.id);
    let everybody = ["ada", "grace", "alan", "joan", "barbara"].map(|name| format!("{name}@example.com"));
    for page_size in [1, 2, 4, 5, 6, 1_000] {
        assert_eq!(app.emails(&query, page_size).await, everybody, "{page_size}");
    }

    let team = directory.group("Team", &[&grace, &joan]).await;
    let deactivate = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]});
    assert_eq!(directory.idp("PATCH", &format!("/Users/{grace}"), Some(deactivate)).await.status, 200);
    assert_eq!(directory.idp("DELETE", &format!("/Users/{alan}"), None).await.status, 204);
    assert_eq!(app.emails(&query, 2).await, everybody, "who is deleted is there still");
    let read = async |id: &str| app.read(&format!("/v1/scim/users/{id}")).await["scimUser"].clone();
    let (active, deactivated, deleted) = (read(&ada).await, read(&grace).await, read(&alan).await);
    assert_eq!([&active["deleted"], &deactivated["deleted"], &deleted["deleted"]], [false, false, true]);
    assert_eq!(
        [&active["attributes"]["active"], &deactivated["attributes"]["active"]],
        [&json!(true), &json!(false)],
        "{deactivated}"
    );
    assert_eq!((&active["id"], &active["scimDirectoryId"]), (&json!(ada), &json!(directory.id)));
    assert_eq!(active["attributes"]["name"]["givenName"], "ada", "{active}");
    assert_eq!(deleted["attributes"]["userName"], "alan@example.com", "as it was at its end");
    assert_eq!(deactivated["attributes"]["groups"][0]["display"], "Team", "{deactivated}");
    for name in ["schemas", "id", "meta"] {
        assert!(active["attributes"].get(name).is_none(), "{name}: {active}");
    }

    let members = app.emails(&format!("{query}&scimGroupId={team}"), 1).await;
    assert_eq!(members, ["grace@example.com", "joan@example.com"]);
    let groups = app.read(&format!("/v1/scim/groups?{query}")).await;
    let group = &groups["scimGroups"][0];
    assert_eq!((&group["id"], &group["displayName"], &group["deleted"]), (&json!(team), &json!("Team"), &json!(false)));
    assert!(group["attributes"].get("members").is_none(), "they are asked for: {group}");
    assert_eq!(&app.read(&format!("/v1/scim/groups/{team}")).await["scimGroup"], group);

    running.person("PATCH", "/api/settings", Some(json!({"deactivatedIsDeleted": true}))).await;
    assert_eq!(read(&grace).await["deleted"], true, "as SSOReady says it");
    assert_eq!(read(&ada).await["deleted"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_primary_directory_is_read_where_an_organization_is_asked_for() {
    let running = Running::start().await;
    let first = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let organization = organization(&running, &first).await;
    let new = json!({"organizationId": organization, "name": "Entra ID"});
    let second = running.person("POST", "/api/directories", Some(new)).await["id"].as_str().expect("an id").to_owned();
    let second = running.known(&second, &running.new_token(&second).await);
    first.people(["ada"]).await;
    second.people(["grace"]).await;
    let path = format!("/api/organizations/{organization}");
    running.person("PATCH", &path, Some(json!({"externalId": "acme"}))).await;

    for query in [
        format!("organizationId={organization}"),
        format!("organization_id={organization}"),
        "organizationExternalId=acme".to_owned(),
        "organization_external_id=acme".to_owned(),
    ] {
        assert_eq!(app.emails(&query, 10).await, ["ada@example.com"], "{query}");
    }
    let primary = |id: &str, is: bool| {
        let path = format!("/api/directories/{id}");
        let running = &running;
        async move { running.person("PATCH", &path, Some(json!({"isPrimary": is}))).await }
    };
    primary(&second.id, true).await;
    assert_eq!(app.emails("organizationExternalId=acme", 10).await, ["grace@example.com"]);
    assert_eq!(app.emails(&format!("scim_directory_id={}", first.id), 10).await, ["ada@example.com"]);

    primary(&second.id, false).await;
    let text = app.refused("/v1/scim/users?organizationExternalId=acme", 400).await;
    assert!(text.contains("has no Primary directory"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contradicts_itself_is_said() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    directory.people(["ada", "grace"]).await;
    let group = directory.group("Team", &[]).await;
    let (id, users) = (&directory.id, format!("/v1/scim/users?scimDirectoryId={}", directory.id));
    let token = app.read(&format!("{users}&pageSize=1")).await["nextPageToken"].as_str().expect("a token").to_owned();
    for (target, status, said) in [
        ("/v1/scim/users".to_owned(), 400, "scimDirectoryId, organizationId or organizationExternalId"),
        (format!("{users}&organizationId=x"), 400, "scimDirectoryId and organizationId name two things"),
        (format!("{users}&scim_directory_id={id}"), 400, "scimDirectoryId is there twice. Send it once."),
        ("/v1/scim/users/%ff".to_owned(), 404, "Nothing has such an id."),
        (format!("/v1/scim/users/{}", "x".repeat(65)), 404, "Nothing has such an id."),
        (format!("{users}&pageSize=0"), 400, "from 1 to 1,000"),
        (format!("{users}&pageSize=many"), 400, "from 1 to 1,000"),
        (format!("{users}&pageToken=nonsense"), 400, "belongs to another list"),
        (format!("{users}&scimGroupId={group}&pageToken={token}"), 400, "belongs to another list"),
        (format!("/v1/scim/groups?scimDirectoryId={id}&pageToken={token}"), 400, "belongs to another list"),
        (format!("/v1/scim/groups?scimDirectoryId={id}&scimGroupId={group}"), 400, "finds users"),
        (format!("{users}&scimGroupId=unknown"), 404, "no group"),
        ("/v1/scim/users?scimDirectoryId=unknown".to_owned(), 404, "no directory"),
        ("/v1/scim/users?organizationId=unknown".to_owned(), 404, "no organization"),
        ("/v1/scim/users?organizationExternalId=unknown".to_owned(), 404, "external id unknown"),
        ("/v1/scim/users/unknown".to_owned(), 404, "no user"),
        (format!("/v1/scim/users/{group}"), 404, "no user"),
        ("/v1/saml/redirect".to_owned(), 404, "does not have this path"),
    ] {
        let text = app.refused(&target, status).await;
        assert!(text.contains(said), "{target}: {text}");
    }
    assert_eq!(
        app.read(&format!("{users}&pageSize=2&pageToken={token}")).await["scimUsers"][0]["email"],
        "grace@example.com"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_its_environment_until_it_is_revoked_and_a_refusal_says_nothing_of_why() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let app = App::new(&running, "Backend").await;
    let listed = running.person("GET", &keys(&running).await, None).await;
    let stored = &listed[0];
    assert_eq!((&stored["name"], &stored["lastUsedAt"]), (&json!("Backend"), &Value::Null), "{listed}");
    assert!(app.key.starts_with("scim-setup-key-") && app.key.len() == "scim-setup-key-".len() + 43);
    assert!(app.key.ends_with(stored["lastFour"].as_str().expect("four characters")), "{stored}");
    assert!(!listed.to_string().contains(&app.key), "it is shown once");
    let (status, error) =
        running.person_refused("POST", &keys(&running).await, Some(json!({"name": " backend "}))).await;
    assert_eq!((status, &error["field"]), (409, &json!("name")), "{error}");

    let users = format!("/v1/scim/users?scimDirectoryId={}", directory.id);
    app.read(&users).await;
    running.eventually(&keys(&running).await, "the use", |keys| keys[0]["lastUsedAt"].is_string()).await;
    let other = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await;
    let path = format!("/api/environments/{}/api-keys", other["id"].as_str().expect("an id"));
    let created = running.person("POST", &path, Some(json!({"name": "Backend"}))).await;
    let foreign = App { key: created["key"].as_str().expect("a key").to_owned(), ..app.clone() };
    for target in [&users, &format!("/v1/scim/users/{ada}")] {
        let text = foreign.refused(target, 404).await;
        assert!(!text.contains("environment"), "{text}");
    }

    let revoked = running.person("DELETE", &format!("/api/api-keys/{}", app.key_id), None).await;
    assert!(revoked["revokedAt"].is_string(), "{revoked}");
    let wrong = format!("Bearer scim-setup-key-{}", "x".repeat(43));
    let refusals = [
        app.ask(&users).await,
        app.ask_with(&users, &[("Authorization", &wrong)]).await,
        app.ask_with(&users, &[("Authorization", &format!("Bearer {}", directory.token))]).await,
        app.ask_with(&users, &[("Authorization", "Basic YWRhOnNlY3JldA==")]).await,
        app.ask_with(&users, &[("Authorization", "Bearer ")]).await,
        app.ask_with(&users, &[]).await,
    ];
    let told: BTreeSet<_> = refusals.iter().map(|refused| (refused.status, refused.body.as_str())).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(refusals[0].status, 401);
    // A name is free again.
    running.person("POST", &keys(&running).await, Some(json!({"name": "Backend"}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_program_on_this_machine_gets_in() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let users = format!("/v1/scim/users?scimDirectoryId={}", directory.id);
    let bearer = format!("Bearer {}", app.key);
    let own = app.url.strip_prefix("http://").expect("a URL").to_owned();
    for header in [("Origin", "http://localhost:3000"), ("Origin", app.url.as_str()), ("Sec-Fetch-Site", "cross-site")]
    {
        let refused = app.ask_with(&users, &[("Authorization", &bearer), header]).await;
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("forbidden")), "{header:?}");
    }
    for (host, status) in [(own.as_str(), 200), ("ada.ngrok.app", 403), ("127.0.0.1", 403)] {
        let head =
            format!("GET {users} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {bearer}\r\nConnection: close\r\n\r\n");
        let at = own.clone();
        let answer = blocking(move || client::exchange(&at, head.as_bytes(), b"").expect("an answer")).await;
        assert_eq!(answer.status, status, "{host}: {answer:?}");
    }
    // What the tunnel forwards to does not know it.
    let through_tunnel = App { url: running.server.scim_url(), ..app };
    assert_eq!(through_tunnel.ask(&users).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_is_recorded_with_its_answer_and_without_its_key() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let app = App::new(&running, "Backend").await;
    let users = format!("/v1/scim/users?scimDirectoryId={}", directory.id);
    let bearer = format!("Bearer {}", app.key);
    app.ask_with(&users, &[("Authorization", &bearer), ("User-Agent", "acme/1.2"), ("X-Api-Key", "hunter2hunter2")])
        .await;
    app.ask_with(&format!("{users}&api_key={}&access_token=hunter2hunter2", app.key), &[]).await;
    app.ask_with("/v1/events", &[("Authorization", "Basic YWRhOmh1bnRlcjJodW50ZXIy")]).await;
    let calls = calls(&running, 3).await;
    let (basic, refused, read) = (&calls[0], &calls[1], &calls[2]);
    assert_eq!([&basic["hasKey"], &refused["hasKey"], &read["hasKey"]], [false, false, true]);
    let basic = running.person("GET", &format!("/api/api-calls/{}", basic["id"]), None).await;
    assert!(basic["requestHeaders"].to_string().contains(r#"["authorization","••••"]"#), "{basic}");
    assert_eq!((&read["apiKeyId"], &read["status"], &read["error"]), (&json!(app.key_id), &json!(200), &Value::Null));
    assert_eq!((&read["method"], &read["target"], &read["client"]), (&json!("GET"), &json!(users), &json!("acme/1.2")));
    assert!(read["durationMicros"].as_u64().is_some_and(|micros| micros > 0), "{read}");
    assert_eq!(
        (&refused["apiKeyId"], &refused["environmentId"], &refused["status"]),
        (&Value::Null, &Value::Null, &json!(401))
    );
    assert!(refused["error"].as_str().is_some_and(|error| error.contains("API key is missing")), "{refused}");
    let detail = running.person("GET", &format!("/api/api-calls/{}", read["id"]), None).await;
    assert_eq!(&detail["call"], read);
    let body: Value = serde_json::from_str(detail["responseBody"].as_str().expect("a body")).expect("JSON");
    assert_eq!(body["scimUsers"][0]["email"], "ada@example.com");
    let headers = detail["requestHeaders"].to_string();
    assert!(headers.contains("user-agent") && headers.contains(&app.key[app.key.len() - 4..]), "{headers}");
    let everything = format!("{calls:?}{detail}");
    for secret in [app.key.as_str(), "hunter2"] {
        assert!(!everything.contains(secret), "{everything}");
        for file in std::fs::read_dir(running.data.path()).expect("the folder can be read") {
            let path = file.expect("an entry").path();
            let bytes = if path.is_file() { std::fs::read(&path).expect("a file") } else { Vec::new() };
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{secret} in {}", path.display());
        }
    }
    let (status, _) = running.person_refused("GET", "/api/api-calls/4711", None).await;
    assert_eq!(status, 404);

    // A key that is revoked is known still, so that a person sees who has it.
    running.person("DELETE", &format!("/api/api-keys/{}", app.key_id), None).await;
    app.ask(&users).await;
    let newest = &self::calls(&running, 4).await[0];
    assert_eq!((&newest["apiKeyId"], &newest["status"]), (&json!(app.key_id), &json!(401)), "{newest}");

    // What was answered of a directory goes with it.
    running.person("DELETE", &format!("/api/directories/{}", directory.id), Some(json!({"name": "Okta"}))).await;
    let left = self::calls(&running, 3).await;
    assert!(left.iter().all(|call| call["status"] == 401), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_with_their_age_and_when_a_person_wants_it() {
    let (hands, data) = (Hands::new(), tempfile::tempdir().expect("a folder"));
    let options = Options { clock: hands.clock(), heartbeat: Duration::from_millis(10), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    // One of the app, one of somebody.
    let ask = async || {
        app.read("/v1/events").await;
        app.ask_with("/v1/events", &[]).await;
    };
    ask().await;
    calls(&running, 2).await;
    hands.advance(20 * 24 * 60 * 60);
    ask().await;
    let newest = calls(&running, 4).await;
    running.person("PATCH", "/api/settings", Some(json!({"keepDays": 30}))).await;
    hands.advance(15 * 24 * 60 * 60);
    assert_eq!(calls(&running, 2).await, newest[..2]);

    let path = format!("/api/environments/{}/api-calls", environment(&running).await);
    running.person("DELETE", &path, None).await;
    assert_eq!(running.person("GET", &path, None).await["items"], json!([]));
    ask().await;
    calls(&running, 2).await;
    let (status, _) = running.person_refused("DELETE", "/api/environments/unknown/api-calls", None).await;
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_ends_with_the_app_that_read() {
    let running = Running::start().await;
    let [read, other] = [running.directory("Acme Corp").await, running.directory("Globex").await];
    let app = App::new(&running, "Backend").await;
    for directory in [&read, &other] {
        assert_eq!(directory.idp("POST", "/Users", Some(json!({"userName": "ada@example.com"}))).await.status, 201);
    }
    let guide = |directory: &Directory| format!("/api/directories/{}/guide", directory.id);
    app.refused(&format!("/v1/scim/users?scimDirectoryId={}&pageSize=0", read.id), 400).await;
    assert_eq!(running.person("GET", &guide(&read), None).await["readByAppAt"], Value::Null, "it got nothing");
    app.read(&format!("/v1/scim/users?scimDirectoryId={}", read.id)).await;
    let told = running.eventually(&guide(&read), "the app", |guide| guide["readByAppAt"].is_string()).await;
    assert_eq!(told["readByAppAt"], calls(&running, 2).await[0]["at"]);
    assert_eq!(running.person("GET", &guide(&other), None).await["readByAppAt"], Value::Null);
    // It stays, whatever is kept of the calls.
    running.person("DELETE", &format!("/api/environments/{}/api-calls", environment(&running).await), None).await;
    assert_eq!(running.person("GET", &guide(&read), None).await["readByAppAt"], told["readByAppAt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_moves_and_keys_outlive_a_start() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let users = format!("/v1/scim/users?scimDirectoryId={}", directory.id);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let (status, error) =
        running.person_refused("POST", "/api/integration-listener", Some(json!({ "port": port }))).await;
    assert_eq!((status, &error["code"]), (409, &json!("portInUse")), "{error}");
    app.read(&users).await;
    let (status, _) = running.person_refused("POST", "/api/integration-listener", Some(json!({"port": 80}))).await;
    assert_eq!(status, 422);
    drop(taken);
    let status = running.person("POST", "/api/integration-listener", Some(json!({ "port": port }))).await;
    assert_eq!(
        status["integrationListener"],
        json!({"state": "listening", "address": format!("127.0.0.1:{port}"), "port": port})
    );
    let moved = App { url: format!("http://127.0.0.1:{port}"), ..app };
    moved.read(&users).await;

    let Running { server, data, .. } = running;
    server.shutdown().await;
    let taken = std::net::TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    let refused = Server::start(Options { integration_port: Some(port), ..options(data.path()) }).await;
    assert!(refused.err().is_some_and(|error| error.to_string().contains("--integration-port")));
    let without = Options { integration_port: None, ..options(data.path()) };
    let server = Server::start(without.clone()).await.expect("it starts without");
    assert_eq!(server.integration_url().await, None);
    server.shutdown().await;
    drop(taken);
    let server = Server::start(without).await.expect("it starts");
    assert_eq!(server.integration_url().await.as_ref(), Some(&moved.url), "where it was");
    moved.read(&users).await;
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_an_environment_that_was_deleted() {
    let running = Running::start().await;
    let other = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await;
    let id = other["id"].as_str().expect("an id");
    let path = format!("/api/environments/{id}/api-keys");
    let created = running.person("POST", &path, Some(json!({"name": "Backend"}))).await;
    let app = App::new(&running, "Other").await;
    let key = created["key"].as_str().expect("a key").to_owned();
    App { key, ..app }.ask("/v1/scim/users").await;
    let path = format!("/api/environments/{id}/api-calls");
    running.eventually(&path, "recording", |page| page["items"].as_array().is_some_and(|items| items.len() == 1)).await;
    running.person("DELETE", &format!("/api/environments/{id}"), Some(json!({"name": "Staging"}))).await;
    running.server.shutdown().await;
    let count = |file: &str, table: &str| {
        let connection = rusqlite::Connection::open(running.data.path().join(file)).expect("a database");
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert_eq!(count("scim-setup.sqlite3", "api_keys"), 1, "that of the other environment");
    assert_eq!([count("requests.sqlite3", "api_calls"), count("requests.sqlite3", "api_key_uses")], [0, 0]);
}

/// All events after `after`, `limit` at a time.
async fn events(app: &App, after: &str, limit: usize) -> Vec<Value> {
    let (mut events, mut next) = (Vec::new(), after.to_owned());
    loop {
        let page = app.read(&format!("/v1/events?after={next}&limit={limit}")).await;
        let found = page["events"].as_array().expect("events");
        assert!(found.len() <= limit, "{page}");
        events.extend(found.iter().cloned());
        next = page["next"].as_str().expect("a place").to_owned();
        if page["hasMore"] == false {
            return events;
        }
    }
}

/// What happened to whom: `user.created ada@example.com`.
fn told(event: &Value) -> String {
    let data = &event["data"];
    let text = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let name = [text("/user/email"), text("/group/displayName"), text("/member/name")].join(" ");
    format!("{} {}", event["type"].as_str().expect("a type"), name.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_told_what_happened_in_order_however_it_reads() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let organization = organization(&running, &directory).await;
    let path = format!("/api/organizations/{organization}");
    running.person("PATCH", &path, Some(json!({"externalId": "acme"}))).await;
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    let patch = async |path: String, operations: Value| {
        let answer = directory.idp("PATCH", &path, Some(json!({ "Operations": operations }))).await;
        assert!(answer.status < 300, "{answer:?}");
    };
    let team = directory.group("Team", &[&ada, &grace]).await;
    let early = events(&app, "", 1_000).await;
    patch(format!("/Users/{ada}"), json!([{"op": "replace", "path": "title", "value": "Countess"}])).await;
    for active in [false, true] {
        patch(format!("/Users/{ada}"), json!([{"op": "replace", "path": "active", "value": active}])).await;
    }
    let operations = json!([
        {"op": "replace", "path": "displayName", "value": "Crew"},
        {"op": "remove", "path": format!("members[value eq \"{grace}\"]")},
    ]);
    patch(format!("/Groups/{team}"), operations).await;
    assert_eq!(directory.idp("DELETE", &format!("/Groups/{team}"), None).await.status, 204);
    assert_eq!(directory.idp("DELETE", &format!("/Users/{ada}"), None).await.status, 204);

    let all = events(&app, "", 1_000).await;
    let expected = [
        "user.created ada@example.com",
        "user.created grace@example.com",
        "group.created Team",
        "group.member_added Team ada Example",
        "group.member_added Team grace Example",
        "user.updated ada@example.com",
        "user.deactivated ada@example.com",
        "user.reactivated ada@example.com",
        "group.updated Crew",
        "group.member_removed Crew grace Example",
        "group.deleted Crew",
        "user.deleted ada@example.com",
    ];
    assert_eq!(all.iter().map(told).collect::<Vec<_>>(), expected);
    // What happens later changes no event: not even which of two members came first.
    assert_eq!(all[..early.len()], early);
    for limit in 1..=4 {
        assert_eq!(events(&app, "", limit).await, all, "{limit}");
    }
    for (index, event) in all.iter().enumerate() {
        let after = event["id"].as_str().expect("an id");
        assert_eq!(events(&app, after, 3).await, all[index + 1..], "{after}");
    }
    let ids: BTreeSet<_> = all.iter().map(|event| event["id"].as_str()).collect();
    assert_eq!(ids.len(), all.len());

    let updated = &all[5];
    assert_eq!(updated["changes"], json!([{"path": "title", "after": "Countess"}]));
    assert_eq!(updated["data"]["user"]["attributes"]["title"], "Countess");
    assert_eq!(updated["organization"], json!({"id": organization, "externalId": "acme", "name": "Acme Corp"}));
    assert_eq!(updated["directory"], json!({"id": directory.id, "name": "Okta", "isPrimary": true}));
    let request = running.person("GET", &format!("/api/exchanges/{}", updated["cause"]["requestId"]), None).await;
    assert_eq!(request["row"]["method"], "PATCH", "{request}");
    let deactivated = &all[6]["data"]["user"];
    assert_eq!((&deactivated["deleted"], &deactivated["attributes"]["active"]), (&json!(false), &json!(false)));
    assert_eq!(all[11]["data"]["user"]["deleted"], true);
    assert_eq!((&all[3]["data"]["member"]["id"], &all[3]["data"]["group"]["id"]), (&json!(ada), &json!(team)));

    let some = app.read("/v1/events?types=user.deleted,group.member_removed").await;
    let some: Vec<_> = some["events"].as_array().expect("events").iter().map(told).collect();
    assert_eq!(some, ["group.member_removed Crew grace Example", "user.deleted ada@example.com"]);
    let now = app.read("/v1/events?after=now").await;
    assert_eq!((&now["events"], &now["hasMore"]), (&json!([]), &json!(false)));
    directory.people(["alan"]).await;
    let later = events(&app, now["next"].as_str().expect("a place"), 10).await;
    assert_eq!(later.iter().map(told).collect::<Vec<_>>(), ["user.created alan@example.com"]);

    let other = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await;
    let path = format!("/api/environments/{}/api-keys", other["id"].as_str().expect("an id"));
    let created = running.person("POST", &path, Some(json!({"name": "Backend"}))).await;
    let foreign = App { key: created["key"].as_str().expect("a key").to_owned(), ..app.clone() };
    assert!(events(&foreign, "", 10).await.is_empty(), "nothing of another environment");
    for (query, said) in [
        ("types=user.renamed", "no type of event \"user.renamed\""),
        ("limit=0", "from 1 to 1,000"),
        ("after=yesterday", "the id of an event"),
        ("after=-1", "the id of an event"),
        ("after=1-", "the id of an event"),
    ] {
        let text = app.refused(&format!("/v1/events?{query}"), 400).await;
        assert!(text.contains(said), "{query}: {text}");
    }
}

/// A title for a user.
fn titled(title: &str) -> Value {
    json!({"Operations": [{"op": "replace", "path": "title", "value": title}]})
}

/// From where on a refused app is told to go on.
async fn goes_on_from(app: &App, after: &str) -> String {
    let text = app.refused(&format!("/v1/events?after={after}"), 410).await;
    let (_, after) = text.rsplit_once("after=").expect("it says where");
    after.trim_end_matches('.').to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_on_where_changes_are_not_kept_any_more_is_told_where_to_begin() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let other = running.person("POST", "/api/environments", Some(json!({"name": "Staging"}))).await;
    let path = format!("/api/environments/{}/api-keys", other["id"].as_str().expect("an id"));
    let created = running.person("POST", &path, Some(json!({"name": "Backend"}))).await;
    let foreign = App { key: created["key"].as_str().expect("a key").to_owned(), ..app.clone() };
    let [ada, _] = directory.people(["ada", "grace"]).await;
    let first = app.read("/v1/events?limit=1").await["events"][0]["id"].as_str().expect("an id").to_owned();
    for number in 0..15 {
        let path = format!("/Users/{ada}");
        assert_eq!(directory.idp("PATCH", &path, Some(titled(&number.to_string()))).await.status, 200);
    }
    let all = events(&app, &first, 100).await;
    assert_eq!(all.len(), 16);
    running.person("PATCH", "/api/settings", Some(json!({"keepChanges": 10}))).await;
    let after = goes_on_from(&app, &first).await;
    let left = events(&app, &after, 100).await;
    assert_eq!(left, all[6..], "of her own changes the newest ten");
    let kept = events(&app, "", 100).await;
    assert_eq!(
        kept.iter().map(told).take(2).collect::<Vec<_>>(),
        ["user.created ada@example.com", "user.created grace@example.com"]
    );
    assert_eq!(kept[2..], left, "from the first that is kept");
    assert!(events(&foreign, &first, 10).await.is_empty(), "nothing of another environment was let go");
    let at_the_end = app.read("/v1/events?after=now").await["next"].as_str().expect("a place").to_owned();
    assert!(events(&app, &at_the_end, 10).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_on_after_a_directory_has_gone_or_the_data_is_another_begins_again() {
    let running = Running::start().await;
    let (directory, second) = (running.directory("Acme Corp").await, running.directory("Umbrella").await);
    let app = App::new(&running, "Backend").await;
    let now = async || app.read("/v1/events?after=now").await["next"].as_str().expect("a place").to_owned();
    directory.people(["ada"]).await;
    let before = now().await;
    directory.people(["grace"]).await;
    assert_eq!(goes_on_from(&app, "999999").await, now().await, "a place that nothing has reached");
    running.person("POST", &format!("/api/directories/{}/reset", directory.id), None).await;
    assert_eq!(goes_on_from(&app, &before).await, now().await, "reset");
    let token = running.new_token(&directory.id).await;
    let directory = running.known(&directory.id, &token);
    directory.people(["alan"]).await;
    let before = now().await;
    directory.people(["joan"]).await;
    let organization = organization(&running, &second).await;
    let path = format!("/api/directories/{}", directory.id);
    running.person("PATCH", &path, Some(json!({"organizationId": organization, "name": "Entra ID"}))).await;
    assert_eq!(goes_on_from(&app, &before).await, now().await, "moved");
    let before = now().await;
    directory.people(["ken"]).await;
    running.person("DELETE", &format!("/api/organizations/{organization}"), Some(json!({"name": "Umbrella"}))).await;
    assert_eq!(goes_on_from(&app, &before).await, now().await, "deleted with its organization");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_long_resources_is_a_short_one() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    const PEOPLE: usize = 30;
    for number in 0..PEOPLE {
        let mut user = crate::harness::user(&format!("person-{number}"));
        user["nickName"] = "x".repeat(240_000).into();
        assert_eq!(directory.idp("POST", "/Users", Some(user)).await.status, 201);
    }
    let users = format!("/v1/scim/users?pageSize=1000&scimDirectoryId={}", directory.id);
    for (target, more) in [("/v1/events?limit=1000".to_owned(), "hasMore"), (users, "nextPageToken")] {
        let answer = app.ask(&target).await;
        assert!((4 << 20..6 << 20).contains(&answer.body.len()), "{target}: {} bytes", answer.body.len());
        let more = &answer.json()[more];
        assert!(more == true || more.as_str().is_some_and(|token| !token.is_empty()), "{target}: {more}");
    }
    assert_eq!(events(&app, "", 1_000).await.len(), PEOPLE);
    assert_eq!(app.emails(&format!("scimDirectoryId={}", directory.id), 1_000).await.len(), PEOPLE);
}

/// Follows the events of an app on a connection of its own, until there are `count` of them or it ends.
fn follow(app: &App, query: &str, last: Option<&str>, count: usize) -> impl Future<Output = Vec<String>> + use<> {
    let (host, _) = client::split(&app.url);
    let last = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
    let head = format!(
        "GET /v1/events{query} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nAccept: text/event-stream\r\nConnection: close\r\n{last}\r\n",
        app.key
    );
    blocking(move || {
        let are_enough = |lines: &[String]| lines.iter().filter(|line| line.starts_with("data: ")).count() >= count;
        client::lines(&host, head.as_bytes(), are_enough).expect("a stream")
    })
}

/// What of a stream begins with a name.
fn of(lines: &[String], name: &str) -> Vec<String> {
    lines.iter().filter_map(|line| line.strip_prefix(name)).map(str::to_owned).collect()
}

fn told_of(lines: &[String]) -> Vec<String> {
    of(lines, "data: ").iter().map(|data| told(&serde_json::from_str(data).expect("JSON"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_what_was_and_what_comes_and_goes_on_after_a_break() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    directory.people(["ada", "grace"]).await;
    let reading = tokio::spawn(follow(&app, "", None, 3));
    directory.people(["alan"]).await;
    let lines = reading.await.expect("it is read");
    let everybody = ["user.created ada@example.com", "user.created grace@example.com", "user.created alan@example.com"];
    assert_eq!(told_of(&lines), everybody);
    assert_eq!(of(&lines, "event: "), ["user.created"; 3]);
    let ids = of(&lines, "id: ");
    let lines = follow(&app, "", Some(&ids[0]), 2).await;
    assert_eq!(told_of(&lines), everybody[1..]);

    // Before anything happens there is a place to go on from, and an empty one is none.
    let waiting = tokio::spawn(follow(&app, "?after=now&types=user.created", Some(""), 1));
    running.eventually(&keys(&running).await, "the call", |keys| keys[0]["lastUsedAt"].is_string()).await;
    calls(&running, 3).await;
    directory.group("Team", &[]).await;
    directory.people(["joan"]).await;
    let lines = waiting.await.expect("it is read");
    assert_eq!(told_of(&lines), ["user.created joan@example.com"]);
    let places = of(&lines, "id: ");
    assert!(places.len() >= 2 && places[0] == "3", "at first the place alone: {lines:?}");

    // A stream that never ends does not hold up the end.
    let open = tokio::spawn(follow(&app, "?after=now", None, 1));
    calls(&running, 4).await;
    running.server.shutdown().await;
    assert!(told_of(&open.await.expect("it ends")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_key_and_with_its_listener_and_one_key_has_a_few() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let app = App::new(&running, "Backend").await;
    let streams: Vec<_> = (0..16).map(|_| tokio::spawn(follow(&app, "?after=now", None, 1))).collect();
    calls(&running, 16).await;
    let bearer = format!("Bearer {}", app.key);
    let refused = app.ask_with("/v1/events", &[("Authorization", &bearer), ("Accept", "text/event-stream")]).await;
    assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("too_many")), "{refused:?}");
    app.read("/v1/events?after=now").await;

    running.person("DELETE", &format!("/api/api-keys/{}", app.key_id), None).await;
    for stream in streams {
        assert!(told_of(&stream.await.expect("it ends")).is_empty());
    }
    directory.people(["ada"]).await;

    let other = App::new(&running, "Other").await;
    let stream = tokio::spawn(follow(&other, "?after=now", None, 1));
    calls(&running, 19).await;
    let began = std::time::Instant::now();
    running.person("POST", "/api/integration-listener", Some(json!({"port": 0}))).await;
    assert!(told_of(&stream.await.expect("it ends")).is_empty());
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "the listener waited for a stream");
    let moved = App { url: running.server.integration_url().await.expect("it is open"), ..other };
    moved.read("/v1/events?after=now").await;
}
