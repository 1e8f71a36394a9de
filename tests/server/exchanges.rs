//! The recorded requests: searching them, counting them, deleting them.

use serde_json::{Value, json};
use server::{Options, Server};

use crate::harness::{Directory, Hands, Running, options, user};

impl Directory {
    /// Paths of the recorded requests that a search finds, newest first.
    async fn found(&self, running: &Running, search: &str) -> Vec<String> {
        let query: String = form_encoded(search);
        let path = format!("/api/directories/{}/exchanges?search={query}&zone=UTC", self.id);
        let page = running.person("GET", &path, None).await;
        let items = page["items"].as_array().expect("rows");
        assert_eq!(page["total"], items.len(), "{search}: {page}");
        items.iter().map(|row| format!("{} {}", row["method"].as_str().unwrap_or_default(), row["status"])).collect()
    }
}

fn form_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_found_by_person_group_status_and_method() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let lookup = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100";
    directory.idp("GET", lookup, None).await;
    let created = directory.idp("POST", "/Users", Some(user("ada"))).await.id();
    directory.idp("POST", "/Users", Some(user("ADA"))).await;
    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"active": "nonsense"}}],
    });
    directory.idp("PATCH", &format!("/Users/{created}"), Some(patch)).await;
    directory.group("Engineering", &[&created]).await;
    directory.with_authorization("GET", &format!("/Users/{created}"), None, None).await;
    let path = format!("/api/directories/{}", directory.id);
    let counted = running.eventually(&path, "recording", |directory| directory["counts"]["exchanges"] == 6).await;
    assert_eq!(counted["counts"]["writes"], 4, "{counted}");
    assert_eq!(counted["counts"]["errors"], 3, "{counted}");
    for (search, expected) in [
        ("user:ada", vec!["GET 401", "POST 201", "PATCH 400", "POST 409", "POST 201", "GET 200"]),
        ("user:ada@example.com", vec!["POST 409", "POST 201", "GET 200"]),
        ("user:\"ada example\" status:4xx", vec!["GET 401", "PATCH 400", "POST 409"]),
        ("group:eng", vec!["POST 201"]),
        ("status:401", vec!["GET 401"]),
        ("method:patch", vec!["PATCH 400"]),
        ("\"no match\"", vec!["GET 200"]),
        // The refused POST names whom it collided with.
        (&created, vec!["GET 401", "POST 201", "PATCH 400", "POST 409", "POST 201"]),
        ("rejected status:4xx method:get", vec!["GET 401"]),
        ("user:nobody", vec![]),
        ("status:9xx \"", vec![]),
    ] {
        assert_eq!(directory.found(&running, search).await, expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_found_by_what_they_say_and_when() {
    let clock = Hands::new();
    let data = tempfile::tempdir().expect("a folder for the data");
    let server =
        Server::start(Options { clock: clock.clock(), ..options(data.path()) }).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let mut muller = user("ada");
    muller["name"]["familyName"] = "M\u{fc}ller".into();
    muller["title"] = "Lead".into();
    let ada = directory.idp("POST", "/Users", Some(muller)).await.id();
    clock.advance(3 * 3_600);
    directory.with_header("GET", &format!("/Users/{ada}"), None, ("User-Agent", "O'Brien/2")).await;
    directory.idp("GET", "/Groups?count=1", None).await;
    directory.idp("GET", "/Users/nobody", None).await;
    directory.newest_exchange(&running, 4).await;
    let all = vec!["GET 404", "GET 200", "GET 200", "POST 201"];
    for (search, expected) in [
        ("muller", vec!["GET 200", "POST 201"]),
        ("body:lead method:post", vec!["POST 201"]),
        ("\"title\":\"Lead\" method:post", vec!["POST 201"]),
        ("obrien", vec!["GET 200"]),
        ("client:o'brien", vec!["GET 200"]),
        ("-client:obrien method:get", vec!["GET 404", "GET 200"]),
        ("path:/groups", vec!["GET 200"]),
        ("-path:/users", vec!["GET 200"]),
        ("-status:404", vec!["GET 200", "GET 200", "POST 201"]),
        ("-status:2xx", vec!["GET 404"]),
        ("-muller", vec!["GET 404", "GET 200"]),
        ("since:1h", vec!["GET 404", "GET 200", "GET 200"]),
        ("until:1h", vec!["POST 201"]),
        ("-since:1h", vec!["POST 201"]),
        ("since:4h until:2h", vec!["POST 201"]),
        ("since:today", all.clone()),
        ("since:yesterday until:yesterday", vec![]),
        ("since:2026-06-07 until:2026-06-07T12:03", vec!["POST 201"]),
        // Its own password, which is masked, and what the mask says.
        ("k3Jd92xQ", vec![]),
        (&directory.token, vec![]),
    ] {
        assert_eq!(directory.found(&running, search).await, expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_means_nothing_is_refused_by_name() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let many = format!("?search={}status:404", "-status:200+".repeat(12));
    for (query, field, named) in [
        ("?search=color:red", "search", "Unknown filter “color:”. Known: user:"),
        (".har?search=-status:abc", "search", "“status:abc” is not a status."),
        ("?search=since:soon", "search", "“since:soon” is not a time."),
        ("?search=since:2h&zone=Atlantis", "zone", "Europe/Berlin"),
        (&many, "search", "“status:404”"),
    ] {
        let (status, error) = running.person_refused("GET", &format!("{path}{query}"), None).await;
        assert_eq!((status, &error["field"]), (422, &json!(field)), "{query}: {error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(named)), "{query}: {error}");
    }
    let found = running.person("GET", "/api/search?q=color:red", None).await;
    assert!(found["problem"].as_str().is_some_and(|problem| problem.contains("“color:”")), "{found}");
    let found = running.person("GET", "/api/search?q=color:red&kind=users", None).await;
    assert_eq!(found["problem"], Value::Null, "it is no search of users: {found}");
    let found = running.person("GET", "/api/search?q=since:2h&zone=Atlantis", None).await;
    assert!(found["problem"].as_str().is_some_and(|problem| problem.contains("Europe/Berlin")), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_matters_only_to_a_search_for_times() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    directory.newest_exchange(&running, 1).await;
    for search in ["", "ada", "status:201"] {
        let path = format!("/api/directories/{}/exchanges?search={search}&zone=Atlantis", directory.id);
        assert_eq!(running.person("GET", &path, None).await["total"], 1, "{search}");
    }
    let found = running.person("GET", "/api/search?q=ada&zone=Atlantis", None).await;
    assert_eq!(found["exchanges"].as_array().map(Vec::len), Some(1), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_unpacked_says_nothing_and_others_are_found() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "grace"]).await;
    directory.newest_exchange(&running, 2).await;
    let other = rusqlite::Connection::open(running.data.path().join("requests.sqlite3")).expect("a database");
    for damage in ["x'00'", "x'ffffffff00'"] {
        let sql = format!("UPDATE exchanges SET details = {damage} WHERE id = (SELECT min(id) FROM exchanges)");
        other.execute_batch(&sql).expect("it is damaged");
        assert_eq!(directory.found(&running, "body:username").await, ["POST 201"], "{damage}");
        assert_eq!(directory.found(&running, "nowhere").await, [""; 0], "{damage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_of_a_search_follow_each_other_and_need_no_total() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "grace", "alan"]).await;
    directory.newest_exchange(&running, 3).await;
    let path = format!("/api/directories/{}/exchanges?search=body:example&limit=2&noTotal=true", directory.id);
    let first = running.person("GET", &path, None).await;
    assert_eq!((first["items"].as_array().map(Vec::len), &first["total"]), (Some(2), &Value::Null), "{first}");
    assert_eq!(first["next"], first["items"][1]["id"]);
    let second = running.person("GET", &format!("{path}&before={}", first["next"]), None).await;
    assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(1), &Value::Null), "{second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_requests_leaves_everything_else() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let other = running.directory("Globex").await;
    let [ada] = directory.people(["ada"]).await;
    other.idp("GET", "/Users?startIndex=1&count=2", None).await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let tested = |guide: &Value| {
        let steps = guide["steps"].as_array().expect("steps");
        steps.iter().filter(|step| step["state"]["is"] == "seen").count()
    };
    let guide = format!("/api/directories/{}/guide", directory.id);
    let ticks = tested(&running.eventually(&guide, "a tick", |guide| tested(guide) > 1).await);
    let requests = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&requests, "recording", |page| page["total"] == 2).await;

    running.person("DELETE", &requests, None).await;

    assert_eq!(running.person("GET", &requests, None).await, json!({"total": 0, "items": [], "next": null}));
    let left = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(left["counts"]["exchanges"], 0);
    assert_eq!(left["counts"]["users"], 1);
    assert_eq!(tested(&running.person("GET", &guide, None).await), ticks, "ticks stay");
    let detail = running.person("GET", &format!("/api/directories/{}/users/{ada}", directory.id), None).await;
    assert_eq!(detail["history"]["total"], 1, "history stays");
    let path = format!("/api/directories/{}/exchanges", other.id);
    running.eventually(&path, "recording", |page| page["total"] == 1).await;
    running.person_refused("DELETE", "/api/directories/nobody/exchanges", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_to_no_directory_are_counted_and_can_be_deleted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let nobody = Directory { base_url: directory.base_url.replace(&directory.id, "nobody"), ..directory };
    nobody.idp("GET", "/Users", None).await;
    nobody.idp("POST", "/Users", Some(user("ada"))).await;
    let tree = running.eventually("/api/tree", "recording", |tree| tree["unattributed"]["exchanges"] == 2).await;
    assert_eq!(tree["unattributed"]["errors"], 2);
    assert_eq!(tree["unattributed"]["writes"], 1);
    running.person("DELETE", "/api/directories/unattributed/exchanges", None).await;
    assert_eq!(running.person("GET", "/api/tree", None).await["unattributed"]["exchanges"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_requests_shown_are_an_http_archive() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("GET", "/Users?filter=userName%20eq%20%22ada%22&count=1", None).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    directory.idp("GET", "/Users?startIndex=1&count=2", None).await;
    let path = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&path, "recording", |page| page["total"] == 3).await;
    let archive = running.person("GET", &format!("{path}.har"), None).await;
    assert_eq!(archive["log"]["version"], "1.2");
    let entries = archive["log"]["entries"].as_array().expect("entries");
    let methods: Vec<_> = entries.iter().filter_map(|entry| entry["request"]["method"].as_str()).collect();
    assert_eq!(methods, ["GET", "POST", "GET"], "the oldest first");
    assert_eq!(
        entries[0]["request"]["queryString"],
        json!([{"name": "filter", "value": "userName eq \"ada\""}, {"name": "count", "value": "1"}])
    );
    let url = entries[1]["request"]["url"].as_str().expect("a URL");
    assert_eq!(url, format!("{}/Users", directory.base_url));
    assert_eq!(entries[1]["response"]["status"], 201);
    assert_eq!(entries[1]["response"]["statusText"], "Created");
    assert!(entries[1]["request"]["postData"]["text"].as_str().is_some_and(|text| text.contains("ada@example.com")));
    // What HAR 1.2 asks for of every entry.
    for name in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
        assert!(entries.iter().all(|entry| entry.get(name).is_some()), "{name}");
    }
    let text = archive.to_string();
    assert!(!text.contains(&directory.token) && !text.contains("k3Jd92xQ"), "no secret leaves: {text}");
    let found = running.person("GET", &format!("{path}.har?show=writes&search=user:ada"), None).await;
    assert_eq!(found["log"]["entries"].as_array().map(Vec::len), Some(1));
    running.person_refused("GET", "/api/directories/nobody/exchanges.har", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_requests_of_the_same_kind_are_offered_to_compare_with() {
    let running = Running::start().await;
    let (directory, other) = (running.directory("Acme Corp").await, running.directory("Globex").await);
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    other.people(["ada"]).await;
    for (who, name) in [(&ada, "ada"), (&grace, "grace"), (&ada, "ada")] {
        directory.idp("PUT", &format!("/Users/{who}"), Some(user(name))).await;
    }
    directory.idp("GET", &format!("/Users/{ada}"), None).await;
    directory.newest_exchange(&running, 6).await;
    let page = running.person("GET", &format!("/api/directories/{}/exchanges", directory.id), None).await;
    let id = |at: usize| page["items"][at]["id"].as_i64().expect("an id");
    let offered = async |id: i64| {
        let rows = running.person("GET", &format!("/api/exchanges/{id}/comparable"), None).await;
        rows.as_array().expect("rows").iter().map(|row| row["id"].as_i64().expect("an id")).collect::<Vec<_>>()
    };
    assert_eq!(offered(id(1)).await, [id(3), id(2)], "the one of the same person first");
    assert_eq!(offered(id(4)).await, [id(5)], "both create a user; another directory's does not count");
    assert_eq!(offered(id(0)).await, [] as [i64; 0], "nobody was read before");
    running.person_refused("GET", "/api/exchanges/999999/comparable", None).await;
}
