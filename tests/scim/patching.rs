//! PATCH: RFC 7644 §3.5.2, and what identity providers send instead.

use scim::{
    ENTERPRISE_USER, GROUP, GroupStep, Member, MembersOp, Notes, PATCH_OP, PatchRequest, Policy, Resource, ScimError,
    USER, group_steps,
};
use serde_json::{Value, json};

use crate::support::{BADGE, badged_user, both, kind, object, patch, patch_user, rules, user};

const WORK: &str = r#"emails[type eq "work"]"#;

fn ada() -> Resource {
    user(&json!({
        "schemas": [USER, ENTERPRISE_USER], "userName": "ada", "active": true, "title": "Dr",
        "name": {"givenName": "Ada", "familyName": "L"},
        "emails": [{"value": "w@x", "type": "work", "primary": true}, {"value": "h@x", "type": "home"}],
        ENTERPRISE_USER: {"department": "D", "manager": {"value": "m", "$ref": "../Users/m"}},
    }))
}

fn body(operations: &Value) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}

/// What changes with the operations, as `path: after`, and the rules that were used; otherwise the kind of error.
fn outcome(operations: &Value, policy: &Policy) -> Result<(String, Vec<String>), ScimError> {
    let before = ada();
    let (patched, rules) = patch(&before, &body(operations), badged_user(), policy)?;
    let changes = scim::diff(&before, &patched.resource, badged_user());
    let text = |value: Option<Value>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
    let changes: Vec<_> =
        changes.into_iter().map(|change| format!("{}: {}", change.path, text(change.after))).collect();
    Ok((changes.join("; "), rules))
}

/// Rows of operations and what changes: in both modes, without a note.
fn check(rows: &[(Value, &str)]) {
    for (operations, expected) in rows {
        for policy in both() {
            let (found, rules) = outcome(operations, &policy).unwrap_or_else(|error| panic!("{operations}: {error}"));
            assert_eq!(found, *expected, "{operations}");
            assert!(rules.is_empty(), "{operations}: {rules:?}");
        }
    }
}

/// Rows of operations and the kind of error that they end in, in both modes.
fn check_refused(rows: &[(Value, &str)]) {
    for (operations, expected) in rows {
        for policy in both() {
            let error = outcome(operations, &policy).expect_err(&operations.to_string());
            assert_eq!((error.status, kind(&error).as_str()), (400, *expected), "{operations}: {error}");
        }
    }
}

/// Rows of operations, what changes with a note of which rule (tolerant), and the kind of error (strict).
fn check_tolerated(rows: &[(Value, &str, &str, &str)]) {
    for (operations, expected, rule, refusal) in rows {
        let (found, rules) =
            outcome(operations, &Policy::tolerant()).unwrap_or_else(|error| panic!("{operations}: {error}"));
        assert_eq!(found, *expected, "{operations}");
        assert!(rules.iter().any(|found| found == rule), "{operations}: {rules:?}");
        let error = outcome(operations, &Policy::strict()).expect_err(&operations.to_string());
        assert_eq!(kind(&error), *refusal, "{operations}: {error}");
    }
}

