//! Who has no token of ours: what it costs, and what it changes.

use serde_json::{Value, json};

use crate::client;
use crate::harness::{Directory, Running, blocking, user};

/// Sends a request with these headers and no others of a directory's.
async fn send(
    directory: &Directory,
    method: &'static str,
    path: &str,
    headers: Vec<(&'static str, String)>,
) -> client::Answer {
    let url = format!("{}{path}", directory.base_url);
    let body = (method != "GET").then(|| user("ada").to_string());
    blocking(move || {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client::send(method, &url, &headers, body.as_deref()).expect("an answer")
    })
    .await
}

fn as_entra(authorization: Option<String>) -> Vec<(&'static str, String)> {
    let entra = [("AdScimVersion", "6.0"), ("Content-Type", "application/scim+json")];
    let entra = entra.map(|(name, value)| (name, value.to_owned()));
    entra.into_iter().chain(authorization.map(|value| ("Authorization", value))).collect()
}

/// Whoever knows the URL can call itself Entra ID. Only who shows a token that was given out here is believed.
#[tokio::test(flavor = "multi_thread")]
async fn who_shows_no_token_of_ours_says_nothing_of_the_provider() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let heard = directory.newest_exchange(&running, 1).await["row"]["id"].as_u64().expect("an id");
    let path = format!("/api/directories/{}", directory.id);
    let retired = directory.token.clone();
    running.person("POST", &format!("{path}/token"), None).await;

    let mut sent = 0_usize;
    for (what, method, below, authorization) in [
        ("no token", "POST", "/Users", None),
        ("a wrong token", "POST", "/Users", Some("Bearer wrong".to_owned())),
        ("no token, where none is needed", "GET", "/ServiceProviderConfig", None),
        ("a wrong token, where none is needed", "GET", "/Schemas", Some("Bearer wrong".to_owned())),
        ("a wrong address", "GET", "/Nowhere", None),
    ] {
        send(&directory, method, below, as_entra(authorization)).await;
        sent += 1;
        directory.newest_exchange(&running, 1 + sent as u64).await;
        let users = running.person("GET", &format!("{path}/users"), None).await;
        assert_eq!(users["items"][0]["drift"], Value::Null, "{what} puts nobody out of step: {users}");
        let seen = running.person("GET", &path, None).await;
        assert_ne!(seen["provider"]["id"], json!("entra"), "{what} says nothing of who it is: {}", seen["provider"]);
    }
    let exchanges = running.person("GET", &format!("{path}/exchanges?limit=200"), None).await;
    assert_eq!(exchanges["items"].as_array().map(Vec::len), Some(sent + 1), "all of it is there to be read");

    // A token that was given out here, in force or not, is the provider's.
    let answer = send(&directory, "POST", "/Users", as_entra(Some(format!("Bearer {retired}")))).await;
    assert_eq!(answer.status, 401);
    directory.newest_exchange(&running, 2 + sent as u64).await;
    let users = running.person("GET", &format!("{path}/users"), None).await;
    assert_eq!(users["items"][0]["drift"]["actor"]["idp"], "entra", "{users}");
    assert!(users["items"][0]["drift"]["exchangeId"].as_u64() > Some(heard), "{users}");

    let unused = running.directory("Umbrella").await;
    let provider =
        || async { running.person("GET", &format!("/api/directories/{}", unused.id), None).await["provider"].clone() };
    send(&unused, "GET", "/Users", as_entra(Some("Bearer wrong".to_owned()))).await;
    unused.newest_exchange(&running, 1).await;
    assert_ne!(provider().await["id"], "entra");
    send(&unused, "GET", "/Users", as_entra(Some(format!("Bearer {}", directory.token)))).await;
    unused.newest_exchange(&running, 2).await;
    assert_eq!(provider().await["id"], "entra", "the token of another directory is one of ours");
}

