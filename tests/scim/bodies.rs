//! Bodies of POST and PUT, and what is shown of a resource, as identity providers send and read them.

use scim::{ENTERPRISE_USER, GROUP, Notes, Policy, Projection, Resource, Schema, ScimError, USER};
use serde_json::{Value, json};

use crate::support::{BADGE, badged_user, both, filter, kind, object, parse_text, parse_user, patch, rules, user};

/// A body with the core schema and a name, and what is added to it.
fn with(parts: Value) -> Value {
    let mut body = object(json!({"schemas": [USER], "userName": "ada"}));
    body.extend(object(parts));
    Value::Object(body)
}

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
        (json!({"userName": "a", "emails": [[{"value": "a"}, {"value": "b"}]]}), "`emails[0]`"),
        (json!({"userName": "a", ENTERPRISE_USER: {"employeeNumber": 7}}), "employeeNumber`"),
        (json!({"userName": "a", ENTERPRISE_USER: {"manager": {"value": 7}}}), "manager.value`"),
        (json!({"userName": "a", ENTERPRISE_USER: "x"}), "enterprise"),
        (json!({"userName": "a", "password": 7}), "`password`"),
    ] {
        for policy in both() {
            let mut body = body.clone();
            body["schemas"] = json!([USER]);
            let error = parse_user(&body, &policy).expect_err(&body.to_string());
            assert_eq!((error.status, kind(&error).as_str()), (400, "invalidValue"), "{body}: {error}");
            assert!(error.detail.contains(name), "{body}: {error}");
        }
    }
}

#[test]
fn what_the_rfc_allows_is_kept_without_a_note() {
    for (parts, expected) in [
        // Names have no letter case, those of schemas neither.
        (json!({"TITLE": "Dr", "NAME": {"GivenName": "A"}}), json!({"name": {"givenName": "A"}, "title": "Dr"})),
        (
            json!({ENTERPRISE_USER.to_uppercase(): {"DEPARTMENT": "D"}}),
            json!({"schemas": [USER, ENTERPRISE_USER], ENTERPRISE_USER: {"department": "D"}}),
        ),
        (json!({"schemas": [USER.to_uppercase()]}), json!({})),
        // `schemas` is what is there, not what was said.
        (json!({"schemas": [USER, ENTERPRISE_USER]}), json!({})),
        // Unassigned.
        (json!({"title": null, "emails": [], "name": {}, "roles": null}), json!({})),
        (json!({"name": {"givenName": null}, "emails": [null, {"value": null, "type": "work"}]}), json!({})),
        (json!({ENTERPRISE_USER: null}), json!({})),
        (json!({ENTERPRISE_USER: {"manager": null}}), json!({})),
        // Read-only.
        (json!({"id": "7", "meta": {"version": "x"}, "groups": []}), json!({})),
        (json!({"groups": [{"value": "g", "nothing": 1}], "ID": 7, "Meta": "x"}), json!({})),
        (
            json!({ENTERPRISE_USER: {"manager": {"value": "m", "displayName": "M"}}}),
            json!({
                "schemas": [USER, ENTERPRISE_USER], ENTERPRISE_USER: {"manager": {"value": "m"}},
            }),
        ),
        // The same value twice is one.
        (json!({"emails": [{"value": "a"}, {"value": "a"}]}), json!({"emails": [{"value": "a"}]})),
        (json!({"active": false}), json!({"active": false})),
    ] {
        let body = with(parts);
        for policy in both() {
            let (incoming, rules) = parse_user(&body, &policy).unwrap_or_else(|error| panic!("{body}: {error}"));
            assert_eq!(Value::Object(incoming.resource), with(expected.clone()), "{body}");
            assert!(rules.is_empty(), "{body}: {rules:?}");
        }
    }
}

