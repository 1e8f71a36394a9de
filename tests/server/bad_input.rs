//! Whatever arrives, the answer is a SCIM error that says what is wrong, and it is recorded.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use server::{Limits, Options, Server};

use crate::client;
use crate::harness::{Directory, Running, blocking, options, user};

fn assert_scim_error(answer: &client::Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{body}");
    assert_eq!(body["status"], status.to_string(), "{body}");
    let detail = body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(words), "{detail:?} does not say {words:?}");
    assert!(
        answer.header("Content-Type").is_some_and(|value| value.starts_with("application/scim+json")),
        "{answer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_cannot_be_used_is_refused_by_name() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (url, authorization) = (format!("{}/Users", directory.base_url), format!("Bearer {}", directory.token));
    for (body, scim_type, words) in [
        ("{\"userName\":", "invalidSyntax", "JSON"),
        ("", "invalidSyntax", "body"),
        ("[]", "invalidSyntax", "object"),
        (r#"{"displayName":"Ada"}"#, "invalidValue", "userName"),
        (r#"{"userName":""}"#, "invalidValue", "userName"),
        (r#"{"userName":7}"#, "invalidValue", "userName"),
        (r#"{"userName":"ada","emails":[7]}"#, "invalidValue", "emails"),
    ] {
        let (url, authorization) = (url.clone(), authorization.clone());
        let answer = blocking(move || {
            let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/scim+json")];
            client::send("POST", &url, &headers, Some(body)).expect("an answer")
        })
        .await;
        assert_scim_error(&answer, 400, words);
        assert_eq!(answer.json()["scimType"], scim_type, "{body}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_whether_its_size_is_announced_or_not() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let body = format!("{{\"userName\":\"{}\"}}", "x".repeat(4 << 20));
    let announced = format!(
        "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        directory.token,
        body.len()
    );
    let chunked = format!(
        "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        directory.token
    );
    let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for (head, body) in [(announced, body), (chunked, chunks)] {
        let host = host.clone();
        let answer =
            blocking(move || client::exchange(&host, head.as_bytes(), body.as_bytes()).expect("an answer")).await;
        assert_scim_error(&answer, 413, "4 MiB");
    }
    let path = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&path, "recording", |page| page["total"] == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_methods_that_do_not_exist_get_scim_errors() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    for (method, target, status, words) in [
        ("GET", "/Nothing", 404, "endpoint"),
        ("PUT", "/Users", 405, "GET, HEAD, POST"),
        ("GET", "/Users/00919288221112222", 404, "00919288221112222"),
        ("PATCH", "/Groups/none", 400, "body"),
        ("GET", "/Me", 501, "/Me"),
    ] {
        let answer = directory.idp(method, target, None).await;
        assert_scim_error(&answer, status, words);
    }
    let nobody =
        crate::harness::Directory { base_url: directory.base_url.replace(&directory.id, "nobody"), ..directory };
    assert_scim_error(&nobody.idp("GET", "/Users", None).await, 404, "no directory");
    let page =
        running.eventually("/api/directories/unattributed/exchanges", "recording", |page| page["total"] == 1).await;
    assert_eq!(page["items"][0]["directoryId"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_is_a_conflict_whatever_the_letter_case() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    let answer = directory.idp("POST", "/Users", Some(user("ADA"))).await;
    assert_scim_error(&answer, 409, "already exists");
    assert_eq!(answer.json()["scimType"], "uniqueness");
    let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Engineering"});
    assert_eq!(directory.idp("POST", "/Groups", Some(group.clone())).await.status, 201);
    assert_scim_error(&directory.idp("POST", "/Groups", Some(group)).await, 409, "already exists");
}

/// The beginning of a head, and a head with the beginning of its body.
fn halves(directory: &Directory) -> [String; 2] {
    let (host, path) = client::split(&directory.base_url);
    let half_head = format!("GET {path}/Users HTTP/1.1\r\nHost: {host}\r\n");
    let half_body = format!(
        "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Length: 100\r\n\r\n{{",
        directory.token
    );
    [half_head, half_body]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stops_in_the_middle_is_given_up() {
    use std::io::{Read, Write};

    let data = tempfile::tempdir().expect("a folder");
    let [head, idle, body, write] = [Duration::from_millis(300); 4];
    let limits = Limits { head, idle, body, write, ..Limits::default() };
    let server = Server::start(Options { limits, ..options(data.path()) }).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let [half_head, half_body] = halves(&directory);
    let stalled = |text: String| {
        let host = host.clone();
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(host).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
            stream.write_all(text.as_bytes()).expect("the half is sent");
            let mut answer = String::new();
            // Only the half head may end without an answer, or with a reset.
            let _ = stream.read_to_string(&mut answer);
            answer
        })
    };
    let answered = format!("GET {path}/ServiceProviderConfig HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let never_reads = blocking({
        let (host, requests) = (host.clone(), answered.repeat(4_000));
        move || {
            let mut stream = std::net::TcpStream::connect(host).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
            stream.set_write_timeout(Some(Duration::from_secs(30))).expect("a time limit");
            // It ends with a reset once the server has given up.
            let sent = (0..100).try_for_each(|_| stream.write_all(requests.as_bytes()));
            let mut answers = Vec::new();
            let read = stream.read_to_end(&mut answers);
            (sent.is_err() || read.is_err(), answers.len())
        }
    });
    let (is_reset, read) = never_reads.await;
    assert!(is_reset, "who never reads is cut off; {read} bytes could be read in the end");
    let stalled: Vec<_> = (0..8)
        .map(|_| stalled(half_head.clone()))
        .chain([stalled(String::new()), stalled(answered.clone()), stalled(answered + &half_head), stalled(half_body)])
        .collect();
    let mut answers = Vec::new();
    for task in stalled {
        answers.push(task.await.expect("the connection ended by itself"));
    }
    let last = answers.pop().expect("the half body's answer");
    assert!(last.starts_with("HTTP/1.1 408 "), "{last:?}");
    assert!(last.contains("urn:ietf:params:scim:api:messages:2.0:Error"), "{last:?}");
}

/// A listener has room for so many connections, whatever they do. Each of these wants nothing good.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_full_make_room_for_who_asks() {
    use std::io::{ErrorKind, Read, Write};
    use std::net::TcpStream;

    const MOST: usize = 16;
    let data = tempfile::tempdir().expect("a folder");
    let limits = Limits { connections: MOST, ..Limits::default() };
    let options = Options { limits, control_port: Some(0), ..options(data.path()) };
    let server = Server::start(options).await.expect("the server starts");
    let control = server.control_url().expect("a control listener").to_owned();
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let (control_host, _) = client::split(&control);
    let of_discovery = format!("GET {path}/ServiceProviderConfig HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for (what, host, first) in [
        ("silent", &host, String::new()),
        ("a head that does not end", &host, format!("GET {path}/Users HTTP/1.1\r\nHost: {host}\r\nX-Slow: ")),
        ("answered", &host, of_discovery.clone()),
        ("who never reads", &host, of_discovery.repeat(4_000)),
        (
            "refused, with a body that does not end",
            &host,
            format!("POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9000\r\n\r\nx"),
        ),
        ("silent at the control listener", &control_host, String::new()),
    ] {
        // An identity provider keeps its connection from request to request, and nobody else's displaces it, however new.
        let ask = |connection: Option<client::Connection>| {
            let (host, target) = (client::split(&directory.base_url).0, format!("{path}/Users"));
            let authorization = format!("Bearer {}", directory.token);
            blocking(move || {
                let mut connection =
                    connection.unwrap_or_else(|| client::Connection::open(&host).expect("a connection"));
                let answer = connection.send("GET", &target, &[("Authorization", &authorization)], None);
                assert_eq!(answer.expect("an answer").status, 200);
                connection
            })
        };
        let kept = ask(None).await;
        let host = host.clone();
        let held = blocking(move || {
            let connect = |_| {
                let mut stream = TcpStream::connect(&host).expect("a connection");
                stream.set_nonblocking(true).expect("who never reads may have no room to write");
                // What finds no room is not sent.
                let _ = stream.write(first.as_bytes());
                std::thread::sleep(Duration::from_millis(2));
                stream
            };
            (0..3 * MOST).map(connect).collect::<Vec<_>>()
        })
        .await;
        assert_eq!(directory.idp("GET", "/Users", None).await.status, 200, "{what}");
        ask(Some(kept)).await;
        let answer = blocking({
            let url = format!("{control}/api/tree");
            move || client::send("GET", &url, &[], None).expect("an answer")
        });
        assert_eq!(answer.await.status, 401, "{what}");
        let is_open = |mut stream: &TcpStream| {
            let mut part = [0; 1 << 16];
            loop {
                match stream.read(&mut part) {
                    Ok(1..) => {}
                    Ok(0) => return false,
                    Err(error) => return error.kind() == ErrorKind::WouldBlock,
                }
            }
        };
        let open = held.iter().filter(|stream| is_open(stream)).count();
        assert!(open <= MOST, "{what}: {open} of {} are open", held.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_request_is_recorded() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let head = format!("GET {path}/Users?filter=userName eq \"ada\" HTTP/3\r\nHost: {host}\r\n\r\n");
    let answer = blocking(move || client::exchange(&host, head.as_bytes(), b"").expect("an answer")).await;
    assert_eq!(answer.status, 400);
    let is_there = |page: &Value| page["total"] == 1;
    let page = running.eventually("/api/directories/unattributed/exchanges", "recording", is_there).await;
    let text = page["items"][0]["summary"]["text"].as_str().expect("a sentence");
    assert!(text.contains("not an HTTP request"), "{text}");
}

/// As people with curl and Microsoft's validator send them. hyper alone refuses the first four with a 400 that is empty and nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_not_percent_encoded_is_answered_in_scim() {
    let running = Running::start().await;
    let tolerant = running.directory("Acme Corp").await;
    tolerant.idp("POST", "/Users", Some(user("jürgen"))).await;
    let strict = running.directory("Globex").await;
    strict.set_policy(&running, json!({ "mode": "strict" })).await;
    let connections: [Arc<Mutex<Option<client::Connection>>>; 2] = Default::default();
    for (number, (target, found, named)) in [
        ("/Users?filter=userName eq \"jürgen@example.com\"", Some(1), "a space as %20, '\"' as %22, 'ü' as %C3%BC"),
        ("/Users?filter=userName+eq+\"jürgen@example.com\"", Some(1), "'\"' as %22, 'ü' as %C3%BC"),
        ("/Users?filter=userName sw %22j%22&count=5", Some(1), "a space as %20"),
        ("/Users/no such id", None, "a space as %20"),
        ("/Users?filter=userName+eq+%22jürgen@example.com%22", Some(1), "'ü' as %C3%BC"),
        ("/Users?filter=title+eq+%22a#b%22", Some(0), "'#' as %23"),
        ("/Users?filter=title+eq+%22<{a|b}^`>%22", Some(0), "'<' as %3C, '>' as %3E, '^' as %5E, '`' as %60"),
    ]
    .into_iter()
    .enumerate()
    {
        for (directory, connection, before) in [(&tolerant, &connections[0], 1), (&strict, &connections[1], 0)] {
            let (host, path) = client::split(&directory.base_url);
            let (connection, target) = (connection.clone(), format!("{path}{target}"));
            let (authorization, sent) = (format!("Bearer {}", directory.token), target.clone());
            // One after the other on one connection.
            let answer = blocking(move || {
                let mut connection = connection.lock().expect("nobody panicked");
                let connection =
                    connection.get_or_insert_with(|| client::Connection::open(&host).expect("a connection"));
                connection.send("GET", &sent, &[("Authorization", &authorization)], None).expect("an answer")
            })
            .await;
            let exchange = directory.newest_exchange(&running, before + 1 + number as u64).await;
            let sent = exchange["target"].as_str().unwrap_or_default();
            assert_eq!(sent, target, "as it was sent: {exchange}");
            if directory.id == strict.id {
                assert_eq!(
                    (answer.status, answer.json()["scimType"].as_str()),
                    (400, Some("invalidSyntax")),
                    "{target}"
                );
                let detail = answer.json()["detail"].to_string().replace("\\\"", "\"");
                assert!(detail.contains(named), "{detail}");
            } else {
                let (status, total) = found.map_or((404, Value::Null), |total| (200, json!(total)));
                assert_eq!(
                    (answer.status, &answer.json()["totalResults"]),
                    (status, &total),
                    "{target}: {}",
                    answer.body
                );
                let note = &exchange["notes"][0];
                assert_eq!(note["rule"], "target-not-encoded", "{exchange}");
                assert!(note["text"].as_str().unwrap_or_default().contains(named), "{note}");
            }
            let plan = running.person("GET", &format!("/api/exchanges/{}/replay", exchange["row"]["id"]), None).await;
            assert_eq!(plan["expected"]["status"], answer.status, "{target}: {plan}");
        }
    }
    running.server.shutdown().await;
}

/// Of a body that is given up before its end, the rest is no request, whatever it looks like.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_body_becomes_a_request() {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    // As many bytes as are let go of, and a few more.
    for more in [60, 150, 250, 350, 450] {
        let (host, path) = (host.clone(), path.clone());
        let answers = blocking(move || {
            let second = format!("\r\n\r\nGET {path}/ServiceProviderConfig HTTP/1.1\r\nHost: x\r\n\r\n");
            let line = format!("A{}HTTP/1.1\n", " ".repeat(200));
            let length = (32 << 20) + (more << 10);
            let mut body = line.repeat((length - second.len()) / line.len());
            body.push_str(&"A".repeat(length - second.len() - body.len()));
            body.push_str(&second);
            let head = format!(
                "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer wrong\r\nContent-Length: {length}\r\n\r\n"
            );
            let mut stream = TcpStream::connect(&host).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(3))).expect("a limit");
            let mut sending = stream.try_clone().expect("the same connection");
            let sender = std::thread::spawn(move || {
                // It may be closed meanwhile.
                let _ = sending.write_all(head.as_bytes()).and_then(|()| sending.write_all(body.as_bytes()));
            });
            let mut answers = Vec::new();
            // Until it is closed, or nothing more comes.
            let _ = stream.read_to_end(&mut answers);
            let _ = stream.shutdown(std::net::Shutdown::Both);
            sender.join().expect("no panic");
            String::from_utf8_lossy(&answers).matches("HTTP/1.1 ").count()
        });
        assert_eq!(answers.await, 1, "one request, {more} KiB more than are let go of");
    }
}

/// All bodies together have so much room, and who waits for room in vain is told to come again.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_together_have_a_bound() {
    use std::io::Write;

    let data = tempfile::tempdir().expect("a folder");
    let limits =
        Limits { body_bytes: 1 << 20, bodies_bytes: 2 << 20, body: Duration::from_secs(6), ..Limits::default() };
    let server = Server::start(Options { limits, ..options(data.path()) }).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let held = |framing: &str| {
        let head = format!(
            "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n{framing}\r\n\r\n",
            directory.token
        );
        let host = host.clone();
        blocking(move || {
            let mut stream = std::net::TcpStream::connect(host).expect("a connection");
            stream.write_all(head.as_bytes()).expect("the head is sent");
            stream
        })
    };
    let length = format!("Content-Length: {}", 1 << 20);
    let held = [held(&length).await, held("Transfer-Encoding: chunked").await];
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 200, "what has no body needs no room");
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201, "a small one waits for no other");
    let mut large = user("grace");
    large["title"] = "x".repeat(100 << 10).into();
    let first = directory.idp("POST", "/Users", Some(large)).await;
    assert_scim_error(&first, 503, "Too much");
    assert!(first.header("Retry-After").is_some(), "{first:?}");
    drop(held);
    let created = directory.idp("POST", "/Users", Some(user("grace"))).await;
    assert_eq!(created.status, 201, "there is room again: {created:?}");
}

/// RFC 9112 §3.2: what stands in front may have read another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_its_host_once() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let authorization = format!("Authorization: Bearer {}\r\nConnection: close\r\n", directory.token);
    let mut recorded = 0;
    for (version, hosts, status) in [
        ("1.1", vec![host.as_str()], 200),
        ("1.1", vec!["tunnel.example"], 200),
        ("1.1", vec![], 400),
        ("1.1", vec![host.as_str(), host.as_str()], 400),
        ("1.1", vec![host.as_str(), "other.example"], 400),
        ("1.0", vec![], 200),
    ] {
        let named: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        let head = format!("GET {path}/Users HTTP/{version}\r\n{named}{authorization}\r\n");
        let to = host.clone();
        let answer = blocking(move || client::exchange(&to, head.as_bytes(), b"").expect("an answer")).await;
        assert_eq!(answer.status, status, "HTTP/{version} {hosts:?}");
        recorded += 1;
        let newest = directory.newest_exchange(&running, recorded).await;
        assert_eq!(newest["row"]["status"], status, "it is in the directory's requests");
    }
}

