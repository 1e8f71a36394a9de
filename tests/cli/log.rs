//! What `scim-setup serve` writes into its log.

use std::fs;

use serde_json::{Value, json};

use crate::role::Role;
use crate::serve::{Serving, serve};

fn end(mut serving: Serving) {
    serving.child.kill().expect("the program ends");
    serving.child.wait().expect("the end");
}

/// All files and folders in a folder.
#[cfg(unix)]
fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { [vec![path.clone()], walk(&path)].concat() } else { vec![path] })
        .collect()
}

#[test]
fn the_log_is_in_the_data_folder_and_has_no_secret_in_it() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (token, key) = (serving.text("bearerToken"), serving.text("controlKey"));
    let user = json!({"userName": "ada@example.com", "password": "k3Jd92xQ"});
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    let mut idp = Role::idp(&serving, &directory, &token);
    assert_eq!(idp.send("POST", "/Users", Some(&user)).expect("an answer").status, 201);
    assert_eq!(idp.send("POST", "/Users", Some(&user)).expect("an answer").status, 409);
    let status = Role::person(&serving).get("/api/status");
    let folder = data.path().join("logs");
    assert_eq!(status["logFolder"], folder.display().to_string(), "{status}");
    assert!(status["commit"].as_str().is_some_and(|commit| !commit.is_empty()), "{status}");
    assert_eq!(Role::person(&serving).get("/api/log")["warnings"], json!([]));
    #[cfg(unix)]
    for entry in walk(data.path()) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&entry).expect("an entry").permissions());
        assert_eq!(mode & 0o077, 0, "nobody else can read {}", entry.display());
    }
    end(serving);

    // What is wrong is told, also after a restart, and names no folder where it is told to somebody else.
    let record = data.path().join("requests.sqlite3");
    fs::write(&record, vec![0xa5; 40_000]).expect("damage");
    let serving = serve(data.path(), &[]);
    let told: Value = Role::person(&serving).get("/api/log");
    let warnings = told["warnings"].as_array().expect("lines");
    assert!(warnings.iter().any(|line| line.as_str().is_some_and(|line| line.contains("(data folder)"))), "{told}");
    assert!(!told.to_string().contains(&data.path().display().to_string()), "{told}");
    end(serving);
    let log = fs::read_to_string(folder.join("scim-setup.log")).expect("the log");
    assert!(log.contains("SCIM Setup serves its interface") && log.contains(" ERROR "), "{log}");
    for secret in [token.as_str(), key.as_str(), "k3Jd92xQ", "ada@example.com"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
