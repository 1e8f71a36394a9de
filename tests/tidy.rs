//! Keeps the layers of the package `server` apart: which module may use which, which library stays where, what is public. Keeps the files
//! of each folder, in any package, from using each other in a circle, and looks at how things are said.
//!
//! `src-tauri/ARCHITECTURE.md` says what each layer is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The modules of `server`, low to high, and what each may use. Only what stands before a module can be in its list, so there are no
/// cycles. Before you add an arrow: can what both need move down, or come in as a value?
const LAYERS: &[(&str, &[&str])] = &[
    // Values and rules over values: no I/O.
    ("clock", &[]),
    ("ids", &[]),
    ("secret", &["ids"]),
    // Of the process rather than of a server: it masks what anybody says.
    ("private_folder", &[]),
    ("log", &["private_folder", "secret"]),
    ("model", &[]),
    ("facts", &["clock", "model"]),
    ("transfer", &["model"]),
    ("insight", &["clock", "facts", "model", "secret"]),
    // The data, and what everything above it shares.
    ("live", &["model"]),
    ("store", &["clock", "facts", "model", "private_folder", "secret"]),
    ("scopes", &["model", "secret", "store"]),
    ("guests", &["model", "secret"]),
    ("forwarding", &["model", "secret"]),
    // Insight: core keeps what is gathered for notifications, a value with its rules, for those who see and those who tell.
    ("core", &["clock", "forwarding", "guests", "insight", "live", "model", "scopes", "secret", "store"]),
    (
        "directory",
        &[
            "clock",
            "core",
            "facts",
            "forwarding",
            "ids",
            "insight",
            "live",
            "model",
            "scopes",
            "secret",
            "store",
            "transfer",
        ],
    ),
    // What answers and what asks. Nothing below knows who asks the domain, or over what.
    (
        "provisioning",
        &[
            "clock",
            "core",
            "directory",
            "facts",
            "forwarding",
            "guests",
            "ids",
            "insight",
            "model",
            "scopes",
            "secret",
            "store",
        ],
    ),
    ("tunnel", &["clock", "core", "directory", "ids", "insight", "model", "secret"]),
    ("simulations", &["clock", "core", "directory", "guests", "ids", "insight", "model", "store"]),
    // Provisioning: what a person does with many goes the way of every request.
    ("batches", &["clock", "core", "directory", "ids", "model", "provisioning", "scopes", "store", "transfer"]),
    ("listener", &["core", "directory", "model", "provisioning"]),
    // Provisioning: what a client may take is one for all listeners. Store: the rows that are recorded.
    ("integration", &["clock", "core", "directory", "ids", "listener", "model", "provisioning", "secret", "store"]),
    (
        "control",
        &[
            "batches",
            "core",
            "directory",
            "insight",
            "integration",
            "listener",
            "log",
            "model",
            "simulations",
            "tunnel",
        ],
    ),
    // The life of it all.
    (
        "server",
        &[
            "batches",
            "clock",
            "control",
            "core",
            "directory",
            "ids",
            "integration",
            "listener",
            "log",
            "model",
            "provisioning",
            "secret",
            "simulations",
            "store",
            "tunnel",
        ],
    ),
];

/// The packages whose files are held apart, and whose words are looked at.
const PACKAGES: [&str; 7] = ["scim", "idp", "wire", "simulator", "server", "cli", "app"];

/// Libraries that stay where they are, and where that is.
const LIBRARIES: &[(&str, &[&str])] =
    // `listener/serve.rs` hands what it accepts to a router. Methods, headers and statuses as values are in the crate `http`.
    &[("rusqlite", &["store"]), ("axum", &["provisioning", "integration", "control", "listener/serve.rs"])];

/// Arrows that are wrong and still there: file, module. There are none, and this list only shrinks.
const EXCEPTIONS: &[(&str, &str)] = &[];

