//! What may be kept and shown of what a client sent: everything but secrets.
//!
//! A secret is known by its name: `password`, `client_secret`, `X-Auth-Token`. What stands behind such a name is masked where it stands, and
//! [`secrets`] collects it, so that it can be masked wherever it is repeated.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What stands where a secret stood.
pub const MASK: &str = "••••";

/// What stands behind a body that is kept only up to a secret.
pub const HIDDEN: &str = "… (hidden from here on: this is not JSON and mentions a password or another secret)";

/// How [`HIDDEN`] has always begun.
pub const HIDDEN_START: &str = "… (hidden from here on: this is not JSON and mentions a password";

/// What names of secrets end in, in any letter case.
const NAMES: &str =
    "(?:password|passwd|passphrase|pwd|secret|token|assertion|credentials?|(?:api|private|access)[-_ ]?key)";

static NAME: LazyLock<Regex> = LazyLock::new(|| regex(&format!("{NAMES}$")));

/// A name anywhere: the cheap question before the others.
static MENTION: LazyLock<Regex> = LazyLock::new(|| regex(NAMES));

/// What stands between quotation marks that are not escaped, up to the next one; between escaped ones, or those of a query.
const PLAIN: &str = r#"(?<plain>(?:[^"\\]|\\.)*)"#;
const NESTED: &str =
    r#"(?<nested>(?:[^"%\\]|\\[^"]|%(?:[013-9a-f][0-9a-f]|2[013-9a-f]|[0-9a-f][^0-9a-f"\\]|[^0-9a-f"\\]))*)"#;

/// A value in quotation marks, and one that is bare.
fn quoted() -> String {
    format!(r#"(?:"{PLAIN}|(?:\\+"|%22){NESTED}|\\*'(?<single>[^']*))"#)
}

const BARE: &str = r#"(?<bare>[^&"'\s,}\\]+)"#;

/// The same behind an equals sign: the value of a parameter, in which there may be blanks once it is decoded.
const PARAMETER: &str = r#"(?<bare>[^&"'\r\n\\]+)"#;

/// A name and its value, in a form, a query or what is nearly JSON. Behind a colon alone, as in a URN, no bare value stands.
static ASSIGNED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let quote = r#"(?:\\*["']|%22)"#;
    let quoted = quoted();
    vec![
        regex(&format!(r"{NAMES}{quote}?\s*(?:=|%3d)+\s*(?:{quoted}|{PARAMETER})")),
        regex(&format!(r"{NAMES}{quote}?\s*(?::|%3a)\s*{quoted}")),
        regex(&format!(r"{NAMES}(?:{quote}\s*:\s*|:\s+){BARE}")),
    ]
});

/// A name and what a filter compares it with, as it is or in a query.
static COMPARED: LazyLock<Regex> = LazyLock::new(|| {
    let (blank, quoted) = (r"(?:\s|\+|%20|%2b)+", quoted());
    regex(&format!("{NAMES}{blank}(?:eq|ne|co|sw|ew|gt|ge|lt|le){blank}(?:{quoted}|{BARE})"))
});

/// Headers whose values are secrets, beside those whose names say so.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// How the names of further ones begin: Cloudflare Access has four, and one that says who somebody is.
const SECRET_HEADER_STARTS: &str = "cf-access-";
const OPEN_HEADER: &str = "cf-access-authenticated-user-email";

/// The attribute of RFC 7643 §4.1.1: what is quoted behind it is hidden, whatever stands between.
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| regex("password"));

/// The same where it is compared in other quotation marks than SCIM's. In a sentence they are apostrophes.
static PASSWORD_COMPARED: LazyLock<Regex> = LazyLock::new(|| {
    let blank = r"(?:\s|\+|%20)*";
    regex(&format!(r"password\]?{blank}(?:\s|\+|%20)(?:eq|ne|co|sw|ew|gt|ge|lt|le){blank}(?:['`“„‘]|%27|%60|%e2%80%9)"))
});

/// A pattern of this file, in any letter case. A test compiles each.
fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}")).unwrap_or_else(|error| panic!("{error}"))
}

