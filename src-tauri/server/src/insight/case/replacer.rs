//! Replaces what identifies somebody in one text after the other, by the kind of the text. What is not known to be harmless is replaced.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::LazyLock;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;
use scim::redact::unescaped;
use serde_json::{Map, Number, Value};

use super::substitution::{Substitution, is_of_word};
use super::vocabulary::Vocabulary;
use crate::model::Replacement;

/// Members of messages (RFC 7644 §3) whose values are counts.
const COUNTS: [&str; 5] = ["startindex", "count", "itemsperpage", "totalresults", "failonerrors"];

/// Headers whose values are kept. Secrets in them are masked already.
const HARMLESS_HEADERS: [&str; 28] = [
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
    "proxy-authorization",
    "retry-after",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
    "x-forwarded-proto",
];

/// Headers that name a place.
const ADDRESS_HEADERS: [&str; 6] = ["host", "location", "origin", "referer", "x-forwarded-host", "content-location"];

/// What a path is made of. One that is nearly the same is shown, because that is what is wrong with it.
const SEGMENTS: [&str; 10] =
    ["scim", "v2", "Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig", ".search"];

/// Digits of a status, or of anything else that is counted.
const STATUS: usize = 3;

/// Letters in which a mistyped segment differs at the most.
const MISTYPED: usize = 2;

fn pattern(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("(?i){pattern}")).ok()
}

/// A UUID: of this program or of an identity provider, it says nothing by itself.
const UUID: &str = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b";

/// What a filter, or what is nearly JSON, says beside values: a name before an operator or a colon, URNs of SCIM, and ids.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let blank = r"(?:\s|\+|%20)+";
    let compared = format!(r"[\w.:$-]+{blank}(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)(?:{blank}|$|\)|\]|%29|%5d)");
    pattern(&format!(r#"{compared}|"[a-z$][\w$.:-]*"\s*:|\burn:ietf:params:scim:[\w.:-]+|{UUID}"#))
});

/// What is quoted, encoded or not. A name in front of a colon is not.
static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#""((?:[^"\\]|\\.)+)"(\s*:)?|%22(.+?)%22|'([^']+)'"#));

/// A value that is not quoted.
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"[^\s"'()\[\]{},;:&=+]{2,}"#));

