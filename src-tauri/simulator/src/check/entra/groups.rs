//! Groups and their members.

use serde_json::{Value, json};

use crate::check::probe::CreatedResource;
use crate::check::{Check, Checked, Probe, beyond, must, should};

pub(super) const CHECKS: &[Check] = &[
    beyond("entra-group-create", "EntraUse; Validator: POST group", |p| Box::pin(create(p)))
        .title("A group with Microsoft\u{2019}s schema is created")
        .rule("Entra ID creates groups without members and names a schema of its own besides the RFC\u{2019}s.")
        .fix("Ignore schemas that are not known, and store externalId of groups."),
    beyond("entra-group-duplicate", "Validator: POST duplicate group; RFC 7643 §4.2", |p| Box::pin(duplicate(p)))
        .title("A group of the same name is a 409")
        .rule("The validator wants displayName of groups to be unique; the RFC does not.")
        .fix("Answer 409 when another group has the name."),
    must("entra-group-without-members", "EntraUse; RFC 7644 §3.4.2.5", |p| Box::pin(without_members(p)))
        .title("A group is read without its members")
        .rule("excludedAttributes=members leaves the members out, and nothing else.")
        .fix("Support excludedAttributes on GET of one resource."),
    must("entra-group-match-name", "Supabase; EntraUse", |p| Box::pin(match_name(p)))
        .title("A group is matched by its name, without members")
        .rule("The lookup of a group has excludedAttributes=members before the filter and finds just the group.")
        .fix("Support filter and excludedAttributes together on /Groups."),
    must(
        "entra-group-match-external-id",
        "Validator: filter group by externalId; RFC 7643 §3.1",
        |p| Box::pin(match_external_id(p)),
    )
    .title("A group is matched by externalId, exactly")
    .rule("externalId of groups is compared with regard to letter case.")
    .fix("Store externalId of groups, filter by it, and compare it exactly."),
    must("entra-group-rename", "Validator: PATCH group; RFC 7644 §3.5.2.3", |p| Box::pin(rename(p)))
        .title("A group is renamed by PATCH")
        .rule("A PATCH replaces displayName and externalId of a group; the members stay.")
        .fix("Support replace on groups."),
    must("entra-group-add-member", "EntraUse; RFC 7643 §2.5", |p| {
        Box::pin(p.patches_members([false], |[new]| members("add", json!({ "$ref": null, "value": new.id })), [true]))
    })
    .title("A member with $ref null is added")
    .rule("Entra ID adds members with \"$ref\": null; null is the same as nothing.")
    .fix("Ignore sub-attributes that are null."),
    beyond("entra-group-remove-listed", "EntraCompat; contrary to RFC 7644 §3.5.2.2", |p| {
        let listed = |leaves: &CreatedResource| members("remove", json!({ "$ref": null, "value": leaves.id }));
        Box::pin(p.patches_members([true, true], move |[_, leaves]| listed(leaves), [true, false]))
    })
    .title("Removing a listed member leaves the others")
    .rule("Without the flag, Entra ID removes members with the path members and a value; by the letter of the RFC all would go.")
    .fix("When a remove of members has a value, remove only the members that it lists."),
    must("entra-group-remove-filtered", "EntraCompat; RFC 7644 §3.5.2.2", |p| {
        Box::pin(p.patches_members([true, true], |[_, leaves]| removal(leaves), [true, false]))
    })
    .title("Removing a member by filter leaves the others")
    .rule("With the flag, Entra ID removes members with members[value eq \"…\"].")
    .fix("Support value filters in the path of remove."),
    must("entra-group-add-again", "Bitwarden; RFC 7644 §3.5.2.1", |p| {
        Box::pin(p.patches_members([true; 2], |[one, _]| members("add", json!({ "value": one.id })), [true; 2]))
    })
    .title("Adding somebody who is a member changes nothing")
    .rule("Members can be added again; that is not an error and makes nobody a member twice.")
    .fix("Ignore members who are there already."),
    should(
        "entra-group-remove-stranger",
        "RFC 7644 §3.5.2.2, which is silent; Table 9 allows noTarget",
        |p| Box::pin(p.patches_members([true, false], |[_, stranger]| removal(stranger), [true, false])),
    )
    .title("Removing somebody who is not a member is not an error")
    .rule("A remove whose filter matches nobody succeeds and changes nothing: what was done already must not fail when it is repeated.")
    .fix("Answer 200 or 204 when there is nobody to remove."),
    must("entra-group-add-and-remove", "Validator, preview; RFC 7644 §3.5.2", |p| Box::pin(add_and_remove(p)))
        .title("One PATCH adds and removes members")
        .rule("Operations that add one member and remove another are carried out in order.")
        .fix("Carry out all operations of a PATCH."),
    must("entra-group-delete", "Validator: DELETE group; RFC 7644 §3.6", |p| Box::pin(delete(p)))
        .title("A deleted group is gone")
        .rule("DELETE is answered with 204; afterwards reading is a 404 and the lookup finds nothing.")
        .fix("Answer 204 without a body, and leave deleted groups out of everything."),
];

