//! PATCH, RFC 7644 §3.5.2. It is optional: a server without it is not looked at.

use serde_json::{Value, json};

use crate::check::probe::Made;
use crate::check::{Check, Checked, Level, Probe};
use crate::exchange::Request;

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "rfc-patch-add",
        title: "add sets, and appends",
        rule: "add sets a single value and appends to several; what was there stays.",
        section: "RFC 7644 §3.5.2.1",
        fix: "Append to attributes that have several values.",
        level: Level::Must,
        run: |p| Box::pin(add(p)),
    },
    Check {
        id: "rfc-patch-add-same",
        title: "Adding what is there changes nothing",
        rule: "An add of a value that is there already changes nothing, lastModified included.",
        section: "RFC 7644 §3.5.2.1",
        fix: "Compare before writing, and leave meta.lastModified when nothing changed.",
        level: Level::Must,
        run: |p| Box::pin(add_same(p)),
    },
    Check {
        id: "rfc-patch-replace",
        title: "replace sets, and adds what is missing",
        rule: "replace sets a value; where there was none it is like add.",
        section: "RFC 7644 §3.5.2.3",
        fix: "Treat a replace of an attribute that does not exist as add.",
        level: Level::Must,
        run: |p| Box::pin(replace(p)),
    },
    Check {
        id: "rfc-patch-replace-complex",
        title: "replace of a complex attribute keeps what it does not name",
        rule: "Sub-attributes that the value does not name stay as they are.",
        section: "RFC 7644 §3.5.2.3",
        fix: "Merge the value into the complex attribute.",
        level: Level::Must,
        run: |p| Box::pin(replace_complex(p)),
    },
    Check {
        id: "rfc-patch-replace-all",
        title: "replace without a filter replaces all values",
        rule: "replace of an attribute with several values and no filter replaces every one of them.",
        section: "RFC 7644 §3.5.2.3",
        fix: "Replace the whole array.",
        level: Level::Must,
        run: |p| Box::pin(replace_all(p)),
    },
    Check {
        id: "rfc-patch-filtered",
        title: "A filter in a path selects values",
        rule: "replace with a value filter and a sub-attribute changes it in all values that match, and in no other.",
        section: "RFC 7644 §3.5.2.3",
        fix: "Apply the operation to every value that meets the filter.",
        level: Level::Must,
        run: |p| Box::pin(filtered(p)),
    },
    Check {
        id: "rfc-patch-no-match",
        title: "replace with a filter that nothing meets is refused",
        rule: "When no value meets the filter of a replace, the answer is 400 and noTarget. Entra ID needs the contrary.",
        section: "RFC 7644 §3.5.2.3",
        fix: "Answer 400 with scimType noTarget, unless Entra ID is among your clients.",
        level: Level::Should,
        run: |p| Box::pin(no_match(p)),
    },
    Check {
        id: "rfc-patch-remove",
        title: "remove removes",
        rule: "remove of a single value, of all values, and of those that meet a filter leaves nothing else changed.",
        section: "RFC 7644 §3.5.2.2",
        fix: "Support remove with and without a value filter.",
        level: Level::Must,
        run: |p| Box::pin(remove(p)),
    },
    Check {
        id: "rfc-patch-remove-without-path",
        title: "remove without a path is refused",
        rule: "A remove needs a path; without one the answer is 400 and noTarget.",
        section: "RFC 7644 §3.5.2.2",
        fix: "Answer 400 with scimType noTarget.",
        level: Level::Must,
        run: |p| Box::pin(remove_without_path(p)),
    },
    Check {
        id: "rfc-patch-remove-required",
        title: "Removing a required attribute is refused",
        rule: "remove of userName is answered with 400 and mutability.",
        section: "RFC 7644 §3.5.2.2",
        fix: "Answer 400 with scimType mutability.",
        level: Level::Must,
        run: |p| Box::pin(remove_required(p)),
    },
    Check {
        id: "rfc-patch-read-only",
        title: "Changing a read-only attribute is refused",
        rule: "A PATCH of id is answered with 400 and mutability.",
        section: "RFC 7644 §3.5.2",
        fix: "Answer 400 with scimType mutability.",
        level: Level::Should,
        run: |p| Box::pin(read_only(p)),
    },
    Check {
        id: "rfc-patch-atomic",
        title: "All operations are carried out, or none",
        rule: "If one operation of a PATCH fails, the resource is as it was before.",
        section: "RFC 7644 §3.5.2",
        fix: "Carry out the operations on a copy, and keep it only if all succeed.",
        level: Level::Must,
        run: |p| Box::pin(atomic(p)),
    },
    Check {
        id: "rfc-patch-primary",
        title: "A new primary value takes over",
        rule: "Setting primary true on one value sets it to false on the others.",
        section: "RFC 7644 §3.5.2",
        fix: "Clear primary of the other values.",
        level: Level::Must,
        run: |p| Box::pin(primary(p)),
    },
    Check {
        id: "rfc-patch-extension",
        title: "An extension attribute is set by its URN",
        rule: "A path with the URN of an extension sets its attribute; schemas then names the extension.",
        section: "RFC 7644 §3.5.2, §3.10",
        fix: "Split a path with a URN at its last colon, and keep schemas right.",
        level: Level::Must,
        run: |p| Box::pin(extension(p)),
    },
    Check {
        id: "rfc-patch-invalid-path",
        title: "A path that is none is refused",
        rule: "A path that cannot be read is answered with 400 and invalidPath.",
        section: "RFC 7644 §3.12, Table 9",
        fix: "Answer 400 with scimType invalidPath.",
        level: Level::Must,
        run: |p| Box::pin(invalid_path(p)),
    },
    Check {
        id: "rfc-patch-without-blank",
        title: "A path is read as the RFC prints it",
        rule: "The RFC\u{2019}s own example has no blank before the quotation mark: members[value eq\"…\"].",
        section: "RFC 7644 §3.5.2.2, example",
        fix: "Accept a missing blank before a quotation mark.",
        level: Level::Should,
        run: |p| Box::pin(without_blank(p)),
    },
    Check {
        id: "rfc-patch-needs-schemas",
        title: "A PATCH without operations is refused",
        rule: "The body has one operation or more; an unknown op or none is answered with 400.",
        section: "RFC 7644 §3.5.2",
        fix: "Answer 400 with scimType invalidSyntax.",
        level: Level::Must,
        run: |p| Box::pin(needs_operations(p)),
    },
    Check {
        id: "rfc-patch-missing",
        title: "A PATCH of an unknown id is a 404",
        rule: "A resource that is not there cannot be changed.",
        section: "RFC 7644 §3.12, Table 8",
        fix: "Answer 404.",
        level: Level::Must,
        run: |p| Box::pin(missing(p)),
    },
    Check {
        id: "rfc-patch-remove-all-members",
        title: "All members are removed",
        rule: "remove with the path members empties the group.",
        section: "RFC 7644 §3.5.2.2",
        fix: "Support remove of members without a filter.",
        level: Level::Must,
        run: |p| Box::pin(remove_all_members(p)),
    },
];

