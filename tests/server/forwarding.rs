//! Directories that pass on what they are asked: what arrives at the other server, and what comes back.

mod guarded;
mod target;

use serde_json::{Value, json};

use self::target::{Target, json_answer};
use crate::client::{self, Answer};
use crate::harness::{Directory, Running, blocking, options, user};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A directory that forwards to a server, and whose identity provider shows that server's token.
async fn forwarding(running: &Running, to: &str) -> Directory {
    made(running, json!({ "to": to }), "theirs-0123456789").await
}

async fn made(running: &Running, forwarding: Value, token: &str) -> Directory {
    let tree = running.person("GET", "/api/tree", None).await;
    let environment = &tree["environments"][0]["id"];
    let new = json!({"environmentId": environment, "name": "Acme Corp"});
    let organization = running.person("POST", "/api/organizations", Some(new)).await;
    let new = json!({"organizationId": organization["id"], "name": "Okta", "forwarding": forwarding});
    let directory = running.person("POST", "/api/directories", Some(new)).await;
    running.known(directory["id"].as_str().expect("an id"), token)
}

/// Sends what is given and returns the answer byte for byte: its head as lines, its body.
async fn raw(directory: &Directory, request: String) -> (Vec<String>, Vec<u8>) {
    let (host, path) = client::split(&directory.base_url);
    let sent = request.replace("{base}", &path).replace("{host}", &host);
    blocking(move || target::exchange(&host, sent.as_bytes())).await
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    head.iter().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_through_byte_for_byte_and_so_does_its_answer() {
    let running = Running::start().await;
    let target = Target::start("/scim/v2", |_, base| {
        let body = format!(
            r#"{{ "schemas":["{USER}"],  "id":"u1","userName":"ada@example.com","odd" : 1e2,"meta":{{"location":"{base}/Users/u1"}}}}"#
        );
        format!(
            "HTTP/1.1 201 Made\r\nContent-Type: application/scim+json\r\nLocation: {base}/Users/u1\r\nX-Theirs: yes\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let body = r#"{"userName" :"ada@example.com", "schemas":[]}"#;
    let (head, answer) = raw(
        &directory,
        format!(
            "POST {{base}}/Users?attributes=a%20b&x=%2F HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer theirs-0123456789\r\nUser-Agent: Okta SCIM Client 1.0.0\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nX-Kept: yes\r\nX-Forwarded-Host: ada.example\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
    .await;
    let seen = target.requests();
    let [seen] = seen.as_slice() else { panic!("one request: {seen:?}") };
    assert_eq!(seen.line, "POST /scim/v2/Users?attributes=a%20b&x=%2F HTTP/1.1");
    assert_eq!(seen.body, body.as_bytes());
    let of = |name| header(&seen.headers, name);
    assert_eq!(of("Authorization"), Some("Bearer theirs-0123456789"));
    assert_eq!(of("Host"), Some(target.authority().as_str()));
    assert_eq!((of("X-Kept"), of("X-Mine"), of("X-Forwarded-Host")), (Some("yes"), None, None));
    assert_eq!(of("Content-Length"), Some(body.len().to_string().as_str()));
    assert_eq!(of("Via"), Some(format!("1.1 scim-setup-{}", directory.id).as_str()));

    assert_eq!(head[0], "HTTP/1.1 201 Created");
    let of = |name| header(&head, name);
    let location = format!("{}/Users/u1", directory.base_url);
    assert_eq!(
        (of("Location"), of("X-Theirs"), of("X-Hop"), of("Keep-Alive")),
        (Some(location.as_str()), Some("yes"), None, None)
    );
    let expected = format!(
        r#"{{ "schemas":["{USER}"],  "id":"u1","userName":"ada@example.com","odd" : 1e2,"meta":{{"location":"{location}"}}}}"#
    );
    assert_eq!(String::from_utf8(answer).expect("text"), expected);

    let exchange = directory.newest_exchange(&running, 1).await;
    assert_eq!(exchange["forwarded"]["answeredBy"], "yourServer");
    assert_eq!(exchange["forwarded"]["to"], target.base_url().as_str());
    assert_eq!(exchange["forwarded"]["rewritten"], 2, "the header and meta.location");
    assert!(exchange["forwarded"]["targetMs"].as_f64().is_some_and(|time| time > 0.0));
    assert_eq!(exchange["authorization"]["verdict"], "matched", "{exchange}");
    assert_eq!(exchange["response"]["body"], expected.as_str());
    assert_eq!(exchange["request"]["body"], body);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_a_body_come_through_as_http_has_them() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| {
        let answer = match request.line.split(' ').next() {
            Some("HEAD") => "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\nETag: \"a\"\r\n\r\n",
            Some("DELETE") => "HTTP/1.1 204 No Content\r\n\r\n",
            Some("PATCH") => {
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\nETag: \"b\"\r\n\r\n"
            }
            _ => "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
        };
        answer.as_bytes().to_vec()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    for (method, status, length) in [
        ("HEAD", "200 OK", Some("4711")),
        ("DELETE", "204 No Content", None),
        ("PATCH", "204 No Content", None),
        ("GET", "304 Not Modified", None),
    ] {
        let request = format!(
            "{method} {{base}}/Users/1 HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n"
        );
        let (head, body) = raw(&directory, request).await;
        assert_eq!(head[0], format!("HTTP/1.1 {status}"), "{method}");
        assert_eq!((header(&head, "Content-Length"), body.len()), (length, 0), "{method}: {head:?}");
    }
    assert_eq!(target.requests().len(), 4, "nothing was asked twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_in_pieces_and_without_a_length_come_through() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| {
        if request.line.contains("/chunked") {
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nX-Sum: 1\r\n\r\n".to_vec();
        }
        b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"until\":\"the end\"}".to_vec()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let chunked = "PUT {base}/chunked HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n1\r\n \r\n0\r\n\r\n";
    let (head, body) = raw(&directory, chunked.to_owned()).await;
    assert_eq!((head[0].as_str(), body.as_slice()), ("HTTP/1.1 200 OK", &b"{\"a\":1}"[..]));
    assert_eq!((header(&head, "Content-Length"), header(&head, "Trailer")), (Some("7"), None));
    assert_eq!(target.requests()[0].body, b"{} ");
    let (head, body) =
        raw(&directory, "GET {base}/end HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".to_owned()).await;
    assert_eq!(body, b"{\"until\":\"the end\"}", "{head:?}");
}

/// What is said of a server that gives no answer, to the identity provider and in the window.
async fn refused(running: &Running, directory: &Directory, count: u64, status: u16, proxy_error: &str, words: &[&str]) {
    let answer = directory.idp("POST", "/Users", Some(user("ada"))).await;
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("Proxy-Status"), Some(format!("scim-setup; error={proxy_error}").as_str()));
    let detail = answer.json()["detail"].as_str().expect("a SCIM error").to_owned();
    for words in words.iter().chain(&["Your SCIM server at http://127.0.0.1", "is not the reason"]) {
        assert!(detail.contains(words), "{words}: {detail}");
    }
    let exchange = directory.newest_exchange(running, count).await;
    assert_eq!(exchange["forwarded"]["answeredBy"], "us", "{exchange}");
    assert_eq!(exchange["authorization"]["verdict"], "notChecked", "nobody has asked: {exchange}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_or_breaks_off_is_told_apart_from_the_identity_provider() {
    let running = Running::start().await;
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let directory = forwarding(&running, &nobody).await;
    refused(&running, &directory, 1, 502, "connection_refused", &["could not be reached", "Is it running?"]).await;

    let change = |to: String| json!({"forwarding": {"to": to}});
    let path = format!("/api/directories/{}", directory.id);
    for (count, answer, proxy_error, words) in [
        (2, &b""[..], "http_response_incomplete", "It may have carried the request out"),
        (
            3,
            b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":",
            "http_response_incomplete",
            "6 bytes of the body had come",
        ),
        (
            4,
            b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
            "http_response_incomplete",
            "bytes of the body had come",
        ),
        (5, b"SSH-2.0-OpenSSH_9.6\r\n", "http_response_incomplete", "ended the connection"),
    ] {
        let target = Target::start("", move |_, _| answer.to_vec());
        running.person("PATCH", &path, Some(change(target.base_url()))).await;
        refused(&running, &directory, count, 502, proxy_error, &[words]).await;
        assert_eq!(target.requests().len(), 1, "a write is never sent twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_in_time_is_given_up() {
    let data = tempfile::tempdir().expect("a folder");
    let mut options = options(data.path());
    options.limits.target = std::time::Duration::from_millis(200);
    let server = server::Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let target = Target::start("", |_, _| {
        std::thread::park();
        Vec::new()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    refused(&running, &directory, 1, 504, "http_response_timeout", &["did not answer within"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_decides_about_a_token_that_is_passed_on() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| match header(&request.headers, "Authorization") {
        Some("Bearer theirs-0123456789") => json_answer("200 OK", &json!({"totalResults": 0, "Resources": []})),
        _ => b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"theirs\"\r\nContent-Length: 0\r\n\r\n"
            .to_vec(),
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let users = "/Users?filter=userName%20eq%20%22ada@example.com%22";
    assert_eq!(directory.idp("GET", users, None).await.status, 200);
    let found = directory.newest_exchange(&running, 1).await;
    assert_eq!(found["row"]["summary"]["outcome"], "no match", "{found}");
    let wrong = Directory { token: "wrong-0123456789".into(), ..directory.clone() };
    let answer = wrong.idp("GET", users, None).await;
    assert_eq!((answer.status, answer.header("WWW-Authenticate")), (401, Some("Bearer realm=\"theirs\"")));
    let refused = directory.newest_exchange(&running, 2).await;
    assert_eq!(refused["authorization"]["verdict"], "unknown");
    assert_eq!(refused["authorization"]["lastFour"], "6789");
    let text = crate::harness::sentence(&refused["authorization"]["text"]);
    assert!(text.contains("Your server refused the token ending …6789"), "{text}");

    // Who has been let in is not held back; who has not is, like every stranger.
    let host = client::split(&directory.base_url).0;
    let (known, stranger) = (directory.clone(), wrong.clone());
    let statuses = blocking(move || {
        let mut connection = client::Connection::open(&host).expect("a connection");
        let mut send = |directory: &Directory| {
            let (_, path) = client::split(&directory.base_url);
            let authorization = format!("Bearer {}", directory.token);
            let headers = [("Authorization", authorization.as_str())];
            connection.send("GET", &format!("{path}/Users"), &headers, None).expect("an answer").status
        };
        let strangers: Vec<u16> = (0..300).map(|_| send(&stranger)).collect();
        let known: Vec<u16> = (0..300).map(|_| send(&known)).collect();
        (strangers, known)
    });
    let (strangers, known) = statuses.await;
    assert!(strangers.contains(&429) && strangers.contains(&401), "{strangers:?}");
    assert!(known.iter().all(|status| *status == 200), "{known:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_token_takes_the_place_of_the_one_that_is_shown() {
    let data = tempfile::tempdir().expect("a folder");
    let running = Running::start_in(data).await;
    let target = Target::start("", |request, _| match header(&request.headers, "Authorization") {
        Some("Bearer the-secret-of-my-server") => {
            // It repeats what it should not.
            json_answer("200 OK", &json!({"id": "u1", "userName": "ada", "note": "the-secret-of-my-server"}))
        }
        other => panic!("{other:?} reached the server"),
    });
    let forwarding = json!({"to": target.base_url(), "token": "replace", "secret": "the-secret-of-my-server"});
    let mut directory = made(&running, forwarding, "").await;
    directory.token = running.new_token(&directory.id).await;
    assert_eq!(directory.idp("GET", "/Users/u1", None).await.status, 200);
    let stranger = Directory { token: "wrong".into(), ..directory.clone() };
    assert_eq!(stranger.idp("GET", "/ServiceProviderConfig", None).await.status, 401, "nothing is open to strangers");
    let exchanges = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&exchanges, "recording", |page| page["total"] == 2).await;
    assert_eq!(target.requests().len(), 1);
    let read = running.person("GET", &format!("/api/exchanges/{}", 1), None).await;
    assert!(read["response"]["body"].as_str().is_some_and(|body| body.contains("\"note\":\"••••\"")), "{read}");

    // It is written nowhere, and after a restart it has to be given again.
    let Running { server, data, .. } = running;
    server.shutdown().await;
    for file in std::fs::read_dir(data.path()).expect("the folder") {
        let path = file.expect("a file").path();
        let bytes = if path.is_file() { std::fs::read(&path).expect("a file") } else { Vec::new() };
        let secret = b"the-secret-of-my-server";
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "it stands in {}", path.display());
    }
    let running = Running::start_in(data).await;
    let path = format!("/api/directories/{}", directory.id);
    let read = running.person("GET", &path, None).await;
    assert_eq!(read["forwarding"], json!({"to": target.base_url(), "token": "replace", "isTokenMissing": true}));
    let directory = running.known(&directory.id, &directory.token);
    let answer = directory.idp("GET", "/Users/u1", None).await;
    let detail = answer.json()["detail"].to_string();
    assert!(answer.status == 502 && detail.contains("enter the token."), "{answer:?}");
    let again = json!({"to": target.base_url(), "token": "replace", "secret": "the-secret-of-my-server"});
    let read = running.person("PATCH", &path, Some(json!({ "forwarding": again }))).await;
    assert_eq!(read["forwarding"]["isTokenMissing"], false);
    assert_eq!(directory.idp("GET", "/Users/u1", None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn very_large_bodies_go_through_as_they_come() {
    let running = Running::start().await;
    let target = Target::start("", |request, base| {
        let filler = "x".repeat(5 << 20);
        match request.body.is_empty() {
            true => json_answer("200 OK", &json!({"meta": {"location": format!("{base}/Users/1")}, "filler": filler})),
            false => json_answer("200 OK", &json!({"got": request.body.len()})),
        }
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let answer = directory.idp("PUT", "/Groups/1", Some(json!({"filler": "x".repeat(6 << 20)}))).await;
    assert_eq!(answer.json()["got"], (6 << 20) + r#"{"filler":""}"#.len(), "{:?}", answer.headers);
    let exchange = directory.newest_exchange(&running, 1).await;
    assert_eq!(exchange["request"]["bodyBytes"], (6 << 20) + r#"{"filler":""}"#.len());
    assert_eq!(exchange["request"]["isTruncated"], true);
    let answer = directory.idp("GET", "/Users/1", None).await;
    assert_eq!(answer.json()["meta"]["location"], format!("{}/Users/1", target.base_url()), "it is not rewritten");
    let exchange = directory.newest_exchange(&running, 2).await;
    let remark = exchange["forwarded"]["remarks"][0].as_str().expect("a remark");
    assert!(remark.contains("too large"), "{remark}");
    assert_eq!(exchange["response"]["bodyBytes"], answer.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compressed_answer_is_passed_on_as_it_is_and_shown_as_text() {
    use std::io::Write;
    let running = Running::start().await;
    let zipped = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).expect("it is written");
        encoder.finish().expect("it ends")
    };
    let small = zipped(br#"{"id":"u1","userName":"ada@example.com"}"#);
    // 100 MB in 100 KB.
    let bomb = zipped(&vec![b' '; 100 << 20]);
    let sent = (small.clone(), bomb.clone());
    let target = Target::start("", move |request, _| {
        let body = if request.line.contains("bomb") { &sent.1 } else { &sent.0 };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let ask = |what: &str| {
        format!(
            "GET {{base}}/Users/{what} HTTP/1.1\r\nHost: {{host}}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        )
    };
    let (head, body) = raw(&directory, ask("u1")).await;
    assert_eq!((header(&head, "Content-Encoding"), body), (Some("gzip"), small));
    let exchange = directory.newest_exchange(&running, 1).await;
    assert_eq!(exchange["response"]["body"], r#"{"id":"u1","userName":"ada@example.com"}"#);
    assert!(exchange["forwarded"]["remarks"][0].as_str().is_some_and(|text| text.contains("compressed")), "{exchange}");
    let (_, body) = raw(&directory, ask("bomb")).await;
    assert_eq!(body, bomb);
    let exchange = directory.newest_exchange(&running, 2).await;
    assert_eq!(exchange["response"]["body"], Value::Null);
    assert!(exchange["forwarded"]["remarks"].to_string().contains("larger than 1 MiB"), "{exchange}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_is_refused_and_a_page_is_passed_on() {
    let running = Running::start().await;
    let directory = forwarding(&running, "http://127.0.0.1:9").await;
    let path = format!("/api/directories/{}", directory.id);
    running.person("PATCH", &path, Some(json!({"forwarding": {"to": directory.base_url}}))).await;
    let answer = directory.idp("GET", "/Users", None).await;
    assert_eq!((answer.status, answer.header("Proxy-Status")), (508, Some("scim-setup; error=proxy_loop_detected")));

    let target = Target::start("", |_, _| {
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nContent-Length: 27\r\n\r\n<html>Whitelabel page</html>"[..].to_vec()
    });
    running.person("PATCH", &path, Some(json!({"forwarding": {"to": target.base_url()}}))).await;
    let answer: Answer = directory.idp("GET", "/Users", None).await;
    assert_eq!((answer.status, answer.header("Content-Type")), (500, Some("text/html")));
    assert_eq!(answer.body, "<html>Whitelabel page</html"[..27]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_to_forward_is_checked_and_a_server_elsewhere_is_asked_for() {
    let running = Running::start().await;
    let target = Target::start("/scim", |request, _| match request.line.as_str() {
        "GET /scim/ServiceProviderConfig HTTP/1.1" => json_answer("200 OK", &json!({"patch": {"supported": true}})),
        _ => json_answer("404 Not Found", &json!({})),
    });
    let check = |to: String| running.person("POST", "/api/forwarding-checks", Some(json!({ "to": to })));
    let ready = check(target.base_url()).await;
    assert_eq!((&ready["isReady"], &ready["status"]), (&json!(true), &json!(200)), "{ready}");
    let wrong_path = check(format!("{}/v2", target.base_url())).await;
    assert!(wrong_path["text"].as_str().is_some_and(|text| text.contains("Check the path")), "{wrong_path}");
    let nobody = check("http://127.0.0.1:9/scim".into()).await;
    assert!(nobody["text"].as_str().is_some_and(|text| text.contains("could not be reached")), "{nobody}");

    let directory = forwarding(&running, &target.base_url()).await;
    let path = format!("/api/directories/{}", directory.id);
    for (to, field) in
        [("https://scim.example.com", "confirmed"), ("ftp://localhost", "to"), ("http://a:b@localhost", "to")]
    {
        let (status, error) = running.person_refused("PATCH", &path, Some(json!({"forwarding": {"to": to}}))).await;
        assert_eq!((status, &error["field"]), (422, &json!(field)), "{to}: {error}");
    }
    let confirmed = json!({"forwarding": {"to": "https://scim.example.com/", "confirmed": true}});
    let read = running.person("PATCH", &path, Some(confirmed)).await;
    assert_eq!(read["forwarding"]["to"], "https://scim.example.com");
    let ours = running.directory("Ours").await;
    let path = format!("/api/directories/{}", ours.id);
    let (status, error) =
        running.person_refused("PATCH", &path, Some(json!({"forwarding": {"to": target.base_url()}}))).await;
    assert_eq!((status, &error["field"]), (422, &json!("forwarding")), "{error}");
}

/// A server of the person's own, which has one user and one group.
fn small_server() -> Target {
    Target::start("/scim", |request, base| {
        let ada = |active: bool, title: &str| json!({"schemas": [USER], "id": "7", "userName": "ada@example.com", "displayName": "Ada Lovelace", "active": active, "title": title, "meta": {"location": format!("{base}/Users/7")}});
        let group = |members: &[&str]| {
            let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
            json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "g7", "displayName": "Engineering", "members": members})
        };
        match request.line.trim_end_matches(" HTTP/1.1") {
            "POST /scim/Users" => json_answer("201 Created", &ada(true, "Countess")),
            "PUT /scim/Users/7" => json_answer("200 OK", &ada(false, "Countess")),
            "GET /scim/Users/7" => json_answer("200 OK", &ada(true, "Programmer")),
            "POST /scim/Groups" => json_answer("201 Created", &group(&["7"])),
            "PATCH /scim/Users/7" | "DELETE /scim/Users/7" => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
            line if line.starts_with("GET /scim/Users?") => json_answer(
                "200 OK",
                &json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [ada(true, "Programmer")]}),
            ),
            "PUT /scim/Users/8" => json_answer("500 Internal Server Error", &json!({"detail": "NullPointerException"})),
            _ => json_answer(
                "404 Not Found",
                &json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "Nobody."}),
            ),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn users_groups_and_history_are_as_the_server_answered() {
    let running = Running::start().await;
    let target = small_server();
    let directory = forwarding(&running, &target.base_url()).await;
    let path = format!("/api/directories/{}", directory.id);
    let mut sent = 0;
    let mut said = Vec::new();
    for (method, below, body) in [
        ("POST", "/Users", Some(user("ada"))),
        ("POST", "/Groups", Some(json!({"displayName": "Engineering"}))),
        ("PUT", "/Users/7", Some(user("ada"))),
        ("GET", "/Users/7", None),
        ("PATCH", "/Users/7", Some(json!({"Operations": [{"op": "replace", "path": "title", "value": "x"}]}))),
        ("PUT", "/Users/8", Some(user("bob"))),
    ] {
        directory.idp(method, below, body).await;
        sent += 1;
        let exchange = directory.newest_exchange(&running, sent).await;
        said.push(exchange["row"]["summary"]["text"].as_str().expect("a summary").to_owned());
        match method {
            "PATCH" => {
                assert!(
                    exchange["forwarded"]["remarks"].to_string().contains("not known until it is read"),
                    "{exchange}"
                );
                assert_eq!(
                    exchange["explanation"]["effect"],
                    "Your server says that it worked, and not what came of it"
                );
            }
            "PUT" if below == "/Users/8" => {
                let cause = crate::harness::sentence(&exchange["explanation"]["cause"]);
                assert_eq!(cause, "Your server answered 500: NullPointerException");
                assert!(
                    exchange["explanation"]["fix"]["text"].to_string().contains("log of your server"),
                    "{exchange}"
                );
            }
            _ => {}
        }
    }
    assert_eq!(
        said,
        [
            "Okta created Ada Lovelace",
            "Okta created Engineering",
            "Okta deactivated Ada Lovelace",
            "Okta read Ada Lovelace",
            "Okta updated Ada Lovelace",
            "Okta could not update a user: NullPointerException",
        ]
    );
    let users = running.person("GET", &format!("{path}/users"), None).await;
    assert_eq!(
        (&users["total"], &users["items"][0]["id"]),
        (&json!(1), &json!("7")),
        "under the id of their server: {users}"
    );
    let history = running.person("GET", &format!("{path}/changes?resourceId=7"), None).await;
    let told = |change: &Value| {
        format!("{} {}", change["actor"]["name"].as_str().unwrap_or("?"), change["kind"].as_str().unwrap_or("?"))
    };
    let told: Vec<_> = history["items"].as_array().expect("changes").iter().map(told).collect();
    assert_eq!(
        told,
        ["Your server reactivated", "Okta deactivated", "Okta created"],
        "whoever reads has changed nothing: {history}"
    );
    let group = running.person("GET", &format!("{path}/groups/g7"), None).await;
    assert_eq!(group["row"]["members"], 1, "{group}");

    assert_eq!(directory.idp("DELETE", "/Users/7", None).await.status, 204);
    let exchange = directory.newest_exchange(&running, sent + 1).await;
    assert_eq!(exchange["row"]["summary"]["text"], "Okta deleted Ada Lovelace");
    let users = running.person("GET", &format!("{path}/users"), None).await;
    assert_eq!(users["total"], 0, "{users}");
    // Somebody who was there before anything was forwarded is known once they are looked up.
    directory.idp("GET", "/Users?filter=userName%20eq%20%22ada@example.com%22", None).await;
    let exchange = directory.newest_exchange(&running, sent + 2).await;
    assert_eq!(exchange["row"]["summary"]["outcome"], "1 match by userName", "{exchange}");
    let users = running.person("GET", &format!("{path}/users"), None).await;
    assert_eq!(users["total"], 1, "{users}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_identity_provider_trips_over_in_an_answer_is_explained() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| match request.line.split(' ').nth(1) {
        Some(path) if path.starts_with("/Users?") => {
            let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":"0","Resources":[]}"#;
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
                .into_bytes()
        }
        Some("/Users") => {
            json_answer("201 Created", &json!({"schemas": [USER], "id": "7", "userName": "ada@example.com"}))
        }
        _ => json_answer("200 OK", &json!({"schemas": [USER], "id": "7", "userName": "ada@example.com"})),
    });
    let directory = forwarding(&running, &target.base_url()).await;
    directory.idp("GET", "/Users?filter=userName%20eq%20%22ada@example.com%22", None).await;
    let exchange = directory.newest_exchange(&running, 1).await;
    let faults = exchange["forwarded"]["faults"].as_array().expect("faults").clone();
    let told: Vec<_> = faults.iter().map(|fault| format!("{} {}", fault["rule"], fault["weight"])).collect();
    assert_eq!(told, [r#""rfc-media-type" "warns""#, r#""rfc-list" "fails""#], "{exchange}");
    assert_eq!(faults[1]["actual"], r#"{"totalResults":"0"}"#);
    assert!(faults[1]["text"].as_str().is_some_and(|text| text.contains("Okta stops")), "{}", faults[1]);
    for name in ["title", "section", "fix", "expected"] {
        assert!(faults[1][name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {}", faults[1]);
    }
    directory.idp("GET", "/Users/7", None).await;
    directory.newest_exchange(&running, 2).await;
    directory.idp("POST", "/Users", Some(user("ada"))).await;
    let exchange = directory.newest_exchange(&running, 3).await;
    assert_eq!(exchange["forwarded"]["faults"][0]["rule"], "rfc-create", "there is no Location: {exchange}");
    let case = format!("/api/directories/{}/case", directory.id);
    let open = running.person("GET", &case, None).await.to_string();
    assert!(open.contains("rfc-list") && open.contains("ada@example.com"), "a case has them, too: {open}");
    let replaced = running.person("GET", &format!("{case}?anonymize=true"), None).await.to_string();
    assert!(replaced.contains("rfc-list") && !replaced.to_lowercase().contains("ada@example"), "{replaced}");
    let path = format!("/api/directories/{}/exchanges?show=notes", directory.id);
    let listed = running.person("GET", &path, None).await;
    let ids: Vec<_> = listed["items"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, [json!(3), json!(1)], "a list shows the requests with a fault: {listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sends_with_the_token_that_was_given_and_not_without_one() {
    let running = Running::start().await;
    let target = small_server();
    let directory = forwarding(&running, &target.base_url()).await;
    let path = format!("/api/directories/{}", directory.id);
    let draft = json!({"method": "POST", "path": "/Users", "body": user("ada").to_string()});
    let sent = running.person("POST", &format!("{path}/requests"), Some(draft.clone())).await;
    assert_eq!((&sent["row"]["status"], &sent["forwarded"]["answeredBy"]), (&json!(502), &json!("us")), "{sent}");
    assert!(sent["response"]["body"].as_str().is_some_and(|body| body.contains("none of its own")), "{sent}");
    assert_eq!(target.requests().len(), 0);
    let (status, error) =
        running.person_refused("POST", &format!("{path}/requests/rehearsal"), Some(draft.clone())).await;
    assert!(status == 422 && error["message"].to_string().contains("nothing can be tried there"), "{error}");
    let (status, error) = running.person_refused("POST", &format!("{path}/samples"), Some(json!({"people": 3}))).await;
    assert!(status == 409 && error["message"].to_string().contains("forwards to your server"), "{status} {error}");

    let replace = json!({"forwarding": {"to": target.base_url(), "token": "replace", "secret": "mine"}});
    running.person("PATCH", &path, Some(replace)).await;
    let sent = running.person("POST", &format!("{path}/requests"), Some(draft)).await;
    assert_eq!(
        (&sent["row"]["status"], &sent["row"]["summary"]["text"]),
        (&json!(201), &json!("You created Ada Lovelace")),
        "{sent}"
    );
    assert_eq!(header(&target.requests()[0].headers, "Authorization"), Some("Bearer mine"));
    // A copy forwards likewise, and so does a directory that begins anew.
    let read = running.person("GET", &path, None).await;
    let new = json!({"organizationId": read["organizationId"], "name": "Copy", "copyOf": directory.id});
    let copy = running.person("POST", "/api/directories", Some(new)).await;
    assert_eq!(copy["forwarding"], read["forwarding"]);
    let copied = copy["id"].as_str().expect("an id");
    let copied = running.known(copied, &running.new_token(copied).await);
    assert_eq!(copied.idp("GET", "/Users/7", None).await.status, 200, "with the same token");
    let renewed = running.person("POST", &format!("/api/directories/{}/reset", copied.id), None).await;
    assert_eq!((&renewed["forwarding"], &renewed["counts"]["users"]), (&read["forwarding"], &json!(0)));
    // A look-up of somebody who is not there, answered as an error.
    let running_path = "/Groups?filter=displayName%20eq%20%22Nobody%22";
    let okta = Directory { token: running.new_token(&directory.id).await, ..directory.clone() };
    assert_eq!(okta.idp("GET", running_path, None).await.status, 404);
    let exchange = okta.newest_exchange(&running, 3).await;
    assert_eq!(exchange["row"]["summary"]["text"], "Okta checked whether Nobody exists");
    assert_eq!(exchange["forwarded"]["faults"][0]["rule"], "rfc-filter-no-match", "{exchange}");
}

/// Our own server is the other one here: the checks find nothing wrong with it, so neither may whoever watches.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_played_gets_through_and_finds_no_fault_where_there_is_none() {
    let running = Running::start().await;
    let ours = running.directory("Ours").await;
    let forwarding = json!({"to": ours.base_url, "token": "replace", "secret": ours.token});
    let directory = made(&running, forwarding, "").await;
    for what in [
        json!({"kind": "scenario", "provider": "okta-aiw", "scenario": "lifecycle", "people": 3}),
        json!({"kind": "scenario", "provider": "entra", "scenario": "lifecycle", "people": 3}),
        json!({"kind": "checks", "suites": ["okta", "rfc"]}),
    ] {
        let new = json!({"directoryId": directory.id, "what": what, "pace": "none"});
        let run = running.person("POST", "/api/simulations", Some(new)).await;
        let path = format!("/api/simulations/{}", run["id"].as_str().expect("an id"));
        let state = |page: &Value| page["simulation"]["state"] != "running";
        let page = running.eventually(&path, "the end of the run", state).await;
        assert_eq!(page["simulation"]["failed"], 0, "{what}: {page}");
    }
    let theirs = running.person("GET", &format!("/api/directories/{}", ours.id), None).await;
    let is_same = |mirrored: &Value| {
        ["users", "activeUsers", "groups"].iter().all(|what| mirrored["counts"][what] == theirs["counts"][what])
    };
    // What an answer says is taken in behind it.
    running.eventually(&format!("/api/directories/{}", directory.id), "what is there is shown", is_same).await;
    let path = format!("/api/directories/{}/exchanges?show=notes", directory.id);
    let noted = running.person("GET", &path, None).await;
    assert_eq!(noted["items"], json!([]), "what is right is not said to be wrong");
}
