use super::*;

/// A folder with a database as the version before step `number` left it, filled by `sql`.
fn folder_before(number: usize, sql: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = Connection::open(folder.path().join(open::DATABASE)).expect("a database");
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("a setting");
    for step in &TRUTH.0[..number - 1] {
        connection.execute_batch(step).expect("a step");
    }
    connection.execute_batch(sql).expect("what an earlier version kept");
    connection.pragma_update(None, "user_version", number - 1).expect("its version");
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
               (7, 1, 70, 'PUT', '/scim/v2/one/Users/1', '/Users/1', 400, 9, 'Okta', '{{}}', 1, '[1]', 'auth', 'ua', 'https',
                '{{\"headers\":[[\"a\",\"b\"]],\"body\":\"in\",\"bodyBytes\":2,\"isTruncated\":false}}',
                '{{\"headers\":[],\"body\":null,\"bodyBytes\":0,\"isTruncated\":false}}'),
               (8, NULL, 80, 'GET', '/', '/', 404, 9, 'curl', '{{}}', 0, '[]', 'auth', NULL, NULL,
                '{{\"headers\":[],\"body\":null,\"bodyBytes\":0,\"isTruncated\":false}}',
                '{{\"headers\":[],\"body\":\"out\",\"bodyBytes\":3,\"isTruncated\":true}}');"
        ),
    );
    drop(open::open(folder.path()).expect("the rest of the steps"));
    let connection = Connection::open(folder.path().join(requests::DATABASE)).expect("the requests");
    let line = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).expect("a row");
    assert_eq!(
        line(
            "SELECT group_concat(id || ' ' || ifnull(directory, '-') || ' ' || method || ' ' || is_write, ', ') FROM exchanges"
        ),
        "7 1 PUT 1, 8 - GET 0"
    );
    assert_eq!(
        line(
            "SELECT target || ' ' || client || ' ' || came_through || ' ' || notes || ' ' || request_headers || ' ' || request_body || ' '
             || request_bytes || request_is_cut || ifnull(response_body, '-') FROM exchange_details WHERE id = 7"
        ),
        "/scim/v2/one/Users/1 ua https [1] [[\"a\",\"b\"]] in 20-"
    );
    assert_eq!(
        line("SELECT response_body || response_bytes || response_is_cut FROM exchange_details WHERE id = 8"),
        "out31"
    );
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
        for name in [open::DATABASE, requests::DATABASE] {
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
    let path = folder.path().join(open::DATABASE);
    let before = std::fs::read(&path).expect("a file");
    let error = open::open(folder.path()).expect_err("a step fails").to_string();
    assert!(error.contains(&path.display().to_string()) && error.contains("malformed JSON"), "{error}");
    assert_eq!(std::fs::read(&path).expect("a file"), before);
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert!(names.iter().all(|name| name == "lock" || name == open::DATABASE), "nothing else is left: {names:?}");
    // Once nothing is in the way, the next start does it.
    let connection = Connection::open(&path).expect("a database");
    connection.execute_batch("DELETE FROM exchange_details").expect("it is mended");
    drop(connection);
    drop(open::open(folder.path()).expect("the rest of the steps"));
}

#[test]
fn a_start_that_broke_off_between_the_two_files_begins_again() {
    let folder = folder_before(9, ONE_DIRECTORY);
    std::fs::write(folder.path().join(requests::DATABASE), "of a start that broke off").expect("a file");
    std::fs::write(folder.path().join(format!("{}.{UNDER_WAY}", open::DATABASE)), "half a copy").expect("a file");
    drop(open::open(folder.path()).expect("all steps"));
    let connection = Connection::open(folder.path().join(requests::DATABASE)).expect("the requests");
    assert_eq!(version(&connection), Ok(REQUESTS.newest()));
}

#[test]
fn a_step_after_the_split_keeps_the_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open::open(folder.path()).expect("a new folder"));
    let path = folder.path().join(requests::DATABASE);
    drop(requests::Requests::open(folder.path()).expect("its requests"));
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
    let truth = folder.path().join(open::DATABASE);
    let connection = Connection::open(&truth).expect("the truth");
    migrate_folder(folder.path(), connection, &steps).expect("one step");
    assert_eq!(version(&Connection::open(&truth).expect("the truth")), Ok(steps.newest()));
    assert_eq!(count(), 1, "what was heard is still there");
}

#[test]
fn requests_that_were_recorded_before_bodies_were_compressed_are_still_there() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open::open(folder.path()).expect("a new folder"));
    let path = folder.path().join(requests::DATABASE);
    drop(std::fs::remove_file(&path));
    let c = Connection::open(&path).expect("a database");
    Steps(&REQUESTS.0[..1]).migrate(&c).expect("the first step");
    c.execute_batch(
        "INSERT INTO exchanges (id, at, method, path, status, duration_us, actor, summary, note_count, is_write, is_simulated)
         VALUES (7, 0, 'PUT', '/Users/1', 200, 1, 'Okta', '{}', 0, 1, 0);
         INSERT INTO exchange_details VALUES (7, '/', 'ua', 'https', '[]', '{}', '[]', 'in', 2, 0, '[]', 'out', 3, 1);",
    )
    .expect("what it recorded");
    drop(c);
    drop(requests::Requests::open(folder.path()).expect("the second step"));
    let c = Connection::open(&path).expect("a database");
    let row = "request_body || request_bytes || request_is_cut || response_body || response_bytes || response_is_cut";
    let sql = format!("SELECT client || ' ' || {row} FROM exchange_details WHERE id = 7");
    assert_eq!(c.query_row(&sql, [], |row| row.get::<_, String>(0)).expect("the request"), "ua in20out31");
    c.execute_batch("PRAGMA foreign_keys = ON; DELETE FROM exchanges").expect("it is let go of");
    let left: i64 = c.query_row("SELECT count(*) FROM exchange_details", [], |row| row.get(0)).expect("a count");
    assert_eq!(left, 0, "details go with their request");
}

/// Tables, indexes and triggers, each by its name with the text that made it, without layout.
fn schema(path: &Path) -> Vec<(String, String)> {
    let connection = Connection::open(path).expect("a database");
    let sql = "SELECT name, ifnull(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'listing_search_%' ORDER BY name";
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows")
}
