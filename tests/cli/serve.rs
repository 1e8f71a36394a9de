//! `scim-setup serve` as a script uses it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::client;

/// A running `scim-setup serve --json`.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) line: Value,
    pub(crate) stdout: BufReader<ChildStdout>,
}

/// Starts the program on ports of its own and waits for its line.
pub(crate) fn serve(data: &Path, extra: &[&str]) -> Serving {
    Serving::of(&mut command(data, extra))
}

fn command(data: &Path, extra: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    let ports = ["--port", "0", "--control-port", "0", "--integration-port", "0"];
    command.args(["serve", "--json"]).args(ports).arg("--data").arg(data).args(extra);
    command
}

impl Serving {
    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let line = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, line, stdout }
    }

    /// A text of the line.
    pub(crate) fn text(&self, name: &str) -> String {
        self.line[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.line)).to_owned()
    }
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn one_line_of_json_is_all_a_script_needs() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let authorization = format!("Bearer {}", serving.text("bearerToken"));
    let url = format!("{}/Users", serving.text("scimBaseUrl"));
    let answer = client::send("GET", &url, &[("Authorization", &authorization)], None).expect("an answer");
    assert_eq!((answer.status, &answer.json()["totalResults"]), (200, &json!(0)));
    let key = format!("Bearer {}", serving.text("controlKey"));
    let tree = format!("{}/api/tree", serving.text("controlUrl"));
    let answer = client::send("GET", &tree, &[("Authorization", &key)], None).expect("an answer");
    let directory = &answer.json()["directories"][0];
    assert_eq!(directory["name"], "Acme Corp");
    let id = directory["id"].as_str().expect("an id");
    let token = format!("{}/api/directories/{id}/token", serving.text("controlUrl"));
    let answer = client::send("POST", &token, &[("Authorization", &key)], None).expect("an answer");
    assert_eq!((answer.status, answer.header("Cache-Control")), (201, Some("no-store")));
}

/// One program is the server of the other.
#[test]
fn a_directory_forwards_to_another_server() {
    let [theirs, data] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let target = serve(theirs.path(), &["--new-directory", "Target"]);
    let (to, theirs) = (target.text("scimBaseUrl"), target.text("bearerToken"));
    let users = |serving: &Serving, token: &str| {
        let authorization = format!("Bearer {token}");
        let url = format!("{}/Users", serving.text("scimBaseUrl"));
        move |method: &str, body: Option<&str>| {
            let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/scim+json")];
            client::send(method, &url, &headers, body).expect("an answer")
        }
    };
    let mut command =
        command(data.path(), &["--new-directory", "Okta", "--forward-to", &to, "--forward-token-env", "THEIRS"]);
    let replacing = Serving::of(command.env("THEIRS", &theirs));
    assert_eq!(replacing.text("forwardsTo"), to);
    let own = replacing.text("bearerToken");
    let made = users(&replacing, &own)("POST", Some(r#"{"userName":"ada@example.com"}"#));
    assert_eq!(made.status, 201, "{made:?}");
    let location = made.json()["meta"]["location"].as_str().expect("a location").to_owned();
    assert!(location.starts_with(&replacing.text("scimBaseUrl")), "{location}");
    assert_eq!(users(&target, &theirs)("GET", None).json()["totalResults"], 1, "it is there");
    assert_eq!(users(&replacing, &theirs)("GET", None).status, 401, "the directory has a token of its own");
    drop(replacing);

    let data = tempfile::tempdir().expect("a folder");
    let passing = serve(data.path(), &["--new-directory", "Okta", "--forward-to", &to]);
    assert_eq!(passing.line.get("bearerToken"), None, "{}", passing.line);
    assert_eq!(users(&passing, &theirs)("GET", None).json()["totalResults"], 1);
    assert_eq!(users(&passing, "wrong")("GET", None).status, 401);
}

#[test]
fn where_to_forward_is_checked_before_anything_starts() {
    let data = tempfile::tempdir().expect("a folder");
    for (to, words) in [("https://scim.example.com", "Add --yes"), ("scim.example.com", "is not a URL")] {
        let said =
            refused(&command(data.path(), &["--new-directory", "Okta", "--forward-to", to]).output().expect("it ends"));
        assert!(said.contains(words), "{said}");
    }
}

#[cfg(unix)]
fn send_signal(signal: &str, child: &Child) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let data = tempfile::tempdir().expect("a folder");
        let mut serving = serve(data.path(), &[]);
        send_signal(signal, &serving.child);
        assert_eq!(serving.child.wait().expect("the end").code(), Some(0), "SIG{signal}");
        let mut rest = String::new();
        serving.stdout.read_to_string(&mut rest).expect("its output");
        assert_eq!(rest, "", "exactly one line was printed");
    }
}

#[test]
fn what_cannot_start_says_why() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &[]);
    let said = refused(&command(data.path(), &[]).output().expect("it ends"));
    assert!(said.contains(&data.path().display().to_string()) && said.contains("in use"), "{said}");

    let other = tempfile::tempdir().expect("a folder");
    let port = serving.text("scimBaseUrl").split(['/', ':']).nth(4).expect("a port").to_owned();
    let mut taken = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    taken.args(["serve", "--json", "--control-port", "0", "--port", &port, "--data"]).arg(other.path());
    let said = refused(&taken.output().expect("it ends"));
    assert!(said.contains(&port) && said.contains("already in use"), "{said}");
}

