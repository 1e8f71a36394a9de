//! Demos: what a person gets who clicks *Try it without Okta*, and how it goes again.

use serde_json::json;

use super::api::{scenario, untouched};
use crate::harness::{Directory, Running, user};

/// A demo whose people have all arrived: its directory, and the path of its run.
async fn played(running: &Running) -> (String, String) {
    let tree = running.person("GET", "/api/tree", None).await;
    let environment = json!({ "environmentId": tree["environments"][0]["id"] });
    let demo = running.person("POST", "/api/demo", Some(environment)).await;
    assert_eq!((&demo["directory"]["isDemo"], &demo["simulation"]["title"]), (&json!(true), &json!("Demo as Okta")));
    let run = format!("/api/simulations/{}", demo["simulation"]["id"].as_str().expect("an id"));
    let page = running.eventually(&run, "the end", |page| page["simulation"]["state"] == "finished").await;
    assert_eq!(page["simulation"]["failed"], 0, "{page}");
    (demo["directory"]["id"].as_str().expect("an id").to_owned(), run)
}

/// The same, to which a real Okta was connected: it created a user of its own, and changed one that it found.
async fn connected(running: &Running) -> Directory {
    let (id, _) = played(running).await;
    let okta = running.known(&id, &running.new_token(&id).await);
    okta.idp("POST", "/Users", Some(user("real.person"))).await;
    let found = okta.idp("GET", "/Users?filter=userName%20eq%20%22grace.hopper@example.com%22", None).await;
    let grace = format!("/Users/{}", found.json()["Resources"][0]["id"].as_str().expect("an id"));
    okta.idp("PUT", &grace, Some(user("grace.hopper"))).await;
    okta.newest_exchange(running, 18).await;
    okta
}

fn path(directory: &str) -> String {
    format!("/api/directories/{directory}/demo")
}

