//! Imports, exports, sample people, and changes of many users or groups at once.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

impl Directory {
    fn path(&self, rest: &str) -> String {
        format!("/api/directories/{}/{rest}", self.id)
    }

    /// Begins a batch and waits until it is over.
    async fn batch(&self, running: &Running, what: &str, body: Value) -> Value {
        let began = running.person("POST", &self.path(what), Some(body)).await;
        let path = format!("/api/batches/{}", began["id"].as_str().expect("an id"));
        running.eventually(&path, "the batch", |batch| batch["state"] == "finished").await
    }

    async fn import(&self, running: &Running, file: &str) -> Value {
        self.batch(running, "imports", json!({ "text": file })).await
    }

    async fn preview(&self, running: &Running, import: Value) -> Value {
        running.person("POST", &self.path("imports/preview"), Some(import)).await
    }

    /// Every user by `userName` with what does not depend on the directory.
    async fn everybody(&self) -> Vec<Value> {
        let mut users = self.idp("GET", "/Users?count=200&sortBy=userName", None).await.json()["Resources"].take();
        for user in users.as_array_mut().expect("users") {
            let user = user.as_object_mut().expect("a user");
            user.retain(|name, _| !["id", "meta"].contains(&name.as_str()));
            let groups = user.get("groups").and_then(Value::as_array).cloned().unwrap_or_default();
            let mut names: Vec<_> =
                groups.iter().map(|group| group["display"].to_string() + &group["type"].to_string()).collect();
            names.sort();
            user.insert("groups".into(), names.into());
        }
        users.as_array().expect("users").clone()
    }
}

async fn download(running: &Running, path: &str) -> String {
    let file = running.download(path).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8(file).expect("text")
}

fn counts(batch: &Value) -> [u64; 5] {
    ["created", "updated", "deleted", "skipped", "failed"].map(|count| batch[count].as_u64().expect("a count"))
}

