//! `scim-setup backup` and `scim-setup restore`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::role::Role;
use crate::serve::{Serving, serve};

fn run(command: &str, arguments: &[&OsStr]) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    let Output { status, stdout, stderr } = program.arg(command).args(arguments).output().expect("the program runs");
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn back_up(data: &Path, file: &Path) -> (Option<i32>, String) {
    run("backup", &[file.as_os_str(), "--data".as_ref(), data.as_os_str()])
}

fn restore(data: &Path, file: &Path) -> (Option<i32>, String) {
    run("restore", &[file.as_os_str(), "--data".as_ref(), data.as_os_str()])
}

fn end(mut serving: Serving) {
    serving.child.kill().expect("the program ends");
    serving.child.wait().expect("the end");
}

fn directory_of(serving: &Serving) -> String {
    serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned()
}

fn create(idp: &mut Role, name: &str) {
    let user = json!({"userName": format!("{name}@example.com"), "title": "x".repeat(2_000)});
    assert_eq!(idp.send("POST", "/Users", Some(&user)).expect("an answer").status, 201);
}

/// The first directory that the interface shows.
fn counts(serving: &Serving) -> Value {
    Role::person(serving).get("/api/tree")["directories"][0]["counts"].clone()
}

/// The bytes of each database and backup in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = entries.filter(|path| path.is_file()).map(|path| {
        let bytes = std::fs::read(&path).expect("a file");
        (path.file_name().expect("a name").to_string_lossy().into_owned(), bytes)
    });
    named.collect()
}

#[test]
fn a_backup_during_writes_is_whole_and_has_what_was_acknowledged_before() {
    const WRITERS: usize = 4;
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("scim-setup.backup");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (directory, token) = (directory_of(&serving), serving.text("bearerToken"));
    let (created, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let acknowledged = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let mut idp = Role::idp(&serving, &directory, &token);
            let (created, is_over) = (&created, &is_over);
            scope.spawn(move || {
                for number in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    create(&mut idp, &format!("user-{writer}-{number}"));
                    created.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while created.load(Ordering::Relaxed) < 200 {
            std::thread::yield_now();
        }
        let acknowledged = created.load(Ordering::Relaxed);
        let (code, said) = back_up(data.path(), &file);
        // They went on meanwhile, and end before anything is looked at.
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("was backed up to"), "{said}");
        acknowledged
    });
    let all = created.load(Ordering::Relaxed);
    assert!(all > acknowledged, "somebody wrote during the backup");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
    assert_eq!(files(elsewhere.path()).len(), 1, "no part of it is left");
    end(serving);

    let restored = elsewhere.path().join("restored");
    let (code, said) = restore(&restored, &file);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("What was there before"), "{said}");
    let (code, said) = run("doctor", &["--data".as_ref(), restored.as_os_str()]);
    assert_eq!(code, Some(0), "{said}");
    let serving = serve(&restored, &[]);
    let users = counts(&serving)["users"].as_u64().expect("a number") as usize;
    assert!((acknowledged..=all).contains(&users), "{users} of {acknowledged} to {all}");
    let mut person = Role::person(&serving);
    let listed = person.get(&format!("/api/directories/{directory}/users?limit=1"));
    assert_eq!(listed["total"], users, "lists show them: {listed}");
    let mut idp = Role::idp(&serving, &directory, &token);
    let found = idp.send("GET", "/Users?count=1", None).expect("an answer").json();
    assert_eq!(found["totalResults"], users, "the token of then is in force");
    end(serving);
}

