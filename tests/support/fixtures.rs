//! Replays the fixtures of tests/data/fixtures: requests that identity providers send, and what must be answered.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::{self, Answer};
use crate::matchers::{Scope, check, fill, resolve};

/// Lets a `lastModified` move before it is checked not to have moved.
const CLOCK_STEP: std::time::Duration = std::time::Duration::from_millis(20);

/// Which expectations hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Tolerant,
    Strict,
}

/// One request of an identity provider with what must be answered.
pub(crate) struct Fixture {
    pub name: String,
    content: Value,
}

/// An empty directory that fixtures are played against.
pub(crate) struct Target {
    pub base_url: String,
    pub token: String,
}

/// The fixtures of an identity provider, by name.
pub(crate) fn load(provider: &str) -> Vec<Fixture> {
    let folder = data().join(provider);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a directory entry").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let content = read(path);
            Fixture { name: content["name"].as_str().expect("a name").to_owned(), content }
        })
        .collect()
}

impl Fixture {
    /// Why the fixture says nothing about a server in this mode.
    pub(crate) fn skip_reason(&self, mode: Mode) -> Option<&str> {
        let config = self.content["config"].as_str().unwrap_or_default();
        let needs_set_up = config.starts_with("fault-injection") || config.starts_with("policy:");
        let is_other_mode = (config.starts_with("strict") && mode != Mode::Strict)
            || (config.starts_with("tolerant") && mode == Mode::Strict && self.content.get("expectStrict").is_none());
        (needs_set_up || is_other_mode).then_some(config)
    }

    /// What the recorded request has to be told to be: patterns, and the place of the request among those that were sent, from the last.
    pub(crate) fn says(&self, mode: Mode) -> Option<(Vec<&str>, usize)> {
        let patterns: Vec<&str> = self.content["says"].as_array()?.iter().filter_map(Value::as_str).collect();
        Some((patterns, self.expect(mode)["then"].as_array().map_or(0, Vec::len)))
    }

    /// The method of the request.
    pub(crate) fn method(&self) -> &str {
        self.content["request"]["method"].as_str().unwrap_or_default()
    }

    fn expect(&self, mode: Mode) -> &Value {
        let strict = self.content.get("expectStrict").filter(|_| mode == Mode::Strict);
        strict.unwrap_or(&self.content["expect"])
    }

    /// Plays the fixture against an empty directory and returns what failed.
    pub(crate) fn play(&self, target: &Target, mode: Mode) -> Vec<String> {
        self.try_to_play(target, mode).unwrap_or_else(|error| vec![error])
    }

    fn try_to_play(&self, target: &Target, mode: Mode) -> Result<Vec<String>, String> {
        let expect = self.expect(mode);
        let mut scope = target.load_seed(&self.content["given"])?;
        if expect.to_string().contains("meta.lastModified}}") {
            std::thread::sleep(CLOCK_STEP);
        }
        let answer = target.send(&self.content["request"], &scope)?;
        let mut failures = check(expect, &answer, &scope);
        let first: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        scope.insert("$".into(), first.clone());
        scope.insert("$first".into(), first);
        for (number, step) in expect["then"].as_array().into_iter().flatten().enumerate() {
            let answer = target.send(&step["request"], &scope)?;
            let failed = check(&step["expect"], &answer, &scope);
            failures.extend(failed.into_iter().map(|failure| format!("then {}: {failure}", number + 1)));
        }
        Ok(failures)
    }
}

impl Target {
    /// Sends a request of a fixture: `method`, `target`, `headers` (a profile), `body` (JSON, or text sent as it stands).
    fn send(&self, request: &Value, scope: &Scope) -> Result<Answer, String> {
        let path = fill(text(request, "target")?, scope, percent_encode)?;
        let body = match request.get("body") {
            None => None,
            Some(body) => match resolve(body, scope)? {
                Value::String(text) => Some(text),
                json => Some(json.to_string()),
            },
        };
        let mut scope = scope.clone();
        scope.insert("token".into(), self.token.as_str().into());
        let headers = profile(text(request, "headers")?, &scope)?;
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (url, method) = (format!("{}{path}", self.base_url), text(request, "method")?);
        let sent = match request["encode"].as_str() {
            None => client::send(method, &url, &headers, body.as_deref()),
            Some("gzip") => {
                let headers = [&[("Content-Encoding", "gzip")], headers.as_slice()].concat();
                client::send_bytes(method, &url, &headers, &gzip(&body.unwrap_or_default()))
            }
            Some(other) => return Err(format!("there is no encoding {other}")),
        };
        sent.map_err(|error| format!("{url}: {error}"))
    }

