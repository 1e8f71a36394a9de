//! What Okta sends about people after they were created.

use serde_json::{Value, json};

use crate::check::probe::{CREATED, WRITTEN};
use crate::check::{Check, Checked, Level, Probe};
use crate::need::{Need, Reply};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "okta-lookup-present",
        title: "A lookup finds just the one",
        rule: "A filter by userName finds the user with this name and nobody else.",
        section: "OktaRef; RFC 7644 §3.4.2.2",
        fix: "Apply the filter userName eq \"…\"; a server that ignores it lets Okta overwrite somebody else.",
        level: Level::Must,
        run: |p| Box::pin(lookup_present(p)),
    },
    Check {
        id: "okta-lookup-plus",
        title: "A plus sign in a user name is found",
        rule: "In a query %2B is a plus sign: ada%2Btest@example.com is looked up as ada+test@example.com.",
        section: "RFC 3986 §2.1; RFC 7644 §3.4.2",
        fix: "Decode the query once; read %2B as + and a bare + as a blank.",
        level: Level::Must,
        run: |p| Box::pin(lookup_plus(p)),
    },
    Check {
        id: "okta-lookup-blank-as-plus",
        title: "A filter with + for blanks is read",
        rule: "Older Okta clients write blanks in a query as +: userName+eq+\"…\".",
        section: "Okta2018",
        fix: "Decode + in a query as a blank.",
        level: Level::Must,
        run: |p| Box::pin(lookup_blank_as_plus(p)),
    },
    Check {
        id: "okta-pages-are-stable",
        title: "Pages do not overlap",
        rule: "An import reads page after page; the order of users must not change between them.",
        section: "OktaRef; RFC 7644 §3.4.2",
        fix: "Sort lists by something that does not change, such as the time of creation and the id.",
        level: Level::Must,
        run: |p| Box::pin(pages_are_stable(p)),
    },
    Check {
        id: "okta-password-hidden",
        title: "The password is never returned",
        rule: "Okta sends a password with every new user; it must not come back in any answer.",
        section: "RFC 7643 §4.1.1; OktaRef",
        fix: "Leave password out of every answer, also of the one to the creation.",
        level: Level::Must,
        run: |p| Box::pin(password_hidden(p)),
    },
    Check {
        id: "okta-email-without-type",
        title: "An address without a type is accepted",
        rule: "Where the mapping of the type was removed, Okta sends e-mail addresses without one.",
        section: "LabA §1; RFC 7643 §2.4",
        fix: "Do not require type in emails.",
        level: Level::Must,
        run: |p| Box::pin(email_without_type(p)),
    },
    Check {
        id: "okta-put-echo",
        title: "A PUT of what was read changes what it changes",
        rule: "Okta reads a user, changes attributes and writes everything back, id and meta included; read-only attributes are ignored.",
        section: "OktaRef, LabB §7; RFC 7644 §3.5.1",
        fix: "Ignore id, meta and groups in a PUT instead of refusing them, and store the rest.",
        level: Level::Must,
        run: |p| Box::pin(put_echo(p)),
    },
    Check {
        id: "okta-put-keeps-groups",
        title: "A PUT of a user does not change its groups",
        rule: "groups of a user is read-only: groups: [] in a PUT removes nobody from a group.",
        section: "RFC 7643 §4.1.2",
        fix: "Ignore groups in the body of a user; only the group\u{2019}s members count.",
        level: Level::Must,
        run: |p| Box::pin(put_keeps_groups(p)),
    },
    Check {
        id: "okta-deactivate-put",
        title: "A PUT with active false deactivates",
        rule: "A custom app deactivates with a PUT; afterwards the user is there, and not active.",
        section: "LabA §3, LabB §7",
        fix: "Store active as it is sent, and keep deactivated users readable.",
        level: Level::Must,
        run: |p| Box::pin(deactivate_put(p)),
    },
    Check {
        id: "okta-inactive-is-found",
        title: "A deactivated user is found by user name",
        rule: "When somebody comes back, Okta looks them up; a deactivated user has to be found, with active false.",
        section: "LabB §12; RFC 7644 §3.4.2",
        fix: "Do not leave deactivated users out of lists and lookups.",
        level: Level::Must,
        run: |p| Box::pin(inactive_is_found(p)),
    },
    Check {
        id: "okta-reactivate-put",
        title: "A PUT with active true activates again, and says so",
        rule: "The answer to a reactivation shows active true; otherwise Okta reschedules the job.",
        section: "LabB §12; grokability/snipe-it#14481",
        fix: "Answer the PUT with the user as it is now.",
        level: Level::Must,
        run: |p| Box::pin(reactivate_put(p)),
    },
    Check {
        id: "okta-deactivate-patch",
        title: "A PATCH without a path deactivates",
        rule: "A catalogue app deactivates with PATCH {\"op\": \"replace\", \"value\": {\"active\": false}}.",
        section: "OktaRef; RFC 7644 §3.5.2.3",
        fix: "Support PATCH, and operations without a path whose value is an object of attributes.",
        level: Level::Must,
        run: |p| Box::pin(deactivate_patch(p)),
    },
    Check {
        id: "okta-password-put",
        title: "A PUT with a password is accepted",
        rule: "With Sync Password on, a custom app sends the password in a PUT.",
        section: "OktaRef; RFC 7643 §4.1.1",
        fix: "Accept password in a PUT, and do not return it.",
        level: Level::Must,
        run: |p| Box::pin(password_put(p)),
    },
    Check {
        id: "okta-rename",
        title: "A user gets another user name",
        rule: "userName can change; the id stays, and the old name finds nobody.",
        section: "OktaRef; RFC 7643 §3.1, §4.1.1",
        fix: "Let PUT change userName, and keep the id.",
        level: Level::Must,
        run: |p| Box::pin(rename(p)),
    },
    Check {
        id: "okta-update-missing",
        title: "A user who is gone is a 404",
        rule: "Okta stops at the 404 of the read that comes before an update; anything else makes it write to nobody.",
        section: "LabB §8; RFC 7644 §3.12",
        fix: "Answer GET and PUT of an unknown id with 404; a PUT never creates.",
        level: Level::Must,
        run: |p| Box::pin(update_missing(p)),
    },
];