#[test]
fn every_module_uses_only_what_it_may() {
    let arrows: Vec<(String, String)> = sources()
        .iter()
        .flat_map(|(file, code)| modules_used(file, code).into_iter().map(|module| (file.clone(), module)))
        .filter(|(file, module)| !is_allowed(file, module))
        .collect();
    let is_same = |arrow: &(String, String), exception: &(&str, &str)| arrow.0 == exception.0 && arrow.1 == exception.1;
    let new = arrows.iter().filter(|arrow| !EXCEPTIONS.iter().any(|exception| is_same(arrow, exception)));
    let gone = EXCEPTIONS.iter().filter(|exception| !arrows.iter().any(|arrow| is_same(arrow, exception)));
    let gone =
        gone.map(|(file, module)| format!("src/{file} uses crate::{module} no more: take it out of EXCEPTIONS."));
    let problems: Vec<String> = new.map(|(file, module)| advice(file, module)).chain(gone).collect();
    assert!(problems.is_empty(), "see tests/tidy.rs\n{}", problems.join("\n"));
}

#[test]
fn each_library_stays_where_it_is() {
    for (file, code) in sources() {
        for (library, homes) in LIBRARIES {
            let is_home = homes.iter().any(|home| file == *home || layer(&file) == *home);
            assert!(
                is_home || !words(&code).any(|word| word == *library),
                "src/{file} uses {library}, which stays in {homes:?}"
            );
        }
    }
}

/// The lint `unreachable_pub` says the same of items, but not of fields.
#[test]
fn only_what_lib_re_exports_is_public() {
    let sources = sources();
    let (_, lib) = sources.iter().find(|(file, _)| file == "lib.rs").expect("lib.rs is there");
    let named = |line: &str, before: &str| line.strip_prefix(before).map(|rest| name(rest).to_owned());
    let declared: BTreeSet<_> = lib.lines().filter_map(|line| named(line.trim_start_matches("pub "), "mod ")).collect();
    let layers: BTreeSet<_> = LAYERS.iter().map(|(layer, _)| (*layer).to_owned()).collect();
    assert_eq!(declared, layers, "lib.rs and LAYERS name the same modules");
    let open: Vec<_> = lib.lines().filter_map(|line| named(line, "pub mod ")).collect();
    assert_eq!(open, ["model"], "other modules are private: re-export by name what app, cli and tests use");
    let exported: BTreeSet<_> = lib.lines().filter_map(|line| named(line, "pub use ")).chain(open).collect();
    for (file, code) in sources.iter().filter(|(file, _)| file != "lib.rs" && !exported.contains(layer(file))) {
        let public = code.lines().find(|line| line.trim_start().starts_with("pub "));
        assert_eq!(public, None, "src/{file}: lib.rs re-exports nothing of this module; make it pub(crate)");
    }
}

/// "Is no time" is not English. What is right besides stands behind the words.
#[test]
fn nothing_is_no_something() {
    let said = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let (verb, no) = (|word: &str| ["is", "are", "was", "were"].contains(&word), |word: &str| word == "no");
        words.windows(4).any(|four| {
            let is_right = ["longer", "more", "help", "reason", "news"].iter().any(|it| four[3].starts_with(it));
            !four[0].to_lowercase().ends_with("there") && verb(four[1]) && no(four[2]) && !is_right
        })
    };
    assert!(said("/// `None`: this is no time.") && !said("// There is no time.") && !said("// it is no longer kept"));
    for package in PACKAGES {
        for (file, code) in sources_of(package) {
            let line = code.lines().find(|line| said(line));
            assert_eq!(line, None, "{package}/src/{file}: say what it is not: \"is not a …\"");
        }
    }
}