    fn create(&self, kind: &str, body: &Value) -> Result<Value, String> {
        let request = json!({"method": "POST", "target": format!("/{kind}"), "headers": "generic-body", "body": body});
        match self.send(&request, &Scope::new())? {
            answer if answer.status == 201 => Ok(answer.json()),
            answer => Err(format!("setup: POST /{kind} answered {} {}", answer.status, answer.body)),
        }
    }

    /// Creates what `given` lists and returns the answers by seed name.
    fn load_seed(&self, given: &Value) -> Result<Scope, String> {
        let seed = read(&data().join("seed.json"));
        let mut scope = Scope::new();
        for item in given.as_array().into_iter().flatten() {
            if let Some(number) = item["generateUsers"].as_u64() {
                for n in 1..=number {
                    scope.insert(format!("u{n:03}"), self.create("Users", &generated_user(n))?);
                }
                continue;
            }
            let name = item.as_str().or(item["use"].as_str()).ok_or_else(|| format!("setup: {item} names no seed"))?;
            self.need(name, &seed["seed"], given, &mut scope)?;
            if item["thenDelete"] == true {
                let kind = if seed["seed"][name].get("members").is_some() { "Groups" } else { "Users" };
                let target = format!("/{kind}/{}", text(&scope[name], "id")?);
                let answer =
                    self.send(&json!({"method": "DELETE", "target": target, "headers": "generic-get"}), &Scope::new())?;
                assert_eq!(answer.status, 204, "{}", answer.body);
            }
        }
        Ok(scope)
    }

    fn need(&self, name: &str, seed: &Value, given: &Value, scope: &mut Scope) -> Result<(), String> {
        if scope.contains_key(name) {
            return Ok(());
        }
        let mut body = seed[name].clone();
        let overrides = given.as_array().into_iter().flatten().find(|item| item["use"] == name);
        for (key, value) in overrides.and_then(|item| item["with"].as_object()).into_iter().flatten() {
            body[key] = value.clone();
        }
        let Some(members) = body.get("members").and_then(Value::as_array).cloned() else {
            scope.insert(name.to_owned(), self.create("Users", &resolve(&body, scope)?)?);
            return Ok(());
        };
        let mut listed = Vec::new();
        for member in members.iter().filter_map(Value::as_str) {
            self.need(member, seed, given, scope)?;
            listed.push(json!({"value": scope[member]["id"], "display": scope[member]["userName"]}));
        }
        body["members"] = listed.into();
        scope.insert(name.to_owned(), self.create("Groups", &resolve(&body, scope)?)?);
        Ok(())
    }
}

/// A file of `tests/data/fixtures`.
pub(crate) fn read_data(name: &str) -> Value {
    read(&data().join(name))
}

/// The request of a fixture, by its name.
pub(crate) fn request(name: &str) -> Value {
    let provider = name.split('-').next().unwrap_or_default();
    read_data(&format!("{provider}/{name}.json"))["request"].clone()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fixtures")
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value[name].as_str().ok_or_else(|| format!("{value} has no text {name:?}"))
}

/// The headers of a profile; `$extends` inherits.
pub(crate) fn profile(name: &str, scope: &Scope) -> Result<BTreeMap<String, String>, String> {
    let profiles = read(&data().join("profiles.json"));
    let own =
        profiles["headerProfiles"][name].as_object().ok_or_else(|| format!("there is no header profile {name}"))?;
    let mut headers = match own.get("$extends").and_then(Value::as_str) {
        Some(base) => profile(base, scope)?,
        None => BTreeMap::new(),
    };
    for (name, value) in own.iter().filter(|(name, _)| *name != "$extends") {
        headers.insert(name.clone(), fill(value.as_str().unwrap_or_default(), scope, str::to_owned)?);
    }
    Ok(headers)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory does not fail")
}

fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn generated_user(n: u64) -> Value {
    let name = format!("u{n:03}");
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("{name}@example.com"),
        "name": {"givenName": name.to_uppercase(), "familyName": "Generated"},
        "displayName": format!("{} Generated", name.to_uppercase()),
        "emails": [{"value": format!("{name}@example.com"), "type": "work", "primary": true}],
        "active": true,
    })
}
