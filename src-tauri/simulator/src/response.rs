//! A response as it is read, what is expected of it, and what was wrong with the one that came.

use scim::is_same_text;
use serde::Serialize;
use serde_json::{Map, Value, json};
use wire::Answer;

/// An answer with its body read as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) answer: Answer,
    /// `Null` if the body is empty or no JSON.
    pub(crate) json: Value,
    /// Why the body is not JSON; `None`: it is, or it is empty.
    pub(crate) syntax: Option<String>,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Whether it stops the identity provider.
    pub weight: Weight,
    /// What should have come, as a piece of JSON: `{"totalResults": 1}`.
    pub expected: Value,
    /// What came.
    pub actual: Value,
    /// Why it matters, in a sentence.
    pub because: String,
    /// `RFC 7644 §3.4.2`; empty if no RFC says so.
    pub section: &'static str,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Weight {
    /// The identity provider cannot go on.
    Fails,
    /// The identity provider goes on; it should be otherwise all the same.
    Warns,
}

/// One thing that an answer has to be.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// One of these statuses.
    Status(&'static [u16]),
    /// A ListResponse with integers, RFC 7644 §3.4.2.
    List,
    /// A list of those with this value, whatever its letter case: the filter was not ignored. A 404 counts as an empty one.
    Matches { attribute: &'static str, value: String },
    /// At least one resource in the list.
    Some,
    /// A resource with an id that is a text and not empty; an error that is allowed has none.
    Id,
    /// This id.
    SameId(String),
    /// The value of an attribute, by JSON pointer; an answer without a body is not asked.
    Value { pointer: String, value: Value, weight: Weight, because: &'static str, section: &'static str },
    /// These members, by id, in any order; an answer without a body is not asked.
    Members { ids: Vec<String>, weight: Weight, because: &'static str },
    /// No such attribute.
    Absent { attribute: &'static str, because: &'static str, section: &'static str },
    /// A SCIM error with `status` as text.
    Error,
}

/// Bytes of a value or sentence in a finding. 16 KiB: it shows what differs, and a server may answer with megabytes where a word is wanted.
const MOST_SHOWN: usize = 16 << 10;

/// The beginning of a text that is longer than a finding shows.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > MOST_SHOWN {
        text.truncate(text.floor_char_boundary(MOST_SHOWN));
        text.push('…');
    }
    text
}

impl Finding {
    /// The same, with only the beginning of what is very long.
    pub(crate) fn shortened(self) -> Self {
        let value = |value: Value| {
            let text = value.to_string();
            if text.len() > MOST_SHOWN { shortened(text).into() } else { value }
        };
        let (expected, actual) = (value(self.expected), value(self.actual));
        Self { expected, actual, because: shortened(self.because), ..self }
    }
}

impl Response {
    pub(crate) fn new(answer: Answer) -> Self {
        if answer.body.iter().all(u8::is_ascii_whitespace) {
            return Self { answer, json: Value::Null, syntax: None };
        }
        match serde_json::from_slice(&answer.body) {
            Ok(json) => Self { answer, json, syntax: None },
            Err(error) => Self { answer, json: Value::Null, syntax: Some(error.to_string()) },
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.answer.status
    }

    /// The `id` of a resource.
    pub(crate) fn id(&self) -> String {
        id_of(&self.json).unwrap_or_default().to_owned()
    }

    /// The resources of a list.
    pub(crate) fn resources(&self) -> &[Value] {
        self.json["Resources"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The `id` of the first resource of a list.
    pub(crate) fn first_id(&self) -> Option<String> {
        id_of(self.resources().first()?).map(str::to_owned)
    }

    /// How many resources there are in all.
    pub(crate) fn total(&self) -> u64 {
        self.json["totalResults"].as_u64().unwrap_or_default()
    }

    /// The resource as an object, empty if it is not one.
    pub(crate) fn resource(&self) -> Map<String, Value> {
        self.json.as_object().cloned().unwrap_or_default()
    }

    /// Whether `schemas` names a URN.
    pub(crate) fn names_schema(&self, urn: &str) -> bool {
        self.json["schemas"].as_array().is_some_and(|urns| urns.iter().any(|named| named == urn))
    }

    /// A finding that stops the identity provider: an attribute is not what it has to be.
    fn lacks(
        &self,
        name: &str,
        expected: impl Into<Value>,
        because: impl Into<String>,
        section: &'static str,
    ) -> Finding {
        let (expected, actual) = (expected.into(), &self.json[name]);
        fails(json!({ name: expected }), json!({ name: actual }), because, section)
    }

    /// The same, and it does not.
    fn should_have(&self, name: &str, expected: impl Into<Value>, because: &str, section: &'static str) -> Finding {
        Finding { weight: Weight::Warns, ..self.lacks(name, expected, because, section) }
    }

    /// The `detail` of an error.
    pub(crate) fn detail(&self) -> Option<&str> {
        self.json["detail"].as_str()
    }
}

impl Expected {
    /// The value of an attribute; a wrong one stops the identity provider.
    pub(crate) fn value(pointer: impl Into<String>, value: impl Into<Value>, because: &'static str) -> Self {
        Self::Value { pointer: pointer.into(), value: value.into(), weight: Weight::Fails, because, section: "" }
    }

    /// What of this a response does not meet.
    pub(crate) fn unmet(&self, response: &Response) -> Vec<Finding> {
        match self {
            Self::Status(statuses) if !statuses.contains(&response.status()) => vec![wrong_status(statuses, response)],
            Self::Status(_) => Vec::new(),
            Self::List => list(response),
            Self::Matches { .. } if response.status() == 404 => vec![warns(
                json!({ "status": 200, "totalResults": 0 }),
                json!({ "status": 404 }),
                "Nobody found is an empty list, not an error; Entra ID stops here.",
                "RFC 7644 §3.4.2",
            )],
            Self::Matches { attribute, value } => {
                let mut findings = list(response);
                findings.extend(only(attribute, value, response));
                findings.extend(response.resources().iter().find_map(leads_elsewhere));
                findings
            }
            Self::Some if response.resources().is_empty() => {
                vec![response.lacks("totalResults", "at least 1", "There has to be something to find.", "")]
            }
            Self::Some => Vec::new(),
            Self::Id if response.status() >= 400 => Vec::new(),
            Self::Id => id(response),
            Self::SameId(wanted) if response.json["id"].as_str() != Some(wanted) => {
                vec![response.lacks("id", wanted.as_str(), "The id of a resource never changes.", "RFC 7643 §3.1")]
            }
            Self::SameId(_) => Vec::new(),
            Self::Value { .. } | Self::Members { .. } if response.status() == 204 => Vec::new(),
            Self::Value { pointer, value, weight, because, section } => {
                let found = response.json.pointer(pointer);
                if found == Some(value) {
                    return Vec::new();
                }
                vec![Finding {
                    weight: *weight,
                    expected: wrap(pointer, value.clone()),
                    actual: wrap(pointer, found.cloned().unwrap_or_default()),
                    because: (*because).to_owned(),
                    section,
                }]
            }
            Self::Members { ids, weight, because } => members(ids, *weight, because, response),
            Self::Absent { attribute, because, section } => match &response.json[*attribute] {
                Value::Null => Vec::new(),
                // Whatever it is, it is not shown: it may be a secret.
                _ => vec![fails(json!({ *attribute: null }), json!({ *attribute: "something" }), *because, section)],
            },
            Self::Error => error(response),
        }
    }
}

/// What is wrong with an id that leads elsewhere.
fn leads_elsewhere(resource: &Value) -> Option<Finding> {
    let id = resource["id"].as_str().filter(|id| matches!(*id, "." | ".."))?;
    let because = "The id stands in the path of its resource, where this one means another path.";
    Some(fails(json!({ "id": "a text that a path can hold" }), json!({ "id": id }), because, "RFC 7643 §3.1"))
}

/// The `id` of a resource; `None`: it has none by which it could be named. `.` and `..` in a path lead elsewhere, encoded or not.
pub(crate) fn id_of(resource: &Value) -> Option<&str> {
    resource["id"].as_str().filter(|id| !matches!(*id, "" | "." | ".."))
}

/// A finding that stops the identity provider.
pub(crate) fn fails(expected: Value, actual: Value, because: impl Into<String>, section: &'static str) -> Finding {
    Finding { weight: Weight::Fails, expected, actual, because: because.into(), section }
}

/// A finding that does not.
pub(crate) fn warns(expected: Value, actual: Value, because: impl Into<String>, section: &'static str) -> Finding {
    Finding { weight: Weight::Warns, expected, actual, because: because.into(), section }
}

/// `/name/givenName` and `Ada` → `{"name": {"givenName": "Ada"}}`.
fn wrap(pointer: &str, value: Value) -> Value {
    pointer.rsplit('/').filter(|part| !part.is_empty()).fold(value, |value, part| match part.parse::<usize>() {
        Ok(_) => json!([value]),
        Err(_) => json!({ part.replace("~1", "/").replace("~0", "~"): value }),
    })
}

fn wrong_status(statuses: &[u16], response: &Response) -> Finding {
    let expected = match statuses {
        [one] => json!(one),
        several => json!(several),
    };
    let mut actual = json!({ "status": response.status() });
    if let Some(detail) = response.detail() {
        actual["detail"] = detail.into();
    }
    let because = match (response.detail(), response.status()) {
        (Some(detail), status) => format!("The server answered {status}: {detail}"),
        (None, status) => format!("The server answered {status} {}.", response.answer.reason),
    };
    fails(json!({ "status": expected }), actual, because, "")
}

fn not_json(response: &Response) -> Option<Finding> {
    let actual = match (&response.syntax, &response.json) {
        (Some(error), _) => json!({ "body": format!("no JSON ({error})") }),
        (None, Value::Null) => json!({ "body": "empty" }),
        (None, Value::Object(_)) => return None,
        (None, _) => json!({ "body": "JSON, but no object" }),
    };
    Some(fails(json!({ "body": "a JSON object" }), actual, "Every SCIM body is a JSON object.", "RFC 7644 §3.1"))
}

fn list(response: &Response) -> Vec<Finding> {
    if let Some(finding) = not_json(response) {
        return vec![finding];
    }
    let json = &response.json;
    let mut findings = Vec::new();
    let section = "RFC 7644 §3.4.2";
    for name in ["totalResults", "startIndex", "itemsPerPage"] {
        let is_required = name == "totalResults";
        if json[name].as_u64().is_none() && (is_required || !json[name].is_null()) {
            let because = format!("{name} is a JSON integer; Okta stops without a reason when it is a string.");
            findings.push(response.lacks(name, "an integer", because, section));
        }
    }
    match &json["Resources"] {
        Value::Array(resources) if resources.iter().all(Value::is_object) => {}
        Value::Null if response.total() == 0 => {
            let because = "Identity providers want Resources even when there are none.";
            findings.push(response.should_have("Resources", json!([]), because, section));
        }
        _ => {
            let because = "Without Resources there is nothing to read.";
            findings.push(response.lacks("Resources", "an array of resources", because, section));
        }
    }
    if !response.names_schema(scim::LIST_RESPONSE) {
        let expected = json!([scim::LIST_RESPONSE]);
        findings.push(response.should_have("schemas", expected, "A list says that it is one.", section));
    }
    findings
}

fn only(attribute: &'static str, value: &str, response: &Response) -> Vec<Finding> {
    let is_other = |resource: &&Value| resource[attribute].as_str().is_none_or(|found| !is_same_text(found, value));
    response.resources().iter().find(is_other).map_or_else(Vec::new, |other| {
        let because = format!("The list has a resource whose {attribute} is not the one that was asked for: the filter was ignored. An identity provider would overwrite somebody else.");
        vec![fails(json!({ attribute: value }), json!({ attribute: other[attribute] }), because, "RFC 7644 §3.4.2.2")]
    })
}

fn id(response: &Response) -> Vec<Finding> {
    if let Some(finding) = not_json(response) {
        return vec![finding];
    }
    if !response.id().is_empty() {
        return Vec::new();
    }
    let because = "The identity provider keeps the id that the server gives; it is a text and never empty.";
    vec![leads_elsewhere(&response.json).unwrap_or_else(|| response.lacks("id", "a text", because, "RFC 7643 §3.1"))]
}

fn members(ids: &[String], weight: Weight, because: &str, response: &Response) -> Vec<Finding> {
    let mut found: Vec<&str> = response.json["members"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|member| member["value"].as_str())
        .collect();
    let mut wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    if found == wanted {
        return Vec::new();
    }
    let shown = |ids: &[&str]| match ids.len() {
        0..=5 => json!({ "members": ids.iter().map(|id| json!({ "value": id })).collect::<Vec<_>>() }),
        many => json!({ "members": format!("{many} members") }),
    };
    let (expected, actual) = (shown(&wanted), shown(&found));
    vec![Finding { weight, expected, actual, because: because.to_owned(), section: "RFC 7643 §4.2" }]
}

fn error(response: &Response) -> Vec<Finding> {
    const SECTION: &str = "RFC 7644 §3.12";
    if let Some(Finding { expected, actual, .. }) = not_json(response) {
        let because = "An error is a SCIM error in JSON; what else comes is shown as noise.";
        return vec![warns(expected, actual, because, SECTION)];
    }
    let mut findings = Vec::new();
    let status = response.status().to_string();
    if response.json["status"] != status.as_str() {
        findings.push(response.should_have("status", status, "In an error, status is a text.", SECTION));
    }
    if !response.names_schema(scim::ERROR) {
        let expected = json!([scim::ERROR]);
        findings.push(response.should_have("schemas", expected, "An error says that it is one.", SECTION));
    }
    findings
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn response(status: u16, body: &str) -> Response {
        let (reason, headers) = ("Some".to_owned(), Vec::new());
        Response::new(Answer { status, reason, headers, body: body.as_bytes().to_vec(), duration: Duration::ZERO })
    }

    fn verdict(need: &Expected, body: &str) -> Option<Weight> {
        let findings = need.unmet(&response(200, body));
        if findings.iter().any(|finding| finding.weight == Weight::Fails) {
            return Some(Weight::Fails);
        }
        findings.first().map(|finding| finding.weight)
    }

    #[test]
    fn needs_are_met_or_not() {
        let only = Expected::Matches { attribute: "userName", value: "Ada@example.com".into() };
        let found = |name: &str| {
            format!(
                r#"{{"schemas":["{}"],"totalResults":1,"Resources":[{{"userName":"{name}"}}]}}"#,
                scim::LIST_RESPONSE
            )
        };
        let members = Expected::Members { ids: vec!["1".into(), "2".into()], weight: Weight::Warns, because: "so" };
        let schemas = format!(r#""schemas":["{}"]"#, scim::LIST_RESPONSE);
        for (need, body, expected) in [
            (&Expected::List, format!(r#"{{{schemas},"totalResults":0,"Resources":[]}}"#), None),
            (&Expected::List, r#"{"totalResults":0,"Resources":[]}"#.to_owned(), Some(Weight::Warns)),
            (&Expected::List, format!(r#"{{{schemas},"totalResults":0}}"#), Some(Weight::Warns)),
            (&Expected::List, format!(r#"{{{schemas},"totalResults":"0","Resources":[]}}"#), Some(Weight::Fails)),
            (
                &Expected::List,
                format!(r#"{{{schemas},"totalResults":0,"startIndex":"1","Resources":[]}}"#),
                Some(Weight::Fails),
            ),
            (&Expected::List, format!(r#"{{{schemas},"totalResults":2}}"#), Some(Weight::Fails)),
            (&Expected::List, "[]".to_owned(), Some(Weight::Fails)),
            (&Expected::List, String::new(), Some(Weight::Fails)),
            (&Expected::List, "<html>".to_owned(), Some(Weight::Fails)),
            (&only, found("ADA@example.com"), None),
            (&only, found("bob@example.com"), Some(Weight::Fails)),
            (
                &only,
                found("ada@example.com").replace("{\"userName\"", "{\"id\":\"..\",\"userName\""),
                Some(Weight::Fails),
            ),
            (&only, format!(r#"{{{schemas},"totalResults":0,"Resources":[]}}"#), None),
            (&Expected::Id, r#"{"id":"1"}"#.to_owned(), None),
            (&Expected::Id, r#"{"id":1}"#.to_owned(), Some(Weight::Fails)),
            (&Expected::Id, r#"{"id":""}"#.to_owned(), Some(Weight::Fails)),
            (&Expected::Id, r#"{"id":".."}"#.to_owned(), Some(Weight::Fails)),
            (&Expected::Id, r#"{"id":"../x"}"#.to_owned(), None),
            (&members, r#"{"members":[{"value":"2"},{"value":"1"}]}"#.to_owned(), None),
            (&members, r#"{"members":[{"value":"2"}]}"#.to_owned(), Some(Weight::Warns)),
            (&Expected::Error, format!(r#"{{"schemas":["{}"],"status":"200"}}"#, scim::ERROR), None),
            (&Expected::Error, format!(r#"{{"schemas":["{}"],"status":200}}"#, scim::ERROR), Some(Weight::Warns)),
            (&Expected::Error, "Not Found".to_owned(), Some(Weight::Warns)),
        ] {
            assert_eq!(verdict(need, &body), expected, "{need:?} of {body}");
        }
    }

    #[test]
    fn a_finding_is_not_as_long_as_what_a_server_answers() {
        let long = "ü".repeat(1 << 20);
        let finding = fails(json!({ "id": "a text" }), json!({ "id": [long] }), long, "").shortened();
        assert_eq!(finding.expected, json!({ "id": "a text" }), "what is short stays");
        assert!(finding.actual.as_str().is_some_and(|text| text.len() < 17_000 && text.ends_with('…')));
        assert!(finding.because.len() < 17_000);
    }

    #[test]
    fn a_finding_shows_just_what_differs() {
        let need = Expected::value("/name/givenName", "Ada", "it was sent");
        let finding = need.unmet(&response(200, r#"{"name":{"givenName":"Bob"},"active":true}"#)).remove(0);
        assert_eq!(finding.expected, json!({"name": {"givenName": "Ada"}}));
        assert_eq!(finding.actual, json!({"name": {"givenName": "Bob"}}));
        let finding = Expected::Status(&[201]).unmet(&response(409, r#"{"detail":"Taken."}"#)).remove(0);
        assert_eq!(finding.because, "The server answered 409: Taken.");
    }
}
