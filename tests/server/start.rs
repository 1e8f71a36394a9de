//! Starting, and not being able to start: a sentence, and nothing is overwritten.

use serde_json::json;
use server::{Options, Server};

use crate::harness::{Running, ask, options, user};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    running.server.shutdown().await;
    let running = Running::start_in(running.data).await;
    let tree = running.person("GET", "/api/tree", None).await;
    assert_eq!(tree["directories"][0]["counts"]["users"], 1);
    assert_eq!(tree["directories"][0]["counts"]["exchanges"], 1, "the last request was written down before the end");
    let base_url = tree["directories"][0]["baseUrl"].as_str().expect("a base URL").to_owned();
    let again = crate::harness::Directory { base_url, ..directory };
    assert_eq!(again.idp("GET", "/Users", None).await.json()["totalResults"], 1, "the token still works");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_owns_a_data_folder() {
    let running = Running::start().await;
    let error = Server::start(options(running.data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains(&running.data.path().display().to_string()), "{error}");
    assert!(error.contains("in use"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_a_sentence_with_another_port() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let data = tempfile::tempdir().expect("a folder");
    let with_port = Options { port: Some(port), ..options(data.path()) };
    let error = Server::start(with_port.clone()).await.err().expect("a refusal").to_string();
    assert!(error.contains(&port.to_string()), "{error}");

    let server =
        Server::start(Options { keep_running_without_port: true, ..with_port }).await.expect("the window starts");
    let control = server.control();
    let (_, status) = ask(&control, "GET", "/api/status", None).await;
    assert_eq!(status["listener"]["state"], "failed", "{status}");
    assert_eq!(status["listener"]["port"], port);
    let suggested = status["listener"]["suggestedPort"].as_u64().expect("another port");
    let (code, status) = ask(&control, "POST", "/api/listener", Some(json!({"port": suggested}))).await;
    assert_eq!((code, &status["listener"]["state"]), (200, &json!("listening")), "{status}");
    assert_eq!(server.scim_url(), format!("http://127.0.0.1:{suggested}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_used_is_named_and_left_alone() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("scim-setup.sqlite3");
    let not_a_database = "this is not a database ".repeat(100);
    std::fs::write(&path, &not_a_database).expect("written");
    let error = Server::start(options(data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), not_a_database);

    let data = Running::start().await;
    data.server.shutdown().await;
    let path = data.data.path().join("scim-setup.sqlite3");
    // SQLite's file format: bytes 60 to 63 are the `user_version`, big-endian.
    let mut bytes = std::fs::read(&path).expect("a database");
    bytes[60..64].copy_from_slice(&999u32.to_be_bytes());
    std::fs::write(&path, &bytes).expect("written");
    let error = Server::start(options(data.data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains("newer") && error.contains("999"), "{error}");
    assert_eq!(std::fs::read(&path).expect("still there"), bytes);
}

/// A folder with one user and one recorded request, and the path of its record of requests.
async fn stopped_folder() -> (tempfile::TempDir, crate::harness::Directory, std::path::PathBuf) {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    running.server.shutdown().await;
    let path = running.data.path().join("requests.sqlite3");
    (running.data, directory, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_of_requests_is_set_aside_and_said_and_stops_nothing() {
    let whole: fn(&mut [u8]) = |bytes| bytes.fill(b'x');
    // The first page, which the start reads, is as it was.
    let from_the_second_page_on: fn(&mut [u8]) = |bytes| bytes[4_096..].fill(0xa5);
    for damage in [whole, from_the_second_page_on] {
        let (data, directory, path) = stopped_folder().await;
        let mut bytes = std::fs::read(&path).expect("the record");
        damage(&mut bytes);
        std::fs::write(&path, &bytes).expect("written");

        let running = Running::start_in(data).await;
        let is_said = |status: &serde_json::Value| !status["recordingProblem"].is_null();
        let status = running.eventually("/api/status", "saying that the record was damaged", is_said).await;
        let problem = status["recordingProblem"].as_str().expect("a sentence");
        let put = running.data.path().join("requests.sqlite3.damaged-1");
        assert!(problem.contains(&put.display().to_string()), "{problem}");
        assert_eq!(std::fs::read(&put).expect("it is still there"), bytes);

        let path = format!("/api/directories/{}", directory.id);
        let base_url = running.person("GET", &path, None).await["baseUrl"].as_str().expect("a base URL").to_owned();
        let directory = crate::harness::Directory { base_url, ..directory };
        assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1, "nothing else is lost");
        directory.newest_exchange(&running, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_requests_that_is_damaged_while_it_is_in_use_is_set_aside() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    assert_eq!(directory.idp("POST", "/Users", Some(user("ada"))).await.status, 201);
    directory.newest_exchange(&running, 1).await;
    // Folded into the file first, so that it is the file that is read.
    let path = running.data.path().join("requests.sqlite3");
    let connection = rusqlite::Connection::open(&path).expect("a database");
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    // As root a lock stops nobody; another writer makes every page of it new for the program.
    connection.execute_batch("PRAGMA user_version = 1").expect("a write");
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    let length = std::fs::metadata(&path).expect("a file").len();
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).expect("a file");
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(4_096)).expect("a place");
    std::io::Write::write_all(&mut file, &vec![0xa5; length as usize - 4_096]).expect("damage");

    for name in ["grace", "mary"] {
        assert_eq!(directory.idp("POST", "/Users", Some(user(name))).await.status, 201);
    }
    let is_said = |status: &serde_json::Value| !status["recordingProblem"].is_null();
    let status = running.eventually("/api/status", "saying that the record was damaged", is_said).await;
    assert!(status["recordingProblem"].as_str().is_some_and(|text| text.contains("damaged-1")), "{status}");
    directory.newest_exchange(&running, 2).await;
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_requests_of_a_newer_version_is_named_and_left_alone() {
    let (data, _, path) = stopped_folder().await;
    let mut bytes = std::fs::read(&path).expect("the record");
    bytes[60..64].copy_from_slice(&999u32.to_be_bytes());
    std::fs::write(&path, &bytes).expect("written");
    let error = Server::start(options(data.path())).await.err().expect("a refusal").to_string();
    assert!(error.contains("newer") && error.contains(&path.display().to_string()), "{error}");
    assert_eq!(std::fs::read(&path).expect("still there"), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_a_crash_left_out_are_counted_once_and_their_ids_are_not_given_again() {
    let (data, directory, path) = stopped_folder().await;
    let connection = rusqlite::Connection::open(&path).expect("the record");
    // As if the program had been killed between the commit and the record.
    connection
        .execute_batch("DELETE FROM exchanges; UPDATE recorded SET id = 0; UPDATE activity SET exchange_count = 0")
        .expect("a crash");
    drop(connection);
    let running = Running::start_in(data).await;
    let status = running.person("GET", "/api/status", None).await;
    let problem = status["recordingProblem"].as_str().expect("a sentence").to_owned();
    assert!(problem.contains("before 1 request that changed something was written down"), "{problem}");
    let users = format!("/api/directories/{}/users", directory.id);
    let ada = running.person("GET", &users, None).await["items"][0].take();
    assert_eq!(ada["lastChange"]["exchangeId"], 1, "what changed is kept: {ada}");
    let base_url = running.person("GET", &format!("/api/directories/{}", directory.id), None).await["baseUrl"].take();
    let directory =
        crate::harness::Directory { base_url: base_url.as_str().expect("a base URL").to_owned(), ..directory };
    directory.idp("GET", "/Users", None).await;
    assert_eq!(directory.newest_exchange(&running, 1).await["row"]["id"], 2);
    running.server.shutdown().await;

    let again = Running::start_in(running.data).await;
    let status = again.person("GET", "/api/status", None).await;
    assert!(status["recordingProblem"].is_null(), "it is said once: {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_directory_that_was_deleted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let [ada, _] = directory.people(["ada", "bob"]).await;
    directory.group("Team", &[&ada]).await;
    let deactivate = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]});
    let path = format!("/Users/{ada}");
    let refused = directory.with_authorization("PATCH", &path, Some(deactivate), Some("Bearer wrong".into())).await;
    assert_eq!(refused.status, 401);
    let newest = directory.newest_exchange(&running, 4).await;
    let marks = json!({"isPinned": true, "annotation": "Ask Ada"});
    running.person("PATCH", &format!("/api/exchanges/{}", newest["row"]["id"]), Some(marks)).await;
    let path = format!("/api/directories/{}", directory.id);
    running.person("DELETE", &path, Some(json!({"name": "Okta"}))).await;
    running.server.shutdown().await;
    let rows = |file: &str| {
        let connection = rusqlite::Connection::open(running.data.path().join(file)).expect("a database");
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'listing_search%' ORDER BY name";
        let mut statement = connection.prepare(tables).expect("a statement");
        let names = statement.query_map([], |row| row.get::<_, String>(0)).expect("names");
        let names: Vec<String> = names.map(|name| name.expect("a name")).collect();
        let count = |name: &String| {
            let sql = format!("SELECT count(*) FROM {name}");
            connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("a count")
        };
        names.iter().map(|name| (name.clone(), count(name))).filter(|(_, rows)| *rows > 0).collect::<Vec<_>>()
    };
    let one = |name: &str| (name.to_owned(), 1);
    let truth: Vec<_> = rows("scim-setup.sqlite3").into_iter().filter(|(name, _)| name != "settings").collect();
    // Up to which change something is not kept says nothing of the directory, either.
    assert_eq!(truth, [one("environments"), one("events_gone"), one("organizations"), one("trimmed_history")]);
    // The sum of the requests that addressed none, and that a token was used, which says nothing of the directory.
    assert_eq!(rows("requests.sqlite3"), [one("activity"), one("derived"), one("recorded"), one("token_uses")]);
}
