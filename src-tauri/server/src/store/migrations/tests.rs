use std::sync::Arc;

use super::*;
use crate::facts::ExchangeDetails;
use crate::model::{Actor, AuthVerdict, ExchangeId, IdpId, Message};
use crate::store::{exchange_details, open, requests};

const NOTE: &str = r#"{"rule":"untidy-path","section":"RFC 3986","text":"Doubled slashes."}"#;
const VERDICT: &str = r#"{"verdict":"matched","text":"This token matched.","advice":null,"lastFour":"G4tQ"}"#;

/// The whole of a request, as the newest version reads it.
fn details(requests: &Connection, id: i64) -> Option<ExchangeDetails> {
    exchange_details::by_id(requests, ExchangeId(id)).expect("it can be read")
}

/// A folder as the version before step `number` left it, filled by `sql`.
fn folder_before(number: usize, sql: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Connection::open(folder.path().join(files::TRUTH)).expect("a database");
    let together = Steps(&TRUTH.0[..(number - 1).min(SPLIT as usize - 1)]);
    together.migrate(&open()).expect("the steps of one file");
    if number as i64 > SPLIT {
        migrate_folder(folder.path(), open(), &Steps(&TRUTH.0[..number - 1])).expect("the steps of two files");
    }
    open().execute_batch(&format!("PRAGMA foreign_keys = ON; {sql}")).expect("what an earlier version kept");
    folder
}

const ONE_DIRECTORY: &str = "
    INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
    INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
    INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at)
    VALUES (1, 'one', 'o', 'One', 'one', 1, '{}', 0);";

#[test]
fn recorded_requests_are_carried_over() {
    let folder = folder_before(
        4,
        &format!(
            "{ONE_DIRECTORY}
             INSERT INTO exchanges (id, directory, at, method, target, path, status, duration_us, actor, summary, note_count, notes, auth,
               client, came_through, request, response) VALUES
               (7, 1, 70, 'PUT', '/scim/v2/one/Users/1', '/Users/1', 400, 9, 'Okta', '{{}}', 1, '[{NOTE}]', '{VERDICT}', 'ua', 'https',
                '{{\"headers\":[[\"a\",\"b\"]],\"body\":\"in\",\"bodyBytes\":2,\"isTruncated\":false}}',
                '{{\"headers\":[],\"body\":null,\"bodyBytes\":0,\"isTruncated\":false}}'),
               (8, NULL, 80, 'GET', '/', '/', 404, 9, 'curl', '{{}}', 0, '[]', '{VERDICT}', NULL, NULL,
                '{{\"headers\":[],\"body\":null,\"bodyBytes\":0,\"isTruncated\":false}}',
                '{{\"headers\":[],\"body\":\"out\",\"bodyBytes\":3,\"isTruncated\":true}}');"
        ),
    );
    drop(open::open(folder.path()).expect("the rest of the steps"));
    let connection = Connection::open(folder.path().join(files::REQUESTS)).expect("the requests");
    let line = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).expect("a row");
    assert_eq!(
        line(
            "SELECT group_concat(id || ' ' || ifnull(directory, '-') || ' ' || method || ' ' || is_write, ', ') FROM exchanges"
        ),
        "7 1 PUT 1, 8 - GET 0"
    );
    let put = details(&connection, 7).expect("it was kept");
    assert_eq!((put.target.as_str(), put.client.as_deref()), ("/scim/v2/one/Users/1", Some("ua")));
    assert_eq!((put.came_through.as_deref(), put.notes[0].rule.as_str()), (Some("https"), "untidy-path"));
    assert_eq!(put.authorization.verdict, AuthVerdict::Matched);
    let message = |headers: &[(&str, &str)], body: Option<&str>, is_truncated| Message {
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.map(str::to_owned),
        body_bytes: body.map_or(0, str::len) as u64,
        is_truncated,
    };
    assert_eq!((put.request, put.response), (message(&[("a", "b")], Some("in"), false), message(&[], None, false)));
    let stranger = details(&connection, 8).expect("it was kept");
    assert_eq!((stranger.client, stranger.response), (None, message(&[], Some("out"), true)));
    let counts = "group_concat(directory || ': ' || exchange_count || error_count || write_count || note_count, ', ')";
    assert_eq!(line(&format!("SELECT {counts} FROM activity")), "0: 1100, 1: 1111");
}