async fn lookup_present(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    let query = p.encode(&format!("userName eq \"{}\"", user.name));
    let reply = p.get(format!("/Users?filter={query}&startIndex=1&count=100")).await?;
    p.only(&reply, &user)
}

async fn lookup_plus(p: &mut Probe<'_>) -> Checked {
    let name = format!("{}+test@example.com", p.new_name());
    let user = p.user_with(|body| body["userName"] = name.into()).await?;
    let reply = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    p.only(&reply, &user)
}

async fn lookup_blank_as_plus(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let query = p.encode(&format!("userName eq \"{}\"", user.name)).replace("%20", "+");
    let reply = p.get(format!("/Users?filter={query}&startIndex=1&count=100")).await?;
    p.only(&reply, &user)
}

async fn pages_are_stable(p: &mut Probe<'_>) -> Checked {
    let (_one, _two, _three) = (p.user().await?, p.user().await?, p.user().await?);
    let mut seen: Vec<String> = Vec::new();
    for start in 1..=3 {
        let reply = p.get(format!("/Users?startIndex={start}&count=1")).await?;
        p.status(&reply, &[200])?;
        let ids: Vec<String> =
            reply.resources().iter().map(|user| user["id"].as_str().unwrap_or_default().to_owned()).collect();
        p.holds(ids.len() == 1, json!({ "Resources": "1 user" }), json!({ "Resources": ids.len() }))?;
        let is_new = !seen.contains(&ids[0]);
        p.holds(is_new, json!({ "startIndex": start, "id": "another" }), json!({ "startIndex": start, "id": ids[0] }))?;
        seen.extend(ids);
    }
    Ok(())
}

