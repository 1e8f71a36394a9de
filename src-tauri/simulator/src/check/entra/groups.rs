//! Groups and their members.

use serde_json::{Value, json};

use crate::check::{Check, Checked, Level, Probe};
use crate::need::Need;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "entra-group-create",
        title: "A group with Microsoft\u{2019}s schema is created",
        rule: "Entra ID creates groups without members and names a schema of its own besides the RFC\u{2019}s.",
        section: "EntraUse; Validator: POST group",
        fix: "Ignore schemas that are not known, and store externalId of groups.",
        level: Level::Beyond,
        run: |p| Box::pin(create(p)),
    },
    Check {
        id: "entra-group-duplicate",
        title: "A group of the same name is a 409",
        rule: "The validator wants displayName of groups to be unique; the RFC does not.",
        section: "Validator: POST duplicate group; RFC 7643 §4.2",
        fix: "Answer 409 when another group has the name.",
        level: Level::Beyond,
        run: |p| Box::pin(duplicate(p)),
    },
    Check {
        id: "entra-group-without-members",
        title: "A group is read without its members",
        rule: "excludedAttributes=members leaves the members out, and nothing else.",
        section: "EntraUse; RFC 7644 §3.4.2.5",
        fix: "Support excludedAttributes on GET of one resource.",
        level: Level::Must,
        run: |p| Box::pin(without_members(p)),
    },
    Check {
        id: "entra-group-match-name",
        title: "A group is matched by its name, without members",
        rule: "The lookup of a group has excludedAttributes=members before the filter and finds just the group.",
        section: "Supabase; EntraUse",
        fix: "Support filter and excludedAttributes together on /Groups.",
        level: Level::Must,
        run: |p| Box::pin(match_name(p)),
    },
    Check {
        id: "entra-group-match-external-id",
        title: "A group is matched by externalId, exactly",
        rule: "externalId of groups is compared with regard to letter case.",
        section: "Validator: filter group by externalId; RFC 7643 §3.1",
        fix: "Store externalId of groups, filter by it, and compare it exactly.",
        level: Level::Must,
        run: |p| Box::pin(match_external_id(p)),
    },
    Check {
        id: "entra-group-rename",
        title: "A group is renamed by PATCH",
        rule: "A PATCH replaces displayName and externalId of a group; the members stay.",
        section: "Validator: PATCH group; RFC 7644 §3.5.2.3",
        fix: "Support replace on groups.",
        level: Level::Must,
        run: |p| Box::pin(rename(p)),
    },
    Check {
        id: "entra-group-add-member",
        title: "A member with $ref null is added",
        rule: "Entra ID adds members with \"$ref\": null; null is the same as nothing.",
        section: "EntraUse; RFC 7643 §2.5",
        fix: "Ignore sub-attributes that are null.",
        level: Level::Must,
        run: |p| Box::pin(add_member(p)),
    },
    Check {
        id: "entra-group-remove-listed",
        title: "Removing a listed member leaves the others",
        rule: "Without the flag, Entra ID removes members with the path members and a value; by the letter of the RFC all would go.",
        section: "EntraCompat; contrary to RFC 7644 §3.5.2.2",
        fix: "When a remove of members has a value, remove only the members that it lists.",
        level: Level::Beyond,
        run: |p| Box::pin(remove_listed(p)),
    },
    Check {
        id: "entra-group-remove-filtered",
        title: "Removing a member by filter leaves the others",
        rule: "With the flag, Entra ID removes members with members[value eq \"…\"].",
        section: "EntraCompat; RFC 7644 §3.5.2.2",
        fix: "Support value filters in the path of remove.",
        level: Level::Must,
        run: |p| Box::pin(remove_filtered(p)),
    },
    Check {
        id: "entra-group-add-again",
        title: "Adding somebody who is a member changes nothing",
        rule: "Members can be added again; that is no error and makes nobody a member twice.",
        section: "Bitwarden; RFC 7644 §3.5.2.1",
        fix: "Ignore members who are there already.",
        level: Level::Must,
        run: |p| Box::pin(add_again(p)),
    },
    Check {
        id: "entra-group-remove-stranger",
        title: "Removing somebody who is no member is no error",
        rule: "A remove whose filter matches nobody succeeds and changes nothing: what was done already must not fail when it is repeated.",
        section: "RFC 7644 §3.5.2.2, which is silent; Table 9 allows noTarget",
        fix: "Answer 200 or 204 when there is nobody to remove.",
        level: Level::Should,
        run: |p| Box::pin(remove_stranger(p)),
    },
    Check {
        id: "entra-group-add-and-remove",
        title: "One PATCH adds and removes members",
        rule: "Operations that add one member and remove another are carried out in order.",
        section: "Validator, preview; RFC 7644 §3.5.2",
        fix: "Carry out all operations of a PATCH.",
        level: Level::Must,
        run: |p| Box::pin(add_and_remove(p)),
    },
    Check {
        id: "entra-group-delete",
        title: "A deleted group is gone",
        rule: "DELETE is answered with 204; afterwards reading is a 404 and the lookup finds nothing.",
        section: "Validator: DELETE group; RFC 7644 §3.6",
        fix: "Answer 204 without a body, and leave deleted groups out of everything.",
        level: Level::Must,
        run: |p| Box::pin(delete(p)),
    },
];