/// A PATCH that has to succeed, and the user as it is then.
async fn patched(p: &mut Probe<'_>, user: &Made, operations: Value) -> Checked<crate::need::Reply> {
    let reply = p.patch(user.user(), operations).await?;
    p.status(&reply, &[200, 204])?;
    p.read_user(user).await
}

fn values(reply: &crate::need::Reply) -> Vec<Value> {
    let emails = reply.json["emails"].as_array().into_iter().flatten();
    let mut values: Vec<Value> = emails.map(|email| email["value"].clone()).collect();
    values.sort_by_key(Value::to_string);
    values
}

/// A user with a work and a home address.
async fn with_two_addresses(p: &mut Probe<'_>) -> Checked<(Made, String, String)> {
    p.unless_lacking("patch")?;
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
    let read = patched(p, &user, operations).await?;
    p.equal(&read, "/title", "Engineer")?;
    p.equal(&read, "/nickName", "Ada")?;
    let (found, expected) = (values(&read), json!([work, home, third]));
    p.holds(json!(found) == expected, json!({ "emails": expected }), json!({ "emails": found }))
}

async fn add_same(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user_with(|body| body["title"] = "Engineer".into()).await?;
    let before = p.read_user(&user).await?.json["meta"]["lastModified"].clone();
    let read = patched(p, &user, json!([{ "op": "add", "path": "title", "value": "Engineer" }])).await?;
    p.equal(&read, "/meta/lastModified", before)
}

async fn replace(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Countess" },
        { "op": "replace", "path": "title", "value": "Engineer" },
        { "op": "replace", "path": "name.givenName", "value": "Augusta" },
        { "op": "replace", "value": { "nickName": "Ada" } },
    ]);
    let read = patched(p, &user, operations).await?;
    p.equal(&read, "/displayName", "Countess")?;
    p.equal(&read, "/title", "Engineer")?;
    p.equal(&read, "/name/givenName", "Augusta")?;
    p.equal(&read, "/nickName", "Ada")
}

async fn replace_complex(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let read =
        patched(p, &user, json!([{ "op": "replace", "path": "name", "value": { "givenName": "Augusta" } }])).await?;
    p.equal(&read, "/name/givenName", "Augusta")?;
    p.equal(&read, "/name/familyName", "Lovelace")
}

async fn replace_all(p: &mut Probe<'_>) -> Checked {
    let (user, ..) = with_two_addresses(p).await?;
    let new = format!("c{}@example.com", p.new_name());
    let value = json!([{ "value": new, "type": "other" }]);
    let read = patched(p, &user, json!([{ "op": "replace", "path": "emails", "value": value }])).await?;
    let found = values(&read);
    p.holds(found == [new.as_str()], json!({ "emails": [new] }), json!({ "emails": found }))
}

