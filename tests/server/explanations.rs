//! What the details of a request say, from the requests that Okta and Entra ID really send.

use serde_json::{Value, json};

use crate::client;
use crate::harness::{Directory, Running, blocking, sentence, user};

async fn details(running: &Running, directory: &Directory, count: u64) -> Vec<Value> {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
    let mut details = Vec::new();
    for row in page["items"].as_array().expect("rows").iter().rev() {
        details.push(running.person("GET", &format!("/api/exchanges/{}", row["id"]), None).await);
    }
    details
}

fn text<'a>(exchange: &'a Value, pointer: &str) -> &'a str {
    exchange["explanation"].pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// okta-aiw-assign-new, okta-aiw-update, okta-aiw-unassign
#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_a_user_is_told_in_stories() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let lookup = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100";
    directory.idp("GET", lookup, None).await;
    let mut body = directory.idp("POST", "/Users", Some(user("ada"))).await.json();
    let path = format!("/Users/{}", body["id"].as_str().expect("an id"));
    directory.idp("GET", &path, None).await;
    body["title"] = "Lead".into();
    directory.idp("PUT", &path, Some(body.clone())).await;
    directory.idp("GET", &path, None).await;
    body["active"] = false.into();
    directory.idp("PUT", &path, Some(body)).await;
    let told = details(&running, &directory, 6).await;
    let [found, created, read, updated, .., deactivated] = told.as_slice() else { panic!("{told:?}") };
    let story = |exchange: &Value| {
        let rows = exchange["story"].as_array().expect("a story");
        rows.iter()
            .map(|row| row["id"].as_i64().unwrap_or_default() - told[0]["row"]["id"].as_i64().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    assert_eq!(story(found), [0, 1, 2, 3], "the look-up, the creation, and what followed at once");
    assert_eq!(story(updated), [0, 1, 2, 3]);
    assert_eq!(story(deactivated), [4, 5]);
    assert_eq!(text(found, "/effect"), "Changed nothing. Found nobody");
    assert_eq!(text(found, "/next/text"), "Okta creates the user next: POST /Users.");
    assert_eq!(found["explanation"]["next"]["exchangeId"], created["row"]["id"], "and so it did");
    assert_eq!(text(created, "/effect"), "Created 1 user");
    assert_eq!(text(created, "/rfc/section"), "RFC 7644 §3.3");
    assert_eq!(
        text(read, "/next/text"),
        "Okta changes what it has just read and sends the whole user back: PUT /Users and the id."
    );
    assert_eq!(text(updated, "/effect"), "Changed 1 attribute of ada Example");
    assert_eq!(text(updated, "/rfc/title"), "Replacing with PUT");
    assert_eq!(text(deactivated, "/effect"), "Deactivated ada Example");
}

/// okta-14-create-conflict-409, okta-21-get-deleted-user-404
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_explained_with_what_okta_shows_and_does() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada] = directory.people(["ada"]).await;
    directory.idp("GET", "/Users?filter=userName%20eq%20%22ada%22", None).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    directory.idp("POST", "/Users", Some(json!({"displayName": "Grace Hopper"}))).await;
    directory.idp("DELETE", &format!("/Users/{ada}"), None).await;
    directory.idp("GET", &format!("/Users/{ada}"), None).await;
    directory.idp("PUT", &format!("/Users/{ada}"), Some(json!({ "userName": "ada", "active": false }))).await;
    let told = details(&running, &directory, 7).await;
    let [_, _, taken, invalid, _, gone, unneeded] = told.as_slice() else { panic!("{told:?}") };
    assert!(sentence(&taken["explanation"]["cause"]).contains("already exists"), "{taken}");
    assert_eq!(
        text(taken, "/adminSees/text").split(" Errors reported").next(),
        Some(
            "Automatic provisioning of user ada@example.com to app … failed: Error while creating user ada Example: Conflict."
        )
    );
    assert!(text(taken, "/next/text").starts_with("The job stops here"), "{taken}");
    assert!(sentence(&invalid["explanation"]["cause"]).contains("userName"), "{invalid}");
    assert!(text(invalid, "/rfc/text").starts_with("invalidValue"), "{invalid}");
    assert!(
        sentence(&gone["explanation"]["cause"]).contains("is no longer here: deleted by Okta on 20"),
        "{}",
        sentence(&gone["explanation"]["cause"])
    );
    assert!(text(gone, "/fix/text").contains("assign them again"), "{gone}");
    assert_eq!(gone["row"]["summary"]["text"], "Okta asked for a user that is not here");
    assert_eq!(unneeded["row"]["summary"]["text"], "Okta could not deactivate a user");
    assert!(text(unneeded, "/next/text").contains("until somebody marks it as complete"), "{unneeded}");
}