#[test]
fn a_patch_that_changes_nothing_leaves_the_resource_as_it_was() {
    let before = user(&json!({
        "schemas": [USER], "userName": "a", "active": true, "title": "Dr",
        "emails": [{"value": "x@example.com", "type": "work", "primary": true}, {"value": "y@example.com", "type": "home"}],
    }));
    for operation in [
        json!({"op": "replace", "path": "active", "value": true}),
        json!({"op": "replace", "value": {"title": "Dr", "userName": "a"}}),
        json!({"op": "remove", "path": "nickName"}),
        json!({"op": "remove", "path": r#"emails[type eq "other"]"#}),
        json!({"op": "remove", "path": r#"emails[type eq "other"].value"#}),
        json!({"op": "remove", "path": ENTERPRISE_USER}),
        json!({"op": "add", "path": "emails", "value": [{"value": "y@example.com", "type": "home"}]}),
        json!({"op": "add", "value": {"emails": [{"value": "X@example.com"}]}}),
        json!({"op": "add", "path": r#"emails[type eq "work"]"#, "value": {"primary": true}}),
        json!({"op": "replace", "path": "emails", "value": [
            {"value": "y@example.com", "type": "home"}, {"value": "x@example.com", "type": "work", "primary": true},
        ]}),
    ] {
        let body = body(&json!([operation]));
        let (patched, _) =
            patch_user(&before, &body, &Policy::tolerant()).unwrap_or_else(|error| panic!("{body}: {error}"));
        let emails = patched.resource.get("emails").map(ToString::to_string).unwrap_or_default().to_lowercase();
        assert_eq!(emails, before["emails"].to_string(), "{body}");
        assert!(scim::is_same(&patched.resource, &before) || body.to_string().contains("X@"), "{body}");
    }
}

#[test]
fn add_replace_and_remove_do_what_the_rfc_says() {
    check(&[
        // §3.5.2.1
        (json!([{"op": "add", "path": "nickName", "value": "N"}]), r#"nickName: "N""#),
        (json!([{"op": "add", "path": "title", "value": "Prof"}]), r#"title: "Prof""#),
        (json!([{"op": "add", "value": {"title": "Prof", "nickName": "N"}}]), r#"title: "Prof"; nickName: "N""#),
        (json!([{"op": "add", "path": "name", "value": {"givenName": "B"}}]), r#"name.givenName: "B""#),
        (json!([{"op": "add", "path": "name.middleName", "value": "M"}]), r#"name.middleName: "M""#),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "o@x", "type": "other"}]}]),
            r#"emails[other].value: "o@x""#,
        ),
        (json!([{"op": "add", "path": format!("{WORK}.display"), "value": "W"}]), r#"emails[work].display: "W""#),
        (json!([{"op": "add", "path": WORK, "value": {"display": "W"}}]), r#"emails[work].display: "W""#),
        // §3.5.2.3
        (json!([{"op": "replace", "path": "nickName", "value": "N"}]), r#"nickName: "N""#),
        (json!([{"op": "replace", "path": "name", "value": {"familyName": "B"}}]), r#"name.familyName: "B""#),
        (
            json!([{"op": "replace", "path": "emails", "value": [{"value": "h@x", "type": "home"}]}]),
            r#"emails[work].value: –; emails[work].primary: –"#,
        ),
        (json!([{"op": "replace", "path": format!("{WORK}.value"), "value": "n@x"}]), r#"emails[work].value: "n@x""#),
        (
            json!([{"op": "replace", "path": WORK, "value": {"value": "n@x", "type": "work"}}]),
            r#"emails[work].value: "n@x"; emails[work].primary: –"#,
        ),
        (
            json!([{"op": "replace", "path": "emails[value pr].display", "value": "D"}]),
            r#"emails[work].display: "D"; emails[home].display: "D""#,
        ),
        (json!([{"op": "replace", "value": {"active": false}}]), "active: false"),
        // §3.5.2.2
        (json!([{"op": "remove", "path": "title"}]), "title: –"),
        (json!([{"op": "remove", "path": "name.givenName"}]), "name.givenName: –"),
        (json!([{"op": "remove", "path": "name"}]), r#"name.familyName: –; name.givenName: –"#),
        (json!([{"op": "remove", "path": r#"emails[type eq "home"]"#}]), "emails[home].value: –"),
        (json!([{"op": "remove", "path": format!("{WORK}.primary")}]), "emails[work].primary: –"),
        (json!([{"op": "remove", "path": "emails.type"}]), "emails[w@x].type: –; emails[h@x].type: –"),
        (
            json!([{"op": "remove", "path": "emails"}]),
            "emails[work].value: –; emails[work].primary: –; emails[home].value: –",
        ),
        // Names have no letter case.
        (json!([{"op": "replace", "path": "NAME.GivenName", "value": "B"}]), r#"name.givenName: "B""#),
        (json!([{"op": "replace", "value": {"TITLE": "Prof"}}]), r#"title: "Prof""#),
    ]);
    // No blank before the quotation mark stands in the RFC itself, so it is accepted in both modes.
    for policy in both() {
        let operations = json!([{"op": "remove", "path": r#"emails[type eq"home"]"#}]);
        assert_eq!(outcome(&operations, &policy).expect("a path").0, "emails[home].value: –");
    }
}

#[test]
fn a_new_primary_clears_the_old_one() {
    let moved = "emails[work].primary: false; emails[home].primary: true";
    for operation in [
        json!({"op": "replace", "path": r#"emails[type eq "home"].primary"#, "value": true}),
        json!({"op": "add", "path": r#"emails[type eq "home"]"#, "value": {"primary": true}}),
        json!({"op": "add", "path": "emails", "value": [{"value": "h@x", "type": "home", "primary": true}]}),
        json!({"op": "replace", "path": r#"emails[type eq "home"]"#, "value": {"value": "h@x", "type": "home", "primary": true}}),
    ] {
        check(&[(json!([operation]), moved)]);
    }
    check(&[(
        json!([{"op": "add", "path": "emails", "value": [{"value": "n@x", "type": "other", "primary": true}]}]),
        r#"emails[work].primary: false; emails[other].value: "n@x"; emails[other].primary: true"#,
    )]);
    let several = json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]);
    let operations = json!([{"op": "replace", "path": "emails", "value": several}]);
    let (patched, rules) = patch_user(&ada(), &body(&operations), &Policy::tolerant()).expect("a PATCH");
    assert_eq!(patched.resource["emails"], json!([{"value": "a", "primary": true}, {"value": "b", "primary": false}]));
    assert_eq!(rules, ["several-primary"]);
    assert_eq!(kind(&outcome(&operations, &Policy::strict()).expect_err("two")), "invalidValue");
}

#[test]
fn operations_are_carried_out_in_order_and_all_or_none() {
    check(&[
        (
            json!([{"op": "add", "path": "title", "value": "A"}, {"op": "add", "path": "title", "value": "B"}]),
            r#"title: "B""#,
        ),
        (json!([{"op": "remove", "path": "title"}, {"op": "add", "path": "title", "value": "Dr"}]), ""),
        (
            json!([
                {"op": "add", "path": "emails", "value": [{"value": "o@x", "type": "other"}]},
                {"op": "replace", "path": r#"emails[type eq "other"].value"#, "value": "p@x"},
                {"op": "remove", "path": r#"emails[value eq "h@x"]"#},
            ]),
            r#"emails[home].value: –; emails[other].value: "p@x""#,
        ),
    ]);
    let before = ada();
    let copy = before.clone();
    for last in [
        json!({"op": "replace", "path": "userName", "value": ""}),
        json!({"op": "remove", "path": "id"}),
        json!({"op": "replace", "path": "emails[", "value": 1}),
        json!({"op": "replace", "path": "active", "value": "perhaps"}),
        json!({"op": "fly"}),
    ] {
        let operations = json!([{"op": "replace", "path": "title", "value": "changed"}, last]);
        for policy in both() {
            let error = patch_user(&before, &body(&operations), &policy).expect_err(&operations.to_string());
            assert!(error.detail.starts_with("Operation 2: "), "{error}");
            assert_eq!(before, copy, "{operations}");
        }
    }
}

#[test]
fn extensions_are_reached_by_urn_and_show_in_schemas() {
    let department = format!("{ENTERPRISE_USER}:department");
    check(&[
        (json!([{"op": "replace", "path": department, "value": "E"}]), r#"department: "E""#),
        (json!([{"op": "replace", "path": department.to_uppercase(), "value": "E"}]), r#"department: "E""#),
        (json!([{"op": "remove", "path": department}]), "department: –"),
        (json!([{"op": "add", "path": ENTERPRISE_USER, "value": {"division": "V"}}]), r#"division: "V""#),
        (json!([{"op": "add", "value": {ENTERPRISE_USER: {"division": "V"}}}]), r#"division: "V""#),
        (
            json!([{"op": "replace", "path": format!("{ENTERPRISE_USER}:manager.value"), "value": "n"}]),
            r#"manager.value: "n""#,
        ),
        (
            // A reference belongs to the value beside it.
            json!([{"op": "replace", "path": format!("{ENTERPRISE_USER}:manager"), "value": {"value": "n"}}]),
            r#"manager.value: "n"; manager.$ref: –"#,
        ),
        (json!([{"op": "add", "path": format!("{BADGE}:level"), "value": 3}]), "level: 3"),
        (json!([{"op": "add", "path": format!("{BADGE}:tags"), "value": ["a", "b", "a"]}]), r#"tags: "a"; tags: "b""#),
        (json!([{"op": "add", "path": format!("{BADGE}:desk.seat"), "value": 3}]), "desk.seat: 3"),
        (json!([{"op": "add", "value": {BADGE: {"desk": {"seat": 3}}}}]), "desk.seat: 3"),
        (json!([{"op": "replace", "path": format!("{USER}:title"), "value": "Prof"}]), r#"title: "Prof""#),
    ]);
    let remove = body(&json!([{"op": "remove", "path": ENTERPRISE_USER}]));
    let add = body(&json!([{"op": "add", "path": format!("{BADGE}:valid"), "value": true}]));
    for policy in both() {
        let (without, _) = patch(&ada(), &remove, badged_user(), &policy).expect("a PATCH");
        assert_eq!(without.resource["schemas"], json!([USER]));
        assert_eq!(without.resource.get(ENTERPRISE_USER), None);
        let (with, _) = patch(&ada(), &add, badged_user(), &policy).expect("a PATCH");
        assert_eq!(with.resource["schemas"], json!([USER, ENTERPRISE_USER, BADGE]));
    }
}

#[test]
fn a_remove_that_meets_nothing_changes_nothing_and_says_so() {
    for policy in both() {
        for path in [r#"emails[value eq "nobody"]"#, r#"emails[type eq "other"].value"#, "phoneNumbers[value pr]"] {
            let (found, rules) = outcome(&json!([{"op": "remove", "path": path}]), &policy).expect(path);
            assert_eq!((found.as_str(), rules), ("", vec!["remove-without-match".to_owned()]), "{path}");
        }
    }
    let listed = json!([{"op": "remove", "path": "emails", "value": [{"value": "nobody@x"}]}]);
    let (found, rules) = outcome(&listed, &Policy::tolerant()).expect("a PATCH");
    assert_eq!(
        (found.as_str(), rules.as_slice()),
        ("", ["remove-with-value", "remove-without-match"].map(str::to_owned).as_slice())
    );
}

/// b2-33-manager-removed-by-filter
#[test]
fn what_has_one_value_can_be_removed_by_a_filter_that_it_meets() {
    let manager = format!("{ENTERPRISE_USER}:manager");
    check_tolerated(
        &[
            (format!(r#"{manager}[value eq "m"]"#), "manager.value: –; manager.$ref: –"),
            (r#"manager[value eq "m"]"#.to_owned(), "manager.value: –; manager.$ref: –"),
            (format!(r#"{manager}[value eq "m"].$ref"#), "manager.$ref: –"),
            (r#"name[givenName eq "ada"]"#.to_owned(), "name.familyName: –; name.givenName: –"),
            (r#"title[value eq "Dr"]"#.to_owned(), "title: –"),
            (format!(r#"{manager}[value eq "another"]"#), ""),
            (r#"nickName[value pr]"#.to_owned(), ""),
        ]
        .map(|(path, expected)| {
            (json!([{"op": "remove", "path": path}]), expected, "single-value-filtered", "invalidPath")
        }),
    );
    let required = outcome(&json!([{"op": "remove", "path": r#"userName[value eq "ada"]"#}]), &Policy::tolerant());
    assert_eq!(kind(&required.expect_err("required")), "mutability");
}

/// b2-18-urn-of-another-type
#[test]
fn a_schema_of_another_type_is_not_an_extension() {
    let message = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    let other = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    check_refused(&[
        (json!([{"op": "replace", "path": format!("{GROUP}:displayName"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "replace", "path": format!("{GROUP}:hat"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": format!("{GROUP}.displayName"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": GROUP, "value": {"displayName": "x"}}]), "invalidPath"),
        (json!([{"op": "remove", "path": GROUP.to_uppercase()}]), "invalidPath"),
        (json!([{"op": "add", "path": format!("{message}:displayName"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": format!("{other}:displayName"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "value": {format!("{GROUP}:displayName"): "x"}}]), "invalidSyntax"),
        (json!([{"op": "add", "value": {GROUP: {"displayName": "x"}}}]), "invalidSyntax"),
        (json!([{"op": "add", "value": {format!("{GROUP}.displayName"): "x"}}]), "invalidSyntax"),
    ]);
    for policy in both() {
        for (operation, expected) in [
            (json!({"op": "replace", "path": format!("{USER}:displayName"), "value": "x"}), "invalidPath"),
            (json!({"op": "replace", "path": format!("{USER}:members"), "value": []}), "invalidPath"),
            (json!({"op": "replace", "path": format!("{ENTERPRISE_USER}:manager"), "value": "x"}), "invalidPath"),
            (json!({"op": "replace", "path": ENTERPRISE_USER, "value": {"department": "x"}}), "invalidPath"),
            (json!({"op": "replace", "value": {ENTERPRISE_USER: {"department": "x"}}}), "invalidSyntax"),
        ] {
            let group = object(json!({"schemas": [GROUP], "displayName": "Engineering"}));
            let error = patch(&group, &body(&json!([operation])), scim::group(), &policy);
            let error = error.expect_err(&operation.to_string());
            assert_eq!(kind(&error), expected, "{operation}: {error}");
            assert!(error.detail.contains("that a Group does not have"), "{operation}: {error}");
        }
    }
}

/// b2-29-dot-after-the-urn
#[test]
fn a_dot_behind_a_urn_is_read_as_the_colon() {
    let dotted = |urn: &str, name: &str| format!("{urn}.{name}");
    check_tolerated(&[
        (
            json!([{"op": "replace", "path": dotted(ENTERPRISE_USER, "employeeNumber"), "value": "56789"}]),
            r#"employeeNumber: "56789""#,
            "dot-behind-urn",
            "invalidPath",
        ),
        (json!([{"op": "remove", "path": dotted(USER, "title")}]), "title: –", "dot-behind-urn", "invalidPath"),
        (
            json!([{"op": "add", "path": dotted(USER, "name.givenName"), "value": "B"}]),
            r#"name.givenName: "B""#,
            "dot-behind-urn",
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": dotted(USER, WORK) + ".value", "value": "n@x"}]),
            r#"emails[work].value: "n@x""#,
            "dot-behind-urn",
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": dotted(BADGE, "label"), "value": "x"}]),
            r#"label: "x""#,
            "dot-behind-urn",
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "value": {dotted(ENTERPRISE_USER, "department"): "E"}}]),
            r#"department: "E""#,
            "dot-behind-urn",
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "value": {dotted(ENTERPRISE_USER, "manager"): {"value": "n"}}}]),
            r#"manager.value: "n"; manager.$ref: –"#,
            "dot-behind-urn",
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "value": {dotted(USER, "name.givenName"): "B"}}]),
            r#"name.givenName: "B""#,
            "dot-behind-urn",
            "invalidSyntax",
        ),
    ]);
    // Two dots behind a colon are one too many, and a part has no values to choose from.
    check_refused(&[
        (json!([{"op": "add", "path": format!("{USER}:name.a.b"), "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": format!("{USER}:name.givenName[value pr]"), "value": "x"}]), "invalidPath"),
    ]);
    for (operations, expected) in [
        (json!([{"op": "add", "path": dotted(GROUP, "members"), "value": [{"value": "a"}]}]), "add(a)"),
        (json!([{"op": "remove", "path": dotted(GROUP, r#"members[value eq "a"]"#)}]), "remove(a)"),
        (json!([{"op": "add", "value": {dotted(GROUP, "members"): [{"value": "a"}]}}]), "add(a)"),
        (json!([{"op": "add", "value": {dotted(GROUP, r#"members[value eq "a"]"#): {"value": "a"}}}]), "add(a)"),
    ] {
        let (found, rules) =
            steps(&operations, &Policy::tolerant()).unwrap_or_else(|error| panic!("{operations}: {error}"));
        assert_eq!(summary(&found), expected, "{operations}");
        assert!(rules.contains(&"dot-behind-urn".to_owned()), "{operations}: {rules:?}");
        let error = steps(&operations, &Policy::strict()).expect_err(&operations.to_string());
        assert_eq!(kind(&error), "invalidPath", "{operations}: {error}");
    }
}

/// Salesforce documents members so.
#[test]
fn a_value_that_repeats_the_name_in_the_path_is_read() {
    check_tolerated(&[
        (
            json!([{"op": "remove", "path": "emails", "value": {"emails": [{"value": "h@x"}]}}]),
            "emails[home].value: –",
            "name-in-value",
            "invalidValue",
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"EMAILS": [{"value": "o@x", "type": "other"}]}]}]),
            r#"emails[other].value: "o@x""#,
            "name-in-value",
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "name", "value": {"name": {"givenName": "B"}}}]),
            r#"name.givenName: "B""#,
            "name-in-value",
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "title", "value": {"title": "Prof"}}]),
            r#"title: "Prof""#,
            "name-in-value",
            "invalidValue",
        ),
    ]);
    for (op, expected) in [("add", "add(a)"), ("replace", "replace(a)"), ("remove", "remove(a)")] {
        for value in [json!({"members": [{"value": "a"}]}), json!([{"members": [{"value": "a"}]}])] {
            let operations = json!([{"op": op, "path": "members", "value": value}]);
            let (found, rules) =
                steps(&operations, &Policy::tolerant()).unwrap_or_else(|error| panic!("{operations}: {error}"));
            assert_eq!(summary(&found), expected, "{operations}");
            assert!(rules.contains(&"name-in-value".to_owned()), "{operations}: {rules:?}");
            let error = steps(&operations, &Policy::strict()).expect_err(&operations.to_string());
            assert_eq!(kind(&error), "invalidValue", "{operations}: {error}");
        }
    }
}

#[test]
fn an_undeclared_extension_can_be_filled_and_removed() {
    let urn = "urn:example:other:2.0:User";
    let policy = Policy::tolerant();
    let add = body(&json!([{"op": "add", "path": format!("{urn}:hat"), "value": "L"}]));
    let (patched, rules) = patch_user(&ada(), &add, &policy).expect("a PATCH");
    assert_eq!((&patched.resource[urn], rules), (&json!({"hat": "L"}), vec!["unknown-attribute".to_owned()]));
    assert_eq!(patched.resource["schemas"], json!([USER, ENTERPRISE_USER, urn]));
    for operation in [
        json!({"op": "remove", "path": urn}),
        json!({"op": "remove", "path": urn.to_uppercase()}),
        json!({"op": "remove", "path": format!("{urn}:HAT")}),
        json!({"op": "replace", "value": {urn: null}}),
    ] {
        let (emptied, _) = patch_user(&patched.resource, &body(&json!([operation])), &policy).expect("a PATCH");
        assert_eq!(emptied.resource, ada(), "{operation}");
    }
    let replaced = body(&json!([{"op": "replace", "path": urn, "value": {"hat": "S"}}]));
    let (replaced, _) = patch_user(&patched.resource, &replaced, &policy).expect("a PATCH");
    assert_eq!(replaced.resource[urn], json!({"hat": "S"}));
    assert_eq!(kind(&patch_user(&ada(), &add, &Policy::strict()).expect_err("undeclared")), "invalidPath");
}

#[test]
fn what_identity_providers_send_is_tolerated_with_a_note_or_refused() {
    let manager = format!("{ENTERPRISE_USER}:manager");
    check_tolerated(&[
        (
            json!([{"op": "replace", "path": "active", "value": "False"}]),
            "active: false",
            "string-boolean",
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "false"}]),
            "active: false",
            "string-boolean",
            "invalidValue",
        ),
        (json!([{"op": "replace", "path": "active", "value": 0}]), "active: false", "string-boolean", "invalidValue"),
        (json!([{"op": "replace", "value": {"active": "FALSE"}}]), "active: false", "string-boolean", "invalidValue"),
        (
            json!([{"op": "replace", "path": r#"emails[primary eq "True"].value"#, "value": "n@x"}]),
            r#"emails[work].value: "n@x""#,
            "string-boolean",
            // A filter in a path is still a filter.
            "invalidFilter",
        ),
        (
            json!([{"op": "replace", "value": {"name.givenName": "B"}}]),
            r#"name.givenName: "B""#,
            "path-as-name",
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "value": {format!("{ENTERPRISE_USER}:department"): "E"}}]),
            r#"department: "E""#,
            "path-as-name",
            "invalidSyntax",
        ),
        (
            json!([{"op": "add", "value": {format!("{WORK}.value"): "n@x"}}]),
            r#"emails[work].value: "n@x""#,
            "path-as-name",
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "path": manager, "value": "n"}]),
            r#"manager.value: "n"; manager.$ref: –"#,
            "scalar-as-object",
            "invalidValue",
        ),
        (
            json!([{"op": "add", "path": "manager", "value": [{"value": "n"}]}]),
            r#"manager.value: "n"; manager.$ref: –"#,
            "list-of-one",
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": "department", "value": "E"}]),
            r#"department: "E""#,
            "extension-without-urn",
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "emails", "value": {"value": "o@x", "type": "other"}}]),
            r#"emails[other].value: "o@x""#,
            "single-value",
            "invalidValue",
        ),
        (json!([{"op": "add", "value": [{"title": "Prof"}]}]), r#"title: "Prof""#, "list-of-one", "invalidValue"),
        (json!([{"op": "add", "path": "shoeSize", "value": 42}]), "shoeSize: 42", "unknown-attribute", "invalidPath"),
        (json!([{"op": "add", "value": {"shoeSize": 42}}]), "shoeSize: 42", "unknown-attribute", "invalidSyntax"),
        (
            json!([{"op": "add", "path": "name.nothing", "value": "x"}]),
            r#"name.nothing: "x""#,
            "unknown-attribute",
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": r#"emails[type eq "other"].value"#, "value": "o@x"}]),
            r#"emails[other].value: "o@x""#,
            "filter-without-match",
            "noTarget",
        ),
        (
            json!([{"op": "add", "path": r#"addresses[type eq "work"].locality"#, "value": "Paris"}]),
            r#"addresses[work].locality: "Paris""#,
            "filter-without-match",
            "noTarget",
        ),
        (
            json!([{"op": "add", "path": r#"roles[primary eq "True"].value"#, "value": "Admin"}]),
            r#"roles[Admin].value: "Admin"; roles[Admin].primary: true"#,
            "filter-without-match",
            "invalidFilter",
        ),
        (
            json!([{"op": "remove", "path": "emails", "value": [{"value": "h@x"}]}]),
            "emails[home].value: –",
            "remove-with-value",
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "emails.value", "value": "n@x"}]),
            r#"emails[work].value: "n@x""#,
            "path-without-filter",
            "noTarget",
        ),
        (json!([{"op": "replace", "path": "id", "value": "2"}]), "", "read-only", "mutability"),
        (json!([{"op": "replace", "path": "meta.created", "value": "x"}]), "", "read-only", "mutability"),
        (json!([{"op": "add", "path": "groups", "value": [{"value": "g"}]}]), "", "read-only", "mutability"),
        (json!([{"op": "replace", "value": {"id": "2"}}]), "", "read-only", "mutability"),
        (json!([{"op": "add", "path": format!("{BADGE}:printed"), "value": "x"}]), "", "read-only", "mutability"),
    ]);
    // Okta repeats the id of the resource, authentik its schemas; both say nothing new.
    check(&[(
        json!([{"op": "replace", "value": {"id": "1", "schemas": [USER], "title": "Prof"}}]),
        r#"title: "Prof""#,
    )]);
    let echo = json!([{"op": "replace", "value": {"meta": {"resourceType": "User"}, "groups": [], "title": "Prof"}}]);
    assert_eq!(outcome(&echo, &Policy::tolerant()).expect("an echo").0, r#"title: "Prof""#);
    assert_eq!(kind(&outcome(&echo, &Policy::strict()).expect_err("read-only")), "mutability");
    for (op, expected) in [("Add", "add"), ("REPLACE", "replace"), ("rePlace", "replace")] {
        for policy in both() {
            let (changes, rules) =
                outcome(&json!([{"op": op, "path": "title", "value": "P"}]), &policy).expect(expected);
            assert_eq!((changes.as_str(), rules), (r#"title: "P""#, vec!["op-case".to_owned()]), "{op}");
        }
    }
}

#[test]
fn what_is_empty_is_not_assigned() {
    let manager = format!("{ENTERPRISE_USER}:manager");
    let gone = "manager.value: –; manager.$ref: –";
    for policy in both() {
        for (operation, expected) in [
            (json!({"op": "replace", "path": "title", "value": ""}), "title: –"),
            (json!({"op": "replace", "path": "title", "value": null}), "title: –"),
            (json!({"op": "replace", "value": {"title": null}}), "title: –"),
            (json!({"op": "replace", "path": "name.givenName", "value": ""}), "name.givenName: –"),
            (json!({"op": "replace", "path": manager, "value": ""}), gone),
            (json!({"op": "replace", "path": manager, "value": null}), gone),
            (json!({"op": "replace", "path": "emails[type eq \"home\"]", "value": null}), "emails[home].value: –"),
            (json!({"op": "replace", "path": format!("{WORK}.primary"), "value": null}), "emails[work].primary: –"),
            (json!({"op": "add", "path": "emails", "value": []}), ""),
            (json!({"op": "add", "path": "emails", "value": [null]}), ""),
            (
                json!({"op": "replace", "value": {ENTERPRISE_USER: null}}),
                "department: –; manager.value: –; manager.$ref: –",
            ),
            (
                json!({"op": "replace", "path": "emails", "value": []}),
                "emails[work].value: –; emails[work].primary: –; emails[home].value: –",
            ),
        ] {
            let (found, _) =
                outcome(&json!([operation]), &policy).unwrap_or_else(|error| panic!("{operation}: {error}"));
            assert_eq!(found, expected, "{operation}");
        }
        // Nothing is left of a value whose only part goes.
        let before = user(&json!({"schemas": [USER], "userName": "a", "emails": [{"value": "x"}]}));
        for operation in [
            json!({"op": "replace", "path": "emails.value", "value": ""}),
            json!({"op": "add", "path": "emails.value", "value": null}),
            json!({"op": "remove", "path": "emails.value"}),
            json!({"op": "replace", "path": "emails[value pr].value", "value": null}),
        ] {
            let (patched, _) = patch_user(&before, &body(&json!([operation])), &policy).expect("a PATCH");
            assert_eq!(patched.resource.get("emails"), None, "{operation}");
        }
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_kind() {
    check_refused(&[
        (json!([{"op": "remove"}]), "noTarget"),
        (json!([{"op": "remove", "value": {"title": "Dr"}}]), "noTarget"),
        (json!([{"op": "replace", "path": r#"emails[value co "nobody"].display"#, "value": "x"}]), "noTarget"),
        (json!([{"op": "add", "path": "title"}]), "invalidValue"),
        (json!([{"op": "add"}]), "invalidValue"),
        (json!([{"op": "add", "value": "x"}]), "invalidValue"),
        (json!([{"op": "replace", "value": null}]), "invalidValue"),
        (json!([{"op": "replace", "path": "title", "value": 5}]), "invalidValue"),
        (json!([{"op": "replace", "path": "title", "value": ["a", "b"]}]), "invalidValue"),
        (json!([{"op": "replace", "path": "active", "value": "maybe"}]), "invalidValue"),
        (json!([{"op": "replace", "path": "userName", "value": ""}]), "invalidValue"),
        (json!([{"op": "replace", "value": {"userName": null}}]), "invalidValue"),
        (json!([{"op": "replace", "path": "password", "value": 5}]), "invalidValue"),
        (json!([{"op": "add", "path": format!("{BADGE}:level"), "value": 1.5}]), "invalidValue"),
        (json!([{"op": "add", "path": format!("{BADGE}:issued"), "value": "today"}]), "invalidValue"),
        (json!([{"op": "remove", "path": "userName"}]), "mutability"),
        (json!([{"op": "remove", "path": "id"}]), "mutability"),
        (json!([{"op": "remove", "path": "meta"}]), "mutability"),
        (json!([{"op": "remove", "path": "groups"}]), "mutability"),
        (json!([{"op": "remove", "path": USER}]), "mutability"),
        (json!([{"op": "add", "path": "emails[0].value", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[type eq \"work\"", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[].value", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[type eq \"work\"].value.x", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[type eq \"work\"] x", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "/title", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "name.a.b", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "name[givenName pr].familyName", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": 7, "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "title.x", "value": "x"}]), "invalidPath"),
        (json!([{"op": "move", "path": "title", "value": "x"}]), "invalidSyntax"),
        (json!([{"path": "title", "value": "x"}]), "invalidSyntax"),
        (json!([7]), "invalidSyntax"),
        (json!([]), "invalidSyntax"),
        (json!("add"), "invalidSyntax"),
        (json!(null), "invalidSyntax"),
    ]);
    let colored = object(json!({"schemas": [USER, BADGE], "userName": "a", BADGE: {"color": "red"}}));
    for policy in both() {
        for operation in [
            json!({"op": "replace", "path": format!("{BADGE}:color"), "value": "blue"}),
            json!({"op": "remove", "path": format!("{BADGE}:color")}),
            json!({"op": "remove", "path": BADGE}),
            json!({"op": "replace", "value": {BADGE: null}}),
        ] {
            let error = patch(&colored, &body(&json!([operation])), badged_user(), &policy);
            assert_eq!(kind(&error.expect_err(&operation.to_string())), "mutability", "{operation}");
        }
        let same = body(&json!([{"op": "replace", "path": format!("{BADGE}:color"), "value": "red"}]));
        assert_eq!(patch(&colored, &same, badged_user(), &policy).expect("no change").0.resource, colored);
    }
}

#[test]
fn a_patch_message_is_recognized() {
    let operations = json!([{"op": "replace", "path": "title", "value": "P"}]);
    for (body, rule) in [
        (json!({"Operations": operations}), "missing-schemas"),
        (json!({"schemas": [USER], "Operations": operations}), "missing-schemas"),
        (json!({"schemas": [], "Operations": operations}), "missing-schemas"),
        (json!({"schemas": [PATCH_OP], "Operations": operations[0]}), "single-value"),
    ] {
        let (patched, rules) = patch_user(&ada(), &body, &Policy::tolerant()).expect("a PATCH");
        assert_eq!((&patched.resource["title"], rules), (&json!("P"), vec![rule.to_owned()]), "{body}");
        assert_eq!(kind(&patch_user(&ada(), &body, &Policy::strict()).expect_err("no message")), "invalidSyntax");
    }
    // The names of a message have no letter case either (RFC 7643 §2.1).
    for body in [
        json!({"schemas": [PATCH_OP.to_uppercase()], "operations": operations}),
        json!({"Schemas": [PATCH_OP], "OPERATIONS": [{"OP": "replace", "Path": "title", "VALUE": "P"}]}),
    ] {
        for policy in both() {
            let (patched, rules) = patch_user(&ada(), &body, &policy).expect("a PATCH");
            assert_eq!((&patched.resource["title"], rules), (&json!("P"), vec![]), "{body}");
        }
    }
    for (policy, expected) in [(Policy::tolerant(), None), (Policy::strict(), Some("invalidSyntax"))] {
        let text =
            format!(r#"{{"schemas":["{PATCH_OP}"],"Operations":[{{"op":"add","op":"remove","path":"title"}}]}}"#);
        let found = PatchRequest::parse(text.as_bytes(), &policy, &mut Notes::new());
        assert_eq!(found.err().map(|error| kind(&error)).as_deref(), expected);
    }
}

#[test]
fn a_password_is_noticed_and_forgotten() {
    for policy in both() {
        for (operation, is_set) in [
            (json!({"op": "replace", "path": "password", "value": "secret"}), true),
            (json!({"op": "add", "value": {"password": "secret"}}), true),
            (json!({"op": "replace", "path": "password", "value": ""}), false),
            (json!({"op": "remove", "path": "password"}), false),
        ] {
            let (patched, _) = patch_user(&ada(), &body(&json!([operation])), &policy).expect("a PATCH");
            assert_eq!((patched.password_set, patched.resource), (is_set, ada()), "{operation}");
        }
    }
}

fn steps(operations: &Value, policy: &Policy) -> Result<(Vec<GroupStep>, Vec<String>), ScimError> {
    let mut notes = Notes::new();
    let request = PatchRequest::parse(body(operations).to_string().as_bytes(), policy, &mut notes)?;
    let steps = group_steps(&request, "g", policy, &mut notes)?;
    Ok((steps, rules(notes)))
}

/// Steps in one line: `attributes(1) add(a b) remove(c)`.
fn summary(steps: &[GroupStep]) -> String {
    let ids = |members: &[Member]| members.iter().map(|member| member.value.as_str()).collect::<Vec<_>>().join(" ");
    let steps = steps.iter().map(|step| match step {
        GroupStep::Attributes(request) => format!("attributes({})", request.operations.len()),
        GroupStep::Members(MembersOp::Add(members)) => format!("add({})", ids(members)),
        GroupStep::Members(MembersOp::Remove(ids)) => format!("remove({})", ids.join(" ")),
        GroupStep::Members(MembersOp::RemoveMatching(filter)) => format!("removeMatching({filter})"),
        GroupStep::Members(MembersOp::Replace(members)) => format!("replace({})", ids(members)),
        GroupStep::Members(MembersOp::RemoveAll) => "removeAll".to_owned(),
        GroupStep::Members(MembersOp::ReplaceMatching { filter, members }) => {
            format!("replaceMatching({filter}: {})", ids(members))
        }
    });
    steps.collect::<Vec<_>>().join(" ")
}

#[test]
fn operations_on_members_become_steps() {
    for (operations, expected) in [
        (
            json!([{"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "b"}, {"value": "a"}]}]),
            "add(a b)",
        ),
        (json!([{"op": "replace", "path": "members", "value": [{"value": "a"}]}]), "replace(a)"),
        (json!([{"op": "replace", "path": "members", "value": []}]), "replace()"),
        (json!([{"op": "remove", "path": "members"}]), "removeAll"),
        (json!([{"op": "remove", "path": r#"members[value eq "a"]"#}]), "remove(a)"),
        (json!([{"op": "remove", "path": r#"members[value eq "a" or value eq "b"]"#}]), "remove(a b)"),
        (json!([{"op": "remove", "path": r#"members[type eq "User"]"#}]), r#"removeMatching(type eq "User")"#),
        (json!([{"op": "add", "value": {"members": [{"value": "a"}]}}]), "add(a)"),
        (
            json!([{"op": "replace", "value": {"id": "g", "displayName": "G", "MEMBERS": [{"value": "a"}]}}]),
            "attributes(1) replace(a)",
        ),
        (json!([{"op": "add", "path": format!("{GROUP}:members"), "value": [{"value": "a"}]}]), "add(a)"),
        (json!([{"op": "add", "value": {GROUP: {"members": [{"value": "a"}]}}}]), "add(a)"),
        (
            json!([
                {"op": "add", "path": "members", "value": [{"value": "a"}]},
                {"op": "add", "path": "members", "value": [{"value": "b"}]},
                {"op": "remove", "path": r#"members[value eq "c"]"#},
                {"op": "replace", "path": "displayName", "value": "G"},
                {"op": "replace", "path": "externalId", "value": "E"},
                {"op": "add", "path": "members", "value": [{"value": "c"}]},
            ]),
            "add(a b) remove(c) attributes(2) add(c)",
        ),
        (
            json!([{"op": "replace", "path": r#"members[value eq "a"]"#, "value": {"value": "b"}}]),
            r#"replaceMatching(value eq "a": b)"#,
        ),
    ] {
        for policy in both() {
            let (steps, rules) = steps(&operations, &policy).unwrap_or_else(|error| panic!("{operations}: {error}"));
            assert_eq!(summary(&steps), expected, "{operations}");
            assert!(rules.is_empty(), "{operations}: {rules:?}");
        }
    }
    for (operations, expected, rule, refusal) in [
        (
            json!([{"op": "remove", "path": "members", "value": [{"value": "a"}, {"value": "b"}]}]),
            "remove(a b)",
            "remove-with-value",
            "invalidValue",
        ),
        // An empty list names nobody; it does not mean everybody.
        (json!([{"op": "Remove", "path": "members", "value": []}]), "remove()", "remove-with-value", "invalidValue"),
        (json!([{"op": "add", "path": r#"members[value eq "a"]"#}]), "add(a)", "filter-without-match", "invalidValue"),
        (json!([{"op": "add", "path": "members", "value": {"value": "a"}}]), "add(a)", "single-value", "invalidValue"),
        (json!([{"op": "add", "path": "members", "value": ["a"]}]), "add(a)", "scalar-as-object", "invalidValue"),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": 7}]}]),
            "add(7)",
            "scalar-as-text",
            "invalidValue",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"$ref": "https://x/v2/Users/a"}]}]),
            "add(a)",
            "member-by-reference",
            "invalidValue",
        ),
        (
            json!([{"op": "add", "path": "members.value", "value": [{"value": "a"}]}]),
            "add(a)",
            "path-without-filter",
            "mutability",
        ),
        (
            json!([{"op": "add", "value": {r#"members[value eq "a"]"#: {"value": "a"}}}]),
            "add(a)",
            "filter-without-match",
            "noTarget",
        ),
    ] {
        let (found, rules) =
            steps(&operations, &Policy::tolerant()).unwrap_or_else(|error| panic!("{operations}: {error}"));
        assert_eq!(summary(&found), expected, "{operations}");
        assert!(rules.iter().any(|found| found == rule), "{operations}: {rules:?}");
        let error = steps(&operations, &Policy::strict()).expect_err(&operations.to_string());
        assert_eq!(kind(&error), refusal, "{operations}: {error}");
    }
    for (operations, refusal) in [
        (json!([{"op": "add", "path": "members", "value": [{"display": "nobody"}]}]), "invalidValue"),
        (json!([{"op": "add", "path": "members", "value": [{"value": "g"}]}]), "invalidValue"),
        (json!([{"op": "add", "path": "members", "value": [{"value": {"a": 1}}]}]), "invalidValue"),
        (json!([{"op": "replace", "path": "members.type", "value": "User"}]), "mutability"),
        (json!([{"op": "replace", "path": r#"members[value eq "a"].value"#, "value": "b"}]), "mutability"),
        (json!([{"op": "remove", "path": "members[value eq"}]), "invalidPath"),
        (json!([{"op": "remove"}]), "noTarget"),
    ] {
        for policy in both() {
            let error = steps(&operations, &policy).expect_err(&operations.to_string());
            assert_eq!(kind(&error), refusal, "{operations}: {error}");
        }
    }
    // `$ref: null` and a missing `type`, as Entra and Okta send them, say nothing; a reference says the type.
    let value = json!([{"value": "a", "$ref": null, "display": null}, {"value": "b", "$ref": "https://x/Groups/b"}]);
    let (found, _) =
        steps(&json!([{"op": "add", "path": "members", "value": value}]), &Policy::strict()).expect("members");
    let member =
        |value: &str, kind: Option<&str>| Member { value: value.into(), display: None, kind: kind.map(Into::into) };
    assert_eq!(found, [GroupStep::Members(MembersOp::Add(vec![member("a", None), member("b", Some("Group"))]))]);
}
