//! The body of a `POST …/.search`, RFC 7644 §3.4.3.

use serde_json::Value;

use crate::json::{Document, kind_of, member};
use crate::{Notes, Policy, Result, SEARCH_REQUEST, ScimError};

/// The parameters that a list takes. Each stands in a query and in a search request under the same name.
const PARAMETERS: [&str; 8] =
    ["attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor"];

/// Reads a search request into query parameters: pairs of a name from RFC 7644 §3.4.3 and its value as a query would have it.
///
/// # Errors
/// 400 `invalidSyntax` if the body is not a JSON object or has no `schemas` where the policy asks for them, `invalidValue` if a parameter
/// has another type.
pub fn parse_search_request(body: &[u8], policy: &Policy, notes: &mut Notes) -> Result<Vec<(&'static str, String)>> {
    let document = Document::parse(body)?;
    document.check_schemas(SEARCH_REQUEST, policy, notes)?;
    let mut parameters = Vec::new();
    for name in PARAMETERS {
        let text = match member(&document.object, name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Array(names)) if name.ends_with("ttributes") => {
                let names = names.iter().map(|name| name.as_str());
                names.collect::<Option<Vec<_>>>().ok_or_else(|| wrong(name, "an array of texts"))?.join(",")
            }
            Some(other) => return Err(wrong(name, &format!("a text or a number, not {}", kind_of(other)))),
        };
        parameters.push((name, text));
    }
    Ok(parameters)
}

fn wrong(name: &str, expected: &str) -> ScimError {
    ScimError::invalid_value(format!("`{name}` has to be {expected}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str, policy: &Policy) -> Result<Vec<(&'static str, String)>> {
        parse_search_request(body.as_bytes(), policy, &mut Notes::new())
    }

    #[test]
    fn a_search_request_becomes_parameters() {
        let body = r#"{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "ATTRIBUTES": ["userName", "emails"],
                       "filter": "title pr", "startIndex": 1, "count": 10, "sortBy": null, "unknown": {}}"#;
        let expected =
            [("attributes", "userName,emails"), ("filter", "title pr"), ("startIndex", "1"), ("count", "10")];
        let parsed = parse(body, &Policy::strict()).expect("parameters");
        assert_eq!(parsed.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_no_search_request_is_refused() {
        assert!(parse("[]", &Policy::tolerant()).is_err());
        assert!(parse(r#"{"filter": "title pr"}"#, &Policy::strict()).is_err());
        assert!(parse(r#"{"filter": "title pr"}"#, &Policy::tolerant()).is_ok());
        assert!(parse(r#"{"attributes": [1]}"#, &Policy::tolerant()).is_err());
        assert!(parse(r#"{"count": {}}"#, &Policy::tolerant()).is_err());
    }
}
