//! Changing people.

use serde_json::{Value, json};

use crate::check::{Check, Checked, Probe, beyond, must};

/// The extension's attributes in a path.
const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
const NUMBER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";

/// An application role, which arrives as JSON in a text.
const ROLE: &str = r#"{"id":"18d14569-c3bd-439b-9a66-3a2aee01d14f","value":"Admin","displayName":"Administrator"}"#;

pub(super) const CHECKS: &[Check] = &[
    must("entra-patch-user-name", "Validator: PATCH userName; RFC 7644 §3.5.2.3", |p| Box::pin(user_name(p)))
        .title("userName is changed by PATCH, with and without a path")
        .rule("A PATCH replaces userName, as an operation with a path and as one without.")
        .fix("Support replace with a path and without."),
    beyond("entra-disable-text", "EntraCompat", |p| {
        Box::pin(p.patches_user([sets_active(json!("False"), false), sets_active(json!("True"), true)]))
    })
    .title("Disabling with the text \"False\"")
    .rule("Without the flag, Entra ID disables with the value \"False\": a text, not a boolean.")
    .fix("Read the texts True and False, in any letter case, as booleans where the attribute is one."),
    must("entra-disable-boolean", "EntraCompat; RFC 7644 §3.5.2.3", |p| {
        Box::pin(p.patches_user([false, true].map(|active| sets_active(json!(active), active))))
    })
    .title("Disabling with a boolean")
    .rule("With the flag, Entra ID disables with {\"op\": \"replace\", \"path\": \"active\", \"value\": false}.")
    .fix("Support replace of active."),
    beyond("entra-operation-case", "EntraCompat", |p| Box::pin(operation_case(p)))
        .title("Operations are read in any letter case")
        .rule("Without the flag, Entra ID writes Add, Replace and Remove.")
        .fix("Compare op without regard to letter case."),
    must("entra-replace-many", "EntraCompat; Validator: verbose replace", |p| Box::pin(replace_many(p)))
        .title("Several attributes are replaced at once")
        .rule("One PATCH has an operation per attribute, value filters and extension attributes among them.")
        .fix("Carry out all operations in order; read paths with a value filter and with the URN of an extension."),
    beyond("entra-replace-without-path", "EntraCompat", |p| Box::pin(replace_without_path(p)))
        .title("Dotted names and URNs without a path")
        .rule("With the flag, one operation without a path has names such as name.givenName and the URN of an extension attribute.")
        .fix("Read the names in the value of an operation without a path as paths."),
    beyond(
        "entra-add-typed-value",
        "laravel-scim-server#34; contrary to RFC 7644 §3.5.2.3",
        |p| Box::pin(add_typed_value(p)),
    )
    .title("A typed value is created where there is none")
    .rule("Entra ID replaces or adds emails[type eq \"work\"].value although no such address is there, and expects it to be created.")
    .fix("Create an element that meets the filter when none does."),
    beyond("entra-add-address-parts", "EntraMap; contrary to RFC 7644 §3.5.2.1", |p| Box::pin(add_address_parts(p)))
        .title("The parts of an address make one address")
        .rule("Entra ID adds street, city and postal code in one PATCH, each with the path addresses[type eq \"work\"].…, and expects one address that has them all.")
        .fix("Create an element that meets the filter only when none does, and change the one that is there."),
    must(
        "entra-add-extension-attribute",
        "Validator: verbose add; RFC 7644 §3.5.2",
        |p| Box::pin(p.adds_department()),
    )
    .title("An extension attribute is added by its URN")
    .rule("A path with the URN of the enterprise extension adds its attribute, and the extension to schemas.")
    .fix("Split a path with a URN at its last colon."),
    beyond("entra-manager-as-text", "scimgateway utils-scim.ts:343; SCIM-SDK#686", |p| Box::pin(manager_as_text(p)))
        .title("The manager is set with a text")
        .rule("Entra ID sets the manager with the id alone, where the schema has an object with value.")
        .fix("Read a text for manager as {\"value\": …}."),
    must("entra-manager-removed", "Validator: remove manager; RFC 7644 §3.5.2.2", |p| {
        Box::pin(loses_manager(p, json!([{ "op": "remove", "path": MANAGER }])))
    })
    .title("The manager is removed")
    .rule("A Remove on the path of the manager removes it.")
    .fix("Support remove of an extension attribute."),
    beyond("entra-manager-cleared", "Validator: remove manager via empty value", |p| {
        Box::pin(loses_manager(p, json!([{ "op": "replace", "path": MANAGER, "value": "" }])))
    })
    .title("The manager is cleared with an empty text")
    .rule("The validator removes the manager with the value \"\".")
    .fix("Read an empty text as nothing."),
    must("entra-roles-json", "EntraMap; RFC 7643 §4.1.2", |p| {
        let operations = json!([{ "op": "add", "path": "roles", "value": [{ "value": ROLE }] }]);
        Box::pin(p.patches_user([(operations, json!({ "/roles/0/value": ROLE }))]))
    })
    .title("Roles with JSON in a text are kept")
    .rule("An application role arrives as JSON inside the text of roles[].value.")
    .fix("Store the value of a role as it is."),
    must("entra-same-attribute", "Validator, preview; RFC 7644 §3.5.2", |p| Box::pin(same_attribute(p)))
        .title("Operations on one attribute are carried out in order")
        .rule("Remove, Add and Replace of displayName in one PATCH leave the last value.")
        .fix("Carry out the operations one after the other."),
];

