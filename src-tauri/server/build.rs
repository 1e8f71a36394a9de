//! The interface is built into the program; before it is built, a page that says so stands in.

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
}
