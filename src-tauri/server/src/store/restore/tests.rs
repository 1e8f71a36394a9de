use super::*;
use crate::store::{Store, back_up};

const STAMP: &str = "20260607-120311";

/// A data folder whose databases both say `whose`.
fn folder_of(whose: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    Store::open(folder.path()).expect("a store").0.close();
    for name in [TRUTH, REQUESTS] {
        let c = Connection::open(folder.path().join(name)).expect("a database");
        c.execute_batch(&format!("CREATE TABLE whose AS SELECT '{whose}' AS name")).expect("a table");
    }
    folder
}

/// What a database of a folder says; `None`: it is not there.
fn whose(folder: &Path, name: &str) -> Option<String> {
    let c = Connection::open_with_flags(folder.join(name), OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    Some(c.query_row("SELECT name FROM whose", [], |row| row.get(0)).expect("it says so"))
}

#[test]
fn two_restores_in_one_second_keep_what_each_has_replaced() {
    let (first, second) = (folder_of("first"), folder_of("second"));
    let file = second.path().join("second.backup");
    back_up(second.path(), &file).expect("a backup");
    let kept = [(), ()].map(|()| restore(first.path(), &file, STAMP).expect("it is restored").expect("it is kept"));
    assert_eq!(kept[0].file_name().expect("a name"), "before-restore-20260607-120311");
    assert_eq!(kept[1].file_name().expect("a name"), "before-restore-20260607-120311-2");
    for (kept, owner) in kept.iter().zip(["first", "second"]) {
        for name in [TRUTH, REQUESTS] {
            assert_eq!(whose(kept, name).as_deref(), Some(owner), "{name}");
        }
    }
    let there = kept[0].join(TRUTH);
    let error = keep(&first.path().join(TRUTH), &there).expect_err("something is there");
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(whose(&kept[0], TRUTH).as_deref(), Some("first"), "it is what it was");
}

#[test]
fn what_the_disk_has_no_room_for_is_not_begun() {
    let (old, new) = (folder_of("old"), folder_of("new"));
    let file = new.path().join("new.backup");
    back_up(new.path(), &file).expect("a backup");
    // What is behind the end of the archive has no bytes on this disk, and more than any disk has room for.
    File::options().write(true).open(&file).and_then(|file| file.set_len(8 << 40)).expect("a sparse file");
    let error = restore(old.path(), &file, STAMP).expect_err("there is no room");
    assert!(matches!(error, BackupError::NoSpace(_, needed, free) if needed > 8 << 40 && free < needed), "{error}");
    let said = error.to_string();
    assert!(said.starts_with("There is too little space in ") && said.ends_with(" Nothing was changed."), "{said}");
    assert_eq!(whose(old.path(), TRUTH).as_deref(), Some("old"));
    assert!(!old.path().join(UNPACKED).exists(), "nothing was unpacked");
    assert!(check_space(old.path(), 1).is_ok(), "there is some room");
}

#[test]
fn a_restore_that_ends_anywhere_leaves_no_record_beside_the_truth_of_another() {
    for taken in 0..=STEPS.len() {
        let (old, new) = (folder_of("old"), folder_of("new"));
        let file = new.path().join("new.backup");
        back_up(new.path(), &file).expect("a backup");
        let unpacked = old.path().join(UNPACKED);
        unpack(&file, File::open(&file).expect("a file"), &unpacked).expect("it is one");
        let before = create_before(old.path(), STAMP).expect("a folder");
        let places = Places { folder: old.path().to_owned(), unpacked: unpacked.clone(), before: Some(before.clone()) };
        STEPS[..taken].iter().for_each(|step| step(&places).expect("it is taken"));

        let truth = whose(old.path(), TRUTH).expect("there is always one");
        let requests = whose(old.path(), REQUESTS);
        assert!(requests.as_ref().is_none_or(|requests| *requests == truth), "{taken}: {truth} and {requests:?}");
        if taken > 0 {
            assert_eq!(whose(&before, TRUTH).as_deref(), Some("old"), "{taken}: it is kept");
            assert_eq!(whose(&before, REQUESTS).as_deref(), Some("old"), "{taken}: it is kept");
        }
        assert_eq!(taken == STEPS.len(), truth == "new" && requests.is_some(), "{taken}");
        Store::open(old.path()).expect("a server can open it").0.close();
        assert!(!unpacked.exists(), "{taken}: what was unpacked is removed");
    }
}

/// Has the next start of a folder restore a backup of another one, as a server does that has it open.
fn stage_backup(folder: &Path, of: &Path, name: &str) {
    let file = of.join(name);
    back_up(of, &file).expect("a backup");
    stage(folder, &file, &Staged { backup: name.to_owned(), at: 7 }).expect("it is prepared");
}

#[test]
fn a_restore_at_the_next_start_that_ends_anywhere_goes_on_with_the_start_after_it() {
    for taken in 0..=STEPS.len() {
        let (old, new) = (folder_of("old"), folder_of("new"));
        stage_backup(old.path(), new.path(), "new.backup");
        let before = create_before(old.path(), STAMP).expect("a folder");
        let places =
            Places { folder: old.path().to_owned(), unpacked: old.path().join(STAGED), before: Some(before.clone()) };
        STEPS[..taken].iter().for_each(|step| step(&places).expect("it is taken"));
        let truth = whose(old.path(), TRUTH).expect("there is always one");
        let requests = whose(old.path(), REQUESTS);
        assert!(requests.as_ref().is_none_or(|requests| *requests == truth), "{taken}: {truth} and {requests:?}");

        let restored = restore_staged(old.path(), STAMP).expect("it goes on").expect("something was prepared");
        assert_eq!(restored.backup, "new.backup");
        for name in [TRUTH, REQUESTS] {
            assert_eq!(whose(old.path(), name).as_deref(), Some("new"), "{taken}: {name}");
            let kept = [Some(&before), restored.before.as_ref()].into_iter().flatten();
            let kept = kept.filter_map(|kept| whose(kept, name)).next();
            assert_eq!(kept.as_deref(), Some("old"), "{taken}: {name} is kept");
        }
        assert_eq!(restore_staged(old.path(), STAMP).expect("nothing is left"), None, "{taken}");
        assert!(!old.path().join(STAGED).exists(), "{taken}");
    }
}

#[test]
fn one_restore_at_a_time_is_prepared_and_none_survives_another_decision() {
    let (old, new, other) = (folder_of("old"), folder_of("new"), folder_of("other"));
    assert!(!unstage(old.path()).expect("nothing is there"));
    stage_backup(old.path(), new.path(), "new.backup");
    stage_backup(old.path(), other.path(), "other.backup");
    let prepared = || staged(old.path()).expect("it is read").map(|staged| staged.backup);
    assert_eq!(prepared().as_deref(), Some("other.backup"));
    let broken = archive(&[(tar::EntryType::Regular, CONTENTS, b"{}")]);
    let none = Staged { backup: "broken.backup".to_owned(), at: 8 };
    stage(old.path(), broken.path(), &none).expect_err("it is none");
    assert_eq!(prepared().as_deref(), Some("other.backup"), "what was prepared stays");
    assert!(unstage(old.path()).expect("it is called off"));
    assert_eq!((prepared(), restore_staged(old.path(), STAMP).expect("nothing to do")), (None, None));
    assert_eq!(whose(old.path(), TRUTH).as_deref(), Some("old"));

    stage_backup(old.path(), new.path(), "again.backup");
    restore(old.path(), &other.path().join("other.backup"), STAMP).expect("somebody restores another by hand");
    assert_eq!(restore_staged(old.path(), STAMP).expect("nothing to do"), None);
    assert_eq!(whose(old.path(), TRUTH).as_deref(), Some("other"));
    let left = std::fs::read_dir(old.path()).expect("a folder").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("restor")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// An archive of these entries: kind, name, bytes.
fn archive(entries: &[(tar::EntryType, &str, &[u8])]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let mut tar = tar::Builder::new(file.reopen().expect("the file"));
    for (kind, name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(0o600);
        header.set_size(bytes.len() as u64);
        if kind.is_symlink() {
            header.set_link_name("/etc/hostname").expect("a name");
        }
        tar.append_data(&mut header, name, *bytes).expect("an entry");
    }
    tar.finish().expect("an end");
    file
}

#[test]
fn what_is_no_backup_is_refused() {
    use tar::EntryType::{GNUSparse, Link, Regular, Symlink};

    let ours = folder_of("ours");
    let copy = |name: &str| {
        let path = ours.path().join(format!("{name}.copy"));
        let c = Connection::open(ours.path().join(name)).expect("a database");
        c.execute("VACUUM INTO ?1", [path.display().to_string()]).expect("a copy");
        std::fs::read(path).expect("a file")
    };
    let (truth, requests) = (copy(TRUTH), copy(REQUESTS));
    let (newest, newest_requests) = (migrations::TRUTH.newest(), migrations::REQUESTS.newest());
    let another = |version: i64| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("another");
        let c = Connection::open(&path).expect("a database");
        c.execute_batch(&format!("CREATE TABLE notes (a); PRAGMA user_version = {version}")).expect("a table");
        drop(c);
        std::fs::read(path).expect("a file")
    };
    let json = |truth: i64, requests: Option<i64>| {
        let contents = Contents { program: PROGRAM.to_owned(), version: "1.0.0".to_owned(), truth, requests };
        serde_json::to_vec(&contents).expect("JSON")
    };
    let (alone, both) = (json(newest, None), json(newest, Some(newest_requests)));
    let (zero, earlier) = (json(0, None), json(newest - 1, None));
    let earlier_requests = json(newest, Some(newest_requests - 1));
    let (anothers, anothers_of_now) = (another(0), another(newest));
    fn contents(json: &[u8]) -> (tar::EntryType, &str, &[u8]) {
        (Regular, CONTENTS, json)
    }
    fn is(bytes: &[u8]) -> (tar::EntryType, &str, &[u8]) {
        (Regular, TRUTH, bytes)
    }
    fn record(bytes: &[u8]) -> (tar::EntryType, &str, &[u8]) {
        (Regular, REQUESTS, bytes)
    }
    let (truth, requests) = (truth.as_slice(), requests.as_slice());

    let data = folder_of("mine");
    let refused = |what: &str, file: &Path, why: &str| {
        let error = restore(data.path(), file, STAMP).expect_err(what).to_string();
        assert!(error.contains("is not a backup") && error.contains(why), "{what}: {error}");
        assert_eq!(whose(data.path(), TRUTH).as_deref(), Some("mine"), "{what}");
        assert!(!data.path().join(UNPACKED).exists(), "{what}: nothing is left");
    };
    type Entries<'a> = Vec<(tar::EntryType, &'a str, &'a [u8])>;
    let cases: Vec<(&str, Entries<'_>, &str)> = vec![
        ("no entry", vec![], "it is empty"),
        ("another order", vec![is(truth), contents(&alone)], "it begins with \"scim-setup.sqlite3\""),
        ("a foreign entry", vec![contents(&alone), is(truth), (Regular, "motto", b"x")], "\"motto\" does not belong"),
        ("a record of which nothing is said", vec![contents(&alone), is(truth), record(requests)], "does not belong"),
        ("contents twice", vec![contents(&alone), contents(&alone), is(truth)], "does not belong"),
        ("a database twice", vec![contents(&alone), is(truth), is(truth)], "is in it twice"),
        ("no database", vec![contents(&alone)], "a database is missing"),
        ("no record", vec![contents(&both), is(truth)], "a database is missing"),
        ("a symbolic link", vec![contents(&alone), (Symlink, TRUTH, b"")], "is not a regular file"),
        ("a hard link", vec![contents(&alone), (Link, TRUTH, b"")], "is not a regular file"),
        ("contents that are a link", vec![(Symlink, CONTENTS, b""), is(truth)], "is not a regular file"),
        ("a file with holes", vec![contents(&alone), (GNUSparse, TRUTH, truth)], "is not a"),
        ("no bytes", vec![contents(&alone), is(b"")], "is not the database"),
        ("no bytes of version 0", vec![contents(&zero), is(b"")], "is not the database"),
        ("a record without bytes", vec![contents(&both), is(truth), record(b"")], "is not the database"),
        ("another program's", vec![contents(&zero), is(&anothers)], "is not the database"),
        ("another program's of this version", vec![contents(&alone), is(&anothers_of_now)], "is not the database"),
        ("another version than is said", vec![contents(&earlier), is(truth)], "is not the database"),
        (
            "a record of another version than is said",
            vec![contents(&earlier_requests), is(truth), record(requests)],
            "is not the database",
        ),
    ];
    for (what, entries, why) in &cases {
        refused(what, archive(entries).path(), why);
    }
    refused("a folder", ours.path(), "it is not a file");

    // A header that promises more than there is.
    let small = archive(&[contents(&alone), is(truth)]);
    let bytes = std::fs::read(small.path()).expect("a file");
    std::fs::write(small.path(), &bytes[..bytes.len() / 2]).expect("it is cut");
    refused("an entry that is cut off", small.path(), "is cut off");

    let whole = archive(&[contents(&both), is(truth), record(requests)]);
    restore(data.path(), whole.path(), STAMP).expect("one that is as it should be");
    assert_eq!(whose(data.path(), TRUTH).as_deref(), Some("ours"));
}
