//! What Okta sends about people after they were created.

use serde_json::{Value, json};

use crate::check::probe::{CheckResponse, CreatedResource};
use crate::check::{Check, Checked, Probe, must};
use crate::response::Expected;

pub(super) const CHECKS: &[Check] = &[
    must("okta-lookup-present", "OktaRef; RFC 7644 §3.4.2.2", |p| Box::pin(lookup_present(p)))
        .title("A lookup finds just the one")
        .rule("A filter by userName finds the user with this name and nobody else.")
        .fix("Apply the filter userName eq \"…\"; a server that ignores it lets Okta overwrite somebody else."),
    must("okta-lookup-plus", "RFC 3986 §2.1; RFC 7644 §3.4.2", |p| Box::pin(lookup_plus(p)))
        .title("A plus sign in a user name is found")
        .rule("In a query %2B is a plus sign: ada%2Btest@example.com is looked up as ada+test@example.com.")
        .fix("Decode the query once; read %2B as + and a bare + as a blank."),
    must("okta-lookup-blank-as-plus", "Okta2018", |p| Box::pin(lookup_blank_as_plus(p)))
        .title("A filter with + for blanks is read")
        .rule("Older Okta clients write blanks in a query as +: userName+eq+\"…\".")
        .fix("Decode + in a query as a blank."),
    must("okta-pages-are-stable", "OktaRef; RFC 7644 §3.4.2", |p| Box::pin(pages_are_stable(p)))
        .title("Pages do not overlap")
        .rule("An import reads page after page; the order of users must not change between them.")
        .fix("Sort lists by something that does not change, such as the time of creation and the id."),
    must("okta-password-hidden", "RFC 7643 §4.1.1; OktaRef", |p| Box::pin(password_hidden(p)))
        .title("The password is never returned")
        .rule("Okta sends a password with every new user; it must not come back in any answer.")
        .fix("Leave password out of every answer, also of the one to the creation."),
    must("okta-email-without-type", "LabA §1; RFC 7643 §2.4", |p| Box::pin(email_without_type(p)))
        .title("An address without a type is accepted")
        .rule("Where the mapping of the type was removed, Okta sends email addresses without one.")
        .fix("Do not require type in emails."),
    must("okta-put-echo", "OktaRef, LabB §7; RFC 7644 §3.5.1", |p| Box::pin(put_echo(p)))
        .title("A PUT of what was read changes what it changes")
        .rule("Okta reads a user, changes attributes and writes everything back, id and meta included; read-only attributes are ignored.")
        .fix("Ignore id, meta and groups in a PUT instead of refusing them, and store the rest."),
    must("okta-put-keeps-groups", "RFC 7643 §4.1.2", |p| Box::pin(put_keeps_groups(p)))
        .title("A PUT of a user does not change its groups")
        .rule("groups of a user is read-only: groups: [] in a PUT removes nobody from a group.")
        .fix("Ignore groups in the body of a user; only the group\u{2019}s members count."),
    must("okta-deactivate-put", "LabA §3, LabB §7", |p| Box::pin(deactivate_put(p)))
        .title("A PUT with active false deactivates")
        .rule("A custom app deactivates with a PUT; afterwards the user is there, and not active.")
        .fix("Store active as it is sent, and keep deactivated users readable."),
    must("okta-inactive-is-found", "LabB §12; RFC 7644 §3.4.2", |p| Box::pin(inactive_is_found(p)))
        .title("A deactivated user is found by user name")
        .rule("When somebody comes back, Okta looks them up; a deactivated user has to be found, with active false.")
        .fix("Do not leave deactivated users out of lists and lookups."),
    must("okta-reactivate-put", "LabB §12; grokability/snipe-it#14481", |p| Box::pin(reactivate_put(p)))
        .title("A PUT with active true activates again, and says so")
        .rule("The answer to a reactivation shows active true; otherwise Okta reschedules the job.")
        .fix("Answer the PUT with the user as it is now."),
    must("okta-deactivate-patch", "OktaRef; RFC 7644 §3.5.2.3", |p| {
        let sets = |active| (json!([{ "op": "replace", "value": { "active": active } }]), json!({ "/active": active }));
        Box::pin(p.patches_user([false, true].map(sets)))
    })
    .title("A PATCH without a path deactivates")
    .rule("A catalog app deactivates with PATCH {\"op\": \"replace\", \"value\": {\"active\": false}}.")
    .fix("Support PATCH, and operations without a path whose value is an object of attributes."),
    must("okta-password-put", "OktaRef; RFC 7643 §4.1.1", |p| Box::pin(password_put(p)))
        .title("A PUT with a password is accepted")
        .rule("With Sync Password on, a custom app sends the password in a PUT.")
        .fix("Accept password in a PUT, and do not return it."),
    must("okta-rename", "OktaRef; RFC 7643 §3.1, §4.1.1", |p| Box::pin(rename(p)))
        .title("A user gets another user name")
        .rule("userName can change; the id stays, and the old name finds nobody.")
        .fix("Let PUT change userName, and keep the id."),
    must("okta-update-missing", "LabB §8; RFC 7644 §3.12", |p| Box::pin(update_missing(p)))
        .title("A user who is gone is a 404")
        .rule("Okta stops at the 404 of the read that comes before an update; anything else makes it write to nobody.")
        .fix("Answer GET and PUT of an unknown id with 404; a PUT never creates."),
];

