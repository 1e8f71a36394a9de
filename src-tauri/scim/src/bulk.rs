//! Bulk requests, RFC 7644 §3.7: many operations in one body, some of which name what others create.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::json::{Document, member, wrong_kind};
use crate::{BULK_REQUEST, BULK_RESPONSE, Notes, Policy, Result, ScimError};

/// How an operation names what another one creates: `bulkId:qwerty`.
const REFERENCE: &str = "bulkId:";

/// A bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkRequest {
    /// How many errors end the work; `None`: it goes on whatever happens.
    pub fail_on_errors: Option<u64>,
    /// In the order in which they came.
    pub operations: Vec<BulkOperation>,
}

/// One operation of a bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// In upper case.
    pub method: String,
    /// What the client calls the resource until it has an id.
    pub bulk_id: Option<String>,
    /// Relative to the base URL: `/Users/2819c223`.
    pub path: String,
    /// Versions that the operation may act on, as in `If-Match`.
    pub version: Option<String>,
    /// The body of the request that the operation stands for.
    pub data: Option<Value>,
}

/// What became of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// As it was sent.
    pub method: String,
    /// As it was sent.
    pub bulk_id: Option<String>,
    /// The resource's address, if there is one.
    pub location: Option<String>,
    /// The resource's version.
    pub version: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The body; RFC 7644 §3.7.3 asks for it where the status is an error.
    pub response: Option<Value>,
}

impl BulkRequest {
    /// Reads a bulk request of at most `most` operations. An operation that makes no sense on its own is not refused here: its error is
    /// part of the answer.
    ///
    /// # Errors
    /// 400 `invalidSyntax` or `invalidValue` if the body is not a bulk request, 413 if it has too many operations.
    pub fn parse(body: &[u8], most: usize, policy: &Policy, notes: &mut Notes) -> Result<Self> {
        let document = Document::parse(body)?;
        document.check_schemas(BULK_REQUEST, policy, notes)?;
        let Some(Value::Array(operations)) = member(&document.object, "Operations") else {
            return Err(ScimError::invalid_syntax("`Operations` has to be an array of operations."));
        };
        if operations.len() > most {
            return Err(ScimError::payload_too_large(format!(
                "The request has {} operations; {most} is the most (maxOperations).",
                operations.len()
            )));
        }
        let fail_on_errors = match member(&document.object, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_u64() {
                None | Some(0) => return Err(ScimError::invalid_value("`failOnErrors` has to be a number from 1.")),
                number => number,
            },
        };
        let operations = operations.iter().enumerate().map(|(index, value)| BulkOperation::read(index, value));
        Ok(Self { fail_on_errors, operations: operations.collect::<Result<_, _>>()? })
    }
}

impl BulkOperation {
    fn read(index: usize, value: &Value) -> Result<Self> {
        let Value::Object(object) = value else {
            let text = wrong_kind(format_args!("`Operations[{index}]`"), "an object", value);
            return Err(ScimError::invalid_syntax(text));
        };
        let text = |name: &str| match member(object, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(ScimError::invalid_value(format!("`Operations[{index}].{name}` has to be a text."))),
        };
        let needed = |name: &str| {
            text(name)?.ok_or_else(|| ScimError::invalid_syntax(format!("`Operations[{index}].{name}` is missing.")))
        };
        Ok(Self {
            method: needed("method")?.to_uppercase(),
            bulk_id: text("bulkId")?,
            path: needed("path")?,
            version: text("version")?,
            data: member(object, "data").filter(|data| !data.is_null()).cloned(),
        })
    }

    /// The `bulkId`s that the operation names, in path and data.
    pub fn references(&self) -> HashSet<String> {
        let mut found = HashSet::new();
        for segment in self.path.split('/') {
            found.extend(segment.strip_prefix(REFERENCE).map(str::to_owned));
        }
        if let Some(data) = &self.data {
            collect(data, &mut found);
        }
        found
    }

