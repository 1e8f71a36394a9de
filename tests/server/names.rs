//! Names are the same however their letters are written (RFC 7644 §5, RFC 7613 §3.2), wherever they are compared.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::databases::{self, ENTRA};
use crate::harness::Running;

/// A name, and other spellings of it.
const SPELLINGS: [(&str, &[&str]); 4] = [
    ("Jürgen@example.com", &["ju\u{308}rgen@example.com", "JU\u{308}RGEN@EXAMPLE.COM", "jÜrgen@example.com"]),
    ("οδυσσεύς@example.com", &["ΟΔΥΣΣΕΎΣ@EXAMPLE.COM", "οδυσσεύσ@example.com"]),
    ("i\u{307}zmir@example.com", &["\u{130}zmir@example.com"]),
    ("ada@example.com", &["ＡＤＡ＠example．com"]),
];

fn user(user_name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": user_name })
}

fn lookup(endpoint: &str, attribute: &str, op: &str, value: &str) -> String {
    let filter = format!("{attribute} {op} \"{value}\"");
    format!("/{endpoint}?filter={}", percent_encoding::utf8_percent_encode(&filter, percent_encoding::NON_ALPHANUMERIC))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_the_same_in_every_spelling() {
    let running = Running::start().await;
    for (number, (name, spellings)) in SPELLINGS.into_iter().enumerate() {
        let directory = running.directory(&format!("Acme {number}")).await;
        let found = async |target: String| directory.idp("GET", &target, None).await.json()["totalResults"].clone();
        let mut body = user(name);
        body["emails"] = json!([{ "value": name, "type": "home" }, { "value": format!("b.{name}"), "type": "work" }]);
        body["name"] = json!({ "familyName": name });
        let created = directory.idp("POST", "/Users", Some(body.clone())).await;
        assert_eq!(created.status, 201, "{name}: {}", created.body);
        let other = directory.idp("POST", "/Users", Some(user("other@example.com"))).await.id();
        let group = directory.group(name, &[&created.id()]).await;
        for spelling in spellings {
            for (attribute, op) in
                [("userName", "eq"), ("userName", "sw"), ("name.familyName", "ew"), ("emails.value", "co")]
            {
                assert_eq!(found(lookup("Users", attribute, op, spelling)).await, 1, "{attribute} {op} {spelling}");
            }
            assert_eq!(
                found(lookup("Users", "emails.value", "eq", &format!("B.{spelling}"))).await,
                1,
                "email {spelling}"
            );
            assert_eq!(found(lookup("Groups", "displayName", "eq", spelling)).await, 1, "group {spelling}");

            let again = directory.idp("POST", "/Users", Some(user(spelling))).await;
            assert_eq!((again.status, again.json()["scimType"].as_str()), (409, Some("uniqueness")), "{spelling}");
            let group_again = directory.idp("POST", "/Groups", Some(json!({ "displayName": spelling }))).await;
            assert_eq!(group_again.status, 409, "{spelling}: {}", group_again.body);
            let rename = json!({ "Operations": [{ "op": "replace", "path": "userName", "value": spelling }] });
            let taken = directory.idp("PATCH", &format!("/Users/{other}"), Some(rename.clone())).await;
            assert_eq!(taken.status, 409, "{spelling}: {}", taken.body);

            let search = |text: &str| {
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
            };
            for (list, query) in [("users", ""), ("groups", ""), (&*format!("groups/{group}/members"), "")] {
                let path = format!("/api/directories/{}/{list}?{query}search={}", directory.id, search(spelling));
                assert_eq!(running.person("GET", &path, None).await["total"], 1, "{list} {spelling}");
            }
            let path =
                format!("/api/directories/{}/exchanges?search={}", directory.id, search(&format!("user:{spelling}")));
            running.eventually(&path, "a request about the name", |page| page["total"] != 0).await;

            // One's own name in another spelling is free, and kept as it is spelled.
            let own = directory.idp("PATCH", &format!("/Users/{}", created.id()), Some(rename)).await;
            assert_eq!((own.status, own.json()["userName"].as_str()), (200, Some(*spelling)), "{}", own.body);
        }
        let shown = spellings[0];
        let remove = json!({ "Operations": [{ "op": "remove", "path": format!("members[display eq \"{shown}\"]") }] });
        let removed = directory.idp("PATCH", &format!("/Groups/{group}"), Some(remove)).await;
        assert_eq!((removed.status, &removed.json()["members"]), (200, &json!([])), "{shown}: {}", removed.body);
    }
    running.server.shutdown().await;
}

/// Two users, two groups and two environments that an earlier version told apart.
const COLLIDING: &str = "
    PRAGMA foreign_keys = OFF;
    INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at, last_change)
    VALUES
      (100, 3, 'user', 'active', 'u1', 'A', 'jürgen', 'jürgen', 'okta', 1, 1780682185500, 1780682185500, 100),
      (101, 3, 'user', 'active', 'u2', 'B', 'ju\u{308}rgen', 'JU\u{308}RGEN', 'okta', 1, 1780682185500, 1780682185500, 101),
      (102, 3, 'group', 'active', 'g1', 'Κύκλος', 'κύκλος', '', 'okta', 1, 1780682185500, 1780682185500, 102),
      (103, 3, 'group', 'active', 'g2', 'κύκλοσ', 'κύκλοσ', '', 'okta', 1, 1780682185500, 1780682185500, 103);
    INSERT INTO changes (seq, directory, resource, at, kind, resource_name, fields, actor) VALUES
      (100, 3, 100, 1780682185500, 'created', 'A', '[]', 'okta'), (101, 3, 101, 1780682185500, 'created', 'B', '[]', 'okta'),
      (102, 3, 102, 1780682185500, 'created', 'C', '[]', 'okta'), (103, 3, 103, 1780682185500, 'created', 'D', '[]', 'okta');
    INSERT INTO versions VALUES
      (100, '{\"userName\":\"jürgen\",\"emails\":[{\"value\":\"x.U\u{308}@example.com\"}]}', 1, 1780682185500, 1780682185500),
      (101, '{\"userName\":\"JU\u{308}RGEN\"}', 1, 1780682185500, 1780682185500),
      (102, '{\"displayName\":\"Κύκλος\"}', 1, 1780682185500, 1780682185500),
      (103, '{\"displayName\":\"κύκλοσ\"}', 1, 1780682185500, 1780682185500);
    INSERT INTO resource_emails VALUES (3, 'x.u\u{308}@example.com', 100);
    INSERT INTO environments (id, name, name_key, created_at) VALUES ('e2', 'Köln', 'köln', 0), ('e3', 'Ko\u{308}ln', 'ko\u{308}ln', 0);";

