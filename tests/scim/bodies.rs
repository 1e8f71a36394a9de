//! Bodies of POST and PUT: idp-protocol §3.9 and §4.3.

use scim::{ENTERPRISE_USER, Notes, Policy, USER};
use serde_json::{Value, json};

use crate::support::{kind, parse_user, user};

#[test]
fn a_value_of_the_wrong_type_is_refused_by_name() {
    for (body, name) in [
        (json!({"userName": 7}), "`userName`"),
        (json!({"userName": true}), "`userName`"),
        (json!({"userName": ["a", "b"]}), "`userName`"),
        (json!({"userName": "a", "title": 7}), "`title`"),
        (json!({"userName": "a", "externalId": 42}), "`externalId`"),
        (json!({"userName": "a", "active": "perhaps"}), "`active`"),
        (json!({"userName": "a", "active": 2}), "`active`"),
        (json!({"userName": "a", "name": {"givenName": 1}}), "`name.givenName`"),
        (json!({"userName": "a", "emails": [{"value": false}]}), "`emails[0].value`"),
        (json!({"userName": "a", "emails": [{"value": {"a": 1}}]}), "`emails[0].value`"),
        (json!({"userName": "a", ENTERPRISE_USER: {"employeeNumber": 7}}), "employeeNumber`"),
        (json!({"userName": "a", ENTERPRISE_USER: {"manager": {"value": 7}}}), "manager.value`"),
        (json!({"userName": "a", "password": 7}), "`password`"),
    ] {
        for policy in [Policy::tolerant(), Policy::strict()] {
            let mut body = body.clone();
            body["schemas"] = json!([USER]);
            let error = parse_user(&body, &policy).expect_err(&body.to_string());
            assert_eq!((error.status, kind(&error).as_str()), (400, "invalidValue"), "{body}: {error}");
            assert!(error.detail.contains(name), "{body}: {error}");
        }
    }
}

#[test]
fn a_put_that_only_reorders_changes_nothing() {
    let emails = |first: &str, second: &str| json!({"schemas": [USER], "userName": "a", "emails": [{"value": first}, {"value": second}]});
    let before = user(&emails("x@example.com", "y@example.com"));
    let (incoming, _) = parse_user(&emails("y@example.com", "x@example.com"), &Policy::strict()).expect("a body");
    let mut notes = Notes::new();
    let after = scim::replace(&before, incoming, scim::user(), &Policy::strict(), &mut notes).expect("a resource");
    assert!(scim::diff(&before, &after, scim::user()).is_empty());
    assert_eq!(Value::Object(before), Value::Object(after), "the stored order stays, so nobody sees a change");
}

#[test]
fn a_password_is_forgotten_wherever_it_stands() {
    let body = json!({
        "schemas": [USER], "userName": "a", "password": "hunter2",
        "emails": [{"value": "a@example.com", "passWord": "hunter2"}],
        "urn:example:2.0:User": {"Password": "hunter2", "badge": {"password": "hunter2", "number": "7"}},
    });
    let (incoming, _) = parse_user(&body, &Policy::tolerant()).expect("a user");
    let stored = Value::Object(incoming.resource);
    assert!(!stored.to_string().contains("hunter2"), "{stored}");
    assert_eq!(stored["urn:example:2.0:User"]["badge"]["number"], "7", "the rest stays");
}