/// Ordinary clients send the whole body before they read an answer.
#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_hears_so() {
    use std::io::{Read, Write};

    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, path) = client::split(&directory.base_url);
    let body = "x".repeat(5 << 20);
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let (token, length) = (directory.token.clone(), format!("Content-Length: {}", body.len()));
    for (what, token, framing, body, status) in [
        ("a length", &token, length.as_str(), &body, "413"),
        ("chunks", &token, "Transfer-Encoding: chunked", &chunked, "413"),
        ("a wrong token", &"wrong".to_owned(), length.as_str(), &body, "401"),
    ] {
        let head =
            format!("POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{framing}\r\n\r\n");
        for _ in 0..5 {
            let (host, text) = (host.clone(), format!("{head}{body}"));
            let answer = blocking(move || {
                let mut stream = std::net::TcpStream::connect(host).expect("a connection");
                stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
                stream.write_all(text.as_bytes()).expect("all of it is taken");
                let mut start = [0; 12];
                stream.read_exact(&mut start).expect("an answer");
                String::from_utf8_lossy(&start).into_owned()
            });
            assert_eq!(answer.await, format!("HTTP/1.1 {status}"), "{what}");
        }
    }
}

/// The end waits for what is being answered, and not for what has not arrived.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_stop_in_the_middle_do_not_delay_the_end() {
    use std::io::Write;

    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, _) = client::split(&directory.base_url);
    let [half_head, half_body] = halves(&directory);
    let refused = half_body.replace("Bearer ", "Bearer no");
    let too_large = half_body.replace("Content-Length: 100", "Content-Length: 9000000");
    let stalled = blocking(move || {
        [String::new(), half_head, half_body, refused, too_large].map(|text| {
            let mut stream = std::net::TcpStream::connect(&host).expect("a connection");
            stream.write_all(text.as_bytes()).expect("the half is sent");
            stream
        })
    })
    .await;
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 200);
    ends_soon(running).await;
    drop(stalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_come_at_the_end_and_stop_in_the_middle_do_not_delay_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, _) = client::split(&directory.base_url);
    let [half_head, half_body] = halves(&directory);
    // They come until nobody is there any more: of the last ones, nothing has been read when the end begins.
    let (began, has_begun) = std::sync::mpsc::channel();
    let coming = std::thread::spawn(move || {
        let mut stalled = Vec::new();
        for text in [half_head, half_body].iter().cycle().take(2_000) {
            let Ok(mut stream) = std::net::TcpStream::connect(&host) else { break };
            // One that is reset at once has ended, which is what is asked for.
            _ = std::io::Write::write_all(&mut stream, text.as_bytes());
            stalled.push(stream);
            if stalled.len() == 32 {
                _ = began.send(());
            }
        }
        stalled
    });
    blocking(move || has_begun.recv().expect("they come")).await;
    ends_soon(running).await;
    coming.join().expect("they come until the end");
}

