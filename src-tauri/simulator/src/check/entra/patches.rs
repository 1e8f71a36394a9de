//! Changing people.

use serde_json::{Value, json};

use crate::check::probe::Made;
use crate::check::{Check, Checked, Level, Probe};

/// The extension's attributes in a path.
const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
const NUMBER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";
const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "entra-patch-user-name",
        title: "userName is changed by PATCH, with and without a path",
        rule: "A PATCH replaces userName, as an operation with a path and as one without.",
        section: "Validator: PATCH userName; RFC 7644 §3.5.2.3",
        fix: "Support replace with a path and without.",
        level: Level::Must,
        run: |p| Box::pin(user_name(p)),
    },
    Check {
        id: "entra-disable-text",
        title: "Disabling with the text \"False\"",
        rule: "Without the flag, Entra ID disables with the value \"False\": a text, not a boolean.",
        section: "EntraCompat",
        fix: "Read the texts True and False, in any letter case, as booleans where the attribute is one.",
        level: Level::Beyond,
        run: |p| Box::pin(disable_text(p)),
    },
    Check {
        id: "entra-disable-boolean",
        title: "Disabling with a boolean",
        rule: "With the flag, Entra ID disables with {\"op\": \"replace\", \"path\": \"active\", \"value\": false}.",
        section: "EntraCompat; RFC 7644 §3.5.2.3",
        fix: "Support replace of active.",
        level: Level::Must,
        run: |p| Box::pin(disable_boolean(p)),
    },
    Check {
        id: "entra-operation-case",
        title: "Operations are read in any letter case",
        rule: "Without the flag, Entra ID writes Add, Replace and Remove.",
        section: "EntraCompat",
        fix: "Compare op without regard to letter case.",
        level: Level::Beyond,
        run: |p| Box::pin(operation_case(p)),
    },
    Check {
        id: "entra-replace-many",
        title: "Several attributes are replaced at once",
        rule: "One PATCH has an operation per attribute, value filters and extension attributes among them.",
        section: "EntraCompat; Validator: verbose replace",
        fix: "Carry out all operations in order; read paths with a value filter and with the URN of an extension.",
        level: Level::Must,
        run: |p| Box::pin(replace_many(p)),
    },
    Check {
        id: "entra-replace-without-path",
        title: "Dotted names and URNs without a path",
        rule: "With the flag, one operation without a path has names such as name.givenName and the URN of an extension attribute.",
        section: "EntraCompat",
        fix: "Read the names in the value of an operation without a path as paths.",
        level: Level::Beyond,
        run: |p| Box::pin(replace_without_path(p)),
    },
    Check {
        id: "entra-add-typed-value",
        title: "A typed value is created where there is none",
        rule: "Entra ID replaces or adds emails[type eq \"work\"].value although no such address is there, and expects it to be created.",
        section: "laravel-scim-server#34; contrary to RFC 7644 §3.5.2.3",
        fix: "Create an element that meets the filter when none does.",
        level: Level::Beyond,
        run: |p| Box::pin(add_typed_value(p)),
    },
    Check {
        id: "entra-add-extension-attribute",
        title: "An extension attribute is added by its URN",
        rule: "A path with the URN of the enterprise extension adds its attribute, and the extension to schemas.",
        section: "Validator: verbose add; RFC 7644 §3.5.2",
        fix: "Split a path with a URN at its last colon.",
        level: Level::Must,
        run: |p| Box::pin(add_extension_attribute(p)),
    },
    Check {
        id: "entra-manager-as-text",
        title: "The manager is set with a text",
        rule: "Entra ID sets the manager with the id alone, where the schema has an object with value.",
        section: "scimgateway utils-scim.ts:343; SCIM-SDK#686",
        fix: "Read a text for manager as {\"value\": …}.",
        level: Level::Beyond,
        run: |p| Box::pin(manager_as_text(p)),
    },
    Check {
        id: "entra-manager-removed",
        title: "The manager is removed",
        rule: "A Remove on the path of the manager removes it.",
        section: "Validator: remove manager; RFC 7644 §3.5.2.2",
        fix: "Support remove of an extension attribute.",
        level: Level::Must,
        run: |p| Box::pin(manager_removed(p)),
    },
    Check {
        id: "entra-manager-cleared",
        title: "The manager is cleared with an empty text",
        rule: "The validator removes the manager with the value \"\".",
        section: "Validator: remove manager via empty value",
        fix: "Read an empty text as nothing.",
        level: Level::Beyond,
        run: |p| Box::pin(manager_cleared(p)),
    },
    Check {
        id: "entra-roles-json",
        title: "Roles with JSON in a text are kept",
        rule: "An application role arrives as JSON inside the text of roles[].value.",
        section: "EntraMap; RFC 7643 §4.1.2",
        fix: "Store the value of a role as it is.",
        level: Level::Must,
        run: |p| Box::pin(roles_json(p)),
    },
    Check {
        id: "entra-same-attribute",
        title: "Operations on one attribute are carried out in order",
        rule: "Remove, Add and Replace of displayName in one PATCH leave the last value.",
        section: "Validator, preview; RFC 7644 §3.5.2",
        fix: "Carry out the operations one after the other.",
        level: Level::Must,
        run: |p| Box::pin(same_attribute(p)),
    },
];

