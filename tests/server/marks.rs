//! What a person puts on recorded requests: pins, and notes.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::client;
use crate::harness::{Directory, Running, user};

async fn mark(running: &Running, id: &Value, marks: Value) -> Value {
    running.person("PATCH", &format!("/api/exchanges/{id}"), Some(marks)).await
}

/// The ids of the requests that a search finds, newest first.
async fn found(running: &Running, directory: &Directory, query: &str) -> Vec<u64> {
    let path = format!("/api/directories/{}/exchanges?{query}", directory.id);
    let page = running.person("GET", &path, None).await;
    page["items"].as_array().expect("rows").iter().filter_map(|row| row["id"].as_u64()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_request_stays_when_others_go() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let ada = directory.newest_exchange(&running, 1).await["row"]["id"].clone();
    directory.with_authorization("GET", "/Users", None, Some("Bearer wrong".into())).await;
    let stranger = directory.newest_exchange(&running, 2).await["row"]["id"].clone();
    for id in [&ada, &stranger] {
        let marked = mark(&running, id, json!({"isPinned": true})).await;
        assert_eq!(
            (&marked["row"]["isPinned"], &marked["row"]["annotation"]),
            (&json!(true), &json!(null)),
            "{marked}"
        );
    }
    for number in 0..110 {
        directory.idp("GET", &format!("/Users?startIndex={number}"), None).await;
    }
    directory.newest_exchange(&running, 112).await;
    running.person("PATCH", "/api/settings", Some(json!({"keepExchanges": 100}))).await;
    let of = format!("/api/directories/{}", directory.id);
    let counts = running.eventually(&of, "trimming", |directory| directory["counts"]["exchanges"] == 102).await;
    assert_eq!((&counts["counts"]["pinned"], &counts["counts"]["letGo"]), (&json!(2), &json!(10)), "{counts}");
    let pinned = [stranger.as_u64(), ada.as_u64()].map(|id| id.expect("an id"));
    assert_eq!(found(&running, &directory, "show=pinned").await, pinned);

    running.person("DELETE", &format!("{of}/exchanges"), None).await;
    assert_eq!(found(&running, &directory, "").await, pinned, "a person who clears the list keeps what is pinned");
    let check = running.person("POST", "/api/data/check", Some(json!({}))).await;
    assert_eq!(check["isHealthy"], true, "{check}");
    let Running { server, data, .. } = running;
    server.shutdown().await;
    let running = Running::start_in(data).await;
    assert_eq!(found(&running, &directory, "show=pinned").await, pinned, "after a restart");
    mark(&running, &ada, json!({"isPinned": false})).await;
    running.person("DELETE", &format!("{of}/exchanges"), None).await;
    assert_eq!(found(&running, &directory, "").await, pinned[..1]);
    running.person("DELETE", &format!("{of}/exchanges?pinned=true"), None).await;
    assert_eq!(found(&running, &directory, "").await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_can_be_pinned_and_no_more() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    for number in 0..201 {
        directory.idp("GET", &format!("/Users?startIndex={number}"), None).await;
    }
    let newest = directory.newest_exchange(&running, 201).await["row"]["id"].as_u64().expect("an id");
    for id in newest - 199..=newest {
        mark(&running, &json!(id), json!({"isPinned": true})).await;
    }
    let refused = json!({"isPinned": true, "annotation": "The first"});
    let path = format!("/api/exchanges/{}", newest - 200);
    let (status, error) = running.person_refused("PATCH", &path, Some(refused)).await;
    assert_eq!((status, &error["field"]), (409, &json!("isPinned")), "{error}");
    assert_eq!(error["message"], "200 requests are pinned here, the most that can be. Unpin one to pin another.");
    assert_eq!(running.person("GET", &path, None).await["annotation"], json!(null), "nothing by halves");
    mark(&running, &json!(newest), json!({"isPinned": true})).await;
    mark(&running, &json!(newest), json!({"isPinned": false})).await;
    mark(&running, &json!(newest - 200), json!({"isPinned": true})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_found_and_what_was_recorded_stays() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "grace"]).await;
    let before = directory.newest_exchange(&running, 2).await;
    let grace = &before["row"]["id"];
    let mut watch = pin!(running.control.watch());
    watch.next().await.expect("the feed begins");
    let note = "  Ask Müller why\nthis came twice. ";
    let after = mark(&running, grace, json!({"annotation": note})).await;
    assert_eq!(after["annotation"], note.trim());
    assert_eq!(after["row"]["annotation"], "Ask Müller why this came twice.", "in one line");
    for recorded in ["request", "response", "target", "explanation", "changes", "notes"] {
        assert_eq!(after[recorded], before[recorded], "{recorded}");
    }
    let told = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let batch = serde_json::to_value(watch.next().await).expect("events are JSON");
            let marked = batch.as_array().into_iter().flatten().find(|event| event["type"] == "exchangeMarked");
            if let Some(marked) = marked {
                return marked["exchange"].clone();
            }
        }
    });
    assert_eq!(told.await.expect("the feed tells of it"), after["row"]);

    let (all, one) = (vec![grace.as_u64().expect("an id")], Vec::<u64>::new());
    for (search, expected) in [
        ("muller", &all),
        ("note:twice", &all),
        ("note:ada", &one),
        ("has:note", &all),
        ("has:note%20user:ada", &one),
        ("is:pinned", &one),
        ("-is:pinned%20user:grace", &all),
        ("-note:twice%20user:grace", &one),
        ("-twice%20user:grace", &one),
        ("-has:note%20user:grace", &one),
    ] {
        assert_eq!(found(&running, &directory, &format!("search={search}")).await, *expected, "{search}");
    }
    let everywhere = running.person("GET", "/api/search?q=muller", None).await;
    assert_eq!(everywhere["exchanges"][0]["id"], *grace, "{everywhere}");
    let path = format!("/api/directories/{}/exchanges?search=is:open", directory.id);
    let (status, error) = running.person_refused("GET", &path, None).await;
    assert_eq!((status, &error["message"]), (422, &json!("“is:open” means nothing. Write is:pinned or has:note.")));

    let path = format!("/api/exchanges/{grace}");
    let long = json!({"annotation": "ü".repeat(2_001)});
    let (status, error) = running.person_refused("PATCH", &path, Some(long)).await;
    assert_eq!((status, &error["field"]), (422, &json!("annotation")), "{error}");
    mark(&running, grace, json!({"annotation": "ü".repeat(2_000)})).await;
    let none = mark(&running, grace, json!({"annotation": "  "})).await;
    assert_eq!((&none["annotation"], &none["row"]["annotation"]), (&json!(null), &json!(null)));
    assert_eq!(found(&running, &directory, "search=has:note").await, one);
    assert_eq!(running.person_refused("PATCH", "/api/exchanges/999", Some(json!({}))).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_addressed_no_directory_is_marked_like_any_other() {
    let running = Running::start().await;
    let url = format!("{}/scim/v2/nobody/Users", running.server.scim_url());
    crate::harness::blocking(move || client::send("GET", &url, &[], None).expect("an answer")).await;
    let path = "/api/directories/unattributed/exchanges";
    let page = running.eventually(path, "recording", |page| page["total"] == 1).await;
    let id = &page["items"][0]["id"];
    mark(&running, id, json!({"isPinned": true, "annotation": "Whose is it?"})).await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(tree["unattributed"]["pinned"], 1, "{tree}");
    running.person("DELETE", path, None).await;
    let left = running.person("GET", path, None).await;
    assert_eq!((&left["total"], &left["items"][0]["annotation"]), (&json!(1), &json!("Whose is it?")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_leaves_with_a_case_and_names_nobody_there() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("POST", "/Users", Some(user("qlovelace"))).await;
    let id = directory.newest_exchange(&running, 1).await["row"]["id"].clone();
    let note = format!(
        "Okta sent qlovelace twice, 409 at 12:03. Ask Qbob or qgrace@qmail.com (+1 7315559, สมชาย), see https://qwiki.example.com/qpage; token {}",
        directory.token
    );
    mark(&running, &id, json!({"isPinned": true, "annotation": note})).await;
    let of = format!("/api/directories/{}", directory.id);
    let open = running.person("GET", &format!("{of}/case"), None).await;
    let said = open["exchanges"][0]["annotation"].as_str().expect("a note");
    assert!(said.contains("Ask Qbob") && !said.contains(&directory.token), "{said}");
    assert_eq!(open["exchanges"][0]["row"]["isPinned"], true);

    let case = running.person("GET", &format!("{of}/case?anonymize=true"), None).await;
    let exchange = &case["exchanges"][0];
    for told in [&exchange["annotation"], &exchange["row"]["annotation"]] {
        let told = told.as_str().expect("a note");
        assert!(told.starts_with("Okta sent ") && told.contains(" twice, 409 at 12:03. Ask "), "{told}");
        for identifying in ["qlovelace", "Qbob", "qgrace", "qmail", "7315559", "สมชาย", "qwiki", "qpage"] {
            assert!(!told.contains(identifying), "{identifying} in {told}");
        }
    }
    let preview = running.person("GET", &format!("{of}/case/preview?anonymize=true"), None).await;
    assert_eq!(preview["annotations"], json!([exchange["annotation"]]), "as it will be");
    let archive = running.person("GET", &format!("{of}/exchanges.har?anonymize=true"), None).await;
    let told = archive["log"]["entries"][0]["_annotation"].as_str().expect("a note");
    assert!(!told.contains("Qbob"), "{told}");

    let opened = running.person("POST", "/api/cases", Some(case.clone())).await;
    assert_eq!(opened["exchanges"][0]["annotation"], exchange["row"]["annotation"]);
    let path = format!("/api/cases/{}/exchanges/{id}", opened["id"].as_str().expect("an id"));
    assert_eq!(running.person("GET", &path, None).await["annotation"], exchange["annotation"]);
}
