//! The bodies of Entra ID's requests, with their attributes in the order in which Microsoft prints them.

use serde_json::{Map, Value, json};

use super::Mode;
use crate::people::Person;

/// A new user (fixture `entra-04-create-user`), with the addresses and telephone numbers of the default attribute mapping.
pub(super) fn created(person: &Person) -> Value {
    let mut address = json!({ "type": "work" });
    for (attribute, text) in person.address() {
        address[attribute] = text.into();
    }
    json!({
        "schemas": [scim::USER, scim::ENTERPRISE_USER],
        "externalId": person.uuid,
        "userName": person.user_name,
        "active": true,
        "displayName": person.display_name(),
        "emails": [{ "primary": true, "type": "work", "value": person.email }],
        "meta": { "resourceType": "User" },
        "name": {
            "formatted": person.display_name(),
            "familyName": person.family,
            "givenName": person.given,
        },
        "title": person.title,
        "addresses": [address],
        "phoneNumbers": [
            { "type": "work", "value": person.phone() },
            { "type": "mobile", "value": person.mobile() },
        ],
        "roles": [],
        scim::ENTERPRISE_USER: { "employeeNumber": person.employee_number, "department": person.department },
    })
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    is_new: bool,
    path: String,
    value: Value,
}

impl Change {
    pub(super) fn replace(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { is_new: false, path: path.into(), value: value.into() }
    }

    pub(super) fn add(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { is_new: true, path: path.into(), value: value.into() }
    }
}

/// What differs between the server's copy of somebody and the person, in the order of the attribute mapping.
pub(super) fn difference(current: &Value, person: &Person, is_active: bool) -> Vec<Change> {
    let typed = |attribute: &str, kind: &str, sub: &str| {
        let elements = current[attribute].as_array();
        let element = elements.into_iter().flatten().find(|element| element["type"] == kind);
        let before = element.map_or(&Value::Null, |element| &element[sub]);
        (format!("{attribute}[type eq \"{kind}\"].{sub}"), before)
    };
    let (email, email_before) = typed("emails", "work", "value");
    let (phone, phone_before) = typed("phoneNumbers", "work", "value");
    let (mobile, mobile_before) = typed("phoneNumbers", "mobile", "value");
    let (phone_after, mobile_after) = (person.phone(), person.mobile());
    let (name, enterprise) = (&current["name"], &current[scim::ENTERPRISE_USER]);
    let display_name = person.display_name();
    let in_extension = |attribute: &str| format!("{}:{attribute}", scim::ENTERPRISE_USER);
    let texts: [(String, &Value, &str); 12] = [
        ("userName".into(), &current["userName"], &person.user_name),
        ("displayName".into(), &current["displayName"], &display_name),
        ("title".into(), &current["title"], &person.title),
        (email, email_before, &person.email),
        (phone, phone_before, &phone_after),
        (mobile, mobile_before, &mobile_after),
        ("name.givenName".into(), &name["givenName"], &person.given),
        ("name.familyName".into(), &name["familyName"], &person.family),
        ("name.formatted".into(), &name["formatted"], &display_name),
        ("externalId".into(), &current["externalId"], &person.uuid),
        (in_extension("employeeNumber"), &enterprise["employeeNumber"], &person.employee_number),
        (in_extension("department"), &enterprise["department"], &person.department),
    ];
    let mut changes: Vec<Change> = Vec::new();
    if current["active"] != is_active {
        changes.push(Change { is_new: current["active"].is_null(), ..Change::replace("active", is_active) });
    }
    let addresses = person.address().map(|(sub, text)| {
        let (path, before) = typed("addresses", "work", sub);
        (path, before, text)
    });
    for (path, before, after) in texts.into_iter().chain(addresses) {
        if before.as_str() != Some(after) {
            changes.push(Change { is_new: before.is_null(), ..Change::replace(path, after) });
        }
    }
    changes
}

/// The operations of a PATCH. By default one per attribute; with the flag all that have no filter in their path share one without a
/// path, under dotted names and names with the URN (EntraCompat; fixtures `entra-16-…`, `entra-17-…`).
pub(super) fn operations(mode: Mode, changes: &[Change]) -> Value {
    match mode {
        Mode::Default => changes.iter().map(capitalised).collect(),
        Mode::Flag => {
            let (filtered, plain): (Vec<&Change>, Vec<&Change>) =
                changes.iter().partition(|change| change.path.contains('['));
            let mut operations: Vec<Value> = filtered.into_iter().map(plain_operation).collect();
            match plain.as_slice() {
                [] => {}
                [one] => operations.push(plain_operation(one)),
                several => {
                    let value: Map<String, Value> =
                        several.iter().map(|change| (change.path.clone(), change.value.clone())).collect();
                    operations.push(json!({ "op": "replace", "value": value }));
                }
            }
            operations.into()
        }
    }
}

fn capitalised(change: &Change) -> Value {
    let value = match &change.value {
        Value::Bool(true) => json!("True"),
        Value::Bool(false) => json!("False"),
        other => other.clone(),
    };
    json!({ "op": if change.is_new { "Add" } else { "Replace" }, "path": change.path, "value": value })
}

fn plain_operation(change: &Change) -> Value {
    json!({ "op": if change.is_new { "add" } else { "replace" }, "path": change.path, "value": change.value })
}

/// One member comes, or several.
pub(super) fn members_added(mode: Mode, ids: &[String]) -> Value {
    let members: Vec<Value> = ids.iter().map(|id| json!({ "$ref": null, "value": id })).collect();
    json!([{ "op": if mode == Mode::Default { "Add" } else { "add" }, "path": "members", "value": members }])
}

/// One member leaves. By default as a value, which by the letter of the RFC empties the group (fixture `entra-35-…`).
pub(super) fn member_removed(mode: Mode, id: &str) -> Value {
    match mode {
        Mode::Default => json!([{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": id }] }]),
        Mode::Flag => json!([{ "op": "remove", "path": format!("members[value eq \"{id}\"]") }]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{DEFAULT_SEED, People};

    #[test]
    fn only_what_differs_is_sent() {
        let person = People::new(DEFAULT_SEED, "").person(0);
        let mut current = created(&person);
        assert_eq!(difference(&current, &person, true), []);
        current["title"] = "Other".into();
        current["emails"] = json!([]);
        current["addresses"][0]["locality"] = "Elsewhere".into();
        current["phoneNumbers"].as_array_mut().expect("a list").pop();
        let changes = difference(&current, &person, false);
        assert_eq!(
            operations(Mode::Default, &changes),
            json!([
                { "op": "Replace", "path": "active", "value": "False" },
                { "op": "Replace", "path": "title", "value": person.title },
                { "op": "Add", "path": "emails[type eq \"work\"].value", "value": person.email },
                { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": person.mobile() },
                { "op": "Replace", "path": "addresses[type eq \"work\"].locality", "value": "Seattle" },
            ])
        );
        assert_eq!(
            operations(Mode::Flag, &changes),
            json!([
                { "op": "add", "path": "emails[type eq \"work\"].value", "value": person.email },
                { "op": "add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": person.mobile() },
                { "op": "replace", "path": "addresses[type eq \"work\"].locality", "value": "Seattle" },
                { "op": "replace", "value": { "active": false, "title": person.title } },
            ])
        );
    }
}