async fn create(p: &mut Probe<'_>) -> Checked {
    let (name, external) = (p.new_name(), p.new_name());
    let body = json!({
        "schemas": [scim::GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": external,
        "displayName": name,
        "meta": { "resourceType": "Group" },
    });
    let response = p.create_new("/Groups", &body).await?;
    response.shows(json!({ "/displayName": name, "/externalId": external }))
}

async fn duplicate(p: &mut Probe<'_>) -> Checked {
    let group = p.group(&[]).await?;
    p.post("/Groups", &json!({ "schemas": [scim::GROUP], "displayName": group.name })).await?.has_status(&[409])
}

async fn without_members(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    let read = p.read(format!("{}?excludedAttributes=members", group.target)).await?;
    read.shows(json!({ "/members": null, "/displayName": group.name }))?;
    p.has_members(&group, &[&user]).await
}

async fn match_name(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let (group, _other) = (p.group(&[&user]).await?, p.group(&[]).await?);
    let filter = p.encode(&format!("displayName eq \"{}\"", group.name));
    let response = p.get(format!("/Groups?excludedAttributes=members&filter={filter}")).await?;
    response.lists(&[&group])?;
    response.has_nothing("/Resources/0/members")
}

async fn match_external_id(p: &mut Probe<'_>) -> Checked {
    let external = format!("{}-Xy", p.new_name());
    let group = p.group_with(&[], |body| body["externalId"] = external.as_str().into()).await?;
    let _other = p.group(&[]).await?;
    p.finds_groups(&format!("externalId eq \"{external}\""), &[&group]).await?;
    p.finds_groups(&format!("externalId eq \"{}\"", external.to_uppercase()), &[]).await
}

async fn rename(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    let (name, external) = (p.new_name(), p.new_name());
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": name },
        { "op": "replace", "path": "externalId", "value": external },
    ]);
    p.modify(&group.target, operations).await?;
    let read = p.read(&group.target).await?;
    read.shows(json!({ "/displayName": name, "/externalId": external }))?;
    read.has_members(&[&user])
}

async fn add_and_remove(p: &mut Probe<'_>) -> Checked {
    let operations = |[leaves, comes]: [&CreatedResource; 2]| {
        json!([
            { "op": "add", "path": "members", "value": [{ "value": comes.id }] },
            { "op": "remove", "path": format!("members[value eq \"{}\"]", leaves.id) },
        ])
    };
    p.patches_members([true, false], operations, [false, true]).await
}

/// An operation on all members that names one of them.
fn members(op: &str, member: Value) -> Value {
    json!([{ "op": op, "path": "members", "value": [member] }])
}

/// One that removes a member by a filter.
fn removal(member: &CreatedResource) -> Value {
    json!([{ "op": "remove", "path": format!("members[value eq \"{}\"]", member.id) }])
}

async fn delete(p: &mut Probe<'_>) -> Checked {
    let group = p.group(&[]).await?;
    p.delete_for_good(&group.target).await?;
    p.finds_groups(&format!("displayName eq \"{}\"", group.name), &[]).await
}