/// What people read in the window says it as they would; beside each is what was meant.
#[test]
fn words_are_those_of_who_speaks_english_at_home() {
    const OTHERWISE: [(&str, &str); 10] = [
        ("stands there", "appears"),
        ("other letter case", "a different case"),
        ("as it is.", "as is."),
        ("go with it", "will be deleted too"),
        ("by themselves", "automatically"),
        ("at hand?", "No … account?"),
        ("what was answered", "how it was answered"),
        ("There never was", "There has never been"),
        ("has no notifications", "does not support"),
        ("on the way there", "in transit"),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src");
    let texts: Vec<_> = files(&root, &["ts"]).into_iter().filter(|(file, _)| file.ends_with("words.ts")).collect();
    assert!(texts.len() > 10, "the texts are where they were: {}", texts.len());
    for (file, code) in texts {
        for (said, meant) in OTHERWISE {
            assert!(!without_comments(&code).contains(said), "ui/src/{file}: not \"{said}\", but \"{meant}\"");
        }
    }
}

/// One English, that of the United States: people search for `catalog` and `color`.
#[test]
fn words_are_spelled_in_one_way() {
    const OTHERWISE: [&str; 12] = [
        "recognis",
        "synchronis",
        "normalis",
        "optimis",
        "organis",
        "catalogue",
        "colour",
        "neighbour",
        "behaviour",
        "favour",
        "e-mail",
        "licence",
    ];
    let said = |code: &str| {
        let code = code.to_lowercase();
        OTHERWISE.into_iter().find(|word| code.contains(word))
    };
    assert!(said("/// As an E-mail says.").is_some() && said("/// As an email says.").is_none());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = PACKAGES.map(|package| format!("src-tauri/{package}/src"));
    for folder in folders.iter().map(String::as_str).chain(["tests", "ui/src"]) {
        for (file, code) in files(&root.join(folder), &["rs", "ts", "svelte", "css"]) {
            // What earlier versions wrote is read as they wrote it, and this file names the words.
            let is_aside = file.starts_with("facts/earlier") || file == "tidy.rs";
            assert_eq!(said(&code).filter(|_| !is_aside), None, "{folder}/{file}");
        }
    }
}

/// The most lines of a file of the interface. A screen is what a route or a tab shows by itself: it stands in `screens`, or its name ends
/// with `Tab`; any other component is part of one. `None`: it is made by a program, or a test.
fn most_lines(file: &str) -> Option<usize> {
    let is_screen = file.ends_with("Tab.svelte") || (file.starts_with("screens/") && file.matches('/').count() == 1);
    match file.rsplit_once('.')? {
        (_, "svelte") if is_screen => Some(250),
        (_, "svelte") => Some(150),
        (name, "ts") if !name.ends_with(".test") && !name.ends_with(".d") => Some(300),
        _ => None,
    }
}

#[test]
fn files_of_the_interface_stay_small() {
    assert_eq!(most_lines("screens/Case.svelte").max(most_lines("screens/requests/RequestsTab.svelte")), Some(250));
    assert_eq!((most_lines("screens/requests/RequestRow.svelte"), most_lines("api/schema.d.ts")), (Some(150), None));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src");
    for (file, code) in files(&root, &["svelte", "ts"]) {
        let (lines, most) = (code.lines().count(), most_lines(&file).unwrap_or(usize::MAX));
        assert!(lines <= most, "ui/src/{file} has {lines} lines, at most {most}: what of it has a meaning of its own?");
    }
}

/// Each promise of SECURITY.md is held by tests that are there.
#[test]
fn every_promise_names_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let promises = fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md is there");
    let sources = ["tests", "src-tauri"].into_iter().flat_map(|folder| rust_files(&root.join(folder)));
    let tests: String = sources.map(|(_, code)| code).collect();
    let rows = promises.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Promise"));
    let mut count = 0;
    for row in rows {
        let named = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let named: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test is named in: {row}");
        for name in named {
            assert!(tests.contains(&format!("fn {name}()")), "there is no test {name}, which SECURITY.md names");
        }
        count += 1;
    }
    assert!(count > 10, "{count} promises");
}

#[test]
fn a_wrong_arrow_is_found() {
    let used = |file, code| modules_used(file, &without_comments(code)).into_iter().collect::<Vec<_>>().join(" ");
    let nested =
        "use crate::{clock::{self, Millis}, insight::{guide, subject::{Match, Subject}},\n    model::Change,\n};";
    assert_eq!(used("store/users.rs", nested), "clock insight model");
    assert_eq!(used("store/users.rs", "fn f() -> crate::core::Core { \"http://x\"; crate::live::f() }"), "core live");
    assert_eq!(
        used("store/users.rs", "use super::super::control; use super::live; #[cfg(test)] use crate::ids;"),
        "control ids"
    );
    assert_eq!(
        used("store/users.rs", "//! [`crate::core`]\nmy_crate::live(); // crate::core\nuse crate::store::f;"),
        ""
    );
    assert_eq!(used("store/users.rs", "use crate::*; use crate::Clock;"), "* Clock", "no way round the table");
    assert!(is_allowed("directory/users.rs", "store") && !is_allowed("store/users.rs", "directory"));
    assert!(
        !is_allowed("store.rs", "Clock") && advice("store/users.rs", "core").contains("the store must not know core")
    );
}

