//! `scim-setup doctor`: what it finds in a folder that was damaged on purpose, and what it repairs.

use std::path::Path;
use std::process::{Command, Output};

use rusqlite::Connection;
use serde_json::json;

use crate::role::Role;
use crate::serve::serve;

const TRUTH: &str = "scim-setup.sqlite3";
const REQUESTS: &str = "requests.sqlite3";

/// What damages a folder.
type Damage = Box<dyn Fn(&Path)>;

/// A folder that a server has filled and left.
fn filled() -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = fill(data.path());
    serving.child.kill().expect("the program ends");
    serving.child.wait().expect("the end");
    data
}

/// Has a server fill a folder, which stays open.
fn fill(data: &Path) -> crate::serve::Serving {
    let serving = serve(data, &["--new-directory", "Acme Corp"]);
    let base_url = serving.text("scimBaseUrl");
    let directory = base_url.rsplit('/').next().expect("an id");
    let mut idp = Role::idp(&serving, directory, &serving.text("bearerToken"));
    for number in 0..40 {
        let user = json!({"userName": format!("user-{number}@example.com"), "active": number % 2 == 0});
        assert_eq!(idp.send("POST", "/Users", Some(&user)).expect("an answer").status, 201);
    }
    let mut person = Role::person(&serving);
    let exchanges = format!("/api/directories/{directory}");
    while person.get(&exchanges)["counts"]["exchanges"] != 40 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // Lists show all of them before anything is damaged.
    person.get(&format!("{exchanges}/users"));
    serving
}

fn doctor(data: &Path, extra: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    let Output { status, stdout, stderr } =
        command.args(["doctor", "--data"]).arg(data).args(extra).output().expect("the program runs");
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// Takes an index for one over other rows, and fills it so.
fn spoil_index(data: &Path) {
    let connection = Connection::open(data.join(TRUTH)).expect("a database");
    let spoil = "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'state = ''deactivated''', 'state = ''nobody''') WHERE name = 'resources_deactivated';
         PRAGMA writable_schema = RESET;
         REINDEX resources_deactivated;
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'state = ''nobody''', 'state = ''deactivated''') WHERE name = 'resources_deactivated';
         PRAGMA writable_schema = RESET;";
    connection.execute_batch(spoil).expect("it is spoiled");
}

/// Writes over pages in the middle of a file, which nobody has open.
fn spoil_pages(path: &Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xa5);
    std::fs::write(path, bytes).expect("it is written");
}

#[test]
fn a_folder_that_is_in_order_is_said_to_be_so() {
    let data = filled();
    for extra in [&[][..], &["--repair"]] {
        let (code, said) = doctor(data.path(), extra);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("is healthy") && !said.contains("found:") && !said.contains("repaired:"), "{said}");
    }
    std::fs::remove_file(data.path().join(REQUESTS)).expect("it is deleted");
    let (code, said) = doctor(data.path(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Lists were not compared") && !said.contains("lists and search are in order"), "{said}");
    let nowhere = data.path().join("nowhere");
    let (code, said) = doctor(&nowhere, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("there is no database in it"), "{said}");
    assert!(!nowhere.exists(), "looking makes nothing");
}

#[test]
fn what_was_damaged_is_found_and_repaired() {
    let in_requests = |sql: &'static str| {
        move |data: &Path| {
            Connection::open(data.join(REQUESTS)).expect("a database").execute_batch(sql).expect("it is damaged");
        }
    };
    let damages: [(&str, Damage); 10] = [
        ("resources_deactivated", Box::new(spoil_index)),
        ("numbers of recorded requests", Box::new(in_requests("UPDATE activity SET write_count = write_count + 3"))),
        ("space that recorded requests take", Box::new(in_requests("DELETE FROM kept"))),
        ("numbers of users and groups", Box::new(in_requests("UPDATE listing_counts SET active = 7"))),
        (
            "search index",
            Box::new(in_requests(
                "INSERT INTO listing_search (listing_search, rowid, search) SELECT 'delete', key, search FROM listing LIMIT 5",
            )),
        ),
        ("2 users and groups are missing", Box::new(in_requests("DELETE FROM listing WHERE key IN (SELECT key FROM listing LIMIT 2)"))),
        ("1 has the wrong name, status or count", Box::new(in_requests("UPDATE listing SET size = 7 WHERE key = (SELECT max(key) FROM listing)"))),
        (
            "3 have the wrong name, status or count",
            Box::new(in_requests(
                "UPDATE listing SET state = 'deleted' WHERE key = (SELECT min(key) FROM listing);
                 UPDATE listing SET sort_key = x'00' WHERE key = (SELECT max(key) FROM listing);
                 UPDATE listing SET search = 'nobody' WHERE key = (SELECT max(key) - 1 FROM listing)",
            )),
        ),
        (
            "1 does not exist",
            Box::new(in_requests(
                "INSERT INTO listing (key, directory, kind, state, sort_key, search, size, unknown, is_adrift, touched, touched_at, touched_how)
                 SELECT 4711, directory, kind, state, sort_key, search, size, unknown, is_adrift, touched, touched_at, touched_how FROM listing LIMIT 1",
            )),
        ),
        ("requests.sqlite3 cannot be read as a whole", Box::new(|data: &Path| spoil_pages(&data.join(REQUESTS)))),
    ];
    for (what, damage) in damages {
        let data = filled();
        // Closed in good order, so that nothing is in a journal.
        assert_eq!(doctor(data.path(), &["--repair"]).0, Some(0));
        damage(data.path());
        for _ in 0..2 {
            let (code, said) = doctor(data.path(), &[]);
            assert_eq!(code, Some(1), "{what}: {said}");
            assert!(said.contains(what) && said.contains("found: ") && said.contains("--repair"), "{what}: {said}");
        }
        let (code, said) = doctor(data.path(), &["--repair"]);
        assert_eq!(code, Some(0), "{what}: {said}");
        assert!(said.contains("repaired: ") && said.contains(what), "{what}: {said}");
        let (code, said) = doctor(data.path(), &[]);
        assert_eq!((code, said.contains(what)), (Some(0), false), "{what}: {said}");
        let serving = serve(data.path(), &[]);
        let tree = Role::person(&serving).get("/api/tree");
        assert_eq!(tree["directories"][0]["counts"]["users"], 40, "{what}: {tree}");
    }
}