/// A scanner is counted, not written down one by one, and whoever has the token does not notice.
#[tokio::test(flavor = "multi_thread")]
async fn many_requests_of_strangers_are_counted_and_displace_nobody() {
    const MANY: usize = 1_500;
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let evidence = directory.newest_exchange(&running, 1).await["row"]["id"].clone();
    let url = format!("{}/Users", directory.base_url);
    let nowhere = format!("{}/scim/v2/nowhere/Users", url.split("/scim").next().expect("an address"));
    let knocked = [url, nowhere].map(|url| {
        blocking(move || {
            let answers = (0..MANY).map(|_| client::send("GET", &url, &[], None).expect("an answer"));
            let (mut statuses, mut refusal) = (std::collections::BTreeMap::new(), None);
            for answer in answers {
                *statuses.entry(answer.status).or_insert(0_usize) += 1;
                if answer.status == 429 {
                    refusal = Some(answer);
                }
            }
            (statuses, refusal)
        })
    });
    let [here, nowhere] = knocked;
    let [(here, refusal), (nowhere, _)] = [here.await, nowhere.await];
    assert!(here[&401] >= 100 && here[&429] > MANY / 4, "{here:?}");
    assert!(nowhere[&404] >= 100 && nowhere[&429] > MANY / 4, "{nowhere:?}");
    let refusal = refusal.expect("a refusal");
    assert!(refusal.header("Retry-After").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{refusal:?}");
    assert_eq!(refusal.json()["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 200, "who has the token is not held back");

    running.person("GET", &format!("/api/exchanges/{evidence}"), None).await;
    for of in [directory.id.as_str(), "unattributed"] {
        let path = format!("/api/directories/{of}/exchanges?limit=200&search=status:429");
        let page = running.eventually(&path, "the count", |page| page["total"].as_u64() > Some(0)).await;
        let text = page["items"][0]["summary"]["text"].as_str().expect("a sentence");
        assert!(text.contains("more requests without a known token"), "{text}");
        let all = running.person("GET", &format!("/api/directories/{of}/exchanges?limit=1"), None).await;
        assert!(all["total"].as_u64() <= Some(210), "{all}");
    }
}

/// A token that was replaced, or that is another directory's, fills no record either, and its first requests are told of as ever.
#[tokio::test(flavor = "multi_thread")]
async fn many_requests_with_a_token_that_does_not_open_it_displace_nobody() {
    const MANY: usize = 2_500;
    let running = Running::start().await;
    let [directory, other] = [running.directory("Acme Corp").await, running.directory("Umbrella").await];
    let path = format!("/api/directories/{}", directory.id);
    let replaced = directory.token.clone();
    let directory = Directory { token: running.new_token(&directory.id).await, ..directory };
    directory.people(["ada"]).await;
    let evidence = directory.newest_exchange(&running, 1).await["row"]["id"].clone();
    for (token, verdict, below) in [
        (&replaced, "retired", "/Users"),
        (&other.token, "otherDirectory", "/Users"),
        (&replaced, "notNeeded", "/ServiceProviderConfig"),
    ] {
        let (url, token) = (format!("{}{below}", directory.base_url), token.clone());
        let statuses = blocking(move || {
            let authorization = format!("Bearer {token}");
            let headers = [("Authorization", authorization.as_str()), ("User-Agent", "Okta SCIM Client 1.0.0")];
            let statuses = (0..MANY).map(|_| client::send("GET", &url, &headers, None).expect("an answer").status);
            statuses.fold(std::collections::BTreeMap::<u16, usize>::new(), |mut counts, status| {
                *counts.entry(status).or_default() += 1;
                counts
            })
        })
        .await;
        // What is left of it in a moment is little.
        assert!(statuses[&429] > MANY / 4, "{verdict}: {statuses:?}");
        if verdict == "retired" {
            assert!(statuses[&401] >= 1_000, "an identity provider that still has it is told of: {statuses:?}");
            let search = format!("{path}/exchanges?search=status:401");
            let refused = running.eventually(&search, "the refusals", |page| page["total"].as_u64() >= Some(900)).await;
            let newest = &refused["items"][0]["id"];
            let newest = running.person("GET", &format!("/api/exchanges/{newest}"), None).await;
            assert_eq!(newest["authorization"]["verdict"], verdict, "{newest}");
        }
    }
    let counted = format!("{path}/exchanges?search=status:429");
    let counted = running.eventually(&counted, "the count", |page| page["total"].as_u64() > Some(0)).await;
    let text = counted["items"][0]["summary"]["text"].as_str().expect("a sentence");
    assert!(text.contains("with a token that was replaced or is another directory's"), "{text}");
    running.person("GET", &format!("/api/exchanges/{evidence}"), None).await;
    let all = running.person("GET", &format!("{path}/exchanges?limit=1"), None).await;
    assert!(all["total"].as_u64() <= Some(1_010), "{all}");
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 200, "who has the token in force is not held back");
}
