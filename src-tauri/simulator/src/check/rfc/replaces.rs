//! Replacing and deleting, RFC 7644 §3.5.1 and §3.6.

use serde_json::{Value, json};

use crate::check::{Check, Checked, Probe, must, should};

pub(super) const CHECKS: &[Check] = &[
    must("rfc-replace", "RFC 7644 §3.5.1", |p| Box::pin(replace(p)))
        .title("A PUT replaces and returns the whole resource")
        .rule("PUT is answered with 200 and the entire resource; what was sent is what is there.")
        .fix("Answer 200 with the resource, not 204."),
    must("rfc-replace-read-only", "RFC 7644 §3.5.1", |p| Box::pin(replace_read_only(p)))
        .title("Read-only attributes in a PUT are ignored")
        .rule("Values of read-only attributes such as id, meta and groups are ignored, not refused.")
        .fix("Drop read-only attributes of the body before it is looked at."),
    must("rfc-replace-clears", "RFC 7644 §3.5.1; RFC 7643 §2.5", |p| Box::pin(replace_clears(p)))
        .title("null and [] in a PUT clear")
        .rule("null clears an attribute, an empty array all of its values.")
        .fix("Read null and [] as no value."),
    must("rfc-replace-never-creates", "RFC 7644 §3.5.1", |p| Box::pin(replace_never_creates(p)))
        .title("A PUT never creates")
        .rule("PUT of an id that nobody has is answered with 404.")
        .fix("Answer 404."),
    must("rfc-delete", "RFC 7644 §3.6", |p| Box::pin(delete(p)))
        .title("What is deleted is gone for every operation")
        .rule("DELETE is answered with 204 without a body; afterwards every operation on it is a 404, and no query finds it.")
        .fix("Answer 404 for GET, PUT, PATCH and DELETE of what was deleted."),
    should("rfc-create-after-delete", "RFC 7644 §3.6", |p| Box::pin(p.creates_after_delete(&[200, 204])))
        .title("A deleted userName does not conflict")
        .rule("Creating somebody with the userName of a deleted user should not fail with 409.")
        .fix("Leave deleted users out of the check for duplicates."),
];

async fn replace(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let mut body = p.body_of(&user);
    body["displayName"] = "Countess of Lovelace".into();
    body["title"] = "Analyst".into();
    let response = p.put(&user.target, &body).await?.with_status(&[200])?;
    response.shows(json!({ "/id": user.id, "/title": "Analyst" }))?;
    p.read(&user.target).await?.shows(json!({ "/displayName": "Countess of Lovelace", "/title": "Analyst" }))
}

async fn replace_read_only(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let before = p.read(&user.target).await?;
    let mut body = p.body_of(&user);
    body["id"] = "another".into();
    body["meta"] = json!({ "created": "2001-01-01T00:00:00Z", "resourceType": "Robot" });
    body["groups"] = json!([{ "value": "another" }]);
    p.replace(&user.target, &body).await?;
    let read = p.read(&user.target).await?;
    read.shows(json!({ "/id": user.id, "/meta/resourceType": "User" }))?;
    read.has("/meta/created", before.json["meta"]["created"].clone())
}

async fn replace_clears(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["title"] = "Engineer".into()).await?;
    let mut body = p.body_of(&user);
    body["title"] = Value::Null;
    body["emails"] = json!([]);
    p.replace(&user.target, &body).await?;
    p.read(&user.target).await?.shows(json!({ "/title": null, "/emails": null }))
}

async fn replace_never_creates(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    let body = p.user_body();
    p.put(format!("/Users/{id}"), &body).await?.has_status(&[404])
}

async fn delete(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.delete(&user.target).await?.with_status(&[204])?;
    response.expect("body", response.answer.body.is_empty(), json!(null), "something")?;
    p.get(&user.target).await?.has_status(&[404])?;
    let body = p.body_of(&user);
    p.put(&user.target, &body).await?.has_status(&[404])?;
    p.delete(&user.target).await?.has_status(&[404])?;
    p.unless_lacking("filter")?;
    p.finds(&format!("userName eq \"{}\"", user.name), &[]).await
}