/// Ends a server, which waits for none of its time limits.
async fn ends_soon(running: Running) {
    let limit = Limits::default().body.min(Limits::default().head) / 2;
    tokio::time::timeout(limit, running.server.shutdown()).await.expect("nobody waits for the time limits");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_stop_in_the_middle_do_not_hold_others_up() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (host, _) = client::split(&directory.base_url);
    let [half_head, half_body] = halves(&directory);
    // Connected and silent before anybody else comes, and until the end: their time limits are minutes.
    let stalled = blocking(move || {
        let connect = |text: &String| {
            let mut stream = std::net::TcpStream::connect(&host).expect("a connection");
            std::io::Write::write_all(&mut stream, text.as_bytes()).expect("the half is sent");
            stream
        };
        [half_head, half_body].iter().cycle().take(64).map(connect).collect::<Vec<_>>()
    })
    .await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1);
    drop(stalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_by_its_head_is_answered_before_its_body_has_arrived() {
    const LENGTH: usize = 3_000_000;
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let (authority, path) = directory.base_url["http://".len()..].split_once('/').expect("a path");
    let head = format!(
        "POST /{path}/Users HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer wrong\r\nContent-Type: application/scim+json\r\n\
         Content-Length: {LENGTH}\r\n\r\n{{\"userName\": \"ada\""
    );
    let authority = authority.to_owned();
    // The connection stays: one that is closed with an answer unread is reset, and loses what is under way.
    let (status, _connection) = blocking(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(authority).expect("a connection");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a limit");
        stream.write_all(head.as_bytes()).expect("the head is sent");
        let mut start = [0; 12];
        // Nothing more is sent before the answer is here.
        stream.read_exact(&mut start).expect("an answer to the head");
        stream.write_all(&vec![b' '; LENGTH - 18]).expect("the rest is let go of, not cut off");
        (String::from_utf8_lossy(&start).into_owned(), stream)
    })
    .await;
    assert_eq!(status, "HTTP/1.1 401");
    let recorded = directory.newest_exchange(&running, 1).await;
    let request = &recorded["request"];
    let kept = request["body"].as_str().expect("a beginning").len();
    assert!(kept <= 8 << 10, "{kept} bytes of it are kept");
    assert!(request["bodyBytes"].as_u64().is_some_and(|length| length > kept as u64), "{}", request["bodyBytes"]);
    assert_eq!(request["isTruncated"], true);
}