    /// This operation with each `bulkId:…` replaced by the id it stands for; those that are not in `ids` stay.
    #[must_use]
    pub fn resolved(&self, ids: &HashMap<String, String>) -> Self {
        Self {
            path: self.path.split('/').map(|segment| id_for(segment, ids)).collect::<Vec<_>>().join("/"),
            data: self.data.as_ref().map(|data| substitute(data, ids)),
            ..self.clone()
        }
    }
}

impl BulkResult {
    /// As it stands in a bulk response.
    fn into_json(self) -> Value {
        let mut object = Map::new();
        object.insert("method".into(), self.method.into());
        let texts = [("bulkId", self.bulk_id), ("location", self.location), ("version", self.version)];
        for (name, text) in texts {
            object.extend(text.map(|text| (name.to_owned(), text.into())));
        }
        object.insert("status".into(), self.status.to_string().into());
        object.extend(self.response.map(|response| ("response".to_owned(), response)));
        Value::Object(object)
    }
}

/// A bulk response, RFC 7644 §3.7.3. `status` is a string there.
pub fn bulk_response(results: Vec<BulkResult>) -> Value {
    let operations: Vec<_> = results.into_iter().map(BulkResult::into_json).collect();
    json!({ "schemas": [BULK_RESPONSE], "Operations": operations })
}

fn collect(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::String(text) => found.extend(text.strip_prefix(REFERENCE).map(str::to_owned)),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        Value::Object(object) => object.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// The id that a reference stands for; any other text as it is.
fn id_for<'a>(text: &'a str, ids: &'a HashMap<String, String>) -> &'a str {
    text.strip_prefix(REFERENCE).and_then(|name| ids.get(name)).map_or(text, String::as_str)
}

fn substitute(value: &Value, ids: &HashMap<String, String>) -> Value {
    match value {
        Value::String(text) => id_for(text, ids).into(),
        Value::Array(elements) => elements.iter().map(|element| substitute(element, ids)).collect(),
        Value::Object(object) => {
            object.iter().map(|(name, value)| (name.clone(), substitute(value, ids))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &Value) -> Result<BulkRequest> {
        BulkRequest::parse(body.to_string().as_bytes(), 3, &Policy::strict(), &mut Notes::new())
    }

    fn request(operations: &Value) -> Value {
        json!({"schemas": [BULK_REQUEST], "Operations": operations})
    }

    #[test]
    fn references_are_found_and_replaced() {
        let body = request(&json!([
            {"method": "put", "path": "/Groups/bulkId:g", "version": "W/\"1\"",
             "data": {"members": [{"value": "bulkId:u"}, {"value": "other"}]}},
        ]));
        let request = parse(&body).expect("a bulk request");
        let operation = &request.operations[0];
        assert_eq!((operation.method.as_str(), operation.version.as_deref()), ("PUT", Some("W/\"1\"")));
        assert_eq!(operation.references(), HashSet::from(["g".to_owned(), "u".to_owned()]));
        let ids = HashMap::from([("g".to_owned(), "7".to_owned()), ("u".to_owned(), "8".to_owned())]);
        let resolved = operation.resolved(&ids);
        assert_eq!(resolved.path, "/Groups/7");
        assert_eq!(resolved.data, Some(json!({"members": [{"value": "8"}, {"value": "other"}]})));
    }

    #[test]
    fn what_is_no_bulk_request_is_refused() {
        let operation = json!({"method": "DELETE", "path": "/Users/1"});
        for (body, status) in [
            (json!([]), 400),
            (json!({"Operations": []}), 400),
            (request(&json!({})), 400),
            (request(&json!([1])), 400),
            (request(&json!([{"method": "POST"}])), 400),
            (request(&json!([{"path": "/Users"}])), 400),
            (request(&json!([{"method": 1, "path": "/Users"}])), 400),
            (json!({"schemas": [BULK_REQUEST], "Operations": [operation], "failOnErrors": 0}), 400),
            (request(&json!([operation, operation, operation, operation])), 413),
        ] {
            assert_eq!(parse(&body).expect_err(&body.to_string()).status, status, "{body}");
        }
        assert!(parse(&request(&json!([]))).is_ok());
    }
}