/// What two files need of each other belongs in one below both.
#[test]
fn files_of_one_folder_do_not_use_each_other_in_a_circle() {
    for package in PACKAGES {
        let sources = sources_of(package).into_iter().filter(|(file, _)| !file.ends_with("tests.rs"));
        let sources: Vec<_> = sources.map(|(file, code)| (file, without_comments(&code))).collect();
        let modules: BTreeSet<_> = sources.iter().map(|(file, _)| module(file)).collect();
        let arrows: BTreeSet<_> =
            sources.iter().flat_map(|(file, code)| neighbors_used(file, code, &modules)).collect();
        let circles = arrows.iter().filter(|(from, to)| leads_to(&arrows, to, from));
        let circles: Vec<_> = circles.map(|(from, to)| format!("{} uses {}", from.join("/"), to.join("/"))).collect();
        assert!(circles.is_empty(), "{package}: each of these arrows is part of a circle:\n{}", circles.join("\n"));
    }
}

#[test]
fn a_circle_is_found() {
    let modules: BTreeSet<_> = ["a", "a/b", "a/b/c", "a/d"].map(module).into();
    let used = |file, code: &str| neighbors_used(file, code, &modules).into_iter().collect::<Vec<_>>();
    let arrow = |from: &str, to: &str| (module(from), module(to));
    assert_eq!(used("a/b.rs", "use super::d::{self, X};"), [arrow("a/b", "a/d")]);
    assert_eq!(
        used("a/b/c.rs", "use crate::{x, a::{d::X}};"),
        [arrow("a/b", "a/d")],
        "a child's arrow is its parent's"
    );
    assert_eq!(used("a/d.rs", "fn f() { super::b::c::g() }"), [arrow("a/d", "a/b")]);
    assert_eq!(used("a/b/c.rs", "use super::super::d;"), [arrow("a/b", "a/d")]);
    assert_eq!(used("a/b.rs", "use super::X; use self::c::Y; #[cfg(test)]\nmod tests { use super::d; }"), []);
    let arrows: BTreeSet<_> = [arrow("a/b", "a/d"), arrow("a/d", "a/e"), arrow("a/e", "a/b")].into();
    assert!(leads_to(&arrows, &module("a/d"), &module("a/b")) && !leads_to(&arrows, &module("a/x"), &module("a/b")));
}

#[test]
fn arrows_point_one_way() {
    for (at, (layer, may_use)) in LAYERS.iter().enumerate() {
        for module in *may_use {
            let is_below = LAYERS[..at].iter().any(|(below, _)| below == module);
            assert!(is_below, "{layer} may use only what stands before it in LAYERS, not {module}");
        }
    }
}

fn is_allowed(file: &str, module: &str) -> bool {
    may_use(file).contains(&module)
}

fn may_use(file: &str) -> &'static [&'static str] {
    LAYERS.iter().find(|(name, _)| *name == layer(file)).map_or(&[], |(_, may_use)| may_use)
}

fn advice(file: &str, module: &str) -> String {
    let (layer, may_use) = (layer(file), may_use(file).join(", "));
    format!(
        "src/{file} uses crate::{module}: the {layer} must not know {module}; it may use {may_use}. Move down what both need, \
         pass it in as a value, or do it further up, where both are known."
    )
}

/// `store` of `store.rs` and `store/users.rs`.
fn layer(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// Every file of `server` below `src`, by name, without its comments.
fn sources() -> Vec<(String, String)> {
    sources_of("server").into_iter().map(|(file, code)| (file, without_comments(&code))).collect()
}

/// Every file of a package below `src`, by name.
fn sources_of(package: &str) -> Vec<(String, String)> {
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src"))
}

/// All Rust files below a folder, what others wrote aside: path from there, code.
fn rust_files(root: &Path) -> Vec<(String, String)> {
    files(root, &["rs"])
}

/// The same of all files whose names end so.
fn files(root: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let (mut folders, mut sources) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.extend((!path.ends_with("node_modules")).then_some(path));
            } else if path.extension().is_some_and(|extension| endings.iter().any(|ending| extension == *ending)) {
                let file = path.strip_prefix(root).expect("it is below src").to_string_lossy().replace('\\', "/");
                sources.push((file, fs::read_to_string(path).expect("a source can be read")));
            }
        }
    }
    sources.sort();
    sources
}

