//! What the interface's pages may do, in a browser and in the window: no script but our own, nothing from elsewhere.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{client, serve::serve};

/// bits-ui's `style="display: contents;"`.
const STYLE: &str = "'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw='";

#[test]
fn no_page_runs_inline_scripts_or_loads_anything_from_elsewhere() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &[]);
    let key = format!("Bearer {}", serving.text("controlKey"));
    let page = client::send("GET", &format!("{}/", serving.text("controlUrl")), &[("Authorization", &key)], None);
    let page = page.expect("an answer");
    check(page.header("Content-Security-Policy").expect("a policy"), &[]);
    for tag in page.body.split("<script").skip(1) {
        let (attributes, rest) = tag.split_once('>').expect("the tag ends");
        assert!(attributes.contains("src=\"/"), "a script of its own file: {attributes}");
        assert!(rest.trim_start().starts_with("</script>"), "nothing in between: {rest}");
    }
    assert!(!page.body.contains("://"), "no address of another place: {}", page.body);

    let window = include_str!("../../tauri.conf.json");
    let window: Value = serde_json::from_str(window).expect("it is JSON");
    // How the window reaches the program that it is a part of.
    let own = ["ipc:", "http://ipc.localhost", "control:", "http://control.localhost"];
    check(window["app"]["security"]["csp"].as_str().expect("a policy"), &own);
}

fn check(policy: &str, own: &[&str]) {
    let directives: BTreeMap<&str, Vec<&str>> = policy
        .split(';')
        .filter_map(|directive| {
            let mut words = directive.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    let scripts = directives.get("script-src").or(directives.get("default-src")).expect("scripts have a policy");
    assert_eq!(scripts, &["'self'"], "{policy}");
    for sources in directives.values() {
        for source in sources {
            // Of what stands in a page's text, a hash lets in this one attribute.
            let is_known =
                ["'self'", "'none'", "'unsafe-hashes'", STYLE, "data:"].contains(source) || own.contains(source);
            assert!(is_known, "{source} in {policy}");
        }
    }
    for (directive, sources) in [("object-src", "'none'"), ("base-uri", "'none'"), ("frame-ancestors", "'none'")] {
        assert_eq!(directives.get(directive), Some(&vec![sources]), "{directive} in {policy}");
    }
}