async fn password_hidden(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["password"] = "k3Jd92xQ".into()).await?;
    no_password(p, &user.reply.json)?;
    let read = p.read_user(&user).await?;
    no_password(p, &read.json)?;
    let found = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    let listed = found.resources().iter().find(|listed| listed["id"] == user.id.as_str()).cloned();
    no_password(p, &listed.unwrap_or_default())
}

fn no_password(p: &Probe<'_>, user: &Value) -> Checked {
    let is_hidden = user["password"].is_null();
    p.holds(is_hidden, json!({ "password": null }), json!({ "password": "something" }))
}

async fn email_without_type(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["emails"] = json!([{ "primary": true, "value": body["userName"] }]);
    let reply = p.post("/Users", &body).await?;
    p.status(&reply, CREATED)?;
    p.equal(&reply, "/emails/0/value", body["userName"].clone())
}

async fn put_echo(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let mut body = Value::Object(p.read_user(&user).await?.resource());
    body["title"] = "Principal Engineer".into();
    body["groups"] = json!([]);
    let reply = p.put(user.user(), &body).await?;
    p.status(&reply, WRITTEN)?;
    let read = p.read_user(&user).await?;
    p.equal(&read, "/id", user.id.as_str())?;
    p.equal(&read, "/title", "Principal Engineer")?;
    p.equal(&read, "/userName", user.name.as_str())?;
    p.equal(&read, "/name/familyName", "Lovelace")
}

async fn put_keeps_groups(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let group = p.group(&[&user]).await?;
    let mut body = Value::Object(p.read_user(&user).await?.resource());
    body["groups"] = json!([]);
    let reply = p.put(user.user(), &body).await?;
    p.status(&reply, WRITTEN)?;
    p.has_members(&group, &[&user]).await
}

/// Reads a user, changes `active` and writes everything back.
async fn set_active(p: &mut Probe<'_>, user: &crate::check::probe::Made, active: bool) -> Checked<Reply> {
    let mut body = Value::Object(p.read_user(user).await?.resource());
    body["active"] = active.into();
    let reply = p.put(user.user(), &body).await?;
    p.status(&reply, WRITTEN)?;
    Ok(reply)
}

async fn deactivate_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    set_active(p, &user, false).await?;
    let read = p.read_user(&user).await?;
    p.equal(&read, "/active", false)
}

async fn inactive_is_found(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["active"] = false.into()).await?;
    let reply = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    p.only(&reply, &user)?;
    p.equal(&reply, "/Resources/0/active", false)
}

async fn reactivate_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    set_active(p, &user, false).await?;
    let reply = set_active(p, &user, true).await?;
    p.equal(&reply, "/active", true)?;
    let read = p.read_user(&user).await?;
    p.equal(&read, "/active", true)
}

async fn deactivate_patch(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for active in [false, true] {
        let reply = p.patch(user.user(), json!([{ "op": "replace", "value": { "active": active } }])).await?;
        p.status(&reply, &[200, 204])?;
        let read = p.read_user(&user).await?;
        p.equal(&read, "/active", active)?;
    }
    Ok(())
}

async fn password_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let mut body = Value::Object(p.read_user(&user).await?.resource());
    body["password"] = "Correct-Horse-9".into();
    let reply = p.put(user.user(), &body).await?;
    p.status(&reply, WRITTEN)?;
    no_password(p, &reply.json)
}

async fn rename(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let new_name = format!("{}@example.com", p.new_name());
    let mut body = Value::Object(p.read_user(&user).await?.resource());
    body["userName"] = new_name.as_str().into();
    let reply = p.put(user.user(), &body).await?;
    p.status(&reply, WRITTEN)?;
    let found = p.find_users(&format!("userName eq \"{new_name}\"")).await?;
    p.only(&found, &user)?;
    let found = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    p.nobody(&found)
}

async fn update_missing(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    let reply = p.get(format!("/Users/{id}")).await?;
    p.status(&reply, &[404])?;
    let mut body = p.user_body();
    body["id"] = id.as_str().into();
    let reply = p.put(format!("/Users/{id}"), &body).await?;
    p.status(&reply, &[404])?;
    p.needs(&reply, Need::Error)
}
