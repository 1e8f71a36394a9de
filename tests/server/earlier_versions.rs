//! Folders of earlier versions open, and a person finds there what was there.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::databases::{self, ADA, ALL_STAFF, EDSGER, ENGINEERING, ENTRA, LISE, OKTA, ONELOGIN, SOREN};
use crate::harness::{Directory, Running, ask};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_what_was_there() {
    for schema in databases::schemas() {
        let running = open(schema).await;
        the_directories(&running, schema).await;
        the_people_and_groups(&running, schema).await;
        what_happened_to_somebody(&running, schema).await;
        the_requests(&running, schema).await;
        the_guide(&running, schema).await;
        the_identity_provider_goes_on(running, schema).await;
    }
}

async fn the_directories(running: &Running, schema: usize) {
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(lines(&tree["environments"], &["/name", "/publicUrl"]), ["Local https://scim.example.com"]);
    assert_eq!(
        lines(&tree["organizations"], &["/name", "/externalId", "/emailDomains"]),
        ["Acme Corp CUST-1 [\"example.com\"]", "Globex null []"]
    );
    let counted =
        ["/name", "/isPrimary", "/counts/users", "/counts/activeUsers", "/counts/groups", "/counts/exchanges"];
    assert_eq!(
        lines(&tree["directories"], &counted),
        ["Okta true 4 3 2 10", "OneLogin true 0 0 0 2", "Entra false 0 0 0 0"],
        "schema {schema}"
    );
    let counted = ["/counts/writes", "/counts/errors", "/counts/notes", "/token/isRotated", "/rejected/count"];
    assert_eq!(lines(&json!([tree["directories"][0]]), &counted), ["9 2 1 true 1"], "schema {schema}");
    assert_eq!(tree["unattributed"]["exchanges"], 1, "schema {schema}");
    let settings = running.person("GET", "/api/settings", None).await;
    assert_eq!(lines(&json!([settings]), &["/theme", "/keepExchanges"]), ["dark 20000"], "schema {schema}");
    let policies = lines(&tree["directories"], &["/policy"]);
    if schema >= 2 {
        let (ours, soft) =
            (r#"{"mode":"tolerant","patchAnswer":"noContent"}"#, r#"{"mode":"tolerant","deletion":"soft"}"#);
        assert_eq!(policies, [ours, soft, r#"{"mode":"tolerant"}"#], "schema {schema}");
        assert_eq!(tree["directories"][1]["schemas"][0]["schema"]["name"], "Badge", "schema {schema}");
    } else {
        assert_eq!(policies, [r#"{"mode":"tolerant"}"#; 3], "nothing else could be chosen");
    }
    let former = &tree["directories"][0]["formerUrl"]["baseUrl"];
    let expected = if schema >= 5 { json!(format!("https://acme.example.com/scim/v2/{OKTA}")) } else { Value::Null };
    assert_eq!(former, &expected, "schema {schema}");
}

async fn the_people_and_groups(running: &Running, schema: usize) {
    let rows = ["/displayName", "/userName", "/state", "/groups", "/source/name"];
    let of_okta = format!("/api/directories/{OKTA}");
    let users = |query: &'static str| format!("{of_okta}/users?{query}");
    assert_eq!(
        listed(running, &users("sort=name&order=asc"), "/items", &rows).await,
        [
            "Ada Lovelace ada@example.com active 1 Okta",
            "Alan Turing alan@example.com deactivated 0 Okta",
            "Grace Hopper grace@example.com active 0 Okta",
            "Søren O'Brien soren@example.com active 1 Okta",
        ],
        "schema {schema}"
    );
    let names = ["/displayName"];
    assert_eq!(listed(running, &users("status=deactivated"), "/items", &names).await, ["Alan Turing"]);
    assert_eq!(listed(running, &users("status=deleted"), "/items", &names).await, ["Edsger Dijkstra"]);
    assert_eq!(listed(running, &users("search=OVELAC"), "/items", &names).await, ["Ada Lovelace"]);
    assert_eq!(listed(running, &users("search=00usoren"), "/items", &names).await, ["Søren O'Brien"]);
    let adrift =
        listed(running, &users("status=outOfStep&sort=name&order=asc"), "/items", &["/displayName", "/drift/kind"])
            .await;
    let expected = ["Grace Hopper notLinked", "Søren O'Brien notDeactivated"];
    assert_eq!(adrift, if schema >= 6 { expected.as_slice() } else { &[] }, "schema {schema}");

    let groups = format!("{of_okta}/groups?sort=name&order=asc");
    let rows = ["/displayName", "/members", "/unknownMembers"];
    assert_eq!(
        listed(running, &groups, "/items", &rows).await,
        ["All staff 2 0", "Engineering 2 1"],
        "schema {schema}"
    );
    let members = |id: &str| format!("{of_okta}/groups/{id}/members");
    let names = ["/name", "/kind"];
    assert_eq!(
        listed(running, &members(ENGINEERING), "/items", &names).await,
        ["Ada Lovelace user", "2819c223-7f76-453a-919d-413861904646 null"],
        "schema {schema}"
    );
    assert_eq!(
        listed(running, &members(ALL_STAFF), "/items", &names).await,
        ["Søren O'Brien user", "Engineering group"],
        "schema {schema}"
    );
    let ada = running.person("GET", &format!("{of_okta}/users/{ADA}"), None).await;
    assert_eq!(lines(&ada["groups"], &["/name"]), ["Engineering"], "schema {schema}");
    assert_eq!(ada["resource"]["title"], "Campaign Lead");
    let found = running.person("GET", "/api/search?q=engin", None).await;
    assert!(found.to_string().contains(ENGINEERING), "schema {schema}: {found}");
}

async fn what_happened_to_somebody(running: &Running, schema: usize) {
    let ada = format!("/api/directories/{OKTA}/users/{ADA}");
    let detail = running.person("GET", &ada, None).await;
    assert_eq!(
        lines(&detail["history"]["items"], &["/change/seq", "/change/kind", "/moved", "/request/method"]),
        ["9 created came POST", "7 updated null PUT", "6 created null POST"],
        "schema {schema}"
    );
    let renamed = &detail["history"]["items"][1]["change"];
    assert_eq!(
        lines(&renamed["fields"], &["/path", "/before", "/after"])[..2],
        ["userName ada.byron@example.com ada@example.com", "name.familyName Byron Lovelace"],
        "schema {schema}"
    );
    let before = ask(&running.control, "GET", &format!("{ada}/at/6"), None).await;
    let after = running.person("GET", &format!("{ada}/at/7"), None).await;
    assert_eq!(after["resource"]["userName"], "ada@example.com", "schema {schema}: {after}");
    if schema >= 6 {
        assert_eq!(before.1["resource"]["userName"], "ada.byron@example.com", "schema {schema}: {before:?}");
    } else {
        assert_eq!((before.0, &before.1["code"]), (404, &json!("notFound")), "nobody kept it, schema {schema}");
    }
    let edsger = running.person("GET", &format!("/api/directories/{OKTA}/users/{EDSGER}"), None).await;
    assert_eq!(lines(&json!([edsger]), &["/row/state", "/row/userName"]), ["deleted edsger@example.com"]);
    let kinds = lines(&edsger["history"]["items"], &["/change/kind", "/moved"]);
    assert_eq!(kinds[0], "deleted null", "schema {schema}: {kinds:?}");
    assert_eq!(kinds.last().map(String::as_str), Some("created null"), "schema {schema}: {kinds:?}");

    let members = format!("/api/directories/{OKTA}/groups/{ENGINEERING}/members?at=9");
    assert_eq!(
        listed(running, &members, "/items", &["/name"]).await.len(),
        4,
        "who was in the group at its beginning, schema {schema}"
    );
}

async fn the_requests(running: &Running, schema: usize) {
    let path = format!("/api/directories/{OKTA}/exchanges");
    // Those of the first versions are read anew beside the start, for their searches.
    let page = running.eventually(&format!("{path}?search=byron"), "reading", |page| page["total"] == 2).await;
    assert_eq!(lines(&page["items"], &["/id"]), ["8", "7"], "schema {schema}");
    let all = running.person("GET", &path, None).await;
    assert_eq!(all["total"], 10, "schema {schema}");
    let rows = lines(&all["items"], &["/id", "/method", "/status", "/summary/text"]);
    assert_eq!(rows[0], "16 PUT 401 Rejected: the bearer token was replaced", "schema {schema}");
    assert_eq!(rows[9], "7 GET 200 Okta checked whether ada.byron@example.com exists", "schema {schema}");
    let of_nobody = running.person("GET", "/api/directories/unattributed/exchanges", None).await;
    assert_eq!(lines(&of_nobody["items"], &["/id", "/status", "/summary/outcome"]), ["17 404 a mistyped id"]);

    let created = running.person("GET", "/api/exchanges/8", None).await;
    assert_eq!(
        lines(&json!([created]), &["/row/method", "/row/status", "/target"]),
        [format!("POST 201 /scim/v2/{OKTA}/Users")]
    );
    let (request, response) = (&created["request"], &created["response"]);
    assert_eq!(request["headers"][2], json!(["user-agent", "Okta SCIM Client 1.0.0"]), "schema {schema}");
    assert_eq!(request["headers"][4], json!(["content-type", "application/scim+json; charset=utf-8"]));
    assert!(text(&request["body"]).contains(r#""userName":"ada.byron@example.com""#), "schema {schema}: {request}");
    assert!(text(&request["body"]).contains(r#""password":"••••""#), "schema {schema}: {request}");
    assert_eq!(lines(&json!([request]), &["/bodyBytes", "/isTruncated"]), ["472 false"], "schema {schema}");
    assert!(text(&response["body"]).contains(ADA), "schema {schema}: {response}");
    assert_eq!(lines(&created["changes"], &["/seq", "/kind"]), ["6 created"], "schema {schema}");
}

async fn the_guide(running: &Running, schema: usize) {
    let states = ["/id", "/state/is"];
    let entra = running.person("GET", &format!("/api/directories/{ENTRA}/guide"), None).await;
    let theirs = running.person("GET", &format!("/api/directories/{OKTA}/guide"), None).await;
    assert_eq!(entra["track"], "entra", "by its name, if by nothing else");
    if schema >= 3 {
        assert_eq!(lines(&entra["steps"], &states)[..3], ["create byHand", "connect byHand", "test open"]);
        assert_eq!(lines(&json!([theirs]), &["/track", "/isChosen"]), ["okta-template true"]);
        let mut states = ["seen"; 6];
        states[1] = "reopened";
        assert_eq!(lines(&theirs["steps"], &["/state/is"]), states, "its token is refused, schema {schema}: {theirs}");
    } else {
        assert_eq!(lines(&json!([entra, theirs]), &["/isChosen"]), ["false", "false"], "there was no guide");
    }
}

async fn the_identity_provider_goes_on(running: Running, schema: usize) {
    let okta = okta(&running);
    assert_eq!(okta.idp("GET", "/Users", None).await.json()["totalResults"], 4, "schema {schema}");
    let retired = Some(format!("Bearer {}", databases::RETIRED_TOKEN));
    assert_eq!(okta.with_authorization("GET", "/Users", None, retired).await.status, 401, "schema {schema}");
    for (filter, found) in [
        ("userName eq \"ADA@example.com\"", json!([ADA])),
        ("externalId eq \"00usoren\"", json!([SOREN])),
        ("emails.value eq \"ada@example.com\"", json!([ADA])),
        ("userName eq \"ada.byron@example.com\"", json!([])),
    ] {
        let target = format!("/Users?filter={}", filter.replace(' ', "%20").replace('"', "%22"));
        let answer = okta.idp("GET", &target, None).await.json();
        let ids = lines(&answer["Resources"], &["/id"]);
        assert_eq!(json!(ids), found, "schema {schema}, {filter}: {answer}");
    }
    let patch = |operations: Value| json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
    let promote = patch(json!([{"op": "replace", "path": "title", "value": "Director"}]));
    let answer = okta.idp("PATCH", &format!("/Users/{ADA}"), Some(promote)).await;
    assert_eq!(
        (answer.status, answer.header("ETag")),
        (if schema >= 2 { 204 } else { 200 }, Some("W/\"3\"")),
        "schema {schema}"
    );
    let comes = patch(json!([{"op": "add", "path": "members", "value": [{"value": SOREN}]}]));
    assert!(okta.idp("PATCH", &format!("/Groups/{ENGINEERING}"), Some(comes)).await.status < 300, "schema {schema}");
    let group = okta.idp("GET", &format!("/Groups/{ENGINEERING}"), None).await.json();
    assert_eq!(lines(&group["members"], &["/value"]), [ADA, "2819c223-7f76-453a-919d-413861904646", SOREN]);
    let [again] = okta.people(["edsger"]).await;
    assert_ne!(again, EDSGER);
    let former = running.person("GET", &format!("/api/directories/{OKTA}/users/{EDSGER}"), None).await;
    assert_eq!(former["createdAgain"]["id"], json!(again), "schema {schema}: {former}");

    let onelogin = running.known(ONELOGIN, databases::ONELOGIN_TOKEN);
    let lise = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "lise@globex.example"});
    let back = onelogin.idp("POST", "/Users", Some(lise)).await;
    assert_eq!((back.status, back.id() == LISE), (201, schema >= 2), "soft deletion, schema {schema}");

    // What came after the migration is kept like everything else.
    running.server.shutdown().await;
    let running = Running::start_in(running.data).await;
    let ada = running.person("GET", &format!("/api/directories/{OKTA}/users/{ADA}"), None).await;
    assert_eq!(ada["resource"]["title"], "Director", "schema {schema}");
    let newest = &ada["history"]["items"][0];
    assert_eq!(lines(&newest["change"]["fields"], &["/path", "/before", "/after"]), ["title Campaign Lead Director"]);
    assert_eq!(newest["request"]["method"], "PATCH", "schema {schema}: {newest}");
    let counts = running.person("GET", &format!("/api/directories/{OKTA}"), None).await["counts"].take();
    assert_eq!(lines(&json!([counts]), &["/users", "/groups", "/exchanges"]), ["5 2 20"], "schema {schema}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_are_those_of_the_version_before() {
    for schema in databases::schemas().filter(|schema| *schema >= databases::ANSWERED) {
        let running = open(schema).await;
        // In the order of their paths: what is asked for over SCIM comes last, for it is recorded.
        let before: BTreeMap<String, Value> = serde_json::from_str(databases::ANSWERS).expect("JSON");
        let mut differences = Vec::new();
        for (path, before) in &before {
            let now = match path.strip_prefix("/scim/v2/").and_then(|rest| rest.split_once('/')) {
                Some((id, target)) => {
                    let token = if id == OKTA { databases::TOKEN } else { databases::ONELOGIN_TOKEN };
                    running.known(id, token).idp("GET", &format!("/{target}"), None).await.json()
                }
                None => running.person("GET", path, None).await,
            };
            compare(path, before, &now, &mut differences);
        }
        assert!(differences.is_empty(), "schema {schema}: {}", differences.join("\n"));
    }
}

/// What the version that gave the answers did not tell.
const NEW: [&str; 33] = [
    "/notify /webhook",
    " /integrationPort",
    " /deactivatedIsDeleted",
    "/nameCollisions",
    "/drift /retriesDeactivation",
    "/seenApp /text",
    "/provider /id",
    "/provider /testPlace",
    "/provider /tokenPlace",
    "/rejected /exchangeId",
    "/rejected /lastFour",
    " /misaddressed",
    " /letGo",
    "/explanation /path",
    "/fix /takenBy",
    "/guide /isInForce",
    "/guide /docs",
    "/guide /readByAppAt",
    "/provider /groupsHint",
    "/provider /preset",
    " /isCut",
    "/api/settings /keepMegabytes",
    "/api/settings /keepChanges",
    "/api/settings /keepDeleted",
    "/api/settings /keepChangeDays",
    " /next",
    " /problem",
    " /isPartial",
    " /pinned",
    " /isPinned",
    " /annotation",
    " /forwarding",
    " /forwarded",
];

/// Where a later version answers otherwise on purpose: sentences of its own, and a guide that says that a token is refused.
fn is_told_otherwise(place: &str) -> bool {
    let is_of_step = place.contains("/guide /steps /") && !place.contains(" /state");
    let sentences = ["/explanation /next /text", "/rfc /text", "/provider /testPlace"];
    let is_remedy = place.contains("/guide /causes /") && place.ends_with(" /remedy");
    let is_sentence = is_remedy || sentences.iter().any(|text| place.ends_with(text));
    // Of the newest request, whose token had been replaced.
    let of_refusal = ["/guide /steps /1 /state /", "/guide /current", "/guide /causes"];
    let is_refused = of_refusal.iter().any(|part| place.starts_with(&format!("/api/directories/{OKTA}{part}")));
    is_of_step || is_sentence || is_refused || place == "/api/exchanges/16 /explanation /fix /action"
}

/// Says where two answers differ.
fn compare(place: &str, expected: &Value, answer: &Value, differences: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(a), Value::Object(b)) => {
            let is_told = |name: &str| !NEW.iter().any(|new| format!("{place} /{name}").ends_with(new));
            let is_new = |name: &&String| !a.contains_key(*name) && is_told(name);
            for name in a.keys().chain(b.keys().filter(is_new)) {
                let of = |map: &serde_json::Map<String, Value>| map.get(name).cloned().unwrap_or(json!("(not there)"));
                compare(&format!("{place} /{name}"), &of(a), &of(b), differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (number, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place} /{number}"), a, b, differences);
            }
        }
        _ if expected == answer => {}
        _ if is_told_otherwise(place) => {}
        // Who did something was told by the name alone.
        (Value::String(before), Value::Object(actor)) if actor.get("name") == Some(&json!(before)) => {}
        // A text that names a time has parts now, and the word before a time is the window's.
        (Value::String(before), Value::Array(parts)) if before.replace(" on 20", " 20") == put_together(parts) => {}
        _ => differences.push(format!("{place}: was {expected}, is {answer}")),
    }
}

/// A text of its parts, each a text or a time.
fn put_together(parts: &[Value]) -> String {
    parts.iter().map(|part| part["text"].as_str().or(part["at"].as_str()).unwrap_or("(neither)")).collect()
}

/// A server on what the program with this schema left.
async fn open(schema: usize) -> Running {
    let data = tempfile::tempdir().expect("a folder");
    databases::leave(schema, data.path());
    Running::start_in(data).await
}

fn okta(running: &Running) -> Directory {
    running.known(OKTA, databases::TOKEN)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// A line for each of a list, made of what stands at these places.
fn lines(list: &Value, pointers: &[&str]) -> Vec<String> {
    let line = |item: &Value| {
        let at = |pointer: &&str| match item.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {item}")) {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        pointers.iter().map(at).collect::<Vec<_>>().join(" ")
    };
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(line).collect()
}

/// What stands at `path` of the control API, as lines.
async fn listed(running: &Running, path: &str, list: &str, pointers: &[&str]) -> Vec<String> {
    let answer = running.person("GET", path, None).await;
    lines(answer.pointer(list).unwrap_or_else(|| panic!("no {list} in {answer}")), pointers)
}
