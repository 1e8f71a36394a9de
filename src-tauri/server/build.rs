//! The interface is built into the program; before it is built, a page that says so stands in. A release says from which commit it is.

use std::path::Path;

fn main() {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../ui/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    let page = folder.join("index.html");
    if !page.exists() {
        std::fs::create_dir_all(&folder).expect("ui/dist can be created");
        std::fs::write(page, "<!doctype html><title>SCIM Setup</title><p>Build the interface: npm run build in ui.\n")
            .expect("ui/dist can be written");
    }
    println!("cargo::rustc-env=SCIM_SETUP_COMMIT={}", commit());
}

/// The commit that is built, with a word if files were changed. A debug build is not built anew for each commit, and cannot say.
fn commit() -> String {
    println!("cargo::rerun-if-env-changed=SCIM_SETUP_COMMIT");
    if let Ok(named) = std::env::var("SCIM_SETUP_COMMIT") {
        return named;
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return "debug build".to_owned();
    }
    // What git writes with each commit.
    if let Some(log) = git(&["rev-parse", "--path-format=absolute", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]).unwrap_or_else(|| "unknown".to_owned())
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = std::process::Command::new("git").args(arguments).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !said.is_empty()).then_some(said)
}
