//! PATCH, RFC 7644 §3.5.2. It is optional: a server without it is not looked at.

use serde_json::{Value, json};

use crate::check::probe::CreatedResource;
use crate::check::{Check, Checked, Probe, must, should};
use crate::exchange::Request;

pub(super) const CHECKS: &[Check] = &[
    must("rfc-patch-add", "RFC 7644 §3.5.2.1", |p| Box::pin(add(p)))
        .title("add sets, and appends")
        .rule("add sets a single value and appends to several; what was there stays.")
        .fix("Append to attributes that have several values."),
    must("rfc-patch-add-same", "RFC 7644 §3.5.2.1", |p| Box::pin(add_same(p)))
        .title("Adding what is there changes nothing")
        .rule("An add of a value that is there already changes nothing, lastModified included.")
        .fix("Compare before writing, and leave meta.lastModified when nothing changed."),
    must("rfc-patch-replace", "RFC 7644 §3.5.2.3", |p| Box::pin(replace(p)))
        .title("replace sets, and adds what is missing")
        .rule("replace sets a value; where there was none it is like add.")
        .fix("Treat a replace of an attribute that does not exist as add."),
    must("rfc-patch-replace-complex", "RFC 7644 §3.5.2.3", |p| {
        Box::pin(p.patches_user([(
            json!([{ "op": "replace", "path": "name", "value": { "givenName": "Augusta" } }]),
            json!({ "/name/givenName": "Augusta", "/name/familyName": "Lovelace" }),
        )]))
    })
    .title("replace of a complex attribute keeps what it does not name")
    .rule("Sub-attributes that the value does not name stay as they are.")
    .fix("Merge the value into the complex attribute."),
    must("rfc-patch-replace-all", "RFC 7644 §3.5.2.3", |p| Box::pin(replace_all(p)))
        .title("replace without a filter replaces all values")
        .rule("replace of an attribute with several values and no filter replaces every one of them.")
        .fix("Replace the whole array."),
    must("rfc-patch-filtered", "RFC 7644 §3.5.2.3", |p| Box::pin(filtered(p)))
        .title("A filter in a path selects values")
        .rule("replace with a value filter and a sub-attribute changes it in all values that match, and in no other.")
        .fix("Apply the operation to every value that meets the filter."),
    should("rfc-patch-no-match", "RFC 7644 §3.5.2.3", |p| Box::pin(no_match(p)))
        .title("replace with a filter that nothing meets is refused")
        .rule(
            "When no value meets the filter of a replace, the answer is 400 and noTarget. Entra ID needs the contrary.",
        )
        .fix("Answer 400 with scimType noTarget, unless Entra ID is among your clients."),
    must("rfc-patch-remove", "RFC 7644 §3.5.2.2", |p| Box::pin(remove(p)))
        .title("remove removes")
        .rule("remove of a single value, of all values, and of those that meet a filter leaves nothing else changed.")
        .fix("Support remove with and without a value filter."),
    must("rfc-patch-remove-without-path", "RFC 7644 §3.5.2.2", |p| {
        Box::pin(refuses(p, json!([{ "op": "remove" }]), "noTarget"))
    })
    .title("remove without a path is refused")
    .rule("A remove needs a path; without one the answer is 400 and noTarget.")
    .fix("Answer 400 with scimType noTarget."),
    must("rfc-patch-remove-required", "RFC 7644 §3.5.2.2", |p| {
        Box::pin(refuses(p, json!([{ "op": "remove", "path": "userName" }]), "mutability"))
    })
    .title("Removing a required attribute is refused")
    .rule("remove of userName is answered with 400 and mutability.")
    .fix("Answer 400 with scimType mutability."),
    should("rfc-patch-read-only", "RFC 7644 §3.5.2", |p| {
        Box::pin(refuses(p, json!([{ "op": "replace", "path": "id", "value": "another" }]), "mutability"))
    })
    .title("Changing a read-only attribute is refused")
    .rule("A PATCH of id is answered with 400 and mutability.")
    .fix("Answer 400 with scimType mutability."),
    must("rfc-patch-atomic", "RFC 7644 §3.5.2", |p| Box::pin(atomic(p)))
        .title("All operations are carried out, or none")
        .rule("If one operation of a PATCH fails, the resource is as it was before.")
        .fix("Carry out the operations on a copy, and keep it only if all succeed."),
    must("rfc-patch-primary", "RFC 7644 §3.5.2", |p| Box::pin(primary(p)))
        .title("A new primary value takes over")
        .rule("Setting primary true on one value sets it to false on the others.")
        .fix("Clear primary of the other values."),
    must("rfc-patch-extension", "RFC 7644 §3.5.2, §3.10", |p| Box::pin(p.adds_department()))
        .title("An extension attribute is set by its URN")
        .rule("A path with the URN of an extension sets its attribute; schemas then names the extension.")
        .fix("Split a path with a URN at its last colon, and keep schemas right."),
    must("rfc-patch-extension-object", "RFC 7644 §3.5.2.1; RFC 7643 §3.3", |p| Box::pin(extension_object(p)))
        .title("An extension is set without a path")
        .rule("Without a path the value is a part of the resource, as it stands in a body: an extension is an object under its URN.")
        .fix("Merge an object under the URN of an extension into that of the resource."),
    must("rfc-patch-core-urn", "RFC 7644 §3.5.2, §3.10", |p| {
        let path = |attribute: &str| format!("{}:{attribute}", scim::USER);
        let operations = json!([
            { "op": "replace", "path": path("displayName"), "value": "Countess" },
            { "op": "add", "path": path("name.givenName"), "value": "Augusta" },
        ]);
        Box::pin(p.patches_user([(operations, json!({ "/displayName": "Countess", "/name/givenName": "Augusta" }))]))
    })
    .title("A path may name the core schema")
    .rule("A path with the URN of the core schema is the same as one without: urn:ietf:params:scim:schemas:core:2.0:User:displayName is displayName.")
    .fix("Read the URN of the resource\u{2019}s own schema in a path, and go on with the attribute behind it."),
    must("rfc-patch-quoted-colon", "RFC 7644 §3.5.2, Figure 7; §3.4.2.2", |p| Box::pin(quoted_colon(p)))
        .title("A colon in a quoted value is part of it")
        .rule("What stands between quotation marks in a path is a value, whatever characters it has.")
        .fix("Look for the URN of a path only before its first bracket."),
    must("rfc-patch-invalid-path", "RFC 7644 §3.12, Table 9", |p| Box::pin(invalid_path(p)))
        .title("A path that cannot be parsed is refused")
        .rule("A path that cannot be read is answered with 400 and invalidPath.")
        .fix("Answer 400 with scimType invalidPath."),
    should("rfc-patch-without-blank", "RFC 7644 §3.5.2.2, example", |p| {
        Box::pin(p.patches_members(
            [true, true],
            |[_, leaves]| json!([{ "op": "remove", "path": format!("members[value eq\"{}\"]", leaves.id) }]),
            [true, false],
        ))
    })
    .title("A path is read as the RFC prints it")
    .rule("The RFC\u{2019}s own example has no blank before the quotation mark: members[value eq\"…\"].")
    .fix("Accept a missing blank before a quotation mark."),
    must("rfc-patch-needs-schemas", "RFC 7644 §3.5.2", |p| Box::pin(needs_operations(p)))
        .title("A PATCH without operations is refused")
        .rule("The body has one operation or more; an unknown op or none is answered with 400.")
        .fix("Answer 400 with scimType invalidSyntax."),
    must("rfc-patch-missing", "RFC 7644 §3.12, Table 8", |p| Box::pin(missing(p)))
        .title("A PATCH of an unknown id is a 404")
        .rule("A resource that is not there cannot be changed.")
        .fix("Answer 404."),
    must("rfc-patch-remove-all-members", "RFC 7644 §3.5.2.2", |p| {
        Box::pin(p.patches_members([true, true], |_| json!([{ "op": "remove", "path": "members" }]), [false, false]))
    })
    .title("All members are removed")
    .rule("remove with the path members empties the group.")
    .fix("Support remove of members without a filter."),
];

