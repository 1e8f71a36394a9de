//! What is wrong with a token or an address is said on screen; who asks learns only what helps, and no secret is kept.

use serde_json::Value;

use crate::client::{self, Answer};
use crate::harness::{Directory, Running, blocking, sentence, user};

const LIST: &str = "/Users?startIndex=1&count=2";

/// Sends a request to an address of the host that is not a base URL.
async fn get(directory: &Directory, path: &str, headers: &[(&'static str, &'static str)]) -> Answer {
    let (host, _) = client::split(&directory.base_url);
    let (url, headers) = (format!("http://{host}{path}"), headers.to_vec());
    blocking(move || client::send("GET", &url, &headers, None).expect("an answer")).await
}

async fn newest(running: &Running, list: &str, count: u64) -> Value {
    let path = format!("/api/directories/{list}/exchanges");
    let page = running.eventually(&path, "recording", |page| page["total"] == count).await;
    running.person("GET", &format!("/api/exchanges/{}", page["items"][0]["id"]), None).await
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_arrives_wrapped_is_recognized_and_nothing_of_it_is_kept() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let token = directory.token.clone();
    let secret = token.trim_start_matches("scimsetup-").to_owned();
    for (number, (header, verdict, words)) in [
        (format!("Bearer \"{token}\""), "malformed", "there are quotes around it"),
        (format!("Bearer {}\t{}", &token[..20], &token[20..]), "malformed", "blank or line break inside"),
        (format!("Bearer {secret}"), "malformed", "its beginning is missing"),
        (format!("Token {token}"), "malformed", "the word before it is not Bearer"),
        (format!("Bearer {}", &token[..30]), "unknown", "Only the first 30 of 53 characters"),
        ("Bearer ghp_0123456789abcdefABCDEF".to_owned(), "unknown", "a GitHub personal access token"),
        ("SSWS 00abcdefghijklmnop".to_owned(), "unknown", "Okta API token (SSWS)"),
        (format!("Bearer {}", directory.base_url), "unknown", "A URL was pasted"),
        ("Bearer {{token}}".to_owned(), "unknown", "placeholder"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = directory.with_authorization("GET", LIST, None, Some(header.clone())).await;
        assert_eq!(answer.status, 401, "{header}");
        let detail = text(&answer.json(), "/detail").to_owned();
        assert!(detail.starts_with("The bearer token is not valid") || detail.contains("exactly: Bearer"), "{detail}");
        let exchange = directory.newest_exchange(&running, number as u64 + 1).await;
        assert_eq!(exchange["authorization"]["verdict"], verdict, "{header}");
        let cause = sentence(&exchange["explanation"]["cause"]);
        assert!(cause.contains(words), "{header}: {cause}");
        assert!(
            text(&exchange, "/explanation/fix/text").contains("In Okta") || number == 4,
            "{}",
            exchange["explanation"]
        );
        let told = exchange.to_string();
        assert!(!told.contains(&secret) && !told.contains("0123456789abcdef"), "{header}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_names_a_directory_is_put_down_to_it_and_told_the_base_url() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let id = directory.id.clone();
    let authorized = |path: String| {
        let directory = directory.clone();
        async move {
            let (host, _) = client::split(&directory.base_url);
            let (url, token) = (format!("http://{host}{path}"), format!("Bearer {}", directory.token));
            let headers = move || {
                let headers = [("User-Agent", "Okta SCIM Client 1.0.0"), ("Authorization", token.as_str())];
                client::send("GET", &url, &headers, None).expect("an answer")
            };
            blocking(headers).await
        }
    };
    for (number, (path, outcome)) in [
        (format!("/scim/v2/{id}/Users/Users"), "/Users appears twice"),
        (format!("/scim/v1/{id}/Users"), "wrong version"),
        (format!("/{id}/Users"), "/scim/v2 is missing"),
        (format!("/scim/v2/{}/Users", id.to_uppercase()), "the id is in a different case"),
        (format!("/scim/v2/{id}/scim/v2/{id}/Users"), "the base URL appears twice"),
        (format!("/scim/v2/{id}/User"), "the endpoint is called /Users"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = authorized(path.clone()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
        let detail = text(&answer.json(), "/detail").to_owned();
        assert!(detail.ends_with(&directory.base_url), "an admin reads the base URL: {detail}");
        let exchange = directory.newest_exchange(&running, number as u64 + 1).await;
        assert_eq!(exchange["row"]["summary"]["text"], "Okta called a wrong address", "{path}");
        assert_eq!(exchange["row"]["summary"]["outcome"], outcome, "{path}");
        assert_eq!(exchange["explanation"]["fix"]["baseUrl"], directory.base_url, "{path}");
    }
    for (number, (path, rule)) in [
        (format!("/scim/v2/{id}//Users/"), "untidy-path"),
        (format!("/scim/{id}/Users"), "version-left-out"),
        (format!("/scim/v2/{id}/v2/Users"), "version-repeated"),
        (format!("/scim/v2/{id}/users"), "endpoint-case"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(authorized(path.clone()).await.status, 200, "{path} just works");
        let exchange = directory.newest_exchange(&running, number as u64 + 7).await;
        assert_eq!(exchange["notes"][0]["rule"], rule, "{path}");
        assert!(exchange["notes"][0]["title"].is_string() && exchange["notes"][0]["sectionTitle"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_nothing_of_directories_that_they_do_not_name() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    // No id has a zero.
    let mistyped = format!("{}0", &directory.id[..9]);
    for (number, (path, cause)) in [
        ("/".to_owned(), "The path is empty"),
        ("/scim/v2".to_owned(), "id is missing"),
        ("/scim/v2/Users".to_owned(), "id is missing"),
        ("/Users".to_owned(), "are missing before the endpoint"),
        (format!("/scim/v2/{mistyped}/Users"), "is that of \u{201c}Okta\u{201d}"),
        ("/.env".to_owned(), "random addresses"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = get(&directory, &path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains(&directory.id), "{path}: {}", answer.body);
        let exchange = newest(&running, "unattributed", number as u64 + 1).await;
        assert!(sentence(&exchange["explanation"]["cause"]).contains(cause), "{path}: {}", exchange["explanation"]);
        let base_url = &exchange["explanation"]["fix"]["baseUrl"];
        let is_told = number < 5;
        assert_eq!(base_url.as_str(), is_told.then_some(directory.base_url.as_str()), "{path}: there is one directory");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_no_identity_provider_whose_token_is_missing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let headers = [("User-Agent", "Mozilla/5.0 Firefox/140.0"), ("Accept", "text/html,*/*;q=0.8")];
    let answer = get(&directory, &format!("/scim/v2/{}", directory.id), &headers).await;
    assert_eq!(answer.status, 401);
    assert!(text(&answer.json(), "/detail").contains("it can be reached"), "{}", answer.body);
    let exchange = directory.newest_exchange(&running, 1).await;
    assert_eq!(exchange["row"]["summary"]["text"], "A browser opened the base URL");
    assert!(sentence(&exchange["explanation"]["cause"]).contains("in a browser"), "{}", exchange["explanation"]);
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    assert_eq!(read["rejected"], Value::Null, "nobody is warned");
    assert_eq!(read["lastRequest"], Value::Null, "and nobody has connected");
    let answer = get(&directory, "/", &headers).await;
    assert!(text(&answer.json(), "/detail").starts_with("This is SCIM Setup"), "{}", answer.body);
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_accepted_token_ends_a_run_of_refusals() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    directory.with_authorization("GET", LIST, None, Some("Bearer wrong".into())).await;
    running.eventually(&path, "a refusal", |read| read["rejected"]["count"] == 1).await;
    // Readable without a token, so it says nothing of the token.
    directory.with_authorization("GET", "/ServiceProviderConfig", None, None).await;
    let read = running.eventually(&path, "recording", |read| read["counts"]["exchanges"] == 2).await;
    assert_eq!(read["rejected"]["count"], 1);
    directory.idp("GET", LIST, None).await;
    running.eventually(&path, "the end of the refusals", |read| read["rejected"].is_null()).await;
}

const CURL: (&str, &str) = ("User-Agent", "curl/8.5.0");

#[tokio::test(flavor = "multi_thread")]
async fn one_stray_request_raises_no_alarm_and_what_repeats_does() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    let target = format!("/scim/v2/{}/Users", directory.id);
    assert_eq!(get(&directory, &target, &[CURL]).await.status, 401);
    let read = running.eventually(&path, "recording", |read| read["counts"]["errors"] == 1).await;
    assert_eq!(read["rejected"], Value::Null, "anybody may try an address once");
    assert_eq!(get(&directory, &target, &[CURL]).await.status, 401);
    let read = running.eventually(&path, "an alarm", |read| read["rejected"]["count"] == 2).await;
    assert_eq!(read["rejected"]["verdict"], "missing");
    directory.idp("GET", LIST, None).await;
    running.eventually(&path, "its end", |read| read["rejected"].is_null()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_still_has_the_former_token_is_named_with_the_ends_of_both() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.idp("GET", LIST, None).await;
    let current = running.new_token(&directory.id).await;
    assert_eq!(directory.idp("GET", LIST, None).await.status, 401);
    let exchange = directory.newest_exchange(&running, 2).await;
    assert_eq!(exchange["explanation"]["fix"]["action"], Value::Null, "there is a new token already");
    assert!(text(&exchange, "/explanation/fix/text").starts_with("In Okta"), "{}", exchange["explanation"]["fix"]);
    let read = running.person("GET", &format!("/api/directories/{}", directory.id), None).await;
    let end = |token: &str| token[token.len() - 4..].to_owned();
    assert_eq!(read["rejected"]["lastFour"], end(&directory.token));
    assert_eq!(read["rejected"]["exchangeId"], exchange["row"]["id"], "the newest of them");
    assert!(text(&read, "/provider/tokenPlace").starts_with("In Okta"), "{}", read["provider"]);
    let guide = running.person("GET", &format!("/api/directories/{}/guide", directory.id), None).await;
    let connect = &guide["steps"][1]["state"];
    assert_eq!((&guide["current"], &connect["is"]), (&"connect".into(), &"reopened".into()), "{guide}");
    assert_eq!(connect["since"], read["rejected"]["since"]);
    let remedy = text(&guide, "/causes/0/remedy");
    assert!(remedy.contains(&end(&current)) && remedy.contains(&end(&directory.token)), "{remedy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_says_who_nearly_named_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let other = running.directory("Globex").await;
    // No id has a zero.
    let mistyped = |id: &str| format!("{}0", &id[..9]);
    let misaddressed = |known: &Directory| {
        let (known, mistyped) = (known.clone(), mistyped(&known.id));
        let base_url = known.base_url.replace(&known.id, &mistyped);
        async move { Directory { base_url, ..known }.idp("GET", LIST, None).await.status }
    };
    let path = format!("/api/directories/{}", directory.id);
    directory.idp("GET", LIST, None).await;
    assert_eq!(misaddressed(&directory).await, 404);
    assert_eq!(misaddressed(&directory).await, 404);
    let read = running.eventually(&path, "it is said", |read| read["misaddressed"]["count"] == 2).await;
    let said = &read["misaddressed"];
    assert_eq!((&said["reason"], &said["actor"]["name"]), (&"a mistyped id".into(), &"Okta".into()));
    assert_eq!(said["isUnmatched"], true);
    let parts: Vec<_> = said["path"].as_array().expect("parts").iter().map(|part| text(part, "/is")).collect();
    assert_eq!(parts, ["right", "wrong", "missing", "right"], "{said}");
    assert_eq!(said["path"][1]["text"], "0", "the letter that differs");
    let exchange = running.person("GET", &format!("/api/exchanges/{}", said["exchangeId"]), None).await;
    assert_eq!(exchange["row"]["path"], format!("/scim/v2/{}{LIST}", mistyped(&directory.id)), "the whole path");
    assert_eq!(exchange["explanation"]["path"], said["path"]);

    // A base URL that is no directory's at all is told by the token.
    let (host, _) = client::split(&directory.base_url);
    let base_url = format!("http://{host}/scim/v2");
    Directory { base_url, ..other.clone() }.idp("GET", LIST, None).await;
    let of_other = format!("/api/directories/{}", other.id);
    let read = running.eventually(&of_other, "it is said", |read| read["misaddressed"]["count"] == 1).await;
    assert_eq!(read["misaddressed"]["reason"], "the directory\u{2019}s id is missing");

    directory.idp("GET", LIST, None).await;
    running.eventually(&path, "it is over", |read| read["misaddressed"].is_null()).await;
    // Without its token nobody says anything of a directory that works.
    get(&directory, &format!("/scim/v2/{}/Users", mistyped(&directory.id)), &[]).await;
    newest(&running, "unattributed", 4).await;
    assert_eq!(running.person("GET", &path, None).await["misaddressed"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_its_provider_is_taken_for_one_that_nearly_named_a_directory() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    for (number, (agent, is_said)) in
        [("curl/8.5.0", false), ("python-requests/2.32", false), ("Okta SCIM Client 1.0.0", true)]
            .into_iter()
            .enumerate()
    {
        get(&directory, "/Users", &[("User-Agent", agent)]).await;
        newest(&running, "unattributed", number as u64 + 1).await;
        let read = running.person("GET", &path, None).await;
        assert_eq!(read["misaddressed"].is_null(), !is_said, "{agent}: {}", read["misaddressed"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_name_and_a_person_with_a_tool_raise_no_alarm_about_an_address() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let path = format!("/api/directories/{}", directory.id);
    get(&directory, "/Users", &[]).await;
    newest(&running, "unattributed", 1).await;
    // Its token says which directory is meant, and still it is a person who tries something.
    let tried = directory.with_header("GET", "/User", None, ("User-Agent", "curl/8.5.0")).await;
    assert_eq!(tried.status, 404);
    directory.newest_exchange(&running, 1).await;
    let read = running.person("GET", &path, None).await;
    assert_eq!(read["misaddressed"], Value::Null);
}