#[test]
fn of_several_backups_to_one_file_at_once_one_is_made_and_is_whole() {
    const AT_ONCE: usize = 4;
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = |name: &str| elsewhere.path().join(name);
    let theirs = ["b.part", "b.users.part", "b.requests.part"];
    theirs.iter().for_each(|name| std::fs::write(file(name), name).expect("somebody's file"));
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (directory, token) = (directory_of(&serving), serving.text("bearerToken"));
    let mut idp = Role::idp(&serving, &directory, &token);
    (0..50).for_each(|number| create(&mut idp, &format!("early-{number}")));
    let is_over = AtomicBool::new(false);
    let said = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                create(&mut idp, &format!("user-{number}"));
            }
        });
        let several = [(); AT_ONCE].map(|()| scope.spawn(|| back_up(data.path(), &file("b"))));
        let said = several.map(|one| one.join().expect("an end"));
        is_over.store(true, Ordering::Relaxed);
        said
    });
    end(serving);
    assert_eq!(said.iter().filter(|(code, _)| *code == Some(0)).count(), 1, "{said:?}");
    for (code, said) in said.iter().filter(|(code, _)| *code != Some(0)) {
        assert!(*code == Some(2) && said.contains("is there already"), "{said}");
    }
    let restored = file("restored");
    let (code, said) = restore(&restored, &file("b"));
    assert_eq!(code, Some(0), "{said}");
    let serving = serve(&restored, &[]);
    assert!(counts(&serving)["users"].as_u64() >= Some(50), "what was acknowledged before is in it");
    end(serving);
    std::fs::remove_dir_all(&restored).expect("a folder");
    theirs.iter().for_each(|name| assert_eq!(std::fs::read(file(name)).expect("a file"), name.as_bytes()));
    let left = std::fs::read_dir(elsewhere.path()).expect("a folder").count();
    assert_eq!(left, theirs.len() + 1, "nothing else is there");
}

#[cfg(unix)]
#[test]
fn a_backup_follows_and_replaces_no_link() {
    use std::os::unix::fs::symlink;
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = |name: &str| elsewhere.path().join(name);
    end(serve(data.path(), &["--new-directory", "Acme Corp"]));
    std::fs::write(file("letter"), "Dear Ada").expect("a file");
    ["b.part", "b.users.part", "b.requests.part"]
        .iter()
        .for_each(|name| symlink(file("letter"), file(name)).expect("a link"));
    let (code, said) = back_up(data.path(), &file("b"));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(std::fs::read(file("letter")).expect("a file"), b"Dear Ada");
    assert!(file("b.part").is_symlink(), "it is somebody else's");

    symlink(file("nowhere"), file("link")).expect("a link");
    let (code, said) = back_up(data.path(), &file("link"));
    assert!(code == Some(2) && said.contains("is there already"), "{said}");
    assert!(file("link").is_symlink() && !file("nowhere").exists(), "it is as it was");
}

#[cfg(unix)]
#[test]
fn a_backup_that_cannot_be_written_names_its_file() {
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("b");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let mut idp = Role::idp(&serving, &directory_of(&serving), &serving.text("bearerToken"));
    (0..100).for_each(|number| create(&mut idp, &format!("user-{number}")));
    end(serving);
    // What a full disk refuses, a limit of the size of files does, too.
    let limited = "trap '' XFSZ; ulimit -f 100; exec \"$@\"";
    let program = env!("CARGO_BIN_EXE_scim-setup");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", limited, "sh", program, "backup"]).arg(&file).arg("--data").arg(data.path());
    let Output { status, stderr, .. } = shell.output().expect("a shell");
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("{}: ", file.display())), "{said}");
    assert!(!said.contains(&data.path().display().to_string()), "the data folder is in order: {said}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("a folder").count(), 0, "nothing is left");
}