fn rows(preview: &Value) -> Vec<(u64, &str, &str)> {
    let items = preview["rows"].as_array().expect("rows");
    items
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().expect("a line"),
                row["name"].as_str().expect("a name"),
                row["action"].as_str().expect("an action"),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_of_each_row_what_happens_and_keeps_nothing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    directory.group("Engineering", &[]).await;
    let file = "userName,First name,Shoe size,active,groups\n\
                ADA@example.com,Ada,42,true,Engineering\n\
                grace@example.com,Grace,38,true,Engineering;Research\n\
                grace@example.com,Grace,38,true,\n\
                alan@example.com,Alan,41,perhaps,\n\
                ,Nobody,41,true,\n";
    let preview = directory.preview(&running, json!({ "text": file })).await;
    let expected = [
        (2, "ADA@example.com", "skip"),
        (3, "grace@example.com", "create"),
        (4, "grace@example.com", "refuse"),
        (5, "alan@example.com", "refuse"),
        (6, "", "refuse"),
        (3, "Engineering", "update"),
        (3, "Research", "create"),
    ];
    assert_eq!(rows(&preview), expected, "{preview}");
    assert_eq!(preview["rows"][2]["remark"], "Line 3 has the same userName.");
    assert_eq!(preview["rows"][4]["remark"], "It has no userName.");
    assert_eq!(preview["counts"], json!({"create": 2, "update": 1, "skip": 1, "refuse": 3}));
    assert_eq!(preview["columns"][2], json!({"name": "Shoe size", "attribute": null}));
    let updating = directory.preview(&running, json!({"text": file, "existing": "update"})).await;
    assert_eq!(updating["rows"][0]["action"], "update", "{updating}");
    let read = directory.idp("GET", "/Users", None).await.json();
    assert_eq!(read["totalResults"], 1, "nothing is kept: {read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_knows_what_the_directory_would_refuse() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.set_policy(&running, json!({"mode": "strict", "userNameIsEmail": "refuse"})).await;
    let file = "userName\nada\ngrace@example.com\n";
    let preview = directory.preview(&running, json!({ "text": file })).await;
    assert_eq!(rows(&preview), [(2, "ada", "refuse"), (3, "grace@example.com", "create")], "{preview}");
    assert!(preview["rows"][0]["remark"].as_str().is_some_and(|remark| remark.contains("userName")), "{preview}");
    let import = json!({"text": file, "stopOnError": true});
    let (status, error) = running.person_refused("POST", &directory.path("imports"), Some(import)).await;
    assert_eq!((status, &error["field"]), (422, &json!("stopOnError")), "{error}");
    let batch = directory.import(&running, file).await;
    assert_eq!(counts(&batch), [1, 0, 0, 0, 1], "a bad row does not stop the others: {batch}");
    assert_eq!((&batch["problems"][0]["line"], &batch["problems"][0]["name"]), (&json!(2), &json!("ada")), "{batch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_recorded_as_yours_and_has_a_history() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let ada = directory.people(["ada"]).await[0].clone();
    let file = "userName,title,groups\nada@example.com,Countess,Engineering\ngrace@example.com,Admiral,Engineering\n";
    let update = json!({"text": file, "existing": "update"});
    let batch = directory.batch(&running, "imports", update).await;
    assert_eq!((counts(&batch), &batch["done"]), ([2, 1, 0, 0, 0], &json!(3)), "{batch}");
    let read = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
    assert_eq!((&read["title"], &read["name"]["givenName"]), (&json!("Countess"), &json!("ada")), "the rest stays");
    assert_eq!(read["groups"][0]["display"], "Engineering", "{read}");
    let history = running.person("GET", &directory.path(&format!("users/{ada}/history")), None).await;
    let newest = &history["items"].as_array().expect("entries").iter().find(|entry| entry["moved"].is_null());
    let newest = newest.expect("its own change");
    assert_eq!(newest["change"]["actor"]["name"], "You", "{history}");
    assert_eq!(newest["request"]["method"], "POST", "the bulk request: {history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_in_each_other_and_who_is_missing_is_named() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let file = "displayName,members\nAll,group:Engineering\nEngineering,ada@example.com;nobody;group:All\n";
    directory.people(["ada"]).await;
    let batch = directory.import(&running, file).await;
    assert_eq!(counts(&batch), [2, 0, 0, 0, 0], "{batch}");
    let problem = "1 member is neither in the file nor in the directory: nobody.";
    assert_eq!(batch["problems"][0]["text"], problem, "{batch}");
    let groups = directory.idp("GET", "/Groups?sortBy=displayName", None).await.json();
    let members = |group: usize| groups["Resources"][group]["members"].as_array().map(Vec::len);
    assert_eq!([members(0), members(1)], [Some(1), Some(2)], "{groups}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_is_imported_elsewhere_with_the_same_people_and_memberships() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, _, alan] = directory.people(["ada", "grace", "alan"]).await;
    let odd = json!({
        "userName": "=cmd@example.com", "title": "-1", "active": false, "phoneNumbers": [{"value": "+1 206 555 0100", "type": "work"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R;D, \"north\""},
    });
    let odd = directory.idp("POST", "/Users", Some(odd)).await.id();
    let research = directory.group("R;D", &[&odd, &alan]).await;
    directory.group("All", &[&ada, &research]).await;
    let deleted = directory.people(["gone"]).await;
    directory.idp("DELETE", &format!("/Users/{}", deleted[0]), None).await;
    let before = directory.everybody().await;

    let whole = download(&running, &directory.path("export?what=all")).await;
    let by_json = running.directory("By JSON").await;
    let batch = by_json.import(&running, &whole).await;
    assert_eq!(counts(&batch), [6, 0, 0, 0, 0], "{batch}\n{whole}");
    assert_eq!(by_json.everybody().await, before);

    let users = download(&running, &directory.path("export?format=csv&what=users&sort=name&order=asc")).await;
    let groups = download(&running, &directory.path("export?format=csv&what=groups")).await;
    assert!(
        !users.contains("\"=") && !users.contains(",=") && !users.contains("\n=") && users.contains("'=cmd"),
        "{users}"
    );
    let by_csv = running.directory("By CSV").await;
    let batch = by_csv.import(&running, &users).await;
    assert_eq!(batch["failed"], 0, "{batch}");
    let batch = by_csv.batch(&running, "imports", json!({"text": groups, "existing": "update"})).await;
    assert_eq!(batch["failed"], 0, "{batch}");
    assert_eq!(by_csv.everybody().await, before, "{users}\n{groups}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_the_list_finds_or_what_is_named() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, grace, alan] = directory.people(["ada", "grace", "alan"]).await;
    let off = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]});
    directory.idp("PATCH", &format!("/Users/{grace}"), Some(off)).await;
    for (query, expected) in [
        ("sort=name&order=asc", vec!["ada", "alan", "grace"]),
        ("search=GRACE", vec!["grace"]),
        ("status=active&sort=name&order=desc", vec!["alan", "ada"]),
        ("search=a&status=deactivated", vec!["grace"]),
        (&format!("ids={alan},{ada},gone"), vec!["alan", "ada"]),
        (&format!("except={alan}&sort=name&order=asc"), vec!["ada", "grace"]),
    ] {
        let exported: Value =
            serde_json::from_str(&download(&running, &directory.path(&format!("export?{query}"))).await).expect("JSON");
        let names: Vec<_> = exported["Resources"]
            .as_array()
            .expect("users")
            .iter()
            .map(|user| user["userName"].as_str().expect("a name"))
            .collect();
        let expected: Vec<_> = expected.iter().map(|name| format!("{name}@example.com")).collect();
        assert_eq!(names, expected, "{query}");
        assert_eq!(exported["totalResults"], expected.len(), "{query}");
    }
    let (status, error) = running.person_refused("GET", &directory.path("export?format=csv&what=all"), None).await;
    assert_eq!((status, &error["field"]), (422, &json!("what")));
}

#[tokio::test(flavor = "multi_thread")]
async fn sample_people_are_new_ones() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("POST", "/Users", Some(user("ada.lovelace"))).await;
    for (people, group, total) in [(3, json!("Engineering"), 4), (2, Value::Null, 6)] {
        let batch = directory.batch(&running, "samples", json!({"people": people, "group": group})).await;
        assert_eq!((&batch["failed"], &batch["skipped"]), (&json!(0), &json!(0)), "{batch}");
        assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], total);
    }
    let groups = directory.idp("GET", "/Groups", None).await.json();
    assert_eq!(groups["Resources"][0]["members"].as_array().map(Vec::len), Some(3), "{groups}");
    for people in [0, 1_001] {
        let new = json!({ "people": people });
        let (status, error) = running.person_refused("POST", &directory.path("samples"), Some(new)).await;
        assert_eq!((status, &error["field"]), (422, &json!("people")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_is_changed_and_who_could_not_be_is_named() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, grace, alan] = directory.people(["ada", "grace", "alan"]).await;
    let change = |what: Value, selection: Value| json!({"what": what, "resource": "user", "selection": selection});
    let deactivate = json!({"type": "deactivate"});
    let batch = directory.batch(&running, "batches", change(deactivate.clone(), json!({"ids": [ada]}))).await;
    assert_eq!(counts(&batch), [0, 1, 0, 0, 0], "{batch}");
    let all = json!({"all": true, "except": [alan]});
    let batch = directory.batch(&running, "batches", change(deactivate, all)).await;
    assert_eq!(counts(&batch), [0, 1, 0, 1, 0], "who is deactivated already is left alone: {batch}");
    let reactivate =
        change(json!({"type": "reactivate"}), json!({"all": true, "status": "deactivated", "search": "ada"}));
    assert_eq!(counts(&directory.batch(&running, "batches", reactivate).await), [0, 1, 0, 0, 0]);

    let group = directory.group("Engineering", &[]).await;
    let add = |group: &str| change(json!({"type": "addToGroup", "groupId": group}), json!({"ids": [ada, grace]}));
    assert_eq!(counts(&directory.batch(&running, "batches", add(&group)).await), [0, 2, 0, 0, 0]);
    let members = directory.idp("GET", &format!("/Groups/{group}"), None).await.json();
    assert_eq!(members["members"].as_array().map(Vec::len), Some(2), "{members}");
    let batch = directory.batch(&running, "batches", add("gone")).await;
    assert_eq!(counts(&batch), [0, 0, 0, 0, 2], "{batch}");
    assert!(batch["problems"][1]["text"].as_str().is_some_and(|text| !text.is_empty()), "{batch}");

    let batch =
        directory.batch(&running, "batches", change(json!({"type": "delete"}), json!({"ids": [ada, alan]}))).await;
    assert_eq!(counts(&batch), [0, 0, 2, 0, 0], "{batch}");
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1);
    let newest = running.person("GET", &directory.path("exchanges"), None).await;
    assert!(newest["items"][1]["summary"]["text"].as_str().is_some_and(|text| text.starts_with("You")), "{newest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_selected_by_mistake() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let path = directory.path("batches");
    for (body, field) in [
        (json!({"what": {"type": "delete"}, "resource": "user", "selection": {}}), "selection"),
        (json!({"what": {"type": "deactivate"}, "resource": "group", "selection": {"all": true}}), "what"),
    ] {
        let (status, error) = running.person_refused("POST", &path, Some(body)).await;
        assert_eq!((status, &error["field"]), (422, &json!(field)), "{error}");
    }
    let (status, _) = running.person_refused("GET", "/api/batches/gone", None).await;
    assert_eq!(status, 404);
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_changed_than_a_person_was_told() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, _, _] = directory.people(["ada", "grace", "alan"]).await;
    let delete = |count: u32| {
        let selection = json!({"all": true, "except": [ada], "count": count});
        json!({"what": {"type": "delete"}, "resource": "user", "selection": selection})
    };
    directory.people(["mary"]).await;
    let (status, error) = running.person_refused("POST", &directory.path("batches"), Some(delete(2))).await;
    assert_eq!((status, &error["code"], &error["count"]), (409, &json!("countChanged"), &json!(3)), "{error}");
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 4, "nobody is deleted");
    assert_eq!(running.person("GET", &directory.path("batches"), None).await, json!([]), "nothing has begun");
    let batch = directory.batch(&running, "batches", delete(3)).await;
    assert_eq!(counts(&batch), [0, 0, 3, 0, 0], "{batch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batches_of_a_directory_are_told_to_whoever_asks_later() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let first = directory.import(&running, "userName\nada@example.com\n").await;
    let second = directory.import(&running, "userName\nnobody\nada@example.com\n").await;
    assert_eq!(running.person("GET", &directory.path("batches"), None).await, json!([first, second]));
    let other = running.directory("Globex").await;
    assert_eq!(running.person("GET", &other.path("batches"), None).await, json!([]));
    let (status, _) = running.person_refused("GET", "/api/directories/gone/batches", None).await;
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_begins_anew_gets_nobody_of_a_batch_from_before() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let began = running.person("POST", &directory.path("samples"), Some(json!({"people": 1000}))).await;
    running.person("POST", &directory.path("reset"), None).await;
    let path = format!("/api/batches/{}", began["id"].as_str().expect("an id"));
    let over = running.person("GET", &path, None).await;
    assert_eq!((&over["state"], &over["endedEarly"]), (&json!("finished"), &json!("You stopped it.")), "{over}");
    let users = directory.idp("GET", "/Users?count=1", None).await.json();
    assert_eq!(users["totalResults"], 0, "{users}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_can_be_stopped_and_only_one_runs_in_a_directory() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let began = running.person("POST", &directory.path("samples"), Some(json!({"people": 1000}))).await;
    let (status, _) = running.person_refused("POST", &directory.path("samples"), Some(json!({"people": 1}))).await;
    assert_eq!(status, 409);
    let path = format!("/api/batches/{}", began["id"].as_str().expect("an id"));
    let stopped = running.person("POST", &format!("{path}/stop"), None).await;
    assert_eq!(stopped["state"], "stopping", "{stopped}");
    let over = running.eventually(&path, "the end", |batch| batch["state"] == "finished").await;
    assert_eq!(over["endedEarly"], "You stopped it.", "{over}");
    let users = directory.idp("GET", "/Users?count=1", None).await.json();
    assert_eq!((&users["totalResults"], over["created"] == 1000), (&over["created"], false), "{over}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_keeps_the_values_that_a_file_does_not_mention() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let ada = json!({
        "userName": "ada",
        "emails": [{"value": "home@x.com", "type": "home", "primary": true}, {"value": "old@x.com", "type": "work", "display": "At work"}],
        "addresses": [{"type": "work", "streetAddress": "1 Main St", "locality": "Boston"}, {"type": "home", "locality": "Lynn"}],
        "phoneNumbers": [{"value": "+1 206 555 0100", "type": "mobile"}],
        "roles": [{"value": "admin", "primary": true}, {"value": "reader"}],
    });
    let ada = directory.idp("POST", "/Users", Some(ada)).await.id();
    let path = format!("/Users/{ada}");
    let update = async |file: &str| {
        let batch = directory.batch(&running, "imports", json!({"text": file, "existing": "update"})).await;
        assert_eq!(counts(&batch), [0, 1, 0, 0, 0], "{batch}");
        directory.idp("GET", &path, None).await.json()
    };
    let read = update("userName,email,city,work phone\nada,new@x.com,Salem,+1 206 555 0199\n").await;
    let emails = json!([
        {"value": "home@x.com", "type": "home", "primary": true},
        {"value": "new@x.com", "type": "work", "display": "At work"},
    ]);
    assert_eq!(read["emails"], emails, "{read}");
    let addresses = json!([{"type": "work", "streetAddress": "1 Main St", "locality": "Salem"}, {"type": "home", "locality": "Lynn"}]);
    assert_eq!(read["addresses"], addresses, "{read}");
    let phones = read["phoneNumbers"].as_array().expect("phone numbers");
    assert_eq!((phones.len(), &phones[0]["type"], &phones[1]["type"]), (2, &json!("mobile"), &json!("work")), "{read}");
    let read = update("userName,emails.value,emails.type,roles.value\nada,h@x.com,home,owner\n").await;
    assert_eq!(
        (&read["emails"][0]["value"], &read["emails"][1]["value"]),
        (&json!("h@x.com"), &json!("new@x.com")),
        "{read}"
    );
    assert_eq!((&read["roles"][0]["value"], &read["roles"][1]["value"]), (&json!("owner"), &json!("reader")), "{read}");
    let read = update("userName,emails.value,emails[2].value\nada,only@x.com,\n").await;
    assert_eq!(read["emails"], json!([{"value": "only@x.com"}]), "columns with numbers are the whole list: {read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_users_leaves_the_names_of_their_groups() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let group = directory.group("Engineering", &[]).await;
    let file = "userName,groups\nada,ENGINEERING\ngrace,engineering\n";
    let batch = directory.batch(&running, "imports", json!({"text": file, "existing": "update"})).await;
    assert_eq!(counts(&batch), [2, 1, 0, 0, 0], "{batch}");
    let read = directory.idp("GET", &format!("/Groups/{group}"), None).await.json();
    assert_eq!(
        (&read["displayName"], read["members"].as_array().map(Vec::len)),
        (&json!("Engineering"), Some(2)),
        "{read}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_of_a_selection_is_not_put_into_itself() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [all, research] = [directory.group("All", &[]).await, directory.group("Research", &[]).await];
    let what = json!({"type": "addToGroup", "groupId": all});
    let change = json!({"what": what, "resource": "group", "selection": {"ids": [all, research]}});
    let batch = directory.batch(&running, "batches", change).await;
    assert_eq!(counts(&batch), [0, 1, 0, 1, 0], "{batch}");
    let read = directory.idp("GET", &format!("/Groups/{all}"), None).await.json();
    assert_eq!(read["members"].as_array().map(Vec::len), Some(1), "{read}");
    let file = format!("displayName,members\nAll,{all};{research}\n");
    let batch = directory.batch(&running, "imports", json!({"text": file, "existing": "update"})).await;
    assert_eq!(counts(&batch), [0, 1, 0, 0, 0], "nor is one of a file: {batch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn managers_of_a_file_are_who_they_were_there() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [alan] = directory.people(["alan"]).await;
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let person = |id: &str, name: &str, manager: &str| {
        let manager =
            json!({"value": manager, "$ref": format!("https://old.example/Users/{manager}"), "displayName": "Old"});
        json!({"id": id, "userName": name, urn: {"department": "Research", "manager": manager}})
    };
    let file = json!([person("1", "ada", "2"), person("2", "grace", "alan@example.com"), person("3", "eve", "gone")]);
    let preview = directory.preview(&running, json!({"text": file.to_string()})).await;
    let remark = "The manager is neither in the file nor in the directory: gone.";
    assert_eq!(
        (&preview["rows"][0]["remark"], &preview["rows"][2]["remark"]),
        (&Value::Null, &json!(remark)),
        "{preview}"
    );
    let batch = directory.import(&running, &file.to_string()).await;
    assert_eq!((counts(&batch), &batch["problems"][0]["text"]), ([3, 0, 0, 0, 0], &json!(remark)), "{batch}");
    let users = directory.idp("GET", "/Users?sortBy=userName", None).await.json();
    let [ada, _, eve, grace] = [0, 1, 2, 3].map(|index| &users["Resources"][index]);
    assert_eq!((&ada[urn]["manager"]["value"], &ada[urn]["department"]), (&grace["id"], &json!("Research")), "{users}");
    assert_eq!(
        (&grace[urn]["manager"]["value"], &eve[urn]["manager"]["value"]),
        (&json!(alan), &json!("gone")),
        "{users}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_handed_over_in_pieces_and_whoever_cannot_take_one_ends_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let started = running.person("POST", &directory.path("samples"), Some(json!({"people": 1_000}))).await;
    let path = format!("/api/batches/{}", started["id"].as_str().expect("an id"));
    running.eventually(&path, "adding people", |batch| batch["state"] == "finished").await;
    let path = directory.path("export?what=all");
    let whole = running.download(&path).await.expect("a file").len();
    let mut longest = 0;
    let taken = running.control.download(&path, |piece| {
        longest = piece.len().max(longest);
        Ok(())
    });
    taken.await.expect("a file");
    assert!(longest * 2 < whole, "a piece of {longest} bytes of {whole}");
    let mut pieces = 0;
    let full = running.control.download(&path, |_| {
        pieces += 1;
        Err("The disk is full.".to_owned())
    });
    assert_eq!(full.await, Err("The disk is full.".to_owned()));
    assert_eq!(pieces, 1, "nothing more is read");
}
