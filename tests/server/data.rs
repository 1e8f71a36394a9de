//! The data folder, as a person looks after it: backups in it, and what is not as it should be. `cli/doctor.rs` and `cli/backup.rs` have
//! more.

use serde_json::{Value, json};

use crate::harness::Running;

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_made_listed_and_deleted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    assert_eq!(running.person("GET", "/api/data/backups", None).await, json!([]));
    let made = running.person("POST", "/api/data/backups", None).await;
    let name = made["name"].as_str().expect("a name");
    assert!(name.starts_with("scim-setup-") && name.ends_with(".backup"), "{made}");
    assert_eq!(made["path"], running.data.path().join("backups").join(name).display().to_string());
    assert_eq!(running.person("GET", "/api/data/backups", None).await, json!([made]));
    let storage = running.person("GET", "/api/data", None).await;
    let parts = storage["parts"].as_array().expect("parts");
    let part = parts.iter().find(|part| part["what"] == "backups");
    assert_eq!(part.map(|part| &part["bytes"]), Some(&made["bytes"]), "{storage}");

    let fresh = tempfile::tempdir().expect("a folder");
    let file = std::path::Path::new(made["path"].as_str().expect("a path"));
    let restored = server::restore(fresh.path(), file, &server::Clock::system()).expect("it is restored");
    assert_eq!(restored, None, "nothing was there before");
    let other = Running::start_in(fresh).await;
    let tree = other.person("GET", "/api/tree", None).await;
    assert_eq!(tree["directories"][0]["counts"]["users"], 1, "{tree}");

    for other in ["scim-setup.sqlite3", "..%2Fscim-setup.sqlite3", "..%2Flock", "none.backup"] {
        let (status, error) = running.person_refused("DELETE", &format!("/api/data/backups/{other}"), None).await;
        assert_eq!((status, &error["code"]), (404, &json!("notFound")), "{other}: {error}");
    }
    running.person("DELETE", &format!("/api/data/backups/{name}"), None).await;
    assert_eq!(running.person("GET", "/api/data/backups", None).await, json!([]));
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 1, "the data is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_backups_at_once_are_all_made() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let make = || running.person("POST", "/api/data/backups", None);
    let (one, two, three, four) = tokio::join!(make(), make(), make(), make());
    let made = [one, two, three, four].map(|backup| backup["path"].as_str().expect("a path").to_owned());
    let different: std::collections::BTreeSet<_> = made.iter().collect();
    assert_eq!(different.len(), made.len(), "{made:?}");
    for path in &made {
        let fresh = tempfile::tempdir().expect("a folder");
        server::restore(fresh.path(), path.as_ref(), &server::Clock::system()).expect("it is restored");
    }
    let left = std::fs::read_dir(running.data.path().join("backups")).expect("a folder").count();
    assert_eq!(left, made.len(), "no part of one is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_should_be_is_said_and_repaired_while_it_runs() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "grace"]).await;
    directory.newest_exchange(&running, 2).await;
    let look = |repair: bool| running.person("POST", "/api/data/check", Some(json!({"repair": repair})));
    let healthy = look(false).await;
    assert_eq!((&healthy["isHealthy"], &healthy["findings"]), (&json!(true), &json!([])), "{healthy}");
    let path = running.data.path().join("requests.sqlite3");
    let other = rusqlite::Connection::open(path).expect("a database");
    other.execute_batch("UPDATE activity SET exchange_count = 7").expect("it is damaged");
    let found = look(false).await;
    assert_eq!(
        (&found["isHealthy"], &found["findings"][0]["outcome"]),
        (&json!(false), &json!("repairable")),
        "{found}"
    );
    let repaired = look(true).await;
    assert_eq!(
        (&repaired["isHealthy"], &repaired["findings"][0]["outcome"]),
        (&json!(true), &json!("repaired")),
        "{repaired}"
    );
    let path = format!("/api/directories/{}", directory.id);
    assert_eq!(running.person("GET", &path, None).await["counts"]["exchanges"], 2);
    directory.idp("GET", "/Users", None).await;
    directory.newest_exchange(&running, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_differ_from_what_is_stored_are_made_anew_while_it_runs() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada", "grace", "alan"]).await;
    let look = |repair: bool| running.person("POST", "/api/data/check", Some(json!({"repair": repair})));
    let users = format!("/api/directories/{}/users", directory.id);
    let shown = || running.person("GET", &users, None);
    let before = shown().await;
    assert_eq!(look(false).await["findings"], json!([]));
    let other = rusqlite::Connection::open(running.data.path().join("requests.sqlite3")).expect("a database");
    for (sql, text) in [
        ("DELETE FROM listing WHERE key = (SELECT max(key) FROM listing)", "1 user or group is missing"),
        ("UPDATE listing SET state = 'deactivated'", "3 have the wrong name, status or count"),
        (
            "INSERT INTO listing (key, directory, kind, state, sort_key, search, size, unknown, is_adrift, touched, touched_at, touched_how)
             SELECT 4711, directory, kind, state, sort_key, search, 0, 0, 0, 0, 0, 0 FROM listing LIMIT 1",
            "1 does not exist",
        ),
    ] {
        other.execute_batch(sql).expect("it is damaged");
        assert_ne!(shown().await, before, "{text}");
        for (repair, outcome) in [(false, "repairable"), (true, "repaired")] {
            let found = look(repair).await;
            let finding = &found["findings"][0];
            assert!(finding["text"].as_str().is_some_and(|found| found.contains(text)), "{found}");
            assert_eq!((&finding["outcome"], &found["isHealthy"]), (&json!(outcome), &json!(repair)), "{found}");
        }
        assert_eq!(shown().await, before, "{text}");
        assert_eq!(look(false).await["findings"], json!([]), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_restored_at_the_next_start_and_what_was_there_is_kept_until_it_is_deleted() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    let name = running.person("POST", "/api/data/backups", None).await["name"].as_str().expect("a name").to_owned();
    directory.people(["grace"]).await;
    let restore = format!("/api/data/backups/{name}/restore");
    let staged = |status: &Value| status["stagedRestore"]["backup"].clone();

    let (status, error) = running.person_refused("DELETE", "/api/data/restore", None).await;
    assert_eq!((status, &error["code"]), (404, &json!("notFound")), "{error}");
    let (status, _) = running.person_refused("POST", "/api/data/backups/..%2Flock/restore", None).await;
    assert_eq!(status, 404);
    assert_eq!(running.person("POST", &restore, None).await["backup"], name);
    assert_eq!(staged(&running.person("GET", "/api/status", None).await), name);
    running.person("DELETE", "/api/data/restore", None).await;
    assert_eq!(staged(&running.person("GET", "/api/status", None).await), Value::Null);
    let running = restarted(running).await;
    assert_eq!(directory_counts(&running).await["users"], 2, "it was called off");

    running.person("POST", &restore, None).await;
    // The copy is whole: what becomes of the file is of no matter.
    running.person("DELETE", &format!("/api/data/backups/{name}"), None).await;
    assert_eq!(directory_counts(&running).await["users"], 2, "nothing has changed yet");
    assert_eq!(running.person("GET", "/api/data/set-aside", None).await, json!([]));
    let running = restarted(running).await;
    assert_eq!(running.server.restored().map(|restored| restored.backup.clone()), Some(name));
    assert_eq!(directory_counts(&running).await["users"], 1, "as it was");
    assert_eq!(staged(&running.person("GET", "/api/status", None).await), Value::Null);

    let kept = running.person("GET", "/api/data/set-aside", None).await;
    let (name, path) = (kept[0]["name"].as_str().expect("a name"), kept[0]["path"].as_str().expect("a path"));
    assert!(name.starts_with("before-restore-") && kept[0]["what"] == "replaced", "{kept}");
    assert!(kept[0]["bytes"].as_u64() > Some(100_000), "{kept}");
    let before = rusqlite::Connection::open(format!("{path}/scim-setup.sqlite3")).expect("a database");
    let users: u32 = before.query_row("SELECT count(*) FROM resources", [], |row| row.get(0)).expect("a count");
    assert_eq!(users, 2, "what was there before");
    drop(before);
    running.person("DELETE", &format!("/api/data/set-aside/{name}"), None).await;
    assert_eq!(running.person("GET", "/api/data/set-aside", None).await, json!([]));
    assert!(!std::path::Path::new(path).exists());
    assert_eq!(directory_counts(&running).await["users"], 1);
}

async fn restarted(running: Running) -> Running {
    running.server.shutdown().await;
    Running::start_in(running.data).await
}

async fn directory_counts(running: &Running) -> Value {
    running.person("GET", "/api/tree", None).await["directories"][0]["counts"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_what_was_put_aside_is_listed_and_deleted_as_such() {
    let running = Running::start().await;
    let file = |name: &str| running.data.path().join(name);
    std::fs::write(file("requests.sqlite3.damaged-1"), "damaged").expect("a file");
    std::fs::write(file("before-restore-notes.txt"), "somebody's").expect("a file");
    std::fs::create_dir(file("requests.sqlite3.damaged-folder")).expect("a folder");
    let kept = running.person("GET", "/api/data/set-aside", None).await;
    let seen = (kept.as_array().map(Vec::len), &kept[0]["name"], &kept[0]["what"], &kept[0]["bytes"]);
    assert_eq!(seen, (Some(1), &json!("requests.sqlite3.damaged-1"), &json!("damaged"), &json!(7)), "{kept}");
    for other in ["scim-setup.sqlite3", "requests.sqlite3", "backups", "before-restore-notes.txt", "..", "..%2Flock"] {
        let (status, _) = running.person_refused("DELETE", &format!("/api/data/set-aside/{other}"), None).await;
        assert_eq!(status, 404, "{other}");
    }
    running.person("DELETE", "/api/data/set-aside/requests.sqlite3.damaged-1", None).await;
    assert!(!file("requests.sqlite3.damaged-1").exists() && file("before-restore-notes.txt").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_damaged_is_not_prepared() {
    let running = Running::start().await;
    let made = running.person("POST", "/api/data/backups", None).await;
    let path = made["path"].as_str().expect("a path");
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xa5);
    std::fs::write(path, bytes).expect("it is damaged");
    let restore = format!("/api/data/backups/{}/restore", made["name"].as_str().expect("a name"));
    let (status, error) = running.person_refused("POST", &restore, None).await;
    assert_eq!(status, 409, "{error}");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("Nothing was changed")), "{error}");
    assert_eq!(running.person("GET", "/api/status", None).await["stagedRestore"], Value::Null);
    assert!(!running.data.path().join("restoring").exists());
}