async fn patched(p: &mut Probe<'_>, user: &Made, operations: Value) -> Checked<crate::need::Reply> {
    let reply = p.patch(user.user(), operations).await?;
    p.status(&reply, &[200, 204])?;
    p.read_user(user).await
}

async fn user_name(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let first = format!("{}@example.com", p.new_name());
    let read = patched(p, &user, json!([{ "op": "replace", "path": "userName", "value": first }])).await?;
    p.equal(&read, "/userName", first)?;
    let second = format!("{}@example.com", p.new_name());
    let read = patched(p, &user, json!([{ "op": "replace", "value": { "userName": second } }])).await?;
    p.equal(&read, "/userName", second)
}

async fn disable_text(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for (text, active) in [("False", false), ("True", true)] {
        let read = patched(p, &user, json!([{ "op": "replace", "path": "active", "value": text }])).await?;
        p.equal(&read, "/active", active)?;
    }
    Ok(())
}

async fn disable_boolean(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for active in [false, true] {
        let read = patched(p, &user, json!([{ "op": "replace", "path": "active", "value": active }])).await?;
        p.equal(&read, "/active", active)?;
    }
    Ok(())
}

async fn operation_case(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let read = patched(p, &user, json!([{ "op": "Add", "path": "title", "value": "Engineer" }])).await?;
    p.equal(&read, "/title", "Engineer")?;
    let read = patched(p, &user, json!([{ "op": "Replace", "path": "title", "value": "Lead" }])).await?;
    p.equal(&read, "/title", "Lead")?;
    let read = patched(p, &user, json!([{ "op": "Remove", "path": "title" }])).await?;
    p.nothing(&read, "/title")
}

async fn replace_many(p: &mut Probe<'_>) -> Checked {
    let user = p
        .user_with(|body| {
            body["schemas"] = json!([scim::USER, scim::ENTERPRISE_USER]);
            body[scim::ENTERPRISE_USER] = json!({ "employeeNumber": "1" });
        })
        .await?;
    let address = format!("{}@example.com", p.new_name());
    let external = p.new_name();
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Dana X" },
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": address },
        { "op": "replace", "path": "name.givenName", "value": "Dee" },
        { "op": "replace", "path": "name.familyName", "value": "Ex" },
        { "op": "replace", "path": "externalId", "value": external },
        { "op": "replace", "path": NUMBER, "value": "77" },
    ]);
    let read = patched(p, &user, operations).await?;
    p.equal(&read, "/displayName", "Dana X")?;
    p.equal(&read, "/emails/0/value", address)?;
    p.equal(&read, "/name/givenName", "Dee")?;
    p.equal(&read, "/name/familyName", "Ex")?;
    p.equal(&read, "/externalId", external)?;
    p.equal(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber", "77")
}

