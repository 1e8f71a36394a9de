//! What Okta sends about groups.

use scim::ResourceKind;
use serde_json::{Value, json};

use crate::check::probe::CreatedResource;
use crate::check::{Check, Checked, Probe, must};
use crate::exchange::{Request, target_of};
use crate::response::Expected;

/// Bytes of a body that servers with a small limit refuse: what 3,000 members take.
const LARGE: usize = 300 << 10;

pub(super) const CHECKS: &[Check] = &[
    must("okta-group-lookup", "LabA §4; RFC 7644 §3.4.2.2", |p| Box::pin(lookup(p)))
        .title("A group is found by its name")
        .rule("Before it pushes a group, Okta looks for displayName eq \"…\", and creates it only if nobody has it.")
        .fix("Apply the filter displayName eq \"…\" on /Groups."),
    must("okta-group-create", "LabB §10; OktaRef", |p| Box::pin(create(p)))
        .title("A group is created with its members")
        .rule("A custom app creates a group with members in one POST; GET /Groups/{id} returns them.")
        .fix("Store members of a POST, and return them when the group is read: Okta computes what to send from them."),
    must("okta-group-create-empty", "OktaRef, LabA", |p| Box::pin(create_empty(p)))
        .title("A group without members is created")
        .rule("An empty group is pushed with members: [].")
        .fix("Accept an empty array of members."),
    must("okta-group-put", "LabA §4, LabB §11; RFC 7644 §3.5.1", |p| Box::pin(put(p)))
        .title("A PUT sets the members")
        .rule("A custom app writes the whole group: afterwards it has exactly the members that were sent.")
        .fix("Replace the members by those of the PUT; do not add to them, and do not answer 409 because the name is the group\u{2019}s own."),
    must("okta-group-put-twice", "LabA §4, LabB §11", |p| Box::pin(put_twice(p)))
        .title("The same PUT twice changes nothing more")
        .rule("Okta often writes a group twice in a row, the first time with the old list.")
        .fix("Make PUT idempotent."),
    must("okta-group-rename-put", "OktaRef", |p| Box::pin(rename_put(p)))
        .title("A PUT renames a group")
        .rule("A custom app renames a group with a PUT; the members stay as sent.")
        .fix("Let PUT change displayName."),
    must("okta-group-patch-members", "OktaRef; RFC 7644 §3.5.2.1, §3.5.2.2", |p| Box::pin(patch_members(p)))
        .title("A PATCH removes one member and adds another")
        .rule("A catalog app sends remove with members[value eq \"…\"] and add in one PATCH; only those change.")
        .fix("Support value filters in the path of remove, and append on add."),
    must("okta-group-patch-rename", "OktaRef; RFC 7644 §3.5.2.3", |p| Box::pin(patch_rename(p)))
        .title("A PATCH with the id renames a group")
        .rule("A catalog app renames with an operation without a path whose value has id and displayName.")
        .fix("Ignore the id in the value when it is the group\u{2019}s own."),
    must("okta-group-patch-replace", "OktaRef; RFC 7644 §3.5.2.3", |p| Box::pin(patch_replace(p)))
        .title("A PATCH replaces all members")
        .rule("Push now of a catalog app replaces members; an empty group sends an empty array.")
        .fix("Support replace with the path members, also with an empty array."),
    must("okta-group-large-body", "OktaRef", |p| Box::pin(large_body(p)))
        .title("A body of 300 KiB is read")
        .rule("Okta sends all members of a group in one request, however many there are: 3,000 members take 300 KiB.")
        .fix("Allow request bodies of several megabytes, and do not limit the members of one request."),
    must("okta-group-delete", "OktaRef; RFC 7644 §3.6", |p| Box::pin(delete(p)))
        .title("A group is deleted")
        .rule("DELETE /Groups/{id} is answered with 204, and the group is gone; its members are not.")
        .fix("Answer 204 without a body, then 404."),
];

async fn lookup(p: &mut Probe<'_>) -> Checked {
    let (group, _other) = (p.group(&[]).await?, p.group(&[]).await?);
    let query = p.encode(&format!("displayName eq \"{}\"", group.name));
    p.get(format!("/Groups?filter={query}&startIndex=1&count=100")).await?.lists(&[&group])?;
    let name = p.new_name();
    p.finds_groups(&format!("displayName eq \"{name}\""), &[]).await
}

async fn create(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let name = p.new_name();
    let members = json!([{ "value": one.id, "display": one.name }, { "value": two.id, "display": two.name }]);
    let body = json!({ "schemas": [scim::GROUP], "displayName": name, "members": members });
    let response = p.create_new("/Groups", &body).await?;
    let read = p.read(target_of(ResourceKind::Group, &response.id())).await?;
    read.has("/displayName", name)?;
    read.has_members(&[&one, &two])
}

async fn create_empty(p: &mut Probe<'_>) -> Checked {
    let name = p.new_name();
    let response =
        p.create("/Groups", &json!({ "schemas": [scim::GROUP], "displayName": name, "members": [] })).await?;
    p.needs(&response, Expected::Id)?;
    response.has_nothing("/members")
}

async fn put(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let group = p.group(&[&one]).await?;
    let members = json!([{ "value": two.id, "display": two.name }]);
    p.rewrite(&group.target, |body| body["members"] = members).await?;
    p.has_members(&group, &[&two]).await
}

async fn put_twice(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    for _ in 0..2 {
        p.rewrite(&group.target, |_| {}).await?;
    }
    p.has_members(&group, &[&user]).await
}

async fn rename_put(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    let name = p.new_name();
    p.rewrite(&group.target, |body| body["displayName"] = name.as_str().into()).await?;
    let read = p.read(&group.target).await?;
    read.has("/displayName", name)?;
    read.has_members(&[&user])
}

async fn patch_members(p: &mut Probe<'_>) -> Checked {
    let operations = |[_, leaves, comes]: [&CreatedResource; 3]| {
        json!([
            { "op": "remove", "path": format!("members[value eq \"{}\"]", leaves.id) },
            { "op": "add", "path": "members", "value": [{ "value": comes.id, "display": comes.name }] },
        ])
    };
    p.patches_members([true, true, false], operations, [true, false, true]).await
}

async fn patch_rename(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    let name = p.new_name();
    let value = json!({ "id": group.id, "displayName": name });
    p.modify(&group.target, json!([{ "op": "replace", "value": value }])).await?;
    let read = p.read(&group.target).await?;
    read.has("/displayName", name)?;
    read.has_members(&[&user])
}

async fn patch_replace(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let group = p.group(&[&one]).await?;
    let members = json!([{ "value": two.id, "display": two.name }]);
    p.modify(&group.target, json!([{ "op": "replace", "path": "members", "value": members }])).await?;
    p.has_members(&group, &[&two]).await?;
    p.modify(&group.target, json!([{ "op": "replace", "path": "members", "value": [] }])).await?;
    p.has_members(&group, &[]).await
}

async fn large_body(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let group = p.group(&[]).await?;
    let mut body = Value::Object(p.read(&group.target).await?.resource());
    body["members"] = json!([{ "value": one.id, "display": one.name }, { "value": two.id, "display": two.name }]);
    // Blanks are as long as members, and nobody has to be created for them.
    let text = format!("{body}{}", " ".repeat(LARGE));
    p.send(Request { body: Some(text), ..Request::new("PUT", &group.target) }).await?.has_status(&[200, 204])?;
    p.has_members(&group, &[&one, &two]).await
}

async fn delete(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    p.delete_for_good(&group.target).await?;
    p.read(&user.target).await.map(drop)
}
