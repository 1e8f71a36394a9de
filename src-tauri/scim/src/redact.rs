//! What may be kept and shown of what a client sent: everything but passwords.

use std::borrow::Cow;

use memchr::{memchr2_iter, memmem};
use serde_json::Value;

/// What stands where a secret stood.
pub const MASK: &str = "••••";

/// What stands behind a body that is kept only up to a password.
pub const HIDDEN: &str = "… (hidden from here on: this is not JSON and mentions a password)";

const PASSWORD: &str = "password";

/// A body with the values of `password` masked; as it came if there is none. One that is not JSON but mentions a password is kept only up
/// to there.
pub fn body(text: Cow<'_, str>) -> Cow<'_, str> {
    let mention = find_ignoring_case(&text, PASSWORD);
    // An escape can spell the name too.
    let escape = memmem::find(text.as_bytes(), b"\\u");
    if mention.is_none() && escape.is_none() {
        return text;
    }
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        let mut masked = value.clone();
        mask_passwords(&mut masked);
        return if masked == value { text } else { masked.to_string().into() };
    }
    match mention.or_else(|| escape.filter(|_| find_ignoring_case(&unescaped(&text), PASSWORD).is_some())) {
        Some(mention) => format!("{}{HIDDEN}", &text[..mention]).into(),
        None => text,
    }
}

/// A filter or path, as it is or in a query, without what comes after the attribute `password`.
pub fn expression(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(mention) = find_ignoring_case(&text, PASSWORD) else { return text };
    let (before, rest) = text.split_at(mention + PASSWORD.len());
    // A mention alone, as in `attributes=password`, is not a secret.
    if !rest.contains(['"', '=']) && find_ignoring_case(rest, "%22").is_none() {
        return text;
    }
    format!("{before}{MASK}").into()
}

/// Whether an attribute name, path or URN ends in `password`, or a path has it before a filter or blank.
pub fn names_password(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or_default().trim();
    name.rsplit([':', '.']).next().is_some_and(|last| last.eq_ignore_ascii_case(PASSWORD))
}

fn mask_passwords(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask_passwords),
        Value::Object(object) => {
            let is_password_operation = object
                .iter()
                .any(|(name, path)| name.eq_ignore_ascii_case("path") && path.as_str().is_some_and(names_password));
            for (name, value) in object.iter_mut() {
                let is_value = name.eq_ignore_ascii_case("value");
                if !(names_password(name) || is_password_operation && is_value) {
                    mask_passwords(value);
                } else if !value.is_null() {
                    *value = Value::from(MASK);
                }
            }
        }
        // A filter, a path, or JSON within a text.
        Value::String(text) => {
            if let Cow::Owned(masked) = expression(text.as_str().into()) {
                *text = masked;
            }
        }
        _ => {}
    }
}

/// A text with what its escapes `\u0077` stand for.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut unescaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        unescaped.extend(digits);
        unescaped.push_str(if digits.is_some() { &part[4..] } else { part });
    }
    unescaped
}

/// Where an ASCII text stands in another, in any letter case.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let first = *needle.first()?;
    memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text)
        .find(|&at| text[at..].get(..needle.len()).is_some_and(|there| there.eq_ignore_ascii_case(needle)))
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