fn values(response: &crate::response::Response) -> Vec<Value> {
    let emails = response.json["emails"].as_array().into_iter().flatten();
    let mut values: Vec<Value> = emails.map(|email| email["value"].clone()).collect();
    values.sort_by_key(Value::to_string);
    values
}

/// A user with a work and a home address.
async fn with_two_addresses(p: &mut Probe<'_>) -> Checked<(CreatedResource, String, String)> {
    let (work, home) = (format!("a{}@example.com", p.new_name()), format!("b{}@example.com", p.new_name()));
    let user = p
        .user_with(|body| {
            body["emails"] = json!([
                { "value": work, "type": "work", "primary": true },
                { "value": home, "type": "home" },
            ]);
        })
        .await?;
    Ok((user, work, home))
}

async fn add(p: &mut Probe<'_>) -> Checked {
    let (user, work, home) = with_two_addresses(p).await?;
    let third = format!("c{}@example.com", p.new_name());
    let operations = json!([
        { "op": "add", "path": "title", "value": "Engineer" },
        { "op": "add", "path": "emails", "value": [{ "value": third, "type": "other" }] },
        { "op": "add", "value": { "nickName": "Ada" } },
    ]);
    let read = p.modify_user(&user, operations).await?;
    read.shows(json!({ "/title": "Engineer", "/nickName": "Ada" }))?;
    read.expect("emails", values(&read) == [&*work, &*home, &*third], [work, home, third], values(&read))
}

async fn no_match(p: &mut Probe<'_>) -> Checked {
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"other\"].value", "value": "x@example.com" }]);
    refuses(p, operations, "noTarget").await
}

/// A PATCH of a user that has to be refused with this `scimType`.
async fn refuses(p: &mut Probe<'_>, operations: Value, scim_type: &str) -> Checked {
    let user = p.user().await?;
    p.patch(&user.target, operations).await?.is_error(&[400], scim_type)
}