#[test]
fn what_identity_providers_send_is_tolerated_with_a_note_or_refused() {
    let other = "urn:example:other:2.0:User";
    let kept = |part: Value| with(json!({"schemas": [USER, ENTERPRISE_USER], ENTERPRISE_USER: part}));
    for (body, expected, rule, refusal) in [
        (json!({"userName": "ada"}), with(json!({})), "missing-schemas", "invalidSyntax"),
        (json!({"schemas": null, "userName": "ada"}), with(json!({})), "missing-schemas", "invalidSyntax"),
        (with(json!({"schemas": []})), with(json!({})), "missing-schemas", "invalidSyntax"),
        (with(json!({"schemas": USER})), with(json!({})), "single-value", "invalidSyntax"),
        (with(json!({"schemas": [ENTERPRISE_USER]})), with(json!({})), "core-schema-not-named", "invalidSyntax"),
        (with(json!({"schemas": [USER, GROUP]})), with(json!({})), "unknown-schema", "invalidValue"),
        (with(json!({"active": "True"})), with(json!({"active": true})), "string-boolean", "invalidValue"),
        (with(json!({"active": "false"})), with(json!({"active": false})), "string-boolean", "invalidValue"),
        (with(json!({"active": 1})), with(json!({"active": true})), "string-boolean", "invalidValue"),
        (
            with(json!({"emails": [{"value": "a", "primary": "TRUE"}]})),
            with(json!({"emails": [{"value": "a", "primary": true}]})),
            "string-boolean",
            "invalidValue",
        ),
        (
            with(json!({"emails": {"value": "a"}})),
            with(json!({"emails": [{"value": "a"}]})),
            "single-value",
            "invalidValue",
        ),
        (with(json!({"emails": ["a"]})), with(json!({"emails": [{"value": "a"}]})), "scalar-as-object", "invalidValue"),
        (
            with(json!({"name": "Ada L"})),
            with(json!({"name": {"formatted": "Ada L"}})),
            "scalar-as-object",
            "invalidValue",
        ),
        (with(json!({"title": ["Dr"]})), with(json!({"title": "Dr"})), "list-of-one", "invalidValue"),
        (
            with(json!({ENTERPRISE_USER: {"manager": "m"}})),
            kept(json!({"manager": {"value": "m"}})),
            "scalar-as-object",
            "invalidValue",
        ),
        (
            with(json!({ENTERPRISE_USER: {"manager": [{"value": "m"}]}})),
            kept(json!({"manager": {"value": "m"}})),
            "list-of-one",
            "invalidValue",
        ),
        (with(json!({"department": "D"})), kept(json!({"department": "D"})), "extension-without-urn", "invalidSyntax"),
        (
            with(json!({format!("{ENTERPRISE_USER}:department"): "D"})),
            kept(json!({"department": "D"})),
            "path-as-name",
            "invalidSyntax",
        ),
        (
            with(json!({"name.givenName": "A"})),
            with(json!({"name": {"givenName": "A"}})),
            "path-as-name",
            "invalidSyntax",
        ),
        (with(json!({"shoeSize": 42})), with(json!({"shoeSize": 42})), "unknown-attribute", "invalidSyntax"),
        (
            with(json!({"name": {"nothing": "x"}})),
            with(json!({"name": {"nothing": "x"}})),
            "unknown-attribute",
            "invalidValue",
        ),
        (with(json!({ENTERPRISE_USER: {"hat": "L"}})), kept(json!({"hat": "L"})), "unknown-attribute", "invalidSyntax"),
        (
            with(json!({"schemas": [USER, other], other: {"hat": "L", "none": null, "parts": [{"a": 1}]}})),
            with(json!({"schemas": [USER, other], other: {"hat": "L", "parts": [{"a": 1}]}})),
            "unknown-attribute",
            "invalidValue",
        ),
        (
            with(json!({other: {"hat": "L"}})),
            with(json!({"schemas": [USER, other], other: {"hat": "L"}})),
            "unknown-attribute",
            "invalidSyntax",
        ),
        (
            with(json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]})),
            with(json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": false}]})),
            "several-primary",
            "invalidValue",
        ),
        (with(json!({"Title": "A", "title": "B"})), with(json!({"title": "B"})), "repeated-name", "invalidSyntax"),
        (
            with(json!({format!("{ENTERPRISE_USER}.department"): "D"})),
            kept(json!({"department": "D"})),
            "dot-behind-urn",
            "invalidSyntax",
        ),
        (
            with(json!({format!("{ENTERPRISE_USER}.manager"): {"value": "m"}})),
            kept(json!({"manager": {"value": "m"}})),
            "dot-behind-urn",
            "invalidSyntax",
        ),
        (
            with(json!({format!("{USER}.name.givenName"): "A"})),
            with(json!({"name": {"givenName": "A"}})),
            "dot-behind-urn",
            "invalidSyntax",
        ),
    ] {
        let (incoming, rules) =
            parse_user(&body, &Policy::tolerant()).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(Value::Object(incoming.resource), expected, "{body}");
        assert!(rules.iter().any(|found| found == rule), "{body}: {rules:?}");
        let error = parse_user(&body, &Policy::strict()).expect_err(&body.to_string());
        assert_eq!(kind(&error), refusal, "{body}: {error}");
    }
    // An empty text is read as unassigned in both modes, with a note.
    for policy in both() {
        let (incoming, rules) = parse_user(&with(json!({"title": ""})), &policy).expect("a body");
        assert_eq!((Value::Object(incoming.resource), rules), (with(json!({})), vec!["empty-string".to_owned()]));
    }
}

