//! Whatever a stranger or a broken identity provider sends, an honest one beside it is answered, and the memory stays bounded.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Connection, split};
use crate::role::Role;
use crate::serve::{Serving, serve};

/// How long each attack lasts in a normal run. `script/safety` asks for more, by `ATTACK_SECONDS`.
const SECONDS: u64 = 2;

/// Connections that attack at once.
const ATTACKERS: usize = 4;

/// Members of the group that is attacked, in a normal run and in a long one.
const MEMBERS: [usize; 2] = [2_000, 10_000];

/// What one of the attackers does again and again until it is told to stop.
type Attack = fn(&Attacker<'_>);

/// All that there are, each with what it sends.
const ATTACKS: [(&str, Attack); 7] = [
    ("a scanner without a token", scan),
    ("megabytes with a wrong token", send_bodies),
    ("connections that never ask to the end", hold_connections),
    ("filters without an index", filter),
    ("a PATCH of a large group with 200 filters", patch_group),
    ("groups in a chain of bulkIds", send_chain),
    ("a PATCH of one user with 10,000 operations", patch_user),
];

/// What an attacker knows.
struct Attacker<'a> {
    serving: &'a Serving,
    directory: &'a str,
    token: &'a str,
    group: &'a str,
    user: &'a str,
    is_over: &'a AtomicBool,
    sent: &'a AtomicUsize,
}

impl Attacker<'_> {
    /// Sends requests until it is over. Whatever is answered, and if nothing is, the next one is sent.
    fn send(&self, method: &str, target: &str, token: &str, body: Option<&str>) {
        let (host, path) = split(&self.serving.text("scimBaseUrl"));
        let path =
            format!("{}/{}{target}", path.trim_end_matches(self.directory).trim_end_matches('/'), self.directory);
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/scim+json")];
        let mut connection = None;
        while !self.is_over.load(Ordering::Relaxed) {
            let open = match connection.take() {
                Some(open) => Ok(open),
                None => Connection::open(&host),
            };
            let Ok(mut open) = open else { continue };
            self.sent.fetch_add(1, Ordering::Relaxed);
            if open.send(method, &path, &headers, body).is_ok() {
                connection = Some(open);
            }
        }
    }
}

/// Ends an attack when it goes.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn scan(attacker: &Attacker<'_>) {
    attacker.send("GET", "/.env", "", None);
}

fn send_bodies(attacker: &Attacker<'_>) {
    let body = json!({ "userName": "x".repeat(1 << 20) }).to_string();
    attacker.send("POST", "/Users", "wrong", Some(&body));
}

fn hold_connections(attacker: &Attacker<'_>) {
    let (host, _) = split(&attacker.serving.text("scimBaseUrl"));
    let mut held = Vec::new();
    while !attacker.is_over.load(Ordering::Relaxed) {
        if let Ok(mut stream) = TcpStream::connect(&host) {
            attacker.sent.fetch_add(1, Ordering::Relaxed);
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: a");
            held.push(stream);
        }
        if held.len() > 300 {
            held.clear();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn filter(attacker: &Attacker<'_>) {
    let terms: Vec<String> = (0..300).map(|number| format!("title co \"{number}nobody\"")).collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": terms.join(" or "), "count": 1,
    });
    attacker.send("POST", "/Users/.search", attacker.token, Some(&body.to_string()));
}

fn patch_group(attacker: &Attacker<'_>) {
    let remove = |number| json!({ "op": "remove", "path": format!("members[display eq \"nobody{number}\"]") });
    let body = patch((0..200).map(remove).collect());
    attacker.send("PATCH", &format!("/Groups/{}?attributes=id", attacker.group), attacker.token, Some(&body));
}

fn send_chain(attacker: &Attacker<'_>) {
    let group = |number: usize| {
        json!({
            "method": "POST", "path": "/Groups", "bulkId": format!("b{number}"),
            "data": { "displayName": format!("Chain {number}"), "members": [{ "value": format!("bulkId:b{}", number + 1) }] },
        })
    };
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": (0..999).map(group).collect::<Value>(),
    });
    attacker.send("POST", "/Bulk", attacker.token, Some(&body.to_string()));
}

fn patch_user(attacker: &Attacker<'_>) {
    let replace = |number: usize| json!({ "op": "replace", "path": "title", "value": number.to_string() });
    let body = patch((0..10_000).map(replace).collect());
    attacker.send("PATCH", &format!("/Users/{}", attacker.user), attacker.token, Some(&body));
}