/// A comment begins with `//`, unless that belongs to the address in a text.
fn without_comments(code: &str) -> String {
    let code_of = |line: &str| {
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        comment.map_or(line, |(at, _)| &line[..at]).to_owned()
    };
    code.lines().map(code_of).collect::<Vec<_>>().join("\n")
}

/// The modules at the root that a file uses, its own aside: by `crate::…`, or by enough of `super::…` to reach the root.
fn modules_used(file: &str, code: &str) -> BTreeSet<String> {
    let to_root = "super::".repeat(file.split('/').count());
    let climbed = first_names(code, &to_root).filter(|name| LAYERS.iter().any(|(layer, _)| layer == name));
    first_names(code, "crate::").chain(climbed).filter(|name| name != layer(file)).collect()
}

type Module = Vec<String>;

/// `["store", "users"]` of `store/users.rs`.
fn module(file: &str) -> Module {
    file.trim_end_matches(".rs").split('/').map(str::to_owned).collect()
}

/// From which to which of the files of one folder, or what is below them, an arrow of this file leads. Its tests do not count.
fn neighbors_used(file: &str, code: &str, modules: &BTreeSet<Module>) -> BTreeSet<(Module, Module)> {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let own = module(file);
    let absolute = code.match_indices("crate::").flat_map(|(at, prefix)| paths_of(&code[at + prefix.len()..]));
    let climbed = code.match_indices("super::").filter(|(at, _)| !code[..*at].ends_with("::")).flat_map(|(at, _)| {
        let path = code[at..].trim_start_matches("super::");
        let climbed = (code[at..].len() - path.len()) / "super::".len();
        let above = own[..own.len().saturating_sub(climbed)].to_vec();
        paths_of(path).into_iter().map(move |path| [above.clone(), path].concat())
    });
    let arrow = |used: Module| {
        let shared = own.iter().zip(&used).take_while(|(own, used)| own == used).count();
        let (from, to) = (own.get(..=shared)?, used.get(..=shared)?);
        modules.contains(to).then(|| (from.to_vec(), to.to_vec()))
    };
    absolute.chain(climbed).filter_map(arrow).collect()
}

/// Whether arrows lead from one module to another.
fn leads_to(arrows: &BTreeSet<(Module, Module)>, from: &Module, to: &Module) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(at) = next.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            next.extend(arrows.iter().filter(|(before, _)| before == at).map(|(_, behind)| behind));
        }
    }
    false
}

/// The names at the beginning of what stands behind a prefix: `a` and `b` in `crate::a::x` and in `crate::{a::x, b::{x, y}}`.
fn first_names<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = String> {
    let is_path = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    // From the end, so that of many `super::` the last ones count.
    let paths = code.rmatch_indices(prefix).filter(move |(at, _)| is_path(*at));
    paths.flat_map(move |(at, _)| paths_of(&code[at + prefix.len()..])).filter_map(|path| path.into_iter().next())
}

/// The paths that a text begins with, each as its names: `a::x` and `b::y` in `{a::x, b::{y}}`.
fn paths_of(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start();
    let Some(list) = text.strip_prefix('{') else {
        let name = name(text);
        let mut rest = text[name.len()..].strip_prefix("::").map(paths_of).unwrap_or_default();
        if rest.is_empty() && !name.is_empty() {
            rest.push(Vec::new());
        }
        return rest.into_iter().map(|rest| [vec![name.to_owned()], rest].concat()).collect();
    };
    let (mut paths, mut depth) = (paths_of(list), 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => paths.extend(paths_of(&list[at + 1..])),
            _ => {}
        }
    }
    paths
}

/// The name at the beginning, or `*`.
fn name(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with('*') { "*" } else { &text[..end] }
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}
