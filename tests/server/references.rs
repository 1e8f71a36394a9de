//! Who belongs to what: nested groups, renames and deletions.

use serde_json::{Value, json};

use crate::harness::{Directory, Running};

async fn read(directory: &Directory, path: &str) -> Value {
    let answer = directory.idp("GET", path, None).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

/// `Engineering direct, Everybody indirect` of a user's `groups`.
fn belongings(user: &Value) -> String {
    let groups = user["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let words = groups.iter().map(|group| {
        format!("{} {}", group["display"].as_str().expect("a name"), group["type"].as_str().expect("a type"))
    });
    words.collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_in_the_groups_that_contain_its_groups() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let path = format!("/Users/{ada}");
    assert_eq!(belongings(&read(&directory, &path).await), "");
    let tools = directory.group("Tools", &[&ada]).await;
    let engineering = directory.group("Engineering", &[&tools]).await;
    let everybody = directory.group("Everybody", &[&engineering, &ada]).await;
    assert_eq!(belongings(&read(&directory, &path).await), "Everybody direct, Tools direct, Engineering indirect");
    // A circle ends the walk.
    let add = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": everybody}]}]});
    assert_eq!(directory.idp("PATCH", &format!("/Groups/{tools}"), Some(add)).await.status, 200);
    assert_eq!(belongings(&read(&directory, &path).await), "Everybody direct, Tools direct, Engineering indirect");
    let members = read(&directory, &format!("/Groups/{engineering}")).await["members"].clone();
    assert_eq!((&members[0]["type"], &members[0]["display"]), (&json!("Group"), &json!("Tools")));
    directory.idp("DELETE", &format!("/Groups/{tools}"), None).await;
    assert_eq!(belongings(&read(&directory, &path).await), "Everybody direct");
    assert_eq!(read(&directory, &format!("/Groups/{engineering}")).await["members"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_shows_in_groups_and_a_deletion_leaves_them() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob] = directory.people(["ada", "bob"]).await;
    let group = format!("/Groups/{}", directory.group("Team", &[&ada, &bob]).await);
    let before = read(&directory, &group).await;
    assert_eq!(before["members"][0]["display"], "ada Example");
    let rename = json!({"Operations": [{"op": "replace", "path": "displayName", "value": "Ada Lovelace"}]});
    directory.idp("PATCH", &format!("/Users/{ada}"), Some(rename)).await;
    assert_eq!(read(&directory, &group).await["members"][0]["display"], "Ada Lovelace");
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    let after = read(&directory, &group).await;
    let ids: Vec<_> = after["members"].as_array().expect("members").iter().map(|member| &member["value"]).collect();
    assert_eq!(ids, [&json!(bob)]);
    assert_ne!(after["meta"]["version"], before["meta"]["version"], "the group changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_names_the_groups_of_each_as_a_read_does() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob, _nobody] = directory.people(["ada", "bob", "cem"]).await;
    let tools = directory.group("Tools", &[&ada]).await;
    let engineering = directory.group("Engineering", &[&tools, &bob]).await;
    directory.group("Everybody", &[&engineering, &ada]).await;
    for list in ["/Users", "/Users?filter=userName%20sw%20%22%22&sortBy=userName", "/Users?filter=groups%20pr"] {
        let found = read(&directory, list).await["Resources"].take();
        let found = found.as_array().expect("resources");
        assert_eq!(found.len(), if list.contains("groups") { 2 } else { 3 }, "{list}");
        for user in found {
            let id = user["id"].as_str().expect("an id");
            assert_eq!(*user, read(&directory, &format!("/Users/{id}")).await, "{list}");
        }
    }
    let users = read(&directory, "/Users").await["Resources"].take();
    assert_eq!(belongings(&users[0]), "Everybody direct, Tools direct, Engineering indirect");
    assert_eq!(belongings(&users[1]), "Engineering direct, Everybody indirect");
    assert_eq!(belongings(&users[2]), "");
}

/// Whoever knows an id of another directory can have a member of that id, and learns nothing by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_rename_shows_in_no_other_directory() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let team = directory.group("Team", &[&ada]).await;
    let other = running.directory("Umbrella").await;
    let members = json!([{"value": ada, "display": "ada Example"}, {"value": team, "display": "Team"}]);
    let copy = other.idp("POST", "/Groups", Some(json!({"displayName": "Copy", "members": members}))).await.json();
    for (path, name) in [(format!("/Users/{ada}"), "Ada Lovelace"), (format!("/Groups/{team}"), "Secret")] {
        let rename = json!({"Operations": [{"op": "replace", "path": "displayName", "value": name}]});
        assert_eq!(directory.idp("PATCH", &path, Some(rename)).await.status, 200);
    }
    let copy = read(&other, &format!("/Groups/{}", copy["id"].as_str().expect("an id"))).await;
    let shown = |at: usize| copy["members"][at]["display"].clone();
    assert_eq!([shown(0), shown(1)], [json!("ada Example"), json!("Team")]);
}