async fn add_same(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["title"] = "Engineer".into()).await?;
    let before = p.read(&user.target).await?.json["meta"]["lastModified"].clone();
    let read = p.modify_user(&user, json!([{ "op": "add", "path": "title", "value": "Engineer" }])).await?;
    read.has("/meta/lastModified", before)
}

async fn replace(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Countess" },
        { "op": "replace", "path": "title", "value": "Engineer" },
        { "op": "replace", "path": "name.givenName", "value": "Augusta" },
        { "op": "replace", "value": { "nickName": "Ada" } },
    ]);
    let read = p.modify_user(&user, operations).await?;
    let expected =
        json!({ "/displayName": "Countess", "/title": "Engineer", "/name/givenName": "Augusta", "/nickName": "Ada" });
    read.shows(expected)
}

async fn replace_all(p: &mut Probe<'_>) -> Checked {
    let (user, ..) = with_two_addresses(p).await?;
    let new = format!("c{}@example.com", p.new_name());
    let value = json!([{ "value": new, "type": "other" }]);
    let read = p.modify_user(&user, json!([{ "op": "replace", "path": "emails", "value": value }])).await?;
    read.expect("emails", values(&read) == [&*new], [new], values(&read))
}

async fn filtered(p: &mut Probe<'_>) -> Checked {
    let (user, _work, home) = with_two_addresses(p).await?;
    let new = format!("a{}@example.com", p.new_name());
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": new }]);
    let read = p.modify_user(&user, operations).await?;
    read.expect("emails", values(&read) == [&*new, &*home], [&new, &home], values(&read))?;
    let second = format!("d{}@example.com", p.new_name());
    let operations = json!([
        { "op": "add", "path": "emails", "value": [{ "value": second, "type": "work" }] },
        { "op": "replace", "path": "emails[type eq \"work\"].display", "value": "Office" },
    ]);
    let read = p.modify_user(&user, operations).await?;
    let emails = read.json["emails"].as_array().into_iter().flatten();
    let mut found: Vec<Value> =
        emails.filter(|email| email["display"] == "Office").map(|email| email["value"].clone()).collect();
    found.sort_by_key(Value::to_string);
    read.expect("display", found == [&*new, &*second], [new, second], found)
}

async fn remove(p: &mut Probe<'_>) -> Checked {
    let (user, work, _home) = with_two_addresses(p).await?;
    let operations = json!([
        { "op": "remove", "path": "displayName" },
        { "op": "remove", "path": "emails[type eq \"home\"]" },
    ]);
    let read = p.modify_user(&user, operations).await?;
    read.has_nothing("/displayName")?;
    read.expect("emails", values(&read) == [&*work], [work], values(&read))?;
    let read = p.modify_user(&user, json!([{ "op": "remove", "path": "emails" }])).await?;
    read.shows(json!({ "/emails": null, "/name/familyName": "Lovelace" }))
}

async fn atomic(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Half" },
        { "op": "remove", "path": "userName" },
    ]);
    p.patch(&user.target, operations).await?.has_status(&[400])?;
    p.read(&user.target).await?.has("/displayName", "Ada Lovelace")
}

async fn primary(p: &mut Probe<'_>) -> Checked {
    let (user, ..) = with_two_addresses(p).await?;
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": true }]);
    let read = p.modify_user(&user, operations).await?;
    let emails = read.json["emails"].as_array().into_iter().flatten();
    let found: Vec<Value> =
        emails.filter(|email| email["primary"] == true).map(|email| email["type"].clone()).collect();
    read.expect("primary", found == ["home"], ["home"], found)
}

async fn extension_object(p: &mut Probe<'_>) -> Checked {
    let department = format!("/{}/department", scim::ENTERPRISE_USER);
    p.patches_user(["add", "replace"].map(|op| {
        let value = json!({ scim::ENTERPRISE_USER: { "department": op } });
        (json!([{ "op": op, "value": value }]), json!({ department.as_str(): op }))
    }))
    .await
}

async fn quoted_colon(p: &mut Probe<'_>) -> Checked {
    let (address, new) = (format!("{}@example.com", p.new_name()), format!("{}@example.com", p.new_name()));
    let emails = json!([{ "value": address, "type": "work", "display": "desk:3" }]);
    let user = p.user_with(|body| body["emails"] = emails).await?;
    let operations = json!([{ "op": "replace", "path": "emails[display eq \"desk:3\"].value", "value": new }]);
    p.modify_user(&user, operations).await?.has("/emails/0/value", new)
}

async fn invalid_path(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.patch(&user.target, json!([{ "op": "replace", "path": "emails[type eq", "value": "x" }])).await?;
    p.error_like(&response, &["invalidPath"])
}

async fn needs_operations(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.patch(&user.target, json!([])).await?.has_status(&[400])?;
    p.patch(&user.target, json!([{ "op": "move", "path": "title", "value": "x" }])).await?.has_status(&[400])?;
    let body = json!({ "schemas": [scim::PATCH_OP] });
    p.send(Request::with_body("PATCH", &user.target, &body)).await?.has_status(&[400])
}

async fn missing(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    let response = p.patch(format!("/Users/{id}"), json!([{ "op": "replace", "path": "title", "value": "x" }])).await?;
    response.has_status(&[404])
}