#[test]
fn the_interface_is_for_who_has_the_key_on_this_machine() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &[]);
    let (url, key) = (serving.text("controlUrl"), serving.text("controlKey"));
    let (host, _) = client::split(&url);
    let get = |path: &str, headers: &[(&str, &str)]| {
        client::send("GET", &format!("{url}{path}"), headers, None).expect("an answer")
    };
    assert_eq!(get("/api/tree", &[]).status, 401);
    assert_eq!(get("/api/tree", &[("Authorization", "Bearer wrong")]).status, 401);
    // Who opens a page gets one that asks for the key; what it shows stays behind it.
    for path in ["/", "/?key=wrong", "/somewhere"] {
        let page = get(path, &[]);
        assert_eq!((page.status, page.header("Content-Type")), (401, Some("text/html; charset=utf-8")), "{path}");
        assert_eq!(page.header("Set-Cookie"), None, "{path}");
    }
    // It is there once the interface has been built.
    assert!([200, 404].contains(&get("/theme.js", &[]).status), "no file of the interface is secret");
    let let_in = get(&format!("/?key={key}"), &[]);
    assert_eq!((let_in.status, let_in.header("Location")), (303, Some("/")));
    let cookie = let_in.header("Set-Cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().expect("its value").to_owned();
    let page = get("/", &[("Cookie", &cookie)]);
    assert_eq!(page.status, 200);
    assert!(
        page.header("Content-Security-Policy").is_some_and(|policy| policy.contains("default-src 'self'")),
        "{page:?}"
    );
    assert_eq!(get("/api/tree", &[("Cookie", &cookie)]).status, 200);

    // Whatever else listens on 127.0.0.1 is sent the cookie, too.
    let (name, session) = cookie.split_once('=').expect("a name and a value");
    assert!(!cookie.contains(&key), "the cookie is not the key");
    assert_eq!(
        get("/api/tree", &[("Authorization", &format!("Bearer {session}"))]).status,
        401,
        "and opens nothing alone"
    );
    assert_eq!(get("/api/tree", &[("Cookie", &format!("{name}={key}"))]).status, 401);
    for (site, status) in [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)] {
        for path in ["/", "/api/tree", "/?key=wrong"] {
            let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", site)];
            let expected = if status == 200 && path.contains("wrong") { 401 } else { status };
            assert_eq!(get(path, &headers).status, expected, "{path} from {site}");
        }
    }
    for (path, headers) in [("/api/tree", vec![("Cookie", cookie.as_str())]), ("/api/none", vec![]), ("/", vec![])] {
        let answer = get(path, &headers);
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
    }

    let foreign =
        format!("GET /api/tree HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    assert_eq!(client::exchange(&host, foreign.as_bytes(), b"").expect("an answer").status, 403, "DNS rebinding");
    let body = r#"{"name":"Staging"}"#;
    let post = |origin: &str| {
        let headers = [("Cookie", cookie.as_str()), ("Origin", origin), ("Content-Type", "application/json")];
        client::send("POST", &format!("{url}/api/environments"), &headers, Some(body)).expect("an answer").status
    };
    assert_eq!(post("https://evil.example"), 403, "another site");
    assert_eq!(post(&url), 201);
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_same_command_works_twice_and_the_second_token_counts() {
    let data = tempfile::tempdir().expect("a folder");
    let mut urls = Vec::new();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
        let base_url = serving.text("scimBaseUrl");
        tokens.push(format!("Bearer {}", serving.text("bearerToken")));
        let statuses: Vec<u16> = tokens
            .iter()
            .map(|token| {
                let answer = client::send("GET", &format!("{base_url}/Users"), &[("Authorization", token)], None);
                answer.expect("an answer").status
            })
            .collect();
        assert_eq!(statuses, [vec![401; tokens.len() - 1], vec![200]].concat());
        urls.extend(base_url.rsplit('/').next().map(str::to_owned));
        drop(serving);
    }
    assert_eq!(urls[0], urls[1], "the directory is the same");
}

#[cfg(unix)]
#[test]
fn an_open_live_feed_does_not_hold_up_the_end() {
    use std::io::Write;

    let data = tempfile::tempdir().expect("a folder");
    let mut serving = Serving::of(command(data.path(), &[]).stderr(Stdio::piped()));
    let (host, _) = client::split(&serving.text("controlUrl"));
    let mut feed = std::net::TcpStream::connect(&host).expect("a connection");
    let key = serving.text("controlKey");
    write!(feed, "GET /api/live HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\r\n").expect("a request");
    let mut lines = BufReader::new(feed.try_clone().expect("the same connection")).lines();
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("resync")), "the feed has begun");
    send_signal("TERM", &serving.child);
    assert!(serving.child.wait().expect("its end").success());
    let mut said = String::new();
    serving.child.stderr.take().expect("its log").read_to_string(&mut said).expect("a text");
    assert!(!said.contains("still open"), "it waited for the feed: {said}");
}
