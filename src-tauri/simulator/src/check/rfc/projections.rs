//! Which attributes come back, RFC 7644 §3.4.2.5 and §3.9.

use serde_json::json;

use crate::check::probe::{CREATED, WRITTEN};
use crate::check::{Check, Checked, Level, Probe};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "rfc-attributes",
        title: "attributes returns just these",
        rule: "With attributes, the answer has the minimum set and what was asked for, and nothing else.",
        section: "RFC 7644 §3.4.2.5, §3.9",
        fix: "Support attributes on every operation that returns a resource.",
        level: Level::Must,
        run: |p| Box::pin(attributes(p)),
    },
    Check {
        id: "rfc-attributes-sub",
        title: "attributes names sub-attributes, in any letter case",
        rule: "NAME.familyName returns just this part of the name.",
        section: "RFC 7644 §3.9, §3.10",
        fix: "Read sub-attributes and any letter case in attributes.",
        level: Level::Must,
        run: |p| Box::pin(attributes_sub(p)),
    },
    Check {
        id: "rfc-excluded-attributes",
        title: "excludedAttributes leaves these out",
        rule: "With excludedAttributes, the answer has everything but these.",
        section: "RFC 7644 §3.4.2.5, §3.9",
        fix: "Support excludedAttributes on every operation that returns a resource.",
        level: Level::Must,
        run: |p| Box::pin(excluded(p)),
    },
    Check {
        id: "rfc-attributes-always",
        title: "id is always returned",
        rule: "id and schemas come back whatever is asked for or excluded.",
        section: "RFC 7644 §3.9; RFC 7643 §3.1, §7",
        fix: "Keep attributes whose returned is always.",
        level: Level::Must,
        run: |p| Box::pin(always(p)),
    },
    Check {
        id: "rfc-password-never",
        title: "The password is never returned, even when asked for",
        rule: "password is never returned: not by default, and not with attributes=password.",
        section: "RFC 7643 §4.1.1, §7",
        fix: "Leave out attributes whose returned is never before anything else is looked at.",
        level: Level::Must,
        run: |p| Box::pin(password_never(p)),
    },
    Check {
        id: "rfc-attributes-in-lists",
        title: "attributes works in lists",
        rule: "attributes and excludedAttributes apply to each resource of a list.",
        section: "RFC 7644 §3.4.2.5",
        fix: "Apply them to lists as to single resources.",
        level: Level::Must,
        run: |p| Box::pin(in_lists(p)),
    },
    Check {
        id: "rfc-attributes-on-write",
        title: "attributes works on POST and PUT",
        rule: "Any operation that returns a resource takes attributes.",
        section: "RFC 7644 §3.9",
        fix: "Apply attributes to the answers of POST and PUT, too.",
        level: Level::Must,
        run: |p| Box::pin(on_write(p)),
    },
    Check {
        id: "rfc-attributes-on-patch",
        title: "A PATCH with attributes returns the resource",
        rule: "A PATCH that asks for attributes is answered with 200 and them, never with 204.",
        section: "RFC 7644 §3.5.2",
        fix: "Answer 200 with a body when the query has attributes.",
        level: Level::Must,
        run: |p| Box::pin(on_patch(p)),
    },
];

async fn attributes(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let reply = p.get(format!("{}?attributes=userName", user.user())).await?;
    p.status(&reply, &[200])?;
    p.equal(&reply, "/userName", user.name.as_str())?;
    for pointer in ["/emails", "/name", "/displayName", "/active"] {
        let found = reply.json.pointer(pointer);
        let name = pointer.trim_start_matches('/');
        p.holds(found.is_none(), json!({ name: null }), json!({ name: found }))?;
    }
    Ok(())
}

async fn attributes_sub(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let reply = p.get(format!("{}?attributes=NAME.familyName,Emails", user.user())).await?;
    p.status(&reply, &[200])?;
    p.equal(&reply, "/name/familyName", "Lovelace")?;
    p.nothing(&reply, "/name/givenName")?;
    p.equal(&reply, "/emails/0/value", user.name.as_str())?;
    p.nothing(&reply, "/userName")
}

async fn excluded(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let reply = p.get(format!("{}?excludedAttributes=emails,name.givenName", user.user())).await?;
    p.status(&reply, &[200])?;
    p.nothing(&reply, "/emails")?;
    p.nothing(&reply, "/name/givenName")?;
    p.equal(&reply, "/name/familyName", "Lovelace")?;
    p.equal(&reply, "/userName", user.name.as_str())
}

async fn always(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for query in ["attributes=displayName", "excludedAttributes=id,displayName"] {
        let reply = p.get(format!("{}?{query}", user.user())).await?;
        p.status(&reply, &[200])?;
        p.equal(&reply, "/id", user.id.as_str())?;
        let has_schemas = reply.json["schemas"].is_array();
        p.holds(has_schemas, json!({ "schemas": "an array" }), json!({ "schemas": reply.json["schemas"] }))?;
    }
    Ok(())
}

async fn password_never(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["password"] = "k3Jd92xQ".into()).await?;
    let mut shown = vec![user.reply.json.clone()];
    for query in ["", "?attributes=password", "?attributes=userName,password"] {
        shown.push(p.get(format!("{}{query}", user.user())).await?.json);
    }
    let is_hidden = shown.iter().all(|user| user["password"].is_null());
    p.holds(is_hidden, json!({ "password": null }), json!({ "password": "something" }))
}

async fn in_lists(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    let filter = p.encode(&format!("userName eq \"{}\"", user.name));
    let reply = p.get(format!("/Users?filter={filter}&attributes=displayName")).await?;
    p.only(&reply, &user)?;
    p.equal(&reply, "/Resources/0/displayName", "Ada Lovelace")?;
    p.nothing(&reply, "/Resources/0/userName")?;
    let reply = p.get(format!("/Users?filter={filter}&excludedAttributes=displayName")).await?;
    p.nothing(&reply, "/Resources/0/displayName")?;
    p.equal(&reply, "/Resources/0/userName", user.name.as_str())
}

async fn on_write(p: &mut Probe<'_>) -> Checked {
    let body = p.user_body();
    let reply = p.post("/Users?attributes=userName", &body).await?;
    p.status(&reply, CREATED)?;
    p.equal(&reply, "/userName", body["userName"].clone())?;
    p.nothing(&reply, "/emails")?;
    let target = format!("/Users/{}?excludedAttributes=emails", reply.id());
    let reply = p.put(target, &body).await?;
    p.status(&reply, WRITTEN)?;
    p.nothing(&reply, "/emails")
}

async fn on_patch(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("patch")?;
    let user = p.user().await?;
    let operations = json!([{ "op": "replace", "path": "displayName", "value": "Countess" }]);
    let reply = p.patch(format!("{}?attributes=displayName", user.user()), operations).await?;
    p.status(&reply, &[200])?;
    p.equal(&reply, "/displayName", "Countess")?;
    p.nothing(&reply, "/emails")
}
