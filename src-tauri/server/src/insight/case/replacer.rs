//! Replaces what identifies somebody in one text after the other, by the kind of the text. What is not known to be harmless is replaced.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::LazyLock;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;
use serde_json::{Number, Value};

use super::substitution::{Substitution, is_of_word};
use crate::model::Replacement;

/// Attributes and members of messages whose values say nothing of anybody; those of `meta` neither.
const HARMLESS: [&str; 22] = [
    "schemas",
    "meta",
    "op",
    "status",
    "scimtype",
    "version",
    "method",
    "attributes",
    "excludedattributes",
    "sortby",
    "sortorder",
    "startindex",
    "count",
    "itemsperpage",
    "totalresults",
    "nextcursor",
    "previouscursor",
    "cursor",
    "failonerrors",
    "locale",
    "preferredlanguage",
    "timezone",
];

/// Parameters of a query of which the same is true.
const HARMLESS_PARAMETERS: [&str; 7] =
    ["attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor"];

/// Headers whose values are kept. Secrets in them are masked already.
const HARMLESS_HEADERS: [&str; 30] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "adscimversion",
    "allow",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expect",
    "if-match",
    "if-none-match",
    "keep-alive",
    "pragma",
    "prefer",
    "proxy-authorization",
    "retry-after",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "www-authenticate",
    "x-forwarded-proto",
];

/// Headers that name a place.
const ADDRESS_HEADERS: [&str; 6] = ["host", "location", "origin", "referer", "x-forwarded-host", "content-location"];

/// A UUID: of this program or of an identity provider, it says nothing by itself.
const UUID: &str = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b";

/// What a filter, or what is nearly JSON, says beside values: a name before an operator or a colon, a URN, and ids.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let blank = r"(?:\s|\+|%20)+";
    let compared = format!(r"[\w.:$-]+{blank}(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)(?:{blank}|$|\)|\]|%29|%5d)");
    Regex::new(&format!(r#"(?i){compared}|"[^"\\]*"\s*:|\burn:[\w.:-]+|{UUID}"#)).ok()
});

/// What is quoted, encoded or not.
static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)"((?:[^"\\]|\\.)+)"|%22(.+?)%22|'([^']+)'"#).ok());

#[derive(Debug, Default)]
pub(super) struct Replacer {
    words: Substitution,
    /// The addresses of machines, and what stands for each.
    machines: HashMap<String, String>,
    /// What was replaced, in order, and where each stands in it.
    replaced: Vec<Replacement>,
    known: HashSet<String>,
}

impl Replacer {
    /// What was replaced, in the order in which it stood.
    pub(super) fn replaced(self) -> Vec<Replacement> {
        self.replaced
    }

