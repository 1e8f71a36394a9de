//! Entity tags: what may be read again and what may be written from where, RFC 7644 §3.14.

use serde_json::{Value, json};

use crate::harness::{Running, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_goes_on_only_from_the_version_it_names() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    let team = directory.group("Team", &[]).await;
    let title = |title: &str| Some(json!({"Operations": [{"op": "replace", "path": "externalId", "value": title}]}));
    for path in [format!("/Users/{ada}"), format!("/Groups/{team}")] {
        let first = directory.idp("GET", &path, None).await.header("ETag").expect("a tag").to_owned();
        let answer = directory.with_header("GET", &path, None, ("If-None-Match", &first)).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.header("ETag")), (304, "", Some(first.as_str())));

        let changed = directory.with_header("PATCH", &path, title("one"), ("If-Match", &first)).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        let second = changed.header("ETag").expect("a tag").to_owned();
        assert_ne!(first, second);
        assert_eq!(directory.with_header("GET", &path, None, ("If-None-Match", &first)).await.status, 200);

        let replacement = Some(changed.json());
        for (method, body) in [("PATCH", title("two")), ("PUT", replacement), ("DELETE", None)] {
            let answer = directory.with_header(method, &path, body, ("If-Match", &first)).await;
            assert_eq!((answer.status, &answer.json()["status"]), (412, &json!("412")), "{method}: {answer:?}");
        }
        assert_eq!(directory.idp("GET", &path, None).await.json()["externalId"], "one", "nothing was written");

        let unchanged = directory.with_header("PATCH", &path, title("one"), ("If-Match", &second)).await;
        assert_eq!(unchanged.header("ETag"), Some(second.as_str()), "nothing changed");
        assert_eq!(unchanged.json()["meta"]["lastModified"], changed.json()["meta"]["lastModified"]);
        assert_eq!(directory.with_header("DELETE", &path, None, ("If-Match", "*")).await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_values_is_no_change() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut body = user("ada");
    body["emails"] = json!([{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}]);
    let created = directory.idp("POST", "/Users", Some(body)).await.json();
    let mut turned = created.clone();
    turned["emails"].as_array_mut().expect("emails").reverse();
    let path = format!("/Users/{}", created["id"].as_str().expect("an id"));
    let replaced = directory.idp("PUT", &path, Some(turned)).await.json();
    assert_eq!(replaced["meta"], created["meta"]);
    let changes: Value = running.person("GET", &format!("/api/directories/{}/changes", directory.id), None).await;
    assert_eq!(changes["total"], 1, "{changes}");
}
