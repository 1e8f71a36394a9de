//! The lists of users and groups, and who in them is out of step with the identity provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use server::{Clock, Options, Server};

use crate::harness::{Directory, Running, options, user};

async fn list(running: &Running, directory: &Directory, rest: &str) -> Value {
    running.person("GET", &format!("/api/directories/{}/{rest}", directory.id), None).await
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("rows").iter().map(|row| row["displayName"].as_str().expect("a name")).collect()
}

fn deactivation() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"active": false}}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_searched_filtered_and_sorted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, grace, alan, barbara] = directory.people(["ada", "grace", "alan", "barbara"]).await;
    let mut erin = user("erin");
    erin["externalId"] = "00uE".into();
    erin["emails"] = json!([{"value": "E.O@Work.example", "type": "work"}]);
    let erin = directory.idp("POST", "/Users", Some(erin)).await.id();
    directory.idp("PATCH", &format!("/Users/{grace}"), Some(deactivation())).await;
    directory.idp("DELETE", &format!("/Users/{alan}"), None).await;
    directory.group("Engineering", &[&ada, &barbara]).await;
    directory.group("Oncall", &[&ada]).await;

    for (query, expected) in [
        ("", vec!["ada Example", "barbara Example", "grace Example", "erin Example"]),
        ("?order=asc", vec!["erin Example", "grace Example", "barbara Example", "ada Example"]),
        ("?sort=name&order=asc", vec!["ada Example", "barbara Example", "erin Example", "grace Example"]),
        ("?sort=name&order=desc", vec!["grace Example", "erin Example", "barbara Example", "ada Example"]),
        ("?sort=groups", vec!["ada Example", "barbara Example", "grace Example", "erin Example"]),
        ("?sort=groups&order=asc", vec!["erin Example", "grace Example", "barbara Example", "ada Example"]),
        ("?sort=status&order=asc", vec!["erin Example", "barbara Example", "ada Example", "grace Example"]),
        ("?sort=name&order=asc&offset=1&limit=2", vec!["barbara Example", "erin Example"]),
        ("?offset=4", vec![]),
        ("?status=active&sort=name&order=asc", vec!["ada Example", "barbara Example", "erin Example"]),
        ("?status=deactivated", vec!["grace Example"]),
        ("?status=deleted", vec!["alan Example"]),
        ("?status=outOfStep", vec![]),
        ("?search=EXAMPLE&sort=name&order=asc&limit=2", vec!["ada Example", "barbara Example"]),
        ("?search=EXAMPLE&sort=name&order=desc&offset=2", vec!["barbara Example", "ada Example"]),
        ("?search=EXAMPLE&sort=groups&limit=1", vec!["ada Example"]),
        ("?search=EXAMPLE&sort=status&order=desc&limit=1", vec!["grace Example"]),
        ("?search=e.o%40work", vec!["erin Example"]),
        ("?search=00ue", vec!["erin Example"]),
        ("?search=er", vec!["erin Example"]),
        ("?search=a%22", vec![]),
        ("?search=%22%22%22", vec![]),
        ("?search=nobody", vec![]),
        ("?search=alan", vec![]),
        ("?search=alan&status=deleted", vec!["alan Example"]),
    ] {
        let page = list(&running, &directory, &format!("users{query}")).await;
        assert_eq!(names(&page), expected, "{query}");
    }
    let by_id = list(&running, &directory, &format!("users?search={}", &erin[..13].to_uppercase())).await;
    assert_eq!(names(&by_id), ["erin Example"], "an id is found by its beginning");
    let counts = list(&running, &directory, "users?search=a&status=active").await;
    assert_eq!(
        (&counts["total"], &counts["counts"]),
        (&json!(3), &json!({"all": 4, "active": 3, "deactivated": 1, "changed": 0, "outOfStep": 0, "deleted": 1})),
        "filters count what the search leaves"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_and_sorted_as_they_are_spelled_by_ear() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut ids = Vec::new();
    for (name, title) in
        [("Zoë Adler", "CEO"), ("Åsa Müller", "Chefärztin"), ("Mary O’Brien", "Lead"), ("adam", "Lead")]
    {
        let mut person = user(&format!("p{}", ids.len()));
        (person["displayName"], person["title"]) = (name.into(), title.into());
        ids.push(directory.idp("POST", "/Users", Some(person)).await.id());
    }
    let members: Vec<&str> = ids.iter().map(String::as_str).collect();
    let group = directory.group("Équipe d’Été", &members).await;
    directory.group("Zebras", &["Jürgen"]).await;
    directory.group("elves", &[]).await;
    for (search, expected) in [
        ("muller", vec!["Åsa Müller"]),
        ("M%C3%9CLLER", vec!["Åsa Müller"]),
        ("asa", vec!["Åsa Müller"]),
        ("obrien", vec!["Mary O’Brien"]),
        ("o'brien", vec!["Mary O’Brien"]),
        ("O%E2%80%99b", vec!["Mary O’Brien"]),
        ("chefarzt", vec!["Åsa Müller"]),
        ("lead", vec!["adam", "Mary O’Brien"]),
        ("", vec!["adam", "Åsa Müller", "Mary O’Brien", "Zoë Adler"]),
    ] {
        let page = list(&running, &directory, &format!("users?search={search}&sort=name&order=asc")).await;
        assert_eq!(names(&page), expected, "{search}");
    }
    for (search, expected) in [("", vec!["elves", "Équipe d’Été", "Zebras"]), ("d'ete", vec!["Équipe d’Été"])]
    {
        let page = list(&running, &directory, &format!("groups?search={search}&sort=name&order=asc")).await;
        assert_eq!(names(&page), expected, "{search}");
    }
    let members = list(&running, &directory, &format!("groups/{group}/members?search=zoe")).await;
    assert_eq!(members["items"][0]["name"], "Zoë Adler", "{members}");
    let zebras = list(&running, &directory, "groups?search=zebras").await["items"][0]["id"].clone();
    let stranger =
        list(&running, &directory, &format!("groups/{}/members?search=jurgen", zebras.as_str().unwrap_or_default()))
            .await;
    assert_eq!(stranger["total"], 1, "nobody here knows more of a stranger than what was sent: {stranger}");
    let found = running.person("GET", "/api/search?q=muller&kind=users", None).await;
    assert_eq!(found["users"][0]["name"], "Åsa Müller", "{found}");
    // A title that goes is not found any more.
    let retitled = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "Boss"}]});
    directory.idp("PATCH", &format!("/Users/{}", ids[3]), Some(retitled)).await;
    for (search, expected) in [("lead", vec!["Mary O’Brien"]), ("boss", vec!["adam"])] {
        assert_eq!(names(&list(&running, &directory, &format!("users?search={search}")).await), expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_that_changed_since_a_time_are_a_filter() {
    let now = Arc::new(AtomicI64::new(1_780_833_600_000)); // 2026-06-07T12:00:00Z
    let reading = now.clone();
    let data = tempfile::tempdir().expect("a folder for the data");
    let clock = Clock::from_fn(move || reading.load(Ordering::Relaxed));
    let server = Server::start(Options { clock, ..options(data.path()) }).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let [ada, grace] = directory.people(["ada", "grace"]).await;
    now.fetch_add(60_000, Ordering::Relaxed);
    directory.idp("PATCH", &format!("/Users/{ada}"), Some(deactivation())).await;
    directory.idp("DELETE", &format!("/Users/{grace}"), None).await;
    for (since, expected) in [
        ("2026-06-07T12:00:00Z", vec!["ada Example"]),
        ("2026-06-07T14:01:00%2B02:00", vec!["ada Example"]),
        ("2026-06-07T12:01:00.001Z", vec![]),
    ] {
        let changed = list(&running, &directory, &format!("users?since={since}&status=changed")).await;
        assert_eq!(names(&changed), expected, "since {since}; who is gone is not among those who changed");
        assert_eq!(changed["counts"]["changed"], expected.len());
    }
    let path = format!("/api/directories/{}/users?since=yesterday", directory.id);
    let (status, error) = running.person_refused("GET", &path, None).await;
    assert_eq!((status, &error["field"]), (422, &json!("since")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_searched_filtered_and_sorted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, alan, grace, erin] = directory.people(["ada", "alan", "grace", "erin"]).await;
    let engineering = directory.group("Engineering", &[&ada, &alan, &grace, &erin]).await;
    directory.group("Empty", &[]).await;
    directory.group("Strange", &["nobody"]).await;
    let gone = directory.group("Gone", &[&ada]).await;
    directory.idp("DELETE", &format!("/Groups/{gone}"), None).await;
    for (query, expected) in [
        ("", vec!["Strange", "Empty", "Engineering"]),
        ("?sort=name&order=asc", vec!["Empty", "Engineering", "Strange"]),
        ("?sort=members", vec!["Engineering", "Strange", "Empty"]),
        ("?status=withMembers", vec!["Strange", "Engineering"]),
        ("?status=empty", vec!["Empty"]),
        ("?status=outOfStep", vec!["Strange"]),
        ("?status=deleted", vec!["Gone"]),
        ("?search=GIN", vec!["Engineering"]),
        ("?search=g&sort=name&order=asc", vec!["Engineering", "Strange"]),
    ] {
        let page = list(&running, &directory, &format!("groups{query}")).await;
        assert_eq!(names(&page), expected, "{query}");
    }
    let all = list(&running, &directory, "groups").await;
    assert_eq!(all["counts"], json!({"all": 3, "withMembers": 2, "empty": 1, "outOfStep": 1, "deleted": 1}));
    let row = &all["items"][2];
    assert_eq!((&row["id"], &row["members"]), (&json!(engineering), &json!(4)));
    let first: Vec<_> = row["firstMembers"].as_array().expect("members").iter().map(|one| &one["id"]).collect();
    assert_eq!(first, [&json!(ada), &json!(alan), &json!(grace)]);
    let members = list(&running, &directory, &format!("groups/{engineering}/members?search=a&limit=1&offset=1")).await;
    assert_eq!((&members["total"], &members["items"][0]["name"]), (&json!(4), &json!("alan Example")));
    let members = list(&running, &directory, &format!("groups/{engineering}/members?search=grace")).await;
    assert_eq!((&members["total"], &members["items"][0]["id"]), (&json!(1), &json!(grace)));
}

/// The marks of all users, by name.
async fn marks(running: &Running, directory: &Directory) -> Vec<(String, String)> {
    let page = list(running, directory, "users?sort=name&order=asc").await;
    let rows = page["items"].as_array().expect("rows").iter();
    let marked = rows.filter(|row| !row["drift"].is_null());
    marked.map(|row| (row["displayName"].to_string(), row["drift"]["kind"].to_string())).collect()
}

async fn recorded(running: &Running, directory: &Directory, count: u64) {
    let path = format!("/api/directories/{}", directory.id);
    running.eventually(&path, "recording", |directory| directory["counts"]["exchanges"] == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_could_not_be_pushed_is_marked_until_a_push_works() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, grace, alan] = directory.people(["ada", "grace", "alan"]).await;
    assert_eq!(marks(&running, &directory).await, []);
    let old = Directory { token: directory.token.clone(), ..directory.clone() };
    let new = Directory { token: running.new_token(&directory.id).await, ..directory.clone() };
    // Okta still has the token that was replaced.
    assert_eq!(old.idp("PATCH", &format!("/Users/{ada}"), Some(deactivation())).await.status, 401);
    let bad = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "jump", "path": "title"}]});
    assert_eq!(new.idp("PATCH", &format!("/Users/{grace}"), Some(bad)).await.status, 400);
    assert_eq!(new.idp("POST", "/Users", Some(user("ALAN"))).await.status, 409);
    // These concern nobody who is here.
    assert_eq!(new.idp("PATCH", "/Users/nobody", Some(deactivation())).await.status, 404);
    assert_eq!(old.idp("POST", "/Users", Some(user("joan"))).await.status, 401);
    assert_eq!(old.idp("GET", &format!("/Users/{ada}"), None).await.status, 401);
    recorded(&running, &directory, 9).await;
    let mark = |name: &str, kind: &str| (format!("\"{name} Example\""), format!("\"{kind}\""));
    assert_eq!(
        marks(&running, &directory).await,
        [mark("ada", "notDeactivated"), mark("alan", "notLinked"), mark("grace", "notUpdated")]
    );
    // Not `ada` alone: an id, which is hexadecimal, may have that in it.
    let page = list(&running, &directory, "users?status=outOfStep&search=ada%20example").await;
    let drift = &page["items"][0]["drift"];
    assert_eq!(
        (&drift["status"], &drift["method"], &drift["actor"]["name"]),
        (&json!(401), &json!("PATCH"), &json!("Okta"))
    );
    assert!(drift["reason"].as_str().is_some_and(|reason| reason.contains("bearer token")), "{drift}");
    let exchange = running.person("GET", &format!("/api/exchanges/{}", drift["exchangeId"]), None).await;
    assert_eq!(exchange["row"]["status"], 401, "the mark leads to its request");
    assert_eq!(list(&running, &directory, "users").await["counts"]["outOfStep"], 3);

    // A later push makes it good, even one that changes nothing; so does the end of the user.
    new.idp("PATCH", &format!("/Users/{ada}"), Some(deactivation())).await;
    new.idp("DELETE", &format!("/Users/{grace}"), None).await;
    recorded(&running, &directory, 11).await;
    assert_eq!(marks(&running, &directory).await, [mark("alan", "notLinked")]);
    assert_eq!(list(&running, &directory, "users").await["counts"]["outOfStep"], 1);
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "PATCH", "path": format!("/Users/{ada}"), "data": {"schemas": [], "Operations": [{"op": "jump"}]}},
            {"method": "PUT", "path": format!("/Users/{alan}"), "data": user("alan")},
        ],
    });
    assert_eq!(new.idp("POST", "/Bulk", Some(bulk)).await.status, 200);
    recorded(&running, &directory, 12).await;
    assert_eq!(marks(&running, &directory).await, [mark("ada", "notUpdated")]);
}