async fn replace_without_path(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let value = json!({ "displayName": "Dana X", "name.givenName": "Dee", "name.familyName": "Ex", NUMBER: "78" });
    let read = patched(p, &user, json!([{ "op": "replace", "value": value }])).await?;
    p.equal(&read, "/displayName", "Dana X")?;
    p.equal(&read, "/name/givenName", "Dee")?;
    p.equal(&read, "/name/familyName", "Ex")?;
    p.equal(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber", "78")
}

async fn add_typed_value(p: &mut Probe<'_>) -> Checked {
    for operation in ["replace", "add"] {
        let user = p
            .user_with(|body| {
                body["emails"] = json!([]);
            })
            .await?;
        let address = format!("{}@example.com", p.new_name());
        let operations = json!([{ "op": operation, "path": "emails[type eq \"work\"].value", "value": address }]);
        let read = patched(p, &user, operations).await?;
        p.equal(&read, "/emails/0/value", address)?;
        p.equal(&read, "/emails/0/type", "work")?;
    }
    Ok(())
}

async fn add_extension_attribute(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let read = patched(p, &user, json!([{ "op": "add", "path": DEPARTMENT, "value": "Sales" }])).await?;
    p.equal(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", "Sales")?;
    let schemas = read.json["schemas"].clone();
    let is_listed = schemas.as_array().is_some_and(|urns| urns.iter().any(|urn| urn == scim::ENTERPRISE_USER));
    p.holds(is_listed, json!({ "schemas": [scim::USER, scim::ENTERPRISE_USER] }), json!({ "schemas": schemas }))
}

/// Gives a user a manager, in the form of the RFC.
async fn managed(p: &mut Probe<'_>) -> Checked<(Made, Made)> {
    let manager = p.user().await?;
    let id = manager.id.clone();
    let user = p
        .user_with(|body| {
            body["schemas"] = json!([scim::USER, scim::ENTERPRISE_USER]);
            body[scim::ENTERPRISE_USER] = json!({ "department": "Sales", "manager": { "value": id } });
        })
        .await?;
    Ok((user, manager))
}

async fn manager_as_text(p: &mut Probe<'_>) -> Checked {
    let (user, manager) = (p.user().await?, p.user().await?);
    for operation in ["add", "replace"] {
        let operations = json!([{ "op": operation, "path": MANAGER, "value": manager.id }]);
        let read = patched(p, &user, operations).await?;
        let pointer = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value";
        p.equal(&read, pointer, manager.id.as_str())?;
    }
    Ok(())
}

async fn manager_removed(p: &mut Probe<'_>) -> Checked {
    let (user, _manager) = managed(p).await?;
    let read = patched(p, &user, json!([{ "op": "remove", "path": MANAGER }])).await?;
    p.nothing(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager")
}

async fn manager_cleared(p: &mut Probe<'_>) -> Checked {
    let (user, _manager) = managed(p).await?;
    let read = patched(p, &user, json!([{ "op": "replace", "path": MANAGER, "value": "" }])).await?;
    p.nothing(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager")
}

async fn roles_json(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let role = r#"{"id":"18d14569-c3bd-439b-9a66-3a2aee01d14f","value":"Admin","displayName":"Administrator"}"#;
    let operations = json!([{ "op": "add", "path": "roles", "value": [{ "value": role }] }]);
    let read = patched(p, &user, operations).await?;
    p.equal(&read, "/roles/0/value", role)
}

async fn same_attribute(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let operations = json!([
        { "op": "remove", "path": "displayName" },
        { "op": "add", "path": "displayName", "value": "Second" },
        { "op": "replace", "path": "displayName", "value": "Third" },
    ]);
    let read = patched(p, &user, operations).await?;
    p.equal(&read, "/displayName", "Third")
}
