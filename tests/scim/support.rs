//! What the tables share.

use scim::{Incoming, Notes, PatchRequest, Patched, Policy, Resource, ScimError};
use serde_json::Value;

/// The stored form of a user.
pub(crate) fn user(value: &Value) -> Resource {
    parse_user(value, &Policy::tolerant()).expect("a user").0.resource
}

/// A POST body of a user, with the rules that were used.
pub(crate) fn parse_user(body: &Value, policy: &Policy) -> Result<(Incoming, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let incoming = scim::parse(body.to_string().as_bytes(), scim::user(), policy, &mut notes)?;
    Ok((incoming, rules(notes)))
}

/// A PATCH on a user with the id `1`, with the rules that were used.
pub(crate) fn patch_user(
    before: &Resource,
    body: &Value,
    policy: &Policy,
) -> Result<(Patched, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let request = PatchRequest::parse(body.to_string().as_bytes(), policy, &mut notes)?;
    let patched = scim::apply(before, "1", &request, scim::user(), policy, &mut notes)?;
    Ok((patched, rules(notes)))
}

/// The rules of notes.
pub(crate) fn rules(notes: Notes) -> Vec<String> {
    notes.into_vec().into_iter().map(|note| note.rule).collect()
}

/// `invalidValue`, or the status of an error that has no such name.
pub(crate) fn kind(error: &ScimError) -> String {
    error.scim_type.map_or_else(|| error.status.to_string(), |kind| kind.as_str().to_owned())
}