#[test]
fn every_earlier_version_arrives_at_the_same_schema() {
    let fresh = tempfile::tempdir().expect("a folder");
    drop(open::open(fresh.path()).expect("a new folder"));
    for number in 2..=TRUTH.0.len() {
        let folder = folder_before(number, ONE_DIRECTORY);
        drop(open::open(folder.path()).expect("the rest of the steps"));
        for name in [files::TRUTH, files::REQUESTS] {
            assert_eq!(
                schema(&folder.path().join(name)),
                schema(&fresh.path().join(name)),
                "{name} from before step {number}"
            );
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            3,
            "no copy is left, from before step {number}"
        );
    }
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let folder = folder_before(
        10,
        &format!(
            "{ONE_DIRECTORY}
             INSERT INTO exchanges (id, at, method, path, status, duration_us, actor, summary, note_count, is_write)
             VALUES (1, 0, 'GET', '/', 404, 1, 'curl', '{{}}', 0, 0);
             INSERT INTO exchange_details (id, target, notes, auth, request, response) VALUES (1, '/', '[]', '{{}}', 'no JSON', '{{}}');"
        ),
    );
    let path = folder.path().join(files::TRUTH);
    let before = std::fs::read(&path).expect("a file");
    let error = open::open(folder.path()).expect_err("a step fails").to_string();
    assert!(error.contains(&path.display().to_string()) && error.contains("malformed JSON"), "{error}");
    assert_eq!(std::fs::read(&path).expect("a file"), before);
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert!(names.iter().all(|name| name == "lock" || name == files::TRUTH), "nothing else is left: {names:?}");
    // Once nothing is in the way, the next start does it.
    let connection = Connection::open(&path).expect("a database");
    connection.execute_batch("DELETE FROM exchange_details").expect("it is mended");
    drop(connection);
    drop(open::open(folder.path()).expect("the rest of the steps"));
}

#[test]
fn a_start_that_broke_off_between_the_two_files_begins_again() {
    let folder = folder_before(9, ONE_DIRECTORY);
    std::fs::write(folder.path().join(files::REQUESTS), "of a start that broke off").expect("a file");
    std::fs::write(folder.path().join(format!("{}.{UNDER_WAY}", files::TRUTH)), "half a copy").expect("a file");
    drop(open::open(folder.path()).expect("all steps"));
    let connection = Connection::open(folder.path().join(files::REQUESTS)).expect("the requests");
    assert_eq!(version(&connection), Ok(REQUESTS.newest()));
}

#[test]
fn a_step_after_the_split_keeps_the_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open::open(folder.path()).expect("a new folder"));
    let path = folder.path().join(files::REQUESTS);
    drop(requests::Requests::open(folder.path(), &Arc::default()).expect("its requests"));
    let count = || {
        let c = Connection::open(&path).expect("the requests");
        c.query_row("SELECT count(*) FROM token_uses", [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    let c = Connection::open(&path).expect("the requests");
    c.execute("INSERT INTO token_uses VALUES (x'00', 1)", []).expect("a row");
    drop(c);

    let mut steps = TRUTH.0.to_vec();
    steps.push("CREATE TABLE later (a INTEGER) STRICT");
    let steps = Steps(steps.leak());
    let truth = folder.path().join(files::TRUTH);
    let connection = Connection::open(&truth).expect("the truth");
    migrate_folder(folder.path(), connection, &steps).expect("one step");
    assert_eq!(version(&Connection::open(&truth).expect("the truth")), Ok(steps.newest()));
    assert_eq!(count(), 1, "what was heard is still there");
}

/// A database of requests after its first steps, filled by `sql` and then opened by this version.
fn requests_after(steps: usize, sql: &str) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open::open(folder.path()).expect("a new folder"));
    let path = folder.path().join(files::REQUESTS);
    drop(std::fs::remove_file(&path));
    let c = Connection::open(&path).expect("a database");
    Steps(&REQUESTS.0[..steps]).migrate(&c).expect("the first steps");
    c.execute_batch(sql).expect("what it recorded");
    drop(c);
    let (_, set_aside) = requests::Requests::open(folder.path(), &Arc::default()).expect("the other steps");
    assert_eq!(set_aside, None, "it is not taken for damaged");
    let c = Connection::open(&path).expect("a database");
    assert_eq!(version(&c), Ok(REQUESTS.newest()));
    (folder, c)
}