async fn user_name(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let first = format!("{}@example.com", p.new_name());
    let read = p.modify_user(&user, json!([{ "op": "replace", "path": "userName", "value": first }])).await?;
    read.has("/userName", first)?;
    let second = format!("{}@example.com", p.new_name());
    p.modify_user(&user, json!([{ "op": "replace", "value": { "userName": second } }])).await?.has("/userName", second)
}

/// An operation on `active`, and what it has to be then.
fn sets_active(value: Value, active: bool) -> (Value, Value) {
    (json!([{ "op": "replace", "path": "active", "value": value }]), json!({ "/active": active }))
}

async fn operation_case(p: &mut Probe<'_>) -> Checked {
    p.patches_user([
        (json!([{ "op": "Add", "path": "title", "value": "Engineer" }]), json!({ "/title": "Engineer" })),
        (json!([{ "op": "Replace", "path": "title", "value": "Lead" }]), json!({ "/title": "Lead" })),
        (json!([{ "op": "Remove", "path": "title" }]), json!({ "/title": null })),
    ])
    .await
}

async fn same_attribute(p: &mut Probe<'_>) -> Checked {
    let operations = json!([
        { "op": "remove", "path": "displayName" },
        { "op": "add", "path": "displayName", "value": "Second" },
        { "op": "replace", "path": "displayName", "value": "Third" },
    ]);
    p.patches_user([(operations, json!({ "/displayName": "Third" }))]).await
}

async fn replace_many(p: &mut Probe<'_>) -> Checked {
    let user = p.enterprise_user(json!({ "employeeNumber": "1" })).await?;
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
    let read = p.modify_user(&user, operations).await?;
    let expected = json!({
        "/displayName": "Dana X", "/emails/0/value": address, "/name/givenName": "Dee", "/name/familyName": "Ex",
        "/externalId": external, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber": "77",
    });
    read.shows(expected)
}

async fn replace_without_path(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let value = json!({ "displayName": "Dana X", "name.givenName": "Dee", "name.familyName": "Ex", NUMBER: "78" });
    let read = p.modify_user(&user, json!([{ "op": "replace", "value": value }])).await?;
    read.has("/displayName", "Dana X")?;
    read.has("/name/givenName", "Dee")?;
    read.has("/name/familyName", "Ex")?;
    read.has("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber", "78")
}

async fn add_typed_value(p: &mut Probe<'_>) -> Checked {
    for operation in ["replace", "add"] {
        let user = p.user_with(|body| body["emails"] = json!([])).await?;
        let address = format!("{}@example.com", p.new_name());
        let operations = json!([{ "op": operation, "path": "emails[type eq \"work\"].value", "value": address }]);
        let read = p.modify_user(&user, operations).await?;
        read.has("/emails/0/value", address)?;
        read.has("/emails/0/type", "work")?;
    }
    Ok(())
}

async fn add_address_parts(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let parts = [("streetAddress", "1 Main St"), ("locality", "Springfield"), ("postalCode", "12345")];
    let operations = parts.map(
        |(name, value)| json!({ "op": "Add", "path": format!("addresses[type eq \"work\"].{name}"), "value": value }),
    );
    let read = p.modify_user(&user, json!(operations)).await?;
    let count = read.json["addresses"].as_array().map_or(0, Vec::len);
    read.expect("addresses", count == 1, "one address", &read.json["addresses"])?;
    read.has("/addresses/0/type", "work")?;
    for (name, value) in parts {
        read.has(&format!("/addresses/0/{name}"), value)?;
    }
    Ok(())
}

/// Gives a user a manager, in the form of the RFC, whom operations then take away.
async fn loses_manager(p: &mut Probe<'_>, operations: Value) -> Checked {
    let manager = p.user().await?;
    let user = p.enterprise_user(json!({ "department": "Sales", "manager": { "value": manager.id } })).await?;
    let read = p.modify_user(&user, operations).await?;
    read.has_nothing("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager")
}

async fn manager_as_text(p: &mut Probe<'_>) -> Checked {
    let (user, manager) = (p.user().await?, p.user().await?);
    for operation in ["add", "replace"] {
        let operations = json!([{ "op": operation, "path": MANAGER, "value": manager.id }]);
        let read = p.modify_user(&user, operations).await?;
        let pointer = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value";
        read.has(pointer, manager.id.as_str())?;
    }
    Ok(())
}