/// A body with the values of secrets masked; as it came if there is none. One that is not JSON but mentions a secret is kept only up to there.
pub fn body(text: Cow<'_, str>) -> Cow<'_, str> {
    // An escape can spell a name, too.
    let has_escape = text.contains("\\u");
    if !has_escape && !MENTION.is_match(&text) {
        return text;
    }
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        let mut masked = value.clone();
        walk(&mut masked, &mut hide, &mut |text| {
            if let Cow::Owned(masked) = expression(text.as_str().into()) {
                *text = masked;
            }
        });
        return if masked == value { text } else { masked.to_string().into() };
    }
    let begins = |found: Option<regex::Match<'_>>| found.map(|found| found.start());
    let assigned = ASSIGNED.iter().filter_map(|pattern| begins(pattern.find(&text)));
    let mention = begins(PASSWORD.find(&text)).into_iter().chain(assigned).min();
    let escape = || text.find("\\u").filter(|_| MENTION.is_match(&unescaped(&text)));
    match mention.or_else(escape) {
        Some(mention) => format!("{}{HIDDEN}", &text[..mention]).into(),
        None => text,
    }
}

/// A filter, a path or a query, as it is or encoded, without the values of secrets.
pub fn expression(text: Cow<'_, str>) -> Cow<'_, str> {
    if !MENTION.is_match(&text) {
        return text;
    }
    // Of the password nothing is kept that stands behind it: there are too many ways to write a comparison wrongly.
    if let Some(mention) = PASSWORD.find(&text) {
        let (before, rest) = text.split_at(mention.end());
        // A mention alone, as in `attributes=password`, is not a secret.
        let is_quoted = rest.contains(['"', '=']) || rest.to_ascii_lowercase().contains("%22");
        if is_quoted || PASSWORD_COMPARED.is_match(&text[mention.start()..]) {
            return format!("{before}{MASK}").into();
        }
    }
    let text = mask_values(&COMPARED, text);
    ASSIGNED.iter().fold(text, |text, pattern| mask_values(pattern, text))
}

/// The values of secrets in a body or a query, each as it is meant.
pub fn secrets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !MENTION.is_match(text) && !text.contains("\\u") {
        return found;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            let texts = std::cell::RefCell::new(&mut found);
            walk(&mut value, &mut |secret| strings(secret, &mut texts.borrow_mut()), &mut |text| {
                texts.borrow_mut().extend(values(text));
            });
        }
        Err(_) => found.extend(values(text)),
    }
    found
}

/// Whether the last part of a header, parameter, attribute, path or URN is the name of a secret; a path may have it before a filter.
pub fn names_secret(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or_default().trim();
    NAME.is_match(name)
}

/// Whether a header has a secret, by its name in any letter case: `Authorization`, `Set-Cookie`, `X-Api-Key`.
pub fn is_secret_header(name: &str) -> bool {
    let start = name.get(..SECRET_HEADER_STARTS.len());
    let is_of_access = start.is_some_and(|start| start.eq_ignore_ascii_case(SECRET_HEADER_STARTS));
    SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
        || is_of_access && !name.eq_ignore_ascii_case(OPEN_HEADER)
        || names_secret(name)
}

/// What [`expression`] finds.
fn values(text: &str) -> impl Iterator<Item = String> {
    let found = ASSIGNED.iter().chain([&*COMPARED]).flat_map(|pattern| pattern.captures_iter(text));
    found.filter_map(|found| Some(value(&found)?.as_str().to_owned())).filter(|value| !value.is_empty())
}

fn value<'t>(found: &regex::Captures<'t>) -> Option<regex::Match<'t>> {
    ["plain", "nested", "single", "bare"].into_iter().find_map(|kind| found.name(kind))
}

fn mask_values<'t>(pattern: &Regex, text: Cow<'t, str>) -> Cow<'t, str> {
    let places: Vec<_> = pattern.captures_iter(&text).filter_map(|found| Some(value(&found)?.range())).collect();
    let mut masked = text.clone();
    for place in places.into_iter().rev().filter(|place| !place.is_empty() && !text[place.clone()].contains(MASK)) {
        masked.to_mut().replace_range(place, MASK);
    }
    masked
}

