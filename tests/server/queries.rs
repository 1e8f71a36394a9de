//! Sorting, paging by index and by cursor, search requests, queries over both types, and by what a person was found.

use serde_json::{Value, json};

use crate::harness::{Directory, Running, user};

fn names(list: &Value) -> Vec<String> {
    let name = |resource: &Value| {
        let name = resource["userName"].as_str().or(resource["displayName"].as_str());
        name.unwrap_or_else(|| panic!("{resource} has no name")).trim_end_matches("@example.com").to_owned()
    };
    list["Resources"].as_array().unwrap_or_else(|| panic!("{list} is not a list")).iter().map(name).collect()
}

async fn get(directory: &Directory, target: &str) -> Value {
    let answer = directory.idp("GET", target, None).await;
    assert_eq!(answer.status, 200, "{target}: {answer:?}");
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_sorted_as_asked() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [_, bob, _] = directory.people(["carol", "Bob", "ada"]).await;
    directory
        .idp(
            "PATCH",
            &format!("/Users/{bob}"),
            Some(json!({"Operations": [{"op": "add", "path": "title", "value": "Lead"}]})),
        )
        .await;
    for (parameters, expected) in [
        ("", ["carol", "Bob", "ada"]),
        ("sortBy=userName", ["ada", "Bob", "carol"]),
        ("sortby=emails.value&SORTORDER=descending", ["carol", "Bob", "ada"]),
        ("sortBy=meta.lastModified&sortOrder=descending", ["Bob", "ada", "carol"]),
        ("sortBy=title", ["Bob", "carol", "ada"]),
        ("sortBy=title&sortOrder=descending", ["carol", "ada", "Bob"]),
        ("sortBy=nothing", ["carol", "Bob", "ada"]),
    ] {
        assert_eq!(names(&get(&directory, &format!("/Users?{parameters}")).await), expected, "{parameters}");
    }
    let page = get(&directory, "/Users?sortBy=userName&startIndex=2&count=1").await;
    assert_eq!(
        (names(&page), &page["totalResults"], &page["startIndex"]),
        (vec!["Bob".to_owned()], &json!(3), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_stays_right_while_people_come_and_go() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let ids = directory.people(["a", "b", "c", "d", "e"]).await;
    let first = get(&directory, "/Users?cursor&count=2").await;
    assert_eq!((names(&first), &first["totalResults"]), (vec!["a".to_owned(), "b".to_owned()], &json!(5)));
    assert!(first.get("previousCursor").is_none() && first.get("startIndex").is_none(), "{first}");
    // Somebody before the edge, the edge itself and somebody after it go; somebody comes.
    for index in [0, 1, 2] {
        directory.idp("DELETE", &format!("/Users/{}", ids[index]), None).await;
    }
    directory.people(["f"]).await;
    let next = first["nextCursor"].as_str().expect("there is more");
    let second = get(&directory, &format!("/Users?cursor={next}&count=2")).await;
    assert_eq!(names(&second), ["d", "e"], "nobody is skipped and nobody comes twice");
    let next = second["nextCursor"].as_str().expect("there is more");
    let third = get(&directory, &format!("/Users?cursor={next}&count=2")).await;
    assert_eq!(names(&third), ["f"]);
    assert!(third.get("nextCursor").is_none(), "{third}");
    let previous = third["previousCursor"].as_str().expect("there is a page before");
    assert_eq!(names(&get(&directory, &format!("/Users?cursor={previous}&count=2")).await), ["d", "e"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_size_and_order_shows_everybody_once() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["d", "a", "c", "b", "e"]).await;
    for order in ["", "&sortBy=userName", "&sortBy=userName&sortOrder=descending", "&sortBy=title"] {
        let whole = names(&get(&directory, &format!("/Users?count=10{order}")).await);
        for count in 1..=6 {
            let (mut seen, mut cursor) = (Vec::new(), Some(String::new()));
            while let Some(at) = cursor {
                let page = get(&directory, &format!("/Users?cursor={at}&count={count}{order}")).await;
                seen.extend(names(&page));
                cursor = page["nextCursor"].as_str().map(str::to_owned);
            }
            assert_eq!(seen, whole, "{order} {count}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_cannot_be_used_is_refused_by_name() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["a", "b", "c"]).await;
    let first = get(&directory, "/Users?cursor=&count=1").await;
    let cursor = first["nextCursor"].as_str().expect("there is more").to_owned();
    let mut forged = cursor.clone();
    forged.replace_range(12..13, if &cursor[12..13] == "A" { "B" } else { "A" });
    for (target, kind) in [
        ("/Users?cursor=abc".to_owned(), "invalidCursor"),
        (format!("/Users?cursor={forged}"), "invalidCursor"),
        (format!("/Users?cursor={cursor}&sortBy=userName"), "invalidCursor"),
        (format!("/Users?cursor={cursor}&filter=active%20eq%20true"), "invalidCursor"),
        (format!("/Groups?cursor={cursor}"), "invalidCursor"),
        ("/Users?cursor&count=0".to_owned(), "invalidCount"),
        ("/Users?cursor&count=-1".to_owned(), "invalidCount"),
        ("/Users?cursor&count=100000".to_owned(), "invalidCount"),
        ("/Users?cursor&count=many".to_owned(), "invalidCount"),
    ] {
        let answer = directory.idp("GET", &target, None).await;
        assert_eq!((answer.status, &answer.json()["scimType"]), (400, &json!(kind)), "{target}: {answer:?}");
    }
    assert_eq!(names(&get(&directory, &format!("/Users?cursor={cursor}")).await), ["b", "c"], "it still works");
    let other = running.directory("Umbrella").await;
    let answer = other.idp("GET", &format!("/Users?cursor={cursor}"), None).await;
    assert_eq!((answer.status, &answer.json()["scimType"]), (400, &json!("invalidCursor")), "of another directory");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_request_finds_what_the_query_finds() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, _] = directory.people(["ada", "bob"]).await;
    directory.group("ada's team", &[&ada]).await;
    let search = |mut body: Value| {
        body["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]);
        Some(body)
    };
    for (target, body, expected) in [
        ("/Users/.search", json!({"filter": "userName sw \"a\"", "attributes": ["userName"]}), vec!["ada"]),
        ("/Users/.search", json!({"sortBy": "userName", "sortOrder": "descending"}), vec!["bob", "ada"]),
        ("/Groups/.search", json!({"filter": "displayName co \"TEAM\""}), vec!["ada's team"]),
        ("/.search", json!({"filter": "meta.resourceType eq \"Group\""}), vec!["ada's team"]),
        ("/.search", json!({"startIndex": 2, "count": 2}), vec!["bob", "ada's team"]),
        ("/.search", json!({"filter": "displayName sw \"ada\""}), vec!["ada", "ada's team"]),
        ("/.search", json!({"filter": "userName pr", "count": 1}), vec!["ada"]),
    ] {
        let answer = directory.idp("POST", target, search(body.clone())).await;
        assert_eq!(answer.status, 200, "{target} {body}: {answer:?}");
        assert_eq!(names(&answer.json()), expected, "{target} {body}");
    }
    let answer = directory.idp("POST", "/.search", search(json!({"attributes": ["displayName"]}))).await.json();
    assert!(answer["Resources"][2].get("members").is_none(), "{answer}");
    assert_eq!(names(&get(&directory, "/?filter=id%20pr").await).len(), 3, "a query over the root");
    let answer = directory.idp("POST", "/.search", search(json!({"filter": "nothing here"}))).await;
    assert_eq!(answer.json()["scimType"], "invalidFilter");
    let answer = directory.idp("GET", "/Users/.search", None).await;
    assert_eq!((answer.status, answer.header("Allow")), (405, Some("POST")));
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_found_by_e_mail_and_the_window_says_by_what() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut body = user("ada");
    body["userName"] = "ada".into();
    body["externalId"] = "00u1".into();
    let id = directory.idp("POST", "/Users", Some(body)).await.id();
    let mut count = 1;
    let work = "emails[work].value";
    for (filter, attribute) in [
        ("userName eq \"ADA\"", "userName"),
        ("email eq \"ada@example.com\"", work),
        ("email.value eq \"Ada@Example.com\"", work),
        ("emails eq \"ada@example.com\"", work),
        ("emails.value eq \"ADA@EXAMPLE.COM\"", work),
        ("emails[type eq \"work\"].value eq \"ada@example.com\"", work),
        ("emails[type eq \"work\" and value eq \"ADA@example.com\"]", work),
        ("externalId eq \"00u1\"", "externalId"),
        (&format!("id eq \"{id}\""), "id"),
    ] {
        let encoded: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let list = get(&directory, &format!("/Users?filter={encoded}")).await;
        assert_eq!((names(&list), &list["totalResults"]), (vec!["ada".to_owned()], &json!(1)), "{filter}");
        count += 1;
        let exchange = directory.newest_exchange(&running, count).await;
        assert_eq!(exchange["row"]["summary"]["outcome"], format!("1 match by {attribute}"), "{filter}");
        let differs =
            exchange["notes"].as_array().expect("notes").iter().any(|note| note["rule"] == "email-is-not-user-name");
        assert_eq!(differs, attribute == work, "{filter}: {exchange}");
    }
    let list = get(&directory, "/Users?filter=userName%20eq%20%22ada@example.com%22").await;
    assert_eq!(list["totalResults"], 0);
    let notes = directory.newest_exchange(&running, count + 1).await["notes"].to_string();
    assert!(notes.contains("email-is-not-user-name") && notes.contains("\\\"ada\\\" has that email"), "{notes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_e_mail_address_finds_who_has_it_whatever_they_are_called() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let body = |name: &str, email: &str| {
        let mut body = user("ada");
        (body["userName"], body["emails"]) = (name.into(), json!([{ "value": email, "type": "work" }]));
        body
    };
    let (ada, countess) = ("ada@example.com", "countess@example.com");
    let id = directory.idp("POST", "/Users", Some(body(ada, ada))).await.id();
    let path = format!("/Users/{id}");
    let found = async |email: &str| {
        let list = get(&directory, &format!("/Users?filter=emails.value%20eq%20%22{email}%22")).await;
        list["totalResults"].as_u64().expect("a number")
    };
    assert_eq!((found(ada).await, found(countess).await), (1, 0), "at first");
    for (name, email, expected) in [
        (countess, ada, (1, 0)),
        (countess, countess, (0, 1)),
        (ada, countess, (0, 1)),
        ("ADA@example.com", ada, (1, 0)),
        (ada, ada, (1, 0)),
        (ada, countess, (0, 1)),
    ] {
        let answer = directory.idp("PUT", &path, Some(body(name, email))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!((found(ada).await, found(countess).await), expected, "called {name}, with {email}");
    }
    assert_eq!(directory.idp("DELETE", &path, None).await.status, 204);
    assert_eq!((found(ada).await, found(countess).await), (0, 0), "gone");
}