/// entra-01-test-connection-guid
#[tokio::test(flavor = "multi_thread")]
async fn entra_is_explained_by_its_own_ways() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let probe = "/Users?filter=userName+eq+%22c5c9a1b0-12ab-4c3d-8e9f-0123456789ab%22";
    directory.with_header("GET", probe, None, ("ADSCIMVersion", "6.0")).await;
    let told = details(&running, &directory, 1).await;
    assert_eq!(told[0]["row"]["actor"], json!({ "idp": "entra", "name": "Entra ID" }));
    assert!(text(&told[0], "/next/text").contains("cannot exist"), "{}", told[0]["explanation"]);
    assert_eq!(told[0]["explanation"]["adminSees"], Value::Null);
}

/// A request byte for byte: its method, its target, its headers, its body.
type Raw<'a> = (&'static str, &'a str, &'a [(&'static str, &'static str)], &'a [u8]);

/// Sends a request with the token and returns the status, and what its explanation and notes say.
async fn said_of(running: &Running, directory: &Directory, count: &mut u64, raw: Raw<'_>) -> (u16, String) {
    let (method, target, headers, body) = raw;
    let url = format!("{}{target}", directory.base_url);
    let authorization = format!("Bearer {}", directory.token);
    let (headers, body) = (headers.to_vec(), body.to_vec());
    let answer = blocking(move || {
        let headers = [&[("Authorization", authorization.as_str())], headers.as_slice()].concat();
        client::send_bytes(method, &url, &headers, &body).expect("an answer")
    })
    .await;
    *count += 1;
    let told = directory.newest_exchange(running, *count).await;
    (answer.status, json!([told["explanation"], told["notes"]]).to_string())
}

const JSON: (&str, &str) = ("Content-Type", "application/scim+json");