#[test]
fn a_name_that_stands_twice_counts_once() {
    for (text, title) in [
        (format!(r#"{{"schemas":["{USER}"],"userName":"a","title":"A","title":"B"}}"#), json!("B")),
        (format!(r#"{{"schemas":["{USER}"],"userName":"a","title":"A","title":null}}"#), json!(null)),
        (format!(r#"{{"schemas":["{USER}"],"userName":"a","title":"A","TITLE":""}}"#), json!(null)),
        (
            format!(r#"{{"schemas":["{USER}"],"userName":"a","title":"B","emails":[{{"value":"x","value":"y"}}]}}"#),
            json!("B"),
        ),
    ] {
        let (incoming, rules) = parse_text(&text, scim::user(), &Policy::tolerant()).expect("a body");
        assert_eq!(incoming.resource.get("title").cloned().unwrap_or(Value::Null), title, "{text}");
        assert!(rules.contains(&"repeated-name".to_owned()), "{text}: {rules:?}");
        let error = parse_text(&text, scim::user(), &Policy::strict()).expect_err(&text);
        assert_eq!(kind(&error), "invalidSyntax", "{text}");
    }
}

#[test]
fn a_body_that_is_none_or_lacks_what_is_required_is_refused() {
    for (text, expected) in [
        ("", "invalidSyntax"),
        ("{", "invalidSyntax"),
        ("[]", "invalidSyntax"),
        ("null", "invalidSyntax"),
        ("{} {}", "invalidSyntax"),
        (r#"{"userName": "\ud800"}"#, "invalidSyntax"),
        ("{'userName': 'a'}", "invalidSyntax"),
        (r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}"#, "invalidValue"),
        (r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": null}"#, "invalidValue"),
        (r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "  "}"#, "invalidValue"),
        (r#"{"schemas": [7], "userName": "a"}"#, "invalidSyntax"),
        (r#"{"schemas": {"a": 1}, "userName": "a"}"#, "invalidSyntax"),
        (
            r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a", "urn:ietf:params:scim:schemas:core:2.0:Group": {"displayName": "x"}}"#,
            "invalidSyntax",
        ),
        (
            r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a", "urn:ietf:params:scim:schemas:core:2.0:Group:displayName": "x"}"#,
            "invalidSyntax",
        ),
    ] {
        for policy in both() {
            let error = parse_text(text, scim::user(), &policy).expect_err(text);
            assert_eq!((error.status, kind(&error).as_str()), (400, expected), "{text}: {error}");
        }
    }
    // Windows tools write a byte order mark.
    let marked = format!("\u{feff}{}", with(json!({})));
    assert!(parse_text(&marked, scim::user(), &Policy::strict()).is_ok());
    let group = |body: Value| parse_text(&body.to_string(), scim::group(), &Policy::tolerant());
    assert_eq!(kind(&group(json!({"schemas": [GROUP], "displayName": ""})).expect_err("no name")), "invalidValue");
}

#[test]
fn passwords_and_members_stand_apart() {
    for policy in both() {
        for (value, is_set) in [(json!("secret"), true), (json!(""), false), (json!(null), false)] {
            let (incoming, _) = parse_user(&with(json!({"password": value})), &policy).expect("a body");
            assert_eq!((incoming.password_set, Value::Object(incoming.resource)), (is_set, with(json!({}))));
        }
        for (members, expected) in [
            (json!({}), None),
            (json!({"members": null}), Some(vec![])),
            (json!({"members": []}), Some(vec![])),
            (
                json!({"MEMBERS": [{"value": "a", "display": "A"}, {"value": "b"}, {"value": "a"}]}),
                Some(vec!["a", "b"]),
            ),
        ] {
            let mut body = object(json!({"schemas": [GROUP], "displayName": "G"}));
            body.extend(object(members.clone()));
            let (incoming, _) = parse_text(&Value::Object(body).to_string(), scim::group(), &policy).expect("a group");
            let ids = incoming.members().map(|members| members.iter().map(|member| member.value.as_str()).collect());
            assert_eq!(ids, expected, "{members}");
            assert_eq!(incoming.mentions("Members"), expected.is_some());
            assert_eq!(Value::Object(incoming.resource), json!({"schemas": [GROUP], "displayName": "G"}));
        }
    }
    assert!(!format!("{:?}", parse_user(&with(json!({"password": "secret"})), &Policy::strict())).contains("secret"));
}

fn put(before: &Resource, body: &Value, policy: &Policy) -> Result<(Resource, Vec<String>), ScimError> {
    let (incoming, _) = parse_text(&body.to_string(), badged_user(), policy)?;
    let mut notes = Notes::new();
    let after = scim::replace(before, incoming, badged_user(), policy, &mut notes)?;
    Ok((after, rules(notes)))
}

#[test]
fn a_put_clears_what_it_leaves_out_except_active() {
    let before = user(&with(json!({"title": "Dr", "active": false, "emails": [{"value": "a"}]})));
    let (after, rules) = put(&before, &with(json!({})), &Policy::tolerant()).expect("a resource");
    assert_eq!((Value::Object(after), rules), (with(json!({"active": false})), vec!["active-left-out".to_owned()]));
    let (after, rules) = put(&before, &with(json!({})), &Policy::strict()).expect("a resource");
    assert_eq!((Value::Object(after), rules), (with(json!({})), vec![]));
    let (after, _) = put(&before, &with(json!({"ACTIVE": null})), &Policy::tolerant()).expect("a resource");
    assert_eq!(Value::Object(after), with(json!({})), "null is said, not left out");
}

#[test]
fn a_put_keeps_what_is_immutable() {
    let colored = |color: &str| with(json!({"schemas": [USER, BADGE], BADGE: {"color": color}}));
    for policy in both() {
        let (before, _) = put(&user(&with(json!({}))), &colored("red"), &policy).expect("not set yet");
        assert!(put(&before, &colored("red"), &policy).is_ok());
        for body in [colored("blue"), with(json!({}))] {
            assert_eq!(kind(&put(&before, &body, &policy).expect_err("immutable")), "mutability", "{body}");
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
        "emails": [{"value": "a@example.com", "passWord": "hunter2"}], "phoneNumbers": [{"password": "hunter2"}],
        ENTERPRISE_USER: {"password": "hunter2"},
        "urn:example:2.0:User": {"Password": "hunter2", "badge": {"password": "hunter2", "number": "7"}},
    });
    let (incoming, _) = parse_user(&body, &Policy::tolerant()).expect("a user");
    let stored = Value::Object(incoming.resource);
    assert!(!stored.to_string().contains("hunter2"), "{stored}");
    assert_eq!(stored["urn:example:2.0:User"]["badge"]["number"], "7", "the rest stays");
    let names: Vec<_> = stored.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["schemas", "userName", "emails", "urn:example:2.0:User"], "nothing empty stays");
}

#[test]
fn a_declared_extension_behaves_like_the_others() {
    let body = with(json!({"schemas": [USER, BADGE], BADGE.to_uppercase(): {
        "LEVEL": 7, "weight": 2.5, "valid": true, "issued": "2020-02-29T12:00:00Z", "tags": ["a", "b"], "printed": "no",
        "pin": "1234", "doors": [{"value": "A", "open": true}], "desk": {"seat": 4},
    }}));
    for policy in both() {
        let (incoming, rules) = parse_text(&body.to_string(), badged_user(), &policy).expect("a body");
        assert!(rules.is_empty(), "{rules:?}");
        let resource = incoming.resource;
        assert_eq!(resource["schemas"], json!([USER, BADGE]));
        let names: Vec<_> = resource[BADGE].as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["valid", "level", "weight", "issued", "tags", "doors", "desk"],
            "the schema's names and order"
        );
        let (found, _) = filter(&format!("{BADGE}:level gt 6 and {BADGE}:doors[open eq true]"), badged_user(), &policy)
            .expect("a filter");
        assert!(found.matches(&resource, badged_user()));
        let operations =
            json!([{"op": "replace", "path": format!("{BADGE}:doors[value eq \"A\"].open"), "value": false}]);
        let body = json!({"schemas": [scim::PATCH_OP], "Operations": operations});
        let (patched, _) = patch(&resource, &body, badged_user(), &policy).expect("a PATCH");
        assert!(!found.matches(&patched.resource, badged_user()));
        for (part, value) in [
            ("level", json!(1.5)),
            ("level", json!("x")),
            ("valid", json!("maybe")),
            ("issued", json!("2020-02-30T00:00:00Z")),
            ("chip", json!(1)),
            ("tags", json!([1])),
            ("doors", json!([{"floor": "first"}])),
            ("desk", json!([{"seat": 1}, {"seat": 2}])),
            ("pin", json!(1)),
        ] {
            let body = with(json!({"schemas": [USER, BADGE], BADGE: {part: value}}));
            let error = parse_text(&body.to_string(), badged_user(), &policy).expect_err(&body.to_string());
            assert_eq!(kind(&error), "invalidValue", "{body}");
        }
    }
    // Texts for numbers and booleans, as attribute mappings produce them.
    let texts = with(json!({"schemas": [USER, BADGE], BADGE: {"level": "7", "valid": "True", "tags": "a"}}));
    let (incoming, rules) = parse_text(&texts.to_string(), badged_user(), &Policy::tolerant()).expect("a body");
    assert_eq!(incoming.resource[BADGE], json!({"level": 7, "valid": true, "tags": ["a"]}));
    assert_eq!(rules, ["string-number", "string-boolean", "single-value"]);
    // Two extensions with the same attribute: the bare name means neither.
    let twin =
        json!({"id": "urn:example:twin:2.0:User", "name": "Twin", "attributes": [{"name": "label", "type": "string"}]});
    let twins = badged_user().with_extensions([Schema::parse_extension(&twin).expect("a schema")]);
    let (incoming, rules) =
        parse_text(&with(json!({"label": "x"})).to_string(), &twins, &Policy::tolerant()).expect("a body");
    assert_eq!((&incoming.resource["label"], rules), (&json!("x"), vec!["unknown-attribute".to_owned()]));
}

#[test]
fn projections_follow_the_schema() {
    let resource = object(json!({
        "schemas": [USER, ENTERPRISE_USER, BADGE], "id": "1", "userName": "ada", "title": "Dr", "shoeSize": 42,
        "emails": [{"value": "a", "type": "work"}, {"type": "home"}],
        ENTERPRISE_USER: {"department": "D", "manager": {"value": "m", "displayName": "M"}},
        BADGE: {"level": 7, "pin": "1234", "history": "long"},
        "urn:example:other:2.0:User": {"hat": "L", "coat": "M"},
    }));
    let default = r#""id":"1","userName":"ada""#;
    for (attributes, excluded, has, has_not) in [
        (None, None, vec![default, "level", "hat", "shoeSize"], vec!["pin", "history"]),
        (Some(format!("{BADGE}:history")), None, vec!["history", r#""id":"1""#], vec!["level", "userName"]),
        (Some(BADGE.to_uppercase()), None, vec!["level"], vec!["pin", "userName"]),
        (Some(format!("{BADGE}:pin")), None, vec![r#""id":"1""#], vec!["1234"]),
        (Some("EMAILS.type".to_owned()), None, vec![r#"[{"type":"work"},{"type":"home"}]"#], vec!["title"]),
        (Some("emails.value".to_owned()), None, vec![r#""emails":[{"value":"a"}]"#], vec!["work"]),
        (
            Some(format!("{ENTERPRISE_USER}:manager.displayName")),
            None,
            vec![r#"{"displayName":"M"}"#],
            vec!["department"],
        ),
        (Some(format!("{ENTERPRISE_USER}.department")), None, vec!["department"], vec!["manager", "title"]),
        (Some(format!("{ENTERPRISE_USER}.manager.displayName")), None, vec![r#""M""#], vec!["department", r#""m""#]),
        (Some("shoeSize".to_owned()), None, vec!["42"], vec!["title"]),
        (Some("urn:example:other:2.0:User".to_owned()), None, vec!["hat", "coat"], vec!["title"]),
        (Some("urn:example:other:2.0:User:hat".to_owned()), None, vec!["hat"], vec!["coat", "title"]),
        (None, Some("urn:example:other:2.0:User:hat".to_owned()), vec!["coat", "title"], vec!["hat"]),
        (None, Some("id,SCHEMAS,title".to_owned()), vec![r#""id":"1""#, "schemas"], vec!["title"]),
        (None, Some(format!("{BADGE},emails.type")), vec![r#""emails":[{"value":"a"}]"#], vec!["level", "work"]),
    ] {
        let projection =
            Projection::parse(attributes.as_deref(), excluded.as_deref(), badged_user()).expect("a projection");
        let shown = Value::Object(projection.apply(resource.clone(), badged_user())).to_string();
        for text in has {
            assert!(shown.contains(text), "{attributes:?} {excluded:?}: {text} in {shown}");
        }
        for text in has_not {
            assert!(!shown.contains(text), "{attributes:?} {excluded:?}: {text} in {shown}");
        }
    }
    for (attributes, excluded) in [(Some("id"), Some("title")), (Some("a b"), None), (None, Some("emails[type pr]"))] {
        let error = Projection::parse(attributes, excluded, badged_user()).expect_err("no projection");
        assert_eq!(kind(&error), "invalidValue");
    }
}
