//! What a directory that forwards is guarded against: strangers, servers that misbehave, and tokens that go where they should not.

use std::io::Write;

use serde_json::json;

use super::target::{Target, json_answer};
use super::{forwarding, header, made, raw};
use crate::client;
use crate::harness::{Running, blocking, options, user};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_the_base_url() {
    let running = Running::start().await;
    let target = Target::start("/scim/v2", |_, _| json_answer("200 OK", &json!({"id": "77"})));
    let directory = forwarding(&running, &target.base_url()).await;
    let paths = [
        "/../../admin",
        "/%2e%2e/%2E./admin",
        "/%252e%252e/admin",
        "/Users%2f..%2f..%2fadmin",
        "/Users/..%5c..%5cadmin",
        "/..;x/admin",
    ];
    for path in paths {
        let request = format!("GET {{base}}{path} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n");
        let (head, body) = raw(&directory, request).await;
        let body = String::from_utf8(body).expect("text");
        assert_eq!(head[0], "HTTP/1.1 400 Bad Request", "{path}: {body}");
        assert!(body.contains("invalidPath") && body.contains("Nothing was passed on"), "{path}: {body}");
    }
    assert_eq!(target.requests().len(), 0);
    let exchange = directory.newest_exchange(&running, paths.len() as u64).await;
    assert_eq!((&exchange["row"]["status"], &exchange["forwarded"]["answeredBy"]), (&json!(400), &json!("us")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_id_leads_to_the_same_resource() {
    let running = Running::start().await;
    let target = Target::start("/scim/v2", |_, _| json_answer("200 OK", &json!({"id": "77"})));
    let directory = forwarding(&running, &target.base_url()).await;
    let (_, path) = client::split(&directory.base_url);
    let encoded: String = directory.id.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = path.replace(&directory.id, &encoded);
    for (method, below) in [("DELETE", "/Users/77"), ("GET", "/Users/a%2Fb?attributes=a%20b"), ("GET", "//Users/")] {
        let request = format!("{method} {path}{below} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n");
        raw(&directory, request).await;
        let line = target.requests().pop().expect("a request").line;
        assert_eq!(line, format!("{method} /scim/v2{below} HTTP/1.1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_and_a_body_where_none_may_be_go_no_further() {
    let running = Running::start().await;
    let target = Target::start("", |request, _| match request.line.starts_with("GET") {
        true => b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".to_vec(),
        false => json_answer("205 Reset Content", &json!({"a": 1})),
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let ask = |method: &str| {
        format!(
            "{method} {{base}}/Users HTTP/1.1\r\nHost: {{host}}\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
    };
    let (head, body) = raw(&directory, ask("GET")).await;
    assert_eq!((head[0].as_str(), header(&head, "Upgrade")), ("HTTP/1.1 502 Bad Gateway", None));
    assert!(String::from_utf8_lossy(&body).contains("switched to another protocol"), "{body:?}");
    let (head, body) = raw(&directory, ask("DELETE")).await;
    assert_eq!((head[0].as_str(), header(&head, "Content-Length")), ("HTTP/1.1 205 Reset Content", Some("0")));
    assert_eq!(body, b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_up_on_another_machine_is_agreed_to() {
    let running = Running::start().await;
    let ours = running.directory("Ours").await;
    // Not the address of this machine, though it leads there.
    let to = ours.base_url.replace("127.0.0.1", "0.0.0.0");
    let elsewhere = json!({"to": to, "token": "replace", "secret": ours.token, "confirmed": true});
    let far = made(&running, elsewhere, "").await;
    let near = json!({"to": far.base_url, "token": "replace", "secret": "mine"});
    let read = running.person("GET", &format!("/api/directories/{}", far.id), None).await;
    let new = json!({"organizationId": read["organizationId"], "name": "By way of another", "forwarding": near});
    let near = running.person("POST", "/api/directories", Some(new)).await;
    let what = json!({"kind": "scenario", "provider": "okta-aiw", "scenario": "assign-user", "people": 1});
    for id in [far.id.as_str(), near["id"].as_str().expect("an id")] {
        let new = json!({"directoryId": id, "what": what, "pace": "none"});
        let (status, error) = running.person_refused("POST", "/api/simulations", Some(new)).await;
        assert_eq!((status, &error["field"]), (422, &json!("confirmed")), "{error}");
        assert!(error["message"].to_string().contains(&format!("{to} is another server")), "{error}");
    }
    assert_eq!(running.person("GET", &format!("/api/directories/{}/exchanges", ours.id), None).await["total"], 0);
    let new = json!({"directoryId": far.id, "what": what, "pace": "none", "confirmed": true});
    let run = running.person("POST", "/api/simulations", Some(new)).await;
    let path = format!("/api/simulations/{}", run["id"].as_str().expect("an id"));
    let page = running.eventually(&path, "the end", |page| page["simulation"]["state"] == "finished").await;
    if cfg!(unix) {
        // There, that address leads to this machine.
        assert_eq!(page["simulation"]["failed"], 0, "{page}");
        let path = format!("/api/directories/{}/changes", ours.id);
        let is_removed = |changes: &serde_json::Value| changes.to_string().contains("\"deleted\"");
        let changes = running.eventually(&path, "clean-up", is_removed).await;
        assert!(changes.to_string().contains("sim-"), "{changes}");
        let left = running.person("GET", &format!("/api/directories/{}/users", ours.id), None).await;
        assert_eq!(left["total"], 0, "{left}");
    }

    // On this machine nobody is asked.
    let new = json!({"organizationId": read["organizationId"], "name": "Here", "forwarding": {"to": ours.base_url, "token": "replace", "secret": ours.token}});
    let here = running.person("POST", "/api/directories", Some(new)).await;
    let new = json!({"directoryId": here["id"], "what": what, "pace": "none"});
    running.person("POST", "/api/simulations", Some(new)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_to_no_other_server_than_it_was_given_for() {
    let running = Running::start().await;
    let [first, second] = ["", "/scim"].map(|path| Target::start(path, |_, _| json_answer("200 OK", &json!({}))));
    let mut directory =
        made(&running, json!({"to": first.base_url(), "token": "replace", "secret": "for-the-first"}), "").await;
    directory.token = running.new_token(&directory.id).await;
    let path = format!("/api/directories/{}", directory.id);
    let other = json!({"to": second.base_url(), "token": "replace"});
    let check = format!("/api/forwarding-checks?directoryId={}", directory.id);
    let asked = running.person("POST", &check, Some(other.clone())).await;
    let read = running.person("PATCH", &path, Some(json!({ "forwarding": other }))).await;
    assert_eq!(read["forwarding"]["isTokenMissing"], true, "{read}");
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 502);
    let shown = |target: &Target| -> Vec<_> {
        target.requests().iter().map(|seen| header(&seen.headers, "Authorization").map(str::to_owned)).collect()
    };
    assert!(shown(&second).iter().all(Option::is_none), "{asked}: {:?}", shown(&second));
    // Another path of the same server gets it.
    let same = json!({"to": format!("{}/v2", first.base_url()), "token": "replace"});
    let read = running.person("PATCH", &path, Some(json!({ "forwarding": same }))).await;
    assert_eq!(read["forwarding"]["isTokenMissing"], false, "{read}");
    assert_eq!(directory.idp("GET", "/Users", None).await.status, 200);
    assert_eq!(shown(&first), [Some("Bearer for-the-first".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_refused_changes_no_token() {
    let running = Running::start().await;
    let target = Target::start("", |_, _| json_answer("200 OK", &json!({})));
    let forwarding = |secret: &str| json!({"to": target.base_url(), "token": "replace", "secret": secret});
    let mut directory = made(&running, forwarding("the-old-one"), "").await;
    directory.token = running.new_token(&directory.id).await;
    let path = format!("/api/directories/{}", directory.id);
    let refused = json!({"forwarding": forwarding("the-new-one"), "name": ""});
    running.person_refused("PATCH", &path, Some(refused)).await;
    directory.idp("GET", "/Users", None).await;
    assert_eq!(header(&target.requests()[0].headers, "Authorization"), Some("Bearer the-old-one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_delays_no_other_directory() {
    let data = tempfile::tempdir().expect("a folder");
    let mut options = options(data.path());
    // Who finds no room is told so after a third of this.
    options.limits.body = std::time::Duration::from_secs(6);
    let server = server::Server::start(options).await.expect("the server starts");
    let running = Running { control: server.control(), server, data };
    let target = Target::start("", |_, _| {
        std::thread::park();
        Vec::new()
    });
    let directory = forwarding(&running, &target.base_url()).await;
    let ours = running.directory("Ours").await;
    let (host, path) = client::split(&directory.base_url);
    let chunked = |size: usize| {
        let piece = "x".repeat(size);
        format!(
            "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{piece}\r\n0\r\n\r\n"
        )
    };
    // As many as would take all the room, small ones and large ones, and half of them hang up.
    let mut strangers = Vec::new();
    for (round, size) in [(1, 2), (2, 3 << 20)] {
        for _ in 0..16 {
            let (host, sent) = (host.clone(), chunked(size));
            let stranger = blocking(move || {
                let mut stream = std::net::TcpStream::connect(host).expect("a connection");
                stream.write_all(sent.as_bytes()).expect("it is sent");
                stream
            });
            strangers.push(stranger.await);
        }
        let arrivals = target.clone();
        blocking(move || arrivals.wait_for(16 * round)).await;
        strangers.truncate(8);
        let body = user("ada").to_string();
        let (_, path) = client::split(&ours.base_url);
        let token = &ours.token;
        let request = format!(
            "POST {path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        );
        let (head, answer) = raw(&ours, request).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(head[0].contains("201") || head[0].contains("409"), "{head:?}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_everybody_proves_no_token() {
    let running = Running::start().await;
    // Its discovery and OPTIONS are open, and at first all of it is.
    let target = Target::start("", |request, _| {
        let shown = header(&request.headers, "Authorization");
        let is_open = request.line.contains("/open") || request.line.starts_with("OPTIONS");
        match shown {
            _ if is_open => json_answer("200 OK", &json!({})),
            Some("Bearer refused-0123456789") => json_answer("401 Unauthorized", &json!({})),
            _ => json_answer("200 OK", &json!({"totalResults": 0, "Resources": []})),
        }
    });
    let statuses = |directory: &crate::harness::Directory, method: &'static str, below: &'static str| {
        let directory = directory.clone();
        blocking(move || {
            let (host, path) = client::split(&directory.base_url);
            let mut connection = client::Connection::open(&host).expect("a connection");
            let authorization = format!("Bearer {}", directory.token);
            let headers = [("Authorization", authorization.as_str())];
            let mut send =
                || connection.send(method, &format!("{path}{below}"), &headers, None).expect("an answer").status;
            (0..150).map(|_| send()).collect::<Vec<u16>>()
        })
    };
    let open = forwarding(&running, &target.base_url()).await;
    let held_back = statuses(&open, "GET", "/Users").await;
    assert!(held_back.contains(&429), "nobody was refused, so a 200 says nothing: {held_back:?}");

    let new = |name: &str| json!({"organizationId": "", "name": name, "forwarding": {"to": target.base_url()}});
    let read = running.person("GET", &format!("/api/directories/{}", open.id), None).await;
    for (name, method, below, is_known) in
        [("A", "GET", "/Users", true), ("B", "GET", "/open", false), ("C", "OPTIONS", "/Users", false)]
    {
        let mut new = new(name);
        new["organizationId"] = read["organizationId"].clone();
        let made = running.person("POST", "/api/directories", Some(new)).await;
        let id = made["id"].as_str().expect("an id");
        running.known(id, "refused-0123456789").idp("GET", "/Users", None).await;
        let seen = statuses(&running.known(id, "theirs-0123456789"), method, below).await;
        assert_eq!(!seen.contains(&429), is_known, "{method} {below}: {seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_token_is_not_looked_for_in_names_and_what_is_gone_there_is_gone_here() {
    let running = Running::start().await;
    let schemas = json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]);
    let target = Target::start("", move |request, _| match request.line.trim_end_matches(" HTTP/1.1") {
        "GET /Users/1" => json_answer(
            "200 OK",
            &json!({"id": "1", "userName": "test.user@example.com", "displayName": "A test user", "nickName": "test"}),
        ),
        "GET /Users" => json_answer("200 OK", &json!({"totalResults": 0, "Resources": []})),
        "GET /Groups/g" => json_answer(
            "200 OK",
            &json!({"schemas": schemas, "id": "g", "displayName": "Engineering", "members": [{"value": "1"}]}),
        ),
        "GET /Groups" => json_answer(
            "200 OK",
            &json!({"totalResults": 1, "Resources": [{"schemas": schemas, "id": "g", "displayName": "Engineering"}]}),
        ),
        "PUT /Users/1" => json_answer("404 Not Found", &json!({"error": "no route"})),
        _ => json_answer(
            "404 Not Found",
            &json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}),
        ),
    });
    let mut directory =
        made(&running, json!({"to": target.base_url(), "token": "replace", "secret": "test"}), "").await;
    directory.token = running.new_token(&directory.id).await;
    let path = format!("/api/directories/{}", directory.id);
    directory.idp("GET", "/Users/1", None).await;
    let exchange = directory.newest_exchange(&running, 1).await;
    let body = exchange["response"]["body"].as_str().expect("a body");
    assert!(body.contains("\"test.user@example.com\"") && body.contains("\"nickName\":\"••••\""), "{body}");
    let kept = running.person("GET", &format!("{path}/users/1"), None).await.to_string();
    assert!(kept.contains("test.user@example.com") && kept.contains("A test user"), "{kept}");
    assert!(!kept.contains("\"test\""), "a value that is the token is masked: {kept}");

    directory.idp("GET", "/Groups/g", None).await;
    directory.idp("GET", "/Groups", None).await;
    directory.newest_exchange(&running, 3).await;
    let group = running.person("GET", &format!("{path}/groups/g"), None).await;
    assert_eq!(group["row"]["members"], 1, "a row without members says nothing of them: {group}");

    directory.idp("PUT", "/Users/1", Some(user("ada"))).await;
    directory.newest_exchange(&running, 4).await;
    assert_eq!(running.person("GET", &format!("{path}/users"), None).await["total"], 1, "that 404 is not SCIM’s");
    directory.idp("PATCH", "/Users/1", Some(json!({"Operations": []}))).await;
    directory.newest_exchange(&running, 5).await;
    assert_eq!(running.person("GET", &format!("{path}/users"), None).await["total"], 0);
}
