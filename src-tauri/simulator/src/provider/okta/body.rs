//! The bodies of Okta's requests, with their attributes in the order in which Okta sends them.

use serde_json::{Value, json};

use crate::people::Person;
use crate::response::Response;

/// With a hyphen in SCIM 2.0 (LabA); SCIM 1.1 had an underscore.
const LOCALE: &str = "en-US";

/// A new user (fixture `okta-11-create-user-aiw`). The password is a placeholder that Okta sends whether passwords are synchronized or not.
pub(super) fn created(person: &Person, password: &str) -> Value {
    let mut body = json!({
        "schemas": [scim::USER, scim::ENTERPRISE_USER],
        "userName": person.user_name,
        "name": { "givenName": person.given, "familyName": person.family },
        "emails": [{ "primary": true, "value": person.email, "type": "work" }],
        "displayName": person.display_name(),
        "locale": LOCALE,
    });
    // Attributes without a value are left out, and the extension is named only if it has one (LabA, LabB).
    body["title"] = person.title.as_str().into();
    body[scim::ENTERPRISE_USER] = json!({ "department": person.department });
    body["externalId"] = person.okta_id.as_str().into();
    body["groups"] = json!([]);
    body["password"] = password.into();
    body["active"] = true.into();
    body
}

/// The server's own copy with the profile written over it: whatever the server returned comes back to it, read-only attributes too
/// (fixture `okta-16-put-profile-echoes-readonly`).
pub(super) fn merged(current: &Response, person: &Person, active: bool) -> Value {
    let mut body = Value::Object(current.resource());
    if !body["schemas"].is_array() {
        body["schemas"] = json!([scim::USER]);
    }
    if let Some(urns) =
        body["schemas"].as_array_mut().filter(|urns| urns.iter().all(|urn| urn != scim::ENTERPRISE_USER))
    {
        urns.push(scim::ENTERPRISE_USER.into());
    }
    body["userName"] = person.user_name.as_str().into();
    merge(&mut body["name"], &[("givenName", &person.given), ("familyName", &person.family)]);
    body["emails"] = json!([{ "primary": true, "value": person.email, "type": "work" }]);
    body["displayName"] = person.display_name().into();
    body["locale"] = LOCALE.into();
    body["title"] = person.title.as_str().into();
    merge(&mut body[scim::ENTERPRISE_USER], &[("department", &person.department)]);
    body["externalId"] = person.okta_id.as_str().into();
    body["active"] = active.into();
    body
}

fn merge(object: &mut Value, attributes: &[(&str, &str)]) {
    if !object.is_object() {
        *object = json!({});
    }
    for (name, value) in attributes {
        object[*name] = (*value).into();
    }
}

/// A member as Okta names one: without `type` and `$ref`.
pub(super) fn member((id, user_name): &(String, String)) -> Value {
    json!({ "value": id, "display": user_name })
}