/// Goes through a value: `secret` is shown what has the name of one, `text` every other text.
fn walk(value: &mut Value, secret: &mut dyn FnMut(&mut Value), text: &mut dyn FnMut(&mut String)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, secret, text)),
        Value::Object(object) => {
            let is_secret_operation = object
                .iter()
                .any(|(name, path)| name.eq_ignore_ascii_case("path") && path.as_str().is_some_and(names_secret));
            for (name, value) in object.iter_mut() {
                let is_value = name.eq_ignore_ascii_case("value");
                if !(names_secret(name) || is_secret_operation && is_value) {
                    walk(value, secret, text);
                } else if !value.is_null() {
                    secret(value);
                }
            }
        }
        // A filter, a path, or JSON within a text.
        Value::String(string) => text(string),
        _ => {}
    }
}

/// Masks all texts and numbers in a value. Whether a password can be changed is not a secret.
fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(object) => object.values_mut().for_each(hide),
        Value::String(_) | Value::Number(_) => *value = Value::from(MASK),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The texts and numbers in a value that may be the secret itself: of an object its `value`, since it says other things beside.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(object) => object.get("value").into_iter().for_each(|value| strings(value, found)),
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}

/// A text with what its escapes `\u0077` and `\/` stand for.
pub fn unescaped(text: &str) -> String {
    let text = text.replace("\\/", "/");
    let mut parts = text.split("\\u");
    let mut unescaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        unescaped.extend(digits);
        unescaped.push_str(if digits.is_some() { &part[4..] } else { part });
    }
    unescaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_wherever_they_stand() {
        for text in [
            r#"{"userName":"ada","password":"hunter2"}"#,
            r#"{"PassWord":"hunter2"}"#,
            r#"{"Operations":[{"op":"replace","value":{"password":"hunter2"}}]}"#,
            r#"{"Operations":[{"op":"replace","path":"password","value":"hunter2"}]}"#,
            r#"{"urn:ietf:params:scim:schemas:core:2.0:User:password":"hunter2"}"#,
            r#"{"password":{"deep":["hunter2"]}}"#,
            r#"{"pass\u0077ord":"hunter2"}"#,
            r#"{"filter":"password eq \"hunter2\""}"#,
            r#"{"Operations":[{"op":"add","path":"emails[Password eq \"hunter2\"].value","value":"a"}]}"#,
            r#"{"Operations":[{"op":"add","path":"x","value":"{\"password\":\"hunter2\"}"}]}"#,
            r#"{"urn:x:ext":{"Password":"hunter2"}}"#,
        ] {
            let kept = body(text.into());
            assert!(!kept.contains("hunter2") && kept.contains(MASK), "{text} became {kept}");
            serde_json::from_str::<Value>(&kept).expect("JSON stays JSON");
        }
        for text in [
            r#"{"a": 1}"#,
            r#"{"title": "password manager"}"#,
            r#"{"a": "\u00e9"}"#,
            r#"{"a": "\u00e9"#,
            r#"{"password": null}"#,
            "",
        ] {
            assert_eq!(body(text.into()), text, "a body without secrets is kept as it came");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in [
            "password",
            "Password",
            "pwd",
            "client_secret",
            "clientSecret",
            "apiKey",
            "api_key",
            "X-Api-Key",
            "X-Auth-Token",
            "access_token",
            "Cf-Access-Client-Secret",
            "Cf-Access-Jwt-Assertion",
            "privateKey",
            "passphrase",
            "user.credentials",
            "urn:x:ext:User:dbPasswd",
            "password[x eq 1]",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in ["userName", "title", "tokens", "passwordLastChanged", "secretary", "apiKeyId", "nextCursor"] {
            assert!(!names_secret(name), "{name}");
        }
        for (text, kept) in [
            (r#"{"client_secret":"hunter2","a":1}"#, r#"{"client_secret":"••••","a":1}"#),
            (r#"{"Operations":[{"op":"add","path":"urn:x:ext:User:apiKey","value":"hunter2"}]}"#, ""),
            (r#"{"filter":"apiKey eq \"hunter2\" and title pr"}"#, r#"{"filter":"apiKey eq \"••••\" and title pr"}"#),
            (r#"{"note":"token=hunter2&x=1"}"#, r#"{"note":"token=••••&x=1"}"#),
        ] {
            let masked = body(text.into());
            assert!(!masked.contains("hunter2") && (kept.is_empty() || masked == kept), "{text} became {masked}");
            assert_eq!(secrets(text), ["hunter2"], "{text}");
        }
        for (text, kept) in [
            ("/Users?access_token=hunter2&count=1", "/Users?access_token=••••&count=1"),
            ("/Users?filter=apiKey+eq+%22hunter2%22&count=1", "/Users?filter=apiKey+eq+%22••••%22&count=1"),
            ("apiKey eq \"one two%20three\" and title pr", "apiKey eq \"••••\" and title pr"),
            ("filter=apiKey%20eq%20%22one%20two%22&count=1", "filter=apiKey%20eq%20%22••••%22&count=1"),
            ("apiKey eq 'one two'", "apiKey eq '••••'"),
            ("pwd=one two", "pwd=••••"),
            (r#"apiKey eq "a\"rest""#, r#"apiKey eq "••••""#),
            ("apiKey eq \"50%off-secret\"", "apiKey eq \"••••\""),
            ("filter=apiKey%20eq%20%2250%25off%22", "filter=apiKey%20eq%20%22••••%22"),
            ("urn:acme:scim:schemas:token:2.0:User:name", "urn:acme:scim:schemas:token:2.0:User:name"),
            (
                "There is no attribute `passwrd`. Is `password` meant?",
                "There is no attribute `passwrd`. Is `password` meant?",
            ),
            ("Password reset for Ada's team", "Password reset for Ada's team"),
            ("/Users?filter=userName eq \"token\"", "/Users?filter=userName eq \"token\""),
            ("/Users?filter=title eq \"secret agent\"", "/Users?filter=title eq \"secret agent\""),
        ] {
            assert_eq!(expression(text.into()), kept);
        }
        for form in ["grant_type=x&client_secret=hunter2&a=b", "{'client_secret': 'hunter2'}", r#"{"apiKey":"hunter2""#]
        {
            assert!(body(form.into()).ends_with(HIDDEN), "{form}");
            assert_eq!(secrets(form), ["hunter2"], "{form}");
        }
    }

    #[test]
    fn a_header_with_a_secret_is_known_by_its_name() {
        for name in ["Authorization", "proxy-authorization", "Cookie", "SET-COOKIE", "CF-Access-Client-Id", "X-Api-Key"]
        {
            assert!(is_secret_header(name), "{name}");
        }
        for name in ["www-authenticate", "x-request-id", "cf-ray", "etag", "retry-after"] {
            assert!(!is_secret_header(name), "{name}");
        }
    }

    #[test]
    fn what_says_something_of_a_password_is_not_one() {
        for text in [
            r#"{"changePassword":{"supported":true},"mustChangePassword":false}"#,
            r#"{"title":"Keeper of the password"}"#,
        ] {
            assert_eq!(body(text.into()), text);
        }
    }

    #[test]
    fn what_is_not_json_is_kept_up_to_a_password() {
        for (text, kept) in [
            (r#"{"userName":"ada","password":"hunter2""#, r#"{"userName":"ada",""#),
            (r#"{"userName":"ada",}{"PASSWORD":"hunter2"}"#, r#"{"userName":"ada",}{""#),
            (r#"{'password':'hunter2'}"#, "{'"),
            ("userName=ada&password=hunter2", "userName=ada&"),
            (r#"{"a":"é","pass\u0077ord":"hunter2""#, r#"{"a":"é","pass"#),
            (r#"{"\u00700\u0070assword":"hunter2""#, r#"{""#),
            (r#"{"\u0070\u0061\u0073\u0073\u0077\u006F\u0072\u0064":"hunter2"]"#, r#"{""#),
        ] {
            assert_eq!(body(text.into()), format!("{kept}{HIDDEN}"), "{text}");
        }
    }

    #[test]
    fn nothing_is_shown_of_what_a_password_is_compared_with() {
        for query in ["filter=password eq \"hunter2\"", "filter=PASSWORD%20eq%20%22hunter2%22", "password=hunter2"] {
            let kept = expression(query.into());
            assert!(!kept.contains("hunter2") && kept.ends_with(MASK), "{query} became {kept}");
        }
        assert_eq!(expression("excludedAttributes=password".into()), "excludedAttributes=password");
    }
}
