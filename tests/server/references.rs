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

/// RFC 7644 §3.5.2.3: what a replacement does not say stays as it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_type_of_an_unknown_member_stays_when_it_is_renamed() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let ghost = json!({"value": "ghost", "display": "Ghost", "type": "Group"});
    let group = json!({"displayName": "Team", "members": [ghost]});
    let group = directory.idp("POST", "/Groups", Some(group)).await.json();
    let path = format!("/Groups/{}", group["id"].as_str().expect("an id"));
    let select = r#"members[value eq "ghost"]"#;
    let came = json!({"op": "add", "path": "members", "value": [{"value": "late", "type": "Group"}]});
    let late = r#"members[value eq "late"].display"#;
    for (operations, at, display, kind) in [
        (
            json!([{"op": "replace", "path": format!("{select}.display"), "value": "Specter"}]),
            0,
            json!("Specter"),
            "Group",
        ),
        (json!([{"op": "remove", "path": format!("{select}.display")}]), 0, Value::Null, "Group"),
        (
            json!([{"op": "replace", "path": select, "value": {"value": "ghost", "display": "Spirit"}}]),
            0,
            json!("Spirit"),
            "Group",
        ),
        (
            json!([{"op": "replace", "path": select, "value": {"value": "ghost", "type": "User"}}]),
            0,
            Value::Null,
            "User",
        ),
        (json!([came, {"op": "replace", "path": late, "value": "Late"}]), 1, json!("Late"), "Group"),
    ] {
        let answer = directory.idp("PATCH", &path, Some(json!({"Operations": operations}))).await;
        assert!(answer.status < 300, "{operations}: {}", answer.json());
        let member = read(&directory, &path).await["members"][at].clone();
        assert_eq!((&member["display"], &member["type"]), (&display, &json!(kind)), "{operations}");
    }
}

/// What a client never sent, and a read shows all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_filter_of_members_meets_what_a_read_shows() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob] = directory.people(["ada", "bob"]).await;
    let tools = directory.group("Tools", &[]).await;
    let base_url = &directory.base_url;
    for (number, (filter, staying)) in [
        (format!(r#"value eq "{ada}" and type eq "User""#), vec![&bob, &tools]),
        (format!(r#"type eq "user" and value eq "{ada}""#), vec![&bob, &tools]),
        (format!(r#"value eq "{ada}" and type eq "Group""#), vec![&ada, &bob, &tools]),
        (r#"display eq "ada Example""#.to_owned(), vec![&bob, &tools]),
        (r#"display sw "bob""#.to_owned(), vec![&ada, &tools]),
        (r#"type eq "Group""#.to_owned(), vec![&ada, &bob]),
        (r#"not (type eq "Group")"#.to_owned(), vec![&tools]),
        (format!(r#"$ref eq "{base_url}/Users/{ada}""#), vec![&bob, &tools]),
        (r#"$ref co "/Groups/""#.to_owned(), vec![&ada, &bob]),
        (format!(r#"value eq "{ada}" or display eq "Tools""#), vec![&bob]),
        (r#"display eq "nobody""#.to_owned(), vec![&ada, &bob, &tools]),
    ]
    .into_iter()
    .enumerate()
    {
        for policy in ["tolerant", "strict"] {
            directory.set_policy(&running, json!({ "mode": policy })).await;
            let group = directory.group(&format!("{policy} {number}"), &[&ada, &bob, &tools]).await;
            let path = format!("/Groups/{group}");
            let found = format!("/Groups?filter={}", encoded(&format!(r#"id eq "{group}" and members[{filter}]"#)));
            let is_met = read(&directory, &found).await["totalResults"] == 1;
            assert_eq!(is_met, staying.len() < 3, "{filter}: a query meets what a PATCH does");
            let remove = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "remove", "path": format!("members[{filter}]")}],
            });
            let answer = directory.idp("PATCH", &path, Some(remove)).await;
            assert_eq!(answer.status, 200, "{filter}: {answer:?}");
            assert_eq!(member_ids(&answer.json()), staying, "{filter}");
            assert_eq!(member_ids(&read(&directory, &path).await), staying, "{filter}");
        }
    }
}

/// entra-38-group-remove-non-member
#[tokio::test(flavor = "multi_thread")]
async fn a_remove_that_meets_nobody_says_so() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob] = directory.people(["ada", "bob"]).await;
    let path = format!("/Groups/{}", directory.group("Tools", &[&ada]).await);
    let mut count = 3;
    for (operations, expected) in [
        (json!([{"op": "remove", "path": r#"members[display eq "Bob"]"#}]), Some(r#"meets `display eq "Bob"`"#)),
        (json!([{"op": "remove", "path": format!(r#"members[value eq "{bob}"]"#)}]), Some("so it was not removed")),
        (json!([{"op": "remove", "path": "members", "value": [{"value": bob}, {"value": "x"}]}]), Some("2 ids")),
        (json!([{"op": "remove", "path": r#"emails[type eq "work"]"#}]), None),
        (
            json!([
                {"op": "remove", "path": format!(r#"members[value eq "{ada}"]"#)},
                {"op": "remove", "path": format!(r#"members[value eq "{ada}"]"#)},
            ]),
            None,
        ),
    ] {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        assert_eq!(directory.idp("PATCH", &path, Some(body)).await.status, 200, "{operations}");
        count += 1;
        let told = directory.newest_exchange(&running, count).await;
        let notes = told["notes"].as_array().expect("notes");
        let text = notes.iter().find(|note| note["rule"] == "remove-without-match").map(|note| &note["text"]);
        let text = text.and_then(Value::as_str);
        match expected {
            Some(expected) => assert!(text.is_some_and(|text| text.contains(expected)), "{operations}: {notes:?}"),
            None => assert_eq!(text, None, "{operations}"),
        }
    }
}

/// RFC 7644 §3.5.2.3
#[tokio::test(flavor = "multi_thread")]
async fn a_replace_whose_filter_meets_nobody_has_no_target() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob, cem] = directory.people(["ada", "bob", "cem"]).await;
    for (mode, filter, status, expected) in [
        ("strict", format!(r#"value eq "{bob}""#), 400, vec![&ada]),
        ("strict", r#"display eq "bob Example""#.to_owned(), 400, vec![&ada]),
        ("strict", r#"display eq "ada Example" and type eq "User""#.to_owned(), 200, vec![&cem]),
        ("tolerant", format!(r#"value eq "{bob}""#), 200, vec![&ada, &cem]),
        ("tolerant", format!(r#"value eq "{ada}""#), 200, vec![&cem]),
    ] {
        directory.set_policy(&running, json!({ "mode": mode, "allowDuplicateGroups": true })).await;
        let path = format!("/Groups/{}", directory.group("Team", &[&ada]).await);
        let replace = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": format!("members[{filter}]"), "value": {"value": cem}}],
        });
        let answer = directory.idp("PATCH", &path, Some(replace)).await;
        assert_eq!(answer.status, status, "{mode} {filter}: {answer:?}");
        let kind = if status == 400 { json!("noTarget") } else { Value::Null };
        assert_eq!(answer.json()["scimType"], kind, "{mode} {filter}");
        assert_eq!(member_ids(&read(&directory, &path).await), expected, "{mode} {filter}");
    }
}

fn member_ids(group: &Value) -> Vec<&str> {
    let members = group["members"].as_array().map(Vec::as_slice).unwrap_or_default();
    members.iter().map(|member| member["value"].as_str().expect("an id")).collect()
}

fn encoded(filter: &str) -> String {
    form_urlencoded::byte_serialize(filter.as_bytes()).collect()
}
