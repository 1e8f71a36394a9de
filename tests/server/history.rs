//! What happened to each user and group, and what each was at any point.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn patch(operations: Value) -> Value {
    json!({"schemas": [PATCH], "Operations": operations})
}

/// The entries of a history, newest first: what happened, how it touched the resource, and the request's method.
fn told(page: &Value) -> Vec<String> {
    let entries = page["items"].as_array().expect("entries").iter();
    entries
        .map(|entry| {
            let change = &entry["change"];
            let word = |value: &Value| value.as_str().unwrap_or("–").to_owned();
            format!("{} {} {}", word(&change["kind"]), word(&entry["moved"]), word(&change["resourceName"]))
        })
        .collect()
}

struct Reader<'a> {
    running: &'a Running,
    path: String,
}

impl<'a> Reader<'a> {
    fn new(running: &'a Running, directory: &Directory) -> Self {
        Self { running, path: format!("/api/directories/{}", directory.id) }
    }

    async fn get(&self, rest: &str) -> Value {
        self.running.person("GET", &format!("{}{rest}", self.path), None).await
    }

    async fn refused(&self, rest: &str) -> (u16, String) {
        let (status, answer) = self.running.person_refused("GET", &format!("{}{rest}", self.path), None).await;
        (status, answer["message"].as_str().expect("a message").to_owned())
    }