async fn user_names(running: &Running, directory: &str) -> Vec<String> {
    let users = running.person("GET", &format!("/api/directories/{directory}/users"), None).await;
    let names =
        users["items"].as_array().expect("users").iter().map(|user| user["userName"].as_str().unwrap_or_default());
    let mut names: Vec<_> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_comes_and_goes_with_one_click() {
    let running = Running::start().await;
    let (id, _) = played(&running).await;
    let directory = running.person("GET", &format!("/api/directories/{id}"), None).await;
    assert_eq!(
        (&directory["counts"]["users"], &directory["counts"]["activeUsers"], &directory["counts"]["groups"]),
        (&json!(3), &json!(2), &json!(1))
    );
    let real = json!({ "organizations": 0, "directories": 0, "users": 0, "groups": 0, "exchanges": 0 });
    let expected = json!({ "real": real, "hasToken": false });
    assert_eq!(running.person("GET", &path(&id), None).await, expected, "all of it is simulated");
    let (second, _) = played(&running).await;
    running.person("DELETE", &path(&id), None).await;
    running.person("DELETE", &path(&second), None).await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!((&tree["directories"], &tree["organizations"]), (&json!([]), &json!([])), "nothing is left");
    let real = running.directory("Acme").await;
    for (method, path) in [("GET", path(&real.id)), ("DELETE", path(&real.id)), ("POST", path(&real.id) + "/keep")] {
        let (status, _) = running.person_refused(method, &path, None).await;
        assert_eq!(status, 409, "only a demo goes with one click: {method}");
    }
    running.server.shutdown().await;
}

/// The deletion of a real user and a live token was one click away.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_real_in_a_demo_goes_only_if_a_person_agrees() {
    let running = Running::start().await;
    let okta = connected(&running).await;
    let contents = running.person("GET", &path(&okta.id), None).await;
    assert_eq!(
        (&contents["real"]["users"], &contents["real"]["groups"], &contents["real"]["exchanges"]),
        (&json!(2), &json!(0), &json!(3)),
        "{contents}"
    );
    assert_eq!(contents["hasToken"], true);
    let (status, refusal) = running.person_refused("DELETE", &path(&okta.id), None).await;
    assert_eq!((status, &refusal["field"]), (409, &json!("confirmed")), "{refusal}");
    assert_eq!(user_names(&running, &okta.id).await.len(), 4, "nothing has gone");
    running.person("DELETE", &(path(&okta.id) + "?confirmed=true"), None).await;
    assert_eq!(running.person("GET", "/api/tree", None).await["directories"], json!([]));

    let (token_alone, _) = played(&running).await;
    running.new_token(&token_alone).await;
    assert_eq!(running.person_refused("DELETE", &path(&token_alone), None).await.0, 409, "a token is real, too");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_is_kept_is_a_directory_like_any_other() {
    let running = Running::start().await;
    let okta = connected(&running).await;
    let kept = running.person("POST", &(path(&okta.id) + "/keep"), None).await;
    assert_eq!((&kept["isDemo"], &kept["counts"]["users"]), (&json!(false), &json!(4)));
    let (second, _) = played(&running).await;
    running
        .person(
            "PATCH",
            &format!("/api/organizations/{}", organization_of(&running, &second).await.0),
            Some(json!({ "name": "Demo Ltd" })),
        )
        .await;
    running.person("POST", &(path(&second) + "/keep"), None).await;
    assert_eq!(organization_of(&running, &okta.id).await.1, "My organization");
    assert_eq!(organization_of(&running, &second).await.1, "Demo Ltd", "a name that a person gave stays");
    assert_eq!(running.person_refused("DELETE", &path(&okta.id), None).await.0, 409, "it has lost the short way out");
    assert_eq!(okta.idp("POST", "/Users", Some(user("another"))).await.status, 201);
    running.server.shutdown().await;
    let running = Running::start_in(running.data).await;
    let read = running.person("GET", &format!("/api/directories/{}", okta.id), None).await;
    assert_eq!(read["isDemo"], false, "nor is it one after a start");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_the_simulated_people_leaves_what_others_have_sent_or_changed() {
    let running = Running::start().await;
    let okta = connected(&running).await;
    running.simulate(&okta, json!({ "what": { "kind": "cleanUp" } })).await;
    assert_eq!(user_names(&running, &okta.id).await, ["grace.hopper@example.com", "real.person@example.com"]);
    let simulator = running.person("GET", &format!("/api/directories/{}/simulator", okta.id), None).await;
    assert_eq!((&simulator["usersMade"], &simulator["groupsMade"]), (&json!(0), &json!(0)), "none is left to remove");
    running.server.shutdown().await;
}

/// The id and the name of the organization of a directory.
async fn organization_of(running: &Running, directory: &str) -> (String, String) {
    let read = running.person("GET", &format!("/api/directories/{directory}"), None).await;
    let tree = running.person("GET", "/api/tree", None).await;
    let mut organizations = tree["organizations"].as_array().expect("organizations").iter();
    let found = organizations.find(|organization| organization["id"] == read["organizationId"]).expect("its own");
    let text = |name: &str| found[name].as_str().expect("a text").to_owned();
    (text("id"), text("name"))
}

/// What a directory was is known by nothing that comes after it: neither its people, nor its run, nor its ticks.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_directory_inherits_nothing_of_a_removed_demo() {
    let running = Running::start().await;
    let (demo, run) = played(&running).await;
    running.person("DELETE", &path(&demo), None).await;
    let (status, _) = running.person_refused("GET", &run, None).await;
    assert_eq!(status, 404, "the run went with the directory");

    let directory = untouched(&running).await;
    let base = format!("/api/directories/{}", directory.id);
    let read = running.person("GET", &base, None).await;
    assert_eq!((&read["counts"]["users"], &read["counts"]["exchanges"]), (&json!(0), &json!(0)));
    let page = running.simulate(&directory, scenario("lifecycle")).await;
    assert_eq!(page["simulation"]["failed"], 0, "a correct server is not blamed for people of before: {page}");
    running.server.shutdown().await;
}
