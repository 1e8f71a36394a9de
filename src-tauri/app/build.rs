//! Prepares what `tauri::generate_context!` reads at compile time.

use std::{fs, path::Path};

/// Shown when the window was built before its interface was.
const PLACEHOLDER: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>SCIM Setup</title>\n\
    <p>The interface is not built yet. Run <code>script/run</code>.</p>\n";

fn main() {
    // `generate_context!` does not compile without `frontendDist`, and `cargo test` must not need npm.
    let index = Path::new("ui/dist/index.html");
    if !index.exists() {
        fs::create_dir_all("ui/dist").expect("ui/dist can be created");
        fs::write(index, PLACEHOLDER).expect("ui/dist/index.html can be written");
    }
    tauri_build::build();
}
