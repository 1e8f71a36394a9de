//! Whether a recorded request has the shape of another: the same method, target, headers and body, whoever it is about.

use serde_json::{Map, Value};

/// Attributes that a person may have and the person of the fixture has not.
const MORE: &[&str] = &[
    "title",
    "locale",
    "displayName",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "members",
    "groups",
];

/// Attributes that a PUT has only if the server sent them.
const ECHOED: &[&str] = &["groups", "formatted"];

/// What of a recorded request differs from the request of a fixture, whose headers have been filled in.
pub(crate) fn differences(fixture: &Value, headers: &Map<String, Value>, recorded: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: String, actual: String| {
        if expected != actual {
            found.push(format!("{what}: expected {expected}, came {actual}"));
        }
    };
    compare("method", text(&fixture["method"]), text(&recorded["row"]["method"]));
    compare("target", target(&text(&fixture["target"])), target(&recorded_target(recorded)));
    compare("headers", shown(expected_headers(headers)), shown(recorded_headers(recorded)));
    let sent: Value = serde_json::from_str(recorded["request"]["body"].as_str().unwrap_or("null")).expect("JSON");
    let is_echo = fixture["method"] == "PUT";
    bodies("body", fixture.get("body").unwrap_or(&Value::Null), &sent, is_echo, &mut found);
    found
}

/// A target without what is particular to somebody: `/Users/*`, `/Users?filter=userName%20eq%20%22*%22`.
pub(crate) fn target(target: &str) -> String {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let segments: Vec<&str> =
        path.split('/').enumerate().map(|(number, segment)| if number == 2 { "*" } else { segment }).collect();
    let mut query = query.map(str::to_owned);
    if let Some(text) = query.as_mut()
        && let Some((before, rest)) = text.clone().split_once("%22")
        && let Some((_, after)) = rest.split_once("%22")
    {
        *text = format!("{before}%22*%22{after}");
    }
    query.map_or(segments.join("/"), |query| format!("{}?{query}", segments.join("/")))
}

/// What follows the base URL.
pub(crate) fn recorded_target(recorded: &Value) -> String {
    let whole = text(&recorded["target"]);
    let rest = whole.strip_prefix("/scim/v2/").unwrap_or(&whole);
    rest.find('/').map_or_else(String::new, |at| rest[at..].to_owned())
}

fn expected_headers(headers: &Map<String, Value>) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_lowercase(), masked(name, &text(value)))).collect()
}

/// Without what belongs to the connection.
fn recorded_headers(recorded: &Value) -> Vec<(String, String)> {
    let pairs = recorded["request"]["headers"].as_array().into_iter().flatten();
    let pairs = pairs.map(|pair| (text(&pair[0]), masked(&text(&pair[0]), &text(&pair[1]))));
    pairs.filter(|(name, _)| name != "host" && name != "content-length").collect()
}

/// The secret itself is nobody's business; its scheme is.
fn masked(name: &str, value: &str) -> String {
    if !name.eq_ignore_ascii_case("authorization") {
        return value.to_owned();
    }
    let words: Vec<&str> = value.split(' ').collect();
    words[..words.len() - 1].iter().copied().chain(["*"]).collect::<Vec<_>>().join(" ")
}

fn shown(mut headers: Vec<(String, String)>) -> String {
    headers.sort();
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" | ")
}

/// Compares bodies by their names, the order of their names, and the types of their values. A PUT echoes what the server sent, so the
/// order is the server's.
fn bodies(at: &str, expected: &Value, sent: &Value, is_echo: bool, found: &mut Vec<String>) {
    match (expected, sent) {
        (Value::Object(expected), Value::Object(sent)) => {
            let is_operation = expected.contains_key("op");
            let wanted: Vec<&String> = expected.keys().collect();
            let more = |name: &&String| MORE.contains(&name.as_str()) || (is_echo && name.as_str() != "password");
            let names: Vec<&String> =
                sent.keys().filter(|name| expected.contains_key(*name) || is_operation || !more(name)).collect();
            let is_same = if is_echo {
                wanted.iter().all(|name| sent.contains_key(*name) || ECHOED.contains(&name.as_str()))
            } else {
                // Whose attributes they are is left open where a PATCH names them without a path.
                at.ends_with("value") || wanted == names
            };
            if !is_same {
                found.push(format!("{at}: expected the names {wanted:?}, came {names:?}"));
            }
            for (name, expected) in expected {
                if let Some(sent) = sent.get(name) {
                    bodies(&format!("{at}.{name}"), expected, sent, is_echo, found);
                }
            }
        }
        (Value::Array(expected), Value::Array(sent)) => {
            let is_operations = at.ends_with("Operations");
            for (position, sent) in sent.iter().enumerate() {
                let similar = |expected: &&Value| !is_operations || operation_kind(expected) == operation_kind(sent);
                match expected.iter().find(similar) {
                    Some(expected) => bodies(&format!("{at}[{position}]"), expected, sent, is_echo, found),
                    None if expected.is_empty() && MORE.iter().any(|name| at.ends_with(name)) => {}
                    None => found.push(format!("{at}[{position}]: {sent} is like none of {expected:?}")),
                }
            }
            for expected in expected.iter().filter(|_| is_operations) {
                if !sent.iter().any(|sent| operation_kind(sent) == operation_kind(expected)) {
                    found.push(format!("{at}: there is no operation like {expected}"));
                }
            }
        }
        (Value::String(expected), Value::String(sent))
            if expected != sent && (at.ends_with("schemas[0]") || at.ends_with(".op")) =>
        {
            found.push(format!("{at}: expected {expected}, came {sent}"));
        }
        (expected, sent) if std::mem::discriminant(expected) != std::mem::discriminant(sent) => {
            found.push(format!("{at}: expected something like {expected}, came {sent}"));
        }
        _ => {}
    }
}

/// The kind of an operation: its `op`, and what its path is like.
fn operation_kind(operation: &Value) -> String {
    let path = match operation["path"].as_str() {
        None => "none",
        Some(path) if path.starts_with("members[") => "a member",
        Some("members") => "members",
        Some("active") => "active",
        Some(path) if path.contains('[') => "a filter",
        Some(_) => "an attribute",
    };
    format!("{} {path}", operation["op"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_differs_is_seen() {
    use serde_json::json;
    let mut found = Vec::new();
    let operations =
        |op: &str, path: &str, value: Value| json!({"Operations": [{"op": op, "path": path, "value": value}]});
    let expected = operations("Replace", "active", json!("False"));
    for (sent, is_same) in [
        (operations("Replace", "active", json!("True")), true),
        (operations("replace", "active", json!("False")), false),
        (operations("Replace", "active", json!(false)), false),
        (operations("Replace", "title", json!("False")), false),
        (json!({"Operations": []}), false),
        (json!({}), false),
    ] {
        found.clear();
        bodies("body", &expected, &sent, false, &mut found);
        assert_eq!(found.is_empty(), is_same, "{sent}: {found:?}");
    }
    assert_eq!(target("/Users/123?"), "/Users/*?");
    assert_eq!(target("/Users?filter=userName+eq+%22a%40b%22&"), "/Users?filter=userName+eq+%22*%22&");
}