async fn lookup_present(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    let query = p.encode(&format!("userName eq \"{}\"", user.name));
    p.get(format!("/Users?filter={query}&startIndex=1&count=100")).await?.lists(&[&user])
}

async fn lookup_plus(p: &mut Probe<'_>) -> Checked {
    let name = format!("{}+test@example.com", p.new_name());
    let user = p.user_with(|body| body["userName"] = name.into()).await?;
    p.finds(&format!("userName eq \"{}\"", user.name), &[&user]).await
}

async fn lookup_blank_as_plus(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let query = p.encode(&format!("userName eq \"{}\"", user.name)).replace("%20", "+");
    p.get(format!("/Users?filter={query}&startIndex=1&count=100")).await?.lists(&[&user])
}

async fn pages_are_stable(p: &mut Probe<'_>) -> Checked {
    let (_one, _two, _three) = (p.user().await?, p.user().await?, p.user().await?);
    let mut seen: Vec<String> = Vec::new();
    for start in 1..=3 {
        let response = p.read(format!("/Users?startIndex={start}&count=1")).await?;
        let ids: Vec<String> =
            response.resources().iter().map(|user| user["id"].as_str().unwrap_or_default().to_owned()).collect();
        response.expect("Resources", ids.len() == 1, "1 user", ids.len())?;
        let is_new = !seen.contains(&ids[0]);
        response.rule.holds(
            is_new,
            json!({ "startIndex": start, "id": "another" }),
            json!({ "startIndex": start, "id": ids[0] }),
        )?;
        seen.extend(ids);
    }
    Ok(())
}

async fn password_hidden(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["password"] = "k3Jd92xQ".into()).await?;
    no_password(p, &user.response.json)?;
    let read = p.read(&user.target).await?;
    no_password(p, &read.json)?;
    let found = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    let listed = found.resources().iter().find(|listed| listed["id"] == user.id.as_str()).cloned();
    no_password(p, &listed.unwrap_or_default())
}

fn no_password(p: &Probe<'_>, user: &Value) -> Checked {
    p.rule.expect("password", user["password"].is_null(), json!(null), "something")
}

async fn email_without_type(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["emails"] = json!([{ "primary": true, "value": body["userName"] }]);
    p.create("/Users", &body).await?.has("/emails/0/value", body["userName"].clone())
}

async fn put_echo(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let change = |body: &mut Value| {
        body["title"] = "Principal Engineer".into();
        body["groups"] = json!([]);
    };
    p.rewrite(&user.target, change).await?;
    let read = p.read(&user.target).await?;
    read.shows(json!({ "/id": user.id, "/title": "Principal Engineer" }))?;
    read.shows(json!({ "/userName": user.name, "/name/familyName": "Lovelace" }))
}

async fn put_keeps_groups(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    p.rewrite(&user.target, |body| body["groups"] = json!([])).await?;
    p.has_members(&group, &[&user]).await
}

/// Reads a user, changes `active` and writes everything back.
async fn set_active(p: &mut Probe<'_>, user: &CreatedResource, active: bool) -> Checked<CheckResponse> {
    p.rewrite(&user.target, |body| body["active"] = active.into()).await
}

async fn deactivate_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    set_active(p, &user, false).await?;
    p.read(&user.target).await?.has("/active", false)
}

async fn inactive_is_found(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["active"] = false.into()).await?;
    let response = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    response.lists(&[&user])?;
    response.has("/Resources/0/active", false)
}

async fn reactivate_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    set_active(p, &user, false).await?;
    set_active(p, &user, true).await?.has("/active", true)?;
    p.read(&user.target).await?.has("/active", true)
}

async fn password_put(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.rewrite(&user.target, |body| body["password"] = "Correct-Horse-9".into()).await?;
    no_password(p, &response.json)
}

async fn rename(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let new_name = format!("{}@example.com", p.new_name());
    p.rewrite(&user.target, |body| body["userName"] = new_name.as_str().into()).await?;
    p.finds(&format!("userName eq \"{new_name}\""), &[&user]).await?;
    p.finds(&format!("userName eq \"{}\"", user.name), &[]).await
}

async fn update_missing(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    p.get(format!("/Users/{id}")).await?.has_status(&[404])?;
    let mut body = p.user_body();
    body["id"] = id.as_str().into();
    let response = p.put(format!("/Users/{id}"), &body).await?.with_status(&[404])?;
    p.needs(&response, Expected::Error)
}