#[tokio::test(flavor = "multi_thread")]
async fn what_helps_is_said() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let mut count = 0;
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let of = |name: &str, more: &str| format!(r#"{{"schemas":["{core}"],"userName":"{name}"{more}}}"#);
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let marked: Vec<u8> = [vec![0xFF, 0xFE], wide(&of("wide", ""))].concat();
    let latin: Vec<u8> = of("jxrg", "").replace('x', "\u{fc}").chars().map(|c| c as u8).collect();
    let filled = of("${user.email}", "");
    let [plain, patch_like, missing, wrong] = [
        of("plain", ""),
        of("plainer", ""),
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}"#.to_owned(),
        of("w", r#","title":7"#),
    ];
    let json_patch = br#"[{"op":"replace","path":"/title","value":"Dr"}]"#;
    let typed = |media_type: &'static str| [("Content-Type", media_type)];
    let rows: [(Raw<'_>, u16, &str); 23] = [
        (("GET", r"/Users?filter=userName+eq+%22CORP%5Cnancy%22", &[], b""), 200, "it has to be doubled"),
        (("GET", r"/Users?filter=userName+eq+%22CORP%5Cdana%22", &[], b""), 400, "has to be doubled"),
        (("GET", "/Users?filter=userName%2Beq%2B%22ada%22", &[], b""), 400, "%2B is a plus sign"),
        (("GET", "/Users?filter=userName%2520eq%2520%2522ada%2522", &[], b""), 400, "percent-encoded twice"),
        (("GET", "/Users?filter=userName+eq+%22undefined%22", &[], b""), 200, "a placeholder that nobody filled in"),
        (("GET", "/Users?filter=title+pr&filter=userName+pr", &[], b""), 200, "`filter` more than once"),
        (("GET", "/Users?FILTER=title+pr&count=1&Count=2", &[], b""), 200, "`count` more than once"),
        (("GET", "/Users?filter=", &[], b""), 200, "The filter is empty"),
        (("GET", "/Users?filter=usernmae+eq+%22a%22", &[], b""), 200, "Is `userName` meant?"),
        (("GET", "/Users/%7B%7BuserId%7D%7D", &[], b""), 404, "Fill the variable in"),
        (("GET", "/Groups/undefined", &[], b""), 404, "Fill the variable in"),
        (("POST", "/Users", &[JSON], filled.as_bytes()), 201, "a placeholder that nobody filled in"),
        (("POST", "/Users", &[JSON], &wide(&of("wide", ""))), 400, "UTF-16"),
        (("POST", "/Users", &[JSON], &marked), 400, "UTF-16"),
        (("POST", "/Users", &[JSON], &latin), 400, "Latin-1 (ISO 8859-1) or Windows-1252, where that is 'ü'"),
        (("POST", "/Users", &[JSON], &[0x1F, 0x8B, 8, 0]), 415, "compressed with gzip, and no Content-Encoding"),
        (
            ("POST", "/Users", &[JSON, ("Content-Encoding", "br")], plain.as_bytes()),
            415,
            "compressed (Content-Encoding: br)",
        ),
        (("POST", "/Users", &[JSON, ("Content-Encoding", "identity")], plain.as_bytes()), 201, "Created 1 user"),
        (("POST", "/Users", &typed("application/json+scim"), patch_like.as_bytes()), 201, "is application/scim+json"),
        (("PATCH", "/Users/1", &typed("application/json-patch+json"), json_patch), 400, "a JSON Patch (RFC 6902)"),
        (("POST", "/Users", &[JSON], missing.as_bytes()), 400, "send it if it is missing"),
        (("POST", "/Users", &[JSON], wrong.as_bytes()), 400, "of the right type"),
        (
            (
                "OPTIONS",
                "/Users",
                &[
                    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
                    ("Origin", "https://app.example.com"),
                    ("Access-Control-Request-Method", "POST"),
                ],
                b"",
            ),
            405,
            "no web page",
        ),
    ];
    for (raw, status, expected) in rows {
        let (found, said) = said_of(&running, &directory, &mut count, raw).await;
        assert_eq!(found, status, "{} {}: {said}", raw.0, raw.1);
        assert!(said.contains(&expected.replace('"', "\\\"")), "{} {} does not say {expected:?}: {said}", raw.0, raw.1);
        let is_about_type = said.contains("right type");
        assert_eq!(is_about_type, expected.contains("right type"), "{} {}: {said}", raw.0, raw.1);
    }
    directory.set_policy(&running, json!({"mode": "strict"})).await;
    let (status, said) = said_of(&running, &directory, &mut count, ("GET", "/Users?filter=+", &[], b"")).await;
    assert!(status == 400 && said.contains("leave the parameter out"), "{said}");
}

/// RFC 9110 §15.5.16
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_content_coding_is_answered_with_what_is_read() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let header = ("Content-Encoding", "gzip");
    for (method, target) in
        [("POST", "/Users"), ("PUT", "/Users/1"), ("PATCH", "/Groups/1"), ("POST", "/Bulk"), ("POST", "/.search")]
    {
        let answer = directory.with_header(method, target, Some(json!({})), header).await;
        assert_eq!((answer.status, answer.header("Accept-Encoding")), (415, Some("identity")), "{method} {target}");
    }
}