fn patch(operations: Value) -> String {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations }).to_string()
}

#[test]
fn an_honest_provider_beside_an_attack_is_answered() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let (seconds, slowest) = (number("ATTACK_SECONDS"), number("ATTACK_P99_MS"));
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Attacked"]);
    let (token, base_url) = (serving.text("bearerToken"), serving.text("scimBaseUrl"));
    let directory = base_url.rsplit('/').next().expect("an id").to_owned();
    let mut honest = Role::idp(&serving, &directory, &token);
    let members = MEMBERS[usize::from(seconds.is_some())];
    let (group, user) = fill(&mut honest, members);

    let mut slow = Vec::new();
    for (what, attack) in ATTACKS {
        let (is_over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
        let attacker = Attacker {
            serving: &serving,
            directory: &directory,
            token: &token,
            group: &group,
            user: &user,
            is_over: &is_over,
            sent: &sent,
        };
        let times = std::thread::scope(|scope| {
            (0..ATTACKERS).for_each(|_| drop(scope.spawn(|| attack(&attacker))));
            // Also if the honest one fails.
            let _end = End(&is_over);
            work(&mut honest, what, Duration::from_secs(seconds.unwrap_or(SECONDS)))
        });
        let sent = sent.into_inner();
        assert!(sent > 0, "{what}: nothing was sent");
        let p99 = times[times.len() * 99 / 100];
        eprintln!("{what}: {sent} sent; {} honest requests, p99 {p99:?}, slowest {:?}", times.len(), times.last());
        if slowest.is_some_and(|slowest| p99 > Duration::from_millis(slowest)) {
            slow.push(format!("{what}: p99 {p99:?}"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
    let tree = Role::person(&serving).get("/api/tree");
    assert_eq!(tree["directories"][0]["counts"]["users"], 201, "nothing of the attacks is left: {tree}");
}

/// Makes 200 people, one more who is attacked, and a group of members whom nobody knows. Returns the ids of the last two.
fn fill(honest: &mut Role, members: usize) -> (String, String) {
    let person = |number: usize| json!({ "userName": format!("person{number}@example.com"), "title": "Engineer ".repeat(20), "displayName": format!("Person {number}") });
    let mut create =
        |path: &str, body: Value| honest.ask("POST", path, Some(&body))["id"].as_str().expect("an id").to_owned();
    let ids: Vec<String> = (0..201).map(|number| create("/Users", person(number))).collect();
    let strangers: Value = (0..members)
        .map(|number| json!({ "value": format!("unknown-{number}"), "display": format!("m{number}") }))
        .collect();
    let group = create("/Groups?attributes=id", json!({ "displayName": "Everybody", "members": strangers }));
    (group, ids[200].clone())
}

/// Does what identity providers do for a time, expects each answer, and returns how long they took, ascending.
fn work(honest: &mut Role, what: &str, time: Duration) -> Vec<Duration> {
    let (mut times, begun) = (Vec::new(), Instant::now());
    let mut timed = |honest: &mut Role, method: &str, path: &str, body: Option<&Value>, status: u16| {
        let sent = Instant::now();
        let answer =
            honest.send(method, path, body).unwrap_or_else(|error| panic!("beside {what}, {method} {path}: {error}"));
        assert_eq!(answer.status, status, "beside {what}, {method} {path}: {}", answer.body);
        times.push(sent.elapsed());
        answer
    };
    let mut number = 0;
    while begun.elapsed() < time {
        number += 1;
        let name = format!("honest{number}@example.com");
        let lookup = format!("/Users?filter=userName%20eq%20%22{name}%22");
        assert_eq!(timed(honest, "GET", &lookup, None, 200).json()["totalResults"], 0, "beside {what}");
        let id = timed(honest, "POST", "/Users", Some(&json!({ "userName": name })), 201).id();
        let promote = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "title", "value": format!("Title {number}") }],
        });
        timed(honest, "PATCH", &format!("/Users/{id}"), Some(&promote), 200);
        assert_eq!(timed(honest, "GET", &lookup, None, 200).json()["totalResults"], 1, "beside {what}");
        timed(honest, "DELETE", &format!("/Users/{id}"), None, 204);
    }
    times.sort_unstable();
    times
}