    /// The `seq` of the entry at `index` of a history.
    async fn seq(&self, resource: &str, index: usize) -> i64 {
        self.get(&format!("{resource}/history")).await["items"][index]["change"]["seq"].as_i64().expect("a number")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_users_history_has_its_changes_and_its_memberships_each_with_its_request() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let read = Reader::new(&running, &directory);
    let [ada, alan] = directory.people(["ada", "alan"]).await;
    let mut body = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
    body["title"] = "Lead".into();
    directory.idp("PUT", &format!("/Users/{ada}"), Some(body)).await;
    let engineering = directory.group("Engineering", &[&ada, &alan]).await;
    let oncall = directory.group("Oncall", &[]).await;
    let add = patch(json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]));
    directory.idp("PATCH", &format!("/Groups/{oncall}"), Some(add)).await;
    let remove = patch(json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]));
    directory.idp("PATCH", &format!("/Groups/{engineering}"), Some(remove)).await;
    let of_directory = format!("/api/directories/{}", directory.id);
    running.eventually(&of_directory, "recording", |directory| directory["counts"]["exchanges"] == 8).await;

    let history = read.get(&format!("/users/{ada}/history")).await;
    assert_eq!(history["total"], 5);
    assert_eq!(
        told(&history),
        [
            "membersChanged left Engineering",
            "membersChanged came Oncall",
            "created came Engineering",
            "updated – ada Example",
            "created – ada Example",
        ]
    );
    let request = &history["items"][3]["request"];
    assert_eq!((&request["method"], &request["status"]), (&json!("PUT"), &json!(200)), "{request}");
    assert_eq!(history["items"][2]["change"]["members"], Value::Null, "of another group nothing else is told");

    let before = read.seq(&format!("/users/{ada}"), 2).await;
    let older = read.get(&format!("/users/{ada}/history?before={before}&limit=1")).await;
    assert_eq!((told(&older), &older["total"]), (vec!["updated – ada Example".to_owned()], &json!(5)));

    let rows = read.get("/users").await;
    let row = &rows["items"][0];
    assert_eq!(
        (&row["displayName"], &row["groups"], &row["moved"]),
        (&json!("ada Example"), &json!(1), &json!("left"))
    );
    assert_eq!(row["lastChange"]["resourceName"], "Engineering", "to leave a group is a change, too");
    let detail = read.get(&format!("/users/{ada}")).await;
    assert_eq!(detail["history"]["total"], 5);
    assert_eq!(detail["groups"], json!([{"id": oncall, "kind": "group", "name": "Oncall"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_no_longer_kept_is_missing_from_the_history_and_the_change_stays() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    running.person("PATCH", "/api/settings", Some(json!({"keepExchanges": 100}))).await;
    for _ in 0..101 {
        directory.idp("GET", "/Users?count=1", None).await;
    }
    directory.idp("GET", "/Users?count=7", None).await;
    let exchanges = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&exchanges, "recording", |page| page["items"][0]["path"] == "/Users?count=7").await;
    let entry = &Reader::new(&running, &directory).get(&format!("/users/{ada}/history")).await["items"][0];
    assert_eq!((&entry["request"], &entry["change"]["kind"]), (&Value::Null, &json!("created")));
    assert!(entry["change"]["exchangeId"].is_i64(), "which request it was is known all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_is_shown_as_it_was_after_any_change() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let read = Reader::new(&running, &directory);
    let [ada] = directory.people(["ada"]).await;
    let path = format!("/Users/{ada}");
    let replace = |title: &str| patch(json!([{"op": "replace", "path": "title", "value": title}]));
    directory.idp("PATCH", &path, Some(replace("Lead"))).await;
    let engineering = directory.group("Engineering", &[&ada]).await;
    directory.idp("PATCH", &path, Some(replace("Director"))).await;
    directory.idp("DELETE", &format!("/Groups/{engineering}"), None).await;

    let user = format!("/users/{ada}");
    let (created, lead, joined, director) =
        (read.seq(&user, 4).await, read.seq(&user, 3).await, read.seq(&user, 2).await, read.seq(&user, 1).await);
    let at = async |seq: i64| read.get(&format!("/users/{ada}/at/{seq}")).await;
    let then = at(created).await;
    assert_eq!(then["resource"]["title"], Value::Null);
    assert_eq!(then["resource"]["meta"]["version"], "W/\"1\"");
    assert_eq!(then["resource"]["id"], json!(ada));
    assert!(!then["resource"].to_string().contains("k3Jd92xQ"), "no password is kept: {then}");
    assert_eq!(then["since"], json!([{"path": "title", "after": "Director"}]));
    let then = at(lead).await;
    assert_eq!((&then["resource"]["title"], &then["groupCount"]), (&json!("Lead"), &json!(0)));
    assert_eq!(then["changed"], json!([{"path": "title", "after": "Lead"}]));
    assert_eq!(then["since"], json!([{"path": "title", "before": "Lead", "after": "Director"}]));
    let then = at(joined).await;
    assert_eq!(then["resource"]["title"], "Lead", "the change of a group leaves its members as they were");
    assert_eq!((&then["changed"], &then["groups"][0]["name"]), (&json!([]), &json!("Engineering")));
    let then = at(director).await;
    assert_eq!((&then["since"], &then["groupCount"]), (&json!([]), &json!(1)));
    let left = read.seq(&user, 0).await;
    assert_eq!(at(left).await["groupCount"], 0, "the group is gone");

    let [alan] = directory.people(["alan"]).await;
    let (status, message) = read.refused(&format!("/users/{alan}/at/{lead}")).await;
    assert_eq!((status, message.contains("not there yet")), (404, true), "{message}");
    for (path, word) in [
        (format!("/users/{ada}/at/99999"), "99999"),
        (format!("/users/{ada}/at/x"), "number"),
        (format!("/users/nobody/at/{lead}"), "nobody"),
        (format!("/groups/{ada}/at/{lead}"), "group"),
    ] {
        let (status, message) = read.refused(&path).await;
        assert_eq!((status, message.contains(word)), (404, true), "{path}: {message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_a_group_are_known_at_any_point() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let read = Reader::new(&running, &directory);
    let [ada, alan, grace] = directory.people(["ada", "alan", "grace"]).await;
    let group = directory.group("Engineering", &[&ada, &alan]).await;
    let path = format!("/Groups/{group}");
    let put = |members: &[&str]| {
        let members: Vec<_> = members.iter().map(|id| json!({"value": id})).collect();
        json!({"displayName": "Engineering", "members": members})
    };
    directory.idp("PUT", &path, Some(put(&[&alan, &grace]))).await;
    directory.idp("PUT", &path, Some(put(&[&ada, &grace]))).await;
    // Everybody leaves and comes back within one request: nothing happens.
    let nothing = patch(json!([
        {"op": "remove", "path": "members"},
        {"op": "add", "path": "members", "value": [{"value": ada}, {"value": grace}]},
    ]));
    directory.idp("PATCH", &path, Some(nothing)).await;
    directory.idp("DELETE", &path, None).await;

    let of_group = format!("/groups/{group}");
    let history = read.get(&format!("{of_group}/history")).await;
    assert_eq!(
        told(&history),
        [
            "deleted – Engineering",
            "membersChanged – Engineering",
            "membersChanged – Engineering",
            "created – Engineering"
        ]
    );
    let members_at = async |index: usize| {
        let seq = read.seq(&of_group, index).await;
        let page = read.get(&format!("{of_group}/members?at={seq}")).await;
        let names: Vec<_> =
            page["items"].as_array().expect("members").iter().map(|member| member["name"].clone()).collect();
        assert_eq!(page["total"], names.len());
        assert_eq!(read.get(&format!("{of_group}/at/{seq}")).await["memberCount"], names.len());
        names
    };
    assert_eq!(members_at(3).await, ["ada Example", "alan Example"]);
    assert_eq!(members_at(2).await, ["alan Example", "grace Example"]);
    assert_eq!(members_at(1).await, ["grace Example", "ada Example"]);
    assert_eq!(members_at(0).await, [Value::Null; 0]);

    let seq = read.seq(&of_group, 2).await;
    let names = async |way: &str| {
        let page = read.get(&format!("{of_group}/moved/{seq}?way={way}")).await;
        (page["total"].clone(), page["items"][0]["name"].clone())
    };
    assert_eq!(names("came").await, (json!(1), json!("grace Example")));
    assert_eq!(names("left").await, (json!(1), json!("ada Example")));
    let seq = read.seq(&of_group, 1).await;
    let second = read.get(&format!("{of_group}/members?at={seq}&offset=1&limit=1")).await;
    assert_eq!((&second["total"], &second["items"][0]["name"]), (&json!(2), &json!("ada Example")));
    let found = read.get(&format!("{of_group}/members?at={seq}&search=GRA")).await;
    assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &json!(grace)));

    let ada = read.get(&format!("/users/{ada}/history")).await;
    assert_eq!(
        told(&ada),
        [
            "deleted left Engineering",
            "membersChanged came Engineering",
            "membersChanged left Engineering",
            "created came Engineering",
            "created – ada Example"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_hundred_who_came_at_once_can_all_be_listed() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let ids: Vec<String> = (0..250).map(|n| format!("stranger-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let group = directory.group("Everyone", &ids).await;
    let read = Reader::new(&running, &directory);
    let seq = read.seq(&format!("/groups/{group}"), 0).await;
    let detail = read.get(&format!("/groups/{group}")).await;
    let members = &detail["history"]["items"][0]["change"]["members"];
    assert_eq!((&members["addedCount"], members["added"].as_array().map(Vec::len)), (&json!(250), Some(100)));
    let rest = read.get(&format!("/groups/{group}/moved/{seq}?offset=100&limit=200")).await;
    assert_eq!((&rest["total"], rest["items"].as_array().map(Vec::len)), (&json!(250), Some(150)));
    assert_eq!(rest["items"][0], json!({"id": "stranger-100", "kind": null, "name": "stranger-100"}));
    assert_eq!(
        read.get(&format!("/groups/{group}/members?onlyUnknown=true&offset=249")).await["items"][0]["id"],
        "stranger-249"
    );
    assert_eq!(detail["row"]["unknownMembers"], 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_in_another_order_is_no_change() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut body = user("ada");
    body["emails"] =
        json!([{"value": "ada@example.com", "type": "work"}, {"value": "ada@home.example", "type": "home"}]);
    let created = directory.idp("POST", "/Users", Some(body)).await.json();
    let id = created["id"].as_str().expect("an id");
    let mut body = created.clone();
    body["emails"] =
        json!([{"type": "home", "value": "ada@home.example"}, {"type": "work", "value": "ada@example.com"}]);
    directory.idp("PUT", &format!("/Users/{id}"), Some(body.clone())).await;
    let swapped = patch(json!([{"op": "replace", "path": "emails", "value": body["emails"]}]));
    directory.idp("PATCH", &format!("/Users/{id}"), Some(swapped)).await;
    let read = Reader::new(&running, &directory);
    assert_eq!(read.get(&format!("/users/{id}/history")).await["total"], 1);
    let work =
        patch(json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "lovelace@example.com"}]));
    directory.idp("PATCH", &format!("/Users/{id}"), Some(work)).await;
    let history = read.get(&format!("/users/{id}/history")).await;
    let field = json!({"path": "emails[work].value", "before": "ada@example.com", "after": "lovelace@example.com"});
    assert_eq!(history["items"][0]["change"]["fields"], json!([field]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deleted_stays_findable_until_the_directory_goes() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let read = Reader::new(&running, &directory);
    let [ada, alan] = directory.people(["ada", "alan"]).await;
    let group = directory.group("Engineering", &[&ada]).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;

    let there = read.get("/users").await;
    assert_eq!((&there["total"], &there["items"][0]["id"]), (&json!(1), &json!(alan)));
    assert_eq!(
        there["counts"],
        json!({"all": 1, "active": 1, "deactivated": 0, "changed": 0, "outOfStep": 0, "deleted": 1})
    );
    let deleted = read.get("/users?status=deleted&search=ADA%40EXAMPLE").await;
    let row = &deleted["items"][0];
    assert_eq!((&row["id"], &row["state"], &row["groups"]), (&json!(ada), &json!("deleted"), &json!(0)));
    assert_eq!(row["lastChange"]["kind"], "deleted");
    assert!(row["lastChange"]["exchangeId"].is_i64(), "by which request");
    let detail = read.get(&format!("/users/{ada}")).await;
    assert_eq!(detail["resource"]["userName"], "ada@example.com", "its last JSON");
    assert_eq!(
        told(&detail["history"]),
        [
            "deleted – ada Example",
            "membersChanged left Engineering",
            "created came Engineering",
            "created – ada Example"
        ]
    );
    assert_eq!(detail["createdAgain"], Value::Null);
    let seq = read.seq(&format!("/users/{ada}"), 0).await;
    let end = read.get(&format!("/users/{ada}/at/{seq}")).await;
    assert_eq!((&end["isDeleted"], &end["resource"]["userName"]), (&json!(true), &json!("ada@example.com")));

    let mut again = user("ada");
    again["userName"] = "ADA@example.com".into();
    let again = directory.idp("POST", "/Users", Some(again)).await.id();
    assert_ne!(again, ada);
    let detail = read.get(&format!("/users/{ada}")).await;
    assert_eq!(detail["createdAgain"], json!({"id": again, "kind": "user", "name": "ada Example"}));

    directory.idp("DELETE", &format!("/Groups/{group}"), None).await;
    let groups = read.get("/groups?status=deleted").await;
    assert_eq!((&groups["items"][0]["displayName"], &groups["counts"]["deleted"]), (&json!("Engineering"), &json!(1)));
    let tree = running.person("GET", "/api/tree", None).await;
    let name = json!({"name": tree["directories"][0]["name"]});
    running.person("DELETE", &read.path, Some(name)).await;
    assert_eq!(read.refused(&format!("/users/{ada}")).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_deletion_is_soft_the_same_user_comes_back() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.set_policy(&running, json!({"mode": "tolerant", "deletion": "soft"})).await;
    let read = Reader::new(&running, &directory);
    let [ada] = directory.people(["ada"]).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    assert_eq!(read.get("/users").await["counts"]["deleted"], 1);
    // Meanwhile a group is pushed with the old id.
    let group = directory.group("Engineering", &[&ada]).await;
    let before = read.get("/groups").await;
    assert_eq!((&before["items"][0]["unknownMembers"], &before["counts"]["outOfStep"]), (&json!(1), &json!(1)));
    assert_eq!(directory.people(["ada"]).await[0], ada);

    let after = read.get("/groups").await;
    assert_eq!((&after["items"][0]["unknownMembers"], &after["counts"]["outOfStep"]), (&json!(0), &json!(0)));
    let members = read.get(&format!("/groups/{group}/members")).await;
    assert_eq!(members["items"], json!([{"id": ada, "kind": "user", "name": "ada Example"}]));
    let users = read.get("/users").await;
    assert_eq!((&users["counts"]["deleted"], &users["items"][0]["groups"]), (&json!(0), &json!(1)));
    let history = read.get(&format!("/users/{ada}/history")).await;
    assert_eq!(
        told(&history),
        ["created – ada Example", "created came Engineering", "deleted – ada Example", "created – ada Example"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_nobody_could_read_are_cut_in_lists_and_history_and_whole_in_the_resource() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let read = Reader::new(&running, &directory);
    let [ada] = directory.people(["ada"]).await;
    // A user may have 256 KiB, and each part of a name 1,000 characters.
    let (long, part) = ("x".repeat(200_000), "x".repeat(1_000));
    let change = patch(json!([
        {"op": "replace", "value": {"title": long, "name": {"givenName": part, "familyName": part}}},
        {"op": "remove", "path": "displayName"},
    ]));
    assert_eq!(directory.idp("PATCH", &format!("/Users/{ada}"), Some(change)).await.status, 200);
    let rows = read.get("/users").await;
    assert_eq!(rows["items"][0]["displayName"].as_str().map(str::len), Some(1_000 + "…".len()));
    assert!(rows.to_string().len() < 5_000, "a row is short whatever it shows");
    let detail = read.get(&format!("/users/{ada}")).await;
    assert_eq!(detail["resource"]["title"], json!(long), "the resource itself is whole");
    assert!(detail["history"].to_string().len() < 20_000, "so is an entry of a history");
    let seq = read.seq(&format!("/users/{ada}"), 0).await;
    assert_eq!(read.get(&format!("/users/{ada}/at/{seq}")).await["resource"]["title"], json!(long));
}