async fn filtered(p: &mut Probe<'_>) -> Checked {
    let (user, _work, home) = with_two_addresses(p).await?;
    let new = format!("a{}@example.com", p.new_name());
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": new }]);
    let read = patched(p, &user, operations).await?;
    let (found, expected) = (values(&read), json!([new, home]));
    p.holds(json!(found) == expected, json!({ "emails": expected }), json!({ "emails": found }))?;
    let second = format!("d{}@example.com", p.new_name());
    let operations = json!([
        { "op": "add", "path": "emails", "value": [{ "value": second, "type": "work" }] },
        { "op": "replace", "path": "emails[type eq \"work\"].display", "value": "Office" },
    ]);
    let read = patched(p, &user, operations).await?;
    let emails = read.json["emails"].as_array().into_iter().flatten();
    let mut found: Vec<Value> =
        emails.filter(|email| email["display"] == "Office").map(|email| email["value"].clone()).collect();
    found.sort_by_key(Value::to_string);
    let expected = json!([new, second]);
    p.holds(json!(found) == expected, json!({ "display": expected }), json!({ "display": found }))
}

async fn no_match(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"other\"].value", "value": "x@example.com" }]);
    let reply = p.patch(user.user(), operations).await?;
    p.error(&reply, &[400], "noTarget")
}

async fn remove(p: &mut Probe<'_>) -> Checked {
    let (user, work, _home) = with_two_addresses(p).await?;
    let operations = json!([
        { "op": "remove", "path": "displayName" },
        { "op": "remove", "path": "emails[type eq \"home\"]" },
    ]);
    let read = patched(p, &user, operations).await?;
    p.nothing(&read, "/displayName")?;
    let found = values(&read);
    p.holds(found == [work.as_str()], json!({ "emails": [work] }), json!({ "emails": found }))?;
    let read = patched(p, &user, json!([{ "op": "remove", "path": "emails" }])).await?;
    p.nothing(&read, "/emails")?;
    p.equal(&read, "/name/familyName", "Lovelace")
}

async fn remove_without_path(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let reply = p.patch(user.user(), json!([{ "op": "remove" }])).await?;
    p.error(&reply, &[400], "noTarget")
}

async fn remove_required(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let reply = p.patch(user.user(), json!([{ "op": "remove", "path": "userName" }])).await?;
    p.error(&reply, &[400], "mutability")
}

async fn read_only(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let reply = p.patch(user.user(), json!([{ "op": "replace", "path": "id", "value": "another" }])).await?;
    p.error(&reply, &[400], "mutability")
}

async fn atomic(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Half" },
        { "op": "remove", "path": "userName" },
    ]);
    let reply = p.patch(user.user(), operations).await?;
    p.status(&reply, &[400])?;
    let read = p.read_user(&user).await?;
    p.equal(&read, "/displayName", "Ada Lovelace")
}

async fn primary(p: &mut Probe<'_>) -> Checked {
    let (user, ..) = with_two_addresses(p).await?;
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": true }]);
    let read = patched(p, &user, operations).await?;
    let emails = read.json["emails"].as_array().into_iter().flatten();
    let found: Vec<Value> =
        emails.filter(|email| email["primary"] == true).map(|email| email["type"].clone()).collect();
    p.holds(found == ["home"], json!({ "primary": ["home"] }), json!({ "primary": found }))
}

async fn extension(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let read = patched(p, &user, json!([{ "op": "add", "path": DEPARTMENT, "value": "Sales" }])).await?;
    p.equal(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", "Sales")?;
    let found = read.json["schemas"].clone();
    let is_listed = found.as_array().is_some_and(|urns| urns.iter().any(|urn| urn == scim::ENTERPRISE_USER));
    p.holds(is_listed, json!({ "schemas": [scim::USER, scim::ENTERPRISE_USER] }), json!({ "schemas": found }))
}

async fn invalid_path(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let reply = p.patch(user.user(), json!([{ "op": "replace", "path": "emails[type eq", "value": "x" }])).await?;
    p.error_like(&reply, &[400], &["invalidPath"])
}

async fn without_blank(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let (stays, leaves) = (p.user().await?, p.user().await?);
    let group = p.group(&[&stays, &leaves]).await?;
    let path = format!("members[value eq\"{}\"]", leaves.id);
    let reply = p.patch(group.group(), json!([{ "op": "remove", "path": path }])).await?;
    p.status(&reply, &[200, 204])?;
    p.has_members(&group, &[&stays]).await
}

async fn needs_operations(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let reply = p.patch(user.user(), json!([])).await?;
    p.status(&reply, &[400])?;
    let reply = p.patch(user.user(), json!([{ "op": "move", "path": "title", "value": "x" }])).await?;
    p.status(&reply, &[400])?;
    let body = json!({ "schemas": [scim::PATCH_OP] });
    let reply = p.send(Request::with_body("PATCH", user.user(), &body)).await?;
    p.status(&reply, &[400])
}

async fn missing(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let id = p.stray_id();
    let reply = p.patch(format!("/Users/{id}"), json!([{ "op": "replace", "path": "title", "value": "x" }])).await?;
    p.status(&reply, &[404])
}

async fn remove_all_members(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let (one, two) = (p.user().await?, p.user().await?);
    let group = p.group(&[&one, &two]).await?;
    let reply = p.patch(group.group(), json!([{ "op": "remove", "path": "members" }])).await?;
    p.status(&reply, &[200, 204])?;
    p.has_members(&group, &[]).await
}
