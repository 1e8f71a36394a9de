//! Which attributes come back, RFC 7644 §3.4.2.5 and §3.9.

use scim::ResourceKind;
use serde_json::json;

use crate::check::{Check, Checked, Probe, must};
use crate::exchange::target_of;

pub(super) const CHECKS: &[Check] = &[
    must("rfc-attributes", "RFC 7644 §3.4.2.5, §3.9", |p| Box::pin(attributes(p)))
        .title("attributes returns just these")
        .rule("With attributes, the answer has the minimum set and what was asked for, and nothing else.")
        .fix("Support attributes on every operation that returns a resource."),
    must("rfc-attributes-sub", "RFC 7644 §3.9, §3.10", |p| Box::pin(attributes_sub(p)))
        .title("attributes names sub-attributes, in any letter case")
        .rule("NAME.familyName returns just this part of the name.")
        .fix("Read sub-attributes and any letter case in attributes."),
    must("rfc-excluded-attributes", "RFC 7644 §3.4.2.5, §3.9", |p| Box::pin(excluded(p)))
        .title("excludedAttributes leaves these out")
        .rule("With excludedAttributes, the answer has everything but these.")
        .fix("Support excludedAttributes on every operation that returns a resource."),
    must("rfc-excluded-keeps-extension", "RFC 7644 §3.4.2.5, §3.9", |p| Box::pin(excluded_keeps_extension(p)))
        .title("excludedAttributes leaves extensions alone")
        .rule("What excludedAttributes does not name stays, attributes of extensions included.")
        .fix(
            "Remove just the attributes that are named, instead of building the answer from those of the core schema.",
        ),
    must("rfc-attributes-always", "RFC 7644 §3.9; RFC 7643 §3.1, §7", |p| Box::pin(always(p)))
        .title("id is always returned")
        .rule("id and schemas come back whatever is asked for or excluded.")
        .fix("Keep attributes whose returned is always."),
    must("rfc-password-never", "RFC 7643 §4.1.1, §7", |p| Box::pin(password_never(p)))
        .title("The password is never returned, even when asked for")
        .rule("password is never returned: not by default, and not with attributes=password.")
        .fix("Leave out attributes whose returned is never before anything else is looked at."),
    must("rfc-attributes-in-lists", "RFC 7644 §3.4.2.5", |p| Box::pin(in_lists(p)))
        .title("attributes works in lists")
        .rule("attributes and excludedAttributes apply to each resource of a list.")
        .fix("Apply them to lists as to single resources."),
    must("rfc-attributes-on-write", "RFC 7644 §3.9", |p| Box::pin(on_write(p)))
        .title("attributes works on POST and PUT")
        .rule("Any operation that returns a resource takes attributes.")
        .fix("Apply attributes to the answers of POST and PUT, too."),
    must("rfc-attributes-on-patch", "RFC 7644 §3.5.2", |p| Box::pin(on_patch(p)))
        .title("A PATCH with attributes returns the resource")
        .rule("A PATCH that asks for attributes is answered with 200 and them, never with 204.")
        .fix("Answer 200 with a body when the query has attributes."),
];

async fn attributes(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.read(format!("{}?attributes=userName", user.target)).await?;
    response.has("/userName", user.name.as_str())?;
    for pointer in ["/emails", "/name", "/displayName", "/active"] {
        let found = response.json.pointer(pointer);
        let name = pointer.trim_start_matches('/');
        response.expect(name, found.is_none(), json!(null), found)?;
    }
    Ok(())
}

async fn attributes_sub(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.read(format!("{}?attributes=NAME.familyName,Emails", user.target)).await?;
    response.shows(json!({ "/name/familyName": "Lovelace", "/name/givenName": null }))?;
    response.shows(json!({ "/emails/0/value": user.name, "/userName": null }))
}

async fn excluded(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.read(format!("{}?excludedAttributes=emails,name.givenName", user.target)).await?;
    let expected =
        json!({ "/emails": null, "/name/givenName": null, "/name/familyName": "Lovelace", "/userName": user.name });
    response.shows(expected)
}

async fn excluded_keeps_extension(p: &mut Probe<'_>) -> Checked {
    let user = p.enterprise_user(json!({ "department": "Sales" })).await?;
    let response = p.read(format!("{}?excludedAttributes=emails", user.target)).await?;
    let department = format!("/{}/department", scim::ENTERPRISE_USER);
    response.shows(json!({ "/emails": null, department: "Sales" }))
}

async fn always(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for query in ["attributes=displayName", "excludedAttributes=id,displayName"] {
        let response = p.read(format!("{}?{query}", user.target)).await?;
        response.has("/id", user.id.as_str())?;
        response.expect("schemas", response.json["schemas"].is_array(), "an array", &response.json["schemas"])?;
    }
    Ok(())
}

async fn password_never(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["password"] = "k3Jd92xQ".into()).await?;
    let mut shown = vec![user.response.json.clone()];
    for query in ["", "?attributes=password", "?attributes=userName,password"] {
        shown.push(p.get(format!("{}{query}", user.target)).await?.json.clone());
    }
    p.rule.expect("password", shown.iter().all(|user| user["password"].is_null()), json!(null), "something")
}

async fn in_lists(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    let filter = p.encode(&format!("userName eq \"{}\"", user.name));
    let response = p.get(format!("/Users?filter={filter}&attributes=displayName")).await?;
    response.lists(&[&user])?;
    response.shows(json!({ "/Resources/0/displayName": "Ada Lovelace", "/Resources/0/userName": null }))?;
    let response = p.get(format!("/Users?filter={filter}&excludedAttributes=displayName")).await?;
    response.shows(json!({ "/Resources/0/displayName": null, "/Resources/0/userName": user.name }))
}

async fn on_write(p: &mut Probe<'_>) -> Checked {
    let body = p.user_body();
    let response = p.create("/Users?attributes=userName", &body).await?;
    response.shows(json!({ "/userName": body["userName"], "/emails": null }))?;
    let target = format!("{}?excludedAttributes=emails", target_of(ResourceKind::User, &response.id()));
    p.replace(target, &body).await?.has_nothing("/emails")
}

async fn on_patch(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let operations = json!([{ "op": "replace", "path": "displayName", "value": "Countess" }]);
    let response = p.patch(format!("{}?attributes=displayName", user.target), operations).await?.with_status(&[200])?;
    response.shows(json!({ "/displayName": "Countess", "/emails": null }))
}