/// A word of what a person wrote, or an address.
static PROSE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\w[\w@.:/'’+-]*"));

/// The name of an attribute, with what it is part of.
static ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(?:urn:[\w.:-]+|[a-z$][\w$.-]*)$"));

/// The id of a directory, ours or a mistyped one.
static DIRECTORY: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[a-z0-9]*\d[a-z0-9]*$"));

/// A language, a place in the tz database, and an instant.
static LOCALE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^(?:[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*|[a-z_]+/[a-z_/+-]+|\d{4}-\d\d-\d\dt[\d:.]+z?)$"));

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// What an object in a body is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Object {
    /// A message of RFC 7644, or a resource that is the whole body.
    Root,
    /// An operation of a PATCH, of a bulk request, or of its answer.
    Operation,
    Resource,
    /// A part of a resource.
    Part,
}

#[derive(Debug, Default)]
pub(super) struct Replacer {
    words: Substitution,
    /// The addresses of machines, and what stands for each.
    machines: HashMap<String, String>,
    /// What was replaced, in order.
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
        if is_uuid(text) || text.get(..21).is_some_and(|urn| urn.eq_ignore_ascii_case("urn:ietf:params:scim:")) {
            return;
        }
        let vocabulary = if text.contains(['@', ':']) { Vocabulary::Addresses } else { Vocabulary::Values };
        let other = self.words.text(text, vocabulary);
        self.note(of, text, &other);
        // A sentence may say of an address only where it is.
        if let Some((local, domain)) = text.split_once('@') {
            for part in [local, domain] {
                let other = self.words.text(part, vocabulary);
                self.note(of, part, &other);
            }
        }
        *text = other;
    }

    /// A text of this program with a value in it.
    pub(super) fn quoted(&mut self, value: &str) -> String {
        let vocabulary = if value.contains(['@', '.']) { Vocabulary::Addresses } else { Vocabulary::Values };
        self.words.text(value, vocabulary)
    }

    /// What a person wrote: addresses, numbers, and whatever may be a name. Names that stand elsewhere are replaced later.
    pub(super) fn prose(&mut self, of: &str, text: &mut String) {
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        for word in PROSE.iter().flat_map(|pattern| pattern.find_iter(text)) {
            replaced.push_str(&text[at..word.start()]);
            let mut said = word.as_str().trim_end_matches(['.', ':']).to_owned();
            let behind = &word.as_str()[said.len()..];
            let is_count = |part: &str| part.len() <= STATUS && part.bytes().all(|byte| byte.is_ascii_digit());
            let is_number = said.split(':').all(is_count);
            let is_address = said.contains(['@', ':', '/', '.']);
            // Not every script has small letters.
            let may_name = said.contains(|c: char| c.is_alphanumeric() && !c.is_lowercase());
            if is_number {
                // A status, or a time of day.
            } else if said.contains("://") {
                let before = said.clone();
                self.address(&mut said);
                self.note(of, &before, &said);
            } else if is_address || may_name && !Vocabulary::is_common(&said) {
                self.data(of, &mut said);
            }
            replaced.push_str(&said);
            replaced.push_str(behind);
            at = word.end();
        }
        replaced.push_str(&text[at..]);
        *text = replaced;
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
    pub(super) fn host(&mut self, host: &str) -> String {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
            _ => (host, None),
        };
        let other = match name.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => self.machine(address, name),
            Err(_) => self.words.text(name, Vocabulary::Addresses),
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
        let segments: Vec<String> = path.split('/').map(|segment| self.segment(segment)).collect();
        let path = segments.join("/");
        let Some(query) = query else { return path };
        let parameters: Vec<String> = query
            .split('&')
            .map(|parameter| match parameter.split_once('=') {
                Some((name, value)) => {
                    let name = if is(&ATTRIBUTE, name) { name.to_owned() } else { self.expression(name) };
                    let value = if is_harmless(&name, value) { value.to_owned() } else { self.expression(value) };
                    format!("{name}={value}")
                }
                None => self.expression(parameter),
            })
            .collect();
        format!("{path}?{}", parameters.join("&"))
    }

    fn segment(&mut self, segment: &str) -> String {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        let is_nearly = |known: &str| {
            strsim::levenshtein(&known.to_lowercase(), &decoded.to_lowercase()) <= MISTYPED.min(known.len() / 2)
        };
        let is_directory = (8..=12).contains(&decoded.len()) && is(&DIRECTORY, &decoded);
        let is_id = is_uuid(&decoded) || is_directory;
        if decoded.is_empty() || is_id || SEGMENTS.into_iter().any(is_nearly) || decoded.starts_with("bulkId:") {
            return segment.to_owned();
        }
        // Sentences repeat it.
        self.data("id", &mut decoded.into_owned());
        self.encoded(segment, Vocabulary::Addresses)
    }

    /// A filter, or any text that is not known to be something else, encoded or not. Attributes and operators stay.
    pub(super) fn expression(&mut self, text: &str) -> String {
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        let found: Vec<_> = QUOTED.iter().flat_map(|pattern| pattern.captures_iter(text)).collect();
        for found in found {
            let values = [found.get(1).filter(|_| found.get(2).is_none()), found.get(3), found.get(4)];
            let Some(value) = values.into_iter().flatten().next() else { continue };
            replaced.push_str(&self.unquoted(&text[at..value.start()]));
            let mut said = unescaped(&percent_decode_str(&value.as_str().replace('+', " ")).decode_utf8_lossy());
            self.data("filter", &mut said);
            let vocabulary = if said.contains('@') { Vocabulary::Addresses } else { Vocabulary::Values };
            let is_id = is_uuid(value.as_str()) || value.as_str().starts_with("urn:ietf:params:scim:");
            replaced.push_str(&if is_id {
                value.as_str().to_owned()
            } else {
                self.encoded(value.as_str(), vocabulary)
            });
            at = value.end();
        }
        replaced + &self.unquoted(&text[at..])
    }

    fn unquoted(&mut self, text: &str) -> String {
        let names = NAMES.iter().flat_map(|pattern| pattern.find_iter(text));
        // In a form, what stands behind an equals sign is a value.
        let names: Vec<_> = names.filter(|name| !text[..name.start()].ends_with('=')).collect();
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        for name in names {
            replaced.push_str(&self.bare(&text[at..name.start()]));
            replaced.push_str(name.as_str());
            at = name.end();
        }
        replaced + &self.bare(&text[at..])
    }

    fn bare(&mut self, text: &str) -> String {
        // Sentences repeat what a filter compares with, quoted or not.
        for found in BARE.iter().flat_map(|pattern| pattern.find_iter(text)) {
            let said = percent_decode_str(found.as_str()).decode_utf8_lossy().into_owned();
            let other = self.words.text(&said, Vocabulary::Protocol);
            self.note("filter", &said, &other);
        }
        self.encoded(text, Vocabulary::Protocol)
    }

    /// What may be percent-encoded, or escaped as in JSON: a word that is, is again.
    fn encoded(&mut self, text: &str, vocabulary: Vocabulary) -> String {
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
            let other = self.words.text(&word, vocabulary);
            match &rest[..end] {
                same if other == word => replaced.push_str(same),
                encoded if encoded.contains('%') => replaced.extend(utf8_percent_encode(&other, NON_ALPHANUMERIC)),
                escaped if escaped.contains('\\') => {
                    let escape =
                        |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
                    replaced.extend(other.chars().map(escape));
                }
                _ => replaced.push_str(&other),
            }
            rest = &rest[end..];
        }
        replaced
    }

    /// The value of a header. `is_known`: who sent the request is an identity provider or a tool that is recognized.
    pub(super) fn header(&mut self, name: &str, value: &mut String, is_known: bool) {
        if HARMLESS_HEADERS.contains(&name) {
            return;
        }
        if name == "user-agent" {
            return self.client(value, is_known);
        }
        if name == "prefer" {
            *value = self.expression(value);
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

    /// What a client calls itself. Of one that is recognized what stands in parentheses is its own.
    pub(super) fn client(&mut self, client: &mut String, is_known: bool) {
        let from = if is_known { client.find('(').unwrap_or(client.len()) } else { 0 };
        let mut rest = client.split_off(from);
        self.data("user-agent", &mut rest);
        client.push_str(&rest);
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
                self.value("", &mut value, Object::Root);
                if value == before {
                    return;
                }
                value.to_string()
            }
            Err(_) => self.expression(body),
        };
        *body = other;
    }

    /// The answer of a discovery endpoint, or a schema: what RFC 7643 has in it stays, addresses and what is declared here do not.
    pub(super) fn discovery(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.discovery(item)),
            Value::Object(members) => {
                let id = members.get("id").and_then(Value::as_str).unwrap_or_default();
                let is_own = id.starts_with("urn:") && !id.starts_with("urn:ietf:params:scim:");
                for (member, value) in members {
                    match value {
                        Value::String(text) if ["location", "$ref", "documentationUri"].contains(&member.as_str()) => {
                            self.address(text);
                        }
                        Value::String(text) if is_own && ["name", "description"].contains(&member.as_str()) => {
                            self.data(member, text);
                        }
                        Value::Array(attributes) if is_own && member == "attributes" => self.described(attributes),
                        value => self.discovery(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// What attributes of one's own are described as. Their names stay.
    fn described(&mut self, attributes: &mut [Value]) {
        for attribute in attributes.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(Value::String(text)) = attribute.get_mut("description") {
                self.data("description", text);
            }
            for part in ["subAttributes", "canonicalValues"] {
                match attribute.get_mut(part) {
                    Some(Value::Array(values)) if part == "subAttributes" => self.described(values),
                    Some(values) => self.value(part, values, Object::Part),
                    None => {}
                }
            }
        }
    }

    /// A value of the attribute that ends in `name`, in a change.
    pub(super) fn field(&mut self, name: &str, value: &mut Value) {
        self.value(name, value, if name.contains(['.', '[']) { Object::Part } else { Object::Resource });
    }

    fn value(&mut self, name: &str, value: &mut Value, object: Object) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(name, item, object)),
            Value::Object(members) => self.object(name, members, object),
            Value::String(text) => self.data(name, text),
            Value::Number(number) => {
                let text = number.to_string();
                let other = self.words.number(&text);
                if let Ok(other) = other.parse::<Number>() {
                    self.note(name, &text, &other.to_string());
                    *number = other;
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, name: &str, members: &mut Map<String, Value>, object: Object) {
        use Object::{Operation, Part, Resource, Root};
        // What a PATCH sets is called by its path.
        let path = members.get("path").and_then(Value::as_str).filter(|path| !path.starts_with('/')).map(str::to_owned);
        let is_message = object == Root
            && members.get("schemas").is_none_or(|schemas| schemas.to_string().to_lowercase().contains(":messages:"));
        let object = if object == Root && !is_message && !name.is_empty() { Resource } else { object };
        for (member, mut value) in std::mem::take(members) {
            let folded = member.to_ascii_lowercase();
            match (object, folded.as_str(), &mut value) {
                (Root | Resource, "schemas", Value::Array(schemas)) if schemas.iter().all(is_urn) => {}
                (Root, count, Value::Number(_)) if COUNTS.contains(&count) => {}
                (Root | Operation, "status", status) if is_status(status) => {}
                // Told by this program or the other side: what is quoted in it is replaced later.
                (Root, "detail", Value::String(_)) => {}
                (Root, "nextcursor" | "previouscursor" | "cursor", Value::String(_)) if is_message => {}
                (Root, "attributes" | "excludedattributes" | "sortby", value) if is_message => self.paths(value),
                (Root, "filter" | "sortorder", Value::String(text)) if is_message => *text = self.expression(text),
                (Root, "resources", value) => self.value("", value, Resource),
                (Root, "operations", value) => self.value("", value, Operation),
                (Operation, "op" | "method", Value::String(text)) => *text = self.expression(text),
                (Operation, "path", Value::String(text)) if text.starts_with('/') => *text = self.target(text),
                (Operation, "path", Value::String(text)) => *text = self.path(text),
                (Operation, "version", Value::String(text)) if text.contains('"') => {}
                (Operation, "location", Value::String(text)) => self.address(text),
                (Operation, "value", value) => {
                    self.value(
                        path.as_deref().unwrap_or_default(),
                        value,
                        if path.is_some() { Part } else { Resource },
                    );
                }
                (Operation, "data", value) => self.value("", value, Root),
                (Operation, "response", value) => self.value("", value, Root),
                (Root | Resource, "meta", Value::Object(meta)) => self.meta(meta),
                (_, "$ref", Value::String(text)) if text.contains('/') => self.address(text),
                (_, "locale" | "preferredlanguage" | "timezone", Value::String(text)) if is(&LOCALE, text) => {}
                (_, _, value) if name.is_empty() || member.contains(':') => {
                    let object = if member.contains(':') { Part } else { inner(object) };
                    self.value(&member, value, object);
                }
                (_, _, value) => self.value(&format!("{name}.{member}"), value, inner(object)),
            }
            let member = if is(&ATTRIBUTE, &member) { member } else { self.path(&member) };
            members.insert(member, value);
        }
    }

    fn meta(&mut self, meta: &mut Map<String, Value>) {
        for (member, value) in meta {
            match (member.as_str(), value) {
                ("location", Value::String(text)) => self.address(text),
                ("created" | "lastModified", Value::String(text)) if is(&LOCALE, text) => {}
                ("version", Value::String(text)) if text.contains('"') => {}
                ("resourceType", Value::String(text)) if Vocabulary::Values.has(&scim::comparison_key(text)) => {}
                (member, value) => self.value(&format!("meta.{member}"), value, Object::Part),
            }
        }
    }

    /// Attributes in a body, by their paths.
    fn paths(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.path(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.paths(item)),
            value => self.value("attributes", value, Object::Part),
        }
    }

    /// A path in a body. Outside a filter it names attributes.
    pub(super) fn path(&mut self, text: &str) -> String {
        let is_plain = text.split(['[', ']']).count() == 3 && !text.contains(['"', ' ', '@']);
        if is(&ATTRIBUTE, text) || is_plain && is(&ATTRIBUTE, &text.replace(['[', ']'], ".").replace("..", ".")) {
            text.to_owned()
        } else {
            self.expression(text)
        }
    }

    fn note(&mut self, of: &str, from: &str, to: &str) {
        if from != to && self.known.insert(from.to_owned()) {
            // People know `department`, not the URN of the extension that has it.
            let of = if of.starts_with("urn:") { of.rsplit([':', '.']).next().unwrap_or(of) } else { of };
            self.replaced.push(Replacement { of: of.to_owned(), from: from.to_owned(), to: to.to_owned() });
        }
    }
}

/// What an object in an object is.
fn inner(object: Object) -> Object {
    if object == Object::Operation { Object::Operation } else { Object::Part }
}

fn is_urn(value: &Value) -> bool {
    value.as_str().is_some_and(|urn| urn.starts_with("urn:"))
}

fn is_status(value: &Value) -> bool {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a parameter of a query says nothing of anybody.
fn is_harmless(name: &str, value: &str) -> bool {
    match name {
        "startIndex" | "count" => value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'),
        "attributes" | "excludedAttributes" | "sortBy" => value
            .split([',', '+'])
            .all(|name| name.is_empty() || is(&ATTRIBUTE, &percent_decode_str(name).decode_utf8_lossy())),
        "cursor" => true,
        _ => false,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::parse_str(text).is_ok()
}

/// The next character, decoded, and its length in bytes as it stands.
fn unit(text: &str) -> Option<(usize, char)> {
    let first = text.chars().next()?;
    match first {
        '\\' => {
            let escaped = text.strip_prefix("\\u").and_then(|digits| digits.get(..4));
            let c = escaped.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
            // An escape of one letter stands for none.
            let alone = text.chars().nth(1).map_or(1, |c| 1 + c.len_utf8());
            Some(c.map_or((alone, '\\'), |c| (6, c)))
        }
        '%' => {
            let is_escape = |escape: &&[u8]| escape[0] == b'%' && escape[1..].iter().all(u8::is_ascii_hexdigit);
            let most = text.as_bytes().chunks_exact(3).take(4).take_while(is_escape).count();
            let decoded = |count: usize| {
                let decoded = percent_decode_str(&text[..3 * count]).decode_utf8().ok()?;
                let mut chars = decoded.chars();
                chars.next().filter(|_| chars.next().is_none()).map(|c| (3 * count, c))
            };
            Some((1..=most).find_map(decoded).unwrap_or((1, '%')))
        }
        _ => Some((first.len_utf8(), first)),
    }
}
