//! What one request may cost: whoever has a token can ask for much, and others do not wait for it.

use std::time::Duration;

use serde_json::{Value, json};
use server::{Limits, Options, Server};

use crate::client::Answer;
use crate::harness::{Directory, Running, options, user};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

async fn start_with(limits: Limits) -> Running {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options { limits, ..options(data.path()) }).await.expect("the server starts");
    Running { control: server.control(), server, data }
}

/// A directory in tolerant and one in strict mode.
async fn in_both_modes(running: &Running) -> [Directory; 2] {
    let [tolerant, strict] = [running.directory("Tolerant").await, running.directory("Strict").await];
    strict.set_policy(running, json!({"mode": "strict"})).await;
    [tolerant, strict]
}

async fn patch(directory: &Directory, path: &str, operations: Vec<Value>) -> Answer {
    directory.idp("PATCH", path, Some(json!({"schemas": [PATCH_OP], "Operations": operations}))).await
}

async fn read(directory: &Directory, path: &str) -> Value {
    let answer = directory.idp("GET", path, None).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

fn detail(answer: &Answer) -> String {
    answer.json()["detail"].as_str().expect("a detail").to_owned()
}

/// Makes a group of so many users, each of whom is shown as `m0`, `m1` and so on, and returns its path.
async fn large_group(directory: &Directory, name: &str, count: usize) -> String {
    let path = format!("/Groups/{}", directory.group(name, &[]).await);
    let people: Vec<_> = (0..count).map(|number| people_of(name, number)).collect();
    for some in people.chunks(500) {
        let body = json!({"schemas": [BULK_REQUEST], "Operations": some});
        let answer = directory.idp("POST", "/Bulk", Some(body)).await.json();
        let results = answer["Operations"].as_array().expect("results");
        let members: Vec<_> = results.iter().map(|result| json!({"value": id_of(result)})).collect();
        let answer = patch(directory, &path, vec![json!({"op": "add", "path": "members", "value": members})]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    path
}

fn people_of(group: &str, number: usize) -> Value {
    let data = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                      "userName": format!("{group}-{number}@example.com"), "displayName": format!("m{number}")});
    json!({"method": "POST", "path": "/Users", "bulkId": format!("b{number}"), "data": data})
}

fn id_of(result: &Value) -> &str {
    let location = result["location"].as_str().unwrap_or_else(|| panic!("{result} has no location"));
    location.rsplit('/').next().unwrap_or_default()
}

fn displays(group: &Value) -> Vec<&str> {
    let members = group["members"].as_array().expect("members").iter();
    members.map(|member| member["display"].as_str().expect("a display")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_filters_on_the_members_of_a_group_are_looked_up_and_not_compared_with_all() {
    const MEMBERS: usize = 2_000;
    let running = Running::start().await;
    for directory in in_both_modes(&running).await {
        let path = large_group(&directory, "Everybody", MEMBERS).await;
        // 1,200,000 comparisons if each looked at all of them, which is refused: see below.
        let named = |number: usize| json!({"op": "remove", "path": format!("members[display eq \"M{number}\"]")});
        let answer = patch(&directory, &path, (0..600).map(named).collect()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let group = read(&directory, &path).await;
        assert_eq!((displays(&group).len(), displays(&group)[0]), (MEMBERS - 600, "m600"));
        let ids = group["members"].as_array().expect("members").iter().take(600);
        let by_id = ids.map(|member| {
            let filter = format!("members[value eq {} and type eq \"User\"]", member["value"]);
            json!({"op": "remove", "path": filter})
        });
        let answer = patch(&directory, &path, by_id.collect()).await;
        assert_eq!((answer.status, displays(&answer.json()).len()), (200, MEMBERS - 1_200), "an id is looked up, too");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_look_at_all_members_have_a_bound_and_nothing_of_them_is_done_beyond() {
    let running = Running::start().await;
    for directory in in_both_modes(&running).await {
        let path = large_group(&directory, "Everybody", 1_000).await;
        for filter in ["display co", "$ref ew", "value sw"] {
            // 300 comparisons that may be made, and one that is.
            let comparisons: Vec<_> = (0..300).map(|number| format!("{filter} \"zz{number}\"")).collect();
            let condition = format!("members[type eq \"Group\" and ({})]", comparisons.join(" or "));
            let scan = json!({"op": "remove", "path": condition});
            let few = patch(&directory, &path, vec![scan.clone(); 3]).await;
            assert_eq!(few.status, 200, "{few:?}");
            let mut operations = vec![json!({"op": "remove", "path": "members[display eq \"m1\"]"})];
            operations.extend(vec![scan; 4]);
            operations.push(json!({"op": "replace", "path": "displayName", "value": "Nobody"}));
            let many = patch(&directory, &path, operations).await;
            assert_eq!(many.status, 413, "{many:?}");
            assert!(detail(&many).contains("members[value eq"), "it says what to do: {}", detail(&many));
            let group = read(&directory, &path).await;
            assert_eq!((displays(&group).len(), &group["displayName"]), (1_000, &json!("Everybody")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_come_and_leave_again_and_again_have_a_bound() {
    let running = start_with(Limits { change: Duration::from_secs(600), ..Limits::default() }).await;
    for directory in in_both_modes(&running).await {
        let [ada, bob] = directory.people(["ada", "bob"]).await;
        let path = format!("/Groups/{}", directory.group("Team", &[&bob]).await);
        let add = |id: &str| json!({"op": "add", "path": "members", "value": [{"value": id}]});
        let remove = |id: &str| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
        for [first, second] in [[add(&ada), remove(&ada)], [remove(&bob), add(&bob)]] {
            let turns = |count: usize| (0..count).flat_map(|_| [first.clone(), second.clone()]).collect();
            assert_eq!(patch(&directory, &path, turns(20)).await.status, 200);
            let refused = patch(&directory, &path, turns(5_002)).await;
            assert_eq!(refused.status, 413, "{refused:?}");
            assert!(detail(&refused).contains("Send only the final state"), "{refused:?}");
            assert_eq!(displays(&read(&directory, &path).await), ["bob Example"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_members_may_leave_and_come_back_once() {
    const MEMBERS: usize = 5_100;
    let running = start_with(Limits { change: Duration::from_secs(600), ..Limits::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/Groups/{}", directory.group("Everybody", &[]).await);
    let members: Vec<_> = (0..MEMBERS).map(|number| json!({"value": format!("u{number}")})).collect();
    let add = json!({"op": "add", "path": "members", "value": members});
    let remove = json!({"op": "remove", "path": "members"});
    assert_eq!(patch(&directory, &path, vec![add.clone()]).await.status, 200);
    let version = directory.idp("GET", &path, None).await.header("ETag").map(str::to_owned);
    let answer = patch(&directory, &path, vec![remove.clone(), add.clone()]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["members"].as_array().map(Vec::len), Some(MEMBERS));
    assert_eq!(answer.header("ETag").map(str::to_owned), version, "nothing has changed");
    let again = patch(&directory, &path, vec![remove.clone(), add.clone(), remove, add]).await;
    assert_eq!(again.status, 413, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_comes_back_under_another_name_is_a_change() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let member = |display: &str| json!({"value": "ghost", "display": display});
    let add = |display: &str| json!({"op": "add", "path": "members", "value": [member(display)]});
    let remove = json!({"op": "remove", "path": "members[value eq \"ghost\"]"});
    let rename = |name: &str| json!({"op": "replace", "path": "members[value eq \"ghost\"].display", "value": name});
    for (operations, before, after) in [
        (vec![remove.clone(), add("New")], "Old", "New"),
        (vec![rename("Newer")], "New", "Newer"),
        (vec![remove.clone(), add("Other"), remove.clone(), add("Newest")], "Newer", "Newest"),
    ] {
        let created = ["Old", "New", "Newer"].into_iter().position(|name| name == before).unwrap_or_default();
        let path = format!("/Groups/{}", directory.group(&format!("Team {created}"), &[]).await);
        patch(&directory, &path, vec![add(before)]).await;
        let version = directory.idp("GET", &path, None).await.header("ETag").map(str::to_owned);
        let answer = patch(&directory, &path, operations).await;
        assert_eq!((answer.status, displays(&answer.json())), (200, vec![after]), "{answer:?}");
        assert_ne!(answer.header("ETag").map(str::to_owned), version, "{before} became {after}");
        let shown = format!("/api/directories/{}{}", directory.id, path.replace("Groups", "groups"));
        let change = running.person("GET", &shown, None).await["history"]["items"][0]["change"].clone();
        let told = json!([{"path": "members[ghost].display", "before": before, "after": after}]);
        assert_eq!((&change["kind"], &change["fields"]), (&json!("updated"), &told), "{change}");
        let version = answer.header("ETag").map(str::to_owned);
        let same = patch(&directory, &path, vec![remove.clone(), add("Other"), remove.clone(), add(after)]).await;
        assert_eq!(same.header("ETag").map(str::to_owned), version, "it is as it was in the end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_of_one_patch_see_what_those_before_them_did_as_if_each_came_alone() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, bob, cem, dan] = directory.people(["ada", "bob", "cem", "dan"]).await;
    let inner = directory.group("Inner", &[]).await;
    let member = |id: &str| json!({"value": id});
    let add = |members: Value| json!({"op": "add", "path": "members", "value": members});
    let remove = |filter: &str| json!({"op": "remove", "path": format!("members[{filter}]")});
    let operations = vec![
        remove("display co \"nobody\""),
        add(json!([member(&cem), {"value": "ghost", "display": "Boo", "type": "User"}])),
        remove("display eq \"BOB EXAMPLE\""),
        add(json!([member(&bob)])),
        remove("display eq \"boo\""),
        add(json!([{"value": "ghost", "display": "Boo again"}, member(&inner)])),
        remove("display eq \"boo\""),
        json!({"op": "replace", "path": "members[display eq \"cem Example\"]", "value": {"value": dan}}),
        remove("type eq \"Group\""),
        add(json!([member(&inner)])),
        remove(&format!("$ref co \"{ada}\"")),
        add(json!([member(&ada)])),
        remove("display eq \"ada example\" and type eq \"User\""),
        json!({"op": "remove", "path": "members[display eq \"Inner\" or display eq \"dan Example\"]"}),
        json!({"op": "replace", "path": "members", "value": [member(&cem), member(&bob), {"value": "ghost"}]}),
        remove("not (type pr)"),
        add(json!([{"value": "ghost", "display": "Boo"}])),
    ];
    let [together, alone] =
        [directory.group("Together", &[&ada, &bob]).await, directory.group("Alone", &[&ada, &bob]).await];
    for count in 1..=operations.len() {
        let path = format!("/Groups/{}", directory.group(&format!("First {count}"), &[&ada, &bob]).await);
        let answer = patch(&directory, &path, operations[..count].to_vec()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let answered = answer.json()["members"].clone();
        let one = patch(&directory, &format!("/Groups/{alone}"), vec![operations[count - 1].clone()]).await;
        let sorted = |members: &Value| {
            let mut members = members.as_array().expect("members").clone();
            members.sort_by_key(ToString::to_string);
            members
        };
        assert_eq!(sorted(&answered), sorted(&one.json()["members"]), "after {}", operations[count - 1]);
    }
    let answer = patch(&directory, &format!("/Groups/{together}"), operations).await.json();
    let change = running.person("GET", &format!("/api/directories/{}/groups/{together}", directory.id), None).await;
    let members = &change["history"]["items"][0]["change"]["members"];
    assert_eq!((&members["addedCount"], &members["removedCount"]), (&json!(2), &json!(1)), "{change}");
    assert_eq!(displays(&answer), ["bob Example", "cem Example", "Boo"], "who left and came back has its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_others_from_writing_for_too_long_is_taken_back_and_a_person_comes_in() {
    let running = start_with(Limits { change: Duration::ZERO, ..Limits::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let group = json!({"schemas": [GROUP], "displayName": "Team", "members": [{"value": "u1"}]});
    for (path, body) in [("/Users", user("ada")), ("/Groups", group)] {
        let answer = directory.idp("POST", path, Some(body.clone())).await;
        assert_eq!((answer.status, answer.header("Retry-After")), (503, Some("5")), "{answer:?}");
        assert!(detail(&answer).contains("Nothing was changed; send fewer"), "{answer:?}");
        let body = json!({"schemas": [BULK_REQUEST], "Operations": [
            {"method": "POST", "path": path, "bulkId": "1", "data": body},
        ]});
        let answer = directory.idp("POST", "/Bulk", Some(body)).await.json();
        assert_eq!(answer["Operations"][0]["status"], "503", "{answer}");
        assert_eq!(read(&directory, path).await["totalResults"], 0);
    }
    running.directory("Another").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_stored_and_said_to_be_though_reading_its_members_takes_too_long() {
    let running = start_with(Limits { query: Duration::ZERO, ..Limits::default() }).await;
    let directory = running.directory("Acme Corp").await;
    let ids: Vec<_> = (0..5_000).map(|number| json!({"value": format!("u{number}")})).collect();
    let body = |name: &str| json!({"schemas": [GROUP], "displayName": name, "members": ids});
    let created = directory.idp("POST", "/Groups", Some(body("Team"))).await;
    assert_eq!((created.status, created.json().get("members")), (201, None), "{created:?}");
    let path = format!("/Groups/{}", created.id());
    let rename = json!({"op": "replace", "path": "displayName", "value": "Crew"});
    let changed = patch(&directory, &path, vec![rename]).await;
    assert_eq!((changed.status, &changed.json()["displayName"]), (200, &json!("Crew")), "{changed:?}");
    let exchange = directory.newest_exchange(&running, 2).await;
    assert_eq!(exchange["notes"][0]["rule"], "members-unread");
    assert_eq!(exchange["changes"].as_array().map(Vec::len), Some(1), "what was stored is told");
    let read_whole = directory.idp("GET", &path, None).await;
    assert_eq!(read_whole.status, 503, "{read_whole:?}");
    assert!(detail(&read_whole).contains("excludedAttributes=members"), "{read_whole:?}");
    let rest = read(&directory, &format!("{path}?excludedAttributes=members")).await;
    assert_eq!(rest["displayName"], "Crew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_takes_too_long_is_too_many_wherever_it_is_asked() {
    let running = start_with(Limits { query: Duration::ZERO, ..Limits::default() }).await;
    for directory in in_both_modes(&running).await {
        directory.people(["ada", "bob"]).await;
        directory.group("Team", &[]).await;
        let searched = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "id pr"});
        for (method, target, body) in [
            ("GET", "/Users?filter=title%20co%20%22x%22", None),
            ("GET", "/Users?sortBy=title", None),
            ("GET", "/Users?cursor&count=1", None),
            ("GET", "/Groups?filter=displayName%20co%20%22x%22", None),
            ("GET", "/?filter=id%20pr", None),
            ("POST", "/Users/.search", Some(searched.clone())),
            ("POST", "/.search", Some(searched)),
        ] {
            let answer = directory.idp(method, target, body).await;
            assert_eq!((answer.status, &answer.json()["scimType"]), (400, &json!("tooMany")), "{target}: {answer:?}");
            assert!(detail(&answer).contains("Ask with `eq`"), "{answer:?}");
        }
        assert_eq!(read(&directory, "/Users").await["totalResults"], 2, "a page of a list is no search");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_comparisons_find_what_each_of_them_finds() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "bob", "cem"]).await;
    let others = (0..300).map(|number| format!("displayName co \"nobody {number}\" or "));
    let filter = others.collect::<String>() + "emails[type eq \"WORK\" and value sw \"BOB@\"]";
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter});
    let found = directory.idp("POST", "/Users/.search", Some(body)).await.json();
    assert_eq!((&found["totalResults"], &found["Resources"][0]["displayName"]), (&json!(1), &json!("bob Example")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_chain_of_groups_that_name_each_other_is_made_from_its_end() {
    const GROUPS: usize = 300;
    let running = Running::start().await;
    for directory in in_both_modes(&running).await {
        for (what, last) in [("chain", json!([])), ("circle", json!([{"value": "bulkId:0"}]))] {
            let operation = |number: usize| {
                let next = json!([{"value": format!("bulkId:{}", number + 1)}]);
                let members = if number + 1 == GROUPS { last.clone() } else { next };
                let data = json!({"schemas": [GROUP], "displayName": format!("{what} {number}"), "members": members});
                json!({"method": "POST", "path": "/Groups", "bulkId": number.to_string(), "data": data})
            };
            let operations: Vec<_> = (0..GROUPS).map(operation).collect();
            let body = json!({"schemas": [BULK_REQUEST], "Operations": operations});
            let answer = directory.idp("POST", "/Bulk", Some(body)).await;
            let answer = answer.json();
            let results = answer["Operations"].as_array().expect("results");
            assert!(results.iter().all(|result| result["status"] == "201"), "{what}: {answer}");
            for pair in results.windows(2).step_by(37) {
                let group = read(&directory, &format!("/Groups/{}", id_of(&pair[0]))).await;
                assert_eq!(group["members"][0]["value"], id_of(&pair[1]), "{what}");
            }
        }
    }
}

/// What is too long in a body, and how an error names it.
const TOO_LONG: [(&str, &str, &str); 8] = [
    ("/Users", "userName", "`userName`"),
    ("/Users", "displayName", "`displayName`"),
    ("/Users", "externalId", "`externalId`"),
    ("/Users", "name", "`name.familyName`"),
    ("/Users", "emails", "`emails[0].value`"),
    ("/Groups", "displayName", "`displayName`"),
    ("/Groups", "externalId", "`externalId`"),
    ("/Groups", "members", "`members.value`"),
];

fn value_of(attribute: &str, text: &str) -> Value {
    match attribute {
        "name" => json!({"familyName": text}),
        "emails" | "members" => json!([{"value": text}]),
        _ => json!(text),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_a_thousand_characters_at_the_most_however_they_come() {
    let running = Running::start().await;
    for (mode, directory) in ["tolerant", "strict"].into_iter().zip(in_both_modes(&running).await) {
        for (endpoint, attribute, named) in TOO_LONG {
            let body = |text: &str, name: &str| {
                let (schema, of_it) = match endpoint {
                    "/Users" => ("urn:ietf:params:scim:schemas:core:2.0:User", "userName"),
                    _ => (GROUP, "displayName"),
                };
                let mut body = json!({"schemas": [schema], of_it: name});
                body[attribute] = value_of(attribute, text);
                body
            };
            // Characters, not bytes. Members of strict directories have to be there.
            let ok = if attribute == "members" && mode == "strict" {
                directory.people(["member"]).await[0].clone()
            } else {
                format!("{attribute}{}", "ü".repeat(1_000 - attribute.len()))
            };
            let created = directory.idp("POST", endpoint, Some(body(&ok, &format!("{attribute} 1")))).await;
            assert_eq!(created.status, 201, "{mode} {endpoint} {attribute}: {created:?}");
            let path = format!("{endpoint}/{}", created.id());
            let long = "ü".repeat(1_001);
            let long_body = body(&long, &format!("{attribute} 2"));
            let operation = json!({"op": "replace", "path": attribute, "value": value_of(attribute, &long)});
            let patch_body = json!({"schemas": [PATCH_OP], "Operations": [operation]});
            let operations = json!([
                {"method": "POST", "path": endpoint, "bulkId": "1", "data": long_body},
                {"method": "PUT", "path": path, "data": long_body},
                {"method": "PATCH", "path": path, "data": patch_body},
            ]);
            let bulk = json!({"schemas": [BULK_REQUEST], "Operations": operations});
            let bulk = directory.idp("POST", "/Bulk", Some(bulk)).await.json();
            let results = bulk["Operations"].as_array().expect("results").iter();
            let mut refusals: Vec<_> = results.map(|result| result["response"].clone()).collect();
            for (method, path, body) in
                [("POST", endpoint, &long_body), ("PUT", path.as_str(), &long_body), ("PATCH", &path, &patch_body)]
            {
                refusals.push(directory.idp(method, path, Some(body.clone())).await.json());
            }
            assert_eq!(refusals.len(), 6);
            for refusal in refusals {
                assert_eq!(
                    (&refusal["status"], &refusal["scimType"]),
                    (&json!("400"), &json!("invalidValue")),
                    "{mode} {named}: {refusal}"
                );
                let detail = refusal["detail"].as_str().expect("a detail");
                assert!(
                    detail.contains(&format!("{named} has 1001 characters; the limit is 1,000")),
                    "{mode}: {detail}"
                );
            }
            assert_eq!(read(&directory, &path).await["meta"]["version"], "W/\"1\"", "nothing was changed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_256_kib_at_the_most_however_they_come() {
    let running = Running::start().await;
    for directory in in_both_modes(&running).await {
        let [ada] = directory.people(["ada"]).await;
        let path = format!("/Users/{ada}");
        let photos = |count: usize| -> Vec<_> {
            let photo = |number: usize| json!({"value": format!("https://example.com/{number}/{}", "x".repeat(1_000))});
            (0..count).map(photo).collect()
        };
        let mut large = user("bob");
        large["photos"] = photos(300).into();
        let whole = vec![json!({"op": "add", "path": "photos", "value": photos(300)})];
        let mut refusals = vec![
            directory.idp("POST", "/Users", Some(large.clone())).await,
            directory.idp("PUT", &path, Some(large)).await,
            patch(&directory, &path, whole).await,
        ];
        // Bit by bit is no way round it.
        let half = vec![json!({"op": "add", "path": "photos", "value": photos(150)})];
        assert_eq!(patch(&directory, &path, half).await.status, 200);
        let further =
            (150..300).map(|number| json!({"value": format!("https://example.com/{number}/{}", "y".repeat(1_000))}));
        refusals.push(
            patch(
                &directory,
                &path,
                vec![json!({"op": "add", "path": "photos", "value": further.collect::<Vec<_>>()})],
            )
            .await,
        );
        for refusal in refusals {
            assert_eq!((refusal.status, &refusal.json()["scimType"]), (400, &json!("invalidValue")), "{refusal:?}");
            let detail = detail(&refusal);
            assert!(detail.contains("`photos`") && detail.contains("the limit is 262,144"), "{detail}");
        }
        assert_eq!(read(&directory, &path).await["photos"].as_array().map(Vec::len), Some(150));
    }
}

/// An earlier version let longer ones in, and identity providers send all members again and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_there_already_may_be_longer_than_a_new_one() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let group = directory.group("Everybody", &["somebody"]).await;
    running.server.shutdown().await;
    let long = "x".repeat(1_500);
    let truth = rusqlite::Connection::open(running.data.path().join("scim-setup.sqlite3")).expect("a database");
    truth.execute("UPDATE members SET value = ?1", [&long]).expect("what an earlier version stored");
    drop(truth);
    let running = Running::start_in(running.data).await;
    let directory = running.known(&directory.id, &directory.token);
    let path = format!("/Groups/{group}");
    for (value, status) in [(long.clone(), 200), ("y".repeat(1_500), 400)] {
        let add = json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": value }] }] });
        let answer = directory.idp("PATCH", &path, Some(add)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    running.server.shutdown().await;
}
