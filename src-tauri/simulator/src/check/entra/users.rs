//! Matching, creating and deleting people.

use scim::ResourceKind;
use serde_json::{Value, json};

use crate::check::{Check, Checked, Probe, beyond, must, should};
use crate::exchange::target_of;

pub(super) const CHECKS: &[Check] = &[
    must("entra-test-connection-users", "EntraUse; RFC 7644 §3.4.2", |p| Box::pin(p.finds_nobody(Probe::stray_id)))
        .title("The test of the connection finds no user")
        .rule("Entra ID tests with a lookup of a random GUID and needs 200 with an empty list; a 404 fails the test.")
        .fix("Answer every lookup with a ListResponse, also an empty one."),
    must("entra-test-connection-groups", "EntraUse; RFC 7644 §3.4.2", |p| Box::pin(test_connection_groups(p)))
        .title("The test of the connection finds no group")
        .rule("The same for groups, with excludedAttributes=members before the filter.")
        .fix("Answer lookups on /Groups with a ListResponse, whatever other parameters there are."),
    must("entra-media-type", "EntraUse; RFC 7644 §3.8", |p| Box::pin(media_type(p)))
        .title("Answers are application/scim+json")
        .rule("Every answer with a body has Content-Type: application/scim+json; the validator refuses application/json.")
        .fix("Send Content-Type: application/scim+json with every answer."),
    must("entra-create-user", "EntraUse; Validator: POST user", |p| Box::pin(create_user(p)))
        .title("A user of the default mapping is created")
        .rule("A user with the enterprise extension is created with 201, and keeps what it was sent.")
        .fix("Support the enterprise extension, and answer with the whole user."),
    beyond("entra-create-with-nulls", "EntraUse, Example 2; RFC 7643 §2.5", |p| Box::pin(create_with_nulls(p)))
        .title("Nulls and an unknown schema are accepted")
        .rule("A mapping can send null for what has no value, and a misspelled schema; null is the same as nothing.")
        .fix("Read null as unassigned, and ignore schemas that are not known."),
    must("entra-create-duplicate", "Validator: POST duplicate user; RFC 7644 §3.3", |p| Box::pin(p.refuses_duplicate()))
        .title("The same user again is a 409")
        .rule("Creating somebody who is there already is answered with 409; then Entra ID matches again.")
        .fix("Answer 409 when userName is taken."),
    must(
        "entra-match-user-name",
        "Validator: filter existing user, different case; RFC 7643 §4.1.1",
        |p| Box::pin(match_user_name(p)),
    )
    .title("A user is matched by userName, in any letter case")
    .rule("The lookup finds the one user whose userName is this, whatever its letter case.")
    .fix("Compare userName without regard to letter case."),
    must("entra-match-external-id", "EntraUse; RFC 7643 §3.1", |p| Box::pin(match_external_id(p)))
        .title("A user is matched by externalId")
        .rule("externalId can be the matching attribute; it is compared with regard to letter case.")
        .fix("Store externalId, filter by it, and compare it exactly."),
    beyond("entra-match-work-email", "EntraUse", |p| Box::pin(match_work_email(p)))
        .title("A user is matched by the work address")
        .rule("The matching attribute emails[type eq \"work\"].value is sent as a filter, which the grammar of the RFC does not have.")
        .fix("Read a sub-attribute after a value filter: emails[type eq \"work\"].value eq \"…\"."),
    must("entra-inactive-is-returned", "EntraUse", |p| Box::pin(inactive_is_returned(p)))
        .title("A disabled user is returned by id and by lookup")
        .rule("The only time a user should not be returned is after it was deleted.")
        .fix("Do not hide users whose active is false."),
    beyond(
        "entra-values-as-sent",
        "EntraUse; RFC 7643 §4.1.2 recommends a canonical form of phone numbers instead",
        |p| Box::pin(values_as_sent(p)),
    )
    .title("Values come back as they were sent")
    .rule("Values are stored in the format in which they were sent: no lower case, no normalized phone numbers.")
    .fix("Compare without regard to letter case where that is due, but return what was sent."),
    should("entra-flag-in-query", "RFC 7644 §3.4.2", |p| Box::pin(flag_in_query(p)))
        .title("An unknown parameter of the query is ignored")
        .rule("The flag aadOptscim062020 may reach the server in the query; unknown parameters should be ignored.")
        .fix("Ignore parameters of the query that are not known."),
    must("entra-delete-user", "Validator: DELETE user; RFC 7644 §3.6", |p| Box::pin(delete_user(p)))
        .title("A deleted user is gone")
        .rule("DELETE is answered with 204; afterwards reading is a 404 and the lookup finds nobody.")
        .fix("Answer 204 without a body, and leave deleted users out of everything."),
    must("entra-delete-twice", "Validator, preview: DELETE twice; RFC 7644 §3.6", |p| Box::pin(delete_twice(p)))
        .title("Deleting again is a 404")
        .rule("Deleting somebody who is gone is answered with 404, or 204.")
        .fix("Answer 404 with a SCIM error."),
    must("entra-create-after-delete", "RFC 7644 §3.6", |p| Box::pin(p.creates_after_delete(&[204, 200])))
        .title("A deleted user name can be used again")
        .rule("After a deletion the same userName is created again without a 409.")
        .fix("Leave deleted users out of the check for duplicates."),
    must("entra-schemas", "EntraUse; RFC 7644 §4", |p| Box::pin(schemas(p)))
        .title("Schemas are a list without nulls")
        .rule("Gallery applications read GET /Schemas; it is a ListResponse and has no nulls.")
        .fix("Serve /Schemas as a ListResponse, and leave out what has no value."),
];

