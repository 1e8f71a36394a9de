//! How long requests are kept: by their number, which `recording` shows, and by their age.

use std::time::Duration;

use serde_json::{Value, json};
use server::{Options, Server};

use crate::harness::{Hands, Running, options, user};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_when_they_are_too_old_and_users_stay() {
    let (hands, data) = (Hands::new(), tempfile::tempdir().expect("a folder"));
    let options = Options { clock: hands.clock(), heartbeat: Duration::from_millis(10), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    for name in ["ada", "grace"] {
        directory.idp("POST", "/Users", Some(user(name))).await;
    }
    directory.newest_exchange(&running, 2).await;
    hands.advance(20 * DAY);
    directory.idp("GET", "/Users", None).await;
    let newest = directory.newest_exchange(&running, 3).await;

    let saved = running.person("PATCH", "/api/settings", Some(json!({"keepDays": 30}))).await;
    assert_eq!(saved["keepDays"], 30);
    hands.advance(15 * DAY);
    let path = format!("/api/directories/{}", directory.id);
    let left = running.eventually(&path, "forgetting", |directory| directory["counts"]["exchanges"] == 1).await;
    assert_eq!((&left["counts"]["users"], &left["counts"]["writes"]), (&json!(2), &json!(0)), "{left}");
    let exchanges = running.person("GET", &format!("{path}/exchanges"), None).await;
    assert_eq!(exchanges["items"][0]["id"], newest["row"]["id"], "{exchanges}");

    let any = running.person("PATCH", "/api/settings", Some(json!({"keepDays": null}))).await;
    assert_eq!(any["keepDays"], json!(null));
    for days in [0, 4_000] {
        let (status, error) = running.person_refused("PATCH", "/api/settings", Some(json!({"keepDays": days}))).await;
        assert_eq!((status, &error["field"]), (422, &json!("keepDays")), "{error}");
    }
    let status = running.person("GET", "/api/status", None).await;
    assert!(status["dataBytes"].as_u64().is_some_and(|bytes| bytes > 4_096), "{status}");
}

fn patch_of(operation: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]})
}

