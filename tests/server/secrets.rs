//! Secrets in every place that a request has: nothing that is kept or shown of it says them.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine;
use serde_json::json;
use server::model::Event;
use tokio_stream::StreamExt;

use crate::client;
use crate::harness::{Directory, Running, blocking, user};

/// A request: method, what follows the base URL, headers, body.
struct Planted {
    method: &'static str,
    below: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

fn planted(method: &'static str, below: impl Into<String>, body: impl Into<String>) -> Planted {
    Planted { method, below: below.into(), headers: Vec::new(), body: body.into() }
}

fn with(name: &'static str, value: impl Into<String>) -> Planted {
    Planted { headers: vec![(name, value.into())], ..planted("GET", "/Users?count=1", "") }
}

/// Every byte as `%41`.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        // Writing to a string does not fail.
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

/// Every character as `\u0041`.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        escaped
    })
}

fn patch(operation: serde_json::Value) -> String {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}).to_string()
}

/// A secret under a name that says so, wherever a client can put one.
fn named(secret: &str, id: &str) -> Vec<Planted> {
    let user = |name: &str| json!({"userName": "eve", name: secret}).to_string();
    let path = format!("/Users/{id}");
    let basic = base64::prelude::BASE64_STANDARD.encode(format!("eve:{secret}"));
    let mut all = vec![
        planted("POST", "/Users", user("password")),
        planted("PUT", &path, user("PASSWORD")),
        planted("POST", "/Users", user("urn:ietf:params:scim:schemas:core:2.0:User:password")),
        planted("POST", "/Users", json!({"userName": "eve", "password": [secret]}).to_string()),
        planted("POST", "/Users", json!({"userName": "eve", "password": {"value": secret}}).to_string()),
        planted("POST", "/Users", json!({"userName": "eve", "x": {"db": {"pwd": secret}}}).to_string()),
        planted("POST", "/Users", format!("{{\"userName\":\"eve\",\"{}\":\"{secret}\"}}", escaped("password"))),
        planted("POST", "/Users", format!("{{\"userName\":\"eve\",\"password\":\"{}\"}}", escaped(secret))),
        planted("POST", "/Users", format!("{{\"userName\":\"eve\",\"password\":\"{secret}\"")),
        planted("POST", "/Users", format!("{{'password':'{secret}'}}")),
        planted("POST", "/Users", format!("{{\"client_secret\" : \"{secret}\",}}")),
        planted("POST", "/Users", format!("userName=eve&password={secret}")),
        planted("POST", "/Users", format!("grant_type=client_credentials&client_secret={secret}&scope=scim")),
        planted("PATCH", &path, patch(json!({"op": "replace", "path": "password", "value": secret}))),
        planted("PATCH", &path, patch(json!({"op": "replace", "value": {"password": secret}}))),
        planted("PATCH", &path, patch(json!({"op": "replace", "path": format!("emails[password eq \"{secret}\"].value"), "value": "x"}))),
        planted("PATCH", &path, patch(json!({"op": secret, "path": "password", "value": secret}))),
        planted("PATCH", &path, patch(json!({"op": "replace", "path": format!("nothing.{secret}"), "password": secret}))),
        planted("GET", format!("/Users?filter=password%20eq%20%22{secret}%22"), ""),
        planted("GET", format!("/Users?filter={}", percent(&format!("password eq \"{secret}\""))), ""),
        planted("GET", format!("/Users?filter={}", percent(&percent(&format!("password eq \"{secret}\"")))), ""),
        planted("GET", format!("/Users?filter=password+eq+'a+{secret}'"), ""),
        planted("GET", format!("/Users?filter={}", percent(&format!("password eq '{secret}'"))), ""),
        planted("GET", format!("/Users?filter={}", percent(&format!("password eq “{secret}”"))), ""),
        planted("GET", format!("/Users?filter=password+eq+%22a%5Cn{secret}%22"), ""),
        planted("GET", format!("/Users?filter=password+eq+%22$%7Ba%7D{secret}%22"), ""),
        planted("GET", format!("/Users?filter=apiKey+eq+%22{secret}%22"), ""),
        planted("GET", format!("/Users?password={secret}"), ""),
        planted("GET", format!("/Users?{}={secret}", percent("password")), ""),
        planted("GET", format!("/Users?client_secret={}", percent(secret)), ""),
        planted("GET", format!("/Users?access_token={secret}"), ""),
        planted("GET", format!("/Users?client_secret=first%20{secret}&count=1"), ""),
        planted("GET", format!("/Users?client_secret=first {secret}&count=1"), ""),
        planted("GET", format!("/Users?filter=password eq \"{secret}\""), ""),
        planted("POST", "/Users", format!("userName=eve&client_secret=first {secret}&x=1")),
        planted("GET", format!("/Users/{secret}?access_token={secret}"), ""),
        planted("GET", format!("/Nowhere/{secret}?token={secret}"), ""),
        planted("GET", format!("/Users?sortBy={secret}&api_key={secret}"), ""),
        planted("POST", "/Users/.search", json!({"filter": format!("password eq \"{secret}\"")}).to_string()),
        planted("POST", "/Bulk", json!({"Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "eve", "password": secret}}]}).to_string()),
        planted("POST", "/Bulk", json!({"Operations": [{"method": secret, "path": secret, "data": {"password": secret}}]}).to_string()),
        with("Authorization", format!("Basic {basic}")),
        Planted { below: format!("/Users/{secret}"), ..with("Authorization", format!("Basic {basic}")) },
        Planted { below: format!("/Users/{secret}"), ..with("X-Auth-Token", secret) },
        Planted { headers: vec![("Cookie", format!("a=b; session={secret}")), ("User-Agent", secret.to_owned())], ..with("x", "") },
        Planted { headers: vec![("Authorization", format!("Bearer {secret}")), ("User-Agent", secret.to_owned())], ..with("x", "") },
    ];
    let headers = [
        "Proxy-Authorization",
        "Cookie",
        "X-Api-Key",
        "X-Auth-Token",
        "X-Access-Token",
        "Cf-Access-Client-Id",
        "Cf-Access-Client-Secret",
        "Cf-Access-Jwt-Assertion",
        "X-Client-Secret",
        "X-Password",
    ];
    all.extend(headers.map(|name| with(name, secret)));
    let names = [
        "client_secret",
        "clientSecret",
        "apiKey",
        "api_key",
        "pwd",
        "passphrase",
        "privateKey",
        "refreshToken",
        "credentials",
    ];
    all.extend(names.map(|name| planted("POST", "/Users", user(name))));
    all
}

/// A bearer token of ours where none belongs, in requests that store nothing: what is stored is data, whatever it looks like.
fn anywhere(token: &str, id: &str) -> Vec<Planted> {
    let path = format!("/Users/{id}");
    let (lower, upper) = (token.to_lowercase(), token.to_uppercase());
    let mut all = Vec::new();
    for token in [token, &lower, &upper] {
        all.extend([
            with("User-Agent", token),
            with("User-Agent", format!("agent/{token}")),
            with("Content-Type", format!("application/{token}")),
            with("Accept", token),
            with("X-Anything", format!("a {token} b")),
            with("If-Match", format!("W/\"{token}\"")),
            with("Referer", format!("https://x.example/?a={token}")),
            with("X-Forwarded-Host", token),
            planted("GET", format!("/Users/{token}"), ""),
            planted("GET", format!("/{token}"), ""),
            planted("GET", format!("/Users?{token}"), ""),
            planted("GET", format!("/Users?filter=userName%20eq%20%22{token}%22"), ""),
            planted("GET", format!("/Users?filter={token}"), ""),
            planted("GET", format!("/Users?filter={}", percent(token)), ""),
            planted("GET", format!("/Users?filter={}", percent(&percent(token))), ""),
            planted("GET", format!("/Users?count={token}"), ""),
            planted("GET", format!("/Users?sortBy={token}"), ""),
            planted("GET", format!("/Users/{}", percent(token)), ""),
            planted("POST", "/Users", json!({"x": token}).to_string()),
            planted("POST", "/Users", json!({"externalId": token}).to_string()),
            planted("POST", "/Users", format!("{{\"x\":\"{}\"}}", escaped(token))),
            planted("POST", "/Users", format!("{{\"userName\":\"{token}\"")),
            planted("POST", "/Users", format!("token={token}&x=1")),
            planted("POST", "/Users", json!({"userName": {"value": token}}).to_string()),
            planted("POST", "/Users", json!({"userName": "x", "active": token}).to_string()),
            planted("POST", "/Groups", json!({"members": [{"value": token}]}).to_string()),
            planted("PATCH", &path, patch(json!({"op": "replace", "path": format!("{token}["), "value": 1}))),
            planted("PATCH", &path, patch(json!({"op": token, "path": "title", "value": 1}))),
            planted(
                "PATCH",
                &path,
                patch(json!({"op": "replace", "path": format!("emails[value eq \"{token}\""), "value": 1})),
            ),
            planted(
                "POST",
                "/Bulk",
                json!({"Operations": [{"method": "DELETE", "path": format!("/Users/{token}")}]}).to_string(),
            ),
            planted("DELETE", format!("/Users/{token}"), ""),
            planted("PUT", format!("/Groups/{token}"), "{}"),
        ]);
    }
    all
}

async fn send(directory: &Directory, planted: Planted) {
    let Planted { method, below, mut headers, body } = planted;
    let url = format!("{}{below}", directory.base_url);
    if !headers.iter().any(|(name, _)| *name == "Authorization") {
        headers.push(("Authorization", format!("Bearer {}", directory.token)));
    }
    blocking(move || {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = (!body.is_empty()).then_some(body.as_str());
        client::send(method, &url, &headers, body).expect("an answer");
    })
    .await;
}

/// All that the program keeps or tells of the requests of a directory: lists, details, searches, the archive, the notifications.
async fn told(running: &Running, directory: &Directory, requests: usize) -> String {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let mut told = String::new();
    let mut before = String::new();
    loop {
        let page = running.person("GET", &format!("{path}?limit=200{before}"), None).await;
        let rows = page["items"].as_array().expect("rows").clone();
        let Some(last) = rows.last() else { break };
        before = format!("&before={}", last["id"]);
        told.push_str(&page.to_string());
        for row in rows {
            told.push_str(&running.person("GET", &format!("/api/exchanges/{}", row["id"]), None).await.to_string());
            told.push('\n');
        }
    }
    assert!(told.lines().count() >= requests, "{} of {requests} requests", told.lines().count());
    told.push_str(&running.person("GET", &format!("{path}.har"), None).await.to_string());
    told
}

/// What stands around the first place where a text says a secret in any letter case.
fn around(text: &str, secret: &str) -> Option<String> {
    let at = text.to_lowercase().find(&secret.to_lowercase())?;
    let (from, to) = (text.floor_char_boundary(at.saturating_sub(300)), text.ceil_char_boundary(at + 100));
    Some(text[from..to].to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_kept_or_told_says_a_secret() {
    const SECRET: &str = "Hunter2-s3cret-value";
    let running = Running::start().await;
    let mut events = Box::pin(running.control.watch());
    for (what, is_token) in [("secrets under their names", false), ("tokens of ours", true)] {
        let directory = running.directory(what).await;
        let id = directory.idp("POST", "/Users", Some(user("ada"))).await.id();
        let token = running.directory(&format!("Elsewhere for {what}")).await.token;
        let secret = if is_token { token.as_str() } else { SECRET };
        let all = if is_token { anywhere(secret, &id) } else { named(secret, &id) };
        let count = all.len();
        assert!(count >= 50, "{count} places");
        for planted in all {
            send(&directory, planted).await;
        }
        let path = format!("/api/directories/{}/exchanges?limit=1", directory.id);
        running.eventually(&path, "recording", |page| page["total"].as_u64() == Some(count as u64 + 1)).await;
        let told = told(&running, &directory, count).await;
        // The mask keeps the end of a token, so the whole of it is looked for, and of other secrets the beginning.
        let looked_for = if is_token { &secret["scimsetup-".len()..] } else { &secret[..12] };
        if let Some(place) = around(&told, looked_for) {
            panic!("{what}: {place}");
        }
        let search = format!("/api/directories/{}/exchanges?search={}", directory.id, looked_for.to_lowercase());
        assert_eq!(running.person("GET", &search, None).await["total"], 0, "{what}: a search finds none");
        for file in std::fs::read_dir(running.data.path()).expect("the data folder").flatten() {
            let bytes = String::from_utf8_lossy(&std::fs::read(file.path()).expect("a file")).into_owned();
            assert_eq!(around(&bytes, looked_for), None, "{what}: {}", file.path().display());
        }
        let mut heard = String::new();
        while let Ok(Some(batch)) = tokio::time::timeout(Duration::from_millis(500), events.next()).await {
            for event in
                batch.into_iter().filter(|event| matches!(event, Event::Exchange { .. } | Event::Notice { .. }))
            {
                heard.push_str(&serde_json::to_string(&event).expect("JSON"));
            }
        }
        assert!(heard.len() > 1_000, "{what}: the feed told of it");
        assert_eq!(around(&heard, looked_for), None, "{what}: the feed");
    }
}