#[test]
fn what_was_there_before_a_restore_is_kept() {
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("scim-setup.backup");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (directory, token) = (directory_of(&serving), serving.text("bearerToken"));
    let mut idp = Role::idp(&serving, &directory, &token);
    create(&mut idp, "ada");
    end(serving);
    assert_eq!(back_up(data.path(), &file).0, Some(0), "without a server, too");
    let (code, said) = back_up(data.path(), &file);
    assert!(code == Some(2) && said.contains("is there already"), "{said}");

    let serving = serve(data.path(), &[]);
    let mut idp = Role::idp(&serving, &directory, &token);
    create(&mut idp, "grace");
    let (code, said) = restore(data.path(), &file);
    assert!(code == Some(2) && said.contains("is in use by another SCIM Setup"), "{said}");
    assert_eq!(counts(&serving)["users"], 2);
    end(serving);

    let (code, said) = restore(data.path(), &file);
    assert_eq!(code, Some(0), "{said}");
    let (_, before) = said.split_once("What was there before is in ").expect("it says where");
    let before = Path::new(before.trim_end().trim_end_matches('.'));
    let serving = serve(data.path(), &[]);
    assert_eq!(counts(&serving)["users"], 1, "as it was then");
    end(serving);
    let serving = serve(before, &[]);
    assert_eq!(counts(&serving)["users"], 2, "what came after the backup is there still");
    end(serving);
}

#[test]
fn what_is_not_a_whole_backup_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = |name: &str| elsewhere.path().join(name);
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let mut idp = Role::idp(&serving, &directory_of(&serving), &serving.text("bearerToken"));
    (0..30).for_each(|number| create(&mut idp, &format!("user-{number}")));
    end(serving);
    let whole = file("whole");
    assert_eq!(back_up(data.path(), &whole).0, Some(0));
    let bytes = std::fs::read(&whole).expect("a file");
    let write = |name: &str, bytes: &[u8]| std::fs::write(file(name), bytes).expect("it is written");
    write("cut", &bytes[..bytes.len() / 2]);
    write("text", b"This is a letter to Ada.");
    write("empty", b"");
    let mut spoiled = bytes.clone();
    spoiled[20_000..28_000].fill(0xa5);
    write("spoiled", &spoiled);
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect("it is in it");
        let mut changed = bytes.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        changed
    };
    write("newer", &replaced("\"truth\":1", "\"truth\":9"));
    write("another", &replaced("SCIM Setup", "SCIM Uptse"));
    write("name", &replaced("scim-setup.sqlite3", "../../../etc/motto"));

    // What a kill has left in the journals is folded in first.
    end(serve(data.path(), &[]));
    let before = files(data.path());
    for (name, why) in [
        ("cut", "is not a backup of SCIM Setup"),
        ("text", "is not a backup of SCIM Setup"),
        ("empty", "is not a backup of SCIM Setup"),
        ("spoiled", "is damaged"),
        ("newer", "was made by a newer SCIM Setup"),
        ("another", "is not a backup of SCIM Setup"),
        ("name", "is not a backup of SCIM Setup"),
        ("missing", "No such file"),
    ] {
        let (code, said) = restore(data.path(), &file(name));
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains(why), "{name}: {said}");
        assert!(files(data.path()) == before, "{name}: nothing was changed");
        assert!(!data.path().join("restoring").exists(), "{name}: nothing is left");
    }
    let nowhere = elsewhere.path().join("nowhere");
    let (code, said) = back_up(&nowhere, &file("new"));
    assert!(code == Some(2) && said.contains("has no database"), "{said}");
    assert_eq!(restore(data.path(), &whole).0, Some(0), "the whole one is restored");
}

#[test]
fn a_restore_that_was_prepared_is_carried_out_by_the_next_start_and_said() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (directory, token) = (directory_of(&serving), serving.text("bearerToken"));
    create(&mut Role::idp(&serving, &directory, &token), "ada");
    let mut person = Role::person(&serving);
    let made = person.ask("POST", "/api/data/backups", None);
    let name = made["name"].as_str().expect("a name");
    create(&mut Role::idp(&serving, &directory, &token), "grace");
    person.ask("POST", &format!("/api/data/backups/{name}/restore"), None);
    // A crash is an end like any other.
    end(serving);

    let serving = serve(data.path(), &[]);
    assert_eq!(serving.text("restored"), name);
    assert_eq!(counts(&serving)["users"], 1);
    end(serving);
    let serving = serve(data.path(), &[]);
    assert_eq!(serving.line.get("restored"), None, "it is over");
    assert_eq!(counts(&serving)["users"], 1);
    end(serving);
}