    /// Values that were replaced.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.replaced.iter().map(|replacement| replacement.from.as_str())
    }

    /// The value of an attribute.
    pub(super) fn data(&mut self, of: &str, text: &mut String) {
        if is_uuid(text) || text.starts_with("urn:") {
            return;
        }
        let other = self.words.text(text);
        self.note(of, text, &other);
        *text = other;
    }

    /// A text of this program with a value in it.
    pub(super) fn quoted(&mut self, value: &str) -> String {
        self.words.text(value)
    }

    /// An origin, a whole address, or a path with its query.
    pub(super) fn address(&mut self, text: &mut String) {
        let (origin, target) = match text.find("://") {
            Some(scheme) => {
                let host = scheme + 3;
                text.split_at(text[host..].find('/').map_or(text.len(), |length| host + length))
            }
            None => ("", text.as_str()),
        };
        let (scheme, host) = origin.split_at(origin.find("://").map_or(0, |scheme| scheme + 3));
        let (host, target) = (host.to_owned(), self.target(target));
        *text = format!("{scheme}{}{target}", self.host(&host));
    }

    /// The name of a host, with its port if any.
    fn host(&mut self, host: &str) -> String {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
            _ => (host, None),
        };
        let other = match name.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => self.machine(address, name),
            Err(_) => self.words.text(name),
        };
        self.note("host", name, &other);
        port.map(|port| format!("{other}:{port}")).unwrap_or(other)
    }

    /// Of the networks that are for documentation, RFC 5737 and RFC 3849.
    fn machine(&mut self, address: IpAddr, text: &str) -> String {
        if address.is_loopback() || address.is_unspecified() {
            return text.to_owned();
        }
        let number = self.machines.len() + 1;
        let other =
            if address.is_ipv4() { format!("192.0.2.{}", number % 255) } else { format!("2001:db8::{number:x}") };
        self.machines.entry(address.to_string()).or_insert(other).clone()
    }

    /// A path with its query, encoded or as it is shown. Its own encoding stays, since it may be what is wrong with it.
    pub(super) fn target(&mut self, target: &str) -> String {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let mut is_id = false;
        let mut segments = Vec::new();
        for segment in path.split('/') {
            let decoded = percent_decode_str(segment).decode_utf8_lossy();
            let is_named = is_id && !is_uuid(&decoded) || decoded.contains(['@', '"', '=']);
            segments.push(match is_named {
                true => {
                    // Sentences repeat it.
                    self.data("id", &mut decoded.clone().into_owned());
                    self.expression(segment)
                }
                false => segment.to_owned(),
            });
            is_id = ["users", "groups"].iter().any(|endpoint| decoded.eq_ignore_ascii_case(endpoint));
        }
        let path = segments.join("/");
        let Some(query) = query else { return path };
        let parameters: Vec<String> = query
            .split('&')
            .map(|parameter| match parameter.split_once('=') {
                Some((name, _)) if HARMLESS_PARAMETERS.contains(&name) => parameter.to_owned(),
                Some((name, value)) => format!("{name}={}", self.expression(value)),
                None => self.expression(parameter),
            })
            .collect();
        format!("{path}?{}", parameters.join("&"))
    }

    /// A filter, or any text that is not known to be something else, encoded or not. Attributes and operators stay.
    pub(super) fn expression(&mut self, text: &str) -> String {
        let names: Vec<_> = NAMES.iter().flat_map(|pattern| pattern.find_iter(text)).collect();
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        for name in names {
            replaced.push_str(&self.encoded(&text[at..name.start()]));
            replaced.push_str(name.as_str());
            at = name.end();
        }
        replaced + &self.encoded(&text[at..])
    }

    /// What may be percent-encoded: a word that is, is again.
    fn encoded(&mut self, text: &str) -> String {
        self.note_quoted(text);
        let (mut replaced, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((length, c)) = unit(rest) {
            if !is_of_word(c) {
                replaced.push_str(&rest[..length]);
                rest = &rest[length..];
                continue;
            }
            // As far as a word goes, escapes included.
            let (mut end, mut word) = (0, String::new());
            while let Some((length, c)) = unit(&rest[end..]).filter(|(_, c)| is_of_word(*c)) {
                end += length;
                word.push(c);
            }
            let other = self.words.text(&word);
            match rest[..end].contains('%') {
                true if other != word => replaced.extend(utf8_percent_encode(&other, NON_ALPHANUMERIC)),
                true => replaced.push_str(&rest[..end]),
                false => replaced.push_str(&other),
            }
            rest = &rest[end..];
        }
        replaced
    }

    /// Sentences repeat what a filter compares with.
    fn note_quoted(&mut self, text: &str) {
        for found in QUOTED.iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let quoted = found.iter().skip(1).flatten().next().map_or("", |value| value.as_str());
            let mut value = percent_decode_str(&quoted.replace('+', " ")).decode_utf8_lossy().into_owned();
            self.data("filter", &mut value);
        }
    }

    /// The value of a header.
    pub(super) fn header(&mut self, name: &str, value: &mut String) {
        if HARMLESS_HEADERS.contains(&name) {
            return;
        }
        if ADDRESS_HEADERS.contains(&name) {
            match value.contains('/') {
                true => self.address(value),
                false => *value = self.host(&value.clone()),
            }
            return;
        }
        let parts: Vec<String> = value.split(", ").map(|part| self.header_part(name, part)).collect();
        *value = parts.join(", ");
    }

    fn header_part(&mut self, name: &str, part: &str) -> String {
        match part.parse::<IpAddr>() {
            Ok(address) => {
                let other = self.machine(address, part);
                self.note(name, part, &other);
                other
            }
            Err(_) => {
                let mut other = part.to_owned();
                self.data(name, &mut other);
                other
            }
        }
    }

    /// The body of a request or an answer. What is changed is written anew, without blanks.
    pub(super) fn body(&mut self, body: &mut String) {
        let other = match serde_json::from_str::<Value>(body) {
            Ok(mut value) => {
                let before = value.clone();
                self.value("", &mut value);
                if value == before { return } else { value.to_string() }
            }
            Err(_) => self.expression(body),
        };
        *body = other;
    }

    /// A value in a body, or of an attribute whose name ends in `name`.
    pub(super) fn value(&mut self, name: &str, value: &mut Value) {
        let last = name.rsplit(['.', ':']).next().unwrap_or_default();
        if HARMLESS.contains(&last.to_ascii_lowercase().as_str()) {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(name, item)),
            Value::Object(members) => {
                // What a PATCH sets is called by its path.
                let path = members
                    .get("path")
                    .and_then(Value::as_str)
                    .filter(|path| !path.starts_with('/'))
                    .map(str::to_owned);
                for (member, value) in members {
                    let folded = member.to_ascii_lowercase();
                    match value {
                        Value::String(text) if ["$ref", "location"].contains(&&*folded) => self.address(text),
                        Value::String(text) if folded == "path" && text.starts_with('/') => *text = self.target(text),
                        Value::String(text) if ["path", "filter"].contains(&&*folded) => *text = self.path(text),
                        Value::Object(meta) if folded == "meta" => {
                            if let Some(Value::String(location)) = meta.get_mut("location") {
                                self.address(location);
                            }
                        }
                        // Told by this program or the other side: what is quoted in it is replaced later.
                        _ if folded == "detail" || HARMLESS.contains(&&*folded) => {}
                        value
                            if ["value", "resources", "operations", "data", "response"].contains(&&*folded)
                                && last.is_empty() =>
                        {
                            self.value(path.as_deref().unwrap_or_default(), value);
                        }
                        value if last.is_empty() || member.contains(':') => self.value(member, value),
                        value => self.value(&format!("{name}.{member}"), value),
                    }
                }
            }
            Value::String(text) => self.data(name, text),
            Value::Number(number) => {
                let mut text = number.to_string();
                self.data(name, &mut text);
                *number = text.parse::<Number>().unwrap_or_else(|_| number.clone());
            }
            _ => {}
        }
    }

    /// A path or a filter in a body.
    pub(super) fn path(&mut self, text: &str) -> String {
        // Outside a filter it names attributes.
        if text.contains(['"', '[', ' ']) { self.expression(text) } else { text.to_owned() }
    }

    fn note(&mut self, of: &str, from: &str, to: &str) {
        if from != to && self.known.insert(from.to_owned()) {
            // People know `department`, not the URN of the extension that has it.
            let of = if of.starts_with("urn:") { of.rsplit([':', '.']).next().unwrap_or(of) } else { of };
            self.replaced.push(Replacement { of: of.to_owned(), from: from.to_owned(), to: to.to_owned() });
        }
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::parse_str(text).is_ok()
}

/// The next character, decoded, and its length in bytes as it stands.
fn unit(text: &str) -> Option<(usize, char)> {
    let first = text.chars().next()?;
    if first != '%' {
        return Some((first.len_utf8(), first));
    }
    let escapes = text
        .as_bytes()
        .chunks_exact(3)
        .take(4)
        .take_while(|escape| escape[0] == b'%' && escape[1..].iter().all(u8::is_ascii_hexdigit));
    let most = escapes.count();
    let decoded = |count: usize| {
        let decoded = percent_decode_str(&text[..3 * count]).decode_utf8().ok()?;
        let mut chars = decoded.chars();
        chars.next().filter(|_| chars.next().is_none()).map(|c| (3 * count, c))
    };
    Some((1..=most).find_map(decoded).unwrap_or((1, '%')))
}