#[test]
fn what_cannot_be_repaired_is_said_and_left_as_it_is() {
    let data = filled();
    assert_eq!(doctor(data.path(), &["--repair"]).0, Some(0));
    let path = data.path().join(TRUTH);
    let whole = std::fs::read(&path).expect("a file");
    let cut = whole[..whole.len() - 20 * 1_024].to_vec();
    std::fs::write(&path, &cut).expect("it is written");
    for extra in [&[][..], &["--repair"]] {
        let (code, said) = doctor(data.path(), extra);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("scim-setup.sqlite3 cannot be read as a whole"), "{said}");
        assert!(said.contains("cannot be repaired: ") && said.contains("scim-setup restore"), "{said}");
        assert!(std::fs::read(&path).expect("a file") == cut, "it is as it was");
    }
    std::fs::write(&path, &whole).expect("it is written");
    assert_eq!(doctor(data.path(), &[]).0, Some(0), "the same, whole");
}

/// Swaps two pages of the bodies of users: every page is sound, and their order is not.
fn swap_pages(path: &Path) {
    let connection = Connection::open(path).expect("a database");
    let sql = "SELECT pageno FROM dbstat WHERE name = 'versions' AND pagetype = 'leaf' ORDER BY path LIMIT 2";
    let mut statement = connection.prepare(sql).expect("a statement");
    let pages: Vec<usize> =
        statement.query_map([], |row| row.get(0)).expect("pages").collect::<Result<_, _>>().expect("numbers");
    drop(statement);
    drop(connection);
    let mut bytes = std::fs::read(path).expect("a file");
    let [one, other] = [0, 1].map(|index| (pages[index] - 1) * 1_024);
    for offset in 0..1_024 {
        bytes.swap(one + offset, other + offset);
    }
    std::fs::write(path, bytes).expect("it is written");
}

#[test]
fn a_truth_beyond_repair_is_not_written_anew() {
    let data = filled();
    assert_eq!(doctor(data.path(), &["--repair"]).0, Some(0));
    let path = data.path().join(TRUTH);
    // Many free pages, so that it would be worth it.
    let free = "CREATE TABLE filler AS SELECT zeroblob(4000000) AS zeros; DROP TABLE filler;";
    Connection::open(&path).expect("a database").execute_batch(free).expect("free pages");
    swap_pages(&path);
    let before = std::fs::read(&path).expect("a file");
    let (code, said) = doctor(data.path(), &["--repair"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot be repaired: "), "{said}");
    assert!(std::fs::read(&path).expect("a file") == before, "what can be rescued is still there");
}

#[test]
fn an_empty_database_is_not_healthy() {
    for (name, repaired) in [(TRUTH, Some(1)), (REQUESTS, Some(0))] {
        let data = filled();
        assert_eq!(doctor(data.path(), &["--repair"]).0, Some(0));
        std::fs::write(data.path().join(name), "").expect("it is written");
        let (code, said) = doctor(data.path(), &[]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("{name} cannot be read as a whole")) && said.contains("empty"), "{said}");
        assert_eq!(doctor(data.path(), &["--repair"]).0, repaired, "{name}");
    }
}

#[test]
fn a_database_that_another_program_has_locked_is_not_taken_for_damaged() {
    for (name, lock) in [(REQUESTS, "BEGIN IMMEDIATE"), (TRUTH, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")] {
        let data = filled();
        assert_eq!(doctor(data.path(), &["--repair"]).0, Some(0));
        let names = || {
            let entries = std::fs::read_dir(data.path()).expect("a folder");
            let names = entries.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned());
            names.filter(|name| name.contains("damaged")).collect::<Vec<_>>()
        };
        let other = Connection::open(data.path().join(name)).expect("a database");
        other.execute_batch(lock).expect("it is locked");
        let (code, said) = doctor(data.path(), &["--repair"]);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains("could not be looked through: ") && said.contains("locked"), "{name}: {said}");
        assert_eq!(names(), [""; 0], "{name}: nothing is put aside");
        drop(other);
        assert_eq!(doctor(data.path(), &[]).0, Some(0), "{name}: it was healthy");
    }
}

#[test]
fn a_folder_is_looked_through_while_a_server_has_it_open() {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = fill(data.path());
    let (code, said) = doctor(data.path(), &[]);
    assert_eq!(code, Some(0), "{said}");
    let spoil = "UPDATE activity SET error_count = 99";
    Connection::open(data.path().join(REQUESTS)).expect("a database").execute_batch(spoil).expect("it is damaged");
    let (code, said) = doctor(data.path(), &[]);
    assert!(code == Some(1) && said.contains("numbers of recorded requests"), "{said}");
    let (code, said) = doctor(data.path(), &["--repair"]);
    assert!(code == Some(0) && said.contains("repaired: "), "{said}");
    let tree = Role::person(&serving).get("/api/tree");
    assert_eq!(tree["directories"][0]["counts"]["errors"], 0, "{tree}");
    serving.child.kill().expect("the program ends");
    serving.child.wait().expect("the end");
}