#[tokio::test(flavor = "multi_thread")]
async fn who_had_a_name_that_is_taken_now_keeps_it_and_is_reported() {
    let data = tempfile::tempdir().expect("a folder");
    databases::leave(12, data.path());
    let truth = Connection::open(data.path().join("scim-setup.sqlite3")).expect("a database");
    truth.execute_batch(COLLIDING).expect("what an earlier version let in");
    drop(truth);
    let running = Running::start_in(data).await;

    let collisions = async || {
        let tree = running.person("GET", "/api/tree", None).await;
        let is_entra = |directory: &&Value| directory["id"] == ENTRA;
        tree["directories"].as_array().expect("a list").iter().find(is_entra).expect("Entra")["nameCollisions"].clone()
    };
    let of_users = json!({ "resources": [
        { "id": "u1", "kind": "user", "name": "jürgen" }, { "id": "u2", "kind": "user", "name": "JU\u{308}RGEN" },
    ] });
    let of_groups = json!({ "resources": [
        { "id": "g1", "kind": "group", "name": "Κύκλος" }, { "id": "g2", "kind": "group", "name": "κύκλοσ" },
    ] });
    assert_eq!(collisions().await, json!([of_users, of_groups]));
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(tree["environments"].as_array().map(Vec::len), Some(3), "both stay: {tree}");
    for id in ["e2", "e3"] {
        let change = json!({ "publicUrl": format!("https://{id}.example.com") });
        running.person("PATCH", &format!("/api/environments/{id}"), Some(change)).await;
    }

    let token = running.new_token(ENTRA).await;
    let entra = running.known(ENTRA, &token);
    let found = entra.idp("GET", &lookup("Users", "userName", "eq", "JÜRGEN"), None).await;
    assert_eq!(found.json()["totalResults"], 2, "both are found: {}", found.body);
    let by_email = entra.idp("GET", &lookup("Users", "emails.value", "eq", "X.Ü@example.com"), None).await;
    assert_eq!(by_email.json()["totalResults"], 1, "an address that was stored by its former key: {}", by_email.body);
    assert_eq!(entra.idp("POST", "/Users", Some(user("jürgen"))).await.status, 409);
    // Whoever keeps the name can still be changed; who gives it up ends the collision.
    let patch = |path: &str, value: &str| json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] });
    for id in ["u1", "u2"] {
        let changed = entra.idp("PATCH", &format!("/Users/{id}"), Some(patch("title", "Lead"))).await;
        assert_eq!(changed.status, 200, "{id}: {}", changed.body);
    }
    let renamed = entra.idp("PATCH", "/Users/u2", Some(patch("userName", "jürgen.b"))).await;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    assert_eq!(collisions().await, json!([of_groups]));
    let back = entra.idp("PATCH", "/Users/u2", Some(patch("userName", "Jürgen"))).await;
    assert_eq!(back.status, 409, "{}", back.body);
    running.server.shutdown().await;
}