/// Requests with the numbers from 7 on, as every version of this database records them.
fn rows(count: i64) -> String {
    let row = |id| format!("({id}, 0, 'PUT', '/Users/1', 200, 1, 'Okta', '{{}}', 0, 1, 0)");
    let rows: Vec<_> = (7..7 + count).map(row).collect();
    let columns = "id, at, method, path, status, duration_us, actor, summary, note_count, is_write, is_simulated";
    format!("INSERT INTO exchanges ({columns}) VALUES {};", rows.join(", "))
}

#[test]
fn requests_of_every_earlier_version_are_still_there() {
    let verdict = r#"{"verdict":"retired","text":"This token was replaced.","advice":null,"lastFour":null}"#;
    let columns =
        format!("7, '/', 'ua', 'https', '[{NOTE}]', '{verdict}', '[[\"a\",\"b\"]]', 'in', 2, 0, '[]', 'out', 3, 1");
    let long = "x".repeat(10_000);
    let block: String =
        lz4_flex::compress_prepend_size(long.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    for (steps, columns, answer) in [
        (1, columns.clone(), "out"),
        (2, format!("{columns}, NULL, NULL"), "out"),
        (2, format!("{}, NULL, x'{block}'", columns.replace("'out'", "NULL")), long.as_str()),
    ] {
        let sql = format!("{} INSERT INTO exchange_details VALUES ({columns});", rows(1));
        let (_folder, c) = requests_after(steps, &sql);
        let kept = details(&c, 7).expect("it is kept");
        assert_eq!((kept.client.as_deref(), kept.notes.len()), (Some("ua"), 1));
        assert_eq!(kept.authorization.text, "This token was replaced.".into());
        assert_eq!(kept.request.headers, [("a".to_owned(), "b".to_owned())]);
        assert_eq!(
            (kept.request.body.as_deref(), kept.request.body_bytes, kept.request.is_truncated),
            (Some("in"), 2, false)
        );
        assert_eq!(
            (kept.response.body.as_deref(), kept.response.body_bytes, kept.response.is_truncated),
            (Some(answer), 3, true)
        );
    }
}

#[test]
fn one_damaged_request_of_an_earlier_version_does_not_cost_the_others() {
    let request = |id, notes, compressed| {
        format!(
            "({id}, '/', NULL, NULL, '{notes}', '{VERDICT}', '[]', NULL, 0, 0, '[]', NULL, 0, 0, {compressed}, NULL)"
        )
    };
    let requests = [
        request(7, "no JSON", "NULL"),
        request(8, "[]", "x'00'"),
        request(9, "[]", "x'ffffffff00'"),
        request(10, "[]", "NULL"),
    ];
    let sql = format!("{} INSERT INTO exchange_details VALUES {};", rows(5), requests.join(", "));
    let (_folder, c) = requests_after(2, &sql);
    let kept: Vec<_> = (7..=11).filter(|&id| details(&c, id).is_some()).collect();
    assert_eq!(kept, [10]);
    let rows: i64 = c.query_row("SELECT count(*) FROM exchanges", [], |row| row.get(0)).expect("a count");
    assert_eq!(rows, 5, "what lists show of them is there");
}

#[test]
fn an_e_mail_address_that_is_the_user_name_is_kept_once() {
    let folder = folder_before(
        11,
        &format!(
            "{ONE_DIRECTORY}
             INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at,
               last_change) VALUES (1, 1, 'user', 'active', 'a', 'Ada', 'ada@example.com', 'Ada@example.com', 'Okta', 1, 0, 0, 1);
             INSERT INTO resource_emails VALUES (1, 'ada@example.com', 1), (1, 'ada@home.example', 1);"
        ),
    );
    let (_lock, connection) = open::open(folder.path()).expect("the other step");
    let sql = "SELECT group_concat(value_key) FROM resource_emails";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, String>(0)), Ok("ada@home.example".into()));
}

