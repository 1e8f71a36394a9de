//! What the tables share.

use std::sync::LazyLock;

use scim::{Filter, Incoming, Notes, PatchRequest, Patched, Policy, Resource, ResourceSchema, Schema, ScimError};
use serde_json::{Value, json};

/// The URN of an extension that a directory declares; it has an attribute of every type.
pub(crate) const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";

static BADGED_USER: LazyLock<ResourceSchema> = LazyLock::new(|| {
    let attribute = |name: &str, kind: &str| json!({"name": name, "type": kind});
    let schema = json!({"id": BADGE, "name": "Badge", "attributes": [
        attribute("label", "string"),
        {"name": "serial", "type": "string", "caseExact": true},
        attribute("valid", "boolean"),
        attribute("level", "integer"),
        attribute("weight", "decimal"),
        attribute("issued", "dateTime"),
        attribute("chip", "binary"),
        attribute("photo", "reference"),
        {"name": "tags", "type": "string", "multiValued": true},
        {"name": "color", "type": "string", "mutability": "immutable"},
        {"name": "printed", "type": "string", "mutability": "readOnly"},
        {"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"},
        {"name": "history", "type": "string", "returned": "request"},
        {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
            attribute("value", "string"), attribute("type", "string"), attribute("open", "boolean"),
            attribute("floor", "integer"), attribute("primary", "boolean"),
        ]},
        {"name": "desk", "type": "complex", "subAttributes": [attribute("room", "string"), attribute("seat", "integer")]},
    ]});
    scim::user().with_extensions([Schema::parse_extension(&schema).expect("a schema")])
});

/// Users with the extension [`BADGE`].
pub(crate) fn badged_user() -> &'static ResourceSchema {
    &BADGED_USER
}

/// Both ends of the scale.
pub(crate) fn both() -> [Policy; 2] {
    [Policy::tolerant(), Policy::strict()]
}

/// A JSON object.
pub(crate) fn object(value: Value) -> Resource {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is not an object"),
    }
}

/// The stored form of a user.
pub(crate) fn user(value: &Value) -> Resource {
    parse_user(value, &Policy::tolerant()).expect("a user").0.resource
}

/// A POST body of a user, with the rules that were used.
pub(crate) fn parse_user(body: &Value, policy: &Policy) -> Result<(Incoming, Vec<String>), ScimError> {
    parse_text(&body.to_string(), scim::user(), policy)
}

/// A POST body, with the rules that were used.
pub(crate) fn parse_text(
    body: &str,
    schema: &ResourceSchema,
    policy: &Policy,
) -> Result<(Incoming, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let incoming = scim::parse(body.as_bytes(), schema, policy, &mut notes)?;
    Ok((incoming, rules(notes)))
}

/// A PATCH on a user with the id `1`, with the rules that were used.
pub(crate) fn patch_user(
    before: &Resource,
    body: &Value,
    policy: &Policy,
) -> Result<(Patched, Vec<String>), ScimError> {
    patch(before, body, scim::user(), policy)
}

/// A PATCH on a resource with the id `1`, with the rules that were used.
pub(crate) fn patch(
    before: &Resource,
    body: &Value,
    schema: &ResourceSchema,
    policy: &Policy,
) -> Result<(Patched, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let request = PatchRequest::parse(body.to_string().as_bytes(), policy, &mut notes)?;
    let patched = scim::apply(before, "1", &request, schema, policy, &mut notes)?;
    Ok((patched, rules(notes)))
}

/// A filter that was read and looked up, with the rules that were used.
pub(crate) fn filter(text: &str, schema: &ResourceSchema, policy: &Policy) -> Result<(Filter, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let filter = Filter::parse(text, policy, &mut notes)?.check(schema, policy, &mut notes)?;
    Ok((filter, rules(notes)))
}

/// The rules of notes.
pub(crate) fn rules(notes: Notes) -> Vec<String> {
    notes.into_vec().into_iter().map(|note| note.rule).collect()
}

/// `invalidValue`, or the status of an error that has no such name.
pub(crate) fn kind(error: &ScimError) -> String {
    error.scim_type.map_or_else(|| error.status.to_string(), |kind| kind.as_str().to_owned())
}