async fn create(p: &mut Probe<'_>) -> Checked {
    let (name, external) = (p.new_name(), p.new_name());
    let body = json!({
        "schemas": [scim::GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": external,
        "displayName": name,
        "meta": { "resourceType": "Group" },
    });
    let reply = p.post("/Groups", &body).await?;
    p.status(&reply, &[201])?;
    p.needs(&reply, Need::Id)?;
    p.equal(&reply, "/displayName", name)?;
    p.equal(&reply, "/externalId", external)
}

async fn duplicate(p: &mut Probe<'_>) -> Checked {
    let group = p.group(&[]).await?;
    let reply = p.post("/Groups", &json!({ "schemas": [scim::GROUP], "displayName": group.name })).await?;
    p.status(&reply, &[409])
}

async fn without_members(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let group = p.group(&[&user]).await?;
    let reply = p.get(format!("{}?excludedAttributes=members", group.group())).await?;
    p.status(&reply, &[200])?;
    p.nothing(&reply, "/members")?;
    p.equal(&reply, "/displayName", group.name.as_str())?;
    p.has_members(&group, &[&user]).await
}

async fn match_name(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let (group, _other) = (p.group(&[&user]).await?, p.group(&[]).await?);
    let filter = p.encode(&format!("displayName eq \"{}\"", group.name));
    let reply = p.get(format!("/Groups?excludedAttributes=members&filter={filter}")).await?;
    p.only(&reply, &group)?;
    p.nothing(&reply, "/Resources/0/members")
}

async fn match_external_id(p: &mut Probe<'_>) -> Checked {
    let external = format!("{}-Xy", p.new_name());
    let group = p.group_with(&[], |body| body["externalId"] = external.as_str().into()).await?;
    let _other = p.group(&[]).await?;
    let reply = p.find_groups(&format!("externalId eq \"{external}\"")).await?;
    p.only(&reply, &group)?;
    let reply = p.find_groups(&format!("externalId eq \"{}\"", external.to_uppercase())).await?;
    p.nobody(&reply)
}

async fn rename(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let group = p.group(&[&user]).await?;
    let (name, external) = (p.new_name(), p.new_name());
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": name },
        { "op": "replace", "path": "externalId", "value": external },
    ]);
    let reply = p.patch(group.group(), operations).await?;
    p.status(&reply, &[200, 204])?;
    let read = p.read_group(&group).await?;
    p.equal(&read, "/displayName", name)?;
    p.equal(&read, "/externalId", external)?;
    p.members(&read, &[&user])
}

async fn patch(p: &mut Probe<'_>, group: &crate::check::probe::Made, operations: Value) -> Checked {
    let reply = p.patch(group.group(), operations).await?;
    p.status(&reply, &[200, 204])
}

async fn add_member(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let group = p.group(&[]).await?;
    patch(p, &group, json!([{ "op": "add", "path": "members", "value": [{ "$ref": null, "value": user.id }] }]))
        .await?;
    p.has_members(&group, &[&user]).await
}

async fn remove_listed(p: &mut Probe<'_>) -> Checked {
    let (stays, leaves) = (p.user().await?, p.user().await?);
    let group = p.group(&[&stays, &leaves]).await?;
    let operations = json!([{ "op": "remove", "path": "members", "value": [{ "$ref": null, "value": leaves.id }] }]);
    patch(p, &group, operations).await?;
    p.has_members(&group, &[&stays]).await
}

async fn remove_filtered(p: &mut Probe<'_>) -> Checked {
    let (stays, leaves) = (p.user().await?, p.user().await?);
    let group = p.group(&[&stays, &leaves]).await?;
    patch(p, &group, json!([{ "op": "remove", "path": format!("members[value eq \"{}\"]", leaves.id) }])).await?;
    p.has_members(&group, &[&stays]).await
}

async fn add_again(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let group = p.group(&[&one, &two]).await?;
    patch(p, &group, json!([{ "op": "add", "path": "members", "value": [{ "value": one.id }] }])).await?;
    p.has_members(&group, &[&one, &two]).await
}

async fn remove_stranger(p: &mut Probe<'_>) -> Checked {
    let (member, stranger) = (p.user().await?, p.user().await?);
    let group = p.group(&[&member]).await?;
    patch(p, &group, json!([{ "op": "remove", "path": format!("members[value eq \"{}\"]", stranger.id) }])).await?;
    p.has_members(&group, &[&member]).await
}

async fn add_and_remove(p: &mut Probe<'_>) -> Checked {
    let (leaves, comes) = (p.user().await?, p.user().await?);
    let group = p.group(&[&leaves]).await?;
    let operations = json!([
        { "op": "add", "path": "members", "value": [{ "value": comes.id }] },
        { "op": "remove", "path": format!("members[value eq \"{}\"]", leaves.id) },
    ]);
    patch(p, &group, operations).await?;
    p.has_members(&group, &[&comes]).await
}

async fn delete(p: &mut Probe<'_>) -> Checked {
    let group = p.group(&[]).await?;
    let reply = p.delete(group.group()).await?;
    p.status(&reply, &[204])?;
    let reply = p.get(group.group()).await?;
    p.status(&reply, &[404])?;
    let reply = p.find_groups(&format!("displayName eq \"{}\"", group.name)).await?;
    p.nobody(&reply)
}