/// Who did something was told by the name that people read.
#[test]
fn actors_get_words() {
    const NAMES: [(&str, &str); 8] = [
        ("Okta", "okta"),
        ("Entra ID", "entra"),
        ("Google", "google"),
        ("Google Workspace", "google"),
        ("A browser", "browser"),
        ("Simulator", "simulator"),
        ("A client", ""),
        ("python-requests", "client:python-requests"),
    ];
    let row = |(at, (name, _)): (usize, &(&str, &str))| {
        format!(
            "INSERT INTO resources (key, directory, kind, state, id, name, lookup_key, user_name, source, version, created_at, modified_at,
               last_change) VALUES ({at}, 1, 'user', 'active', 'a{at}', 'A', 'a{at}', 'a{at}', '{name}', 1, 0, 0, 1);"
        )
    };
    let rows: String = NAMES.iter().enumerate().map(row).collect();
    let change = "INSERT INTO changes (directory, resource, at, kind, resource_name, fields, actor)
         VALUES (1, 1, 0, 'created', 'A', '[]', 'Entra ID');";
    let folder = folder_before(12, &format!("{ONE_DIRECTORY}{rows}{change}"));
    let (_lock, connection) = open::open(folder.path()).expect("the other step");
    let sql = "SELECT source FROM resources ORDER BY key";
    let mut statement = connection.prepare(sql).expect("a statement");
    let words = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    let words: Vec<_> = words.collect::<Result<_, _>>().expect("rows");
    assert_eq!(words, NAMES.map(|(_, word)| word));
    let of_change = connection.query_row("SELECT actor FROM changes", [], |row| row.get::<_, Actor>(0));
    assert_eq!(of_change, Ok(Actor::Known(IdpId::Entra)));
    for (name, word) in NAMES {
        let actor = Actor::from_stored(word);
        assert!(actor.name() == name || name == "Google", "{word} stands for {actor}");
    }
}

#[test]
fn actors_of_requests_get_words() {
    let sighting = |(id, who): (i64, &str)| {
        format!(
            "INSERT INTO sightings (directory, method, target, status, verdict, who, first_id, first_at, path, last_id, last_at)
             VALUES (1, 'GET', '/Users', 200, '\"matched\"', '{who}', {id}, 0, '/Users', {id}, 0);"
        )
    };
    let seen: String = [(1, "Okta"), (2, ""), (3, "?"), (4, "Google"), (5, "Google Workspace")].map(sighting).concat();
    let drift = "INSERT INTO drift (resource, kind, at, exchange_id, actor, method, status, reason)
         VALUES (1, '\"notUpdated\"', 0, 7, 'python-requests', 'PUT', 500, '');";
    let (_folder, c) = requests_after(2, &format!("{} {seen} {drift}", rows(1)));
    let actor: Actor = c.query_row("SELECT actor FROM exchanges WHERE id = 7", [], |row| row.get(0)).expect("a row");
    assert_eq!(actor, Actor::Known(IdpId::Okta));
    let of_push: Actor = c.query_row("SELECT actor FROM drift", [], |row| row.get(0)).expect("a row");
    assert_eq!(of_push, Actor::Client("python-requests".into()));
    let mut statement = c.prepare("SELECT who FROM sightings ORDER BY first_id").expect("a statement");
    let seen = statement.query_map([], |row| row.get::<_, Actor>(0)).expect("rows");
    let seen: Vec<_> = seen.collect::<Result<_, _>>().expect("words that are known");
    let google = Actor::Known(IdpId::Google);
    assert_eq!(seen, [Actor::Known(IdpId::Okta), Actor::Unnamed, Actor::Client(String::new()), google]);
}

/// Tables, indexes and triggers, each by its name with the text that made it, without layout.
fn schema(path: &Path) -> Vec<(String, String)> {
    let connection = Connection::open(path).expect("a database");
    let sql = "SELECT name, ifnull(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'listing_search_%' ORDER BY name";
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows")
}