/// The kinds of the entries of a history, newest first.
fn kinds(history: &Value) -> Vec<&str> {
    let entries = history["items"].as_array().expect("entries").iter();
    entries.map(|entry| entry["change"]["kind"].as_str().expect("a kind")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_keeps_its_newest_changes_and_says_that_there_were_others() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, grace, alan] = directory.people(["ada", "grace", "alan"]).await;
    let group = directory.group("Engineering", &[&grace]).await;
    let add = |id: &str| patch_of(json!({"op": "add", "path": "members", "value": [{"value": id}]}));
    let remove = |id: &str| patch_of(json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}));
    directory.idp("PATCH", &format!("/Groups/{group}"), Some(add(&ada))).await;
    directory.idp("PATCH", &format!("/Groups/{group}"), Some(remove(&grace))).await;
    for number in 0..15 {
        let title = patch_of(json!({"op": "replace", "path": "title", "value": format!("Title {number}")}));
        assert_eq!(directory.idp("PATCH", &format!("/Users/{ada}"), Some(title)).await.status, 200);
        for change in [add(&alan), remove(&alan)] {
            directory.idp("PATCH", &format!("/Groups/{group}"), Some(change)).await;
        }
    }
    directory.newest_exchange(&running, 4 + 2 + 45).await;
    let path = format!("/api/directories/{}", directory.id);
    let get = |rest: String| {
        let (running, path) = (&running, format!("{path}{rest}"));
        async move { running.person("GET", &path, None).await }
    };
    let [of_ada, of_group] = [format!("/users/{ada}"), format!("/groups/{group}")];
    let before = get(format!("{of_ada}/history")).await;
    assert_eq!((&before["total"], &before["isCut"]), (&json!(17), &json!(false)), "{before}");
    // The third change of the title, and the request that made it.
    let third = before["items"][12]["change"]["seq"].as_u64().expect("a number");
    let request = before["items"][12]["request"]["id"].as_u64().expect("an id");
    let members_before = get(format!("{of_group}/members")).await;

    let saved = running.person("PATCH", "/api/settings", Some(json!({"keepChanges": 10}))).await;
    assert_eq!(saved["keepChanges"], 10);
    let after = get(format!("{of_ada}/history?limit=200")).await;
    let mut expected = vec!["updated"; 10];
    // That she came to a group in which she is, and that she was created.
    expected.extend(["membersChanged", "created"]);
    assert_eq!((kinds(&after), &after["total"], &after["isCut"]), (expected, &json!(12), &json!(true)), "{after}");
    let page = get(format!("{of_ada}/history?limit=5&before={}", after["items"][9]["change"]["seq"])).await;
    assert_eq!((kinds(&page).len(), &page["total"]), (2, &json!(12)), "pages go on over the gap: {page}");
    let of_group_after = get(format!("{of_group}/history?limit=200")).await;
    assert_eq!(kinds(&of_group_after).len(), 12, "{of_group_after}");
    assert_eq!(of_group_after["isCut"], true);
    let untouched = get(format!("/users/{grace}/history")).await;
    assert_eq!(untouched["isCut"], false, "{untouched}");

    let shown = running.person("GET", &format!("/api/exchanges/{request}"), None).await;
    assert_eq!(shown["changes"], json!([]));
    assert_eq!(shown["explanation"]["effect"], "What it changed is no longer kept", "{shown}");
    let newest = after["items"][0]["change"]["seq"].clone();
    let oldest = after["items"][11]["change"]["seq"].clone();
    for seq in [&newest, &oldest, &after["items"][9]["change"]["seq"]] {
        get(format!("{of_ada}/at/{seq}")).await;
    }
    let came = after["items"][10]["change"]["seq"].clone();
    for gone in [format!("{of_ada}/at/{came}"), format!("{of_group}/members?at={came}")] {
        let (status, error) = running.person_refused("GET", &format!("{path}{gone}"), None).await;
        assert_eq!(status, 404, "{gone}: {error}");
        assert!(error["message"].as_str().is_some_and(|text| text.contains("no longer kept")), "{gone}: {error}");
    }
    let (status, _) = running.person_refused("GET", &format!("{path}{of_ada}/at/{third}"), None).await;
    assert_eq!(status, 404);
    let created = &of_group_after["items"][11]["change"]["seq"];
    let first = get(format!("{of_group}/members?at={created}")).await;
    assert_eq!((&first["total"], &first["items"][0]["id"]), (&json!(1), &json!(grace)), "as it began: {first}");
    assert_eq!(get(format!("{of_group}/members")).await, members_before, "who is in it stays");
    let rows = get("/users".into()).await;
    assert!(rows["items"].as_array().is_some_and(|rows| rows.len() == 3), "{rows}");
    assert_eq!(rows["items"][0]["lastChange"]["kind"], "membersChanged", "{rows}");
    let changes = get("/changes?limit=200".into()).await;
    assert_eq!(changes["items"].as_array().map(|all| all.len() as u64), changes["total"].as_u64(), "{changes}");

    for keep in [9, 100_001] {
        let (status, error) =
            running.person_refused("PATCH", "/api/settings", Some(json!({"keepChanges": keep}))).await;
        assert_eq!((status, &error["field"]), (422, &json!("keepChanges")), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_go_when_they_are_too_old_and_resources_stay_what_they_are() {
    let (hands, data) = (Hands::new(), tempfile::tempdir().expect("a folder"));
    let options = Options { clock: hands.clock(), heartbeat: Duration::from_millis(10), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let patch = |title: &str| patch_of(json!({"op": "replace", "path": "title", "value": title}));
    for title in ["Trainee", "Engineer", "Lead"] {
        directory.idp("PATCH", &format!("/Users/{ada}"), Some(patch(title))).await;
    }
    directory.newest_exchange(&running, 4).await;
    let path = format!("/api/directories/{}/users/{ada}/history", directory.id);
    let before = running.person("GET", &path, None).await;
    assert_eq!(kinds(&before).len(), 4, "{before}");
    hands.advance(40 * DAY);
    running.person("PATCH", "/api/settings", Some(json!({"keepChangeDays": 60}))).await;
    assert_eq!(running.person("GET", &path, None).await, before, "not yet");
    hands.advance(40 * DAY);
    let cut = running.eventually(&path, "forgetting", |history| history["isCut"] == true).await;
    assert_eq!(kinds(&cut), ["updated", "created"], "by which she is what she is, and that she came: {cut}");
    assert_eq!(directory.idp("GET", &format!("/Users/{ada}"), None).await.json()["title"], "Lead");
    let (status, error) = running.person_refused("PATCH", "/api/settings", Some(json!({"keepChangeDays": 0}))).await;
    assert_eq!((status, &error["field"]), (422, &json!("keepChangeDays")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_deleted_users_and_groups_the_newest_are_kept_and_the_others_go_wholly() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    let policy = json!({"policy": {"deletion": "soft"}});
    running.person("PATCH", &path, Some(policy)).await;
    let get = |rest: String| {
        let (running, path) = (&running, format!("{path}{rest}"));
        async move { running.person("GET", &path, None).await }
    };
    let [ada] = directory.people(["ada"]).await;
    let staff = directory.group("Staff", &[&ada]).await;
    let names: Vec<String> = (0..15).map(|number| format!("leaver-{number}")).collect();
    let mut leavers = Vec::new();
    for name in &names {
        let [id] = directory.people([name.as_str()]).await;
        leavers.push(id);
    }
    let team = directory.group("Team", &[&ada, &leavers[0], &leavers[14]]).await;
    let joined = get(format!("/groups/{team}/history")).await["items"][0]["change"]["seq"].clone();
    let club = directory.group("Club", &[&leavers[0]]).await;
    assert_eq!(directory.idp("DELETE", &format!("/Groups/{club}"), None).await.status, 204);
    for id in &leavers {
        assert_eq!(directory.idp("DELETE", &format!("/Users/{id}"), None).await.status, 204);
    }
    let deleted = |rows: &Value| {
        let rows = rows["items"].as_array().expect("rows").iter();
        rows.map(|row| row["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let before = get("/users?status=deleted&limit=200".into()).await;
    assert_eq!((&before["total"], &before["counts"]["deleted"]), (&json!(15), &json!(15)), "{before}");
    let changes = get("/changes".into()).await["total"].as_u64().expect("a number");

    let saved = running.person("PATCH", "/api/settings", Some(json!({"keepDeleted": 10}))).await;
    assert_eq!(saved["keepDeleted"], 10);
    let after = get("/users?status=deleted&limit=200".into()).await;
    let newest: Vec<_> = leavers[5..].iter().rev().cloned().collect();
    assert_eq!((deleted(&after), &after["total"]), (newest, &json!(10)), "the newest: {after}");
    assert_eq!(after["counts"]["deleted"], 10, "{after}");
    let groups = get("/groups?status=deleted".into()).await;
    assert_eq!((&groups["total"], &groups["counts"]["deleted"]), (&json!(0), &json!(0)), "the oldest: {groups}");
    // Each was created and deleted; that some left a group stays with the group.
    assert_eq!(get("/changes".into()).await["total"], json!(changes - 2 - 5 * 2));
    for gone in [format!("/users/{}", leavers[0]), format!("/groups/{club}/history")] {
        assert_eq!(running.person_refused("GET", &format!("{path}{gone}"), None).await.0, 404, "{gone}");
    }
    assert_eq!(get(format!("/users/{}/history", leavers[5])).await["isCut"], false);

    let then = get(format!("/groups/{team}/members?at={joined}")).await;
    let named: Vec<_> = then["items"].as_array().expect("members").iter().map(|member| &member["name"]).collect();
    assert_eq!(named, ["ada Example", "leaver-0 Example", "leaver-14 Example"], "{then}");
    assert_eq!(get(format!("/groups/{staff}/members")).await["total"], 1);
    let again = |name: &str| directory.idp("POST", "/Users", Some(user(name)));
    assert_eq!(again("leaver-14").await.json()["id"], json!(leavers[14]), "who is kept comes back");
    assert_ne!(again("leaver-0").await.json()["id"], json!(leavers[0]), "who is not is new");
    let gone = directory.idp("GET", &format!("/Users/{}", leavers[1]), None).await;
    assert_eq!(gone.status, 404);
    let exchange = directory.newest_exchange(&running, 38).await;
    let cause = exchange["explanation"]["cause"].to_string();
    assert!(cause.contains("now or in the recorded past"), "{exchange}");
    let check = running.person("POST", "/api/data/check", Some(json!({}))).await;
    assert_eq!(check["isHealthy"], true, "{check}");

    for keep in [9, 100_001] {
        let (status, error) =
            running.person_refused("PATCH", "/api/settings", Some(json!({"keepDeleted": keep}))).await;
        assert_eq!((status, &error["field"]), (422, &json!("keepDeleted")), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_created_and_deleted_again_and_again_leaves_no_more_than_is_kept() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    running.person("PATCH", "/api/settings", Some(json!({"keepDeleted": 10}))).await;
    for number in 0..700 {
        let made = directory.idp("POST", "/Users", Some(user(&format!("user-{number}")))).await;
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(directory.idp("DELETE", &format!("/Users/{id}"), None).await.status, 204);
    }
    let path = format!("/api/directories/{}", directory.id);
    let is_bounded = |page: &Value| page["counts"]["deleted"].as_u64().is_some_and(|deleted| deleted < 10 + 500);
    running.eventually(&format!("{path}/users?status=deleted"), "forgetting", is_bounded).await;
    let changes = running.person("GET", &format!("{path}/changes"), None).await;
    assert!(changes["total"].as_u64().is_some_and(|total| total < 2 * (10 + 500)), "{changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_deleted_goes_when_that_is_too_long_ago() {
    let (hands, data) = (Hands::new(), tempfile::tempdir().expect("a folder"));
    let options = Options { clock: hands.clock(), heartbeat: Duration::from_millis(10), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let [ada, _] = directory.people(["ada", "grace"]).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    hands.advance(40 * DAY);
    let path = format!("/api/directories/{}/users?status=deleted", directory.id);
    running.person("PATCH", "/api/settings", Some(json!({"keepChangeDays": 60}))).await;
    assert_eq!(running.person("GET", &path, None).await["total"], 1, "not yet");
    hands.advance(40 * DAY);
    let left = running.eventually(&path, "forgetting", |page| page["total"] == 0).await;
    assert_eq!(left["counts"]["all"], 1, "who is there stays, however long ago she came: {left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_have_a_bound_in_bytes() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    // Not to be compressed away, and kept whole.
    let mut state = 7_u32;
    let noise = |length: usize, state: &mut u32| -> String {
        let next = |_| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + 2 + u8::try_from((*state >> 16) % 56).expect("a small number"))
        };
        (0..length).map(next).filter(|character| *character != '\\').collect()
    };
    for number in 0..40 {
        let body = json!({"userName": format!("user-{number}"), "title": noise(200_000, &mut state)});
        assert_eq!(directory.idp("POST", "/Users", Some(body)).await.status, 201);
    }
    let path = format!("/api/directories/{}", directory.id);
    directory.newest_exchange(&running, 40).await;
    running.person("PATCH", "/api/settings", Some(json!({"keepMegabytes": 10}))).await;
    let left = running.person("GET", &path, None).await;
    let kept = left["counts"]["exchanges"].as_u64().expect("a number");
    assert!((5..35).contains(&kept), "{left}");
    let exchanges = running.person("GET", &format!("{path}/exchanges"), None).await;
    assert_eq!(exchanges["items"].as_array().map(|items| items.len() as u64), Some(kept), "the newest");
    let body = json!({"userName": "last", "title": noise(200_000, &mut state)});
    directory.idp("POST", "/Users", Some(body)).await;
    running
        .eventually(&format!("{path}/exchanges"), "recording", |page| page["items"][0]["summary"]["subject"] == "last")
        .await;
    let after = running.person("GET", &path, None).await;
    assert!(after["counts"]["exchanges"].as_u64() <= Some(kept + 1), "each that comes makes one go: {after}");
    for keep in [9, 100_001] {
        let settings = Some(json!({"keepMegabytes": keep}));
        let (status, error) = running.person_refused("PATCH", "/api/settings", settings).await;
        assert_eq!((status, &error["field"]), (422, &json!("keepMegabytes")), "{error}");
        assert!(error["message"].as_str().is_some_and(|text| text.contains("between 10 and 100,000")), "{error}");
    }
}

/// Which files of a folder have these bytes. Another process looks: who closes a database's file lets go of all locks that its process has.
#[cfg(unix)]
fn files_with(folder: &std::path::Path, text: &str) -> String {
    let found = std::process::Command::new("grep").arg("-rlaF").arg(text).arg(folder).output().expect("grep runs");
    String::from_utf8(found.stdout).expect("paths")
}

#[cfg(unix)]
fn bytes_of(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder");
    files.map(|file| file.and_then(|file| file.metadata()).expect("a file").len()).sum()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_in_no_file_and_takes_no_space() {
    const NAMED: &str = "zanzibar-7319";
    const SENT: &str = "quokka-9183";
    let running = Running::start().await;
    let folder = running.data.path().to_owned();
    let empty = running.directory("Empty").await;
    empty.people(["grace"]).await;
    let directory = running.directory("Acme Corp").await;
    for number in 0..150 {
        let body = json!({
            "userName": format!("{NAMED}-{number}@example.com"), "displayName": format!("{NAMED} {number}"),
            "nickName": format!("{SENT} {}", format!("{number}-").repeat(2_000)),
        });
        assert_eq!(directory.idp("POST", "/Users", Some(body)).await.status, 201);
    }
    let path = format!("/api/directories/{}", directory.id);
    directory.newest_exchange(&running, 150).await;
    assert_eq!(directory.idp("GET", &format!("/User/{SENT}"), None).await.status, 404, "an alarm names it");
    directory.newest_exchange(&running, 151).await;
    running.eventually(&path, "the alarm", |read| read["misaddressed"].to_string().contains(SENT)).await;
    let [truth, requests] = ["scim-setup.sqlite3", "requests.sqlite3"];
    for planted in [NAMED, SENT] {
        let files = files_with(&folder, planted);
        assert!(files.contains(truth) && files.contains(requests), "{planted}: {files}");
    }
    let full = bytes_of(&folder);
    let storage = running.person("GET", "/api/data", None).await;
    let parts = storage["parts"].as_array().expect("parts");
    let bytes: Vec<u64> = parts.iter().filter_map(|part| part["bytes"].as_u64()).collect();
    assert_eq!(storage["bytes"].as_u64(), Some(bytes.iter().sum()), "{storage}");
    assert!(bytes.is_sorted_by(|one, next| one >= next) && storage["bytes"].as_u64() >= Some(full / 2), "{storage}");
    let of = |storage: &Value, what: &str| {
        let parts = storage["parts"].as_array().expect("parts").iter();
        parts.filter(|part| part["what"] == what).filter_map(|part| part["bytes"].as_u64()).sum::<u64>()
    };
    assert!(["requests", "people", "lists", "journals"].iter().all(|what| of(&storage, what) > 0), "{storage}");

    running.person("DELETE", &format!("{path}/exchanges"), None).await;
    assert_eq!(running.person("GET", &path, None).await["misaddressed"], serde_json::Value::Null);
    let files = files_with(&folder, SENT);
    assert!(files.contains(truth) && !files.contains(requests), "people stay, requests are gone: {files}");
    let cleared = bytes_of(&folder);
    assert!(cleared < full, "{cleared} of {full}");

    running.person("DELETE", &path, Some(json!({"name": "Okta"}))).await;
    for planted in [NAMED, SENT] {
        assert_eq!(files_with(&folder, planted), "", "{planted}");
    }
    let left = bytes_of(&folder);
    assert!(left < full / 4, "{left} of {full}");
    let after = running.person("GET", "/api/data", None).await;
    for what in ["requests", "people"] {
        assert!(of(&after, what) < of(&storage, what) / 5, "{what}: {after} of {storage}");
    }
    assert_eq!(empty.idp("GET", "/Users", None).await.json()["totalResults"], 1, "others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_sync_pushes_no_failure_out_and_the_list_says_what_went() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    running.person("PATCH", "/api/settings", Some(json!({"keepExchanges": 100}))).await;
    assert_eq!(directory.idp("POST", "/Users", Some(json!({"displayName": "Nobody"}))).await.status, 400);
    // Somebody was looked for who is not here: that is no failure.
    assert_eq!(directory.idp("GET", "/Users/nobody", None).await.status, 404);
    for _ in 0..130 {
        assert_eq!(directory.idp("GET", "/Users?startIndex=1&count=2", None).await.status, 200);
    }
    let is_there = |read: &Value| read["counts"]["exchanges"] == 101 && read["counts"]["letGo"] == 31;
    let read = running.eventually(&path, "what is kept", is_there).await;
    assert_eq!(read["counts"]["errors"], 1, "{read}");
    let failed = running.person("GET", &format!("{path}/exchanges?show=errors"), None).await;
    assert_eq!(failed["items"][0]["status"], 400, "the oldest of all is there still");
    let (status, _) = crate::harness::ask(&running.control, "DELETE", &format!("{path}/exchanges"), None).await;
    assert_eq!(status, 204);
    let read = running.person("GET", &path, None).await;
    assert_eq!((&read["counts"]["exchanges"], &read["counts"]["letGo"]), (&json!(0), &json!(0)));
}