async fn test_connection_groups(p: &mut Probe<'_>) -> Checked {
    p.group(&[]).await?;
    let stray = p.stray_id();
    let filter = p.encode(&format!("displayName eq \"{stray}\""));
    let response = p.read_list(format!("/Groups?excludedAttributes=members&filter={filter}")).await?;
    response.lists(&[])
}

async fn media_type(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for target in ["/Users?startIndex=1&count=1", &user.target, "/Users/00919288221112222"] {
        p.get(target).await?.is_scim_json()?;
    }
    Ok(())
}

async fn create_user(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["schemas"] = json!([scim::USER, scim::ENTERPRISE_USER]);
    body["meta"] = json!({ "resourceType": "User" });
    body["name"]["formatted"] = "Ada Lovelace".into();
    body["title"] = "Architect".into();
    body["roles"] = json!([]);
    body[scim::ENTERPRISE_USER] = json!({ "employeeNumber": "1007", "department": "Design" });
    let response = p.create_new("/Users", &body).await?;
    let read = p.get(target_of(ResourceKind::User, &response.id())).await?;
    for pointer in
        ["/userName", "/externalId", "/active", "/displayName", "/title", "/name/givenName", "/name/familyName"]
    {
        read.has(pointer, body.pointer(pointer).cloned().unwrap_or_default())?;
    }
    read.has("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", "Design")
}

async fn create_with_nulls(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["schemas"] = json!([scim::USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"]);
    for name in ["addresses", "phoneNumbers", "preferredLanguage", "title", "department", "manager"] {
        body[name] = Value::Null;
    }
    p.create("/Users", &body).await.map(drop)
}

async fn match_user_name(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    for name in [user.name.clone(), user.name.to_uppercase()] {
        p.finds(&format!("userName eq \"{name}\""), &[&user]).await?;
    }
    Ok(())
}

async fn match_external_id(p: &mut Probe<'_>) -> Checked {
    let (user, external) = p.user_with_external_id().await?;
    let _other = p.user().await?;
    p.finds(&format!("externalId eq \"{external}\""), &[&user]).await?;
    p.finds(&format!("externalId eq \"{}\"", external.to_uppercase()), &[]).await
}

async fn match_work_email(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    p.finds(&format!("emails[type eq \"work\"].value eq \"{}\"", user.name), &[&user]).await
}

async fn inactive_is_returned(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["active"] = false.into()).await?;
    p.read(&user.target).await?.has("/active", false)?;
    p.finds(&format!("userName eq \"{}\"", user.name), &[&user]).await
}

async fn values_as_sent(p: &mut Probe<'_>) -> Checked {
    let name = format!("{}-MixedCase@Example.com", p.new_name());
    let user = p
        .user_with(|body| {
            body["userName"] = name.as_str().into();
            body["phoneNumbers"] = json!([{ "value": "+1 (425) 555-0100", "type": "work" }]);
        })
        .await?;
    p.read(&user.target).await?.shows(json!({ "/userName": name, "/phoneNumbers/0/value": "+1 (425) 555-0100" }))
}

async fn flag_in_query(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    let filter = p.encode(&format!("userName eq \"{}\"", user.name));
    p.get(format!("/Users?aadOptscim062020&filter={filter}")).await?.lists(&[&user])
}

async fn delete_user(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.delete_for_good(&user.target).await?;
    p.finds(&format!("userName eq \"{}\"", user.name), &[]).await
}

async fn delete_twice(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.delete(&user.target).await?.has_status(&[204, 200])?;
    p.delete(&user.target).await?.has_status(&[404, 204])
}

async fn schemas(p: &mut Probe<'_>) -> Checked {
    let response = p.read_list("/Schemas").await?;
    let has_user = response.resources().iter().any(|schema| schema["id"] == scim::USER);
    response.rule.holds(
        has_user,
        json!({ "Resources": [{ "id": scim::USER }] }),
        json!({ "totalResults": response.total() }),
    )?;
    response.expect("nulls", !has_null(&response.json), 0, "some")
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(object) => object.values().any(has_null),
        _ => false,
    }
}
